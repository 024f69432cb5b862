from odoo import api, fields, models
from odoo.fields import Domain

# So many parts are named in a list of bins; more would not fit the column.
SHOWN_PARTS = 3


class StockLocation(models.Model):
    """Bins: what lies in them, and which of them are free."""

    _inherit = "stock.location"

    bin_content = fields.Char(
        string="Content",
        compute="_compute_bin_content",
        help="Parts that lie here, with their pieces.",
    )
    bin_pieces = fields.Float(
        string="Pieces",
        digits="Product Unit",
        compute="_compute_bin_content",
        help="Sum of what lies here.",
    )
    bin_part_names = fields.Char(
        string="Main bin of",
        compute="_compute_bin_part_names",
        help="Parts that are put away here.",
    )
    is_free_bin = fields.Boolean(
        string="Free",
        compute="_compute_is_free_bin",
        search="_search_is_free_bin",
        help="Nothing lies here, and it is the main bin of no part.",
    )

    def _compute_bin_content(self):
        """Set-based: one query for all bins of a list."""
        groups = self.env["stock.quant"]._read_group(
            [("location_id", "in", self.ids), ("quantity", "!=", 0)],
            ["location_id", "product_id"],
            ["quantity:sum"],
        )
        content = {}
        for location, product, quantity in groups:
            content.setdefault(location.id, []).append((product, quantity))
        for location in self:
            rows = content.get(location.id, [])
            location.bin_pieces = sum(quantity for _product, quantity in rows)
            location.bin_content = location._format_content(rows)

    def _format_content(self, rows):
        """Parts of a bin as a text.

        :param list rows: pairs of product.product record and quantity
        """
        names = [
            f"{product.display_name} ({quantity:.10g})"
            for product, quantity in rows[:SHOWN_PARTS]
        ]
        if len(rows) > SHOWN_PARTS:
            left = len(rows) - SHOWN_PARTS
            names.append(self.env._("%(number)s more", number=left))
        return ", ".join(names)

    def _compute_bin_part_names(self):
        groups = self.env["stock.putaway.rule"]._read_group(
            [("location_out_id", "in", self.ids), ("product_id", "!=", False)],
            ["location_out_id"],
            ["product_id:recordset"],
        )
        names = {
            location.id: ", ".join(products[:SHOWN_PARTS].mapped("display_name"))
            for location, products in groups
        }
        for location in self:
            location.bin_part_names = names.get(location.id, False)

    def _compute_is_free_bin(self):
        free = self.filtered_domain(self._get_free_bin_domain())
        for location in self:
            location.is_free_bin = location in free

    def _search_is_free_bin(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_free_bin_domain()

    @api.model
    def _get_free_bin_domain(self):
        """Bins that something new can be given; extend it for reserved ones."""
        rules = self.env["stock.putaway.rule"].search_fetch(
            [("product_id", "!=", False)], ["location_out_id"]
        )
        return (
            self._get_bin_domain()
            & Domain("quant_ids", "not any", [("quantity", "!=", 0)])
            & Domain("id", "not in", rules.location_out_id.ids)
        )

    @api.model
    def _get_bin_domain(self):
        """Places in which nothing else is: the addresses of the shelves."""
        return (
            Domain("usage", "=", "internal")
            & Domain("warehouse_id", "!=", False)
            & Domain("child_ids", "=", False)
        )

    def action_show_content(self):
        """What lies in the bins, and below them."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Content"),
            "res_model": "stock.quant",
            "view_mode": "list",
            "domain": [("location_id", "child_of", self.ids)],
        }
