from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PartsCommon
from .price_file import HEADER, make_csv, make_rows, make_xlsx, make_zip
from .price_list_common import PriceListMixin


@tagged("post_install", "-at_install")
class TestPriceListLoad(PriceListMixin, PartsCommon):
    """A file on its way into force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price_list = cls._make_list(make_csv())

    def test_first_file_of_a_list_is_understood(self):
        self.assertRecordValues(
            self.price_list,
            [
                {
                    **{"encoding": "cp1251", "delimiter": "semicolon"},
                    **{"decimal": "comma", "header_row": 1, "row_count": 300},
                    **{"term_unit": "days", "state": "done"},
                }
            ],
        )
        self.assertEqual(
            self.price_list.column_ids.mapped("meaning"),
            ["brand", "number", "name", "price", "quantity", "term"],
        )
        self.assertEqual(
            self._read_rows(self.price_list)[0],
            ("BOSCH", "100 00000-00", "Фильтр масляный 0", 10.1, ">", 10.0, 24, 24),
        )

    def test_every_kind_of_file_gives_the_same_offers(self):
        rows = self._read_rows(self.price_list)
        for name, content in (
            ("list.xlsx", make_xlsx()),
            ("list.zip", make_zip(list__csv=make_csv())),
            ("list.zip", make_zip(list__xlsx=make_xlsx(), read__me=b"hello")),
            ("list.txt", make_csv(delimiter="\t", encoding="utf-8")),
        ):
            with self.subTest(name):
                other = self._make_list(name=name)
                load = self._load(other, content, filename=name)
                self.assertEqual(load.state, "done", load.message)
                self.assertEqual(self._read_rows(other), rows)

    def test_short_steps_lose_nothing(self):
        other = self._make_list(name="Other")
        load = self._load(other, make_csv(make_rows(25_000)), seconds=0)
        self.assertEqual(load.state, "done", load.message)
        self.assertEqual((load.row_count, load.offer_count), (25_000, 25_000))
        numbers = {row[1] for row in self._read_rows(other)}
        self.assertEqual(len(numbers), 25_000)

    def test_the_new_list_takes_the_place_of_the_old_one(self):
        rows = [(*row[:3], "99,00", *row[4:]) for row in make_rows(200, start=150)]
        self.price_list.price_change = 0
        load = self._load(self.price_list, make_csv(rows))
        self.assertEqual(load.state, "done", load.message)
        found = self._read_rows(self.price_list)
        self.assertEqual({row[3] for row in found}, {99.0})
        self.assertEqual(len(found), 200)

    def test_back_to_the_list_before_and_forth(self):
        before = self._read_rows(self.price_list)
        self._load(self.price_list, make_csv(make_rows(290)))
        self.price_list.action_undo()
        self.assertEqual(self._read_rows(self.price_list), before)
        self.assertEqual(self.price_list.row_count, 300)
        self.assertEqual(self.price_list.last_load_id.state, "undone")
        self.price_list.action_undo()
        self.assertEqual(self.price_list.row_count, 290)

    def test_a_list_without_one_before_cannot_go_back(self):
        with self.assertRaisesRegex(UserError, "no list before"):
            self.price_list.action_undo()

    def test_changes_join_the_list(self):
        self.price_list.mode = "incremental"
        rows = make_rows(4)
        rows[1] = (*rows[1][:3], "77,00", *rows[1][4:])
        rows[2] = (*rows[2][:4], "0", rows[2][5])
        rows[3] = ("BOSCH", "NEW 1", "New", "5,00", "1", "1")
        load = self._load(self.price_list, make_csv(rows))
        self.assertEqual(load.state, "done", load.message)
        found = {row[1]: row for row in self._read_rows(self.price_list)}
        self.assertEqual(len(found), 300, "one new, one gone")
        self.assertEqual(found["101 00001-01"][3], 77.0)
        self.assertNotIn("102 00002-02", found)
        self.assertIn("NEW 1", found)
        self.assertEqual(found["103 00003-03"][3], 31.13, "not named: as before")

    def test_prices_without_discount_and_tax(self):
        self.price_list.write({"discount_percent": 10, "tax_percent": 20})
        self.price_list.price_change = 0
        self._load(self.price_list, make_csv())
        self.assertAlmostEqual(self._read_rows(self.price_list)[0][3], 7.575)

    def test_own_words_for_quantities(self):
        self.price_list.quantity_words = "мало = 2\nмного = >10"
        rows = [(*row[:4], "много", row[5]) for row in make_rows()]
        load = self._load(self.price_list, make_csv(rows))
        self.assertEqual(load.state, "done", load.message)
        found = {row[4:6] for row in self._read_rows(self.price_list)}
        self.assertEqual(found, {(">", 10.0)})

    def test_refused_rows_are_reported_with_line_and_reason(self):
        rows = make_rows()
        rows[4] = (*rows[4][:3], "по запросу", *rows[4][4:])
        rows[9] = (rows[9][0], "1,23E+11", *rows[9][2:])
        load = self._load(self.price_list, make_csv(rows))
        self.assertRecordValues(
            load.bad_ids,
            [
                {"line": 6, "reason": "price", "value": "по запросу"},
                {"line": 11, "reason": "number_exponent", "value": "1,23E+11"},
            ],
        )
        lines = load._write_refused_file().decode("utf-8-sig").splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn("This is not a price.", lines[1])
        self.assertEqual((load.good_count, load.bad_count), (298, 2))

    def test_responsible_one_is_told_and_the_list_stays(self):
        load = self._load(self.price_list, make_csv(make_rows(100)))
        self.assertEqual(load.state, "held")
        self.assertIn("100 rows; before there were 300", load.message)
        self.assertEqual(self.price_list.row_count, 300)
        activity = self.price_list.activity_ids
        self.assertEqual(activity.user_id, self.price_list.user_id)
        self.assertIn("100 rows", activity.note)
        load.put_in_force()
        self.assertEqual((load.state, self.price_list.row_count), ("done", 100))
        self.assertFalse(self.price_list.activity_ids, "settled")

    def test_moved_columns_are_found_by_name(self):
        rows = [row[::-1] for row in make_rows()]
        content = make_csv(rows, header=HEADER[::-1])
        before = self._read_rows(self.price_list)
        load = self._load(self.price_list, content)
        self.assertEqual(load.state, "held")
        self.assertIn("another order", load.message)
        self.price_list.is_following_columns = True
        load = self._load(self.price_list, content)
        self.assertEqual(load.state, "done", load.message)
        self.assertEqual(self._read_rows(self.price_list), before)

    def test_titles_above_the_header_may_change(self):
        titles = "Прайс-лист\r\nООО «Опт»;;;\r\n\r\n".encode("cp1251")
        load = self._load(self.price_list, titles + make_csv())
        self.assertEqual(load.state, "done", load.message)
        self.assertEqual(len(self._read_rows(self.price_list)), 300)

    def test_stopped_load_leaves_no_trace(self):
        load = self._receive(self.price_list, make_csv())
        load.start()
        load.step()
        table = f"auto_service_price_row_{load.generation}"
        load.stop()
        self.assertEqual(load.state, "stopped")
        self.assertNotIn(table, self.env["auto.service.price.row"]._get_table_names())

    def test_pieces_may_come_twice(self):
        content = make_csv()
        load = self._receive(self.price_list, b"")
        for start in (0, 100, 100, 200):
            end = len(content) if start == 200 else start + 100
            pieces = iter([content[start:end]])
            size = load._append_piece(start, lambda _n, it=pieces: next(it, b""))
        self.assertEqual(size, len(content))
        self.assertEqual(load._get_file().read_bytes(), content)
        with self.assertRaisesRegex(UserError, "piece"):
            load._append_piece(len(content) + 1, lambda _n: b"")

    def test_old_rows_are_dropped_when_nobody_needs_them(self):
        rows = self.env["auto.service.price.row"]
        first = self.price_list.generation
        self._load(self.price_list, make_csv(make_rows(299)))
        second = self.price_list.generation
        self._load(self.price_list, make_csv(make_rows(298)))
        self.price_list._drop_old_rows()
        names = rows._get_table_names()
        self.assertIn(f"auto_service_price_row_{first}", names, "a reader may be there")
        self.price_list.load_ids.write({"left_at": "2020-01-01 00:00:00"})
        self.price_list._drop_old_rows()
        names = rows._get_table_names()
        self.assertNotIn(f"auto_service_price_row_{first}", names)
        self.assertIn(f"auto_service_price_row_{second}", names, "it can come back")

    def test_unknown_brands_ask(self):
        rows = [("QQMAKER", *row[1:]) for row in make_rows(30)]
        self._make_list(make_csv(rows), name="Of one brand")
        unknown = self.env["auto.service.part.brand.unknown"].search(
            [("name_key", "=", "QQMAKER")]
        )
        self.assertEqual((unknown.row_count, unknown.source), (30, "Of one brand"))

    def test_age_of_lists(self):
        self.price_list.loaded_at = "2020-01-01 00:00:00"
        self.assertTrue(self.price_list.is_stale)
        lists = self.price_list.search([("is_stale", "=", True)])
        self.assertIn(self.price_list, lists)
        finder = self.env["auto.service.part.finder"]
        company = self.price_list.company_id
        self.assertEqual(
            self.price_list._get_offer_note("Last one")[:25],
            "Last one · Old price list",
        )
        self.assertIn(self.price_list, finder._get_price_lists(company))
        self.price_list.is_hidden_when_stale = True
        self.assertNotIn(self.price_list, finder._get_price_lists(company))

    def test_password_goes_in_and_not_out(self):
        self.price_list.url_password = "sesame"
        self.env.invalidate_all()
        self.assertFalse(self.price_list.url_password)
        self.assertTrue(self.price_list.has_password)
        secrets = self.env["auto.service.price.list.secret"]
        self.assertEqual(
            secrets.search([("list_id", "=", self.price_list.id)]).value, "sesame"
        )
        manager = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            secrets.with_user(manager).search([])

    def test_password_does_not_follow_to_another_address(self):
        self.price_list.write(
            {"url": "https://supplier.example/a.csv", "url_password": "sesame"}
        )
        self.price_list.url = "https://supplier.example/b.csv"
        self.assertTrue(self.price_list.has_password)
        self.price_list.url = "https://elsewhere.example/b.csv"
        self.assertFalse(self.price_list.has_password)

    def test_roles(self):
        parts = self._create_user("parts_role", "auto_service_base.group_parts")
        load = self._receive(self.price_list.with_user(parts), make_csv())
        while load.state in ("new", "opening", "reading", "checking", "ready"):
            load.start() if load.state == "new" else load.step()
        self.assertEqual(load.state, "done", load.message)
        advisor = self._create_user("advisor_role", "auto_service_base.group_advisor")
        with self.assertRaises(AccessError):
            self.price_list.with_user(advisor).start_upload("list.csv")
        with self.assertRaises(AccessError):
            load.with_user(advisor).step()
        technician = self._create_user(
            "techn_role", "auto_service_base.group_technician"
        )
        price_list = self.price_list.with_user(technician)
        price_list.read(["name", "generation"])
        for name in ("preview", "url", "url_login"):
            with self.assertRaises(AccessError):
                price_list.read([name])
        with self.assertRaises(AccessError):
            price_list.column_ids.read(["examples"])

    @classmethod
    def _create_user(cls, login, group):
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "group_ids": [
                    (4, cls.env.ref("base.group_user").id),
                    (4, cls.env.ref(group).id),
                ],
            }
        )
