from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import vehicle_match
from .auto_service_vehicle_match import BODIES, DRIVES, MATCH_FIELDS

LEVELS = {"exact": 0, "model": 1, "class": 2}
KW_PER_HORSEPOWER = 0.73549875
DRIVE_OF_MODEL = {"fwd": "front", "rwd": "rear", "awd": "all", "4wd": "all"}
#: Names under which the vehicle itself has what a type describes.
VEHICLE_FIELDS = {
    "ktype": "ktype",
    "generation": "generation",
    "fuel_type": "fuel_type",
    "transmission": "transmission",
    "drive": "drive",
    "body": "body",
}
#: What decides which types fit; see ``_get_match_values``.
READ_FIELDS = (
    *("model_id", "brand_id", "category_id", "engine_code", "engine_capacity"),
    *("power", "power_unit", "horsepower", "build_year", *VEHICLE_FIELDS.values()),
)
#: Columns of the table ``t`` that ``vehicle_match.match`` reads, after id and name.
TYPE_FIELDS = ("ktype", *MATCH_FIELDS)
TYPE_COLUMNS = SQL(", ").join(
    [SQL("t.id AS type_id"), *(SQL.identifier("t", f) for f in ("name", *TYPE_FIELDS))]
)
#: No attribute of the type contradicts the car, and none is asked for in vain. The
#: generation is left to ``match``, which compares it without signs. The engine code,
#: where the type has one, was compared before and settles fuel, size and power.
ATTRIBUTES = """
    (t.brand_id IS NULL OR t.brand_id = %(brand_id)s)
    AND (t.category_id IS NULL OR t.category_id = %(category_id)s)
    AND (t.transmission IS NULL OR t.transmission = %(transmission)s)
    AND (t.drive IS NULL OR t.drive = %(drive)s)
    AND (t.body IS NULL OR t.body = %(body)s)
    AND COALESCE(t.year_from, 0) <= COALESCE(%(year)s, 0)
    AND (COALESCE(t.year_to, 0) = 0 OR t.year_to >= %(year)s)
    AND (t.engine_code IS NOT NULL OR (
        (t.fuel_type IS NULL OR t.fuel_type = %(fuel_type)s)
        AND COALESCE(t.capacity_from, 0) <= COALESCE(%(capacity)s, 0)
        AND (COALESCE(t.capacity_to, 0) = 0 OR t.capacity_to >= %(capacity)s)
        AND COALESCE(t.power_from, 0) <= COALESCE(%(power)s + %(slack)s, 0)
        AND (COALESCE(t.power_to, 0) = 0 OR t.power_to >= %(power)s - %(slack)s)
    ))
"""


