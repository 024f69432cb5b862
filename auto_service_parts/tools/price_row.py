"""Rows of a supplier's price list, judged and written for COPY.

Plain Python, no ORM. What a column of the file means is settled once; then every row
costs a few microseconds: cells that repeat (brands, quantities, terms) are understood
once and remembered.
"""

import re
from dataclasses import dataclass, field

from .part_number import brand_key, number_key
from .part_price import parse_price
from .part_quantity import parse_quantity
from .part_term import parse_term

#: What a column of a price list may mean.
MEANINGS = (
    *("brand", "number", "name", "price", "quantity", "term", "term_max"),
    *("multiplicity", "min_quantity", "warehouse", "currency", "core_price"),
    *("price_cap", "supplier_code", "note", "no_return"),
)
#: Columns that every row fills, in the order in which they are written.
COLUMNS = (
    *("price", "quantity", "quantity_sign", "is_on_order", "number_key", "number"),
    *("brand_key", "brand", "name"),
)
MAX_KEY = 60
MAX_TEXT = 240
#: Remembered cells of a column; beyond it they do not repeat.
MAX_REMEMBERED = 100_000
CURRENCY_WORDS = {
    "RUB": "руб рубль рубли рублей р rur rub ₽",
    "EUR": "евро euro eur €",
    "USD": "доллар доллары usd $ дол долл",
    "KZT": "тенге тг kzt ₸",
    "HUF": "ft huf forint",
    "UAH": "грн гривна uah ₴",
    "BYN": "byn белруб",
    "CNY": "cny rmb юань ¥",
}
_CURRENCIES = {
    word: code for code, text in CURRENCY_WORDS.items() for word in text.split()
}
_YES = {"1", "+", "да", "yes", "y", "true", "истина", "x", "v", "jah", "igen", "ja"}
_PLAIN_NUMBER = re.compile(r"[0-9A-Z]{2,30}\Z")
#: Numbers as printed that no spreadsheet takes for a date or an amount.
_PRINTED = re.compile(
    r"(?:[0-9A-Z]+(?: [0-9A-Z]+)+"
    r"|(?=.{11})(?!\d{4}-\d\d-)[0-9A-Z]+(?:[ ./-][0-9A-Z]+)+)\Z"
)
_PLAIN_POINT = re.compile(r"(?=.*[1-9])\d{1,9}(?:\.\d{1,6})?\Z")
_PLAIN_COMMA = re.compile(r"(?=.*[1-9])\d{1,9}(?:,\d{1,6})?\Z")
#: In names joined by \x01: what a line of COPY cannot hold as it is.
_UNCLEAN = (
    *("\t", "\n", "\r", "\v", "\f", "\\", "\xa0", "\ufffd"),
    *("  ", " \x01", "\x01 ", "\x01\x01"),
)
#: Put into a number whose row has more cells than the header.
TOO_WIDE = "\x02"
_FORMULA = re.compile(r'="(.*)"\Z')
_EXPONENT = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+(\d{2,3})\Z")
_MONTHS = (
    "янв|фев|мар|апр|май|мая|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|mär|apr|may|mai|"
    "jun|jul|aug|sep|oct|okt|nov|dec|dez"
)
_DATE = re.compile(
    rf"(?:\d{{1,2}}[.-](?:{_MONTHS})[a-zа-я]*\.?(?:[.-]\d{{2,4}})?"
    rf"|(?:{_MONTHS})[a-zа-я]*\.?[.-]\d{{2,4}}"
    r"|(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19[89]|20[0-4])\d"
    r"|(?:19[89]|20[0-4])\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"(?: \d\d:\d\d:\d\d)?)\Z",
    re.IGNORECASE,
)


class Refused(Exception):
    """The row cannot be taken.

    :param str code: see ``PROBLEMS`` of the model of refused rows
    :param str meaning: of the column that is wrong
    :param str value: what stands there
    """

    def __init__(self, code, meaning, value=""):
        super().__init__(code)
        self.code = code
        self.meaning = meaning
        self.value = value


