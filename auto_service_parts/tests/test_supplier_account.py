from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.supplier_client import SupplierError
from .common_supplier import SupplierCommon
from .supplier_server import Reply, SupplierServer

STATUSES = [
    {"code": "1", "name": "Новый", "is_final": False},
    {"code": "2", "name": "Заказ подтверждён", "is_final": False},
    {"code": "3", "name": "Пришло на склад", "is_final": False},
    {"code": "4", "name": "Выдано", "is_final": True},
    {"code": "5", "name": "Отказ поставщика", "is_final": True},
    {"code": "6", "name": "Xyzzy", "is_final": False},
]


@tagged("post_install", "-at_install")
class TestSupplierAccount(SupplierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._create_account().with_user(cls.user_manager)

    # --- buttons
    def test_the_connection_is_checked(self):
        self.stage.set(self.account, "check", "Garage Ltd")
        action = self.account.action_check()
        self.assertIn("Garage Ltd", action["params"]["message"])
        self.account.invalidate_recordset()
        self.assertRecordValues(
            self.account, [{"health": "good", "last_error": False, "failure_count": 0}]
        )

    def test_a_failed_check_says_why(self):
        for code, words in (
            ("auth", "Login or password is refused"),
            ("denied", "Access is denied"),
            ("timeout", "No answer in time"),
            ("connection", "No connection"),
            ("server", "out of order"),
        ):
            with self.subTest(code):
                self.stage.set(self.account, "check", SupplierError(code, "told so"))
                with self.assertRaisesRegex(UserError, f"{words}.*told so"):
                    self.account.action_check()
        self.stage.set(self.account, "check", SupplierError("connection", "refused"))
        with self.assertRaisesRegex(UserError, "nobody listens at the address"):
            self.account.action_check()

    def test_every_kind_of_error_has_a_sentence(self):
        codes = "auth denied request locked limit server timeout connection answer"
        for code in (codes + " unsupported resting").split():
            text = self.account._get_error_text(SupplierError(code))
            self.assertRegex(text, r"^[A-Z].*\.$")

    def test_only_managers_press_buttons(self):
        account = self.account.with_user(self.user_advisor)
        for name in ("check", "ask_again", "load_statuses", "load_options"):
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                getattr(account, f"action_{name}")()
        self.assertFalse(self.stage.calls)

    # --- statuses
    def test_statuses_come_with_a_guess(self):
        self.stage.set(self.account, "get_statuses", STATUSES)
        self.account.action_load_statuses()
        self.assertRecordValues(
            self.account.status_ids.sorted("code"),
            [
                {"code": "1", "part_state": "ordered", "is_guess": True},
                {"code": "2", "part_state": "confirmed", "is_guess": True},
                {"code": "3", "part_state": "transit", "is_guess": True},
                {"code": "4", "part_state": "arrived", "is_guess": True},
                {"code": "5", "part_state": "refused", "is_guess": True},
                {"code": "6", "part_state": False, "is_guess": False},
            ],
        )

    def test_what_people_said_of_a_status_stays(self):
        self.stage.set(self.account, "get_statuses", STATUSES)
        self.account.action_load_statuses()
        status = self.account.status_ids.filtered(lambda status: status.code == "3")
        status.part_state = "confirmed"
        self.assertFalse(status.is_guess)
        renamed = [{**row, "name": row["name"] + "!"} for row in STATUSES]
        self.stage.set(self.account, "get_statuses", renamed)
        self.account.action_load_statuses()
        self.assertEqual(len(self.account.status_ids), len(STATUSES))
        self.assertEqual(status.part_state, "confirmed")
        self.assertEqual(status.name, "Пришло на склад!")

    def test_new_statuses_of_orders_come_into_the_list(self):
        statuses = self.env["auto.service.supplier.status"].with_user(self.user_advisor)
        states = statuses._get_part_states(
            self.account, [("4", "Выдано"), ("9", "Как-то так"), ("", "")]
        )
        self.assertEqual(states, {"4": "arrived", "9": False})
        self.assertEqual(set(self.account.status_ids.mapped("code")), {"4", "9"})
        self.account.status_ids.filtered(
            lambda row: row.code == "9"
        ).part_state = "transit"
        states = statuses._get_part_states(self.account, [("9", "Как-то так")])
        self.assertEqual(states, {"9": "transit"})

    # --- choices and brands
    def test_choices_follow_the_supplier(self):
        rows = [
            {"kind": "payment", "code": "37", "name": "Cash"},
            {"kind": "shipment", "code": "37", "name": "Courier"},
        ]
        self.stage.set(self.account, "get_order_options", rows)
        self.account.action_load_options()
        options = self.env["auto.service.supplier.option"].with_context(
            active_test=False
        )
        domain = [("account_id", "=", self.account.id)]
        cash = options.search([*domain, ("kind", "=", "payment")])
        self.assertEqual(self.account.payment_option_id, cash, "the only one")
        self.stage.set(self.account, "get_order_options", [{**rows[0], "name": "Bank"}])
        self.account.action_load_options()
        self.assertRecordValues(
            options.search(domain, order="kind"),
            [
                {"kind": "payment", "name": "Bank", "active": True},
                {"kind": "shipment", "name": "Courier", "active": False},
            ],
        )
        self.assertEqual(self.account._get_client_options()["payment"], "37")

    def test_other_names_of_brands_are_those_of_the_supplier(self):
        mann = self._create_brand("Testmann")
        self._create_brand("Testknecht")
        self.stage.set(
            self.account,
            "get_brand_names",
            [
                ("TESTMANN", ["Test Mann Filter", "TMF", "TESTMANN"]),
                ("TM", ["Testmann", "Testknecht"]),  # two of ours: nobody knows
                ("Nobody knows", ["that brand"]),
            ],
        )
        self.account.action_load_brands()
        aliases = self.env["auto.service.part.brand.alias"].search(
            [("partner_id", "=", self.supplier.id)]
        )
        self.assertEqual(set(aliases.mapped("name")), {"Test Mann Filter", "TMF"})
        self.assertEqual(aliases.brand_id, mann)
        self.account.action_load_brands()  # again: nothing is new

    # --- how soon
    @freeze_time("2026-03-30 13:30:00")  # Monday after the change to summer time
    def test_orders_after_the_last_hour_come_later(self):
        self.env.company.partner_id.tz = "Europe/Tallinn"  # 16:30
        self.account.write({"extra_hours": 3, "cut_off_hour": 17, "late_hours": 24})
        self.assertEqual(self.account._get_extra_hours(), 3)
        self.account.cut_off_hour = 16.5
        self.assertEqual(self.account._get_extra_hours(), 27)
        self.account.cut_off_hour = 0
        self.assertEqual(self.account._get_extra_hours(), 3)

    # --- records
    def test_only_web_addresses_are_taken(self):
        with self.assertRaisesRegex(ValidationError, "https://"):
            self.account.url = "file:///etc/passwd"

    def test_other_companies_do_not_see_it(self):
        company = self.env["res.company"].create({"name": "Other garage"})
        user = self.user_manager.copy(
            {
                "login": "other_manager",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        self.stage.set(self.account, "get_statuses", STATUSES)
        self.account.action_load_statuses()
        for model in ("account", "status", "option"):
            records = self.env[f"auto.service.supplier.{model}"].with_user(user)
            self.assertFalse(records.search([("id", "!=", 0)]))
        with mute_logger("odoo.models"), self.assertRaises(AccessError):
            self.account.with_user(user).read(["name"])

    def test_the_list_needs_few_queries(self):
        accounts = self.env["auto.service.supplier.account"].union(
            *[self._create_account(name=f"A{n}") for n in range(12)]
        )
        names = ["name", "health", "answered_at", "last_error", "has_password"]
        counts = []
        for some in (accounts, accounts[:2], accounts):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.user_manager).read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])


