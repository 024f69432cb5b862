"""Which column of a supplier's price list means what, guessed from its header.

Plain Python, no ORM. Headers are compared without case, accents and signs.
"""

import re

from odoo.addons.auto_service_base.tools.labour_column import fold_header

from .part_number import number_key
from .part_price import parse_price

#: Headers that are understood, in English, German, Russian, Estonian and Hungarian.
SYNONYMS = {
    "brand": """brand, manufacturer, maker, make, producer, vendor, brand name, mfr,
        hersteller, marke, lieferant, бренд, производитель, марка, фирма,
        изготовитель, фирма производитель, торговая марка, вендор, tootja, bränd,
        gyarto, marka""",
    "number": """number, part number, part no, article, article number, sku,
        catalog number, catalogue number, item, item number, item no, part,
        partnumber, mpn, oem, manufacturer number, artikel, artikelnummer, artikel nr,
        teilenummer, art nr, артикул, номер, каталожный номер, номер детали,
        код детали, каталожный, кат номер, № детали, номер по каталогу,
        код производителя, артикул производителя, tootekood, kood, varuosa number,
        artikli number, cikkszam, gyari szam""",
    "name": """name, description, title, part name, item name, designation,
        bezeichnung, beschreibung, benennung, наименование, название, описание,
        номенклатура, товар, наименование товара, деталь, nimetus, kirjeldus, toode,
        megnevezes, leiras""",
    "price": """price, net price, cost, purchase price, your price, unit price, preis,
        nettopreis, einkaufspreis, ek, ek preis, цена, цена руб, стоимость, опт,
        цена опт, оптовая цена, закупочная цена, ваша цена, цена клиента,
        цена закупки, прайс, hind, ostuhind, neto hind, ar, netto ar, beszerzesi ar,
        egysegar""",
    "quantity": """quantity, qty, stock, available, availability, in stock, on hand,
        amount, menge, bestand, lagerbestand, verfugbar, количество, кол во, колво,
        остаток, остатки, наличие, склад кол во, в наличии, доступно, кол, kogus,
        laoseis, laos, saadavus, keszlet, mennyiseg, raktarkeszlet""",
    "term": """term, delivery, delivery time, delivery days, lead time, days, hours,
        delivery hours, term hours, term days, часов, часы, срок часов, tundi, tund,
        delivery term, eta, lieferzeit, liefertage, tage, срок, срок поставки,
        доставка, дней, дни, срок доставки, срок дней, время поставки, поставка,
        tarneaeg, tahtaeg, paevad, szallitas, szallitasi ido, hatarido""",
    "multiplicity": """multiplicity, packing, pack, package, lot, pack size,
        packing unit, order multiple, verpackungseinheit, vpe, кратность, упаковка,
        кратно, норма упаковки, партия, мин партия, pakend, pakis, csomagolas,
        csomag""",
    "min_quantity": """min quantity, minimum quantity, min order, minimum order, moq,
        min qty, mindestmenge, минимальный заказ, мин заказ, минимальная партия,
        мин кол во, минимум, min kogus, minimum, min mennyiseg""",
    "warehouse": """warehouse, location, store, depot, branch, lager, filiale, склад,
        регион, город, место хранения, направление, ladu, raktar""",
    "currency": """currency, waehrung, wahrung, валюта, valuuta, penznem, deviza""",
    "core_price": """core, core price, deposit, core charge, exchange deposit, pfand,
        altteil, altteilpfand, залог, залоговая стоимость, депозит, tagatisraha,
        betetdij""",
    "price_cap": """price cap, retail price, recommended price, rrp, list price,
        max price, msrp, uvp, unverbindliche preisempfehlung, ррц, рекомендуемая цена,
        розничная цена, розница, цена розница, прц, мрц, jaehind, soovituslik hind,
        fogyaszto ar""",
    "supplier_code": """code, supplier code, internal code, id, our code, item code,
        kod, код, код товара, внутренний код, код поставщика, код 1с, id товара,
        hankija kood, cikk azonosito""",
    "note": """note, notes, comment, remark, remarks, info, hinweis, bemerkung,
        примечание, комментарий, доп информация, markus, megjegyzes""",
    "no_return": """no return, non returnable, not returnable, keine ruckgabe,
        невозвратный, без возврата, возврат невозможен, невозврат""",
}
#: What the cells of a column without header may show.
_AMOUNT = re.compile(r"\d[\d\s.,]*\Z")


