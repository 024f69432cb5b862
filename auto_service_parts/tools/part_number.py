"""Numbers of parts and names of brands in a form that can be compared.

Plain Python, no ORM. One rule for both, on both sides of every comparison.
"""

import re
import unicodedata
from functools import lru_cache

#: Letters of other alphabets that look like Latin capitals; those that do not, stay.
_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЅЈҮ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "ØŁĐ",
    "ABEKMHOPCTYXISJY" + "ABEZHIKMNOPTYX" + "OLD",
) | {ord("Æ"): "AE", ord("Œ"): "OE"}
#: The × of sizes is the letter; other signs that would become letters are no part of
#: any number.
_SIGNS = str.maketrans(dict.fromkeys("×✕⨯", "X") | dict.fromkeys("№™℠℡®©"))
#: Of plain ASCII everything but letters and digits goes.
_ASCII_DELETE = {code: None for code in range(128) if not chr(code).isalnum()}
_NOT_OF_A_KEY = re.compile(r"[\W_]+")


def number_key(number):
    """The number as it is searched: capitals, letters and digits only.

    Cyrillic and Greek letters that look like Latin ones become those, other letters
    and leading zeros stay.

    :param str number: as printed on the part
    :return: text, empty when nothing is left
    """
    if not number:
        return ""
    text = str(number)
    if text.isascii():
        return text.upper().translate(_ASCII_DELETE)
    text = unicodedata.normalize("NFKD", text.translate(_SIGNS)).upper()
    text = text.translate(_LOOK_ALIKES)
    return _NOT_OF_A_KEY.sub("", text)


@lru_cache(maxsize=1 << 14)
def brand_key(name):
    """The name of a brand as it is compared: as numbers, ё as е, accents off.

    :param str name: as the supplier writes it
    :return: text, empty when nothing is left
    """
    return number_key(name)
