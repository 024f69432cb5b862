"""Accounts at shops of the supplier's server that speaks ABCP."""

import sys
import time
from pathlib import Path

from odoo.addons.auto_service_parts.tests.common import PartsCommon

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from fake_abcp.process import FakeAbcp  # noqa: E402

ABCP = "auto.service.supplier.handler.abcp"


class AbcpCommon(PartsCommon):
    """One server for the class; every test begins with fresh shops."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = FakeAbcp().start()
        cls.addClassCleanup(cls.server.stop)
        # Shops quote in the currency of the company unless a test says otherwise.
        cls.env["auto.service.supplier.account"].search(
            [("company_id", "=", cls.env.company.id)]
        ).active = False

    def setUp(self):
        super().setUp()
        self.server.reset()
        if not type(self)._registry_patched:
            self.registry_enter_test_mode()

    @classmethod
    def _create_shop(cls, shop, login="garage", password="secret", **values):
        """Account at a shop of the server.

        :param str login: words after a ``+`` make it behave badly
        :return: auto.service.supplier.account record
        """
        partner = cls._create_partner(name=f"{shop.title()} Parts Ltd")
        return cls._create_account(
            **{
                "name": shop.title(),
                "partner_id": partner.id,
                "handler": ABCP,
                "url": cls.server.url_of(shop),
                "login": login,
                "password": password,
                "timeout_seconds": 5,
                "cache_minutes": 0,
                **values,
            }
        )

    def _ask(self, accounts, method, *args, timeout=None):
        """Ask all accounts the same.

        :return: dict of account to Answer, and the seconds that it took
        """
        start = time.monotonic()
        asks = [(account, account.id, method, args) for account in accounts]
        answers = {
            accounts.browse(answer.key): answer
            for answer in accounts._ask(asks, timeout)
        }
        return answers, time.monotonic() - start

    def _enquire(self, number="GDB1330", brand="TRW", **params):
        """Enquiry that has run to its end.

        :return: auto.service.parts.enquiry record
        """
        enquiries = self.env["auto.service.parts.enquiry"]
        answer = enquiries.start_enquiry(
            {"number": number, "brand_name": brand, **params}
        )
        enquiry = enquiries.browse(answer["id"])
        enquiry.run_live()
        self.env.invalidate_all()
        return enquiry

    def _get_source(self, enquiry, account):
        return enquiry.source_ids.filtered(lambda row: row.account_id == account)
