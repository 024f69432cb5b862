"""Labour of the demo garage: vehicle types, times of two sources, rules and rates."""

import json
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

#: Settings of the company that the garage changes while it is there.
SETTINGS = {"auto_service_labour_rounding": 0.05}
SETTINGS_PARAMETER = "auto_service_demo.settings"
DAYS_OF_MONTH = 30.4

#: Columns of ``vehicle_types.csv`` that are numbers.
QUANTITIES = {
    "engine_oil_l": "engine_oil_l",
    "coolant_l": "coolant_l",
    "gearbox_oil_l": "gearbox_oil_l",
    "brake_fluid_l": "brake_fluid_l",
    "refrigerant_g": "refrigerant_g",
    "cylinders": "cylinder_count",
}
ADJUSTMENTS = [
    {"name": "Vehicle over ten years", "age_from": 10, "percent": 10.0},
    {
        "name": "Over 300,000 km",
        "odometer_from": 300000,
        "hours_from": 1.0,
        "hours": 0.2,
    },
]
RATES = [
    {"name": "Body work", "labour_category": "body", "hourly_rate": 58.0},
    {"name": "Paint", "labour_category": "paint", "hourly_rate": 62.0},
    {
        "name": "Diagnosis",
        "labour_category": "diagnostics",
        "hourly_rate": 60.0,
        "minimum_amount": 25.0,
    },
    {"name": "Tyres", "labour_category": "tyres", "minimum_amount": 20.0},
    {"name": "Warranty by the maker", "pay_type": "warranty", "hourly_rate": 43.0},
]


