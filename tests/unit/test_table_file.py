"""Files of labour times: guessed, read in steps, and every row judged."""

import gzip
import io
import itertools
import zipfile

import pytest

from auto_service_base.tools import labour_column, labour_row, table_file

RUSSIAN = "Код;Наименование работы;Норма, ч;Марка;Модель;Двигатель\n" + (
    "З-01;Замена ремня;1,5;Лада;Веста;21129\nЗ-02;Замена насоса;0,75;Лада;Веста;21129\n"
)
SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
    'spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)


def read(content, **changes):
    """Rows of a file, with the format that is guessed."""
    stream = io.BytesIO(content)
    found = table_file.detect(stream)
    found = table_file.FileFormat(**{**found.as_dict(), **changes})
    return found, [row for _line, row in table_file.read_rows(stream, found)]


def make_workbook(rows, **parts):
    """A workbook with one sheet; texts are inline."""
    xml = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{"ABCDEFGH"[place]}{number}" t="inlineStr"><is><t>{cell}</t></is>'
            "</c>"
            if isinstance(cell, str)
            else f'<c r="{"ABCDEFGH"[place]}{number}"><v>{cell}</v></c>'
            for place, cell in enumerate(row)
            if cell is not None
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    files = {
        "xl/workbook.xml": '<workbook><sheets><sheet name="Times" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": SHEET % xml,
        **parts,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


def judge(header, *rows, **options):
    """Parser after it has read the rows."""
    parser = labour_row.RowParser(labour_column.guess_fields(header), **options)
    parser.lines = [parser.parse(n, list(row)) for n, row in enumerate(rows, 2)]
    return parser


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1251", "koi8-r", "cp866", "utf-16"]
)
def test_encoding_of_a_russian_file(encoding):
    found, rows = read(RUSSIAN.encode(encoding))
    assert rows[0][:3] == ["З-01", "Замена ремня", "1,5"]
    assert (found.delimiter, found.decimal, found.header_row) == (";", ",", 1)


def test_language_settles_what_bytes_cannot():
    content = "kód;óra\nA;1,5\nfűtő;2,5\n".encode("cp1250")
    assert table_file.detect(io.BytesIO(content), "hu_HU").encoding == "cp1250"
    assert table_file.detect(io.BytesIO(content), "de_DE").encoding == "cp1252"


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_delimiter(sign):
    content = f"Code{sign}Name{sign}Hours\nA{sign}x{sign}1.5\nB{sign}y{sign}2.5\n"
    found, rows = read(content.encode())
    assert found.delimiter == sign
    assert rows[1] == ["B", "y", "2.5"]


def test_titles_above_the_header_are_passed_over():
    content = b"Labour guide 2026\n\nCode;Name;Hours\nA;x;1,5\nB;y;2,5\n"
    found, rows = read(content)
    assert found.header_row == 3
    assert len(rows) == 2


def test_a_file_without_header():
    found, rows = read(b"A;x;1,5\nB;y;2,5\n")
    assert found.header_row == 0
    assert len(rows) == 2


@pytest.mark.parametrize("pack", [gzip.compress, lambda text: zip_of(text)])
def test_packed_files(pack):
    _found, rows = read(pack(RUSSIAN.encode("cp1251")))
    assert len(rows) == 2


