from odoo import api, fields, models

from ..tools.markup import Band, sort_bands


class AutoServicePartsMarkup(models.Model):
    """How the price for the customer is made of the price of the supplier.

    The first rule that fits makes the price; ``auto_service_parts_markup_price.py``
    tells how. The host's pricelists come on top.
    """

    _name = "auto.service.parts.markup"
    _description = "Markup on Parts"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="Short name, shown beside the price.")
    sequence = fields.Integer(default=10, help="The first rule that fits is used.")
    active = fields.Boolean(default=True, help="An archived rule is not used.")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Company whose prices it makes. Empty: every company's.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        help="Currency of the bands: that of the company.",
    )
    applies_to = fields.Selection(
        [
            ("bought", "Parts of suppliers"),
            ("own", "Parts in own stock"),
            ("all", "All parts"),
        ],
        default="bought",
        required=True,
        help="Parts in own stock cost what their product says, as everywhere else, "
        "unless a rule for them fits.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Only for parts of this supplier.",
    )
    brand_id = fields.Many2one(
        "auto.service.part.brand",
        index="btree_not_null",
        ondelete="cascade",
        help="Only for parts of this brand.",
    )
    customer_tag_id = fields.Many2one(
        "res.partner.category",
        string="Customer group",
        index="btree_not_null",
        ondelete="cascade",
        help="Only for customers with this tag.",
    )
    percent_of = fields.Selection(
        [("cost", "Markup on the cost"), ("price", "Margin in the price")],
        string="Per cent",
        default="cost",
        required=True,
        help="25 % on a cost of 80 make 100; a margin of 25 % makes 106.67.",
    )
    is_steady = fields.Boolean(
        string="Prices never step down",
        help="Where a lower per cent begins, a part that costs a little more would "
        "become cheaper than one that costs less. The price stays level instead.",
    )
    band_ids = fields.One2many(
        "auto.service.parts.markup.band",
        "markup_id",
        string="Price bands",
        copy=True,
        help="What is added, by the cost of the part.",
    )
    conditions = fields.Char(
        string="Holds for",
        compute="_compute_conditions",
        help="Suppliers, brands and customers that it holds for.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for markup in self:
            company = markup.company_id or self.env.company
            markup.currency_id = company.currency_id

    @api.depends("applies_to", "partner_id", "brand_id", "customer_tag_id")
    @api.depends_context("lang")
    def _compute_conditions(self):
        kinds = dict(self._fields["applies_to"]._description_selection(self.env))
        for markup in self:
            texts = [
                markup.applies_to != "all" and kinds.get(markup.applies_to),
                markup.partner_id.display_name,
                markup.brand_id.display_name,
                markup.customer_tag_id.display_name,
            ]
            markup.conditions = " · ".join(filter(None, texts)) or kinds["all"]

    def _fits(self, is_own, partner_id, brand_id, tag_ids):
        """Whether the rule makes the price of such an offer.

        :param bool is_own: the part lies in own stock
        :param int partner_id: supplier, brand_id: brand; False when not known
        :param set tag_ids: groups of the customer
        """
        self.ensure_one()
        return (
            self.applies_to in ("all", "own" if is_own else "bought")
            and (not self.partner_id or self.partner_id.id == partner_id)
            and (not self.brand_id or self.brand_id.id == brand_id)
            and (not self.customer_tag_id or self.customer_tag_id.id in tag_ids)
        )

    def _get_bands(self):
        """Bands as plain data, sorted.

        :return: list of tools.markup.Band
        """
        self.ensure_one()
        return sort_bands(
            Band(band.from_cost, band.percent, band.fixed) for band in self.band_ids
        )
