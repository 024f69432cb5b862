"""Labels as a PDF whose millimetres are right on every printer.

Drawn without HTML: what turns a page into a PDF scales it, differently from one build
to the next, and a sheet of 24 labels would be a label off at its end. All measures are
in millimetres; plain Python, without Odoo.
"""

import re
from dataclasses import dataclass
from io import BytesIO

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

# A bar thinner than this is not read from the paper of a label printer.
MIN_BAR = 0.25
MAX_BAR = 0.5
QUIET = 2.0  # white on both sides of a barcode
REGULAR, BOLD = "Helvetica", "Helvetica-Bold"
EAN_BITS = (
    "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011"
).split()
EAN_PARITIES = (
    "AAAAAA AABABB AABBAB AABBBA ABAABB ABBAAB ABBBAA ABABAB ABABBA ABBABA"
).split()


@dataclass(frozen=True)
class Size:
    """How labels lie on a page; a roll is a page of one label."""

    width: float
    height: float
    columns: int = 1
    rows: int = 1
    page_width: float = 0.0
    page_height: float = 0.0
    left: float = 0.0
    top: float = 0.0
    padding: float = 2.0

    @property
    def page(self):
        """Width and height of the page in points."""
        width = self.page_width or self.width
        height = self.page_height or self.height
        return width * mm, height * mm

    @property
    def per_page(self):
        return self.columns * self.rows

    def corner(self, index):
        """Lower left corner of a label of the page, in points.

        :param int index: place on the page, row by row from the top left
        """
        row, column = divmod(index, self.columns)
        page_height = self.page_height or self.height
        x = self.left + column * self.width
        y = page_height - self.top - (row + 1) * self.height
        return x * mm, y * mm


SIZES = {
    "roll_57x32": Size(57, 32),
    "roll_100x50": Size(100, 50, padding=3),
    "a4_24": Size(70, 36, 3, 8, 210, 297, 0, 4.5, padding=4),
    "a4_65": Size(38.1, 21.2, 5, 13, 210, 297, 4.75, 10.7, padding=1.5),
}


@dataclass
class Label:
    """What stands on one label."""

    title: str
    code: str = ""
    text: str = ""
    note: str = ""
    is_big: bool = False  # the title is read from afar: a bin, a plate
    is_qr: bool = False
    copies: int = 1


def get_check_digit(digits):
    """Check digit of an EAN without it.

    :param str digits: 7 or 12 digits
    """
    pairs = zip(reversed(digits), (3, 1) * len(digits), strict=False)
    return str(-sum(int(digit) * weight for digit, weight in pairs) % 10)


def get_symbology(code):
    """How a code is printed as bars: what it is, if its check digit is right."""
    if code.isdecimal() and code.isascii() and len(code) in (8, 13):
        if get_check_digit(code[:-1]) == code[-1]:
            return f"EAN{len(code)}"
    return "Code128"


@dataclass
class Bars:
    """A barcode as the widths of its bars and gaps, in modules."""

    pattern: list  # pairs of first module and number of modules
    count: int
    height: float
    bar_width: float = 0.0

    @property
    def width(self):
        return self.count * self.bar_width

    def draw(self, canvas, x, y):
        """Draw it; its lower left corner is at x and y, in points."""
        path = canvas.beginPath()
        for first, modules in self.pattern:
            path.rect(
                x + first * self.bar_width, y, modules * self.bar_width, self.height
            )
        canvas.drawPath(path, stroke=0, fill=1)


def make_bars(code, height):
    """Bars of a code.

    :param float height: in points
    :raise ValueError: when the code has letters that bars do not know
    """
    kind = get_symbology(code)
    runs = get_ean_runs(code) if kind.startswith("EAN") else get_code128_runs(code)
    pattern, place = [], 0
    for number, modules in enumerate(runs):
        if number % 2 == 0:
            pattern.append((place, modules))
        place += modules
    return Bars(pattern, place, height)


def get_code128_runs(code):
    """Widths of bar, gap, bar … of a code in Code 128."""
    bars = Code128(code)
    bars.validate()
    if not bars.valid or not code.isprintable():
        raise ValueError(code)
    bars.encode()
    bars.decompose()
    # letters are bars, in capitals, and gaps: a is one module wide, b two …
    return [ord(letter.lower()) - ord("a") + 1 for letter in bars.decomposed]


def get_ean_runs(code):
    """Widths of bar, gap, bar … of an EAN of 8 or 13 digits."""
    if len(code) == 8:
        left, right, parities = code[:4], code[4:], "AAAA"
    else:
        left, right, parities = code[1:7], code[7:], EAN_PARITIES[int(code[0])]
    bits = "101"
    for digit, parity in zip(left, parities, strict=True):
        bits += _get_ean_bits(int(digit), parity)
    bits += "01010"
    for digit in right:
        bits += _get_ean_bits(int(digit), "C")
    bits += "101"
    return [len(run) for run in re.findall("0+|1+", bits)]


def _get_ean_bits(digit, parity):
    """Seven modules of a digit; the sets B and C are made of the set A."""
    bits = EAN_BITS[digit]
    if parity == "A":
        return bits
    turned = "".join("10"[int(bit)] for bit in bits)
    return turned if parity == "C" else turned[::-1]


def use_fonts(regular, bold):
    """Take fonts that know more alphabets than those inside every PDF reader.

    :param str regular, bold: paths of TrueType files
    :return: names of both fonts, those of the PDF reader where a file is not usable
    """
    names = []
    for name, path, fallback in (
        ("LabelRegular", regular, REGULAR),
        ("LabelBold", bold, BOLD),
    ):
        try:
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, path))
        except (TTFError, OSError):
            name = fallback
        names.append(name)
    return tuple(names)


