"""Rows of price lists: judged one by one and column by column, with the same result."""

import csv
import io
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_base.tools import table_file
from auto_service_parts.tools import price_column, price_unpack
from auto_service_parts.tools.price_row import PriceOptions, PriceRows, Refused

MEANINGS = ["brand", "number", "name", "price", "quantity", "term"]
GOOD = ["Bosch", "0 986 452 041", "Oil filter", "12,50", ">10", "2-3"]


def make_reader(meanings=MEANINGS, **options):
    return PriceRows(PriceOptions(list(meanings), decimal=",", **options))


def convert(row, meanings=MEANINGS, **options):
    """The row as a dict of the table's columns; the code when it is refused."""
    reader = make_reader(meanings, **options)
    lines, refused = reader.convert_all([list(row)])
    if refused:
        return refused[0][1].code
    if not lines:
        return None
    return dict(zip(reader.columns, lines[0][:-1].split("\t"), strict=True))


def change(**values):
    return [values.get(name, cell) for name, cell in zip(MEANINGS, GOOD, strict=True)]


def test_a_good_row():
    assert convert(GOOD) == {
        **{"brand": "Bosch", "brand_key": "BOSCH", "name": "Oil filter"},
        **{"number": "0 986 452 041", "number_key": "0986452041", "price": "12.50"},
        **{"quantity": "10", "quantity_sign": ">", "is_on_order": "f"},
        **{"hours_min": "48", "hours_max": "72"},
    }


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"brand": " "}, "brand"),
        ({"number": " "}, "number"),
        ({"number": "1,23E+11"}, "number_exponent"),
        ({"number": "01.02.2024"}, "number_date"),
        ({"number": "1-янв"}, "number_date"),
        ({"number": "Feb-24"}, "number_date"),
        ({"number": "2024-02-01 00:00:00"}, "number_date"),
        ({"number": "A" * 61}, "too_long"),
        ({"number": "OC\ufffd90"}, "encoding"),
        ({"name": "\ufffd\ufffd"}, "encoding"),
        ({"price": ""}, "price_missing"),
        ({"price": "0,00"}, "price_zero"),
        ({"price": "call"}, "price"),
        ({"quantity": "#REF!"}, "quantity"),
    ],
)
def test_refused(values, code):
    assert convert(change(**values)) == code


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ('="00123"', "00123"),
        ("'00123", "00123"),
        ("1,2345E+04", "12345"),
        ("1.20E+01", "12"),
        ("5E0615301", "5E0615301"),
        ("ОС 90", "OC90"),
        ("03.310.07.15.0", "0331007150"),
        ("2024-02", "202402"),
        ("1/2", "12"),
    ],
)
def test_numbers(number, key):
    assert convert(change(number=number))["number_key"] == key


def test_rows_that_are_no_offers():
    reader = make_reader(header=["Brand", "NUMBER", "Name", "Price", "Qty", "Term"])
    lines, refused = reader.convert_all(
        [
            ["", "", "Filters", "", "", ""],
            ["Filters"],
            ["Brand", "NUMBER", "Name", "Price", "Qty", "Term"],
            change(quantity="0"),
        ]
    )
    assert (lines, refused) == ([], [])
    assert (reader.passed, reader.empty, reader.short) == (3, 1, 1)


def test_what_a_quantity_of_nothing_means():
    assert convert(change(quantity="0"), zero="skip") is None
    assert convert(change(quantity="0"), zero="order")["is_on_order"] == "t"
    assert convert(change(quantity="0"), zero="keep")["quantity"] == "0"


def test_more_cells_than_the_header():
    assert convert([*GOOD, "x"]) == "columns"
    assert convert([*GOOD, "", ""])["number_key"] == "0986452041"


def test_what_the_profile_says():
    row = convert(
        ["OC 90", "100,00", "3", "5", "eur", "x"],
        ["number", "price", "term", "term_max", "currency", "no_return"],
        **{"brand": "Mahle", "factor": 0.9, "term_unit": "hours"},
        currencies={"EUR"},
    )
    assert row["brand_key"] == "MAHLE"
    assert (row["price"], row["currency"], row["is_no_return"]) == ("90.0", "EUR", "t")
    assert (row["hours_min"], row["hours_max"]) == ("3", "5")
    assert (row["quantity_sign"], row["quantity"]) == ("~", "1")
    meanings = ["number", "price", "currency"]
    assert convert(["OC 90", "1", "gold"], meanings, brand="X") == "currency"


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            "0",
            "1",
            "12,50",
            "12.50",
            ">10",
            "Bosch",
            "OC 90",
            "\\N",
            "\\.",
            "\t",
            "a\\",
        ]
    ),
    st.from_regex(r"[0-9A-Z]{1,5}[ ./-][0-9A-Z]{1,9}", fullmatch=True),
    st.from_regex(r"\d{1,4}[.,]\d{1,2}", fullmatch=True),
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=8), min_size=1, max_size=6))
def test_any_cells_give_lines_that_copy_understands(rows):
    reader = make_reader()
    lines, refused = reader.convert_all([list(row) for row in rows])
    assert len(lines) + len(refused) + reader.passed + reader.empty == len(rows)
    for line in lines:
        assert line.endswith("\n")
        assert line.count("\n") == 1
        cells = line[:-1].split("\t")
        assert len(cells) == len(reader.columns)
        values = dict(zip(reader.columns, cells, strict=True))
        assert float(values["price"]) > 0
        assert values["number_key"].isalnum()
        assert values["brand_key"]
        assert not any(_has_bare_backslash(cell) for cell in cells if cell != "\\N")
        assert not set(line[:-1]) & set("\r\x00\ufffd")


