from unittest.mock import patch

from ..tools.fan_out import Answer
from ..tools.offer import PlainOffer
from ..tools.supplier_client import (
    OrderedPosition,
    OrderResult,
    SupplierClient,
    SupplierError,
)
from .common import PartsCommon


class FakeSystem(SupplierClient):
    """A supplier's system in memory: it never forgets an order.

    :ivar list orders: (number, lines) of every order that arrived
    :ivar list failures: errors of the next answers; with ``arrives`` True the order
        arrives before the error
    :ivar dict refused: our number of a part -> the supplier's sentence
    """

    def __init__(self):
        super().__init__({})
        self.offers = []
        self.orders = []
        self.calls = []
        self.failures = []
        self.arrives = False
        self.refused = {}
        self.quantities = {}
        self.statuses = {}
        self.hides_orders = False
        self.cancel_answer = "Cancelled."

    def ask(self, method, *args):
        self.calls.append(method)
        return getattr(self, method)(*args)

    def fail(self):
        if self.failures:
            raise self.failures.pop(0)

    def get_offers(self, number, brand, with_equivalents=True):
        self.fail()
        return list(self.offers)

    def place_order(self, number, lines, comment=""):
        if not self.failures or self.arrives:
            self.orders.append((number, lines))
        self.fail()
        return self._answer(number, lines)

    def find_order(self, number, lines=()):
        self.fail()
        for known, taken in self.orders:
            if known == number and not self.hides_orders:
                return self._answer(number, taken)
        return None

    def get_positions(self, order_numbers):
        self.fail()
        return [
            position
            for number, lines in self.orders
            if f"S-{number}" in order_numbers
            for position in self._answer(number, lines).positions
        ]

    def cancel_position(self, position):
        self.fail()
        self.statuses[position] = ("90", "Cancelled")
        return self.cancel_answer

    def _answer(self, number, lines):
        taken = [line for line in lines if line.number not in self.refused]
        return OrderResult(
            positions=[self._position(number, line) for line in taken],
            refused=[
                OrderedPosition(
                    brand=line.brand,
                    number=line.number,
                    quantity=line.quantity,
                    reference=line.reference,
                    error=self.refused[line.number],
                )
                for line in lines
                if line not in taken
            ],
        )

    def _position(self, number, line):
        position = f"P-{line.reference}"
        code, name = self.statuses.get(position, ("10", "New"))
        return OrderedPosition(
            brand=line.brand,
            number=line.number,
            quantity=self.quantities.get(line.number, line.quantity),
            reference=line.reference,
            position=position,
            order_number=f"S-{number}",
            status=name,
            status_code=code,
        )


class PartsOrderCommon(PartsCommon):
    """An approved line made of a live offer, and the supplier in memory."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.account_sale_tax_id = False
        cls.env.company.account_purchase_tax_id = False
        cls.account = cls._create_account(is_ordering=True)
        cls.visit = cls._create_order(advisor_id=cls.user_advisor.id)
        cls.job = cls._add_job(cls.visit, parts=0)
        cls.enquiry = cls._create_enquiry(order_id=cls.visit.id, job_id=cls.job.id)
        cls.offer = cls._create_offer(
            cls.enquiry, account_id=cls.account.id, order_token={"key": "old"}
        )
        cls.line = cls._add_offer(cls.offer, quantity=2)
        cls._create_status("10", "New", "ordered")
        cls._create_status("30", "On the way", "transit")
        cls._create_status("50", "Handed out", "arrived")
        cls._create_status("90", "Cancelled", "refused")

    def setUp(self):
        super().setUp()
        self.system = FakeSystem()
        self.system.offers = [self._plain()]
        accounts = self.env.registry["auto.service.supplier.account"]
        orders = self.env.registry["auto.service.supplier.order"]

        def ask(records, asks, timeout=None, use_cache=True):
            for account, key, method, args in asks:
                try:
                    result = self.system.ask(method, *args)
                except SupplierError as error:
                    yield Answer(account.id, key, error=error)
                else:
                    yield Answer(account.id, key, result=result)

        def call(record, method, *args, **options):
            return self.system.ask(method, *args)

        def keep(record, method, *args):
            return getattr(record, method)(*args)

        self.startPatcher(patch.object(accounts, "_ask", ask))
        self.startPatcher(patch.object(accounts, "_call", call))
        # Tests may not commit; what commits by itself is seen in tests/races.
        self.startPatcher(
            patch.object(orders, "_commit", lambda rec: rec.flush_model())
        )
        self.startPatcher(patch.object(orders, "_keep", keep))

    @classmethod
    def _create_status(cls, code, name, part_state):
        return cls.env["auto.service.supplier.status"].create(
            {
                "account_id": cls.account.id,
                "code": code,
                "name": name,
                "part_state": part_state,
            }
        )

    @classmethod
    def _add_offer(cls, offer, quantity=1.0, job=None):
        """Put the offer on the estimate.

        :return: sale.order.line record
        """
        job = job or cls.job
        added = offer.add_to_job(job_id=job.id, quantity=quantity)
        return cls.env["sale.order.line"].browse(added["line_id"])

    def _plain(self, **values):
        """The offer as the supplier would name it now."""
        values = {
            "brand": "MAHLE",
            "number": "OC 90",
            "quantity": 10.0,
            "price": 10.0,
            "hours_min": 24,
            "hours_max": 24,
            "order_token": {"key": "new"},
            **values,
        }
        return PlainOffer(**values)

    def _open(self, lines=None, user=None):
        """Open the dialog as parts people do.

        :return: auto.service.parts.order record
        """
        lines = (lines or self.line).with_user(user or self.user_parts)
        action = lines.action_order_parts()
        wizards = self.env["auto.service.parts.order"].with_user(
            user or self.user_parts
        )
        return wizards.browse(action["res_id"])

    def _order(self, lines=None, place=True, **values):
        """Order as it is offered, and place it at the supplier.

        :return: purchase.order records
        """
        wizard = self._open(lines)
        if values:
            wizard.line_ids.write(values)
        wizard.action_order()
        purchases = wizard.purchase_ids.sudo()
        if place:
            purchases.supplier_order_ids._place()
        return self.env["purchase.order"].browse(purchases.ids)

    def _approve_visit(self):
        self._approve(self.visit)
