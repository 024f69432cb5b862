from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import AutoServiceOrderCommon

OPERATIONS = ("read", "write", "create", "unlink")
NOTHING = "----"
#: What the model's access rights allow, in the order of OPERATIONS.
RIGHTS = {
    # model: technician, parts, advisor, manager
    "auto.service.entry.guard": ("----", "----", "----", "----"),
    "auto.service.order": ("r---", "r---", "rwcu", "rwcu"),
    "auto.service.job": ("rw--", "r---", "rwcu", "rwcu"),
    "auto.service.clocking": ("r---", "r---", "r---", "rwc-"),
    "auto.service.stage": ("r---", "r---", "r---", "rwcu"),
    "auto.service.stage.log": ("r---", "r---", "r---", "r---"),
    "auto.service.reason": ("r---", "r---", "r---", "rwcu"),
    "auto.service.operation": ("r---", "r---", "r---", "rwcu"),
    "auto.service.operation.category": ("r---", "r---", "r---", "rwcu"),
    "auto.service.package": ("r---", "r---", "r---", "rwcu"),
    "auto.service.package.condition": ("r---", "r---", "r---", "rwcu"),
    "auto.service.package.line": ("r---", "r---", "r---", "rwcu"),
    "auto.service.skill": ("r---", "r---", "r---", "rwcu"),
    "auto.service.part.group": ("r---", "r---", "r---", "rwcu"),
    "auto.service.vehicle.type": ("r---", "r---", "r---", "rwcu"),
    "auto.service.labour.source": ("r---", "r---", "r---", "rwcu"),
    "auto.service.labour.time": ("r---", "r---", "r---", "rwcu"),
    "auto.service.labour.relation": ("r---", "r---", "r---", "rwcu"),
    "auto.service.labour.adjustment": ("r---", "r---", "r---", "rwcu"),
    "auto.service.labour.rate": ("----", "r---", "r---", "rwcu"),
    "auto.service.labour.import": ("----", "----", "----", "rwcu"),
    "auto.service.labour.import.preset": ("----", "----", "----", "rwcu"),
    "auto.service.labour.import.column": ("----", "----", "----", "rwcu"),
    "auto.service.labour.import.bad": ("----", "----", "----", "r---"),
    "auto.service.labour.import.progress": ("----", "----", "----", "----"),
    "auto.service.labour.proposal": ("----", "----", "----", "r---"),
    "auto.service.maintenance.plan": ("r---", "r---", "r---", "rwcu"),
    "auto.service.maintenance.item": ("r---", "r---", "r---", "rwcu"),
    "auto.service.maintenance.record": ("r---", "r---", "rwc-", "rwcu"),
    "auto.service.recommendation": ("r-c-", "r---", "rwc-", "rwc-"),
    "auto.service.authorisation": ("----", "r---", "r---", "r---"),
    "auto.service.floor.line": ("r---", "r---", "r---", "r---"),
    "auto.service.vehicle.person": ("r---", "r---", "rwcu", "rwcu"),
    "auto.service.catalogue.load": ("----", "----", "----", "rwcu"),
    "auto.service.order.approve": ("----", "----", "rwcu", "rwcu"),
    "auto.service.order.cancel": ("----", "----", "rwcu", "rwcu"),
    "auto.service.order.estimate": ("----", "----", "rwcu", "rwcu"),
    "auto.service.vehicle.merge": ("----", "----", "rwcu", "rwcu"),
    "fleet.vehicle": ("r---", "r---", "rwc-", "rwc-"),
    "fleet.vehicle.odometer": ("r---", "r---", "rwc-", "rwc-"),
}
ROLES = ("technician", "parts", "advisor", "manager")
#: What a technician may not read of models that he may open.
MONEY = {
    "auto.service.order": {
        "sale_order_ids",
        "estimate_id",
        "estimate_count",
        "line_ids",
        "authorised_line_ids",
        "authorisation_ids",
        "amount_untaxed",
        "amount_total",
        "margin",
        "margin_percent",
        "invoice_ids",
        "invoice_count",
        "amount_due",
        "has_to_invoice",
        "has_to_approve",
        "has_void_approval",
    },
    "auto.service.job": {"line_ids", "amount_untaxed"},
    "auto.service.operation": {"fixed_price"},
    "auto.service.package": {"fixed_price"},
    "auto.service.recommendation": {"amount_total", "snapshot"},
    "res.partner": {"unpaid_amount"},
}
MONEY_WORDS = ("amount", "price", "margin", "cost", "discount", "subtotal", "total")


