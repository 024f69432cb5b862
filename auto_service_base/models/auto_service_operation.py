from odoo import api, fields, models

LABOUR_CATEGORIES = [
    ("mechanical", "Mechanical"),
    ("electrical", "Electrical"),
    ("diagnostics", "Diagnostics"),
    ("tyres", "Tyres"),
    ("body", "Body"),
    ("paint", "Paint"),
    ("other", "Other"),
]


class AutoServiceOperation(models.Model):
    _name = "auto.service.operation"
    _description = "Labour Operation"
    _order = "sequence, code, name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        index="trigram",
        help="What is done, as the customer reads it on the estimate.",
    )
    code = fields.Char(index=True, help="Short code that the garage or maker uses.")
    sequence = fields.Integer(
        default=10, help="Operations that are sold most come first."
    )
    labour_category = fields.Selection(
        LABOUR_CATEGORIES,
        required=True,
        default="mechanical",
        help="Trade of the work; rates and reports are split by it.",
    )
    hours = fields.Float(
        string="Book hours",
        help="Usual hours of the operation. The advisor may judge otherwise on the "
        "estimate: both numbers are kept.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Billed as",
        domain="[('type', '=', 'service')]",
        ondelete="restrict",
        check_company=True,
        help="Service that is billed; it brings price, taxes and account. "
        "Empty: the labour service of the company.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: the operation is offered in every company.",
    )
    active = fields.Boolean(
        default=True, help="An archived operation stays on old estimates."
    )

    _hours_positive = models.Constraint(
        "CHECK (hours >= 0)",
        "Book hours cannot be negative. Enter zero or more.",
    )
    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL AND active",
        "Another operation has this code already. Use it, or choose another code.",
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for operation in self:
            operation.display_name = (
                f"[{operation.code}] {operation.name}"
                if operation.code
                else operation.name
            )

    def _get_billing_product(self, company):
        """Service that is billed for the operation in ``company``.

        :param company: res.company record
        :return: product.product record, empty when the company has no labour service
        """
        self.ensure_one()
        return self.product_id or company.sudo().auto_service_labour_product_id

    def _get_book_hours(self, vehicle):
        """Book hours of the operation on ``vehicle``; override to add a source.

        :param vehicle: fleet.vehicle record, may be empty
        :return: hours as float (1.5 = 1 h 30 min), 0.0 when no time is known
        """
        self.ensure_one()
        return self.hours
