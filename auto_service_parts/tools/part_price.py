"""Prices as people write them. Plain Python, no ORM."""

import re

#: More than this is no price of a part, but a number in the wrong column.
MAX_PRICE = 1e12
_SIMPLE = re.compile(r"\d{1,12}(?:\.\d+)?\Z")
_RAW_FLOAT = re.compile(r"\d(?:\.\d+)?[eE][+-]?\d{1,2}\Z")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’`]+")
#: A currency's sign or code before or after the amount, and "12,-".
_CURRENCY = (
    r"(?:[€$£₽₸₴¥₺₾֏]|[a-z]{1,3}\.?|руб(?:\.|лей|ля|ль)?|р\.?|тг\.?|тенге|грн\.?|"
    r"сом|сум|zł|kč|eek)"
)
_AMOUNT = re.compile(
    rf"{_CURRENCY}?(?P<number>\d[\d.,]*?)(?:[.,]-{{1,2}})?(?:{_CURRENCY}|[.,])?\Z"
)
_GROUPS = {
    ".": re.compile(r"\d{1,3}(?:\.\d{3})+\Z"),
    ",": re.compile(r"\d{1,3}(?:,\d{3})+\Z"),
}
_SPACED = re.compile(r"(?<=\d)[\s\u00a0\u202f\u2009'’`]+(?=\d)")
_SPACED_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\d)")


def parse_price(text, decimal="."):
    """The amount that is written there, whatever blanks and currency signs are around.

    The other sign than ``decimal`` parts thousands where groups of three digits follow
    it, and is a decimal sign elsewhere.

    :param text: as the file has it, or a number
    :param str decimal: decimal sign of the file, ``.`` or ``,``
    :return: float, not negative; ``None`` when it cannot be read
    """
    text = str(text).strip() if text is not None else ""
    plain = text.replace(",", ".") if decimal == "," else text
    if _SIMPLE.match(plain) and (decimal == "." or not _GROUPS["."].match(text)):
        return float(plain)
    if _RAW_FLOAT.match(text):
        return _checked(float(text))
    return _parse_written(text.lower(), decimal)


def _parse_written(text, decimal):
    """The amount among blanks, signs of currencies and separators."""
    spaced = _SPACED.sub(" ", text)
    if " " in spaced and re.search(r"\d \d", _SPACED_GROUPS.sub("0", spaced)):
        return None  # Blanks part thousands only: "12 50" is no amount.
    found = _AMOUNT.match(_SPACES.sub("", text))
    return _parse_digits(found["number"], decimal) if found else None


def _parse_digits(number, decimal):
    """Digits with points and commas."""
    other = "." if decimal == "," else ","
    if decimal in number and other in number:
        decimal = max(".,", key=number.rfind)
        other = "." if decimal == "," else ","
        whole, _sign, rest = number.rpartition(decimal)
        if not _GROUPS[other].match(whole):
            return None
        number = f"{whole.replace(other, '')}.{rest}"
    elif _GROUPS[other].match(number):
        number = number.replace(other, "")
    elif number.count(decimal) > 1:
        if not _GROUPS[decimal].match(number):
            return None
        number = number.replace(decimal, "")
    number = number.replace(",", ".")
    return _checked(float(number)) if number.count(".") < 2 else None


def _checked(amount):
    return amount if 0 <= amount <= MAX_PRICE else None
