"""Reading of tables that suppliers send: CSV, TXT, XLSX and XLS, streamed.

Plain Python, no ORM. ``detect`` looks at a file and says how it is to be read,
``read_rows`` yields its rows and can go on where an earlier reading stopped, so that
a file of two million rows is read in short steps and never held in memory.
"""

import codecs
import csv
import gzip
import html
import io
import re
import struct
import zipfile
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import xlrd

#: Bytes that are looked at to guess delimiter, decimal sign and header.
SAMPLE_SIZE = 1 << 18
#: A record that spans more lines has a quotation mark that is never closed.
MAX_LINES_OF_RECORD = 50
#: A longer line is no row of a table; nor is a longer row of a workbook.
MAX_LINE = 1 << 20
MAX_ROW = 1 << 24
#: What a damaged archive may raise while it is read.
ARCHIVE_ERRORS = (
    *(EOFError, OSError, RuntimeError, NotImplementedError, LookupError, ValueError),
    *(zipfile.BadZipFile, zlib.error, struct.error, OverflowError),
)
DELIMITERS = (";", "\t", "|", ",")
#: What files begin with.
KINDS = {
    b"\x1f\x8b": "gz",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "archive",
    b"\xd0\xcf\x11\xe0": "xls",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "archive",
    b"BZh": "archive",
    b"\xfd7zXZ": "archive",
    b"%PDF": "archive",
}
#: Byte order marks, the longer ones first.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What to try for a text that is not UTF-8, by the language of the reader.
LATIN_BY_LANGUAGE = {
    "hu": "cp1250",
    "pl": "cp1250",
    "cs": "cp1250",
    "sk": "cp1250",
    "ro": "cp1250",
    "et": "cp1257",
    "lv": "cp1257",
    "lt": "cp1257",
}
CYRILLIC = ("cp1251", "koi8-r", "cp866")


class FileError(ValueError):
    """The file as a whole cannot be read.

    :param str code: broken, truncated, empty, no_sheet, quote, long_line, binary,
        archive, rar, password, members, no_member, too_big
    :param int line: where, 0 when that is not known
    """

    def __init__(self, code, line=0):
        super().__init__(f"{code} at line {line}" if line else code)
        self.code = code
        self.line = line


@dataclass(frozen=True)
class FileFormat:
    """How a file is read. ``header_row`` 0: it has no header.

    ``quote`` is empty where quotation marks stand for inches, not around texts.
    """

    kind: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ";"
    decimal: str = "."
    sheet: str = ""
    sheets: tuple = ()
    header_row: int = 1
    size: int = 0
    quote: str = '"'

    def as_dict(self):
        return asdict(self)


class Position:
    """Where a reading stopped: bytes of the text read, number of the last line.

    :ivar int line: number of the last line, or row of a workbook
    :ivar bool is_end: whether there is nothing behind it
    """

    def __init__(self, offset=0, line=0):
        self.offset = offset
        self.line = line
        self.is_end = False

    @property
    def offset(self):
        """Bytes before the place, counted when somebody asks for them."""
        return self._find(self.line) if self._find else self._offset

    @offset.setter
    def offset(self, offset):
        self._offset = offset
        self._find = None

    def follow(self, find):
        """From now on ``find`` says at which byte the line after a line begins."""
        self._find = find


# --- opening


def open_file(stream):
    """The text or workbook inside a stream that may be packed.

    :param stream: binary file that can be rewound
    :return: pair (kind, binary file): csv, xls or xlsx
    """
    kind = sniff(stream)
    if kind == "gz":
        return "csv", gzip.GzipFile(fileobj=stream)
    if kind == "zip":
        return _open_zip(stream)
    if kind in ("rar", "archive"):
        raise FileError(kind)
    return kind, stream