@tagged("post_install", "-at_install")
class TestRoles(AutoServiceOrderCommon):
    """What each role may do, and what it never sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.job = cls._add_job(cls.order)
        cls._approve(cls.order)
        cls._do_job(cls.job)
        cls.open_job = cls._add_job(cls.order, name="Oil")
        cls.user_fleet = new_test_user(
            cls.env, login="test_fleet", groups="fleet.fleet_group_manager"
        )
        cls.user_portal = new_test_user(
            cls.env, login="test_portal", groups="base.group_portal"
        )
        cls.user_accountant = new_test_user(
            cls.env, login="test_accountant", groups="account.group_account_manager"
        )

    def _get_rights(self, model, user):
        records = self.env[model].with_user(user)
        return "".join(
            operation[0] if records.has_access(operation) else "-"
            for operation in OPERATIONS
        )

    def test_rights_of_every_role_on_every_model(self):
        for model, expected in RIGHTS.items():
            for role, rights in zip(ROLES, expected, strict=True):
                with self.subTest(model=model, role=role):
                    user = getattr(self, f"user_{role}")
                    self.assertEqual(self._get_rights(model, user), rights)

    def test_table_of_rights_names_every_model_of_the_addon(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "auto_service_base"), ("model", "=", "ir.model")]
        )
        models = self.env["ir.model"].browse(data.mapped("res_id")).mapped("model")
        own = {
            model
            for model in models
            if model.startswith("auto.service.") and not self.env[model]._abstract
        }
        self.assertFalse(own - set(RIGHTS))

    def test_people_outside_the_garage_have_no_rights_in_it(self):
        for model in RIGHTS:
            if not model.startswith("auto.service."):
                continue
            for user in (self.user_fleet, self.user_portal, self.user_accountant):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self._get_rights(model, user), NOTHING)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_company_sees_nothing(self):
        other = self._create_company(name="Other Garage")
        stranger = new_test_user(
            self.env,
            login="test_stranger",
            groups="auto_service_base.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.open_job.action_decline()
        for model in (
            "auto.service.order",
            "auto.service.job",
            "auto.service.clocking",
            "auto.service.stage.log",
            "auto.service.recommendation",
            "auto.service.authorisation",
            "auto.service.floor.line",
        ):
            own = self.env[model].search([("company_id", "=", self.env.company.id)])
            with self.subTest(model=model):
                self.assertTrue(own)
                theirs = own.with_user(stranger)
                self.assertFalse(theirs.search([("id", "in", own.ids)]))
                with self.assertRaises(AccessError):
                    theirs.read(["company_id"])
        with self.assertRaises(AccessError):
            self.job.with_user(stranger).action_start()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_technician_decides_nothing_that_is_the_advisor_s(self):
        job = self.open_job.with_user(self.user_technician)
        order = self.order.with_user(self.user_technician)
        self.open_job.sudo().authorisation = "approved"
        for record, names in (
            (
                job,
                (
                    "action_decline",
                    "action_defer",
                    "action_cancel",
                    "action_issue_parts",
                    "unlink",
                ),
            ),
            (self.job.with_user(self.user_technician), ("action_reopen",)),
            (
                order,
                (
                    "action_receive",
                    "action_close",
                    "action_invoice",
                    "action_write_estimate",
                    "action_send_estimate",
                    "action_record_approval",
                    "action_preview_estimate",
                    "action_view_estimates",
                    "action_view_invoices",
                    "unlink",
                ),
            ),
        ):
            for name in names:
                with self.subTest(name=name), self.assertRaises(AccessError):
                    getattr(record, name)()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_parts_people_clock_no_time(self):
        job = self.job.with_user(self.user_parts)
        for name in ("action_start", "action_pause", "action_finish", "action_reopen"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(job, name)()

    # Prices -------------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_technician_opens_no_document_with_prices(self):
        for model in ("sale.order", "sale.order.line", "account.move"):
            with self.subTest(model=model):
                records = self.env[model].with_user(self.user_technician)
                self.assertEqual(self._get_rights(model, self.user_technician), NOTHING)
                with self.assertRaises(AccessError):
                    records.search([])

    def test_technician_reads_no_money_field(self):
        records = {
            "auto.service.order": self.order,
            "auto.service.job": self.job,
            "auto.service.operation": self._create_operation(),
            "auto.service.package": self.env["auto.service.package"],
            "auto.service.recommendation": self.env["auto.service.recommendation"],
            "res.partner": self.order.partner_id,
        }
        for model, names in MONEY.items():
            record = records[model].with_user(self.user_technician)
            self.assertFalse(names & set(record.fields_get()))
            for name in names:
                with self.subTest(model=model, name=name):
                    with self.assertRaises(AccessError):
                        record.read([name])
                    with self.assertRaises(AccessError):
                        record.search([(name, "!=", False)])

    def test_technician_reaches_no_price_through_a_path(self):
        for model, path in (
            ("auto.service.job", "line_ids.price_unit"),
            ("auto.service.order", "sale_order_ids.amount_total"),
            ("auto.service.order", "invoice_ids.amount_total"),
            ("auto.service.job", "order_id.line_ids.price_unit"),
            ("fleet.vehicle", "work_order_ids.sale_order_ids.amount_total"),
            ("fleet.vehicle", "recommendation_ids.amount_total"),
            ("res.partner", "sale_order_ids.amount_total"),
            ("auto.service.operation", "product_id.list_price"),
        ):
            records = self.env[model].with_user(self.user_technician)
            with self.subTest(path=path), self.assertRaises(AccessError):
                records.search([(path, ">", 1)])

    def test_no_field_with_money_is_left_open_to_technicians(self):
        """Whoever adds an amount to a model of the floor has to guard it."""
        for model, rights in RIGHTS.items():
            if rights[0] == NOTHING or not model.startswith("auto.service."):
                continue
            fields = self.env[model].with_user(self.user_technician).fields_get()
            money = {
                name
                for name, field in fields.items()
                if field["type"] == "monetary"
                or any(word in name.split("_") for word in MONEY_WORDS)
            }
            with self.subTest(model=model):
                self.assertFalse(money)

    def _get_views(self, user, model):
        views = self.env["ir.ui.view"].search(
            [("model", "=", model), ("mode", "=", "primary")]
        )
        records = self.env[model].with_user(user)
        for view in views:
            yield view, records.get_views([(view.id, view.type)])

    def test_views_of_a_technician_name_no_money(self):
        for model in ("auto.service.order", "auto.service.job", "fleet.vehicle"):
            for view, result in self._get_views(self.user_technician, model):
                arch = etree.fromstring(result["views"][view.type]["arch"])
                names = {node.get("name") for node in arch.iter("field")}
                allowed = set(self.env[model].fields_get())
                with self.subTest(view=view.name):
                    self.assertFalse(names & MONEY.get(model, set()))
                    for nested in arch.xpath("//field//field"):
                        words = nested.get("name").split("_")
                        self.assertFalse(set(words) & {"price", "amount", "subtotal"})
                    self.assertTrue(allowed)

    def test_technician_opens_his_job_and_its_visit(self):
        job = Form(self.open_job.with_user(self.user_technician))
        self.assertEqual(job.name, "Oil")
        self.assertEqual(len(job.floor_line_ids), 2)
        order = Form(self.order.with_user(self.user_technician))
        self.assertEqual(order.license_plate, self.order.license_plate)

    def test_every_role_opens_the_screens_of_its_work(self):
        for role in ROLES:
            user = getattr(self, f"user_{role}")
            with self.subTest(role=role):
                self.assertEqual(Form(self.order.with_user(user)).name, self.order.name)
                Form(self.job.with_user(user))
                Form(self.order.vehicle_id.with_user(user))
                Form(self.order.partner_id.with_user(user))

    def test_floor_lines_have_no_column_for_a_price(self):
        floor_lines = self.env["auto.service.floor.line"]
        self.env.cr.execute(floor_lines._table_query)
        columns = {column.name for column in self.env.cr.description}
        self.assertFalse(columns & {"price_unit", "price_subtotal", "discount", "cost"})
        self.assertRecordValues(
            self.job.with_user(self.user_technician).floor_line_ids.sorted("id"),
            [
                {"kind": "labour", "quantity": 2.0, "quantity_issued": 2.0},
                {"kind": "part", "quantity": 1.0, "quantity_issued": 0.0},
            ],
        )

    def test_search_of_the_desk_shows_debts_to_the_desk_only(self):
        self.order.action_invoice()
        vehicles = self.env["fleet.vehicle"].with_context(vehicle_glance=True)
        plate = self.order.license_plate
        seen = vehicles.with_user(self.user_advisor).name_search(plate)[0][1]
        self.env.invalidate_all()  # another person, another request
        hidden = vehicles.with_user(self.user_technician).name_search(plate)[0][1]
        self.assertIn("unpaid", seen)
        self.assertNotIn("unpaid", hidden)

    # Menus --------------------------------------------------------------------

    def _get_menus(self, user):
        """External ids of the menus of the garage that ``user`` is shown."""
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        return {
            menu["xmlid"].split(".")[1]
            for menu in menus.values()
            if menu.get("xmlid", "").startswith("auto_service_base.")
        }

    def test_menus_of_every_role(self):
        technician = self._get_menus(self.user_technician)
        parts = self._get_menus(self.user_parts)
        advisor = self._get_menus(self.user_advisor)
        manager = self._get_menus(self.user_manager)
        self.assertEqual(
            technician, {"auto_service_menu", "auto_service_job_mine_menu"}
        )
        self.assertIn("auto_service_order_menu", parts & advisor & manager)
        only_managers = {
            "auto_service_reporting_menu",
            "auto_service_configuration_menu",
            "auto_service_operation_menu",
            "auto_service_stage_menu",
            "auto_service_clocking_menu",
        }
        self.assertTrue(only_managers <= manager)
        self.assertFalse(only_managers & (technician | parts | advisor))
        self.assertNotIn("auto_service_recommendation_menu", parts)
        for user in (self.user_fleet, self.user_accountant):
            with self.subTest(user=user.login):
                self.assertFalse(self._get_menus(user))

    def test_technician_is_shown_no_menu_of_sales_and_accounting(self):
        menus = self.env["ir.ui.menu"].with_user(self.user_technician).load_menus(False)
        apps = {menu.get("xmlid", "").split(".")[0] for menu in menus.values()}
        self.assertFalse(apps & {"sale", "account", "sale_management", "fleet"})
