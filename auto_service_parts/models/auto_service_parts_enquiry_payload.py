from odoo import api, models
from odoo.tools import SQL

from ..tools.part_number import brand_key

#: What the screen is told of an offer.
OFFER_FIELDS = (
    "source_id",
    "kind",
    "account_id",
    "price_list_id",
    "partner_id",
    "source_name",
    "product_id",
    "brand_name",
    "brand_id",
    "number",
    "number_key",
    "name",
    "found_by",
    "found_note",
    "rank",
    "is_used",
    "quantity",
    "quantity_sign",
    "is_on_order",
    "multiplicity",
    "min_quantity",
    "price",
    "currency_id",
    "cost",
    "core_price",
    "price_cap",
    "sale_price",
    "sale_note",
    "hours_min",
    "hours_max",
    "term_text",
    "eta",
    "probability",
    "is_no_return",
    "warehouse",
    "note",
)


class AutoServicePartsEnquiry(models.Model):
    """What the screen is told: plain data."""

    _inherit = "auto.service.parts.enquiry"

    def get_enquiry(self):
        """The whole enquiry as it was answered, or as far as it is.

        :return: dict with ``id``, ``number``, ``brand_name``, ``state``, ``brands`` to
            choose from, ``sources``, ``offers``, ``work`` and ``rights``; amounts are
            without taxes in ``currency_id``, times are UTC
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "number": self.number,
            "number_key": self.number_key,
            "brand_id": self.brand_id.id,
            "with_crosses": self.is_with_crosses,
            "asked_at": self.asked_at.isoformat(" ", "seconds"),
            "asked_by": self.user_id.sudo().name,
            "repeated_id": self.repeated_id.id,
            "work": self._describe_work(self.order_id, self.job_id),
            "rights": self._get_rights(),
            "currency_id": self.company_id.currency_id.id,
            "added": self._get_added(),
            **self._get_progress(0),
        }

    def get_progress(self, after_offer_id=0):
        """What came since the last time; asked again and again while suppliers answer.

        :param int after_offer_id: last offer that is known
        :return: dict with ``state``, ``sources``, ``brands`` and new ``offers``
        """
        self.ensure_one()
        self.check_access("read")
        self._settle_lost()
        return self._get_progress(after_offer_id)

    def _get_progress(self, after_offer_id):
        """See ``get_progress``."""
        offers = self._describe_offers(after_offer_id)
        return {
            "id": self.id,
            "state": self.state,
            "brand_name": self.brand_name or "",
            "part_name": self.part_name or "",
            "brands": self.brand_hits or [],
            "sources": self.source_ids._describe(),
            "offers": offers,
            "last_offer_id": max([row["id"] for row in offers], default=after_offer_id),
        }

    def _describe_offers(self, after_offer_id=0):
        """Offers for the screen; what says nothing is left out.

        :param int after_offer_id: only later ones
        :return: list of dicts
        """
        self.ensure_one()
        self.check_access("read")
        offers = self.env["auto.service.parts.offer"]
        offers.check_access("read")
        offers.flush_model()
        # Hundreds of rows, again and again: who may read the enquiry may read them.
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT id, %s FROM %s WHERE enquiry_id = %s AND id > %s ORDER BY id",
                SQL(", ").join(map(SQL.identifier, OFFER_FIELDS)),
                SQL.identifier(offers._table),
                self.id,
                after_offer_id,
            )
        )
        return [self._describe_offer(row) for row in rows]

    @api.model
    def _describe_offer(self, row):
        """One offer for the screen.

        :param dict row: values of the columns
        """
        if row["eta"]:
            row["eta"] = row["eta"].isoformat(" ", "seconds")
        names = self.env["auto.service.part.brand"]._get_names()
        group = row["brand_id"] or brand_key(row["brand_name"])
        slim = {name: value for name, value in row.items() if value}
        slim["group"] = f"{group}/{row['number_key']}"
        slim["brand"] = names.get(row["brand_id"]) or row["brand_name"] or ""
        return slim

    def _get_added(self):
        """Offers that stand on estimates already.

        :return: dict of offer id to quantity
        """
        lines = self.env["sale.order.line"]._read_group(
            [
                ("parts_offer_id.enquiry_id", "=", self.id),
                ("state", "!=", "cancel"),
            ],
            ["parts_offer_id"],
            ["product_uom_qty:sum"],
        )
        return {offer.id: quantity for offer, quantity in lines}

    @api.model
    def _describe_work(self, order, job):
        """Visit and job that the part is for, and what the other jobs are.

        :param order: auto.service.order record, may be empty
        :param job: auto.service.job record, may be empty
        :return: dict, or ``False`` without a visit
        """
        if not order:
            return False
        return {
            "order_id": order.id,
            "order_name": order.name,
            "plate": order.license_plate or "",
            "vehicle": order.vehicle_name or "",
            "job_id": job.id,
            "is_open": order.state == "open",
            "jobs": [
                {"id": job.id, "name": job.name}
                for job in order.job_ids
                if job.state not in ("done", "cancelled")
            ],
        }

    @api.model
    def get_work(self, order_id):
        """A visit that was chosen before anything was asked.

        :param int order_id: id of an auto.service.order
        :return: dict as ``work`` of ``get_enquiry``
        """
        order = self.env["auto.service.order"].browse(order_id)
        order.check_access("read")
        return self._describe_work(order, self.env["auto.service.job"])

    @api.model
    def _get_rights(self):
        """What the user may see."""
        return {
            "margin": self.env.user.has_group("auto_service_base.group_margin"),
            "accounts": self.env.user.has_group("auto_service_base.group_manager"),
        }

    def _get_customer(self):
        """Who will pay: prices follow his pricelist.

        :return: res.partner record, may be empty
        """
        self.ensure_one()
        return self.order_id.partner_id