def sniff(stream):
    """Kind of a file by its first bytes.

    :return: csv, gz, zip (also a workbook), xls, rar or archive (any other)
    """
    stream.seek(0)
    head = stream.read(8)
    stream.seek(0)
    for mark, kind in KINDS.items():
        if head.startswith(mark):
            return kind
    return "csv"


def open_archive(stream):
    """A ZIP whose directory can be read.

    :return: zipfile.ZipFile
    """
    try:
        return zipfile.ZipFile(stream)
    except ARCHIVE_ERRORS as error:
        raise FileError("broken") from error


def is_workbook(archive):
    return any(name.endswith("workbook.xml") for name in archive.namelist())


def _open_zip(stream):
    archive = open_archive(stream)
    names = [info for info in archive.infolist() if not info.is_dir()]
    if is_workbook(archive):
        return "xlsx", archive
    if len(names) != 1:
        raise FileError("archive")
    if names[0].flag_bits & 1:
        raise FileError("password")
    return "csv", io.BufferedReader(archive.open(names[0]), 1 << 18)


# --- detecting


def detect(stream, language=""):
    """Guess how the file is to be read.

    :param stream: binary file that can be rewound
    :param str language: of the reader, for example ``hu``; settles what bytes cannot
    :return: FileFormat
    :raise FileError: when nothing can be read
    """
    kind, opened = open_file(stream)
    if kind == "xlsx":
        return _detect_workbook(opened)
    if kind == "xls":
        return _detect_old_workbook(opened)
    encoding, size, sample = _scan(opened, language)
    text = sample.decode(encoding, "replace").lstrip("\ufeff")
    if not text.strip():
        raise FileError("empty")
    if text.count("\x00") > len(text) // 100:
        raise FileError("binary")
    lines = text.splitlines()[:200]
    if max(map(len, lines)) > csv.field_size_limit():
        raise FileError("long_line")
    try:
        return _detect_table(lines, encoding, size)
    except csv.Error as error:
        raise FileError("quote") from error


def _detect_table(lines, encoding, size):
    """Format of a text.

    :param list lines: the first ones
    """
    delimiter = _guess_delimiter(lines)
    quote = _guess_quote(lines, delimiter)
    rows = list(csv.reader(lines, **_get_dialect(delimiter, quote)))
    return FileFormat(
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        decimal=guess_decimal(rows, delimiter),
        header_row=guess_header_row(rows),
        size=size,
    )


def _detect_workbook(archive):
    sheets = _get_sheets(archive)
    if not sheets:
        raise FileError("no_sheet")
    sheet = FileFormat(kind="xlsx", sheet=next(iter(sheets)), header_row=0)
    rows = []
    for _line, row in _read_workbook(archive, sheet, Position()):
        rows.append(row)
        if len(rows) == 200:
            break
    if not rows:
        raise FileError("empty")
    return FileFormat(
        kind="xlsx",
        sheet=sheet.sheet,
        sheets=tuple(sheets),
        header_row=guess_header_row(rows),
        size=archive.getinfo(sheets[sheet.sheet]).file_size,
    )


