"""Licence plates and phone numbers brought to one form, so that they can be compared.

Plain Python, no ORM: what is typed at the desk, read from a file or sent by the
external API goes through here before it is stored or searched.
"""

import unicodedata

#: Letters that look the same in two scripts. Plates of countries that write
#: Cyrillic or Greek use only these, because their plates must be read abroad.
LOOK_ALIKES = str.maketrans(
    {
        # Cyrillic
        "А": "A",
        "В": "B",
        "Е": "E",
        "І": "I",
        "Ј": "J",
        "К": "K",
        "М": "M",
        "Н": "H",
        "О": "O",
        "Р": "P",
        "С": "C",
        "Ѕ": "S",
        "Т": "T",
        "У": "Y",
        "Ү": "Y",
        "Х": "X",
        # Greek
        "Α": "A",
        "Β": "B",
        "Ε": "E",
        "Ζ": "Z",
        "Η": "H",
        "Ι": "I",
        "Κ": "K",
        "Μ": "M",
        "Ν": "N",
        "Ο": "O",
        "Ρ": "P",
        "Τ": "T",
        "Υ": "Y",
        "Χ": "X",
    }
)


def fold(text):
    """Lower case without accents: how names are compared (``Škoda`` = ``skoda``).

    :param text: any string, False or None
    :return: folded string, blanks collapsed
    """
    decomposed = unicodedata.normalize("NFKD", str(text or ""))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())


def normalize_plate(text):
    """Plate, VIN or any other printed code in its comparable form.

    Upper case, accents dropped, Cyrillic and Greek look-alikes turned into Latin
    letters, everything that is neither letter nor digit removed.

    :param text: what somebody typed, False or None
    :return: string, empty when nothing is left
    """
    decomposed = unicodedata.normalize("NFKD", str(text or "")).upper()
    return "".join(char for char in decomposed if char.isalnum()).translate(LOOK_ALIKES)


def only_digits(text):
    """Digits of a phone number, for comparing any way of writing it.

    :param text: phone number, False or None
    :return: string of digits
    """
    return "".join(char for char in str(text or "") if char.isdecimal())
