import re
import sys
from types import ModuleType

from odoo.models import MetaModel
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged
from odoo.tools import file_open

from .common_supplier import SupplierCommon
from .supplier_server import Reply, SupplierServer

EXAMPLE = "auto.service.supplier.handler.example"
MODULE = "odoo.addons.auto_service_parts.example_handler"
OFFERS = [
    {
        "id": "a1",
        "maker": "KYB",
        "number": "333-305",
        "title": "Shock absorber",
        "stock": ">5",
        "net_price": "61.20",
        "currency": "EUR",
        "days": 2,
    },
    {
        "id": "a2",
        "maker": "MONROE",
        "number": "G7351",
        "title": "Shock absorber",
        "stock": 3,
        "net_price": 55,
        "currency": "EUR",
        "days": 0,
    },
]


def answer(reply):
    """A reply to those who have the key."""

    def reply_to(question):
        if question.headers.get("Authorization") != "Bearer key of ours":
            return Reply("no", status=401)
        return reply

    return reply_to


@tagged("post_install", "-at_install")
class TestSupplierHandlerExample(SupplierCommon):
    """The example of readme/DEVELOP.md works as it stands there."""

    is_played = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._install_example()
        cls.server = SupplierServer(
            {
                "api/account": answer(Reply({"name": "Garage Ltd"})),
                "api/brands": answer(
                    Reply([{"maker": "KYB", "number": "333305", "title": "Shock"}])
                ),
                "api/offers": answer(Reply(OFFERS)),
            }
        )
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.account = cls._create_account(
            handler=EXAMPLE,
            url=f"{cls.server.url}/api",
            login=False,
            password="key of ours",
        ).with_user(cls.user_manager)

    @classmethod
    def _install_example(cls):
        """What an addon with that one file would do."""
        with file_open("auto_service_parts/readme/DEVELOP.md") as page:
            [code] = re.findall(
                r"```python\n(.*?_handler_label.*?)```", page.read(), re.S
            )
        module = sys.modules[MODULE] = ModuleType(MODULE)
        cls.addClassCleanup(sys.modules.pop, MODULE)
        exec(code, module.__dict__)  # noqa: S102 our own page
        models = MetaModel._module_to_models__["auto_service_parts"]
        models.remove(module.ExampleHandler)
        cls.addClassCleanup(cls._remove_example)
        add_to_registry(cls.registry, module.ExampleHandler)
        cls.registry._setup_models__(cls.env.cr, [])

    @classmethod
    def _remove_example(cls):
        del cls.registry[EXAMPLE]
        for model in cls.registry.values():
            model._inherit_children.discard(EXAMPLE)
        cls.registry._setup_models__(cls.env.cr, [])

    def test_the_account_offers_the_handler(self):
        choices = dict(self.account._fields["handler"]._description_selection(self.env))
        self.assertEqual(choices[EXAMPLE], "Example")
        self.assertEqual(self.account.handler_fields, ",password,url,")

    def test_the_connection_is_checked(self):
        action = self.account.action_check()
        self.assertIn("Garage Ltd", action["params"]["message"])

    def test_brands_and_offers_are_read(self):
        [hit] = self.account._call("get_brands", "333 305")
        self.assertEqual((hit.brand, hit.number), ("KYB", "333305"))
        first, second = self.account._call("get_offers", "333305", "KYB")
        self.assertEqual((first.quantity_sign, first.quantity), (">", 5))
        self.assertEqual((first.price, first.hours_max), (61.2, 48))
        self.assertFalse(first.is_equivalent)
        self.assertTrue(second.is_equivalent)
        [only] = self.account._call("get_offers", "333305", "KYB", False)
        self.assertEqual(only.order_token, {"offer": "a1"})

    def test_errors_are_told(self):
        self.account.password = "wrong"
        answers, _seconds = self._ask_all(self.account)
        self.assertEqual(answers[0].error.code, "auth")
        self.server.replies["api/brands"] = Reply([{"unexpected": 1}])
        self.account.password = "key of ours"
        logger = "odoo.addons.auto_service_parts.tools.fan_out"
        with self.assertLogs(logger, "WARNING"):
            answers, _seconds = self._ask_all(self.account, use_cache=False)
        self.assertEqual(answers[0].error.code, "answer")

    def test_what_it_cannot_do_is_said(self):
        answers, _seconds = self._ask_all(
            self.account, method="place_order", args=("P1", [])
        )
        self.assertEqual(answers[0].error.code, "unsupported")
        self.assertFalse(answers[0].error.is_doubtful)

    def test_an_account_whose_handler_is_gone_harms_nobody(self):
        self.env.cr.execute(
            "UPDATE auto_service_supplier_account SET handler = 'gone' WHERE id = %s",
            [self.account.id],
        )
        self.account.invalidate_recordset()
        answers, _seconds = self._ask_all(self.account)
        self.assertEqual(answers[0].error.code, "unsupported")
        self.assertFalse(self.account.has_password and self.account.password)
