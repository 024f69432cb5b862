from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestMissingParts(WarehouseCommon):
    """Parts that are not here: ordered for their job, received for it, said to all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._create_approved_line(2.0)
        cls.order = cls.line.work_order_id
        cls.order.advisor_id = cls.user_advisor

    def _open(self, record=None, user=None):
        """The dialog that orders what is missing.

        :param record: auto.service.job record; the whole visit if omitted
        :return: auto.service.missing.part record
        """
        lines = record.line_ids if record else self.order.authorised_line_ids
        action = lines.with_user(user or self.user_parts)._open_missing_parts()
        wizards = self.env["auto.service.missing.part"].with_user(
            user or self.user_parts
        )
        return wizards.browse(action["res_id"])

    def _get_purchases(self, action):
        """Purchase orders that an action shows."""
        return self.env["purchase.order"].search(action["domain"])

    def _get_news(self, record):
        """What was said on a record since the last time."""
        messages = record.message_ids
        seen = getattr(self, "_seen", {})
        self._seen = {**seen, record: messages}
        return (messages - seen.get(record, messages.browse())).mapped("preview")

    # Ordering ------------------------------------------------------------------

    def test_vendor_price_and_least_quantity_are_proposed(self):
        self.part.seller_ids = [
            Command.clear(),
            Command.create(self._prepare_seller_values(price=7.0, days=2, min_qty=5.0)),
        ]
        wizard = self._open()
        self.assertRecordValues(
            wizard.line_ids,
            [
                {
                    "partner_id": self.vendor.id,
                    "quantity_missing": 2.0,
                    "quantity": 5.0,
                    "price_unit": 7.0,
                    "is_ordered": True,
                }
            ],
        )
        purchase = self._get_purchases(wizard.action_order())
        self.assertEqual(purchase.state, "purchase")
        self.assertRecordValues(
            purchase.order_line,
            [
                {
                    "product_id": self.part.id,
                    "product_qty": 5.0,
                    "price_unit": 7.0,
                    "sale_line_id": self.line.id,
                }
            ],
        )
        self.assertEqual(self.line.stock_state, "ordered")
        self.assertEqual(self.line.stock_eta, purchase.order_line.date_planned)

    def test_surplus_is_free(self):
        purchase = self._buy(self.line, 5.0)
        self._receive_purchase(purchase)
        self.assertEqual(self.line.stock_state, "arrived")
        self.assertEqual(self.part.free_qty, 3.0)

    def test_one_purchase_order_for_each_vendor(self):
        other = self.env["res.partner"].create({"name": "Dealer"})
        part = self._create_part(is_storable=True)
        part.seller_ids = [
            Command.create({**self._prepare_seller_values(), "partner_id": other.id})
        ]
        second = self._create_part_line(1.0, part, order=self.order)
        self._approve(self.order)
        purchases = self._get_purchases(self._open().action_order())
        self.assertEqual(purchases.partner_id, self.vendor | other)
        self.assertEqual(
            purchases.order_line.sale_line_id.mapped("stock_state"),
            ["ordered", "ordered"],
        )
        self.assertEqual(second.stock_state, "ordered")

    def test_prepared_order_counts_but_is_not_confirmed(self):
        purchase = self._get_purchases(self._open().action_prepare())
        self.assertEqual(purchase.state, "draft")
        self.assertEqual(self.line.stock_state, "ordered")
        self.assertEqual(self.line.stock_to_order, 0.0)

    def test_nothing_is_ordered_twice(self):
        first, second = self._open(), self._open()
        first.action_order()
        with self.assertRaisesRegex(UserError, "Not missing any more: Brake disc"):
            second.action_order()
        with self.assertRaisesRegex(UserError, "nothing to order"):
            self._open()

    def test_vendor_is_asked_for(self):
        wizard = self._open()
        wizard.line_ids.partner_id = False
        with self.assertRaisesRegex(UserError, "Choose a vendor .* Brake disc"):
            wizard.action_order()
        wizard.line_ids.is_ordered = False
        with self.assertRaisesRegex(UserError, "Tick what is to be ordered"):
            wizard.action_order()

    def test_only_the_parts_desk_orders(self):
        with self.assertRaisesRegex(AccessError, "Only parts people"):
            self._open(user=self.user_advisor)

    def test_job_orders_its_own_parts(self):
        other = self._create_part_line(1.0, order=self.order)
        self._approve(self.order)
        wizard = self._open(other.job_id)
        self.assertEqual(wizard.line_ids.sale_line_id, other)

    # News ----------------------------------------------------------------------

    def test_advisor_is_told_once_when_all_is_here(self):
        purchase = self._buy(self.line, 2.0)
        self._get_news(self.order)
        self._receive_purchase(purchase, 1.0)
        self.assertNotIn("All parts", " ".join(self._get_news(self.order)))
        self._receive_purchase(purchase)
        self.assertEqual(self._get_news(self.order), ["All parts are here for: Brakes"])
        told = self.order.message_ids[0].notified_partner_ids
        self.assertIn(self.user_advisor.partner_id, told)
        self._receive_purchase(self._buy(self.line, 1.0))
        self.assertFalse(self._get_news(self.order))

    def test_surplus_serves_the_next_job_and_its_advisor_is_told(self):
        other = self._create_approved_line(1.0)
        purchase = self._buy(self.line, 3.0)
        self._get_news(other.work_order_id)
        self._receive_purchase(purchase)
        self.assertEqual(self.line.stock_state, "arrived")
        if other.stock_state != "reserved":  # the host assigns in its own time
            other.move_ids._action_assign()
        self.assertEqual(other.stock_state, "reserved")

    def test_receipt_does_not_feed_a_job_that_waits_longer(self):
        late = self._create_approved_line(2.0)
        self._receive_purchase(self._buy(late, 2.0))
        self.assertEqual(late.stock_state, "arrived")
        self.assertEqual(self.line.stock_state, "needed")
        with self.assertRaisesRegex(UserError, "Not in stock"):
            self.line.job_id.action_issue_parts()

    # Not wanted any more -------------------------------------------------------

    def test_cancelled_job_frees_what_comes(self):
        purchase = self._buy(self.line, 2.0)
        self._get_news(purchase.order_id)
        job = self.line.job_id
        job.with_user(self.user_advisor).action_cancel()
        said = self._get_news(purchase.order_id)
        self.assertEqual(len(said), 1)
        self.assertIn("Not wanted any more: 2 × Brake disc for", said[0])
        self.assertFalse(self.line.stock_state)
        self.assertFalse(job.parts_light)
        self._receive_purchase(purchase)
        self.assertEqual(self.part.free_qty, 2.0)
        job.with_user(self.user_advisor).action_reopen()
        self.env.cr.flush()
        self.assertEqual(self.line.stock_state, "reserved")
        self.assertEqual(job.parts_light, "ready")

    def test_cancelled_estimate_frees_what_comes(self):
        purchase = self._buy(self.line, 2.0)
        self._get_news(purchase.order_id)
        self.line.order_id._action_cancel()
        said = " ".join(self._get_news(purchase.order_id))
        self.assertIn("Not wanted any more: 2 × Brake disc", said)
        self._receive_purchase(purchase)
        self.assertEqual(self.part.free_qty, 2.0)

    def test_fewer_pieces_free_the_rest(self):
        purchase = self._buy(self.line, 2.0)
        self._get_news(purchase.order_id)
        self.line.product_uom_qty = 1.0
        said = " ".join(self._get_news(purchase.order_id))
        self.assertIn("Not wanted any more: 1 × Brake disc", said)
        self.assertEqual(self.line.stock_state, "ordered")
        self._receive_purchase(purchase)
        self.assertEqual(self.line.stock_state, "arrived")
        self.assertEqual(self.part.free_qty, 1.0)

    def test_nothing_is_said_when_nothing_comes(self):
        self._receive(self.part, 2.0)
        line = self._create_approved_line(1.0)
        line.job_id.with_user(self.user_advisor).action_cancel()
        self.env.cr.flush()
        self.assertFalse(line.stock_state)
        self.assertEqual(line.move_ids.mapped("state"), ["cancel"])
