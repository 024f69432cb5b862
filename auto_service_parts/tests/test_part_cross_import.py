import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestPartCrossImport(PartsCommon):
    """A file of cross references goes in by steps, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls._create_cross_source()
        cls.crosses = cls.env["auto.service.part.cross"]
        for name in ("Testmahle", "Testmann"):
            cls._create_brand(name)

    def _load(self, text, **values):
        load = self.env["auto.service.part.cross.import"].create(
            {
                "file": base64.b64encode(
                    text.encode(values.get("encoding") or "utf-8")
                ),
                "file_name": "crosses.csv",
                "source_id": self.source.id,
                **values,
            }
        )
        while load.step()["state"] == "running":
            pass
        return load

    def _get_loaded(self):
        return [
            (row.number_key, row.to_number_key, row.kind, row.is_both_ways)
            for row in self.crosses.search([("source_id", "=", self.source.id)])
        ]

    def test_file_is_loaded(self):
        load = self._load(
            "Brand;Number;Brand2;Number2;Kind;Both ways\n"
            "TESTMAHLE;OC 90;Test-Mann;W 712/52;;\n"
            "Testmahle;ОС 91;Testmann;W 713;same;no\n"
        )
        self.assertEqual(
            self._get_loaded(),
            [("OC90", "W71252", "analogue", True), ("OC91", "W713", "same", False)],
        )
        self.assertRecordValues(
            load, [{"state": "done", "row_count": 2, "added_count": 2, "bad_count": 0}]
        )

    def test_loaded_twice_is_there_once(self):
        text = "brand,number,to_brand,to_number\nTestmahle,1,Testmann,2\n"
        self._load(text)
        load = self._load(text)
        self.assertEqual((load.row_count, load.added_count), (1, 0))
        self.assertEqual(len(self._get_loaded()), 1)

    def test_file_without_header_in_cyrillic(self):
        self._create_brand("Тестовый фильтр")
        self._load(
            "Testmahle;1;ТЕСТОВЫЙ ФИЛЬТР;2Б;аналог\nTestmahle;3;Testmann;4;аналог\n",
            encoding="cp1251",
        )
        self.assertEqual(
            [row[:2] for row in self._get_loaded()], [("1", "2Б"), ("3", "4")]
        )

    def test_bad_lines_are_refused_with_a_reason(self):
        load = self._load(
            "brand;number;to_brand;to_number;kind\n"
            ";1;Testmann;2;\n"
            "Testmahle;;Testmann;2;\n"
            "Testmahle;1;;2;\n"
            "Testmahle;1;Testmann; - ;\n"
            "Testmahle;1;Testmann;2;friend\n"
            "Testmahle;1;Testmann\n"
            f"Testmahle;{'1' * 99};Testmann;2;\n"
            "Testmahle;7;Testmahle;7;\n"
            "Testmahle;1;Testmann;2;\n"
        )
        self.assertEqual(
            load.bad_ids.mapped(lambda bad: (bad.line, bad.reason)),
            [
                (2, "brand"),
                (3, "number"),
                (4, "to_brand"),
                (5, "to_number"),
                (6, "kind"),
                (7, "to_number"),
                (8, "long"),
            ],
        )
        self.assertEqual(load.bad_ids[4].text, "Testmahle;1;Testmann;2;friend")
        self.assertEqual(len(self._get_loaded()), 1)

    def test_signs_that_the_database_refuses_do_no_harm(self):
        load = self._load(
            "brand;number;to_brand;to_number\n"
            "Testmahle;1\0;Test\0mann;2\n"
            "No\0body;1;Testmann;2\n"
            "Testmahle;4\\;Testmann;5\n"
            + "".join(f"Testmahle;A{n};Testmann;B{n}\n" for n in range(30))
        )
        self.assertEqual((load.added_count, load.bad_count), (32, 1))

    def test_unknown_brands_wait_in_the_queue(self):
        text = "brand;number;to_brand;to_number\nTestmahle;1;Newmaker;2\n"
        load = self._load(text)
        self.assertEqual(load.bad_ids.reason, "unknown_brand")
        queued = self.env["auto.service.part.brand.unknown"].search(
            [("name", "=", "Newmaker")]
        )
        self.assertEqual((queued.row_count, queued.examples), (1, "2"))
        self._load(text, is_brand_created=True)
        self.assertEqual(len(self._get_loaded()), 1)
        self.assertFalse(queued.exists())

    def test_sources_that_the_file_names_are_kept_apart(self):
        self._load(
            "brand;number;to_brand;to_number;source\n"
            "Testmahle;1;Testmann;2;Other catalogue\n"
            "Testmahle;1;Testmann;3;\n"
        )
        self.assertEqual([row[1] for row in self._get_loaded()], ["3"])
        other = self.env["auto.service.part.cross.source"].search(
            [("name", "=", "Other catalogue")]
        )
        self.assertEqual(other.trust, self.source.trust)

    def test_steps_go_on_where_the_last_one_ended(self):
        rows = "".join(f"Testmahle;A{n};Testmann;B{n}\n" for n in range(45_000))
        load = self.env["auto.service.part.cross.import"].create(
            {
                "file": base64.b64encode(
                    b"brand;number;to_brand;to_number\n" + rows.encode()
                ),
                "source_id": self.source.id,
            }
        )
        shares = []
        while True:
            progress = load.step(seconds=0.001)
            shares.append(progress["share"])
            if progress["state"] == "done":
                break
        self.assertEqual(len(shares), 3)
        self.assertEqual(shares, sorted(shares))
        self.assertEqual(progress["added"], 45_000)

    def test_file_that_is_no_table_is_refused(self):
        with self.assertRaisesRegex(UserError, "empty"):
            self._load("\n\n")
        with self.assertRaisesRegex(UserError, "Colour, Size"):
            self._load("Colour;Size\nred;1\n")

    def test_parts_people_load_and_technicians_do_not(self):
        groups = "auto_service_base.group_"
        technician = new_test_user(
            self.env, "cross_technician", groups=f"{groups}technician"
        )
        with self.assertRaises(AccessError):
            self.env["auto.service.part.cross.import"].with_user(technician).create(
                {"file": b"YQ==", "source_id": self.source.id}
            )
        parts = new_test_user(self.env, "cross_parts", groups=f"{groups}parts")
        text = "brand;number;to_brand;to_number;source\nTestmahle;1;Testmann;2;New\n"
        self.env = self.env(user=parts)
        self.assertEqual(self._load(text).added_count, 1)
        self._load(
            "brand;number;to_brand;to_number\nA9;1;B9;2\n", is_brand_created=True
        )