def _has_bare_backslash(cell):
    return "\\" in cell.replace("\\\\", "")


@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=6))
def test_many_rows_as_one_by_one(rows):
    lines, refused = make_reader().convert_all([list(row) for row in rows])
    singly, codes = [], []
    for row in rows:
        try:
            line = make_reader().convert(list(row))
        except Refused as error:
            codes.append(error.code)
        else:
            singly += [line] if line else []
    assert [error.code for _place, error in refused] == codes
    assert [_normal(line) for line in lines] == [_normal(line) for line in singly]


def _normal(line):
    price, rest = line.split("\t", 1)
    return float(price), rest


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_workbook_on_the_disk_reads_as_the_file(kind, tmp_path):
    randomly = random.Random(3)
    rows = [
        [f"B{randomly.randrange(9)}", f"N {number}", "Имя & имя", "1,5", "2", "3"]
        for number in range(500)
    ]
    path = tmp_path / "file"
    path.write_bytes(_make_file(kind, rows))
    with path.open("rb") as stream:
        form = table_file.detect(stream)
    form = price_unpack.lay_out(path, form, tmp_path)
    position, found = table_file.Position(), []
    while not position.is_end:
        position = table_file.Position(position.offset, position.line)
        reader = price_unpack.read_table(path, form, tmp_path, position)
        part = [row for _number, (_line, row) in zip(range(70), reader, strict=False)]
        found += part
        if len(part) < 70:
            break
    assert found == rows


def test_numbers_of_a_workbook_have_the_decimal_sign_of_the_list(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(_make_file("xlsx", [["B", "OC 90", "Filter", 45.375, 2, 1]]))
    with path.open("rb") as stream:
        form = replace(table_file.detect(stream), decimal=",")
    form = price_unpack.lay_out(path, form, tmp_path)
    position = table_file.Position()
    [(_line, row)] = price_unpack.read_table(path, form, tmp_path, position)
    meanings = ["brand", "number", "name", "price", "quantity", "term"]
    reader = PriceRows(PriceOptions(meanings, decimal=","))
    [line], refused = reader.convert_all([row])
    assert not refused
    assert line.startswith("45.375\t")


def _make_file(kind, rows):
    header = ["Brand", "Number", "Name", "Price", "Quantity", "Term"]
    if kind == "csv":
        stream = io.StringIO()
        csv.writer(stream, delimiter=";").writerows([header, *rows])
        return stream.getvalue().encode("cp1251")
    xlsxwriter = pytest.importorskip("xlsxwriter")
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([header, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


@pytest.mark.parametrize(
    ("header", "meanings"),
    [
        (
            ["Производитель", "Артикул", "Наименование", "Цена, руб.", "Остаток"],
            ["brand", "number", "name", "price", "quantity"],
        ),
        (
            [
                "Hersteller",
                "Artikelnummer",
                "Bezeichnung",
                "EK Preis",
                "Bestand",
                "VPE",
            ],
            ["brand", "number", "name", "price", "quantity", "multiplicity"],
        ),
        (
            ["Code", "Brand", "Description", "Net price", "Stock", "Delivery days"],
            ["number", "brand", "name", "price", "quantity", "term"],
        ),
        (
            ["Brand", "Article", "Description", "Price", "Stock", "Hours"],
            ["brand", "number", "name", "price", "quantity", "term"],
        ),
        (
            ["Код", "Бренд", "Номер детали", "Цена", "Склад", "Кратность", "Срок"],
            *[
                ["supplier_code", "brand", "number", "price", "warehouse"]
                + ["multiplicity", "term"]
            ],
        ),
    ],
)
def test_meanings_are_guessed_from_the_header(header, meanings):
    assert price_column.guess_meanings(header) == meanings


def test_meanings_are_guessed_from_the_cells():
    rows = [
        ["Bosch", "0 986 452 041", "Oil filter", "12,50"],
        ["Bosch", "0 986 452 042", "Air filter", "13,50"],
        ["Mahle", "OC 90", "Oil filter", "8,99"],
    ]
    found = price_column.guess_meanings([""] * 4, rows)
    assert found == ["brand", "number", "name", "price"]