def _scan(opened, language):
    """Read the whole file once: is it UTF-8 to its end?

    :return: (encoding, number of bytes, first bytes)
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    size, sample, is_utf8 = 0, b"", True
    try:
        while chunk := opened.read(1 << 20):
            size += len(chunk)
            sample = sample or chunk[:SAMPLE_SIZE]
            if is_utf8:
                is_utf8 = _decodes(decoder, chunk)
            if not is_utf8 and opened.seekable():
                size = opened.seek(0, io.SEEK_END)
    except ARCHIVE_ERRORS as error:
        raise FileError("truncated") from error
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return encoding, size, sample
    # A letter cut off at the very end of the file does not make it another encoding.
    encoding = "utf-8" if is_utf8 else guess_code_page(sample, language)
    return encoding, size, sample


def _decodes(decoder, chunk):
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def guess_code_page(sample, language=""):
    """Code page of a text that is not UTF-8.

    Cyrillic words are runs of bytes above 127, accented letters stand alone.

    :param bytes sample: beginning of the text
    :return: name of the encoding
    """
    runs = re.findall(rb"[\x80-\xff]+", sample)
    if not runs:
        return LATIN_BY_LANGUAGE.get(language[:2], "cp1252")
    if sum(map(len, runs)) / len(runs) >= 2.5:
        return max(CYRILLIC, key=lambda name: _score_cyrillic(sample, name))
    return LATIN_BY_LANGUAGE.get(language[:2], "cp1252")


def is_other_encoding(sample, expected, found):
    """Whether a text is surely not written in the encoding that is expected.

    :param bytes sample: beginning of the text, with bytes above 127
    :param str expected: encoding of earlier files
    :param str found: encoding that ``detect`` found
    """
    unicode = ("utf-8", "utf-16-le", "utf-16-be")
    if found == expected:
        return False
    if found in unicode or expected in unicode:
        return True
    if found not in CYRILLIC:
        return False
    if expected not in CYRILLIC:
        return True
    before = max(_score_cyrillic(sample, expected), 0)
    return _score_cyrillic(sample, found) > 2 * before + 10


def _score_cyrillic(sample, encoding):
    """Small letters after letters speak for it, capitals after small ones against."""
    text = sample.decode(encoding, "replace")
    good = len(re.findall(r"[А-яё][а-яё]", text))
    return good - 3 * len(re.findall(r"[а-яё][А-Я]|[^\W_А-яёЁ\da-zA-Z]", text))


def _guess_delimiter(lines):
    """The sign that splits most lines into the same number of columns."""
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines[:60], delimiter=delimiter)]
        widths = [width for width in widths if width]
        common = max(set(widths), key=widths.count) if widths else 1
        score = (common > 1) * widths.count(common) * min(common, 8)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _get_dialect(delimiter, quote):
    if quote:
        return {"delimiter": delimiter, "quotechar": quote}
    return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}


def _guess_quote(lines, delimiter):
    """Whether marks enclose texts, or stand for inches and names of classes.

    They enclose nothing where one is never closed and no cell has them at both ends.

    :return: the mark, or an empty text
    """
    reader = csv.reader(lines, **_get_dialect(delimiter, '"'))
    last, is_runaway = 0, False
    for _row in reader:
        is_runaway |= reader.line_num - last > MAX_LINES_OF_RECORD // 2
        last = reader.line_num
    if not is_runaway:
        return '"'
    cells = (
        cell.strip()
        for row in csv.reader(lines, **_get_dialect(delimiter, ""))
        for cell in row
    )
    is_used = any(cell[:1] == cell[-1:] == '"' and len(cell) > 1 for cell in cells)
    return '"' if is_used else ""


def guess_decimal(rows, delimiter=";"):
    """Comma or dot, whichever more numbers are written with."""
    cells = [cell.strip() for row in rows[1:] for cell in row]
    commas = sum(bool(re.fullmatch(r"-?\d+(\.\d{3})*,\d+", cell)) for cell in cells)
    dots = sum(bool(re.fullmatch(r"-?\d+(,\d{3})*\.\d+", cell)) for cell in cells)
    if commas == dots:
        return "," if delimiter == ";" and commas else "."
    return "," if commas > dots else "."


def guess_header_row(rows):
    """Number of the header's line, 0 when the first line holds data already.

    Titles above the header have fewer columns than the table; a header has no numbers.
    """
    widths = [sum(bool(cell.strip()) for cell in row) for row in rows[:40]]
    wide = max(widths, default=0)
    for number, (row, width) in enumerate(zip(rows[:20], widths, strict=False), 1):
        if width and width >= min(wide, 2) and width * 2 > wide:
            has_number = any(re.fullmatch(r"-?[\d.,:]*\d", c.strip()) for c in row if c)
            return 0 if has_number else number
    return 1 if widths else 0


# --- reading


def read_rows(stream, file_format, position=None):
    """Rows below the header, from where ``position`` says.

    ``position`` is moved along: it may be kept and given again to go on.

    :param stream: binary file that can be rewound
    :param file_format: FileFormat
    :param position: Position, the beginning when omitted
    :return: generator of pairs (line number, list of str); blank lines are left out
    :raise FileError: when the file is broken there
    """
    position = position or Position()
    kind, opened = open_file(stream)
    reader = READERS[kind]
    return _skip_header(reader(opened, file_format, position), file_format)


def _skip_header(rows, file_format):
    for line, row in rows:
        if line > file_format.header_row:
            yield line, row
            break
    yield from rows


def read_head(stream, file_format, limit=20):
    """Header and first rows.

    :return: pair (header as list of str, list of rows)
    """
    whole = FileFormat(**{**file_format.as_dict(), "header_row": 0})
    header, rows = [], []
    for line, row in read_rows(stream, whole):
        if line == file_format.header_row:
            header = [cell.strip() for cell in row]
        elif line > file_format.header_row:
            rows.append(row)
        if len(rows) >= limit:
            break
    width = max([len(header), *map(len, rows)], default=0)
    return header + [""] * (width - len(header)), rows


def _read_text(opened, file_format, position):
    if file_format.encoding.startswith("utf-16"):
        lines = _utf16_lines(opened, file_format.encoding, position)
    else:
        lines = _Lines(opened, file_format.encoding, position)
    dialect = _get_dialect(file_format.delimiter, file_format.quote)
    reader = csv.reader(lines, **dialect)
    start = first = position.line
    try:
        for row in reader:
            position.line = line = start + reader.line_num
            if line - first > MAX_LINES_OF_RECORD + 1:
                raise FileError("quote", first + 1)
            first = line
            if any(row):
                yield line, row
    except FileError:
        raise
    except csv.Error as error:
        raise FileError("quote", first + 1) from error
    except ARCHIVE_ERRORS as error:
        raise FileError("truncated", first + 1) from error
    position.is_end = True


class _Lines:
    """Lines of a text, decoded block by block; bytes that do not fit become \ufffd.

    The CSV reader asks for a line only when it needs it: after each record the
    position is exactly behind it.
    """

    def __init__(self, opened, encoding, position):
        opened.seek(position.offset)
        is_start = not position.offset and encoding == "utf-8"
        if is_start and opened.read(3) != MARKS[0][0]:
            opened.seek(0)
        self.opened = opened
        self.encoding = encoding
        #: Of the block that is being read: bytes and lines before it, its bytes.
        self.offset, self.line, self.raw = opened.tell(), position.line, b""
        position.follow(self.find)

    def __iter__(self):
        while True:
            raw = self._read_block()
            if not raw:
                return
            text = raw.decode(self.encoding, "replace")
            if "\x00" in text:
                text = text.replace("\x00", "\ufffd")
            yield from io.StringIO(text, newline="\n")
            self.offset += len(raw)
            self.line += raw.count(b"\n") + (not raw.endswith(b"\n"))
            self.raw = b""

    def _read_block(self):
        """Whole lines, about 256 kB of them."""
        raw = self.opened.read(1 << 18)
        if raw and not raw.endswith(b"\n"):
            rest = self.opened.readline(MAX_LINE)
            raw += rest
            if len(rest) == MAX_LINE:
                raise FileError("long_line", self.line + raw.count(b"\n") + 1)
        self.raw = raw
        return raw

    def find(self, line):
        """Byte at which the line after ``line`` begins."""
        place = 0
        for _number in range(line - self.line):
            place = self.raw.find(b"\n", place) + 1
            if not place:
                return self.offset + len(self.raw)
        return self.offset + place


def _utf16_lines(opened, encoding, position):
    position.offset = opened.seek(position.offset or 2)
    text = io.TextIOWrapper(opened, encoding, errors="replace", newline="")
    count = position.line
    try:
        while line := text.readline(MAX_LINE):
            position.offset += len(line.encode(encoding, "replace"))
            count += 1
            if len(line) == MAX_LINE:
                raise FileError("long_line", count)
            yield line.replace("\x00", "\ufffd")
    finally:
        text.detach()


# --- workbooks

_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*?)/?>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*?)/?>")
_STRING = re.compile(r"<(?:\w+:)?si>(.*?)</(?:\w+:)?si>|<(?:\w+:)?si/>", re.DOTALL)
_PHONETIC = re.compile(r"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_TEXT = re.compile(r"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t>", re.DOTALL)
_ROW = re.compile(
    r"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)",
    re.DOTALL,
)
_CELL = re.compile(
    r'<(?:\w+:)?c\s(?:r="([A-Z]+)\d+")?([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)', re.DOTALL
)
_VALUE = re.compile(r"<(?:\w+:)?v(?:\s[^>]*)?>(.*?)</(?:\w+:)?v>", re.DOTALL)
_STYLE = re.compile(r'\bs="(\d+)"')
_NUMBER = re.compile(r'\br="(\d+)"')
_SHEET_END = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")
#: Number formats of the standard that show hours and minutes.
TIME_FORMATS = {18, 19, 20, 21, 45, 46, 47}
#: Those that show a day.
DATE_FORMATS = {14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)}


def _read_part(archive, name):
    """Text of a small part; a big one is a trap."""
    try:
        with archive.open(name) as part:
            content = part.read(MAX_ROW + 1)
            if len(content) > MAX_ROW:
                raise FileError("too_big")
            return content.decode("utf-8")
    except FileError:
        raise
    except KeyError:
        return ""
    except ARCHIVE_ERRORS as error:
        raise FileError("broken") from error


def _get_sheets(archive):
    """Names of the sheets and where they are, in the order of the workbook."""
    targets = {}
    for found in _RELATION.findall(_read_part(archive, "xl/_rels/workbook.xml.rels")):
        values = dict(_ATTRIBUTE.findall(found))
        targets[values.get("Id")] = values.get("Target", "").lstrip("/")
    sheets = {}
    for found in _SHEET.findall(_read_part(archive, "xl/workbook.xml")):
        values = dict(_ATTRIBUTE.findall(found))
        ids = [value for name, value in values.items() if name.endswith(":id")]
        target = targets.get(ids[0] if ids else None, "")
        path = target if target.startswith("xl/") else f"xl/{target}"
        if path in archive.namelist():
            sheets[html.unescape(values.get("name", path))] = path
    return sheets


def iter_strings(archive):
    """Texts that the sheets share, piece by piece.

    :return: generator of str
    """
    try:
        part = archive.open("xl/sharedStrings.xml")
    except KeyError:
        return
    except ARCHIVE_ERRORS as error:
        raise FileError("broken") from error
    rest = b""
    try:
        with part:
            while chunk := part.read(1 << 20):
                data = rest + chunk
                end = max(data.rfind(b"</si>") + 5, data.rfind(b":si>") + 4)
                end = end if end > 5 else 0
                rest = data[end:]
                if len(rest) > MAX_ROW:
                    raise FileError("too_big")
                for found in _STRING.findall(data[:end].decode("utf-8")):
                    yield _join_texts(found)
    except FileError:
        raise
    except ARCHIVE_ERRORS as error:
        raise FileError("broken") from error
    for found in _STRING.findall(rest.decode("utf-8", "replace")):
        yield _join_texts(found)


def _join_texts(xml):
    if "rPh" in xml:
        xml = _PHONETIC.sub("", xml)
    text = "".join(_TEXT.findall(xml))
    return html.unescape(text) if "&" in text else text


def get_styles(archive):
    """Cell styles that show a duration or a time of day, and those that show a date.

    :return: dict of the number of the style to ``time`` or ``date``
    """
    xml = _read_part(archive, "xl/styles.xml")
    kinds = dict.fromkeys(map(str, TIME_FORMATS), "time")
    kinds.update(dict.fromkeys(map(str, DATE_FORMATS), "date"))
    for found in re.findall(r"<(?:\w+:)?numFmt\s([^>]*?)/?>", xml):
        values = dict(_ATTRIBUTE.findall(found))
        kinds[values.get("numFmtId")] = _get_style(values.get("formatCode", ""))
    part = re.search(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", xml, re.DOTALL)
    found = re.findall(r"<(?:\w+:)?xf\s([^>]*?)/?>", part[0]) if part else []
    styles = {
        str(number): kinds.get(dict(_ATTRIBUTE.findall(text)).get("numFmtId"))
        for number, text in enumerate(found)
    }
    return {number: kind for number, kind in styles.items() if kind}


def _get_style(code):
    """What a number format shows: time, date or None."""
    code = html.unescape(code).lower()
    code = re.sub(r'"[^"]*"|\\.|\[\$[^]]*\]|\[[a-z]{3,}\d*\]', "", code)
    if "y" in code or "d" in code:
        return "date"
    return "time" if "h" in code and "m" in code else None


def get_sheet_path(archive, name):
    """Where in the archive a sheet is, the first one when there is none of the name."""
    sheets = _get_sheets(archive)
    path = sheets.get(name) or next(iter(sheets.values()), None)
    if not path:
        raise FileError("no_sheet")
    return path


def _read_workbook(archive, file_format, position):
    path = get_sheet_path(archive, file_format.sheet)
    book = Book(list(iter_strings(archive)), get_styles(archive))
    try:
        with archive.open(path) as sheet:
            yield from read_sheet(sheet, book, position)
    except FileError:
        raise
    except ARCHIVE_ERRORS as error:
        raise FileError("broken", position.line + 1) from error


def read_sheet(sheet, book, position):
    """Rows of a sheet's XML.

    :param sheet: binary file that can be rewound
    :param book: Book
    :param position: Position, moved along
    :return: generator of pairs (line number, list of str)
    """
    try:
        sheet.seek(position.offset)
        yield from _sheet_rows(sheet, book, position)
    except FileError:
        raise
    except ARCHIVE_ERRORS as error:
        raise FileError("broken", position.line + 1) from error
    position.is_end = True


@dataclass
class Book:
    """What the cells of a sheet refer to.

    :param strings: sequence of the shared texts
    :param dict styles: number of a style to ``time`` or ``date``
    """

    strings: list
    styles: dict

    def get_value(self, attributes, body):
        """Text of a cell, as a person would type it."""
        if 't="s"' in attributes:
            found = _VALUE.search(body)
            return self.strings[int(found[1])] if found else ""
        if 't="inlineStr"' in attributes:
            return _join_texts(body)
        found = _VALUE.search(body)
        text = found[1] if found else ""
        if "&" in text:
            text = html.unescape(text)
        if 't="' not in attributes or 't="n"' in attributes:
            return self._show_number(attributes, text)
        return "" if 't="e"' in attributes else text

    def _show_number(self, attributes, text):
        """A number as the style shows it; 1.2E+11 in full where it is whole."""
        if self.styles and " s=" in f" {attributes}":
            found = _STYLE.search(attributes)
            style = self.styles.get(found[1]) if found and text else None
            if style == "time":
                return _format_duration(float(text))
            if style == "date":
                return format_date(float(text))
        return format_number(float(text)) if "E" in text else text


def format_number(number):
    """A number of a workbook without exponent, as far as its digits are certain."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def format_date(days):
    """Day of a workbook, counted from 1900, as 2026-11-30; a time of day follows."""
    try:
        moment = datetime(1899, 12, 30) + timedelta(days=days)
    except OverflowError as error:
        raise FileError("broken") from error
    return moment.isoformat(" ") if days % 1 else moment.date().isoformat()


