"""Price lists for tests: good ones, and what can happen to them on the way."""

import gzip
import io
import random
import zipfile

import xlsxwriter

HEADER = ("Бренд", "Артикул", "Наименование", "Цена", "Остаток", "Срок")
BRANDS = ("BOSCH", "MANN-FILTER", "MAHLE", "FEBI", "KYB", "LEMFORDER", "NGK")


def make_rows(count=300, start=0):
    """Rows of a good list: brand, number, name, price, quantity, term.

    :return: list of tuples of str; decimal commas
    """
    return [
        (
            BRANDS[number % 7],
            f"{100 + number % 900} {number:05d}-{number % 90:02d}",
            f"Фильтр масляный {number}",
            f"{10 + number * 7 % 4000},{number % 90 + 10}",
            (">10", "5", "12", "+")[number % 4],
            ("1", "2-3", "5")[number % 3],
        )
        for number in range(start, start + count)
    ]


def make_text(rows=None, header=HEADER, delimiter=";"):
    """A text with line ends of Windows, as suppliers send it."""
    lines = [header] if header else []
    lines += make_rows() if rows is None else rows
    return "".join(delimiter.join(row) + "\r\n" for row in lines)


def make_csv(rows=None, encoding="cp1251", **options):
    return make_text(rows, **options).encode(encoding, "replace")


