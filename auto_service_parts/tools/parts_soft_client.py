"""Client of shops on the platform of parts-soft.ru, plain Python.

Such shops answer brands and offers to a key; they count requests per day. Orders are
not open to everybody there, so they stay with the shop's own screens.
"""

from .abcp_client import plain, read_rows, to_float, to_int
from .offer import BrandHit, PlainOffer
from .part_number import number_key
from .part_quantity import parse_quantity
from .supplier_client import SupplierClient, SupplierError
from .supplier_http import SupplierHttp

HOURS_OF_A_DAY = 24
STATUSES = {401: "auth", 403: "denied", 404: "unsupported", 429: "limit"}
#: Parts of sentences by which such shops refuse.
REFUSALS = (
    ("auth", ("api_key", "api key", "ключ", "авториз", "unauthorized")),
    ("limit", ("limit", "лимит", "превыш")),
    ("denied", ("denied", "доступ", "запрещ")),
)
NOT_FOUND = ("not found", "не найден", "нет предложений")


class PartsSoftClient(SupplierClient):
    """One account at such a shop; the key is the password.

    :param dict options: ``url`` is the address of the shop, with the path in front of
        ``search`` where it is not ``/api/v1``
    """

    def __init__(self, options):
        url = (options.get("url") or "").rstrip("/")
        options["url"] = url if "/api/" in url else f"{url}/api/v1"
        super().__init__(options)
        self.http = SupplierHttp(options, secrets=[options.get("password")])

    def get_brands(self, number):
        rows = self._ask("search/get_brands_by_oem", oem=number)
        return [
            BrandHit(
                brand=plain(row.get("brand") or row.get("make_name")),
                number=plain(row.get("number") or row.get("oem") or number),
                name=plain(row.get("des_text") or row.get("detail_name")),
                is_available=True,
            )
            for row in rows
            if plain(row.get("brand") or row.get("make_name"))
        ]

    def get_offers(self, number, brand, with_equivalents=True):
        rows = self._ask(
            "search/get_offers_by_oem_and_make_name",
            oem=number,
            make_name=brand,
            without_cross=0 if with_equivalents else 1,
        )
        offers = [offer for row in rows if (offer := read_offer(row, number))]
        return [
            offer for offer in offers if with_equivalents or not offer.is_equivalent
        ]

    def check(self):
        """The search of any number tells whether the key is right."""
        self.get_brands("0986494000")
        return ""

    def _ask(self, operation, **params):
        """Rows of the answer.

        :raise SupplierError: the shop refused
        """
        params["api_key"] = self.options.get("password") or ""
        answer = self.http.request("GET", operation, params=params)
        if answer.status >= 400:
            fallback = "server" if answer.status >= 500 else "request"
            code = STATUSES.get(answer.status, fallback)
            raise SupplierError(
                code, f"HTTP {answer.status}", retry_after=answer.retry_after
            )
        data = answer.json()
        if not isinstance(data, dict) or "result" not in data:
            raise SupplierError("answer", "not to be read")
        if str(data["result"]).lower() == "ok":
            return read_rows(data.get("data"), "oem")
        return self._refuse(data)

    def _refuse(self, data):
        """Nothing found is an empty list; the rest is an error."""
        words = plain(data.get("error") or data.get("message") or data.get("data"))
        message = self.http.hide(words)[:300]
        text = words.lower()
        if any(word in text for word in NOT_FOUND):
            return []
        codes = [
            code for code, words in REFUSALS if any(word in text for word in words)
        ]
        raise SupplierError(codes[0] if codes else "request", message)


def read_offer(row, number):
    """Offer of one row, ``None`` when it has no number, brand or price."""
    found = plain(row.get("oem"))
    brand = plain(row.get("make_name"))
    price = to_float(row.get("cost")) or 0.0
    if not found or not brand or price <= 0:
        return None
    value = row.get("qnt")
    text = value if isinstance(value, str | int | float) else ""
    sign, quantity, is_on_order = parse_quantity(text) or ("~", 1.0, False)
    least = max(to_float(row.get("min_qnt")) or 1.0, 1.0)
    return PlainOffer(
        brand=brand,
        number=found,
        name=plain(row.get("detail_name")),
        is_equivalent=number_key(found) != number_key(number),
        quantity=quantity,
        quantity_sign=sign,
        is_on_order=is_on_order or not quantity,
        multiplicity=least,
        min_quantity=least,
        price=price,
        warehouse=plain(row.get("sup_logo")),
        order_token={"hash": plain(row.get("system_hash") or row.get("hash_key"))},
        **_read_days(row),
    )


def _read_days(row):
    """Terms are in days there."""
    days = [to_int(row.get("min_delivery_day")), to_int(row.get("max_delivery_day"))]
    hours = [day * HOURS_OF_A_DAY for day in days if day is not None and day >= 0]
    return {
        "hours_min": min(hours) if hours else None,
        "hours_max": max(hours) if hours else None,
    }
