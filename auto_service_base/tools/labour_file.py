"""Reading of the files that suppliers of labour times send: CSV and XLSX, streamed.

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
import zipfile
from dataclasses import asdict, dataclass

#: Bytes that are looked at to guess delimiter, decimal sign and header.
SAMPLE_SIZE = 1 << 18
#: A record that spans more lines has a quotation mark that is never closed.
MAX_LINES_OF_RECORD = 50
DELIMITERS = (";", "\t", "|", ",")
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

    :param str code: broken, truncated, empty, no_sheet, quote, binary, archive
    :param int line: where, 0 when that is not known
    """

    def __init__(self, code, line=0):
        super().__init__(f"{code} at line {line}" if line else code)
        self.code = code
        self.line = line


@dataclass(frozen=True)
class FileFormat:
    """How a file is read. ``header_row`` 0: it has no header."""

    kind: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ";"
    decimal: str = "."
    sheet: str = ""
    sheets: tuple = ()
    header_row: int = 1
    size: int = 0

    def as_dict(self):
        return asdict(self)


@dataclass
class Position:
    """Where a reading stopped: bytes of the text read, number of the last line."""

    offset: int = 0
    line: int = 0
    is_end: bool = False


# --- opening


def open_file(stream):
    """The text or workbook inside a stream that may be packed.

    :param stream: binary file that can be rewound
    :return: pair (kind, binary file): csv or xlsx
    """
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    if head[:2] == b"\x1f\x8b":
        return "csv", gzip.GzipFile(fileobj=stream)
    if head == b"PK\x03\x04":
        return _open_zip(stream)
    if head[:4] == b"PK\x05\x06" or head[:4] == b"\xd0\xcf\x11\xe0":
        raise FileError("archive")
    return "csv", stream


def _open_zip(stream):
    try:
        archive = zipfile.ZipFile(stream)
    except zipfile.BadZipFile as error:
        raise FileError("broken") from error
    names = [info for info in archive.infolist() if not info.is_dir()]
    if any(info.filename.endswith("workbook.xml") for info in names):
        return "xlsx", archive
    if len(names) != 1:
        raise FileError("archive")
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
    encoding, size, sample = _scan(opened, language)
    text = sample.decode(encoding, "replace").lstrip("\ufeff")
    if not text.strip():
        raise FileError("empty")
    if text.count("\x00") > len(text) // 100:
        raise FileError("binary")
    lines = text.splitlines()[:200]
    delimiter = _guess_delimiter(lines)
    rows = list(csv.reader(lines, delimiter=delimiter))
    return FileFormat(
        encoding=encoding,
        delimiter=delimiter,
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
    except (EOFError, OSError, zipfile.BadZipFile) as error:
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
    reader = _read_workbook if kind == "xlsx" else _read_text
    rows = reader(opened, file_format, position)
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
        lines = _lines(opened, file_format.encoding, position)
    first = position.line + 1
    try:
        for row in csv.reader(lines, delimiter=file_format.delimiter):
            line = position.line
            if line - first > MAX_LINES_OF_RECORD:
                raise FileError("quote", first)
            first = line + 1
            if any(row):
                yield line, row
    except csv.Error as error:
        raise FileError("quote", first) from error
    except (EOFError, zipfile.BadZipFile, OSError) as error:
        raise FileError("truncated", first) from error
    position.is_end = True


def _lines(opened, encoding, position):
    """Lines of a text, counted; bytes that do not fit become \\ufffd.

    The CSV reader asks for a line only when it needs it: after each record the
    position is exactly behind it.
    """
    opened.seek(position.offset)
    if not position.offset and encoding == "utf-8" and opened.read(3) != MARKS[0][0]:
        opened.seek(0)
    position.offset = opened.tell()
    for raw in opened:
        position.offset += len(raw)
        position.line += 1
        text = raw.decode(encoding, "replace")
        yield text.replace("\x00", "\ufffd") if "\x00" in text else text


def _utf16_lines(opened, encoding, position):
    position.offset = opened.seek(position.offset or 2)
    text = io.TextIOWrapper(opened, encoding, errors="replace", newline="")
    try:
        for line in text:
            position.offset += len(line.encode(encoding, "replace"))
            position.line += 1
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


def _read_part(archive, name):
    try:
        return archive.read(name).decode("utf-8")
    except KeyError:
        return ""
    except (zipfile.BadZipFile, OSError, EOFError, UnicodeDecodeError) as error:
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


def _get_strings(archive):
    """Texts that the sheets share."""
    texts = []
    for found in _STRING.findall(_read_part(archive, "xl/sharedStrings.xml")):
        texts.append(_join_texts(found))
    return texts


def _join_texts(xml):
    if "rPh" in xml:
        xml = _PHONETIC.sub("", xml)
    text = "".join(_TEXT.findall(xml))
    return html.unescape(text) if "&" in text else text


def _get_time_styles(archive):
    """Numbers of the cell styles that show a duration or a time of day."""
    xml = _read_part(archive, "xl/styles.xml")
    formats = set(TIME_FORMATS)
    for found in re.findall(r"<(?:\w+:)?numFmt\s([^>]*?)/?>", xml):
        values = dict(_ATTRIBUTE.findall(found))
        code = re.sub(r'"[^"]*"|\[\$[^]]*\]', "", values.get("formatCode", "").lower())
        if "h" in code and "m" in code and "y" not in code and "d" not in code:
            formats.add(int(values.get("numFmtId", 0)))
    part = re.search(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", xml, re.DOTALL)
    found = re.findall(r"<(?:\w+:)?xf\s([^>]*?)/?>", part[0]) if part else []
    return {
        str(number)
        for number, text in enumerate(found)
        if int(dict(_ATTRIBUTE.findall(text)).get("numFmtId", 0)) in formats
    }


def _read_workbook(archive, file_format, position):
    sheets = _get_sheets(archive)
    path = sheets.get(file_format.sheet) or next(iter(sheets.values()), None)
    if not path:
        raise FileError("no_sheet")
    book = _Book(_get_strings(archive), _get_time_styles(archive))
    try:
        with archive.open(path) as sheet:
            sheet.seek(position.offset)
            yield from _sheet_rows(sheet, book, position)
    except (EOFError, zipfile.BadZipFile, OSError, UnicodeDecodeError) as error:
        raise FileError("broken", position.line + 1) from error
    except ValueError as error:
        if isinstance(error, FileError):
            raise
        raise FileError("broken", position.line + 1) from error
    position.is_end = True


@dataclass
class _Book:
    strings: list
    time_styles: set

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
        if self.time_styles and " s=" in f" {attributes}" and 't="' not in attributes:
            style = _STYLE.search(attributes)
            if text and style and style[1] in self.time_styles:
                return _format_duration(float(text))
        return text


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