def zip_of(content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("times.csv", content)
    return stream.getvalue()


@pytest.mark.parametrize("step", [1, 3, 7])
@pytest.mark.parametrize("kind", ["utf-8", "cp1251", "utf-16", "gz", "xlsx"])
def test_reading_in_steps_loses_nothing(kind, step):
    lines = [f'Ж{n};"two\nlines {n}";{n},5\n' for n in range(1, 40)]
    text = "Код;Имя;Часы\n" + "".join(lines)
    if kind == "xlsx":
        rows = [["Код", "Имя", "Часы"], *([f"Ж{n}", "x", n + 0.5] for n in range(39))]
        content = make_workbook(rows)
    else:
        content = text.encode("utf-8" if kind == "gz" else kind)
        content = gzip.compress(content) if kind == "gz" else content
    stream = io.BytesIO(content)
    found = table_file.detect(stream)
    whole = list(table_file.read_rows(stream, found))
    position, parts = table_file.Position(), []
    while not position.is_end:
        position = table_file.Position(position.offset, position.line)
        reader = table_file.read_rows(stream, found, position)
        part = list(itertools.islice(reader, step))
        parts += part
        if len(part) < step:
            break
    assert parts == whole
    assert len(whole) == 39


def test_workbook_with_gaps_shared_texts_and_times_of_day():
    sheet = SHEET % (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"><v>0.03125</v></c>'
        "</row>"
        '<row r="3"/><row r="4"><c r="B4"><v>1.5</v></c><c r="D4" t="str"><v>x</v></c>'
        "</row>"
    )
    content = make_workbook(
        [],
        **{
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": "<sst><si><t>Code</t></si><si><r><t>Ho</t></r><r>"
            "<t>urs</t></r></si><si><t>A &amp; B</t></si></sst>",
            "xl/styles.xml": '<styleSheet><cellXfs><xf numFmtId="0"/>'
            '<xf numFmtId="20"/></cellXfs></styleSheet>',
        },
    )
    _found, rows = read(content, header_row=1)
    assert rows == [["A & B", "0:45"], ["", "1.5", "", "x"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"PK\x03\x04 this was a workbook", "broken"),
        (bytes(range(256)) * 8 + bytes(4000), "binary"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "broken"),
        (b"Rar!\x1a\x07\x00" + bytes(100), "rar"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), "archive"),
        (gzip.compress(RUSSIAN.encode() * 90)[:-30], "truncated"),
    ],
)
def test_files_that_cannot_be_read(content, code):
    with pytest.raises(table_file.FileError) as error:
        read(content)
    assert error.value.code == code


def test_a_workbook_that_is_cut_off():
    half = (SHEET % ('<row r="1"><c r="A1"><v>1</v></c></row>' * 3))[:-40]
    content = make_workbook([], **{"xl/worksheets/sheet1.xml": half})
    with pytest.raises(table_file.FileError, match="truncated"):
        read(content)


def test_a_quotation_mark_that_is_never_closed():
    content = 'Code;Hours\nA;"1,5\n' + "B;2\n" * 200
    with pytest.raises(table_file.FileError) as error:
        read(content.encode(), delimiter=";", header_row=1, quote='"')
    assert (error.value.code, error.value.line) == ("quote", 2)


def test_quotation_marks_that_stand_for_inches():
    found, rows = read(('Code;Name\nA;"15 rim\n' + "B;rim\n" * 200).encode())
    assert not found.quote
    assert rows[:2] == [["A", '"15 rim'], ["B", "rim"]]
    assert len(rows) == 201


def test_a_line_without_end_is_no_table():
    with pytest.raises(table_file.FileError) as error:
        read(b"Code;Hours\n" + b"x" * (table_file.MAX_LINE + 1))
    assert error.value.code == "long_line"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ('<c r="A1"><v>1.23456789012E11</v></c>', "123456789012"),
        ('<c r="A1"><v>1.5E-3</v></c>', "0.0015"),
        ('<c r="A1" s="1"><v>45323</v></c>', "2024-02-01"),
        ('<c r="A1" t="e"><v>#REF!</v></c><c r="B1"><v>1</v></c>', ""),
    ],
)
def test_what_a_workbook_makes_of_numbers(xml, text):
    sheet = SHEET % f'<row r="1">{xml}<c r="C1"><v>1</v></c></row>'
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    parts = {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": styles + "</styleSheet>",
    }
    _found, rows = read(make_workbook([], **parts), header_row=0)
    assert rows[0][0] == text


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (["Code", "Hours", "Unit"], ["operation_code", "value", "unit"]),
        (
            ["Arbeitsnummer", "Bezeichnung", "AW", "Marke", "Modell", "MKB", "Hubraum"],
            [
                *("operation_code", "operation_name", "value", "make", "model"),
                *("engine_code", "capacity"),
            ],
        ),
        (
            ["Код работы", "Норма времени, ч", "К-тип", "Двигатель", "Год выпуска"],
            ["operation_code", "hours", "ktype", "engine_code", "years"],
        ),
        (
            ["Töö kood", "Tunnid", "Mark", "Mudel", "Kütus", "Aasta alates"],
            ["operation_code", "hours", "make", "model", "fuel", "year_from"],
        ),
        (
            ["Munkakód", "Óra", "Gyártó", "Típus", "Üzemanyag", "Megjegyzés"],
            ["operation_code", "hours", "make", "model", "fuel", "note"],
        ),
        (["Hours (standard)", "foo", ""], ["hours", None, None]),
    ],
)
def test_meaning_of_headers(header, fields):
    assert labour_column.guess_fields(header) == fields


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Zeit (AW 5 min)", "aw5"),
        ("Норма, мин", "min"),
        ("Arbeitswert ZE", "ze"),
        ("Tunnid", "h"),
        ("AW", None),
        ("Норма, ч", "h"),
    ],
)
def test_unit_in_the_header(header, unit):
    assert labour_column.guess_unit(header) == unit