def make_zip(**files):
    """A ZIP of the contents; ``__`` in names stands for the point."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def make_xlsx(rows=None, header=HEADER):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Прайс")
    for line, row in enumerate([header, *(make_rows() if rows is None else rows)]):
        sheet.write_row(line, 0, row)
    book.close()
    return stream.getvalue()


def make_corpus():
    """More than two hundred damaged files.

    :return: generator of pairs (what happened, bytes)
    """
    good = make_csv()
    yield from _cut(good)
    yield from _encoded()
    yield from _moved()
    yield from _broken_cells()
    yield from _broken_bytes(good)
    yield from _broken_archives(good)
    yield from _odd_files(good)


def _cut(good):
    """Files that end too early, and those of half the rows."""
    for percent in range(1, 49):
        yield f"cut after {percent} %", good[: len(good) * percent // 100]
    lines = good.splitlines(keepends=True)
    for count in (0, 1, 2, 5, 50, 100, 140):
        yield f"{count} rows", b"".join(lines[: count + 1])
    for length in (1, 3, 8, 15, 20):
        yield f"{length} bytes missing at the end", good[:-length]


def _encoded():
    """Files in another encoding than before."""
    text = make_text()
    for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "koi8-r", "cp866"):
        yield f"in {name}", text.encode(name, "replace")
    for name in ("mac-cyrillic", "iso8859-5"):
        yield f"in {name}", text.encode(name, "replace")
    twice = text.encode("utf-8").decode("cp1251", "replace").encode("utf-8")
    yield "encoded twice", twice


def _moved():
    """Columns that stand elsewhere, under their names or not."""
    rows = make_rows()
    randomly = random.Random(5)
    for number in range(40):
        order = list(range(6))
        randomly.shuffle(order)
        if order == list(range(6)):
            continue
        moved = [tuple(row[place] for place in order) for row in rows]
        header = tuple(HEADER[place] for place in order)
        yield f"moved {number}", make_csv(moved, header=header)
        yield f"moved below the header {number}", make_csv(moved)
    for first in range(6):
        for second in range(first):
            order = list(range(6))
            order[first], order[second] = second, first
            moved = [tuple(row[place] for place in order) for row in rows]
            yield f"{first} and {second} swapped", make_csv(moved)
    for place in range(6):
        less = [row[:place] + row[place + 1 :] for row in rows]
        yield f"column {place} is missing", make_csv(less)
        header = HEADER[:place] + HEADER[place + 1 :]
        yield f"column {place} is gone", make_csv(less, header=header)
        renamed = (*HEADER[:place], "Поле", *HEADER[place + 1 :])
        yield f"column {place} is renamed", make_csv(header=renamed)
    yield "no header", make_csv(header=None)
    yield "columns twice", make_csv([row + row for row in rows], header=HEADER * 2)


def _broken_cells():
    """Cells that mean nothing, or something else."""
    for place, text in (
        *((place, "") for place in (0, 1, 3)),
        *((1, text) for text in ("1,23E+11", "01.02.2024", "1-янв", "-", "###")),
        *((3, text) for text in ("#N/A", "по запросу", "-5", "1e99", "0", "nan")),
        *((4, text) for text in ("#REF!", "хз", "-5-", "9" * 40)),
        *((place, "\ufffd\ufffd") for place in (0, 1, 2)),
    ):
        rows = [(*row[:place], text, *row[place + 1 :]) for row in make_rows()]
        content = make_csv(rows) if "\ufffd" not in text else None
        yield (
            f"{text!r} in column {place}",
            content or make_csv(rows).replace(b"??", b"\x98\x98"),
        )
    hundredfold = [(*row[:3], row[3].replace(",", ""), *row[4:]) for row in make_rows()]
    yield "decimals lost", make_csv(hundredfold)
    yield "another list", make_csv(make_rows(300, start=50_000))
    yield (
        "delimiter in the names",
        make_csv([(*row[:2], f"{row[2]}; левый", *row[3:]) for row in make_rows()]),
    )


def _broken_bytes(good):
    """Bytes that were changed."""
    randomly = random.Random(7)
    for number in range(20):
        content = bytearray(good)
        for _time in range(len(content) // 10):
            content[randomly.randrange(len(content))] = randomly.randrange(256)
        yield f"a tenth of the bytes changed {number}", bytes(content)
    yield "NULs everywhere", b"\x00".join(good[i : i + 1] for i in range(len(good)))
    yield "NULs in the middle", good[:2000] + bytes(5000) + good[2000:]
    yield "random bytes", randomly.randbytes(20_000)
    yield "only NULs", bytes(5000)
    yield "quote at the start", b'"' + good
    lines = good.splitlines(keepends=True)
    yield "quotes never closed", b'"'.join(lines)
    yield (
        "a quote in the middle",
        b"".join([*lines[:100], b'"' + lines[100], *lines[101:]]),
    )
    yield "line ends of old Macs", good.replace(b"\r\n", b"\r")
    yield "no line ends", good.replace(b"\r\n", b";")


def _broken_archives(good):
    """Packed files that are damaged, or hold something else."""
    packed, zipped, book = gzip.compress(good), make_zip(list__csv=good), make_xlsx()
    for name, content in (("gz", packed), ("zip", zipped), ("xlsx", book)):
        for percent in (5, 30, 60, 90, 99):
            yield (
                f"{name} cut after {percent} %",
                content[: len(content) * percent // 100],
            )
        spoilt = bytearray(content)
        for place in range(60, len(spoilt), 97):
            spoilt[place] ^= 0x55
        yield f"{name} spoilt", bytes(spoilt)
    yield "two lists in a ZIP", make_zip(a__csv=good, b__csv=good)
    yield "a ZIP without files", make_zip()
    yield "a ZIP in a ZIP", make_zip(list__zip=zipped)
    yield "a ZIP of a picture", make_zip(list__png=b"\x89PNG\r\n\x1a\n" + bytes(900))
    yield "zip bomb", make_zip(list__csv=bytes(40_000_000))
    yield "workbook without rows", make_xlsx([], header=())
    yield "workbook of half the rows", make_xlsx(make_rows(100))


def _odd_files(good):
    """What is no price list at all."""
    yield "nothing", b""
    yield "a line end", b"\r\n"
    yield "an error page", b"<!DOCTYPE html><html><body>500 Error</body></html>"
    yield "a login page", b"<html>" + b"<div>\xcb\xee\xe3\xe8\xed</div>\n" * 400
    yield "JSON", b'{"error": "no access", "rows": []}'
    yield "RAR", b"Rar!\x1a\x07\x00" + good
    yield "7z", b"7z\xbc\xaf\x27\x1c" + good
    yield "old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
    yield "PDF", b"%PDF-1.7\n" + good
    yield "only the header", make_csv([])
    yield (
        "only headings",
        make_csv([("", "", f"Группа {n}", "", "", "") for n in range(99)]),
    )
    yield "one long line", b"x" * 2_000_000
