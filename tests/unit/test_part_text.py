"""Numbers, brands, quantities, terms and prices, whatever suppliers write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_parts.tools.part_number import brand_key, number_key
from auto_service_parts.tools.part_price import parse_price
from auto_service_parts.tools.part_quantity import parse_quantity
from auto_service_parts.tools.part_term import parse_term

NUMBERS = st.text("ABCDEHKMOPTXYZ0123456789", min_size=1, max_size=20)
BETWEEN = st.text(" -./_\u00a0()'’", max_size=3)
CYRILLIC = str.maketrans("ABEKMHOPCTYX", "АВЕКМНОРСТУХ")


def test_strangers_spelling_is_the_same_number():
    assert number_key("ос 90") == "OC90"  # Both letters are Cyrillic.
    assert number_key(" 0 986-494/062 ") == "0986494062"
    assert number_key("1K0.615.301_AA") == "1K0615301AA"
    assert number_key("ＯＣ９０") == "OC90"
    assert number_key("№ 12-3") == "123"
    assert number_key("205×55") == number_key("205x55") == number_key("205х55")


def test_leading_zeros_and_foreign_letters_stay():
    assert number_key("00123") == "00123"
    assert number_key("2101-3501СБ") == "21013501CБ"
    assert number_key(123) == "123"
    assert number_key(None) == number_key("") == number_key(" - ") == ""


@pytest.mark.parametrize(
    "name, key",
    [
        ("Lemförder", "LEMFORDER"),
        ("MANN-FILTER", "MANNFILTER"),
        ("Лемфёрдер", brand_key("ЛЕМФЕРДЕР")),
        ("Škoda", "SKODA"),
        ("ВАЗ", "BAЗ"),
        ("BOSCH™", "BOSCH"),
        ("吉利", "吉利"),
        ("", ""),
        (None, ""),
    ],
)
def test_brands_are_compared_by_key(name, key):
    assert brand_key(name) == key


@given(NUMBERS, st.data())
def test_spelling_never_matters(number, data):
    spelled = "".join(data.draw(BETWEEN) + char for char in number)
    if data.draw(st.booleans()):
        spelled = spelled.lower()
    if data.draw(st.booleans()):
        spelled = spelled.translate(CYRILLIC)
    assert number_key(spelled) == number


@given(st.text())
def test_key_of_a_key_is_the_key(text):
    key = number_key(text)
    assert number_key(key) == key
    assert brand_key(text) == key
    assert key.replace("_", "") == key
    assert " " not in key


QUANTITIES = [
    (">10", (">", 10, False)),
    ("> 100 шт.", (">", 100, False)),
    ("≥4", (">", 4, False)),
    ("10+", (">", 10, False)),
    ("10<", (">", 10, False)),
    ("более 10", (">", 10, False)),
    ("more than 10", (">", 10, False)),
    ("5 и более", (">", 5, False)),
    ("<5", ("<", 5, False)),
    ("менее 5 шт", ("<", 5, False)),
    ("5-10", ("~", 5, False)),
    ("100 – 200 шт", ("~", 100, False)),
    ("~20", ("~", 20, False)),
    ("+", ("~", 1, False)),
    ("+++", ("~", 1, False)),
    ("***", ("~", 1, False)),
    ("+++++", ("~", 1, False)),
    ("есть", ("~", 1, False)),
    ("В наличии", ("~", 1, False)),
    ("in stock", ("~", 1, False)),
    ("raktáron", ("~", 1, False)),
    ("под заказ", ("~", 0, True)),
    ("On order", ("~", 0, True)),
    ("tellimisel", ("~", 0, True)),
    ("12", ("=", 12, False)),
    ("12 шт", ("=", 12, False)),
    ("12 pcs.", ("=", 12, False)),
    ("1 000", ("=", 1000, False)),
    ("1\u00a0000", ("=", 1000, False)),
    ("1,234,567", ("=", 1234567, False)),
    ("12,000", ("=", 12, False)),  # Three decimals, as accounting programs write.
    ("1,5", ("=", 1.5, False)),
    ("1 000,5", ("=", 1000.5, False)),
    ("1,000.00", ("=", 1000, False)),
    ("1.000,5", ("=", 1000.5, False)),
    ("1'000", ("=", 1000, False)),
    ("4.0", ("=", 4, False)),
    (4.0, ("=", 4, False)),
    (7, ("=", 7, False)),
    ("", ("=", 0, False)),
    (None, ("=", 0, False)),
    ("нет", ("=", 0, False)),
    ("0", ("=", 0, False)),
    ("-", ("=", 0, False)),
    ("-1", ("~", 1, False)),
    ("-2", ("~", 1, False)),
    ("-3.0", ("~", 1, False)),
    (-10, ("~", 0, True)),
    ("-7", ("=", 0, False)),  # A balance below zero: there is none.
    ("OC90", None),
    ("25.11.2026", None),
    ("Oil filter", None),
    ("1" * 30, None),
]


@pytest.mark.parametrize("text, meaning", QUANTITIES)
def test_quantities(text, meaning):
    assert parse_quantity(text) == meaning


@given(st.text(max_size=30))
def test_no_quantity_crashes_or_is_negative(text):
    meaning = parse_quantity(text)
    if meaning is not None:
        sign, quantity, is_on_order = meaning
        assert sign in "=><~"
        assert 0 <= quantity < 1e10
        assert not is_on_order or quantity == 0


@given(st.integers(0, 999_999), st.sampled_from(["", " шт", " pcs", " шт."]))
def test_whole_quantities_are_exact(number, unit):
    assert parse_quantity(f"{number}{unit}") == ("=", number, False)
    assert parse_quantity(f"> {number}{unit}") == (">", number, False)
    assert parse_quantity(f"{number:,}".replace(",", " ")) == ("=", number, False)


TERMS = [
    ("2-3 дн", "days", (48, 72)),
    ("2–3 дня", "days", (48, 72)),
    ("от 2 до 3 дней", "hours", (48, 72)),
    ("2дн-3дн", "hours", (48, 72)),
    ("24 ч", "days", (24, 24)),
    ("36-48 часов", "days", (36, 48)),
    ("24h", "days", (24, 24)),
    ("3-5 wd", "hours", (72, 120)),
    ("1 w", "hours", (168, 168)),
    ("2", "days", (48, 48)),
    ("2", "hours", (2, 2)),
    (2.0, "days", (48, 48)),
    ("0,5", "days", (12, 12)),
    ("3-2", "days", (48, 72)),
    ("до 5 дней", "days", (0, 120)),
    ("1-2 недели", "days", (168, 336)),
    ("7 working days", "hours", (168, 168)),
    ("2 р.д.", "hours", (48, 48)),
    ("3 tööpäeva", "hours", (72, 72)),
    ("2 nap", "hours", (48, 48)),
    ("1 д 12 ч", "days", (36, 36)),
    ("завтра", "days", (24, 24)),
    ("Today", "days", (0, 0)),
    ("в наличии", "days", (0, 0)),
    ("0", "days", (0, 0)),
    ("", "days", None),
    (None, "days", None),
    ("25.11.2026", "days", None),
    ("99999", "hours", None),
    ("call us", "days", None),
]


@pytest.mark.parametrize("text, unit, hours", TERMS)
def test_terms(text, unit, hours):
    assert parse_term(text, unit) == hours


@given(st.text(max_size=30), st.sampled_from(["hours", "days"]))
def test_no_term_crashes_or_is_upside_down(text, unit):
    hours = parse_term(text, unit)
    if hours is not None:
        assert 0 <= hours[0] <= hours[1] <= 24 * 366


@given(st.integers(0, 300), st.integers(0, 60))
def test_terms_in_days_and_hours_agree(low, more):
    for text in (f"{low}-{low + more} дн", f"{low}..{low + more} days"):
        assert parse_term(text, "hours") == (24 * low, 24 * (low + more))


PRICES = [
    ("12.50", ".", 12.5),
    ("12,50", ",", 12.5),
    ("12.50", ",", 12.5),
    ("12,50", ".", 12.5),
    ("1.234", ",", 1234),
    ("1,234", ".", 1234),
    ("1.234", ".", 1.234),
    ("1,234", ",", 1.234),
    ("1.234,56", ".", 1234.56),
    ("1,234.56", ",", 1234.56),
    ("1.234.567,89", ",", 1234567.89),
    ("1 234 567,00", ",", 1234567),
    ("1 234,56 руб.", ",", 1234.56),
    ("1\u00a0234,5\u00a0₽", ",", 1234.5),
    ("1'234.50", ".", 1234.5),
    ("€ 12,50", ".", 12.5),
    ("12,50 EUR", ",", 12.5),
    ("USD12.5", ".", 12.5),
    ("12,-", ",", 12),
    (12.5, ",", 12.5),
    (12, ".", 12),
    ("1.2350000000000001E2", ".", 123.5),
    ("0", ",", 0),
    ("12 50", ".", None),
    ("1.234.56", ".", None),
    ("1,2,3", ".", None),
    ("12,5 %", ",", None),
    ("-5", ".", None),
    ("1,23E+11", ",", None),
    ("25.11.2026", ".", None),
    ("on request", ".", None),
    ("nan", ".", None),
    ("inf", ".", None),
    ("", ".", None),
    (None, ".", None),
]


@pytest.mark.parametrize("text, decimal, price", PRICES)
def test_prices(text, decimal, price):
    assert parse_price(text, decimal) == (price and pytest.approx(price))


@given(st.text("0123456789.,' -+€рeE%\u00a0", max_size=20), st.sampled_from(".,"))
def test_no_price_crashes_or_is_negative(text, decimal):
    price = parse_price(text, decimal)
    assert price is None or 0 <= price <= 1e12


@given(
    st.integers(0, 99_999_999_00),
    st.sampled_from(["", " ", "\u00a0", "other"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["", " €", " руб.", " USD"]),
)
def test_prices_survive_every_way_to_write_them(cents, group, decimal, unit):
    group = {".": ",", ",": "."}[decimal] if group == "other" else group
    text = f"{cents // 100:,}".replace(",", group) + f"{decimal}{cents % 100:02d}"
    assert parse_price(text + unit, decimal) == pytest.approx(cents / 100)
