"""Numbers of parts and names of brands in a form that can be compared.

Plain Python, no ORM.
"""

import re
import unicodedata

#: Cyrillic letters that look like Latin ones; other Cyrillic letters stay.
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
_NOT_OF_A_KEY = re.compile(r"[^0-9A-ZА-Я]")
_PLAIN = re.compile(r"[0-9A-Z]+\Z")


def number_key(number):
    """The number as it is searched: capitals, letters and digits only.

    Cyrillic letters that look like Latin ones become those; leading zeros stay.

    :param str number: as printed on the part
    :return: text, empty when nothing is left
    """
    if not number:
        return ""
    if _PLAIN.match(number):
        return number
    text = unicodedata.normalize("NFKD", str(number).upper()).translate(_LOOK_ALIKES)
    return _NOT_OF_A_KEY.sub("", text)


def brand_key(name):
    """The name of a brand as it is compared: as numbers, ё as е, accents off.

    :param str name: as the supplier writes it
    :return: text, empty when nothing is left
    """
    return number_key((name or "").strip())