class LabourLoader:
    """Part of the loader that fills the tables of labour.

    :param GarageLoader loader: the garage
    :param read_rows: function that reads one file of the garage
    """

    def __init__(self, loader, read_rows):
        self.loader = loader
        self.env = loader.env
        self.company = loader.company
        self.read_rows = read_rows
        self.types = {}

    # Vehicle types ------------------------------------------------------------

    def create_types(self):
        """Types of the demo vehicles, with a second engine for many models."""
        rows = self.read_rows("vehicle_types")
        records = self.env["auto.service.vehicle.type"].create(
            [self._prepare_type(row) for row in rows]
        )
        self.types = dict(zip((row["key"] for row in rows), records, strict=True))

    def _prepare_type(self, row):
        values = {
            name: row[name] or False
            for name in ("generation", "engine_code", "transmission", "drive", "body")
        }
        for name in ("capacity", "power"):
            number = float(row[name] or 0)
            values.update({f"{name}_from": number, f"{name}_to": number})
        values.update(
            {field: float(row[name] or 0) for name, field in QUANTITIES.items()}
        )
        return {
            **values,
            "fuel_type": row["fuel"] or False,
            "brand_id": bool(row["brand"]) and self.loader.get_brand(row["brand"]).id,
            "model_id": bool(row["model"]) and self.loader.get_model(row).id,
            "year_from": int(row["year_from"] or 0),
            "year_to": int(row["year_to"] or 0),
            "origin": "Demo garage",
        }

    def prepare_vehicle(self, model, engine_code):
        """Attributes of a vehicle from its type; nothing without an engine code.

        :param model: fleet.vehicle.model record
        :return: dict for ``fleet.vehicle``
        """
        for vehicle_type in self.types.values():
            if engine_code and (vehicle_type.model_id, vehicle_type.engine_code) == (
                model,
                engine_code,
            ):
                return self.env["fleet.vehicle"]._prepare_type_values(vehicle_type)
        return {}

    # Labour times -------------------------------------------------------------

    def create_times(self):
        """Invented times: an invented guide in AW, and what the garage decided."""
        self.sources = {
            "own": self.env.ref("auto_service_base.labour_source_own"),
            "guide": self.env["auto.service.labour.source"].create(
                {
                    "name": "Demo guide 2026",
                    "origin": "provider",
                    "release": "2026-1",
                    "default_unit": "aw5",
                    "company_id": self.company.id,
                }
            ),
        }
        rows = [self._prepare_guide_time(row) for row in self.read_rows("guide_times")]
        rows += [self._prepare_own_time(row) for row in self.read_rows("own_times")]
        self.env["auto.service.labour.time"].create(rows)

    def _prepare_guide_time(self, row):
        return {
            "operation_id": self.loader.operations[row["operation"]].id,
            "vehicle_type_id": self.types[row["type"]].id,
            "source_id": self.sources["guide"].id,
            "original_value": float(row["aw"]),
            "original_unit": "aw5",
        }

    def _prepare_own_time(self, row):
        values = {
            "operation_id": self.loader.operations[row["operation"]].id,
            "vehicle_type_id": self.types[row["type"]].id,
            "kind": row["kind"],
            "source_id": self.sources[row["source"]].id,
            "note": row["note"] or False,
        }
        if row["from_year"]:
            values["valid_from"] = date(self._get_year(row["from_year"]), 1, 1)
        if row["to_year"]:
            values["valid_to"] = date(self._get_year(row["to_year"]), 12, 31)
        if row["source"] == "guide":
            aw = round(float(row["hours"]) * 12)
            return {**values, "original_value": aw, "original_unit": "aw5"}
        return {**values, "hours": float(row["hours"])}

    def _get_year(self, years):
        """Calendar year, ``years`` from this one."""
        return self.loader.now.year + int(years)

    # Rules --------------------------------------------------------------------

    def create_rules(self):
        """Adjustments and rates, a contract and a customer group among them."""
        self._create_adjustments()
        self._create_rates()
        self._change_settings()

    def _create_adjustments(self):
        group = self.env["res.partner.category"].create({"name": "Taxi companies"})
        self.loader.customers["taxi"].category_id = group
        taxi = {
            "name": "Taxi companies",
            "partner_category_id": group.id,
            "percent": -5.0,
        }
        self.env["auto.service.labour.adjustment"].create(
            [
                {**values, "company_id": self.company.id}
                for values in (*ADJUSTMENTS, taxi)
            ]
        )

    def _create_rates(self):
        contract = {
            "name": "Contract with Northway Couriers",
            "partner_id": self.loader.customers["courier"].id,
            "hourly_rate": 44.0,
            "valid_from": date(self.loader.now.year, 1, 1),
        }
        self.env["auto.service.labour.rate"].create(
            [{**values, "company_id": self.company.id} for values in (*RATES, contract)]
        )

    def _change_settings(self):
        """Round hours, unless the company rounds already; the remover sets it back."""
        changed = {
            name: value for name, value in SETTINGS.items() if not self.company[name]
        }
        self.company.write(changed)
        note = json.dumps({"company_id": self.company.id, **changed})
        self.env["ir.config_parameter"].set_param(SETTINGS_PARAMETER, note)

    # Maintenance --------------------------------------------------------------

    def create_maintenance(self):
        """What the service books tell: most is in order, some is due.

        ``maintenance.csv`` names what is overdue or due soon, as a share of the
        interval that has passed.
        """
        shares = {
            (row["plate"], row["operation"]): float(row["share"])
            for row in self.read_rows("maintenance")
        }
        vehicles = self.env["fleet.vehicle"].concat(
            *(vehicle for vehicle, _row in self.loader.vehicles.values())
        )
        items = self.env["auto.service.maintenance.plan"]._get_items_by_vehicle(
            vehicles
        )
        values = []
        for vehicle, row in self.loader.vehicles.values():
            for number, item in enumerate(items[vehicle.id]):
                share = shares.get((row["plate"], item.operation_id.code))
                values += self._prepare_records(vehicle, row, item, number, share)
        self.env["auto.service.maintenance.record"].create(values)

    def _prepare_records(self, vehicle, row, item, number, share):
        """What the service book tells of one piece of work; sometimes nothing.

        :param dict row: row of the vehicles' file
        :param number: place of the work in the plan, for variety
        :param share: part of the interval that has passed; any when None
        :return: list of one dict, or none
        """
        seed = int(row["odometer"]) + 17 * number
        is_old = vehicle.first_registration_date.year < self._get_year(-6)
        if share is None and number and is_old and not seed % 5:
            return []
        share = share or 0.15 + seed % 60 / 100
        done = self.loader.now.date() - timedelta(days=self._get_days(row, item, share))
        first = vehicle.first_registration_date + relativedelta(months=3)
        if done < first:
            return []
        return [
            {
                "vehicle_id": vehicle.id,
                "item_id": item.id,
                "date": done,
                "odometer": self.loader.get_odometer(row, done),
                "note": "Stamp in the service book",
            }
        ]

    def _get_days(self, row, item, share):
        """Days in which the vehicle passes a share of the interval."""
        limits = []
        if item.interval_km:
            limits.append(item.interval_km / int(row["km_per_year"]) * 365)
        if item.interval_months:
            limits.append(item.interval_months * DAYS_OF_MONTH)
        return round(min(limits) * share)


def restore_settings(env):
    """Set back what the garage changed of its company, where nobody changed it since.

    Called when the garage is removed.
    """
    parameters = env["ir.config_parameter"].sudo()
    text = parameters.get_param(SETTINGS_PARAMETER)
    if not text:
        return
    values = json.loads(text)
    company = env["res.company"].browse(values.pop("company_id")).exists()
    for name, value in values.items():
        current = company[name]
        if company and getattr(current, "id", current) == value:
            company[name] = False
    parameters.search([("key", "=", SETTINGS_PARAMETER)]).unlink()
