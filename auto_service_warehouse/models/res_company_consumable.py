from odoo import fields, models


class ResCompany(models.Model):
    """Where consumables are taken from, and where they go."""

    _inherit = "res.company"

    auto_service_consumable_location_id = fields.Many2one(
        "stock.location",
        string="Consumables come from",
        domain="[('usage', '=', 'internal'), ('company_id', 'in', [False, id])]",
        help="Place of brake cleaner, grease and rags; empty: the stock of the "
        "company's first warehouse.",
    )
    auto_service_used_location_id = fields.Many2one(
        "stock.location",
        string="Used in the workshop",
        readonly=True,
        copy=False,
        help="Place that consumables go to when they are used up.",
    )

    def _get_consumable_location(self):
        """Where the consumables of the company are taken from.

        :return: stock.location record
        """
        self.ensure_one()
        place = self.auto_service_consumable_location_id
        if place:
            return place
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "parent_of", self.id)], limit=1
        )
        return warehouse.lot_stock_id

    def _get_used_location(self):
        """Where the consumables of the company go; made when it is needed first.

        :return: stock.location record
        """
        self.ensure_one()
        if not self.auto_service_used_location_id:
            # two jobs that are finished at once: the second one finds the place
            self.env["auto.service.entry.guard"].sudo()._enter(f"used place {self.id}")
            self.auto_service_used_location_id = self.env["stock.location"].create(
                self._prepare_used_location_values()
            )
        return self.auto_service_used_location_id

    def _prepare_used_location_values(self):
        """Values of the place that used consumables go to."""
        self.ensure_one()
        parent = self.env.ref("stock.stock_location_locations_virtual", False)
        return {
            "name": self.env._("Used in the workshop"),
            "usage": "production",
            "location_id": parent.id if parent else False,
            "company_id": self.id,
        }