HEADER = ["Code", "Value", "Unit", "Make", "Model", "Engine code", "ccm", "kW", "Year"]


def test_a_row_in_the_form_of_the_database():
    parser = judge(
        HEADER,
        ["A", "12", "AW 5", "VW", "Golf", "bkc", "1.9", "105 PS", "2004-2008"],
        decimal=".",
    )
    values = parser.lines[0].rstrip("\n").split("\t")
    assert values[:7] == ["2", "1", "1", "standard", "1", "12", "aw5"]
    assert parser.new_vehicles == [
        (
            1,
            (
                *("", "VW", "Golf", "", "bkc", 1850, 1949, 77.2, 77.2),
                *(None, None, None, None, 2004, 2008),
            ),
        )
    ]


def test_columns_in_any_order_mean_the_same():
    row = dict(zip(HEADER, ["A", "2", "h", "VW", "Golf", "", "", "", ""], strict=True))
    turned = list(reversed(HEADER))
    first = judge(HEADER, list(row.values()))
    second = judge(turned, [row[name] for name in turned])
    assert first.lines == second.lines
    assert first.new_vehicles == second.new_vehicles


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["", "1", "h"], "no_operation"),
        (["A", "", "h"], "no_time"),
        (["A", "-1", "h"], "negative"),
        (["A", "0", "h"], "zero"),
        (["A", "one", "h"], "number"),
        (["A", "1", "furlong"], "unit"),
        (["A", "10", "AW"], "ambiguous"),
        (["A", "5000", "h"], "too_long"),
        (["A", "1", "h", "", "Golf"], "make"),
        (["A", "1", "h", "VW", "Golf", "", "big"], "capacity"),
        (["A", "1", "h", "VW", "Golf", "", "", "strong"], "power"),
        (["A", "1", "h", "VW", "Golf", "", "", "", "old"], "year"),
        (["A", "1", "h", "VW", "Golf", "", "", "", "2008-2004"], "order"),
        (["A", "1", "h", "VW", "Golf", "", "", "", "", "more"], "columns"),
        (["A\ufffd", "1", "h"], "encoding"),
    ],
)
def test_bad_rows_say_why(cells, code):
    parser = judge(HEADER, cells, unit="h")
    assert parser.lines == [None]
    assert [item.code for item in parser.problems] == [code]
    assert parser.problems[0].line == 2


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1,5", ",", 1.5),
        ("1.234,50", ",", 1234.5),
        ("1.500", ",", 1500),
        ("1.500", ".", 1.5),
        ("0.75", ",", 0.75),
        ("1,5", ".", 1.5),
        ("7.5E-2", ".", 0.075),
        ("0:45", ",", 0.75),
    ],
)
def test_decimal_signs(text, decimal, number):
    assert labour_row.parse_decimal("hours", text, decimal) == pytest.approx(number)


@pytest.mark.parametrize(
    "text",
    ["2026-11-21", "21.11.2026", "21/11/2026", "11/21/2026", "46347", "21.11.26"],
)
def test_dates(text):
    assert str(labour_row.parse_date("valid_from", text)) == "2026-11-21"


def test_a_file_without_operations():
    parser = judge(["Hours", "Make"], ["1", "VW"])
    assert parser.lines == [None]
    assert [item.code for item in parser.problems] == ["no_operation"]


def test_relations():
    header = ["Code", "Hours", "Relation", "Related operation", "Relation hours"]
    parser = judge(
        header,
        ["WP", "", "combination", "TB", "0,3"],
        ["WP", "", "combination", "TB", ""],
        ["WP", "", "includes", "", ""],
        ["WP", "", "sometimes", "TB", ""],
    )
    assert parser.lines[0].split("\t")[9:12] == ["combination", "2", "0.3"]
    codes = [item.code for item in parser.problems]
    assert codes == ["no_relation_hours", "no_related", "relation_kind"]