def split_lines(text, font, size, width, limit):
    """Lines of a text that are no wider than ``width`` points.

    :param int limit: most lines; the last one ends in an ellipsis if more is left
    """
    lines, words = [], text.split()
    while words and len(lines) < limit:
        line = words.pop(0)
        while words and _get_width(f"{line} {words[0]}", font, size) <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(line)
    if words:
        lines[-1] = f"{lines[-1]} …"
    return [_cut(line, font, size, width) for line in lines]


def _get_width(text, font, size):
    return pdfmetrics.stringWidth(text, font, size)


def _cut(text, font, size, width):
    """Shorten a line that is too wide."""
    if _get_width(text, font, size) <= width:
        return text
    text = text.rstrip(" …")
    while text and _get_width(f"{text}…", font, size) > width:
        text = text[:-1]
    return f"{text}…"


class Printer:
    """Draws labels of one size."""

    def __init__(self, size, fonts=(REGULAR, BOLD), start=1):
        """Begin a document.

        :param Size size: what the paper is like
        :param tuple fonts: names of a regular and a bold font
        :param int start: first free label of the first sheet
        """
        self.size = size
        self.regular, self.bold = fonts
        self.index = (max(start, 1) - 1) % size.per_page
        self.buffer = BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=size.page)
        self.is_blank = True

    def render(self, labels):
        """Draw all labels with their copies.

        :param labels: iterable of Label
        :return: the PDF as bytes
        """
        for label in labels:
            for _copy in range(label.copies):
                self._next()
                self._draw(label)
        self.canvas.save()
        return self.buffer.getvalue()

    def _next(self):
        if self.index >= self.size.per_page:
            self.canvas.showPage()
            self.index = 0
        x, y = self.size.corner(self.index)
        padding = self.size.padding * mm
        self.x, self.y = x + padding, y + padding
        self.width = self.size.width * mm - 2 * padding
        self.height = self.size.height * mm - 2 * padding
        self.index += 1

    def _draw(self, label):
        bars = None
        if label.code and not label.is_qr:
            bars = self._get_bars(label.code)
        if label.code and bars is None:
            self._draw_with_qr(label)
        else:
            self._draw_with_bars(label, bars)

    def _draw_with_qr(self, label):
        """Square on the left, words on the right."""
        side = min(self.height, self.width * 0.45)
        drawing = createBarcodeDrawing(
            "QR", value=label.code, width=side, height=side, barBorder=0, barLevel="M"
        )
        renderPDF.draw(drawing, self.canvas, self.x, self.y + self.height - side)
        gap = 2 * mm
        code = label.code if label.code != label.title else ""
        rest = list(filter(None, (label.text, label.note, code)))
        left = side + gap
        self._draw_words(label, self.x + left, self.width - left, self.y, rest)

    def _draw_with_bars(self, label, bars):
        """Words above, bars below."""
        bottom = self.y
        if bars is not None:
            size = self._get_size(0.085, 5, 9)
            self._write_centred(label.code, size)
            left = self.x + (self.width - bars.width) / 2
            bars.draw(self.canvas, left, self.y + size * 1.15)
            bottom += bars.height + size * 1.4
        rest = [(label.text, label.note)] if label.text or label.note else []
        self._draw_words(label, self.x, self.width, bottom, rest)

    def _get_bars(self, code):
        """Bars of a code, None when they would be too thin to be read."""
        height = self.height * 0.36
        room = self.width - 2 * QUIET * mm
        try:
            bars = make_bars(code, height)
        except ValueError:
            return None  # letters that bars do not know
        if bars.count * MIN_BAR * mm > room:
            return None
        bars.bar_width = min(room / bars.count, MAX_BAR * mm)
        return bars

    def _get_size(self, share, least, most):
        """Size of letters that suits the label, in points."""
        return max(least, min(most, self.size.height * mm * share))

    def _write_centred(self, text, size):
        self.canvas.setFont(self.regular, size)
        text = _cut(text, self.regular, size, self.width)
        self.canvas.drawCentredString(self.x + self.width / 2, self.y, text)

    def _draw_words(self, label, x, width, bottom, rest):
        """Title and the lines below it from the top, as far as there is room.

        :param list rest: lines below the title, each a text or a pair of texts: one
            on the left, the other one on the right
        """
        top = self.y + self.height
        small = self._get_size(0.09, 5, 9)
        if label.is_big:
            top = self._draw_big_title(label.title, x, width, top, bottom)
        else:
            size = self._get_size(0.12, 6, 12)
            room = (top - bottom - len(rest) * small * 1.15) / (size * 1.15)
            limit = max(1, min(3, int(room)))
            lines = split_lines(label.title, self.bold, size, width, limit)
            top = self._write(lines, self.bold, size, x, top)
        for line in rest:
            if top - bottom < small:
                break
            left, right = line if isinstance(line, tuple) else (line, "")
            if right:
                self.canvas.setFont(self.bold, small)
                self.canvas.drawRightString(x + width, top - small * 0.85, right)
            room = width - _get_width(right, self.bold, small)
            lines = [_cut(left, self.regular, small, room)]
            top = self._write(lines, self.regular, small, x, top)

    def _draw_big_title(self, title, x, width, top, bottom):
        """The title as large as it fits in one line."""
        size = (top - bottom) * 0.6
        needed = _get_width(title, self.bold, size)
        if needed > width:
            size *= width / needed * 0.99
        size = max(size, 6)
        lines = [_cut(title, self.bold, size, width)]
        return self._write(lines, self.bold, size, x, top)

    def _write(self, lines, font, size, x, top):
        """Write lines downwards.

        :return: where the next line begins, in points
        """
        self.canvas.setFont(font, size)
        for line in lines:
            self.canvas.drawString(x, top - size * 0.85, line)
            top -= size * 1.15
        return top
