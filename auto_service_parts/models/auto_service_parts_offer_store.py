from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.part_number import number_key
from ..tools.part_term import MAX_HOURS

#: Values of a plain offer that are kept as they are.
PLAIN_FIELDS = (
    "is_used",
    "quantity",
    "quantity_sign",
    "is_on_order",
    "multiplicity",
    "min_quantity",
    "price",
    "core_price",
    "price_cap",
    "hours_min",
    "hours_max",
    "term_text",
    "probability",
    "is_no_return",
    "warehouse",
    "note",
)
#: Longest texts that are kept, in letters: suppliers send whole pages.
TEXT_LIMIT = 250


class AutoServicePartsOffer(models.Model):
    """Offers as they are kept: hundreds at once, prices and terms worked out."""

    _inherit = "auto.service.parts.offer"

    @api.model
    def _store(self, source, found):
        """Keep the offers of a source in one INSERT.

        :param source: auto.service.parts.enquiry.source record
        :param found: list of tuples (OfferPlace, record, PlainOffer); the record is a
            product.product, auto.service.price.list or auto.service.supplier.account,
            or its id
        """
        if not found:
            return
        rows = self._prepare_rows(source, found)
        self._complete_prices(source.enquiry_id, rows)
        self._insert_rows(rows)

    @api.model
    def _prepare_rows(self, source, found):
        """Values of offers, without the prices for the customer.

        :return: list of dicts of column to value
        """
        origins = self._get_origins(
            source, [record for _place, record, _plain in found]
        )
        now = fields.Datetime.now()
        return [
            self._prepare_row(source, origins[_get_id(record)], place, plain, now)
            for place, record, plain in found
        ]

    @api.model
    def _get_origins(self, source, records):
        """What offers of the same product, list or account share.

        :return: dict of id to dict of column to value
        """
        ids = {_get_id(record) for record in records}
        prepare = getattr(self, f"_prepare_origins_{source.kind}")
        return prepare(source, ids)

    @api.model
    def _prepare_origins_own(self, source, ids):
        currency = source.enquiry_id.company_id.currency_id
        return {
            id_: {
                "product_id": id_,
                "source_name": source.name,
                "currency": currency,
                "safety_hours": 0,
            }
            for id_ in ids
        }

    @api.model
    def _prepare_origins_list(self, source, ids):
        lists = self.env["auto.service.price.list"].browse(ids)
        return {
            price_list.id: {
                "price_list_id": price_list.id,
                "partner_id": price_list.partner_id.id,
                "source_name": price_list.name,
                "currency": price_list.currency_id,
                "safety_hours": 0,
            }
            for price_list in lists
        }

    @api.model
    def _prepare_origins_live(self, source, ids):
        accounts = self.env["auto.service.supplier.account"].browse(ids)
        return {
            account.id: {
                "account_id": account.id,
                "partner_id": account.partner_id.id,
                "source_name": account.name,
                "currency": account.currency_id,
                "safety_hours": account._get_extra_hours(),
            }
            for account in accounts
        }

    @api.model
    def _prepare_row(self, source, origin, place, plain, now):
        """Values of one offer; override to keep more of what a source says.

        :param dict origin: of ``_prepare_origins_…``
        :param datetime now: when the source said so
        """
        origin = dict(origin)
        row = {name: getattr(plain, name) for name in PLAIN_FIELDS}
        row.update(
            enquiry_id=source.enquiry_id.id,
            source_id=source.id,
            company_id=source.enquiry_id.company_id.id,
            kind=source.kind,
            brand_id=place.brand_id,
            brand_name=plain.brand,
            number=plain.number,
            number_key=number_key(plain.number),
            name=plain.name,
            found_by=place.found_by,
            found_note=place.note,
            rank=place.rank,
            eta=self._get_eta(plain, origin.pop("safety_hours"), now),
            currency=plain.currency or origin.pop("currency"),
            order_token=plain.order_token or None,
            fetched_at=now,
        )
        origin.pop("currency", None)
        return {**row, **origin}

    @api.model
    def _get_eta(self, plain, safety_hours, now):
        """When the part would be here, ordered now.

        :param PlainOffer plain: with the term in hours
        :param int safety_hours: that we add to what the supplier promises
        :return: datetime, ``None`` when the term is not known
        """
        hours = plain.hours_max if plain.hours_max is not None else plain.hours_min
        if hours is None or not 0 <= hours <= MAX_HOURS:
            return None
        return now + timedelta(hours=hours + (hours and safety_hours or 0))

    @api.model
    def _complete_prices(self, enquiry, rows):
        """Cost in the currency of the company, and the price for the customer.

        One rate per currency; an offer in a currency that nobody knows has no prices.

        :param list rows: dicts of column to value, completed in place
        """
        company = enquiry.company_id
        currencies = self._get_currencies({row["currency"] for row in rows})
        rates = {
            currency: currency._get_conversion_rate(
                currency, company.currency_id, company, fields.Date.context_today(self)
            )
            for currency in set(currencies.values())
        }
        for row in rows:
            name = row.pop("currency")
            currency = currencies.get(name)
            row["currency_id"] = currency.id if currency else None
            row["cost"] = row["price"] * rates[currency] if currency else 0.0
            if not currency:
                row["note"] = self._describe_currency(name, row["note"])
        prices = self.env["auto.service.parts.markup"]._get_sale_prices(
            rows, company, enquiry._get_customer()
        )
        for row, (price, _rule, explanation) in zip(rows, prices, strict=True):
            row["sale_price"] = price if row["currency_id"] else 0.0
            row["sale_note"] = explanation

    @api.model
    def _get_currencies(self, names):
        """Currencies of offers.

        :param set names: ISO codes, or res.currency records
        :return: dict of the same to res.currency record
        """
        codes = [name for name in names if isinstance(name, str)]
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = {record: record for record in names if not isinstance(record, str)}
        if codes:
            by_name = {
                currency.name: currency
                for currency in currencies.search([("name", "in", codes)])
            }
            found |= by_name
        return found

    @api.model
    def _describe_currency(self, name, note):
        """Note of an offer whose price nobody can compare."""
        text = self.env._("Currency %(name)s is not known.", name=name)
        return f"{text} {note or ''}".strip()

    @api.model
    def _insert_rows(self, rows):
        """One INSERT for all, in the order of the rows.

        :param list rows: dicts with the same keys
        """
        names = list(rows[0])
        digits = {
            name: field.get_digits(self.env)
            for name, field in self._fields.items()
            if field.type == "float"
        }
        values = [
            tuple(_to_column(row[name], digits.get(name)) for name in names)
            for row in rows
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) VALUES %s",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(SQL("%s", value) for value in values),
            )
        )
        self.invalidate_model()
        self.env["auto.service.parts.enquiry"].invalidate_model(["offer_ids"])


def _get_id(record):
    """Id of a record, or the id itself."""
    return getattr(record, "id", record)


def _to_column(value, digits):
    """Value as it goes to the database.

    :param digits: pair of precision and scale of a float, ``None`` for others
    """
    if isinstance(value, str):
        return value.replace("\x00", "")[:TEXT_LIMIT]
    if digits and value:
        return round(value, digits[1])
    return Json(value) if isinstance(value, dict) else value
