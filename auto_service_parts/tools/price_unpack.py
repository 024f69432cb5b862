"""Packed files and workbooks of suppliers, laid out on the disk to be read in steps.

Plain Python, no ORM. A workbook of a million rows holds its texts apart from its cells;
on the disk both are read with little memory, and a step goes on where the last one
stopped without unpacking anything again.
"""

import csv
import fnmatch
import gzip
import json
import mmap
import shutil
from array import array
from dataclasses import dataclass

from odoo.addons.auto_service_base.tools import table_file
from odoo.addons.auto_service_base.tools.table_file import ARCHIVE_ERRORS, FileError

#: A price list of ten million rows unpacked has about as many bytes.
MAX_BYTES = 3 << 30
#: Room that must stay free on the disk.
FREE_BYTES = 1 << 29
TABLES = (".csv", ".txt", ".xls", ".xlsx", ".tsv", ".tab", ".prn")
#: Texts that are kept ready while a step runs.
MAX_READY = 50_000


def unpack(path, folder, mask="", limit=MAX_BYTES):
    """The table inside a packed file.

    :param Path path: of the file
    :param Path folder: where it may be unpacked
    :param str mask: of the member of a ZIP, ``*Moscow*`` for example
    :param int limit: bytes that an unpacked file may have
    :return: Path of a CSV, XLS or XLSX file; ``path`` when it is none that is packed
    :raise FileError: when there is no such thing, or it is too big
    """
    with path.open("rb") as stream:
        kind = table_file.sniff(stream)
        if kind == "gz":
            return _copy(gzip.GzipFile(fileobj=stream), folder / "table", limit)
        if kind in ("rar", "archive"):
            raise FileError(kind)
        if kind != "zip":
            return path
        archive = table_file.open_archive(stream)
        if table_file.is_workbook(archive):
            return path
        member = _choose_member(archive, mask)
        try:
            return _copy(archive.open(member), folder / "table", limit)
        except FileError:
            raise
        except ARCHIVE_ERRORS as error:
            raise FileError("archive") from error


def get_members(path):
    """Names of the tables in a ZIP; empty for another file.

    :return: list of str
    """
    with path.open("rb") as stream:
        if table_file.sniff(stream) != "zip":
            return []
        archive = table_file.open_archive(stream)
        if table_file.is_workbook(archive):
            return []
        return [info.filename for info in _get_tables(archive)]


def _get_tables(archive):
    """Members that may be tables: by the ending of the name, else all of them."""
    infos = [
        info
        for info in archive.infolist()
        if not info.is_dir() and "__MACOSX" not in info.filename
    ]
    tables = [info for info in infos if info.filename.lower().endswith(TABLES)]
    return tables or infos


def _choose_member(archive, mask):
    tables = _get_tables(archive)
    if mask:
        tables = [
            info
            for info in tables
            if fnmatch.fnmatch(info.filename.lower(), mask.lower())
        ]
    if not tables:
        raise FileError("no_member" if mask else "empty")
    if len(tables) > 1:
        raise FileError("members")
    if tables[0].flag_bits & 1:
        raise FileError("password")
    return tables[0]


def _copy(source, target, limit):
    """Unpack piece by piece, up to the limit.

    :return: Path of the target
    """
    room = shutil.disk_usage(target.parent).free - FREE_BYTES
    count = 0
    try:
        with source, target.open("wb") as stream:
            while chunk := source.read(1 << 20):
                count += len(chunk)
                if count > min(limit, room):
                    raise FileError("too_big")
                stream.write(chunk)
    except FileError:
        target.unlink()
        raise
    except ARCHIVE_ERRORS as error:
        target.unlink()
        raise FileError("truncated") from error
    return target


# --- workbooks


def lay_out(path, file_format, folder, limit=MAX_BYTES):
    """Write what ``read_table`` needs besides the file itself; nothing for a CSV.

    :param FileFormat file_format: of the file
    :return: FileFormat that ``read_table`` takes
    """
    if file_format.kind == "xlsx":
        _lay_out_workbook(path, file_format, folder, limit)
    elif file_format.kind == "xls":
        return _lay_out_old_workbook(path, file_format, folder)
    return file_format


