from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.vehicle_match import match
from .auto_service_job import PRICE_GROUPS
from .auto_service_operation import COVERAGES, OPERATION_KINDS


class AutoServicePackage(models.Model):
    """A job that is sold often: its operations and parts in one click.

    What goes on the estimate is in ``auto_service_package_estimate.py``.
    """

    _name = "auto.service.package"
    _description = "Service Package"
    _order = "sequence, code, name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True
    # What a company keeps is there for its branches, as its products are.
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(
        required=True,
        translate=True,
        index="trigram",
        help="Name of the job, as the customer reads it on the estimate.",
    )
    code = fields.Char(index="btree_not_null", help="Short code of the garage.")
    sequence = fields.Integer(default=10, help="Packages with low numbers come first.")
    active = fields.Boolean(
        default=True, help="An archived package is not offered any more."
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: the package is offered in every company.",
    )
    category_id = fields.Many2one(
        "auto.service.operation.category",
        index="btree_not_null",
        ondelete="restrict",
        help="Where people look for the package.",
    )
    kind = fields.Selection(
        OPERATION_KINDS,
        required=True,
        default="maintenance",
        help="What sort of work it is.",
    )
    coverage = fields.Selection(
        COVERAGES,
        required=True,
        default="any",
        help="Vehicles for which the package is meant: as long as the maker's "
        "warranty runs, or afterwards. Where nobody knows how long the warranty runs, "
        "it is offered as well.",
    )
    pricing = fields.Selection(
        [("computed", "Sum of its lines"), ("fixed", "Fixed price")],
        required=True,
        default="computed",
        help="Sum of its lines: hours and parts as the vehicle needs them. Fixed "
        "price: one price for everything, spread over the lines.",
    )
    fixed_price = fields.Monetary(
        groups=PRICE_GROUPS,
        help="Price of the whole package in the currency of the company, as prices of "
        "products are entered: with or without taxes.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        help="Currency of the package's company, or of yours.",
    )
    condition_ids = fields.One2many(
        "auto.service.package.condition",
        "package_id",
        string="Vehicles",
        copy=True,
        help="Vehicles that the package is for. Empty: it is for every vehicle.",
    )
    line_ids = fields.One2many(
        "auto.service.package.line",
        "package_id",
        string="Operations and Parts",
        copy=True,
        help="What is done and what is used, in the order of the estimate.",
    )
    operation_count = fields.Integer(
        string="Operations",
        compute="_compute_contents",
        help="Number of operations in the package.",
    )
    part_count = fields.Integer(
        string="Parts", compute="_compute_contents", help="Number of parts in it."
    )
    hours = fields.Float(
        string="Usual hours",
        compute="_compute_contents",
        help="Usual hours of its operations, each done alone. On a vehicle they are "
        "those of its labour times, less what is shared.",
    )
    vehicle_text = fields.Char(
        string="For",
        compute="_compute_vehicle_text",
        help="Vehicles that the package is for, in a few words.",
    )
    is_favourite = fields.Boolean(
        string="Favourite", help="Favourites come first wherever packages are listed."
    )
    sold_count = fields.Integer(
        string="Sold",
        readonly=True,
        copy=False,
        help="How often the package was approved within twelve months. Counted every "
        "night.",
    )
    note = fields.Html(help="What whoever sells or does the job should know.")

    _fixed_price_positive = models.Constraint(
        "CHECK (fixed_price >= 0)",
        "A fixed price cannot be negative. Enter zero or more.",
    )
    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL AND active",
        "Another package has this code already. Use it, or choose another code.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for package in self:
            company = package.company_id or self.env.company
            package.currency_id = company.currency_id

    @api.depends("line_ids.operation_id.hours", "line_ids.product_id")
    def _compute_contents(self):
        for package in self:
            operations = package.line_ids.filtered("operation_id")
            package.operation_count = len(operations)
            package.part_count = len(package.line_ids) - len(operations)
            package.hours = sum(line.operation_id.hours for line in operations)

    @api.depends("condition_ids.display_name", "condition_ids.exclude")
    @api.depends_context("lang")
    def _compute_vehicle_text(self):
        for package in self:
            package.vehicle_text = ", ".join(
                package.condition_ids.mapped("display_name")
            )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for package in self:
            package.display_name = (
                f"[{package.code}] {package.name}" if package.code else package.name
            )

    @api.constrains("pricing", "fixed_price")
    def _check_fixed_price(self):
        missing = self.sudo().filtered(
            lambda package: package.pricing == "fixed" and not package.fixed_price
        )
        if missing:
            raise ValidationError(
                self.env._(
                    "%(packages)s: enter the fixed price, or choose the sum of the "
                    "lines.",
                    packages=", ".join(missing.mapped("name")),
                )
            )

    def copy_data(self, default=None):
        """A copy has no code: two packages with one code would be mixed up."""
        default = dict(default or {})
        default.setdefault("code", False)
        vals_list = super().copy_data(default)
        for package, vals in zip(self, vals_list, strict=True):
            if "name" not in default:
                vals["name"] = self.env._("%(name)s (copy)", name=package.name)
        return vals_list

    # What fits a vehicle --------------------------------------------------------

    def _get_fit(self, vehicle):
        """Which of the packages are for ``vehicle``.

        A fixed number of queries for any number of packages.

        :param vehicle: fleet.vehicle record, may be empty
        :return: dict of package id to a pair: whether it fits, and how closely it is
            described (0: it is for every vehicle)
        """
        car = vehicle._get_match_values() if vehicle else {}
        matches = self._match_conditions(car)
        return {
            package.id: package._rate_matches(matches.get(package.id, []), vehicle)
            for package in self
        }

    def _match_conditions(self, car):
        """Every condition of the packages held against a car.

        :param dict car: see ``fleet.vehicle._get_match_values``
        :return: dict of package id to pairs of condition and Match
        """
        conditions = self.env["auto.service.package.condition"].search(
            [("package_id", "in", self.ids)]
        )
        matches = {}
        for condition in conditions:
            result = match(condition._get_match_conditions(), car)
            matches.setdefault(condition.package_id.id, []).append((condition, result))
        return matches

    def _rate_matches(self, matches, vehicle):
        """Whether the package fits, by the results of its conditions.

        :param list matches: pairs of condition and Match
        :return: tuple of a boolean and a score
        """
        self.ensure_one()
        wanted = [result for condition, result in matches if not condition.exclude]
        scores = [result.score for result in wanted if result.fits]
        excluded = any(
            result.fits for condition, result in matches if condition.exclude
        )
        fits = not excluded and bool(scores or not wanted)
        return fits and self._is_covered(vehicle), max(scores, default=0)

    def _is_covered(self, vehicle):
        """Whether the maker's warranty of ``vehicle`` allows for the package.

        A warranty whose end is not known rules nothing out.
        """
        self.ensure_one()
        end = vehicle.warranty_until
        if self.coverage == "any" or not end:
            return True
        runs = end >= fields.Date.context_today(self)
        return runs == (self.coverage == "warranty")

    def _get_misfit(self, vehicle):
        """Why packages are not for ``vehicle``, in a few words.

        :return: dict of package id to text; packages that fit are left out
        """
        fit = self._get_fit(vehicle)
        return {
            package.id: package._get_misfit_text(vehicle)
            for package in self
            if not fit[package.id][0]
        }

    def _get_misfit_text(self, vehicle):
        self.ensure_one()
        if not self._is_covered(vehicle):
            labels = dict(self._fields["coverage"]._description_selection(self.env))
            return labels[self.coverage]
        return self.env._("For: %(vehicles)s", vehicles=self.vehicle_text)

    # How often it is sold -------------------------------------------------------

    @api.model
    def _count_sold(self, since):
        """Store how often packages were approved.

        One statement; rows whose count stays are left alone.

        :param datetime since: only approvals from then on count
        """
        self.env["auto.service.job"].flush_model(["package_id", "authorised_at"])
        self.flush_model(["sold_count"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE auto_service_package AS package
                   SET sold_count = counted.number
                  FROM (SELECT pack.id, COUNT(job.id) AS number
                          FROM auto_service_package pack
                     LEFT JOIN auto_service_job job
                            ON job.package_id = pack.id AND job.authorised_at >= %s
                      GROUP BY pack.id) AS counted
                 WHERE counted.id = package.id
                   AND package.sold_count IS DISTINCT FROM counted.number
                """,
                since,
            )
        )
        self.invalidate_model(["sold_count"])
