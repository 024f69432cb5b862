from odoo import api, fields, models


class ProductProduct(models.Model):
    """The main bin of a part: the host's put-away rule, said in one field."""

    _inherit = "product.product"

    bin_id = fields.Many2one(
        "stock.location",
        string="Main bin",
        compute="_compute_bin_id",
        inverse="_inverse_bin_id",
        search="_search_bin_id",
        domain="[('usage', '=', 'internal'), ('warehouse_id', '!=', False)]",
        help="Where the part is put away when it comes, in your warehouse.",
    )

    @api.depends_context("company", "uid")
    def _compute_bin_id(self):
        bins = self._get_main_bins(self._get_own_warehouse())
        for product in self:
            product.bin_id = bins.get(product.id)

    def _inverse_bin_id(self):
        warehouse = self._get_own_warehouse()
        for product in self:
            product._set_main_bin(warehouse, product.bin_id)

    def _search_bin_id(self, operator, value):
        rules = self.env["stock.putaway.rule"].search_fetch(
            [
                ("location_in_id", "=", self._get_own_warehouse().lot_stock_id.id),
                ("product_id", "!=", False),
                ("location_out_id", operator, value),
            ],
            ["product_id"],
        )
        return [("id", "in", rules.product_id.ids)]

    @api.model
    def _get_own_warehouse(self):
        """Warehouse of the person at the screen."""
        return self.env.user._get_default_warehouse_id()

    def _get_main_bins(self, warehouse):
        """Main bins of parts in a warehouse; one query for all of them.

        :param warehouse: stock.warehouse record
        :return: dict of product id to stock.location record
        """
        rules = self.env["stock.putaway.rule"].search(
            [
                ("product_id", "in", self.ids),
                ("location_in_id", "=", warehouse.lot_stock_id.id),
                ("package_type_ids", "=", False),
            ],
            order="sequence desc, id desc",
        )
        return {rule.product_id.id: rule.location_out_id for rule in rules}

    def _set_main_bin(self, warehouse, location):
        """Say where a part is put away.

        :param warehouse: stock.warehouse record
        :param location: stock.location record; empty: it has no main bin any more
        """
        self.ensure_one()
        rules = self.env["stock.putaway.rule"].search(
            [
                ("product_id", "=", self.id),
                ("location_in_id", "=", warehouse.lot_stock_id.id),
                ("package_type_ids", "=", False),
            ]
        )
        if not location:
            rules.unlink()
        elif rules:
            rules[0].location_out_id = location
        else:
            rules.create(self._prepare_main_bin_values(warehouse, location))

    def _prepare_main_bin_values(self, warehouse, location):
        """Values of the put-away rule of a main bin."""
        self.ensure_one()
        return {
            "product_id": self.id,
            "location_in_id": warehouse.lot_stock_id.id,
            "location_out_id": location.id,
            "company_id": warehouse.company_id.id,
        }

    def action_show_main_bins(self):
        """Main bins of the parts in every warehouse."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Main bins"),
            "res_model": "stock.putaway.rule",
            "view_mode": "list",
            "views": [
                (
                    self.env.ref(
                        "auto_service_warehouse.stock_putaway_rule_view_list_bin"
                    ).id,
                    "list",
                )
            ],
            "domain": [("product_id", "in", self.ids)],
            "context": {
                "default_product_id": self[:1].id,
                "default_location_in_id": self._get_own_warehouse().lot_stock_id.id,
            },
        }