def _format_duration(days):
    minutes = round(days * 24 * 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _sheet_rows(sheet, book, position):
    """Rows of a sheet's XML, read in chunks that end with a row."""
    rest, is_closed = b"", False
    while not is_closed:
        chunk = sheet.read(1 << 20)
        data = rest + chunk
        is_closed = b"sheetData" in data and bool(_SHEET_END.search(data))
        if not chunk and not is_closed:
            raise FileError("truncated", position.line + 1)
        end = len(data) if is_closed else _find_last_row_end(data)
        yield from _chunk_rows(data[:end].decode("utf-8"), book, position)
        position.offset += end
        rest = data[end:]
        if len(rest) > MAX_ROW:
            raise FileError("too_big", position.line + 1)


def _find_last_row_end(data):
    found = data.rfind(b"</row>")
    if found >= 0:
        return found + 6
    found = data.rfind(b":row>")
    return found + 5 if found >= 0 else 0


def _chunk_rows(xml, book, position):
    """Rows of a piece of XML; those that were read before are passed over."""
    columns = _COLUMNS
    for attributes, body in _ROW.findall(xml):
        number = _NUMBER.search(attributes)
        line = int(number[1]) if number else position.line + 1
        if line <= position.line:
            continue
        position.line = line
        row = []
        for letters, rest, content in _CELL.findall(body):
            index = columns[letters] if letters else len(row)
            if content:
                if index > len(row):
                    row.extend([""] * (index - len(row)))
                row.append(book.get_value(rest, content))
        if any(row):
            yield line, row


class _Columns(dict):
    """Numbers of the columns, A is 0."""

    def __missing__(self, letters):
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        if number > 16384:
            raise FileError("broken")
        self[letters] = number - 1
        return number - 1


_COLUMNS = _Columns()


# --- workbooks of the old kind


def open_old_workbook(stream):
    """A workbook of the years before 2007; it holds 65,536 rows a sheet at most.

    :return: xlrd.Book
    """
    stream.seek(0)
    try:
        return xlrd.open_workbook(
            file_contents=stream.read(),
            on_demand=True,
            ragged_rows=True,
            logfile=io.StringIO(),
        )
    except Exception as error:
        # A damaged file makes it raise anything, also AssertionError.
        password = "encrypted" in str(error) or "password" in str(error)
        raise FileError("password" if password else "broken") from error


def _detect_old_workbook(stream):
    names = open_old_workbook(stream).sheet_names()
    if not names:
        raise FileError("no_sheet")
    found = FileFormat(kind="xls", sheet=names[0], header_row=0)
    rows = []
    for _line, row in _read_old_workbook(stream, found, Position()):
        rows.append(row)
        if len(rows) == 200:
            break
    if not rows:
        raise FileError("empty")
    return FileFormat(
        kind="xls",
        sheet=names[0],
        sheets=tuple(names),
        header_row=guess_header_row(rows),
        size=stream.seek(0, io.SEEK_END),
    )


def _read_old_workbook(stream, file_format, position):
    book = open_old_workbook(stream)
    names = book.sheet_names()
    if not names:
        raise FileError("no_sheet")
    name = file_format.sheet if file_format.sheet in names else names[0]
    try:
        sheet = book.sheet_by_name(name)
        for number in range(position.line, sheet.nrows):
            position.line = number + 1
            row = [_show_old_cell(cell, book) for cell in sheet.row(number)]
            if any(row):
                yield number + 1, row
    except FileError:
        raise
    except Exception as error:
        # See open_old_workbook.
        raise FileError("broken", position.line + 1) from error
    position.is_end = True


def _show_old_cell(cell, book):
    """Text of a cell, as a person would type it."""
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return format_number(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return format_date(cell.value + 1462 * book.datemode)
    if cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    return str(cell.value)


READERS = {"csv": _read_text, "xlsx": _read_workbook, "xls": _read_old_workbook}
