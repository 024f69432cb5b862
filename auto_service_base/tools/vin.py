"""What a vehicle identification number tells, offline and without guessing.

The pattern, the country, the maker and the candidate model years can be read from
a VIN; engine and model of a European car cannot. The check digit binds only in
North America and China: elsewhere position 9 is free. Everything here is a hint;
nothing refuses a number, because grey imports, tractors, trailers and Japanese
domestic frame numbers do not follow the standard.
"""

import csv
import functools
import re
from pathlib import Path
from typing import NamedTuple

from .plate import normalize_plate

WMI_FILE = Path(__file__).with_name("vin_wmi.csv")

PATTERN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True)
) | {digit: digit for digit in "0123456789"}
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
#: First model year of the code, and how often the codes have been used since.
FIRST_YEAR, CYCLE = 1980, len(YEAR_CODES)
#: Makers who must write a valid check digit: North America and China.
BINDING = "12345L"
NORTH_AMERICA = "12345"

#: Country (ISO 3166 code) by the first two characters, as inclusive ranges.
REGIONS = (
    ("AA", "AH", "ZA"),
    ("J", "J", "JP"),
    ("KF", "KK", "IL"),
    ("KL", "KR", "KR"),
    ("L", "L", "CN"),
    ("MA", "ME", "IN"),
    ("MF", "MK", "ID"),
    ("ML", "MR", "TH"),
    ("NF", "NK", "PK"),
    ("NL", "NR", "TR"),
    ("NS", "NT", "UZ"),
    ("PA", "PE", "PH"),
    ("PL", "PR", "MY"),
    ("RF", "RG", "TW"),
    ("SA", "SM", "GB"),
    ("SN", "ST", "DE"),
    ("SU", "SZ", "PL"),
    ("S1", "S2", "LV"),
    ("S3", "S3", "GE"),
    ("TA", "TH", "CH"),
    ("TJ", "TP", "CZ"),
    ("TR", "TV", "HU"),
    ("TW", "T1", "PT"),
    ("UH", "UM", "DK"),
    ("UN", "UR", "IE"),
    ("UU", "UX", "RO"),
    ("U1", "U2", "MK"),
    ("U5", "U7", "SK"),
    ("VA", "VE", "AT"),
    ("VF", "VR", "FR"),
    ("VS", "VW", "ES"),
    ("V3", "V5", "HR"),
    ("V6", "V8", "EE"),
    ("W", "W", "DE"),
    ("XA", "XE", "BG"),
    ("XF", "XK", "GR"),
    ("XL", "XR", "NL"),
    ("XS", "XW", "RU"),
    ("XX", "X2", "LU"),
    ("X3", "X0", "RU"),
    ("YA", "YE", "BE"),
    ("YF", "YK", "FI"),
    ("YS", "YW", "SE"),
    ("YX", "Y2", "NO"),
    ("Y3", "Y5", "BY"),
    ("Y6", "Y8", "UA"),
    ("ZA", "ZU", "IT"),
    ("Z3", "Z5", "LT"),
    ("Z6", "Z0", "RU"),
    ("1", "1", "US"),
    ("2", "2", "CA"),
    ("3", "3", "MX"),
    ("4", "5", "US"),
    ("6A", "6W", "AU"),
    ("7F", "70", "US"),
    ("8A", "8E", "AR"),
    ("9A", "9E", "BR"),
    ("93", "99", "BR"),
)
#: Order of the characters in a VIN range: letters, then digits with 0 last.
ORDER = "ABCDEFGHJKLMNPRSTUVWXYZ1234567890"


class VinCheck(NamedTuple):
    """Result of reading a VIN.

    :ivar vin: normalised number
    :ivar issue: empty, ``length``, ``letters`` or ``check_digit``
    :ivar country: ISO country code of the maker, or empty
    :ivar maker: name of the maker, or empty
    :ivar years: candidate model years, ascending, maybe empty
    """

    vin: str
    issue: str
    country: str
    maker: str
    years: tuple


def check_vin(text, latest_year):
    """Read a VIN as far as it can be read.

    :param text: what somebody typed
    :param int latest_year: last model year that can exist (next calendar year)
    :return: VinCheck, or None when nothing was given
    """
    vin = normalize_plate(text)
    if not vin:
        return None
    issue = vin_issue(vin)
    known = issue in ("", "check_digit")
    return VinCheck(
        vin=vin,
        issue=issue,
        country=vin_country(vin) if known else "",
        maker=vin_maker(vin) if known else "",
        years=vin_years(vin, latest_year) if known else (),
    )


def vin_issue(vin):
    """Why a normalised VIN looks wrong.

    :return: empty string, ``length``, ``letters`` (I, O, Q or foreign) or
        ``check_digit`` (only where the check digit binds)
    """
    if len(vin) != 17:
        return "length"
    if not PATTERN.fullmatch(vin):
        return "letters"
    if vin[0] in BINDING and vin[8] != check_digit(vin):
        return "check_digit"
    return ""


def check_digit(vin):
    """Check digit that belongs at position 9.

    :param str vin: 17 valid characters
    :return: one character, 0 to 9 or X
    """
    total = sum(
        int(VALUES[char]) * weight for char, weight in zip(vin, WEIGHTS, strict=True)
    )
    return "0123456789X"[total % 11]


def vin_years(vin, latest_year):
    """Candidate model years; the code repeats every 30 years.

    In North America a letter at position 7 means 2010 or later, a digit earlier.
    European makers may write anything at position 10, so these are candidates.

    :return: tuple of years, ascending
    """
    code = YEAR_CODES.find(vin[9])
    if code < 0:
        return ()
    years = tuple(range(FIRST_YEAR + code, latest_year + 1, CYCLE))
    if vin[0] in NORTH_AMERICA:
        modern = vin[6].isalpha()
        years = tuple(year for year in years if (year >= 2010) == modern)
    return years


def vin_country(vin):
    """ISO code of the country that the first two characters were given to."""
    for first, last, country in REGIONS:
        if _position(first, 0) <= _position(vin[:2], 0) <= _position(last, -1):
            return country
    return ""


def _position(prefix, fill):
    """Rank of a two-character prefix; one character stands for its whole range."""
    prefix = prefix if len(prefix) == 2 else prefix + ORDER[fill]
    return ORDER.index(prefix[0]) * len(ORDER) + ORDER.index(prefix[1])


def vin_maker(vin):
    """Name of the maker from our own table of WMI codes, or an empty string."""
    makers = load_makers()
    return makers.get(vin[:3]) or makers.get(vin[:2], "")


@functools.cache
def load_makers():
    """Makers by WMI; a line with two characters stands for all that begin so.

    :return: dict of code to name
    """
    with WMI_FILE.open(encoding="utf-8", newline="") as source:
        return {row["wmi"]: row["maker"] for row in csv.DictReader(source)}
