"""Rows of a file of cross references. Plain Python, no ORM."""

from dataclasses import dataclass

from .part_number import brand_key, number_key

#: What a column may mean, and how it is headed.
COLUMN_WORDS = {
    "brand": "brand brand1 maker manufacturer from_brand make бренд производитель "
    "марка фирма gyártó márka tootja бренд1 производитель1",
    "number": "number number1 article articlenumber from_number oe oem sku code номер "
    "артикул код cikkszám artikkel номер1 артикул1",
    "to_brand": "to_brand tobrand brand2 cross_brand crossbrand analog_brand "
    "analogbrand "
    "replacement_brand бренд2 производитель2 брендзамены производительзамены "
    "бренданалога производительаналога кроссбренд",
    "to_number": "to_number tonumber number2 cross_number crossnumber "
    "analog_number cross "
    "analog analognumber replacement_number номер2 артикул2 номерзамены номераналога "
    "артикулзамены артикуланалога кроссномер кросс аналог",
    "kind": "kind type relation тип вид liik",
    "source": "source origin источник allikas forrás",
    "both_ways": "both_ways bothways twoway two_way direction обестороны взаимно "
    "двусторонний",
}
#: Columns of a file without a header, in the order in which nearly all write them.
DEFAULT_COLUMNS = ("brand", "number", "to_brand", "to_number", "kind", "source")
REQUIRED = ("brand", "number", "to_brand", "to_number")
KIND_WORDS = {
    "same": "same interchangeable identical equal одинаковые взаимозаменяемо замена",
    "analogue": "analogue analog equivalent cross replacement аналог кросс заменитель",
    "part_of": "part_of partof part partofthewhole часть компонент",
    "duplicate": "duplicate copy дубликат дубль",
    "tuning": "tuning тюнинг",
}
_NO = {"0", "no", "n", "false", "нет", "ложь", "-", "oneway", "ei", "nem", "nein"}
MAX_KEY = 60


def _index(words):
    return {word: key for key, text in words.items() for word in text.split()}


_COLUMNS, _KINDS = _index(COLUMN_WORDS), _index(KIND_WORDS)


class Refused(Exception):
    """The row cannot be taken.

    :param str code: brand, number, to_brand, to_number (missing), long, kind, same
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class CrossRow:
    """A row that is understood; brands are keys, with the name as it is written."""

    line: int
    brand_key: str
    number_key: str
    to_brand_key: str
    to_number_key: str
    kind: str
    is_both_ways: bool
    source: str
    brand: str
    to_brand: str
    text: tuple


def guess_columns(header):
    """Which column means what, by the words of the header.

    :param header: list of str, empty when the file has none
    :return: dict of column numbers by meaning
    :raise Refused: ``header`` when a column that is needed is not found
    """
    if not any(header):
        return {meaning: place for place, meaning in enumerate(DEFAULT_COLUMNS)}
    columns = {}
    for place, text in enumerate(header):
        meaning = _get_meaning(text)
        if meaning in columns and f"to_{meaning}" in COLUMN_WORDS:
            meaning = f"to_{meaning}"
        if meaning:
            columns.setdefault(meaning, place)
    if not all(meaning in columns for meaning in REQUIRED):
        raise Refused("header")
    return columns


def _get_meaning(text):
    word = "".join(char for char in text.lower() if char.isalnum() or char == "_")
    return _COLUMNS.get(word) or _COLUMNS.get(word.replace("_", ""))


class CrossParser:
    """Understands rows, one after the other.

    :param dict columns: as ``guess_columns`` gives them
    :param bool is_both_ways: where the file does not say so
    """

    def __init__(self, columns, is_both_ways=True):
        self.columns = columns
        self.is_both_ways = is_both_ways

    def parse(self, line, row):
        """Understand a row.

        :return: CrossRow
        :raise Refused: when something is missing or wrong
        """
        cells = {
            meaning: row[place].replace("\0", "").strip() if place < len(row) else ""
            for meaning, place in self.columns.items()
        }
        keys = {
            meaning: (brand_key if meaning.endswith("brand") else number_key)(
                cells[meaning]
            )
            for meaning in REQUIRED
        }
        self._check(keys)
        return CrossRow(
            line=line,
            brand_key=keys["brand"],
            number_key=keys["number"],
            to_brand_key=keys["to_brand"],
            to_number_key=keys["to_number"],
            kind=self._get_kind(cells.get("kind", "")),
            is_both_ways=self._get_both_ways(cells.get("both_ways", "")),
            source=cells.get("source", ""),
            brand=cells["brand"],
            to_brand=cells["to_brand"],
            text=tuple(row),
        )

    def _check(self, keys):
        for meaning, key in keys.items():
            if not key:
                raise Refused(meaning)
            if len(key) > MAX_KEY:
                raise Refused("long")
        if not any(char.isdigit() for char in keys["number"] + keys["to_number"]):
            raise Refused("number")

    def _get_kind(self, text):
        if not text:
            return "analogue"
        kind = _KINDS.get("".join(text.lower().split()))
        if not kind:
            raise Refused("kind")
        return kind

    def _get_both_ways(self, text):
        return text.lower() not in _NO if text else self.is_both_ways
