from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import AbcpCommon


@tagged("post_install", "-at_install")
class TestOrder(AbcpCommon):
    """From the enquiry to the parts on the shelf, with the supplier's real answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        company.account_sale_tax_id = False
        company.account_purchase_tax_id = False
        company.auto_service_parts_price_limit = 3.0
        cls.alpha = cls._create_shop("alpha", is_ordering=True)
        cls.visit = cls._create_order(advisor_id=cls.user_advisor.id)
        cls.job = cls._add_job(cls.visit, name="Rear brakes", parts=0)

    def setUp(self):
        super().setUp()
        self._load_lists(self.alpha)

    def _load_lists(self, account):
        """What somebody sets up once: statuses, ways of payment and delivery."""
        options = self.env["auto.service.supplier.option"]
        options._load_options(account, account._call("get_order_options"))
        for kind in ("payment", "shipment", "address"):
            account[f"{kind}_option_id"] = options.search(
                [("account_id", "=", account.id), ("kind", "=", kind)], limit=1
            )
        account.action_load_statuses()

    def _find(self, number="GDB1330", brand="TRW", **which):
        """An offer of a fresh enquiry for the job, in stock at the supplier.

        :return: auto.service.parts.offer record
        """
        enquiry = self._enquire(
            number, brand, order_id=self.visit.id, job_id=self.job.id
        )
        offers = enquiry.offer_ids.filtered(
            lambda offer: offer.account_id == self.alpha
            and offer.found_by == "number"
            and offer.quantity >= 4
            and not offer.is_on_order
        )
        self.assertTrue(offers)
        return offers.sorted("cost")[0]

    def _add(self, *offers, quantity=2):
        """Lines of the estimate, approved by the customer."""
        lines = self.env["sale.order.line"]
        for offer in offers:
            added = offer.with_user(self.user_advisor).add_to_job(quantity=quantity)
            lines |= lines.browse(added["line_id"])
        self._approve(self.visit)
        return lines

    def _open(self, lines):
        """Dialog of a parts person.

        :return: auto.service.parts.order record
        """
        action = lines.with_user(self.user_parts).action_order_parts()
        return (
            self.env[action["res_model"]]
            .with_user(self.user_parts)
            .browse(action["res_id"])
        )

    def _order(self, lines):
        """Order at once and let the system of the supplier answer.

        :return: auto.service.supplier.order record
        """
        wizard = self._open(lines)
        wizard.action_order()
        self._commit()
        return wizard.sudo().purchase_ids.supplier_order_id

    def _commit(self):
        """What happens after the transaction of the user."""
        self.env.flush_all()
        self.env.cr.postcommit.run()
        self.env.invalidate_all()

    def _run(self, records, method):
        """Call a method that commits, in a transaction of its own."""
        self.env.flush_all()
        with self.env.registry.cursor() as cr:
            own = records.with_env(records.env(cr=cr)).sudo()
            getattr(own, method)()
        self.env.invalidate_all()

    def _get_placed(self):
        """Orders at the shop: our number, and numbers of the parts."""
        return [
            (
                order["clientOrderNumber"],
                [position["number"] for position in order["positions"]],
            )
            for order in self.server.orders("alpha")
        ]

    # Placing ------------------------------------------------------------------------

    def test_approved_part_is_ordered_once_with_our_number(self):
        lines = self._add(self._find())
        order = self._order(lines)
        self.assertEqual(order.state, "placed")
        self.assertEqual(self._get_placed(), [(order.name, ["GDB1330"])])
        [placed] = self.server.orders("alpha")
        self.assertEqual(order.supplier_numbers, placed["number"])
        self.assertEqual(lines.part_state, "ordered")
        [position] = placed["positions"]
        line = lines.purchase_line_ids
        self.assertEqual(position["quantity"], line.product_qty)
        self.assertAlmostEqual(position["price"], line.price_unit)
        self.assertEqual(line.sale_line_id, lines)

    def test_price_that_rose_has_to_be_accepted_first(self):
        lines = self._add(self._find())
        self.server.change("alpha", "GDB1330", factor=1.1)
        wizard = self._open(lines)
        self.assertTrue(wizard.line_ids.has_to_be_accepted)
        self.assertAlmostEqual(wizard.line_ids.rise_percent, 10.0, 1)
        wizard.line_ids.is_accepted = True
        wizard.action_order()
        self._commit()
        self.assertEqual(len(self._get_placed()), 1)
        self.assertAlmostEqual(
            lines.purchase_line_ids.price_unit, wizard.line_ids.price_now
        )

    def test_key_of_the_offer_changed_meanwhile(self):
        # A new price list of the supplier: same price, other itemKey.
        lines = self._add(self._find())
        self.server.change("alpha", "GDB1330", factor=1.0)
        order = self._order(lines)
        self.assertEqual(order.state, "placed")

    def test_offer_that_is_gone_is_not_ordered(self):
        lines = self._add(self._find())
        self.server.change("alpha", "GDB1330", gone=True)
        wizard = self._open(lines)
        self.assertEqual(wizard.line_ids.check_state, "gone")
        self.assertFalse(self._get_placed())

    def test_partial_success_is_read(self):
        lines = self._add(self._find(), self._find("01089", "FEBI"))
        refuse = {"GDB1330": "Снято с продажи"}
        self.server.add_fault(operation="orders/instant", refuse=refuse)
        order = self._order(lines)
        self.assertEqual(order.state, "partial")
        self.assertEqual(lines.mapped("part_state"), ["refused", "ordered"])
        self.assertIn("Снято с продажи", lines[0].part_note)
        self.assertEqual(self._get_placed(), [(order.name, ["01089"])])

    def test_supplier_who_takes_nothing(self):
        lines = self._add(self._find())
        refuse = {"GDB1330": "Снято с продажи"}
        self.server.add_fault(operation="orders/instant", refuse=refuse)
        order = self._order(lines)
        self.assertEqual(order.state, "refused")
        self.assertEqual(lines.part_state, "refused")
        self.assertFalse(self._get_placed())

    def test_order_whose_answer_never_came_is_looked_up_not_sent_again(self):
        lines = self._add(self._find())
        self.server.add_fault(operation="orders/instant", reset=True, after=True)
        order = self._order(lines)
        self.assertEqual(order.state, "unknown")
        self.assertEqual(lines.part_state, "ordered")
        self.server.clear_faults()
        self._run(order, "action_look_up")
        self.assertEqual(order.state, "placed")
        self.assertEqual(len(self._get_placed()), 1)
        self.assertEqual(len(self.server.requests(operation="orders/instant")), 1)

    def test_order_that_never_arrived_may_be_placed_again(self):
        lines = self._add(self._find())
        self.server.add_fault(operation="orders/instant", reset=True, times=1)
        order = self._order(lines)
        self.assertEqual(order.state, "unknown")
        self._run(order, "action_look_up")
        self.assertFalse(order.can_be_placed_again, "it may still arrive")
        order.sent_at = fields.Datetime.now() - timedelta(hours=1)
        self._run(order, "action_look_up")
        self.assertTrue(order.can_be_placed_again)
        order.with_user(self.user_parts).action_place_again()
        self._commit()
        self.assertEqual(order.state, "placed")
        self.assertEqual(len(self._get_placed()), 1)

    def test_locked_shop_is_tried_again_later(self):
        lines = self._add(self._find())
        self.server.add_fault(operation="orders/instant", error=303)
        order = self._order(lines)
        self.assertEqual(order.state, "waiting")
        self.server.clear_faults()
        self.env["auto.service.supplier.health"]._forgive(self.alpha.ids)
        order.next_check_at = fields.Datetime.now()
        self._run(order, "_work_off")
        self.assertEqual(order.state, "placed")
        self.assertEqual(len(self._get_placed()), 1)

    # Afterwards ---------------------------------------------------------------------

    def test_statuses_of_the_shop_come_back_to_the_line(self):
        lines = self._add(self._find())
        order = self._order(lines)
        ways = [
            ("Заказ подтверждён", "confirmed"),
            ("В пути", "transit"),
            ("Отказ поставщика", "refused"),
        ]
        for status, state in ways:
            with self.subTest(status=status):
                self.server.set_status("alpha", order=order.name, status=status)
                self._run(order, "_sync")
                self.assertEqual(lines.part_state, state)

    def test_refusal_after_the_order_makes_a_task_for_the_advisor(self):
        lines = self._add(self._find())
        order = self._order(lines)
        self.server.set_status(
            "alpha", order=order.name, status="Отказ поставщика", answer="Нет на складе"
        )
        self._run(order, "_sync")
        self.assertIn("Нет на складе", lines.part_note or "")
        tasks = self.visit.activity_ids.filtered(
            lambda task: task.user_id == self.user_advisor
        )
        self.assertIn("refused", tasks.mapped("summary")[0])
        self.assertTrue(lines.qty_to_order, "it can be ordered elsewhere")

    def test_cancelling_asks_the_shop(self):
        lines = self._add(self._find())
        order = self._order(lines)
        self._run(order.with_user(self.user_parts), "action_cancel_at_supplier")
        self.assertEqual(
            len(self.server.requests(operation="orders/cancelPosition")), 1
        )
        self.assertIn("Запрос на отмену", lines.purchase_line_ids.supplier_note)
        self.assertEqual(lines.part_state, "ordered", "it is only asked for")

    def test_cancelling_may_come_too_late(self):
        lines = self._add(self._find())
        order = self._order(lines)
        self.server.set_status("alpha", order=order.name, status="В пути")
        self._run(order.with_user(self.user_parts), "action_cancel_at_supplier")
        self.assertIn("невозможна", str(order.purchase_id.message_ids.mapped("body")))
        self.assertEqual(lines.part_state, "transit")
