from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AutoServicePartsMarkupBand(models.Model):
    """What a rule adds to parts from a cost on."""

    _name = "auto.service.parts.markup.band"
    _description = "Price Band of a Markup"
    _order = "from_cost, id"

    markup_id = fields.Many2one(
        "auto.service.parts.markup",
        required=True,
        index=True,
        ondelete="cascade",
        help="Rule that the band belongs to.",
    )
    currency_id = fields.Many2one(
        related="markup_id.currency_id", help="Currency of the company."
    )
    from_cost = fields.Float(
        digits="Product Price",
        help="The band counts from this cost of one piece on. The lowest band counts "
        "for cheaper parts as well.",
    )
    percent = fields.Float(
        string="Per cent", digits=(16, 2), help="Added to the cost of the part."
    )
    fixed = fields.Float(
        digits="Product Price", help="Added to each piece, after the per cent."
    )
    example = fields.Char(
        compute="_compute_example",
        help="What a part at the beginning of the band costs the customer.",
    )

    _from_cost_uniq = models.UniqueIndex(
        "(markup_id, from_cost)", "Two bands begin at the same cost."
    )

    @api.depends(
        "from_cost",
        "percent",
        "fixed",
        "markup_id.percent_of",
        "markup_id.is_steady",
        "markup_id.band_ids.percent",
    )
    def _compute_example(self):
        for band in self:
            markup = band.markup_id
            cost = band.from_cost or 1.0
            price = markup._get_markup(cost).price if band.percent < 100 else 0.0
            currency = band.currency_id or self.env.company.currency_id
            band.example = f"{currency.format(cost)} → {currency.format(price)}"

    @api.constrains("from_cost", "percent", "markup_id")
    def _check_values(self):
        wrong = self.filtered(lambda band: band.from_cost < 0 or band.percent < -100)
        wrong |= self.filtered(
            lambda band: band.markup_id.percent_of == "price" and band.percent >= 100
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "%(rules)s: costs are not negative, a markup is at least -100 per "
                    "cent, and a margin in the price is below 100 per cent.",
                    rules=", ".join(wrong.markup_id.mapped("name")),
                )
            )
