from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import vehicle_match
from .auto_service_vehicle_match import MATCH_FIELDS

SAME_KIND = (
    "COALESCE(model_id, 0), COALESCE(brand_id, 0), COALESCE(upper(generation), ''),"
    " COALESCE(engine_key, ''), COALESCE(capacity_from, 0), COALESCE(capacity_to, 0),"
    " COALESCE(power_from, 0), COALESCE(power_to, 0), COALESCE(fuel_type, ''),"
    " COALESCE(transmission, ''), COALESCE(drive, ''), COALESCE(body, ''),"
    " COALESCE(category_id, 0), COALESCE(year_from, 0), COALESCE(year_to, 0)"
)


class AutoServiceVehicleType(models.Model):
    """Vehicles that share labour times: as narrow or as wide as the times are.

    ``Golf VI, CBDC, 81 kW`` is a type, and so is ``any diesel van``.
    """

    _name = "auto.service.vehicle.type"
    _description = "Vehicle Type"
    _inherit = ["auto.service.vehicle.match"]
    _order = "name, id"
    _rec_names_search = ["name", "ktype", "engine_code"]

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        index="trigram",
        help="Name of the type. It is made of the attributes; write another one if you "
        "like.",
    )
    ktype = fields.Char(
        string="K-type",
        index="btree_not_null",
        help="Number of the vehicle type in the parts catalogues. A vehicle with the "
        "same number is of this type.",
    )
    external_ref = fields.Char(
        string="External reference",
        index="btree_not_null",
        help="How the provider of labour times calls the type.",
    )
    origin = fields.Char(
        string="Where it comes from",
        help="File, provider or person that the type comes from.",
    )
    active = fields.Boolean(
        default=True, help="Times of an archived type are not used any more."
    )
    engine_key = fields.Char(
        string="Engine codes for comparison",
        compute="_compute_engine_key",
        store=True,
        precompute=True,
        index="trigram",
        export_string_translation=False,
        help="Engine codes in capital letters and digits with bars between them.",
    )
    engine_oil_l = fields.Float(
        string="Engine oil",
        digits=(6, 2),
        aggregator=None,
        help="Litres of engine oil with filter. Zero: unknown.",
    )
    coolant_l = fields.Float(
        string="Coolant",
        digits=(6, 2),
        aggregator=None,
        help="Litres of coolant. Zero: unknown.",
    )
    gearbox_oil_l = fields.Float(
        string="Gearbox oil",
        digits=(6, 2),
        aggregator=None,
        help="Litres of oil of the gearbox. Zero: unknown.",
    )
    brake_fluid_l = fields.Float(
        string="Brake fluid",
        digits=(6, 2),
        aggregator=None,
        help="Litres of brake fluid. Zero: unknown.",
    )
    refrigerant_g = fields.Integer(
        string="Refrigerant",
        aggregator=None,
        help="Grams of refrigerant of the air conditioning. Zero: unknown.",
    )
    cylinder_count = fields.Integer(
        string="Cylinders",
        aggregator=None,
        help="Number of cylinders. Zero: unknown.",
    )
    labour_time_ids = fields.One2many(
        "auto.service.labour.time",
        "vehicle_type_id",
        string="Labour times",
        help="Hours of operations on vehicles of this type.",
    )
    labour_time_count = fields.Integer(
        string="Number of labour times",
        compute="_compute_labour_time_count",
        help="How many labour times hold for this type.",
    )
    is_match = fields.Boolean(
        string="Fits",
        compute="_compute_match_hint",
        help="The type fits the vehicle that a type is chosen for.",
    )
    is_different = fields.Boolean(
        string="Differs",
        compute="_compute_match_hint",
        help="Something of the type contradicts what is known of the vehicle that a "
        "type is chosen for.",
    )
    match_hint = fields.Char(
        string="Compared with the vehicle",
        compute="_compute_match_hint",
        help="What is still unknown of the vehicle that a type is chosen for, and what "
        "is different.",
    )

    _ktype_uniq = models.UniqueIndex(
        "(ktype, COALESCE(engine_key, ''), COALESCE(transmission, ''))"
        " WHERE ktype IS NOT NULL AND active",
        "There is a type with this K-type, engine code and gearbox already. Use it.",
    )
    _attributes_uniq = models.UniqueIndex(
        f"({SAME_KIND}) WHERE ktype IS NULL AND active",
        "There is a type with exactly these attributes already. Use it, or add what "
        "tells the two apart.",
    )
    # Serves the classes, which no model leads to; there are few of them.
    _class_idx = models.Index("(brand_id) WHERE model_id IS NULL AND ktype IS NULL")
    _not_empty = models.Constraint(
        f"CHECK (ktype IS NOT NULL OR ({SAME_KIND})"
        " <> (0, 0, '', '', 0, 0, 0::float8, 0::float8, '', '', '', '', 0, 0, 0))",
        "Say which vehicles the type is for: at least a make, a model, a K-type or "
        "another attribute.",
    )
    _capacities_positive = models.Constraint(
        "CHECK (COALESCE(engine_oil_l, 0) >= 0 AND COALESCE(coolant_l, 0) >= 0"
        " AND COALESCE(gearbox_oil_l, 0) >= 0 AND COALESCE(brake_fluid_l, 0) >= 0"
        " AND COALESCE(refrigerant_g, 0) >= 0 AND COALESCE(cylinder_count, 0) >= 0)",
        "Quantities and the number of cylinders cannot be negative.",
    )

    @api.depends(
        *("ktype", "brand_id.name", "model_id.name"),
        *(name for name in MATCH_FIELDS if not name.endswith("_id")),
    )
    def _compute_name(self):
        labels = {}
        for name in vehicle_match.WORDS:
            labels.update(self._fields[name]._description_selection(self.env))
        for record in self:
            values = dict(
                record._get_match_conditions(),
                brand=record.brand_id.name,
                model=record.model_id.name,
            )
            text = vehicle_match.format_name(values, labels)
            record.name = text or record.category_id.name

    @api.depends("engine_code")
    def _compute_engine_key(self):
        for record in self:
            record.engine_key = vehicle_match.engine_key(record.engine_code)

    def _compute_labour_time_count(self):
        groups = self.env["auto.service.labour.time"]._read_group(
            [("vehicle_type_id", "in", self.ids)], ["vehicle_type_id"], ["__count"]
        )
        counts = {record.id: count for record, count in groups}
        for record in self:
            record.labour_time_count = counts.get(record.id, 0)

    @api.depends_context("match_vehicle_id", "lang")
    def _compute_match_hint(self):
        vehicle_id = self.env.context.get("match_vehicle_id")
        vehicle = self.env["fleet.vehicle"].browse(vehicle_id or [])
        car = vehicle._get_match_values() if vehicle else {}
        for record in self:
            match = vehicle_match.match(record._get_match_conditions(), car)
            record.is_match = bool(vehicle) and match.fits
            record.is_different = bool(vehicle and match.differing)
            record.match_hint = record._get_match_hint(match) if vehicle else False

    def _get_match_hint(self, match):
        """One line on how a type fits: what differs, what nobody knows yet.

        :param match: :class:`~..tools.vehicle_match.Match`
        :return: translated string
        """
        parts = []
        if match.differing:
            names = self._get_attribute_names(match.differing)
            parts.append(self.env._("Different: %(names)s", names=names))
        if match.missing:
            names = self._get_attribute_names(match.missing)
            parts.append(self.env._("Unknown: %(names)s", names=names))
        if match.fits:
            parts.insert(0, self.env._("Fits"))
        return " · ".join(parts)

    @api.model
    def _get_attribute_names(self, names):
        """Words for attributes as :class:`~..tools.vehicle_match.Match` names them.

        :return: translated string, with commas
        """
        ranges = {
            "capacity": self.env._("Engine capacity"),
            "power": self.env._("Power"),
            "year": self.env._("Year"),
        }
        return ", ".join(
            ranges.get(name) or self._fields[name]._description_string(self.env)
            for name in names
        )

    def _get_match_conditions(self):
        return dict(super()._get_match_conditions(), ktype=self.ktype)

    @api.model
    def _get_same_type_domain(self, values):
        """Domain of the types with the attributes in ``values`` and no others.

        For imports and proposals that look for a type before they make one.

        :param dict values: of ``create``; names that are left out must be empty
        :return: Domain
        """
        names = ("ktype", *MATCH_FIELDS)
        return Domain.AND(
            Domain(name, "=", values.get(name) or self._get_empty_value(name))
            for name in names
            if name != "brand_id" or not values.get("model_id")
        )

    @api.model
    def _get_empty_value(self, name):
        """Value that an attribute has when nobody filled it in."""
        return 0 if self._fields[name].type in ("integer", "float") else False

    def action_take_for_vehicle(self):
        """Invoked when "This one" is clicked in the list opened from a vehicle."""
        self.ensure_one()
        vehicle_id = self.env.context.get("match_vehicle_id")
        self.env["fleet.vehicle"].browse(vehicle_id)._take_type(self)
        return {"type": "ir.actions.act_window_close"}

    def action_view_labour_times(self):
        """Invoked when the button "Labour times" is clicked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_labour_time_action"
        )
        return dict(
            action,
            domain=[("vehicle_type_id", "=", self.id)],
            context={"default_vehicle_type_id": self.id, "hide_vehicle_type": True},
        )
