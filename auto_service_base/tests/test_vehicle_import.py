from odoo.tests import tagged
from odoo.tools import file_open

from .common import AutoServiceCommon

COLUMNS = [
    "license_plate",
    "vin_sn",
    "import_make",
    "import_model",
    "build_year",
    "last_odometer",
    "import_owner_name",
    "import_owner_phone",
    "import_owner_email",
]
OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "float_decimal_separator": ".",
    "float_thousand_separator": "",
    "date_format": "%Y-%m-%d",
    "datetime_format": "",
}


@tagged("post_install", "-at_install")
class TestVehicleImport(AutoServiceCommon):
    """The host's import, called as its screen calls it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicles = cls.env["fleet.vehicle"]

    def _row(self, number, **values):
        """A good row; every second row belongs to the same owner as the one before."""
        owner = number // 2
        row = {
            "license_plate": f"IMP {number:04}",
            "vin_sn": f"WVWZZZ1KZ6W{number:06}",
            "import_make": "Importford",
            "import_model": f"Model {number % 5}",
            "build_year": str(2000 + number % 20),
            "last_odometer": str(1000 + number),
            "import_owner_name": f"Import Owner {owner}",
            "import_owner_phone": f"+372 55{owner:06}",
            "import_owner_email": f"owner{owner}@example.com",
            **values,
        }
        return [row[column] for column in COLUMNS]

    def _import(self, rows, dryrun=False, columns=None):
        """Run rows through the host's import as the advisor.

        :return: result of ``execute_import``
        """
        columns = columns or COLUMNS
        lines = [",".join(columns)] + [
            ",".join(f'"{value}"' for value in row) for row in rows
        ]
        return self._import_file("\n".join(lines).encode(), columns, dryrun)

    def _import_file(self, content, columns, dryrun=False, mimetype="text/csv"):
        wizard = (
            self.env["base_import.import"]
            .with_user(self.user_advisor)
            .with_context(default_is_customer_vehicle=True, tracking_disable=True)
            .create(
                {
                    "res_model": "fleet.vehicle",
                    "file": content,
                    "file_name": "customers",
                    "file_type": mimetype,
                }
            )
        )
        return wizard.execute_import(columns, columns, dict(OPTIONS), dryrun=dryrun)

    def _count(self):
        """Vehicles and partners of the test's file."""
        return (
            self.vehicles.search_count([("license_plate", "like", "IMP ")]),
            self.env["res.partner"].search_count([("name", "like", "Import Owner")]),
        )

    def test_good_file_creates_owners_once_with_their_vehicles(self):
        result = self._import([self._row(number) for number in range(40)])
        self.assertFalse(result["messages"])
        self.assertEqual(len(result["ids"]), 40)
        self.assertEqual(self._count(), (40, 20))
        vehicle = self.vehicles._find_by_plate("IMP 0007")
        self.assertRecordValues(
            vehicle,
            [
                {
                    "is_customer_vehicle": True,
                    "vin_normalized": "WVWZZZ1KZ6W000007",
                    "build_year": 2007,
                    "last_odometer": 1007,
                    "acquisition_date": False,
                }
            ],
        )
        self.assertEqual(vehicle.brand_id.name, "Importford")
        self.assertEqual(vehicle.model_id.name, "Model 2")
        self.assertEqual(vehicle.owner_id.name, "Import Owner 3")
        self.assertEqual(vehicle.owner_id.email, "owner3@example.com")
        self.assertEqual(vehicle.person_ids.role, "owner")
        models_ = self.env["fleet.vehicle.model"].search(
            [("brand_id", "=", vehicle.brand_id.id)]
        )
        self.assertEqual(len(models_), 5)

    def test_known_customer_make_and_model_are_found_not_doubled(self):
        partner = self._create_partner(name="Import Owner X", phone="+372 5551 2345")
        row = self._row(
            1,
            import_make="TESTFORD",
            import_model="focus",
            import_owner_name="import owner x",
            import_owner_phone="+37255512345",
            import_owner_email="",
        )
        result = self._import([row])
        self.assertFalse(result["messages"])
        vehicle = self.vehicles.browse(result["ids"])
        self.assertEqual(vehicle.owner_id, partner)
        self.assertEqual(vehicle.model_id, self.vehicle_model)

    def test_thousand_rows_with_twenty_bad_ones_name_each_and_import_nothing(self):
        """The test import and the real one alike."""
        self._create_vehicle(license_plate="REG 1")
        kinds = [
            ({"license_plate": "", "vin_sn": ""}, "Neither licence plate nor VIN"),
            ({"last_odometer": "12x"}, "12x"),
            ({"build_year": "3020"}, "must lie between"),
            ({"build_year": "old"}, "old"),
            ({"import_owner_name": ""}, "without the owner's name"),
            ({"import_owner_phone": "call me"}, "is not a phone number"),
            ({"import_owner_email": "nobody"}, "is not an e-mail address"),
            ({"license_plate": "reg-1"}, "is registered already"),
            ({"license_plate": "IMP-0000"}, "occurs twice in the file"),
            ({"last_odometer": "-5"}, "cannot be below zero"),
        ]
        bad = {50 * i + 25: kinds[i % len(kinds)] for i in range(20)}
        rows = [
            self._row(number, **bad.get(number, ({}, ""))[0]) for number in range(1000)
        ]
        for dryrun in (True, False):
            with self.subTest(dryrun=dryrun):
                result = self._import(rows, dryrun=dryrun)
                self.assertFalse(result["ids"])
                errors = {
                    message["rows"]["from"]: message["message"]
                    for message in result["messages"]
                    if message["type"] == "error"
                }
                self.assertEqual(set(errors), set(bad))
                for number, (_values, reason) in bad.items():
                    self.assertIn(reason, errors[number], f"row {number}")
                self.assertEqual(self._count(), (0, 0))

    def test_rows_cost_few_queries(self):
        """A batch, not a record at a time."""
        self._import([self._row(number) for number in range(2)])
        rows = [self._row(number) for number in range(10, 210)]
        before = self.env.cr.sql_log_count
        result = self._import(rows)
        self.assertEqual(len(result["ids"]), 200)
        self.assertLess((self.env.cr.sql_log_count - before) / 200, 6)

    def test_columns_named_owner_make_and_model_hold_texts(self):
        """Mapped to the records' fields by their headers, they are taken as texts."""
        columns = ["license_plate", "brand_id", "model_id", "owner_id", "odometer"]
        result = self._import(
            [["IMP 1", "Škoda Import", "Octavia", "Import Owner", "5000"]],
            columns=columns,
        )
        self.assertFalse(result["messages"])
        vehicle = self.vehicles.browse(result["ids"])
        self.assertEqual(vehicle.model_id.display_name, "Škoda Import/Octavia")
        self.assertEqual(vehicle.owner_id.name, "Import Owner")
        self.assertEqual(vehicle.last_odometer, 5000)

    def test_row_with_external_id_updates_the_vehicle(self):
        columns = ["id", "license_plate", "import_owner_name", "import_owner_phone"]
        row = ["old_1", "IMP 77", "Import Owner A", "+372 5550001"]
        [vehicle_id] = self._import([row], columns=columns)["ids"]
        row = ["old_1", "IMP 77", "Import Owner B", "+372 5550002"]
        result = self._import([row], columns=columns)
        self.assertEqual(result["ids"], [vehicle_id])
        vehicle = self.vehicles.browse(vehicle_id)
        self.assertEqual(vehicle.owner_id.name, "Import Owner B")
        self.assertEqual(len(vehicle.person_ids), 2)

    def test_fleet_people_import_as_before(self):
        """Without the garage's screen nothing is checked: no plate, no VIN."""
        result = self.vehicles.load(
            ["license_plate", "model_id/.id"], [["", str(self.vehicle_model.id)]]
        )
        self.assertFalse(result["messages"])
        self.assertFalse(self.vehicles.browse(result["ids"]).is_customer_vehicle)

    def test_sample_files_can_be_imported(self):
        """Both samples, with their headers matched as the screen matches them."""
        for name, mimetype in (
            ("customer_vehicles.csv", "text/csv"),
            (
                "customer_vehicles.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        ):
            with self.subTest(file=name):
                path = f"auto_service_base/static/import/{name}"
                with file_open(path, "rb") as source:
                    content = source.read()
                wizard = (
                    self.env["base_import.import"]
                    .with_user(self.user_advisor)
                    .with_context(default_is_customer_vehicle=True)
                    .create(
                        {
                            "res_model": "fleet.vehicle",
                            "file": content,
                            "file_name": name,
                            "file_type": mimetype,
                        }
                    )
                )
                preview = wizard.parse_preview({"has_headers": True, "quoting": '"'})
                self.assertNotIn("error", preview)
                matches = preview["matches"]
                columns = [
                    "/".join(matches[index]) if index in matches else False
                    for index in range(len(preview["headers"]))
                ]
                self.assertNotIn(False, columns, preview["headers"])
                result = wizard.execute_import(
                    columns, preview["headers"], preview["options"], dryrun=True
                )
                self.assertFalse(result["messages"])
                self.assertTrue(result["ids"])

    def test_templates_are_offered_on_the_garages_screen(self):
        vehicles = self.vehicles.with_user(self.user_advisor)
        templates = vehicles.get_import_templates()
        self.assertEqual(len(templates), 2)
        for template in templates:
            path = template["template"].lstrip("/")
            with file_open(path, "rb") as source:
                self.assertTrue(source.read())
