from odoo import fields, models
from odoo.fields import Domain


class AutoServiceAllocation(models.Model):
    """Time for what is no work on a vehicle: training, cleaning, a meeting."""

    _inherit = "auto.service.allocation"

    series = fields.Integer(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Number that the times of a recurring event share.",
    )

    def _get_series_domain(self):
        """Domain of these events and the ones after them in their series."""
        domain = Domain("id", "in", self.ids)
        for row in self.filtered("series"):
            domain |= Domain("series", "=", row.series) & Domain(
                "start", ">=", row.start
            )
        return domain & Domain("state", "=", "planned")

    def action_cancel_event(self):
        """Take these events off the board."""
        rows = self._with_block().filtered(lambda row: row.state == "planned")
        rows.write({"state": "cancelled"})

    def action_cancel_series(self):
        """Take these events and all that follow in their series off the board."""
        self.search(self._get_series_domain()).action_cancel_event()
