from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.plate import normalize_plate
from ..tools.vin import check_vin

FIRST_YEAR = 1885


class FleetVehicle(models.Model):
    """Identity of a customer's vehicle.

    Customers' vehicles live in the host's register with ``is_customer_vehicle`` set;
    the fleet app sees only the others. Search, import, merge and odometer are in the
    files ``fleet_vehicle_*.py`` beside this one.
    """

    _inherit = "fleet.vehicle"

    is_customer_vehicle = fields.Boolean(
        string="Customer's Vehicle",
        default=lambda self: self._default_is_customer_vehicle(),
        copy=True,
        help="Comes to the garage as a customer's vehicle. The fleet app, its reports "
        "and its people see only the company's own vehicles.",
    )
    plate_normalized = fields.Char(
        string="Licence Plate for Comparison",
        compute="_compute_plate_normalized",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="Licence plate in capital Latin letters and digits only: Cyrillic and "
        "Greek look-alikes, blanks and dashes make no difference.",
    )
    vin_normalized = fields.Char(
        string="VIN for Comparison",
        compute="_compute_vin_normalized",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="VIN in capital Latin letters and digits only.",
    )
    vin_hint = fields.Char(
        string="VIN Check",
        compute="_compute_vin_hint",
        help="What the VIN tells: maker, country and possible model years, or why it "
        "looks wrong. It never stops anybody.",
    )
    is_vin_suspect = fields.Boolean(
        compute="_compute_vin_hint", help="The VIN does not follow the standard."
    )
    model_label = fields.Char(
        string="Make and Model",
        compute="_compute_model_label",
        store=True,
        precompute=True,
        help="Make and model in one text, empty while nobody has seen the vehicle. "
        "Stored, so that lists and drop-downs need neither of the two tables.",
    )
    first_registration_date = fields.Date(
        string="First Registration",
        help="Date of the first registration, anywhere. Not the date on which the "
        "company acquired the vehicle.",
    )
    build_year = fields.Integer(
        string="Year",
        compute="_compute_build_year",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
        help="Year of the vehicle; taken from the first registration until somebody "
        "writes it.",
    )
    engine_code = fields.Char(
        help="Code of the engine as parts catalogues use it, for example BKC."
    )
    ktype = fields.Char(
        string="K-type",
        index="btree_not_null",
        help="Number of the vehicle type in the parts catalogue.",
    )
    _company_vehicle_idx = models.Index("(id) WHERE is_customer_vehicle IS NOT TRUE")
    # The conditions as the ORM writes them; with the company, so that a page and the
    # number of records are answered by the index alone.
    _customer_vehicle_idx = models.Index(
        "(id DESC, company_id) WHERE active IS TRUE AND is_customer_vehicle IS TRUE"
    )

    @api.model
    def _default_is_customer_vehicle(self):
        """What somebody of the garage creates is a customer's vehicle.

        People who also run the fleet app say so by the screen they use.
        """
        return self._is_workshop_only()

    @api.model
    def _is_workshop_only(self):
        """Whether the user works in the garage and has nothing to do with Fleet."""
        user = self.env.user
        return user.has_group("auto_service_base.group_user") and not user.has_group(
            "fleet.fleet_group_user"
        )

    @api.depends("model_id.name", "model_id.brand_id.name")
    def _compute_model_label(self):
        unknown = self._get_unknown_model()
        for vehicle in self:
            model = vehicle.model_id
            label = f"{model.brand_id.name or ''} {model.name or ''}".strip()
            vehicle.model_label = label if model != unknown else False

    @api.depends("license_plate")
    def _compute_plate_normalized(self):
        for vehicle in self:
            vehicle.plate_normalized = normalize_plate(vehicle.license_plate) or False

    @api.depends("vin_sn")
    def _compute_vin_normalized(self):
        for vehicle in self:
            vehicle.vin_normalized = normalize_plate(vehicle.vin_sn) or False

    @api.depends("vin_sn")
    def _compute_vin_hint(self):
        latest_year = fields.Date.today().year + 1
        for vehicle in self:
            check = check_vin(vehicle.vin_sn, latest_year)
            vehicle.is_vin_suspect = bool(check and check.issue)
            vehicle.vin_hint = vehicle._get_vin_hint(check) if check else False

    def _get_vin_hint(self, check):
        """One line about a VIN.

        :param check: VinCheck
        :return: translated string, False when there is nothing to say
        """
        issues = {
            "length": self.env._(
                "%(count)s characters instead of 17: a frame number or a typing error?",
                count=len(check.vin),
            ),
            "letters": self.env._(
                "A VIN has only Latin letters without I, O and Q, and digits."
            ),
            "check_digit": self.env._(
                "The check digit (9th character) does not fit: a typing error?"
            ),
        }
        parts = [issues[check.issue]] if check.issue else []
        parts += [check.maker] if check.maker else []
        parts += [self._get_country_name(check.country)] if check.country else []
        if check.years:
            years = self.env._(" or ").join(str(year) for year in check.years)
            parts.append(self.env._("model year %(years)s?", years=years))
        return " · ".join(part for part in parts if part) or False

    @api.model
    def _get_country_name(self, code):
        """Translated name of the country with the ISO ``code``."""
        return self.env["res.country"].search([("code", "=", code)], limit=1).name

    @api.depends("first_registration_date")
    def _compute_build_year(self):
        for vehicle in self:
            date = vehicle.first_registration_date
            vehicle.build_year = vehicle.build_year or (date.year if date else 0)

    @api.constrains("build_year")
    def _check_build_year(self):
        latest = fields.Date.today().year + 1
        wrong = self.filtered(
            lambda vehicle: vehicle.build_year
            and not FIRST_YEAR <= vehicle.build_year <= latest
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "The year of %(vehicles)s must lie between %(first)s and %(last)s; "
                    "leave it empty when it is unknown.",
                    vehicles=", ".join(wrong.mapped("display_name")),
                    first=FIRST_YEAR,
                    last=latest,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._resolve_import_values(vals_list)
        return super().create([self._prepare_customer_values(v) for v in vals_list])

    def write(self, vals):
        [vals] = self._resolve_import_values([vals])
        if not vals.get("model_id", True):
            vals["model_id"] = self._get_unknown_model().id
        if "odometer" not in vals or not any(self.mapped("is_customer_vehicle")):
            return super().write(vals)
        # The host refuses a lower reading; at the desk it is recorded all the same.
        customers = self.filtered("is_customer_vehicle")
        others = self - customers
        changed = {key: value for key, value in vals.items() if key != "odometer"}
        super(FleetVehicle, customers).write(
            dict(changed, last_odometer=int(vals["odometer"] or 0))
        )
        return super(FleetVehicle, others).write(vals) if others else True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_customer_vehicle(self):
        """Customers' vehicles keep their history; only the system removes them."""
        vehicles = self.filtered("is_customer_vehicle")
        if vehicles and not self.env.su:
            raise UserError(
                self.env._(
                    "A customer's vehicle is never deleted (%(vehicles)s): archive it, "
                    "or merge it with the right one.",
                    vehicles=", ".join(vehicles.mapped("display_name")),
                )
            )

    @api.model
    def _prepare_customer_values(self, vals):
        """Values of a new vehicle, without the fleet app's defaults for customers.

        Registration and contract dates feed the fleet app's reports, the state its
        board: a customer's vehicle has none of them. Called by ``create``.
        """
        is_customer = vals.get(
            "is_customer_vehicle",
            self.env.context.get("default_is_customer_vehicle"),
        )
        if is_customer is None:
            is_customer = self._default_is_customer_vehicle()
        if not is_customer:
            return vals
        return {
            "acquisition_date": False,
            "contract_date_start": False,
            "state_id": False,
            "model_id": self._get_unknown_model().id,
            **{key: value for key, value in vals.items() if self._is_given(key, value)},
            "is_customer_vehicle": True,
        }

    @api.model
    def _is_given(self, name, value):
        """Whether a value of ``create`` counts; an empty model means "unknown"."""
        return bool(value) or name != "model_id"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        # The flag is missing when a screen does not ask for it.
        if values.get("is_customer_vehicle", self._uses_workshop_views()):
            for name in ("acquisition_date", "contract_date_start", "state_id"):
                values.pop(name, None)
        return values

    @api.model
    def _get_unknown_model(self):
        """Model of a vehicle nobody has looked at yet (a call, a quick create)."""
        # Not ``ref``: it asks the database each time whether the record still exists.
        # The record is missing while the addon is being installed.
        model_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "auto_service_base.fleet_vehicle_model_unknown", raise_if_not_found=False
        )
        return self.env["fleet.vehicle.model"].browse(model_id)

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Fetch what the record rules look at too, else all columns follow."""
        if field_names is not None:
            field_names = {*field_names, "company_id", "is_customer_vehicle"}
        return super().search_fetch(domain, field_names, offset, limit, order)

    @api.model
    def _get_customer_domain(self):
        """Domain of the vehicles that the garage works with."""
        return Domain("is_customer_vehicle", "=", True)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        if not view_id and f"{view_type}_view_ref" not in self.env.context:
            view_id = self._get_workshop_view_id(view_type)
        return super()._get_view(view_id, view_type, **options)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self._uses_workshop_views(),)

    @api.model
    def _uses_workshop_views(self):
        """Whether screens without a view of their own show the garage's view.

        People of the fleet app keep their screens as they were.
        """
        return bool(
            self.env.context.get("default_is_customer_vehicle")
            or self._is_workshop_only()
        )

    @api.model
    def _get_workshop_view_id(self, view_type):
        """Id of the garage's own view of this type, None when there is none."""
        if not self._uses_workshop_views():
            return None
        xml_id = f"auto_service_base.auto_service_vehicle_view_{view_type}"
        view = self.env.ref(xml_id, raise_if_not_found=False)
        return view.id if view else None

    def get_formview_id(self, access_uid=None):
        self.ensure_one()
        if self.is_customer_vehicle:
            return self.env.ref("auto_service_base.auto_service_vehicle_view_form").id
        return super().get_formview_id(access_uid=access_uid)
