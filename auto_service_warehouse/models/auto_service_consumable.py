from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AutoServiceConsumable(models.Model):
    """How much of a consumable an operation takes: brake cleaner, grease, rags."""

    _name = "auto.service.consumable"
    _description = "Consumable Norm"
    _order = "operation_id, product_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    operation_id = fields.Many2one(
        "auto.service.operation",
        index=True,
        ondelete="cascade",
        help="Operation that takes it; empty: every labour line does.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Consumable",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("type", "=", "consu")],
        help="What is taken.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        required=True,
        help="How much, in the unit of the product.",
    )
    uom_id = fields.Many2one(
        related="product_id.uom_id", string="Unit", help="Unit of the product."
    )
    basis = fields.Selection(
        [("operation", "Each time"), ("hour", "Per sold hour")],
        default="operation",
        required=True,
        help="Whether the norm is for the operation or for every hour of it.",
    )
    measured_since = fields.Datetime(
        default=fields.Datetime.now,
        required=True,
        copy=False,
        help="What was drawn and what counts found is compared from here on.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        help="Empty: all companies.",
    )
    active = fields.Boolean(default=True, help="Archived norms are not drawn.")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "How much of a consumable is taken must be above zero."
    )
    _once = models.UniqueIndex(
        "(product_id, COALESCE(operation_id, 0), COALESCE(company_id, 0), basis) "
        "WHERE active",
        "The operation takes this consumable already. Change its quantity instead.",
    )

    @api.depends("product_id", "operation_id")
    def _compute_company_id(self):
        for norm in self:
            norm.company_id = norm.operation_id.company_id or norm.product_id.company_id

    @api.constrains("product_id")
    def _check_product_is_part(self):
        wrong = self.filtered(lambda norm: norm.product_id.type != "consu")
        if wrong:
            raise ValidationError(
                self.env._(
                    "%(products)s cannot be taken from a shelf. Choose goods.",
                    products=", ".join(wrong.product_id.mapped("display_name")),
                )
            )

    @api.model
    def _get_norms(self, company, operations):
        """Norms that count in a company for operations.

        :param company: res.company record
        :param operations: auto.service.operation records
        :return: auto.service.consumable records, those of every labour line included
        """
        companies = (company | company.parent_ids).ids
        return self.search(
            [
                ("company_id", "in", [False, *companies]),
                ("operation_id", "in", [False, *operations.ids]),
            ]
        )

    def _get_quantity(self, hours):
        """What a labour line takes.

        :param float hours: sold hours of the line
        :return: quantity in the unit of the product
        """
        self.ensure_one()
        return self.quantity * (hours if self.basis == "hour" else 1.0)
