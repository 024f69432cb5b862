from odoo import fields, models


class AutoServiceJob(models.Model):
    """Parts that the technician needs, and deposits for old parts."""

    _inherit = "auto.service.job"

    part_need_ids = fields.One2many(
        "auto.service.part.need",
        "job_id",
        string="Parts needed",
        help="What the technician needs, in his own words.",
    )

    def _is_wanted(self):
        """Whether parts may be put on the job."""
        self.ensure_one()
        return self.state != "cancelled" and self.authorisation not in (
            "declined",
            "deferred",
        )

    def _get_floor_fields(self):
        """Technicians say what they need."""
        return super()._get_floor_fields() | {"part_need_ids"}

    def _prepare_snapshot_line_values(self, estimate, row):
        """Offered parts come back with their offer and with the rules of today.

        :param estimate: sale.order record
        :param dict row: of ``sale.order.line._get_snapshot``
        """
        values = super()._prepare_snapshot_line_values(estimate, row)
        offers = self.env["auto.service.parts.offer"]
        offer = offers.browse(row.get("parts_offer_id") or []).exists()
        if "price_unit" not in values and (offer or row.get("core_of_line_id")):
            price = row.get("price_unit") or 0.0
            if offer:
                product = self.env["product.product"].browse(row["product_id"])
                price = offer._get_unit_price(estimate, product)
            # A price of its own: it stays.
            values.update(price_unit=price, technical_price_unit=0.0)
        return {**values, "parts_offer_id": offer.id}

    def _add_snapshot_lines(self, snapshot):
        """Deposits belong to their parts again."""
        lines = super()._add_snapshot_lines(snapshot)
        alive = set(lines.product_id.ids)
        rows = [row for row in snapshot if row.get("product_id") in alive]
        by_former = {
            row.get("line_id"): line for row, line in zip(rows, lines, strict=False)
        }
        for row, line in zip(rows, lines, strict=False):
            part = by_former.get(row.get("core_of_line_id"))
            if row.get("core_of_line_id") and part:
                line.core_of_line_id = part
        return lines

    def _get_labour_to_deliver(self):
        """A deposit whose old part came back is not billed any more."""
        lines = super()._get_labour_to_deliver()
        return lines.filtered(lambda line: not line.is_core_returned)