@dataclass
class PriceOptions:
    """What the columns of a file mean, and what holds where they say nothing.

    :param list meanings: one of ``MEANINGS`` for each column, or ``None``
    :param list header: names of the columns, to know a header that is repeated
    :param str decimal: decimal sign
    :param str brand: of a list of one brand
    :param float factor: what a price is multiplied with (discount, tax)
    :param str term_unit: of a bare number, ``hours`` or ``days``
    :param int default_hours: term where the row has none, ``None``: not known
    :param str zero: what a quantity of nothing means: ``skip``, ``order`` or ``keep``
    :param dict words: own words for quantities: text to triple of ``parse_quantity``
    :param set currencies: codes that may be used
    """

    meanings: list
    header: list = field(default_factory=list)
    decimal: str = "."
    brand: str = ""
    factor: float = 1.0
    term_unit: str = "days"
    default_hours: int | None = None
    zero: str = "skip"
    words: dict = field(default_factory=dict)
    currencies: set = field(default_factory=set)


class _Remembered(dict):
    """What cells mean, understood once for each text; ``None`` when it is refused."""

    def __init__(self, understand):
        super().__init__()
        self.understand = understand

    def __missing__(self, text):
        if len(self) > MAX_REMEMBERED:
            self.clear()
        try:
            meant = self.understand(text)
        except Refused:
            meant = None
        self[text] = meant
        return meant

    def ask(self, text):
        """The same, but with the reason when it is refused.

        :raise Refused: when it cannot be taken
        """
        meant = self[text]
        return self.understand(text) if meant is None else meant