class FleetVehicle(models.Model):
    """Which vehicle type it is: what labour times, packages and plans go by."""

    _inherit = "fleet.vehicle"

    engine_capacity = fields.Integer(
        aggregator=None,
        help="Engine capacity in cubic centimetres. Zero: unknown.",
    )
    drive = fields.Selection(
        DRIVES,
        compute="_compute_drive",
        store=True,
        readonly=False,
        precompute=True,
        help="Driven wheels; taken from the model until somebody writes it.",
    )
    body = fields.Selection(BODIES, help="Body of the vehicle. Empty: unknown.")
    generation = fields.Char(
        help="Generation or platform of the model as the catalogue writes it, for "
        "example 5G or Mk7."
    )
    warranty_until = fields.Date(
        string="Warranty until", help="Last day of the maker's warranty."
    )
    vehicle_type_id = fields.Many2one(
        "auto.service.vehicle.type",
        string="Vehicle type",
        compute="_compute_vehicle_type_id",
        help="The most specific vehicle type that fits. Labour times go by it.",
    )

    @api.depends("model_id")
    def _compute_drive(self):
        for vehicle in self:
            drive = DRIVE_OF_MODEL.get(vehicle.model_id.drive_type)
            vehicle.drive = vehicle.drive or drive

    @api.depends(
        *("ktype", "model_id", "brand_id", "category_id", "generation", "engine_code"),
        *("engine_capacity", "power", "power_unit", "horsepower"),
        *("fuel_type", "transmission", "drive", "body", "build_year"),
    )
    def _compute_vehicle_type_id(self):
        for vehicle in self:
            types = vehicle._get_matching_types()
            vehicle.vehicle_type_id = types[0][0] if types else False

    def _get_match_values(self):
        """What is known of the vehicle; override to add an attribute.

        :return: dict as :func:`~..tools.vehicle_match.match` reads it
        """
        self.ensure_one()
        is_known = self.model_id != self._get_unknown_model()
        power = self.power
        if self.power_unit == "horsepower" and self.horsepower:
            power = self.horsepower * KW_PER_HORSEPOWER
        return {
            **{name: self[field] for name, field in VEHICLE_FIELDS.items()},
            "brand_id": is_known and self.brand_id._origin.id,
            "model_id": is_known and self.model_id._origin.id,
            "category_id": self.category_id._origin.id,
            "engine_code": self.engine_code,
            "capacity": self.engine_capacity,
            "power": power,
            "year": self.build_year,
        }

    def _fetch_match_values(self):
        """What is known of the vehicle; reads only that when nothing is in the cache.

        :return: dict, see :meth:`_get_match_values`
        """
        if self._origin:
            self.fetch(READ_FIELDS)
        return self._get_match_values()

    def _get_matching_types(self):
        """Vehicle types that fit, in one query whatever their number.

        :return: list of (id of auto.service.vehicle.type, Match), most specific first
        """
        car = self._get_match_values()
        self._flush_types()
        rows = self.env.execute_query_dict(self._get_type_query(car))
        matches = [(row["type_id"], vehicle_match.match(row, car)) for row in rows]
        return self._sort_types(pair for pair in matches if pair[1].fits)

    def _get_type_candidates(self):
        """Types of the same model or K-type, and what keeps each from being the one.

        For the question "which engine is it?". One query.

        :return: list of (id of auto.service.vehicle.type, Match), nearest first
        """
        car = self._get_match_values()
        self._flush_types()
        query = SQL(
            """
            SELECT %s FROM auto_service_vehicle_type t
             WHERE t.active AND (t.ktype = %s OR t.model_id = %s)
            """,
            TYPE_COLUMNS,
            car["ktype"] or None,
            car["model_id"] or None,
        )
        rows = self.env.execute_query_dict(query)
        return self._sort_types(
            (row["type_id"], vehicle_match.match(row, car)) for row in rows
        )

    def _get_near_types(self):
        """Types of the model that may be the right one if more were known.

        Types that differ in nothing, and lack only what nobody has entered; after
        them those with one difference, mostly another engine.

        :return: list of (id of auto.service.vehicle.type, Match), nearest first
        """
        return [
            (type_id, match)
            for type_id, match in self._get_type_candidates()
            if not match.fits and self._is_one_difference(match.differing)
        ]

    @api.model
    def _is_one_difference(self, differing):
        """Whether two types differ in one thing at most; an engine is one thing.

        :param differing: names of attributes, see ``vehicle_match.Match``
        """
        engine = {"engine_code", "ktype", *vehicle_match.SETTLED_BY_ENGINE}
        rest = set(differing) - engine
        return len(rest) + bool(set(differing) & engine) <= 1

    @api.model
    def _sort_types(self, pairs):
        """Fitting types first, then by specificity; ties go to the older type."""
        return sorted(
            pairs,
            key=lambda pair: (
                not pair[1].fits,
                len(pair[1].differing),
                LEVELS[pair[1].level] if pair[1].fits else 0,
                -pair[1].score,
                len(pair[1].missing),
                pair[0],
            ),
        )

    @api.model
    def _flush_types(self):
        """Bring types that are not in the database yet there, before plain SQL."""
        self.env["auto.service.vehicle.type"].flush_model(
            ["name", "ktype", "engine_key", "active", *MATCH_FIELDS]
        )

    @api.model
    def _get_type_query(self, car):
        """Query for the types that may fit ``car``, each branch through an index.

        It returns at least all that fit; ``vehicle_match.match`` decides. The branches
        fetch few types, so that the attributes are compared once, outside of them.

        :param dict car: see :meth:`_get_match_values`
        :return: SQL
        """
        branches = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s FROM auto_service_vehicle_type t WHERE %s",
                *(TYPE_COLUMNS, branch),
            )
            for branch in self._get_type_branches(car)
        )
        return SQL(
            """
            WITH t AS MATERIALIZED (%s)
            SELECT * FROM t WHERE t.ktype = %s OR (%s)
            """,
            branches,
            car["ktype"] or None,
            self._get_type_condition(car),
        )

    @api.model
    def _get_type_branches(self, car):
        """Ways to a type that exclude each other: K-type, model, engine, class.

        :return: list of SQL conditions on the table ``t``
        """
        engine = self._get_engine_condition(car)
        model, ktype = SQL("t.active AND t.model_id IS NULL"), SQL("t.ktype IS NULL")
        branches = [
            SQL("%s AND %s AND (t.engine_key IS NULL OR %s)", model, ktype, engine)
        ]
        if car["ktype"]:
            branches.append(self._get_ktype_condition(car))
        else:
            # Types of the catalogue fit a car without a number through the engine.
            ktype = SQL("(t.ktype IS NULL OR t.engine_key IS NOT NULL)")
            if car["engine_code"]:
                number = SQL("t.ktype IS NOT NULL AND t.engine_key IS NOT NULL")
                branches.append(SQL("%s AND %s AND %s", model, number, engine))
        if car["model_id"]:
            branches.append(
                SQL(
                    "t.active AND t.model_id = %s AND %s"
                    " AND (t.engine_key IS NULL OR %s)",
                    *(car["model_id"], ktype, engine),
                )
            )
        return branches

    @api.model
    def _get_ktype_condition(self, car):
        """Types with the number of the car.

        Where several types share a number their engine codes tell them apart: while
        the code of the car is unknown none of them is taken by chance.
        """
        return SQL(
            """
            t.active AND t.ktype = %s
            AND (t.engine_key IS NULL OR %s OR (%s AND NOT EXISTS (
                SELECT 1 FROM auto_service_vehicle_type other
                 WHERE other.active AND other.ktype = t.ktype
                   AND other.engine_key <> t.engine_key)))
            """,
            car["ktype"],
            self._get_engine_condition(car),
            not vehicle_match.split_codes(car["engine_code"]),
        )

    @api.model
    def _get_engine_condition(self, car):
        """Condition that one of the type's engine codes is the car's."""
        codes = vehicle_match.split_codes(car["engine_code"])
        if not codes:
            return SQL("FALSE")
        patterns = [f"%|{code}|%" for code in codes]
        return SQL(
            "(%s)", SQL(" OR ").join(SQL("t.engine_key LIKE %s", p) for p in patterns)
        )

    @api.model
    def _get_type_condition(self, car):
        """Condition that nothing in a type contradicts the car."""
        values = {name: value or None for name, value in car.items()}
        return SQL(ATTRIBUTES, **values, slack=vehicle_match.POWER_TOLERANCE)

    def _take_type(self, vehicle_type):
        """Write what a type knows on the vehicle; what it leaves open stays.

        :param vehicle_type: auto.service.vehicle.type record
        """
        self.ensure_one()
        self.write(self._prepare_type_values(vehicle_type))

    def _prepare_type_values(self, vehicle_type):
        """Values of the vehicle that follow from its type.

        A range says nothing exact and is left out, unless both ends are the same.
        """
        values = {
            field: vehicle_type[name]
            for name, field in VEHICLE_FIELDS.items()
            if vehicle_type[name]
        }
        if vehicle_type.model_id:
            values["model_id"] = vehicle_type.model_id.id
        codes = vehicle_match.split_codes(vehicle_type.engine_code)
        if len(codes) == 1:
            values["engine_code"] = vehicle_type.engine_code.strip()
        if vehicle_type.category_id:
            values["category_id"] = vehicle_type.category_id.id
        if vehicle_type.capacity_from == vehicle_type.capacity_to != 0:
            values["engine_capacity"] = vehicle_type.capacity_from
        if vehicle_type.power_from == vehicle_type.power_to != 0:
            values.update(power=vehicle_type.power_from, power_unit="power")
        return values

    def action_choose_type(self):
        """Invoked when "Which one?" is clicked beside the vehicle type.

        It lists the types of the model, or all where nobody knows the model yet.
        """
        self.ensure_one()
        types = [type_id for type_id, _match in self._get_type_candidates()]
        view = self.env.ref(
            "auto_service_base.auto_service_vehicle_type_view_list_choose"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which vehicle is it?"),
            "res_model": "auto.service.vehicle.type",
            "views": [(view.id, "list")],
            "target": "new",
            "domain": [("id", "in", types)] if types else [],
            "context": {"match_vehicle_id": self.id, "dialog_size": "extra-large"},
        }
