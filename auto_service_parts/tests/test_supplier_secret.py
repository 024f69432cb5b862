from contextlib import suppress
from hashlib import md5

from odoo.exceptions import AccessError, UserError
from odoo.modules.module import get_resource_from_path
from odoo.tests import Form, tagged
from odoo.tools import file_open, mute_logger

from .common_supplier import ABCP, SupplierCommon

PASSWORD = "Correct horse battery"
SEALED = md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()


@tagged("post_install", "-at_install")
class TestSupplierSecret(SupplierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._create_account(password=PASSWORD).with_user(cls.user_manager)
        cls.admin = cls.env.ref("base.user_admin")

    def _get_kept(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT value FROM auto_service_supplier_secret")
        return [row[0] for row in self.env.cr.fetchall()]

    def test_a_password_goes_in_and_does_not_come_out(self):
        self.account.write({"password": PASSWORD})
        self.assertIn(SEALED, self._get_kept())
        for user in (self.user_manager, self.admin):
            account = self.account.with_user(user)
            self.assertFalse(account.password)
            self.assertFalse(account.read(["password"])[0]["password"])
            self.assertFalse(account.web_read({"password": {}})[0]["password"])
            self.assertTrue(account.has_password)
        self.assertFalse(self.account.sudo().password)

    def test_the_screen_keeps_it_when_something_else_is_written(self):
        with Form(self.account) as form:
            self.assertFalse(form.password)
            form.name = "Other name"
        self.assertIn(SEALED, self._get_kept())
        with Form(self.account) as form:
            form.password = "new one"
        self.assertNotIn(SEALED, self._get_kept())
        self.assertTrue(self.account.has_password)
        self.assertFalse(self.account.password)

    def test_nobody_opens_the_model_of_secrets(self):
        for user in (self.user_technician, self.user_manager, self.admin):
            secrets = self.env["auto.service.supplier.secret"].with_user(user)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(secrets.has_access(operation))
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                secrets.search_read([], ["value"])
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                secrets.formatted_read_group([], ["value"])

    def test_searches_do_not_guess_it(self):
        for model, name in (
            ("auto.service.supplier.account", "password"),
            ("auto.service.supplier.secret", "value"),
        ):
            records = self.env[model].with_user(self.user_manager)
            found = records
            with (
                mute_logger("odoo.models", "odoo.domains"),
                suppress(AccessError, UserError, ValueError),
            ):
                found = records.search([(name, "=like", SEALED[:1] + "%")])
                found -= records.search([(name, "=like", "-%")])
            self.assertFalse(found, "a search tells them apart")

    def test_no_field_leads_to_it(self):
        comodels = [
            field.comodel_name
            for model in self.env.registry.values()
            for field in model._fields.values()
            if field.comodel_name == "auto.service.supplier.secret"
        ]
        self.assertFalse(comodels)

    def test_neither_copies_nor_exports_have_it(self):
        copy = self.account.copy()
        self.assertFalse(copy.has_password)
        self.assertNotIn(
            SEALED, str(self.account.sudo().export_data(["name", "password"])["datas"])
        )
        self.assertFalse(
            self.account.fields_get(["password"])["password"]["exportable"]
        )

    def test_it_does_not_follow_to_another_address(self):
        self.account.url = "http://127.0.0.1:9/other/path"
        self.assertTrue(self.account.has_password, "the same place")
        self.account.url = "http://127.0.0.2:9"
        self.assertFalse(self.account.has_password)
        self.account.write({"url": "http://127.0.0.3:9", "password": PASSWORD})
        self.assertTrue(self.account.has_password)

    def test_it_is_forgotten_when_asked_for(self):
        self.account.action_forget_password()
        self.assertFalse(self.account.has_password)
        self.assertNotIn(SEALED, self._get_kept())

    def test_advisors_ask_without_seeing_how(self):
        account = self.account.with_user(self.user_advisor)
        self.assertEqual(account.read(["name"])[0]["name"], account.name)
        for name in ("url", "login", "password", "has_password"):
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                account.read([name])
        with mute_logger("odoo.models"), self.assertRaises(AccessError):
            account.write({"name": "mine"})
        options = account._get_client_options()
        self.assertEqual(options["password"], SEALED)

    def test_nobody_asks_over_the_api(self):
        names = ("_get_client_options", "_make_client", "_ask", "_call")
        methods = dir(type(self.account))
        for name in names:
            self.assertIn(name, methods)
            self.assertNotIn(name.lstrip("_"), methods)

    def test_a_copy_of_the_database_for_tests_loses_it(self):
        self.account.is_ordering = True
        self.env.flush_all()
        with file_open("auto_service_parts/data/neutralize.sql") as script:
            self.assertTrue(get_resource_from_path(script.name))
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.account.has_password)
        self.assertFalse(self.account.is_ordering)

    def test_handlers_choose_the_form_in_which_it_is_kept(self):
        handler = self.env[ABCP]
        self.assertEqual(handler._seal_password("secret"), md5(b"secret").hexdigest())
        parent = self.env["auto.service.supplier.handler"]
        self.assertEqual(parent._seal_password("secret"), "secret")
