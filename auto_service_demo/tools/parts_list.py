"""Price lists of three suppliers, each written in the way of its own."""

import csv
import io
import unicodedata
import zlib

#: Name, country, town, profile of the price list, share of the parts that it has (per
#: cent), price beside the garage's cost.
SUPPLIERS = [
    {
        "key": "baltic",
        "name": "Baltic Autoparts",
        "country": "EE",
        "city": "Tartu",
        "list": "Baltic Autoparts: Tartu",
        "header": ["Brand", "Article", "Description", "Price", "Stock", "Hours"],
        "encoding": "utf-8",
        "delimiter": ";",
        "share": 85,
        "factor": 1.0,
        "quantities": ["2", "4", "12", ">10", "1", "6"],
        "terms": ["4", "24", "24", "48"],
        "unit": "hours",
    },
    {
        "key": "detal",
        "name": "Avtodetal",
        "country": "KZ",
        "city": "Almaty",
        "list": "Avtodetal: main warehouse",
        "header": [
            "Бренд",
            "Артикул",
            "Наименование",
            "Цена",
            "Наличие",
            "Срок, дней",
        ],
        "encoding": "cp1251",
        "delimiter": ";",
        "share": 70,
        "factor": 0.91,
        "quantities": ["+", "++", ">10", "под заказ", "3", "8 шт"],
        "terms": ["2-3", "3", "5-7", "4"],
        "unit": "days",
    },
    {
        "key": "teile",
        "name": "Inter Teile",
        "country": "HU",
        "city": "Győr",
        "list": "Inter Teile: Győr",
        "header": ["Marke", "Teilenummer", "Bezeichnung", "Preis", "Menge", "Tage"],
        "encoding": "utf-8",
        "delimiter": "\t",
        "share": 75,
        "factor": 0.96,
        "quantities": ["10+", "5", "1", "20", "<5"],
        "terms": ["1", "2", "1-2"],
        "unit": "days",
    },
]


def write_list(supplier, parts):
    """The file as the supplier sends it.

    :param dict supplier: of ``SUPPLIERS``
    :param parts: list of tuples brand, number, name, cost
    :return: bytes
    """
    out = io.StringIO()
    rows = csv.writer(out, delimiter=supplier["delimiter"], lineterminator="\r\n")
    rows.writerow(supplier["header"])
    for brand, number, name, cost in parts:
        draw = zlib.crc32(f"{supplier['key']} {brand} {number}".encode())
        if draw % 100 < supplier["share"]:
            price = cost * supplier["factor"] * (0.94 + draw // 100 % 13 / 100)
            quantities, terms = supplier["quantities"], supplier["terms"]
            rows.writerow(
                [
                    brand,
                    number,
                    name,
                    f"{price:.2f}".replace(".", ","),
                    quantities[draw // 7 % len(quantities)],
                    terms[draw // 11 % len(terms)],
                ]
            )
    text = out.getvalue()
    if supplier["encoding"] == "cp1251":
        text = _without_accents(text)
    return text.encode(supplier["encoding"])


def _without_accents(text):
    """As somebody types it whose keyboard has no such letters."""
    return "".join(
        unicodedata.normalize("NFKD", sign)[0] if "À" <= sign <= "ž" else sign
        for sign in text
    )
