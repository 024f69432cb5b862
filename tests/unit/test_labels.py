"""Labels: sizes, codes and lines, without a database."""

import re

import pytest

from auto_service_warehouse.tools import labels

MM = 72 / 25.4
CODES = ["A-01-01", "TOOL:T0001", "WO:W00007", "4006381333931", "20000073", "1234567"]


def decode_ean(runs):
    """Digits of an EAN of 8 from the widths of its bars and gaps."""
    left = ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213"]
    left.append("3112")
    inner = runs[3:19] + runs[24:40]
    groups = ["".join(map(str, inner[at : at + 4])) for at in range(0, 32, 4)]
    return "".join(str(left.index(group)) for group in groups)


@pytest.mark.parametrize("code", ["20000073", "96385074", "12345670"])
def test_ean_of_8_digits_can_be_read_back(code):
    assert decode_ean(labels.get_ean_runs(code)) == code


@pytest.mark.parametrize(("code", "modules"), [("4006381333931", 95), ("20000073", 67)])
def test_ean_has_as_many_modules_as_the_standard_says(code, modules):
    assert sum(labels.get_ean_runs(code)) == modules


def test_code_128_is_that_of_the_standard():
    # start B, A, check sign, stop: 11 + 11 + 11 + 13 modules
    assert labels.get_code128_runs("A") == [
        *(2, 1, 1, 2, 1, 4),
        *(1, 1, 1, 3, 2, 3),
        *(1, 3, 1, 1, 2, 3),
        *(2, 3, 3, 1, 1, 1, 2),
    ]


@pytest.mark.parametrize("code", ["Ө-90", "tab\there"])
def test_letters_that_bars_do_not_know(code):
    with pytest.raises(ValueError, match=re.escape(code)):
        labels.get_code128_runs(code)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("4006381333931", "EAN13"),
        ("4006381333930", "Code128"),  # wrong check digit
        ("20000073", "EAN8"),
        ("12345", "Code128"),
        ("١٢٣٤٥٦٧٠", "Code128"),
    ],
)
def test_what_a_code_is(code, kind):
    assert labels.get_symbology(code) == kind


def get_pages(pdf):
    """Widths and heights of the pages, in millimetres."""
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    return [(float(width) / MM, float(height) / MM) for width, height in boxes]


def test_a_roll_has_one_label_a_page_of_its_size():
    size = labels.SIZES["roll_57x32"]
    pages = get_pages(labels.Printer(size).render([labels.Label("A", copies=3)]))
    assert len(pages) == 3
    assert pages[0] == pytest.approx((57, 32), abs=0.1)


def test_a_sheet_has_its_labels_where_the_paper_has_them():
    size = labels.SIZES["a4_24"]
    corners = [tuple(value / MM for value in size.corner(at)) for at in (0, 2, 23)]
    assert corners == pytest.approx([(0, 256.5), (140, 256.5), (140, 4.5)], abs=0.01)
    assert size.per_page == 24


@pytest.mark.parametrize("size", labels.SIZES)
def test_all_labels_are_on_the_paper(size):
    size = labels.SIZES[size]
    x, y = size.corner(size.per_page - 1)
    assert x / MM + size.width <= (size.page_width or size.width) + 0.01
    assert y >= -0.01


@pytest.mark.parametrize(("start", "pages"), [(1, 1), (24, 2), (25, 1), (0, 1)])
def test_a_sheet_that_was_begun_is_used_up(start, pages):
    printer = labels.Printer(labels.SIZES["a4_24"], start=start)
    assert len(get_pages(printer.render([labels.Label("A", copies=2)]))) == pages


@pytest.mark.parametrize("size", labels.SIZES)
@pytest.mark.parametrize("code", [*CODES, "X" * 60, ""])
@pytest.mark.parametrize("is_qr", [False, True])
def test_any_label_can_be_printed(size, code, is_qr):
    label = labels.Label("Oil filter " * 20, code, "OC 90", "12.40 €", is_qr=is_qr)
    assert labels.Printer(labels.SIZES[size]).render([label]).startswith(b"%PDF")


def test_bars_are_never_too_thin_to_be_read():
    printer = labels.Printer(labels.SIZES["roll_57x32"])
    printer._next()
    assert printer._get_bars("X" * 40) is None
    bars = printer._get_bars("A-01-01")
    assert labels.MIN_BAR <= bars.bar_width / MM <= labels.MAX_BAR + 0.01
    assert bars.width <= printer.width - 2 * labels.QUIET * MM + 0.01


def test_lines_are_as_wide_as_the_label_and_say_that_there_is_more():
    lines = labels.split_lines("one two three four five", "Helvetica", 10, 45, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert labels.split_lines("W" * 50, "Helvetica", 10, 45, 2)[0].endswith("…")
    assert labels.split_lines("", "Helvetica", 10, 45, 2) == []
