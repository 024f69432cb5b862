"""Terms of delivery as suppliers write them: ``2-3 дн``, ``24 h``, ``tomorrow``.

Plain Python, no ORM.
"""

import re
from functools import lru_cache

#: A term beyond a year is a number from the wrong column.
MAX_HOURS = 24 * 366
#: Hours of a unit, and how the words for it begin; one letter is a whole word.
_UNITS = {
    720: "мес month kuu hónap",
    168: "нед тиж апта week näd hét w",
    24: "дн дне ден сут раб рд д day wor wd d päev tööp nap munk tag күн",
    1: "час сағ год ч hour hr h óra tun std",
    1 / 60: "мин min",
}
#: The longest first: "wd" is no week.
_UNIT_STARTS = sorted(
    ((start, hours) for hours, words in _UNITS.items() for start in words.split()),
    key=lambda unit: -len(unit[0]),
)
_WORDS = {
    (0, 0): "сегодня внутрьдня наличие вналичии есть наскладе склад сразу сейчас "
    "today now instock stock täna laos ma raktáron heute бүгін сьогодні",
    (24, 24): "завтра tomorrow homme holnap morgen ертең nextday",
    (48, 48): "послезавтра",
    (0, 24): "сегодня-завтра",
}
_WORD_MEANS = {word: means for means, words in _WORDS.items() for word in words.split()}
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009_]+")
_NUMBER = r"\d{1,5}(?:[.,]\d{1,4})?"
_WORD = r"[^\W\d_][^\d+<>=~/–—…-]*"
_TERM = re.compile(
    rf"(?P<before>от|до|через|около|за|в|>=?|<=?|≤|≥|~|upto|from|about|ca\.?|in)?\.?"
    rf"(?P<low>{_NUMBER})(?P<low_unit>{_WORD})?"
    rf"(?:(?:-|–|—|…|\.\.\.?|/|до)(?P<high>{_NUMBER}))?(?P<unit>{_WORD})?\+?\Z"
)
_TWO_UNITS = re.compile(
    rf"(?P<days>{_NUMBER})(?:дн|д|d)\D*?(?P<hours>{_NUMBER})(?:ч|h)"
)
_UNIT_HOURS = {"hours": 1, "days": 24}


@lru_cache(maxsize=1 << 14)
def parse_term(text, unit="days"):
    """The hours from the order until the part is here.

    :param text: as the file or the answer has it, or a number
    :param str unit: of a bare number, ``hours`` or ``days``
    :return: hours at best, hours at worst; ``None`` when it cannot be read
    """
    text = str(text if text is not None else "").strip().lower().replace("ё", "е")
    text = _BLANKS.sub("", text)
    if text.strip(".!()") in _WORD_MEANS:
        return _WORD_MEANS[text.strip(".!()")]
    found = _TWO_UNITS.match(text)
    if found:
        hours = 24 * _to_number(found["days"]) + _to_number(found["hours"])
        return _checked(hours, hours)
    found = _TERM.match(text)
    return _parse(found, _UNIT_HOURS[unit]) if found else None


def _parse(found, default):
    """Hours of one number, or of two."""
    word = found["unit"] or found["low_unit"]
    factor = _get_hours(word) if word else default
    low_word = found["low_unit"] if found["high"] else None
    low_factor = _get_hours(low_word) if low_word else factor
    if factor is None or low_factor is None:
        return None
    low = low_factor * _to_number(found["low"])
    high = factor * _to_number(found["high"]) if found["high"] else low
    if not found["high"] and found["before"] in ("до", "<", "<=", "≤", "upto"):
        low = 0
    return _checked(low, high)


def _get_hours(word):
    """Hours of the unit that the word means; ``None`` for other words."""
    word = word.strip("., ()").replace(".", "")
    for start, hours in _UNIT_STARTS:
        if word.startswith(start) and (len(start) > 1 or len(word) < 3):
            return hours
    return None


def _checked(low, high):
    """Whole hours, the smaller one first."""
    low, high = sorted((round(low), round(high)))
    return (low, high) if high <= MAX_HOURS else None


def _to_number(text):
    return float(text.replace(",", "."))