def _read_synonyms():
    found = {}
    for meaning, words in SYNONYMS.items():
        for word in [meaning.replace("_", " "), *words.split(",")]:
            found.setdefault(fold_header(word), meaning)
    return found


HEADERS = _read_synonyms()


def guess_meanings(header, rows=()):
    """What each column means.

    Exact names first; then names with something added, such as "Цена, руб."; then, for
    a number, price or brand that no name tells, what stands in the cells.

    :param list header: texts of the header
    :param list rows: some rows below it
    :return: list as long as the header, of meanings, ``None`` where nothing fits
    """
    folded = [fold_header(text) for text in header]
    found = [None] * len(header)
    for look_up in (HEADERS.get, _look_up_part):
        for place, text in enumerate(folded):
            meaning = look_up(text) if text and not found[place] else None
            if meaning and meaning not in found:
                found[place] = meaning
    if "supplier_code" in found and "number" not in found:
        found[found.index("supplier_code")] = "number"
    _guess_by_cells(found, rows)
    return found


def _look_up_part(text):
    """The longest known name that the header begins with."""
    words = text.split()
    for count in range(len(words) - 1, 0, -1):
        if meaning := HEADERS.get(" ".join(words[:count])):
            return meaning
    return None


def _guess_by_cells(found, rows):
    """Fill in what a price list cannot do without."""
    for meaning, score in (
        ("price", _score_price),
        ("number", _score_number),
        ("brand", _score_brand),
        ("name", _score_name),
    ):
        if meaning in found or not rows:
            continue
        free = [place for place, known in enumerate(found) if not known]
        scores = {
            place: score([row[place] for row in rows if place < len(row)])
            for place in free
        }
        best = max(scores, key=scores.get, default=None)
        if best is not None and scores[best] >= 0.6:
            found[best] = meaning


def _share(cells, is_so):
    return sum(map(bool, map(is_so, cells))) / len(cells) if cells else 0


def _score_price(cells):
    """Amounts, best with decimals."""
    amounts = _share(
        cells, lambda cell: _AMOUNT.match(cell.strip()) and parse_price(cell, ",")
    )
    decimals = _share(cells, lambda cell: re.search(r"[.,]\d{1,2}\Z", cell.strip()))
    return amounts * (0.4 + 0.6 * decimals)


def _score_number(cells):
    """Texts of digits and letters, hardly ever the same twice."""
    numbers = _share(
        cells,
        lambda cell: re.search(r"\d", cell)
        and 4 <= len(number_key(cell)) <= 25
        and len(cell.split()) < 6,
    )
    return numbers * len(set(cells)) / max(len(cells), 1)


def _score_brand(cells):
    """Short words without digits that repeat."""
    words = _share(
        cells,
        lambda cell: cell.strip() and not re.search(r"\d", cell) and len(cell) < 25,
    )
    return words * (1 if len(set(cells)) < len(cells) else 0.7)


def _score_name(cells):
    """Texts of several letters."""
    return _share(cells, lambda cell: len(re.findall(r"[^\W\d_]", cell)) > 4)


def guess_term_unit(header):
    """Unit that the header of the term names.

    :return: ``hours`` or ``days``
    """
    text = fold_header(header)
    is_hours = re.search(r"\b(h|hours?|std|stunden|час\w*|ч|tund\w*|ora)\b", text)
    return "hours" if is_hours else "days"
