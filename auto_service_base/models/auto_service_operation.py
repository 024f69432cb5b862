from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .auto_service_job import PRICE_GROUPS
from .auto_service_skill import SKILL_LEVELS

LABOUR_CATEGORIES = [
    ("mechanical", "Mechanical"),
    ("electrical", "Electrical"),
    ("diagnostics", "Diagnostics"),
    ("tyres", "Tyres"),
    ("body", "Body"),
    ("paint", "Paint"),
    ("other", "Other"),
]
OPERATION_KINDS = [
    ("maintenance", "Maintenance"),
    ("repair", "Repair"),
    ("diagnostic", "Diagnosis"),
    ("inspection", "Inspection"),
    ("body_shop", "Body shop"),
    ("accessory", "Accessory"),
    ("recall", "Recall"),
    ("warranty", "Warranty repair"),
    ("internal", "Internal"),
]
COVERAGES = [
    ("any", "Any vehicle"),
    ("warranty", "Under the maker's warranty"),
    ("after_warranty", "After the maker's warranty"),
]
SOLD_MONTHS = 12  # what was sold in this time counts as popular


class AutoServiceOperation(models.Model):
    _name = "auto.service.operation"
    _description = "Labour Operation"
    _order = "sequence, code, name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True
    # What a company keeps is there for its branches, as its products are.
    _check_company_domain = models.check_company_domain_parent_of

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
    category_id = fields.Many2one(
        "auto.service.operation.category",
        index="btree_not_null",
        ondelete="restrict",
        help="Where people look for the operation.",
    )
    kind = fields.Selection(
        OPERATION_KINDS,
        required=True,
        default="repair",
        help="What sort of work it is; lists and reports are split by it.",
    )
    coverage = fields.Selection(
        COVERAGES,
        required=True,
        default="any",
        help="Vehicles for which the operation is meant: as long as the maker's "
        "warranty runs, or afterwards. It is only offered later or earlier; nobody is "
        "kept from choosing it.",
    )
    skill_ids = fields.Many2many(
        "auto.service.skill", string="Skills", help="Skills that the technician needs."
    )
    skill_level = fields.Selection(
        SKILL_LEVELS,
        required=True,
        default="technician",
        help="Least experience that the work asks for.",
    )
    part_group_ids = fields.Many2many(
        "auto.service.part.group",
        string="Parts needed",
        help="Generic parts that the operation usually takes.",
    )
    pricing = fields.Selection(
        [("hours", "By hours"), ("fixed", "Fixed price")],
        required=True,
        default="hours",
        help="By hours: hours times the labour price. Fixed price: one price, whatever "
        "the hours; the hours still count for planning and efficiency.",
    )
    fixed_price = fields.Monetary(
        groups=PRICE_GROUPS,
        help="Price of the operation in the currency of the company, as prices of "
        "products are entered: with or without taxes.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        help="Currency of the operation's company, or of yours.",
    )
    is_favourite = fields.Boolean(
        string="Favourite", help="Favourites come first wherever operations are listed."
    )
    sold_count = fields.Integer(
        string="Sold",
        readonly=True,
        copy=False,
        help="How often the operation was approved within twelve months. Counted "
        "every night.",
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
    _fixed_price_positive = models.Constraint(
        "CHECK (fixed_price >= 0)",
        "A fixed price cannot be negative. Enter zero or more.",
    )
    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL AND active",
        "Another operation has this code already. Use it, or choose another code.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for operation in self:
            company = operation.company_id or self.env.company
            operation.currency_id = company.currency_id

    @api.depends("code", "name")
    def _compute_display_name(self):
        for operation in self:
            operation.display_name = (
                f"[{operation.code}] {operation.name}"
                if operation.code
                else operation.name
            )

    @api.constrains("pricing", "fixed_price")
    def _check_fixed_price(self):
        operations_sudo = self.sudo()
        missing = operations_sudo.filtered(
            lambda operation: operation.pricing == "fixed" and not operation.fixed_price
        )
        if missing:
            raise ValidationError(
                self.env._(
                    "%(operations)s: enter the fixed price, or price by hours.",
                    operations=", ".join(missing.mapped("display_name")),
                )
            )

    def _get_billing_product(self, company):
        """Service that is billed for the operation in ``company``.

        An operation with a fixed price is sold by the piece, not by the hour: a
        service that is sold by the hour would charge the hours after all.

        :param company: res.company record
        :return: product.product record, empty when the company has no labour service
        """
        self.ensure_one()
        product = self.product_id
        if self.pricing == "fixed":
            product = self._get_product_by_the_piece()
        return product or company.sudo().auto_service_labour_product_id

    def _get_product_by_the_piece(self):
        """Service that is billed for the operation whatever its hours.

        :return: product.product record, empty when somebody has removed it
        """
        self.ensure_one()
        product = self.product_id
        hour = self.env.ref("uom.product_uom_hour", raise_if_not_found=False)
        if not product or (hour and product.uom_id._has_common_reference(hour)):
            product = self._get_fixed_price_product()
        return product

    @api.model
    def _get_fixed_price_product(self):
        """Service that is billed for labour at a fixed price.

        :return: product.product record, empty when somebody has removed it
        """
        product = self.env.ref(
            "auto_service_base.product_labour_fixed", raise_if_not_found=False
        )
        return product or self.env["product.product"]

    def _get_fixed_price(self, currency, company, date):
        """Fixed price of the operation in another currency.

        Called for the price of an estimate line; whoever writes the line may lack the
        right to see prices of the catalogue.

        :param currency: res.currency record of the line
        :param company: res.company record of the line
        :param date date: day whose exchange rate counts
        :return: float, or None when the operation is priced by hours
        """
        self.ensure_one()
        if self.pricing != "fixed":
            return None
        operation_sudo = self.sudo().with_company(company)
        return operation_sudo.currency_id._convert(
            operation_sudo.fixed_price, currency, company, date, round=False
        )

    @api.model
    def _cron_count_sold(self):
        """Count every night what was sold, so that popular services come first."""
        since = fields.Datetime.now() - relativedelta(months=SOLD_MONTHS)
        self._count_sold(since)
        self.env["auto.service.package"]._count_sold(since)

    @api.model
    def _count_sold(self, since):
        """Store how often operations were approved.

        One statement; rows whose count stays are left alone.

        :param datetime since: only approvals from then on count
        """
        self.env["sale.order.line"].flush_model(["operation_id", "state"])
        self.env["sale.order"].flush_model(["date_order"])
        self.flush_model(["sold_count"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE auto_service_operation AS operation
                   SET sold_count = counted.number
                  FROM (SELECT op.id, COUNT(so.id) AS number
                          FROM auto_service_operation op
                     LEFT JOIN sale_order_line line
                            ON line.operation_id = op.id AND line.state = 'sale'
                     LEFT JOIN sale_order so
                            ON so.id = line.order_id AND so.date_order >= %s
                      GROUP BY op.id) AS counted
                 WHERE counted.id = operation.id
                   AND operation.sold_count IS DISTINCT FROM counted.number
                """,
                since,
            )
        )
        self.invalidate_model(["sold_count"])
