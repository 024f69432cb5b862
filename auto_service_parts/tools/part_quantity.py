"""Quantities as suppliers write them: ``>10``, ``+++``, ``on order``, ``12 pcs``.

Plain Python, no ORM.
"""

import re
from functools import lru_cache

#: Sign, quantity, whether the supplier orders it himself first.
NOTHING = ("=", 0.0, False)
SOME = ("~", 1.0, False)
ON_ORDER = ("~", 0.0, True)

_WORDS = {
    NOTHING: "- -- --- нет нету отсутствует нетвналичии распродано no none n false "
    "ложь outofstock soldout ei otsas nincs nem nein ні немає жоқ nav nėra brak 0шт",
    SOME: "+ ++ +++ * ** *** есть да имеется вналичии наличие наскладе много мало "
    "достаточно истина yes y true instock available stock onstock many few jah laos "
    "olemas igen van raktáron ja lager auflager є так євнаявності бар ir yra jest "
    "dostępny -1 -2 -3",
    ON_ORDER: "подзаказ заказ назаказ ожидается вожидании ожидание впути транзит "
    "позапросу уточняйте onorder toorder order backorder ordered onrequest request "
    "tellimisel rendelésre bestellung aufbestellung підзамовлення тапсырыспен -10",
}
_WORD_MEANS = {word: means for means, words in _WORDS.items() for word in words.split()}
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009'’]+")
_UNIT = (
    r"(?:шт|штук|штуки|штука|ед|компл|комплект|к-т|пар|пары|уп|упак|л|кг|м|pcs|pc|pce|"
    r"ea|each|db|tk|stk|st|szt|gab|vnt|дана|set|sets)?\.?"
)
_NUMBER = r"\d{1,9}(?:[.,]\d{1,6})?"
_MORE = r">=?|≥|от|более|больше|больше,чем|свыше|morethan|over|min\.?|üle|több,mint"
_LESS = r"<=?|≤|до|менее|меньше|lessthan|under|upto|alla"
_ABOUT = r"~|≈|около|примерно|about|ca\.?"
_AMOUNT = re.compile(
    rf"(?:(?P<more>{_MORE})|(?P<less>{_LESS})|(?P<about>{_ABOUT}))?"
    rf"(?P<number>{_NUMBER}){_UNIT}(?P<after>\+|>|<|иболее|ибольше|ormore)?{_UNIT}\Z"
)
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})(?:-|–|—|\.\.\.?|…)(?P<high>{_NUMBER}){_UNIT}\Z"
)
_BELOW_ZERO = re.compile(rf"-{_NUMBER}{_UNIT}\Z")
_MARKS = re.compile(r"(?:\++|\*+)\Z")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}([.,])\d{3}(?:\1\d{3})+(?![\d.,])")
#: Both signs in one number: the first one parts thousands.
_MIXED = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:,\d{3})+\.|(?:\.\d{3})+,)\d+(?![\d.,])")
_WHOLE = re.compile(r"(\d)[.,]0+(?=[^\d.,]|\Z)")


@lru_cache(maxsize=1 << 14)
def parse_quantity(text):
    """What the quantity means.

    :param text: as the file or the answer has it, or a number
    :return: sign (``= > < ~``), quantity in pieces, whether it is ordered first;
        ``None`` when it cannot be read
    """
    text = str(text if text is not None else "").strip().lower()
    if not text:
        return NOTHING
    if text.isdecimal() and len(text) < 10:
        return "=", float(text), False
    text = _BLANKS.sub("", text).replace("ё", "е")
    text = _GROUPED.sub(lambda found: re.sub(r"[.,]", "", found[0]), text)
    text = _MIXED.sub(lambda found: re.sub(r"[.,](?=.*[.,])", "", found[0]), text)
    text = _WHOLE.sub(r"\1", text)
    return _WORD_MEANS.get(text) or _WORD_MEANS.get(text.strip(".!()")) or _parse(text)


def _parse(text):
    """A number with what stands around it."""
    found = _AMOUNT.match(text)
    if found:
        return _get_sign(found), _to_number(found["number"]), False
    found = _RANGE.match(text)
    if found:
        low, high = sorted((_to_number(found["low"]), _to_number(found["high"])))
        return ("=" if low == high else "~"), low, False
    if _MARKS.match(text):
        return SOME
    return NOTHING if _BELOW_ZERO.match(text) else None


def _get_sign(found):
    """``10<`` is written by suppliers who mean "ten and more", as is ``10+``."""
    if found["less"]:
        return "<"
    if found["more"] or found["after"]:
        return ">"
    return "~" if found["about"] else "="


def _to_number(text):
    return float(text.replace(",", "."))
