from odoo import api, fields, models
from odoo.fields import Domain


class AutoServiceStockPartSearch(models.AbstractModel):
    """Lists of the stock find their parts by any number, in any spelling."""

    _name = "auto.service.stock.part.search"
    _description = "Search of Stock by Number of a Part"

    part_search = fields.Char(
        string="Part by any number",
        compute="_compute_part_search",
        search="_search_part_search",
        exportable=False,
        export_string_translation=False,
        help="Finds the stock of parts by any of their numbers, in any spelling, and "
        "of parts that stand for them.",
    )

    def _compute_part_search(self):
        self.part_search = False

    @api.model
    def _search_part_search(self, operator, value):
        """Rows of the products that the search box of products finds."""
        if operator not in ("ilike", "in"):
            return NotImplemented
        return Domain("product_id", "any", [("part_search", operator, value)])