class PriceRows:
    """Turns rows of a file into lines for COPY.

    :ivar tuple columns: of the table, in the order of the lines
    :ivar int mended: numbers that a spreadsheet had damaged and that could be mended
    :ivar int passed: headings and repeated headers
    :ivar int empty: rows without stock that are left out
    :ivar int short: rows with fewer cells than the header
    """

    def __init__(self, options):
        self.options = options
        self.places = {
            meaning: place for place, meaning in enumerate(options.meanings) if meaning
        }
        self.width = len(options.meanings)
        self.mended = self.passed = self.empty = self.short = 0
        self.brands = _Remembered(self._understand_brand)
        self.quantities = _Remembered(self._understand_quantity)
        self.optional = self._get_optional()
        self.columns = COLUMNS + tuple(
            name for names, _place, _texts in self.optional for name in names
        )
        self.worst_term = self.places.get("term_max")
        self.default_hours = self._get_default_hours()
        if self.default_hours:
            self.columns += ("hours_min", "hours_max")
        heading = self.places.get("number", 0)
        self.heading = (
            options.header[heading].strip().lower()
            if heading < len(options.header)
            else None
        )

    def _get_optional(self):
        """Columns beside the usual ones.

        :return: list of (columns of the table, place in the file, remembered texts)
        """
        ways = {
            "term": (("hours_min", "hours_max"), self._understand_term),
            "multiplicity": (("multiplicity",), self._understand_multiplicity),
            "min_quantity": (("min_quantity",), self._understand_amount),
            "core_price": (("core_price",), self._understand_price),
            "price_cap": (("price_cap",), self._understand_price),
            "currency": (("currency",), self._understand_currency),
            "warehouse": (("warehouse",), self._understand_text),
            "supplier_code": (("supplier_code",), self._understand_text),
            "note": (("note",), self._understand_text),
            "no_return": (("is_no_return",), self._understand_yes),
        }
        return [
            (names, self.places[meaning], _Remembered(understand))
            for meaning, (names, understand) in ways.items()
            if meaning in self.places
        ]

    def _get_default_hours(self):
        """End of every line when no column holds the term."""
        hours = self.options.default_hours
        return (
            f"\t{hours}\t{hours}"
            if hours is not None and "term" not in self.places
            else ""
        )

    # Cells

    def _understand_brand(self, text):
        name = clean(text) or self.options.brand
        key = brand_key(name)
        if not key:
            raise Refused("brand", "brand", text)
        if "\ufffd" in name:
            raise Refused("encoding", "brand", text)
        if len(key) > MAX_KEY:
            raise Refused("too_long", "brand", text)
        return f"{key}\t{escape(name)}"

    def _understand_quantity(self, text):
        found = self.options.words.get(text.strip().lower()) or parse_quantity(text)
        if found is None:
            raise Refused("quantity", "quantity", text)
        sign, quantity, is_on_order = found
        if not quantity and not is_on_order:
            if self.options.zero == "skip":
                return None
            is_on_order = self.options.zero == "order"
        return f"{quantity:.10g}\t{sign}\t{'t' if is_on_order else 'f'}"

    def _understand_term(self, text):
        found = parse_term(text, self.options.term_unit) if text.strip() else None
        if found is None:
            hours = self.options.default_hours
            return "\\N\t\\N" if hours is None else f"{hours}\t{hours}"
        return f"{found[0]}\t{found[1]}"

    def _understand_multiplicity(self, text):
        return self._understand_amount(text, "multiplicity", "1")

    def _understand_amount(self, text, meaning="min_quantity", default="0"):
        if not text.strip():
            return default
        amount = parse_price(text, self.options.decimal)
        if amount is None or amount > 1e6:
            raise Refused("amount", meaning, text)
        return f"{amount:.10g}" if amount else default

    def _understand_price(self, text):
        amount = parse_price(text, self.options.decimal) if text.strip() else 0.0
        if amount is None:
            raise Refused("price", "core_price", text)
        return repr(amount)

    def _understand_currency(self, text):
        word = text.strip().strip(".").lower()
        if not word:
            return "\\N"
        code = _CURRENCIES.get(word) or word.upper()
        if code not in self.options.currencies:
            raise Refused("currency", "currency", text)
        return code

    def _understand_text(self, text):
        return escape(clean(text)) or "\\N"

    def _understand_yes(self, text):
        return "t" if text.strip().lower() in _YES else "f"

    # Many rows at once

    def convert_all(self, rows):
        """Rows as lines for COPY, column by column: three times as fast as one by one.

        What is not plain in a row is left to ``convert``.

        :param list rows: of lists of texts; they may be changed
        :return: pair (list of str, list of pairs (place in ``rows``, Refused))
        """
        width = self.width
        for row in rows:
            if len(row) != width:
                self._fit(row)
        lines = self._join_columns(list(zip(*rows, strict=True))) if rows else []
        good, refused = [], []
        for place, line in enumerate(lines):
            if line is None:
                try:
                    line = self.convert(rows[place])
                except Refused as error:
                    refused.append((place, error))
                    continue
            if line:
                good.append(line)
        return good, refused

    def _fit(self, row):
        """Give the row its width; one with too much in it is marked as such."""
        self.short += len(row) < self.width
        row.extend([""] * (self.width - len(row)))
        if any(row[self.width :]):
            # No number: it goes to ``convert``, which says why.
            row[self.width :] = [TOO_WIDE]
            row[self.places["number"]] += TOO_WIDE
            row.pop()
        del row[self.width :]

    def _join_columns(self, columns):
        """Lines of the rows that are plain, ``None`` for the others."""
        places = self.places
        if self.worst_term is not None and "term" in places:
            return [None] * len(columns[0])
        count = len(columns[0])
        quantities = self._take(columns, "quantity", self.quantities, "+")
        keys, numbers = self._plain_numbers(columns[places["number"]])
        parts = [
            self._plain_prices(columns[places["price"]]),
            quantities,
            keys,
            numbers,
            self._take(columns, "brand", self.brands, ""),
            self._plain_names(columns[places["name"]])
            if "name" in places
            else ["\\N"] * count,
        ]
        for _names, place, texts in self.optional:
            parts.append(map(texts.__getitem__, columns[place]))
        end = self.default_hours + "\n"
        return [
            None if None in cells else "\t".join(cells) + end
            for cells in zip(*parts, strict=True)
        ]

    def _take(self, columns, meaning, texts, default):
        """What the cells of a column mean, or that of the default without one."""
        place = self.places.get(meaning)
        if place is None:
            return [texts[default]] * len(columns[0])
        return map(texts.__getitem__, columns[place])

    def _plain_prices(self, cells):
        """Prices that are plain amounts above zero."""
        factor = self.options.factor
        if self.options.decimal == ",":
            match = _PLAIN_COMMA.match
            prices = [cell.replace(",", ".") if match(cell) else None for cell in cells]
        else:
            match = _PLAIN_POINT.match
            prices = [cell if match(cell) else None for cell in cells]
        if factor == 1.0:
            return prices
        return [price and repr(round(float(price) * factor, 4)) for price in prices]

    def _plain_numbers(self, cells):
        """Keys of the numbers that no spreadsheet can have damaged.

        :return: pair of lists: keys, numbers as printed
        """
        plain, printed = _PLAIN_NUMBER.match, _PRINTED.match
        heading = self.heading
        keys = [
            cell
            if plain(cell)
            else cell.replace(" ", "")
            .replace("-", "")
            .replace(".", "")
            .replace("/", "")
            if printed(cell)
            else None
            for cell in cells
        ]
        if heading in map(str.lower, cells):
            keys = [
                None if cell.lower() == heading else key
                for cell, key in zip(cells, keys, strict=True)
            ]
        return keys, cells

    def _plain_names(self, cells):
        """Names; where all of a batch are clean there is nothing to do."""
        text = "\x01".join(["", *cells, ""])
        if not any(sign in text for sign in _UNCLEAN) and len(max(cells, key=len)) <= (
            MAX_TEXT
        ):
            return cells
        return [self._clean_name(cell) for cell in cells]

    def _clean_name(self, name):
        """The name as it is written; ``None`` when it is unreadable."""
        name = name.replace("\x01", "")
        return None if "\ufffd" in name else escape(clean(name)) or "\\N"

    # Rows

    def convert(self, row):
        """The row as a line for COPY.

        :param list row: texts of the cells
        :return: str; ``None`` when the row is no offer
        :raise Refused: when it cannot be taken
        """
        places = self.places
        number = row[places["number"]]
        if TOO_WIDE in number:
            raise Refused("columns", None)
        if _PLAIN_NUMBER.match(number) and number.lower() != self.heading:
            key = number
        elif self._is_heading(row, number):
            self.passed += 1
            return None
        else:
            key, number = self._understand_number(number)
        text = row[places["quantity"]] if "quantity" in places else "+"
        quantity = self.quantities.ask(text)
        if quantity is None:
            self.empty += 1
            return None
        brand = self.brands.ask(row[places["brand"]] if "brand" in places else "")
        line = (
            f"{self._get_price(row[places['price']])}\t{quantity}\t{key}\t{number}\t"
            f"{brand}\t{self._get_name(row)}"
        )
        if self.worst_term is not None and "term" in places:
            self._join_terms(row)
        for _names, place, texts in self.optional:
            line += "\t" + texts.ask(row[place])
        return line + self.default_hours + "\n"

    def _join_terms(self, row):
        """Best and worst term of two columns as one text."""
        best, worst = row[self.places["term"]].strip(), row[self.worst_term].strip()
        if best and worst and best != worst:
            row[self.places["term"]] = f"{best}-{worst}"

    def _is_heading(self, row, number):
        """A heading of a group, the header once more, or a line of totals."""
        text = number.strip()
        if text:
            return text.lower() == self.heading
        return not row[self.places["price"]].strip() or sum(map(bool, row)) < 2

    def _understand_number(self, text):
        """Key and number as printed, with the damage of spreadsheets mended.

        :return: pair
        """
        number = clean(text)
        found = _FORMULA.match(number)
        if found or number[:1] == "'":
            number = found[1].strip() if found else number[1:].strip()
            self.mended += 1
        if number.isdecimal() is False and (exponent := _EXPONENT.match(number)):
            number = self._mend_exponent(number, exponent)
        elif _DATE.match(number):
            raise Refused("number_date", "number", number)
        if "\ufffd" in number:
            raise Refused("encoding", "number", number)
        key = number_key(number)
        if not key:
            raise Refused("number", "number", text)
        if len(key) > MAX_KEY:
            raise Refused("too_long", "number", text)
        return key, escape(number)

    def _mend_exponent(self, number, found):
        """``1,2345E+04`` is 12345; of ``1,23E+11`` digits are lost."""
        first, rest, power = found[1], found[2] or "", int(found[3])
        if len(rest) < power or rest[power:].strip("0"):
            raise Refused("number_exponent", "number", number)
        self.mended += 1
        return first + rest[:power]

    def _get_price(self, text):
        price = parse_price(text, self.options.decimal)
        if price is None:
            raise Refused("price" if text.strip() else "price_missing", "price", text)
        if not price:
            raise Refused("price_zero", "price", text)
        factor = self.options.factor
        return repr(price) if factor == 1.0 else repr(round(price * factor, 4))

    def _get_name(self, row):
        place = self.places.get("name")
        if place is None:
            return "\\N"
        if "\ufffd" in row[place]:
            raise Refused("encoding", "name", row[place])
        return self._clean_name(row[place])


def clean(text):
    """Blanks, tabs and line ends become single blanks."""
    return " ".join(text.split())


def escape(text):
    """Text for a line of COPY that has no tabs and line ends any more."""
    text = text[:MAX_TEXT]
    return text.replace("\\", "\\\\") if "\\" in text else text
