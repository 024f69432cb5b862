import base64
import io
import zipfile
from datetime import date

from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.auto_service_labour_import_load import LoadStopped
from .common import AutoServiceCommon

HEADER = "Code;Operation;Hours;Unit;Make;Model;Engine code;Valid from;Valid to"


@tagged("post_install", "-at_install")
class TestLabourImport(AutoServiceCommon):
    """A file of times comes in whole, says what is wrong, and goes out again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["auto.service.labour.source"].create({"name": "Acme"})
        cls.Time = cls.env["auto.service.labour.time"].with_context(active_test=False)

    def _create_import(self, content, **values):
        """Import of a file; text is sent as UTF-8."""
        content = content.encode() if isinstance(content, str) else content
        return (
            self.env["auto.service.labour.import"]
            .with_user(self.user_manager)
            .create(
                {
                    "filename": "times.csv",
                    "file": base64.b64encode(content),
                    "source_id": self.source.id,
                    **values,
                }
            )
        )

    def _check(self, record):
        """Read the file to its end, as the client does."""
        record.start_check()
        while record.state == "checking":
            record.step_check()
        return record

    def _load(self, *rows, **values):
        """Import of rows that was checked and loaded."""
        record = self._check(self._create_import("\n".join([HEADER, *rows]), **values))
        self.assertFalse(record.bad_ids.mapped("message"))
        record._load()
        return record

    def _get_bad(self, record):
        """Lines and beginnings of the messages of the bad rows."""
        return [(bad.line, bad.value, bad.message) for bad in record.bad_ids]

    def _get_times(self, **values):
        return self.Time.search(
            [("source_id", "=", self.source.id)]
            + [(name, "=", value) for name, value in values.items()],
            order="id",
        )

    def test_file_creates_what_it_names(self):
        record = self._load(
            "TB;Timing belt;12;AW5;Newmake;Roadster;AAA;;",
            "TB;Timing belt;1:30;;Newmake;Roadster;BBB;;",
            "WP;Water pump;0,5;;;;;;",
        )
        times = self._get_times()
        self.assertEqual(sorted(times.mapped("hours")), [0.5, 1.0, 1.5])
        first = times.filtered(lambda time: time.hours == 1)
        self.assertRecordValues(
            first,
            [
                {
                    "original_value": 12,
                    "original_unit": "aw5",
                    "kind": "standard",
                    "import_number": record.id,
                }
            ],
        )
        self.assertEqual(first.vehicle_type_id.model_id.name, "Roadster")
        self.assertEqual(first.vehicle_type_id.engine_code, "AAA")
        self.assertFalse(times.filtered(lambda t: t.hours == 0.5).vehicle_type_id)
        self.assertEqual(record.author_id, self.user_manager)
        self.assertEqual(record.counts["types"], 2)

    def test_known_operation_make_and_type_are_used(self):
        operation = self._create_operation(code="TB", name="Belt")
        vehicle_type = self.env["auto.service.vehicle.type"].create(
            {"model_id": self.vehicle_model.id, "engine_code": "A1-B"}
        )
        self._load("TB;Another name;2;;TESTFORD;focus;a1b;;")
        time = self._get_times()
        self.assertEqual(time.operation_id, operation)
        self.assertEqual(time.vehicle_type_id, vehicle_type)

    def test_cp1251_with_decimal_commas(self):
        text = (
            "Код;Наименование;Норма, ч;Марка\nЗ1;Замена ремня;1,5;Лада\n"
            "З2;Замена насоса;0,75;Лада\n"
        )
        record = self._create_import(text.encode("cp1251"))
        self.assertEqual(
            (record.encoding, record.decimal, record.delimiter),
            ("cp1251", "comma", "semicolon"),
        )
        self._check(record)._load()
        times = self._get_times()
        self.assertEqual(sorted(times.mapped("hours")), [0.75, 1.5])
        self.assertIn("Замена ремня", times.operation_id.mapped("name"))

    def test_wrong_column_order_and_byte_order_mark(self):
        text = "\ufeffModel,Make,Hours,Code\nFocus,Testford,1.5,TB\n"
        record = self._create_import(text.encode())
        self.assertEqual(
            record.column_ids.mapped("meaning"),
            ["model", "make", "hours", "operation_code"],
        )
        self._check(record)._load()
        self.assertEqual(self._get_times().vehicle_type_id.brand_id, self.brand)

    def test_every_bad_row_is_named_and_nothing_is_loaded(self):
        rows = [
            "A;Good;1;h;;;;;",
            "B;Negative;-1;h;;;;;",
            "C;Unit;1;furlong;;;;;",
            "D;Zero;0;h;;;;;",
            ";;1;h;;;;;",
            "A;Again;2;h;;;;;",
            "E;First;1;h;;;;2026-01-01;2026-06-30",
            "E;Second;1;h;;;;2026-06-30;2026-12-31",
            "F;Year turned;1;h;;;;2026-06-30;2026-01-01",
        ]
        record = self._check(self._create_import("\n".join([HEADER, *rows])))
        bad = dict((line, message) for line, _value, message in self._get_bad(record))
        self.assertEqual(sorted(bad), [3, 4, 5, 6, 7, 9, 10])
        self.assertIn("negative", bad[3])
        self.assertIn("unit is not known", bad[4])
        self.assertIn("Zero", bad[5])
        self.assertIn("Neither code nor name", bad[6])
        self.assertIn("earlier line", bad[7])
        self.assertIn("same days as another line", bad[9])
        self.assertIn("before the beginning", bad[10])
        self.assertEqual((record.row_count, record.bad_count), (9, 7))
        with self.assertRaisesRegex(UserError, "7 rows are bad and nothing was loaded"):
            record._load()
        self.assertFalse(self._get_times())

    def test_good_rows_only_when_that_is_chosen(self):
        rows = ["A;Good;1;h;;;;;", "B;Bad;-1;h;;;;;"]
        record = self._check(self._create_import("\n".join([HEADER, *rows])))
        record.is_partial = True
        record._load()
        self.assertEqual(self._get_times().operation_id.code, "A")

    def test_overlap_with_the_database(self):
        self._load("A;Work;1;h;;;;2026-01-01;2026-06-30")
        record = self._check(
            self._create_import(f"{HEADER}\nA;Work;2;h;;;;2026-06-01;2026-12-31")
        )
        self.assertIn("this source has already", record.bad_ids.message)
        complete = self._load("A;Work;2;h;;;;2026-06-01;2026-12-31", existing="full")
        self.assertEqual(self._get_times(active=True).import_number, complete.id)

    def test_unknown_operation_when_nothing_is_created(self):
        record = self._check(
            self._create_import(
                f"{HEADER}\nA;Work;1;h;Nomake;Nomodel;;;", create_operations=False
            )
        )
        self.assertEqual(record.bad_ids.value, "A")
        self.assertIn("no such operation", record.bad_ids.message)
        record = self._check(
            self._create_import(
                f"{HEADER}\nA;Work;1;h;Nomake;Nomodel;;;", create_models=False
            )
        )
        self.assertEqual(record.bad_ids.value, "Nomake")

    def test_files_that_cannot_be_read_say_so(self):
        broken = io.BytesIO()
        with zipfile.ZipFile(broken, "w") as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
        cases = [
            (b"", "Choose a file first"),
            (b"  \n", "The file is empty"),
            (b"PK\x03\x04 not a workbook", "The workbook is damaged"),
            (broken.getvalue(), "no sheet"),
            (HEADER.encode(), "no rows below the header"),
            (f"{HEADER}\n".encode(), "no rows below the header"),
        ]
        for content, message in cases:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._check(self._create_import(content))
        self.assertFalse(self._get_times())

    def test_a_file_that_is_cut_off(self):
        record = self._check(self._create_import(f"{HEADER}\nA;Work;1;h;;;;;\nB;Wor"))
        self.assertEqual([bad.line for bad in record.bad_ids], [3])

    def test_replaced_times_come_back_on_undo(self):
        first = self._load("A;Work;1;h;;;;;", "B;Other;1;h;;;;;")
        second = self._load("A;Work;2;h;;;;;", "B;Other;1;h;;;;;", "C;New;3;h;;;;;")
        self.assertEqual(second.counts["new"], 2)
        self.assertEqual(second.counts["unchanged"], 1)
        active = {t.operation_id.code: t.hours for t in self._get_times(active=True)}
        self.assertEqual(active, {"A": 2, "B": 1, "C": 3})
        # The first one cannot go while the second stands on it.
        with self.assertRaisesRegex(UserError, "replaced by a later one"):
            first.action_undo()
        second.action_undo()
        active = {t.operation_id.code: t.hours for t in self._get_times(active=True)}
        self.assertEqual(active, {"A": 1, "B": 1})
        self.assertFalse(
            self.env["auto.service.operation"].search_count([("code", "=", "C")])
        )
        first.action_undo()
        self.assertFalse(self._get_times())
        # Once more: what was archived only by the undo is back.
        self._load("A;Work;1;h;;;;;")
        operation = self.env["auto.service.operation"].search([("code", "=", "A")])
        self.assertTrue(operation.active)

    def test_undo_refused_when_somebody_entered_a_time_since(self):
        self._load("A;Work;1;h;;;;;")
        second = self._load("B;Work;1;h;;;;;", existing="full")
        operation = self.env["auto.service.operation"].search([("code", "=", "A")])
        self.Time.create(
            {
                "operation_id": operation.id,
                "source_id": self.source.id,
                "kind": "standard",
                "hours": 5,
            }
        )
        with self.assertRaisesRegex(UserError, "somebody entered times"):
            second.action_undo()

    def test_existing_times_are_kept_when_that_is_chosen(self):
        self._load("A;Work;1;h;;;;;")
        second = self._load("A;Work;2;h;;;;;", "B;New;3;h;;;;;", existing="keep")
        active = {t.operation_id.code: t.hours for t in self._get_times(active=True)}
        self.assertEqual(active, {"A": 1, "B": 3})
        self.assertEqual(second.counts["new"], 1)

    def test_types_of_the_file_go_with_it_unless_somebody_uses_them(self):
        record = self._load("A;Work;1;h;Newmake;One;;;", "A;Work;1;h;Newmake;Two;;;")
        types = self.env["auto.service.vehicle.type"].browse(record.created["types"])
        used = types.filtered(lambda item: item.model_id.name == "Two")
        self.Time.create(
            {
                "operation_id": self._create_operation().id,
                "vehicle_type_id": used.id,
                "hours": 1,
            }
        )
        record.action_undo()
        self.assertEqual(types.exists(), used)

    def test_stop_in_the_middle_leaves_nothing(self):
        record = self._check(self._create_import(f"{HEADER}\nZZ;Work;1;h;M1;M2;;;"))
        operations = self.env["auto.service.operation"].search_count([])

        def stop(done):
            self.assertEqual(done, 1)
            raise LoadStopped

        self.assertTrue(record._load(stop)["is_stopped"])
        self.assertFalse(self._get_times())
        self.assertEqual(
            self.env["auto.service.operation"].search_count([]), operations
        )
        # Nothing is lost: the same import can be loaded afterwards.
        record._load()
        self.assertEqual(len(self._get_times()), 1)

    def test_stopped_check_leaves_no_table(self):
        record = self._create_import(f"{HEADER}\nA;Work;1;h;;;;;")
        record.start_check()
        record.stop_check()
        self.assertEqual(record.state, "stopped")
        self.env.cr.execute(
            "SELECT 1 FROM pg_class WHERE relname = %s",
            [f"auto_service_labour_staging_{record.id}"],
        )
        self.assertFalse(self.env.cr.fetchall())

    def test_a_change_makes_the_check_worthless(self):
        record = self._check(self._create_import(f"{HEADER}\nA;Work;1;h;;;;;"))
        record.unit = "min"
        self.assertEqual(record.state, "draft")
        with self.assertRaisesRegex(UserError, "Check the file first"):
            record._load()

    def test_loaded_import_stays_as_it_is(self):
        record = self._load("A;Work;1;h;;;;;")
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            record.unit = "min"
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            record.unlink()

    def test_relations_and_their_circles(self):
        header = "Code;Operation;Hours;Relation;Related operation;Relation hours"
        rows = [
            "TB;Belt;2,5;;;",
            "WP;Pump;2;;;",
            "WP;Pump;;combination;TB;0,4",
            "TB;Belt;;includes;WP;",
            "TB;Belt;;includes;TB;",
        ]
        record = self._check(self._create_import("\n".join([header, *rows])))
        self.assertEqual(len(record.bad_ids), 2, self._get_bad(record))
        self.assertIn("itself", record.bad_ids[-1].message + record.bad_ids[0].message)
        record.is_partial = True
        record._load()
        relation = self.env["auto.service.labour.relation"].search(
            [("source_id", "=", self.source.id)]
        )
        self.assertEqual(len(relation), 1)
        record.action_undo()
        self.assertFalse(relation.exists())

    def test_preset_maps_the_next_file(self):
        record = self._create_import("Foo;Bar;Hours\nA;x;1\n")
        record.column_ids[0].meaning = "operation_code"
        record.action_save_preset()
        again = self._create_import("Foo;Bar;Hours\nB;y;2\n", source_id=False)
        self.assertEqual(again.preset_id, record.preset_id)
        self.assertEqual(
            again.column_ids.mapped("meaning"), ["operation_code", False, "hours"]
        )
        self.assertEqual(again.source_id, self.source)

    def test_a_hundred_thousand_rows_with_mistakes(self):
        lines = [HEADER]
        for number in range(100_000):
            hours = "-1" if number % 1000 == 0 else f"{number % 40 + 1},5"
            unit = "parsec" if number % 1000 == 1 else "h"
            lines.append(
                f"OP{number % 500};Work {number % 500};{hours};{unit};Testford;Focus;"
                f"E{number // 500};;"
            )
        record = self._check(self._create_import("\n".join(lines)))
        self.assertEqual((record.row_count, record.bad_count), (100_000, 200))
        messages = record.bad_ids.grouped("message")
        self.assertEqual(sorted(map(len, messages.values())), [100, 100])
        record.is_partial = True
        record._load()
        self.assertEqual(
            self.Time.search_count([("import_number", "=", record.id)]), 99_800
        )
        self.assertIn(b"parsec", base64.b64decode(record.bad_file))

    def test_only_managers_import(self):
        with self.assertRaisesRegex(UserError, "not allowed"):
            self.env["auto.service.labour.import"].with_user(self.user_advisor).create(
                {"filename": "x.csv"}
            )

    def test_preview_shows_hours_and_mistakes(self):
        record = self._create_import(
            f"{HEADER}\nA;Work;12;AW5;Testford;Focus;X1;;\nB;Work;-1;h;;;;;"
        )
        self.assertIn("Testford Focus X1", record.preview)
        self.assertIn("12 AW of 5 minutes", record.preview)
        self.assertIn("Hours cannot be negative", record.preview)

    def test_dates_of_validity(self):
        self._load("A;Work;1;h;;;;01.02.2026;")
        self.assertEqual(self._get_times().valid_from, date(2026, 2, 1))


@tagged("post_install", "-at_install")
class TestLabourTimeReference(AutoServiceCommon):
    """What foreign keys would do, done set by set."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["auto.service.labour.source"].create({"name": "Acme"})
        cls.operation = cls._create_operation()
        cls.time = cls.env["auto.service.labour.time"].create(
            {
                "operation_id": cls.operation.id,
                "source_id": cls.source.id,
                "hours": 1,
            }
        )

    def test_time_of_nothing_is_refused(self):
        for name in ("operation_id", "vehicle_type_id", "source_id"):
            with self.subTest(name), self.assertRaisesForeignKey():
                self.time.write({name: 999_999_999})
                self.env.flush_all()

    def test_times_go_with_their_operation(self):
        self.operation.unlink()
        self.assertFalse(self.time.exists())

    def test_source_with_times_stays(self):
        with self.assertRaisesForeignKey():
            self.source.unlink()

    def assertRaisesForeignKey(self):
        """What PostgreSQL says of a reference that is not there."""
        self.enterContext(mute_logger("odoo.sql_db"))
        return self.assertRaises(ForeignKeyViolation)