def _lay_out_workbook(path, file_format, folder, limit):
    with path.open("rb") as stream:
        archive = table_file.open_archive(stream)
        write_strings(table_file.iter_strings(archive), folder, limit)
        styles = table_file.get_styles(archive)
        (folder / "styles.json").write_text(json.dumps(styles))
        part = table_file.get_sheet_path(archive, file_format.sheet)
        try:
            _copy(archive.open(part), folder / "sheet.xml", limit)
        except FileError:
            raise
        except ARCHIVE_ERRORS as error:
            raise FileError("broken") from error


def _lay_out_old_workbook(path, file_format, folder):
    """An old workbook is small: it becomes a CSV."""
    whole = table_file.FileFormat(**{**file_format.as_dict(), "header_row": 0})
    target = folder / "table.csv"
    with path.open("rb") as stream, target.open("w", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        last = 0
        for line, row in table_file.read_rows(stream, whole):
            out.write("\n" * (line - last - 1))
            writer.writerow(" ".join(cell.split()) for cell in row)
            last = line
    changes = {"kind": "csv", "encoding": "utf-8", "delimiter": ";", "quote": '"'}
    values = {**file_format.as_dict(), **changes, "size": target.stat().st_size}
    return table_file.FileFormat(**values)


def read_table(path, file_format, folder, position):
    """Rows below the header, from where ``position`` says.

    :param Path path: of the file that ``lay_out`` was given
    :return: generator of pairs (line, list of str)
    """
    if file_format.kind == "xlsx":
        return _read_workbook(file_format, folder, position)
    target = folder / "table.csv"
    return _read_text(target if target.exists() else path, file_format, position)


def _read_text(path, file_format, position):
    with path.open("rb", buffering=1 << 18) as stream:
        yield from table_file.read_rows(stream, file_format, position)


def _read_workbook(file_format, folder, position):
    styles = json.loads((folder / "styles.json").read_text())
    with Strings(folder) as strings, (folder / "sheet.xml").open("rb") as sheet:
        book = Book(strings, styles, file_format.decimal)
        for line, row in table_file.read_sheet(sheet, book, position):
            if line > file_format.header_row:
                yield line, row


@dataclass
class Book(table_file.Book):
    """Book whose numbers are written with the decimal sign of the list.

    Texts have it already; numbers of a workbook always come with a point, and one with
    three decimals would be read as thousands.

    :param str decimal: decimal sign
    """

    decimal: str = "."

    def _show_number(self, attributes, text):
        return super()._show_number(attributes, text).replace(".", self.decimal)


def write_strings(strings, folder, limit=MAX_BYTES):
    """Shared texts of a workbook: one file of texts, one of their places."""
    places = array("Q", [0])
    offset = 0
    with (
        (folder / "strings.txt").open("wb") as texts,
        (folder / "strings.idx").open("wb") as index,
    ):
        for text in strings:
            raw = text.encode("utf-8", "replace")
            texts.write(raw)
            offset += len(raw)
            places.append(offset)
            if offset > limit:
                raise FileError("too_big")
            if len(places) > MAX_READY:
                places.tofile(index)
                places = array("Q")
        places.tofile(index)


class Strings:
    """Sequence of the texts that ``write_strings`` wrote, read from the disk."""

    def __init__(self, folder):
        self.folder = folder
        self.ready = {}
        self.streams = []

    def __enter__(self):
        self.texts = self._map("strings.txt")
        self.index = memoryview(self._map("strings.idx")).cast("Q")
        return self

    def __exit__(self, *_details):
        self.index.release()
        for stream in self.streams:
            stream.close()

    def _map(self, name):
        path = self.folder / name
        if not path.stat().st_size:
            return b""
        with path.open("rb") as stream:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self.streams.append(mapped)
        return mapped

    def __getitem__(self, number):
        text = self.ready.get(number)
        if text is None:
            if len(self.ready) > MAX_READY:
                self.ready.clear()
            start, end = self.index[number], self.index[number + 1]
            text = self.texts[start:end].decode("utf-8", "replace")
            self.ready[number] = text
        return text