@tagged("post_install", "-at_install")
class TestSupplierAbcp(SupplierCommon):
    """The whole way: record, handler, client, net."""

    is_played = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = SupplierServer(
            {
                "search/brands": Reply(
                    {"0": {"brand": "KYB", "number": "3333", "availability": "1"}}
                ),
                "search/articles": Reply(
                    [
                        {
                            "brand": "KYB",
                            "number": "3333-05",
                            "price": "1 250,50",
                            "availability": "-2",
                            "deliveryPeriod": "24",
                            "supplierCode": 7,
                            "itemKey": "k",
                        }
                    ]
                ),
                "user/info": Reply({"name": "Garage"}),
            }
        )
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.account = cls._create_account(url=cls.server.url)

    def setUp(self):
        super().setUp()
        self.server.questions.clear()

    def test_the_net_is_asked_as_the_protocol_wants(self):
        answers, _seconds = self._ask_all(
            self.account, method="get_offers", args=("3333 05", "KYB"), timeout=5
        )
        self.assertFalse(answers[0].error)
        [offer] = answers[0].result
        self.assertEqual((offer.price, offer.hours_min), (1250.5, 24))
        self.assertEqual((offer.quantity_sign, offer.is_on_order), ("~", False))
        [question] = self.server.questions
        self.assertEqual(question.method, "GET")
        self.assertEqual(question.values["userlogin"], "garage")
        self.assertEqual(question.values["userpsw"], "5ebe2294ecd0e0f08eab7690d2a6ee69")
        self.assertEqual(question.values["number"], "3333 05")

    def test_eight_suppliers_are_asked_at_once(self):
        slow = Reply([], seconds=0.3)
        self.server.replies["slow/search/brands"] = slow
        accounts = self.env["auto.service.supplier.account"].union(
            *[
                self._create_account(name=f"S{n}", url=f"{self.server.url}/slow")
                for n in range(8)
            ]
        )
        answers, seconds = self._ask_all(accounts, timeout=5)
        self.assertEqual(len(answers), 8)
        self.assertFalse([answer.error for answer in answers if answer.error])
        self.assertLess(seconds, 1.5, "one after the other it would be 2.4 s")
