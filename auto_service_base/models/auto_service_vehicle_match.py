from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.fleet.models.fleet_vehicle_model import FUEL_TYPES

from ..tools import vehicle_match

DRIVES = [
    ("front", "Front-wheel drive"),
    ("rear", "Rear-wheel drive"),
    ("all", "All-wheel drive"),
]
BODIES = [
    ("hatchback", "Hatchback"),
    ("saloon", "Saloon"),
    ("estate", "Estate"),
    ("coupe", "Coupé"),
    ("convertible", "Convertible"),
    ("mpv", "People carrier"),
    ("suv", "Off-road vehicle, SUV"),
    ("van", "Van"),
    ("pickup", "Pick-up"),
    ("chassis", "Chassis cab"),
    ("bus", "Bus"),
    ("truck", "Lorry"),
    ("motorcycle", "Motorcycle"),
    ("trailer", "Trailer"),
    ("other", "Other"),
]
TRANSMISSIONS = [("manual", "Manual"), ("automatic", "Automatic")]
#: What a description of vehicles can say.
MATCH_FIELDS = (
    *("brand_id", "model_id", "generation", "engine_code"),
    *("capacity_from", "capacity_to", "power_from", "power_to"),
    *("fuel_type", "transmission", "drive", "body", "category_id"),
    *("year_from", "year_to"),
)


class AutoServiceVehicleMatch(models.AbstractModel):
    """Description of vehicles that something is for.

    What is left empty does not matter. What is filled in must be known of the vehicle
    and agree; see ``tools/vehicle_match.py``.
    """

    _name = "auto.service.vehicle.match"
    _description = "Description of Vehicles"

    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand",
        string="Make",
        compute="_compute_brand_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="Make of the vehicles. Empty: any make.",
    )
    model_id = fields.Many2one(
        "fleet.vehicle.model",
        string="Model",
        domain="[('brand_id', '=?', brand_id)]",
        index="btree_not_null",
        ondelete="restrict",
        help="Model of the vehicles. Empty: any model of the make.",
    )
    generation = fields.Char(
        help="Generation or platform as the maker or the catalogue writes it, for "
        "example 5G or Mk7. Capitals, blanks and dashes make no difference."
    )
    engine_code = fields.Char(
        help="Engine code, or several with commas between them; one of them must be "
        "the vehicle's.",
    )
    capacity_from = fields.Integer(
        string="Capacity from",
        aggregator=None,
        help="Smallest engine capacity in cubic centimetres. Zero: no lower limit.",
    )
    capacity_to = fields.Integer(
        string="Capacity to",
        aggregator=None,
        help="Largest engine capacity in cubic centimetres. Zero: no upper limit.",
    )
    power_from = fields.Float(
        string="Power from",
        aggregator=None,
        help="Lowest engine power in kilowatts. Zero: no lower limit.",
    )
    power_to = fields.Float(
        string="Power to",
        aggregator=None,
        help="Highest engine power in kilowatts. Zero: no upper limit.",
    )
    fuel_type = fields.Selection(
        FUEL_TYPES, string="Fuel", help="Fuel of the vehicles. Empty: any."
    )
    transmission = fields.Selection(
        TRANSMISSIONS, string="Gearbox", help="Gearbox of the vehicles. Empty: any."
    )
    drive = fields.Selection(DRIVES, help="Driven wheels. Empty: any.")
    body = fields.Selection(BODIES, help="Body of the vehicles. Empty: any.")
    category_id = fields.Many2one(
        "fleet.vehicle.model.category",
        string="Vehicle class",
        ondelete="restrict",
        help="Class of the vehicles, as the garage sorts them. Empty: any.",
    )
    year_from = fields.Integer(
        string="Year from",
        aggregator=None,
        help="First year of the vehicles. Zero: no lower limit.",
    )
    year_to = fields.Integer(
        string="Year to",
        aggregator=None,
        help="Last year of the vehicles. Zero: no upper limit.",
    )

    @api.depends("model_id")
    def _compute_brand_id(self):
        for record in self:
            record.brand_id = record.model_id.brand_id or record.brand_id

    @api.constrains(
        *("capacity_from", "capacity_to", "power_from", "power_to"),
        *("year_from", "year_to"),
    )
    def _check_ranges(self):
        for record in self:
            for name in ("capacity", "power", "year"):
                record._check_range(name)

    def _check_range(self, name):
        """Refuse a range that is negative or ends before it begins."""
        start, stop = self[f"{name}_from"], self[f"{name}_to"]
        if start >= 0 and stop >= 0 and (not start or not stop or start <= stop):
            return
        raise ValidationError(
            self.env._(
                "%(record)s: “%(from)s” and “%(to)s” do not make a range. Enter the "
                "smaller number first, and none below zero.",
                record=self.display_name or self._description,
                **{
                    "from": self._fields[f"{name}_from"]._description_string(self.env),
                    "to": self._fields[f"{name}_to"]._description_string(self.env),
                },
            )
        )

    def _get_match_conditions(self):
        """What the description asks for; override to add a condition.

        :return: dict as :func:`~..tools.vehicle_match.match` reads it
        """
        self.ensure_one()
        return {
            name: self[name].id if name.endswith("_id") else self[name]
            for name in MATCH_FIELDS
        }

    def _match_vehicle(self, vehicle):
        """How the description fits ``vehicle``.

        :param vehicle: fleet.vehicle record; an empty one has no known attribute
        :return: :class:`~..tools.vehicle_match.Match`
        """
        self.ensure_one()
        car = vehicle._get_match_values() if vehicle else {}
        return vehicle_match.match(self._get_match_conditions(), car)
