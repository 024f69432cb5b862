"""Labour times in the units of this trade, and numbers as people write them.

Makers count in work units: an AW is 5 minutes with some and 6 with others, a ZE is a
hundredth of an hour. Hours as float are what everything else reckons with; the value
and its unit are kept beside them.

Plain Python, no ORM.
"""

import math
import re

#: Hours of one unit.
HOURS = {"h": 1.0, "min": 1 / 60, "aw5": 5 / 60, "aw6": 0.1, "ze": 0.01}

#: Ways to write a unit, folded: lower case without blanks, dots and brackets.
SYNONYMS = {
    "h": """h hr hrs hour hours std stunde stunden ч час часа часов нч н/ч нормочас
        нормочасы t tund tundi tunnid óra ora о сағ сағат godz ore heure heures hora
        horas nh""",
    "min": """min mins minute minutes minuten мин минута минуты минут минута perc
        minut minutit minuti minuto minutos мінут m '""",
    "aw5": "aw5 5aw aw5min aw5мин aw/5 1aw=5min 1/12h ae5 te5",
    "aw6": "aw6 6aw aw6min aw6мин aw/6 1aw=6min 1/10h tenths ae6 te6",
    "ze": "ze zeiteinheit zeiteinheiten 1/100h 001h centihour зе",
}
UNITS = {word: unit for unit, words in SYNONYMS.items() for word in words.split()}
#: Work units of which nobody can tell the length without the maker.
AMBIGUOUS = {"aw", "arbeitswert", "arbeitswerte", "te", "ае", "ae", "ав", "tk"}

CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)")
WORDS = re.compile(
    r"(?:(\d{1,4})\s*(?:h|hrs?|std|ч|óra|ora|t|с|сағ)\.?)?\s*"
    r"(?:([0-5]?\d)\s*(?:min|мин|perc|m|p)?\.?)?"
)
#: Blanks and marks that group thousands: plain, non-breaking, thin, Swiss.
GROUPING = str.maketrans("", "", " \u00a0\u2007\u2009\u202f'’_")


class UnitError(ValueError):
    """A number or unit that cannot be read; the text says why, in English.

    :ivar reason: ``empty``, ``number``, ``unit`` or ``ambiguous``
    :ivar value: what was written
    """

    def __init__(self, reason, value, text):
        super().__init__(text)
        self.reason = reason
        self.value = value


def to_hours(value, unit):
    """Hours of a value in one of the units of :data:`HOURS`.

    >>> to_hours(12, "aw5")
    1.0
    """
    if unit not in HOURS:
        raise _unknown_unit(unit)
    return round(value * HOURS[unit], 6)


def from_hours(hours, unit):
    """Value in ``unit`` of a time in hours.

    >>> from_hours(1.5, "ze")
    150.0
    """
    if unit not in HOURS:
        raise _unknown_unit(unit)
    return round(hours / HOURS[unit], 6)


def parse_unit(text):
    """Unit that a text names, in any of the languages of our users.

    :param text: ``"AW 5"``, ``"мин."``, ``"Std"``, ``"óra"`` …
    :return: key of :data:`HOURS`
    :raise UnitError: unknown, or an AW of which the length is not said
    """
    word = re.sub(r"[\s.,()\[\]-]", "", str(text or "").casefold())
    if not word:
        raise UnitError("empty", text, "The unit of time is missing.")
    if word in UNITS:
        return UNITS[word]
    if word in AMBIGUOUS:
        raise UnitError(
            "ambiguous",
            text,
            f"“{text}” may be 5 or 6 minutes long: say AW5 or AW6.",
        )
    raise _unknown_unit(text)


def _unknown_unit(text):
    return UnitError(
        "unit",
        text,
        f"“{text}” is not a unit of time: use h, min, AW5, AW6 or ZE.",
    )


def parse_number(text):
    """Number as somebody wrote it, or a time of the clock as hours.

    A single comma or point is the decimal sign; where both occur the last one is.
    The same sign several times groups thousands.

    :param text: ``"1,5"``, ``"1.234,50"``, ``"1 200"``, ``"0:45"``, ``"1h30"``, or a
        number
    :return: float; it may be negative
    :raise UnitError: not a number
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        if math.isfinite(text):
            return float(text)
        raise _no_number(text)
    plain = str(text or "").strip().replace("\u2212", "-")
    if not plain:
        raise UnitError("empty", text, "The number is missing.")
    hours = _parse_clock(plain.casefold())
    return _parse_decimal(plain, text) if hours is None else hours


def _no_number(text):
    return UnitError("number", text, f"“{text}” is not a number.")


def _parse_clock(text):
    """Hours of "0:45", "1h30", "45 min"; None for anything else."""
    found = CLOCK.fullmatch(text)
    if not found and re.search(r"[^\W\d_]", text):
        found = WORDS.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    return int(found[1] or 0) + round(int(found[2] or 0) / 60, 6)


def _parse_decimal(plain, text):
    digits = plain.translate(GROUPING)
    marks = [char for char in digits if char in ".,"]
    if len(set(marks)) == 2:
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            raise _no_number(text)
        digits = digits.replace("," if decimal == "." else ".", "")
        digits = digits.replace(",", ".")
    elif len(marks) > 1:
        if not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{3})+", digits):
            raise _no_number(text)
        digits = digits.replace(marks[0], "")
    digits = digits.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", digits, re.ASCII):
        raise _no_number(text)
    return float(digits)
