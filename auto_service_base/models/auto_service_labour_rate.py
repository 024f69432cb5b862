from operator import itemgetter

from odoo import api, fields, models, tools
from odoo.tools import frozendict


class AutoServiceLabourRate(models.Model):
    """Price of an hour of labour, by branch, trade, payer, make, age and contract.

    The most specific rate wins; where none fits, or where it gives no price, the
    host's pricelists decide.
    """

    _name = "auto.service.labour.rate"
    _description = "Labour Rate"
    _inherit = ["auto.service.labour.rule"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        help="How the rate is called in explanations, for example “Body work”.",
    )
    sequence = fields.Integer(
        default=10,
        help="Where two rates are equally specific, the first in the list counts.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Company or branch. Rates of a company count in its branches too, where "
        "the branch has no rate that is equally specific.",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", help="Currency of the company."
    )
    pay_type = fields.Selection(
        selection=lambda self: self._get_pay_types(),
        string="Payer",
        help="Only estimates with this payer. Empty: whoever pays.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contract with",
        index="btree_not_null",
        ondelete="cascade",
        help="Customer who has agreed on the rate; it holds for all his contacts and "
        "goes before every other rate. Empty: every customer.",
    )
    valid_from = fields.Date(help="First day of the rate. Empty: it always held.")
    valid_to = fields.Date(
        string="Valid until", help="Last day of the rate. Empty: until further notice."
    )
    hourly_rate = fields.Monetary(
        help="Price of one hour in the currency of the company, as prices of products "
        "are entered: with or without taxes. Zero: the host's pricelists decide.",
    )
    minimum_amount = fields.Monetary(
        string="Least price",
        help="A line of labour never costs less than this. Zero: there is no least "
        "price.",
    )
    active = fields.Boolean(
        default=True, help="An archived rate does not count any more."
    )

    _amounts_positive = models.Constraint(
        "CHECK (COALESCE(hourly_rate, 0) >= 0 AND COALESCE(minimum_amount, 0) >= 0)",
        "Labour rates and least prices cannot be negative. Enter zero or more.",
    )
    _ages_ordered = models.Constraint(
        "CHECK (COALESCE(age_from, 0) >= 0 AND (COALESCE(age_to, 0) = 0"
        " OR age_to > COALESCE(age_from, 0)))",
        "A rate starts at the age of zero or above and ends above its beginning.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (valid_to >= valid_from)",
        "The last day of a rate cannot lie before its first day.",
    )

    @api.model
    def _get_pay_types(self):
        """Payers of an estimate, those of other addons too."""
        return (
            self.env["sale.order"]._fields["pay_type"]._description_selection(self.env)
        )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _find_rate(
        self, labour_category, pay_type, vehicle, partner, date=None, company=None
    ):
        """Rate of one line of labour; costs no query once the rates are known.

        A contract goes before everything else. Then the rate with most conditions
        wins, then the one of the nearer branch, then the order of the list.

        :param labour_category: trade of the operation
        :param pay_type: payer of the estimate
        :param vehicle: fleet.vehicle record, may be empty
        :param partner: res.partner record, may be empty
        :param date date: day of the visit, today when omitted
        :param company: res.company record, the user's when omitted
        :return: auto.service.labour.rate record, empty when the host's pricelists
            decide; :meth:`_get_reason` says why this one
        """
        date = date or fields.Date.context_today(self)
        facts = {
            "labour_category": labour_category,
            "pay_type": pay_type,
            **self._get_facts(vehicle, partner, date),
        }
        rows = self._get_rates(company or self.env.company)
        found = next((row for row in rows if self._fits(row, facts)), None)
        return self.browse(found and found["id"])

    @api.model
    def _get_facts(self, vehicle, partner, date):
        """What :meth:`_fits` compares the rates with; override to add a condition."""
        return {
            "brand_id": vehicle.model_id.brand_id.id,
            "partner_ids": (partner | partner.commercial_partner_id).ids,
            "age": vehicle._get_age(date) if vehicle else None,
            "date": date,
        }

    @api.model
    def _get_rates(self, company):
        """Rates of a company and those above it, the one that goes first at the top.

        :param company: res.company record
        :return: tuple of plain rows, kept until somebody changes a rate
        """
        return self._get_rate_rows(tuple(company.sudo().parent_ids.ids))

    @api.model
    @tools.ormcache("company_ids")
    def _get_rate_rows(self, company_ids):
        # Whoever prices an estimate uses the rates, whether or not he may read them.
        rates = self.sudo().search([("company_id", "in", company_ids)])
        rows = [rate._prepare_row(company_ids) for rate in rates]
        return tuple(row for _key, row in sorted(rows, key=itemgetter(0)))

    @api.model
    def _get_condition_fields(self):
        return ("partner_id", "pay_type", *super()._get_condition_fields())

    def _prepare_row(self, company_ids):
        """Pair of what decides between rates (smaller goes first) and a plain row.

        :param tuple company_ids: company and those above it, the topmost first
        """
        self.ensure_one()
        names = [*self._get_condition_fields(), "id", "company_id", "sequence"]
        names += ["valid_from", "valid_to"]
        row = frozendict(
            {name: getattr(self[name], "id", self[name]) for name in names}
        )
        conditions = {
            name.removesuffix("_from").removesuffix("_to")
            for name in [*self._get_condition_fields(), "valid_from", "valid_to"]
            if row[name]
        }
        nearness = company_ids.index(row["company_id"])
        key = (not row["partner_id"], -len(conditions), -nearness, row["sequence"])
        return (*key, row["id"]), row

    @api.model
    def _fits(self, row, facts):
        """Whether a row of :meth:`_get_rates` holds; the unknown fits no condition.

        Override together with :meth:`_get_condition_fields` and :meth:`_get_facts`.
        """
        if row["partner_id"] and row["partner_id"] not in facts["partner_ids"]:
            return False
        names = ("labour_category", "pay_type", "brand_id")
        if any(row[name] and row[name] != facts[name] for name in names):
            return False
        return self._fits_age(row, facts["age"]) and (
            (row["valid_from"] or facts["date"])
            <= facts["date"]
            <= (row["valid_to"] or facts["date"])
        )

    @api.model
    def _fits_age(self, row, age):
        """Whether the age of the vehicle lies in the range of the row."""
        if not row["age_from"] and not row["age_to"]:
            return True
        return age is not None and row["age_from"] <= age < (row["age_to"] or age + 1)
