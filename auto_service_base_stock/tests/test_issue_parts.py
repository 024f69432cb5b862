from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import StockCommon


@tagged("post_install", "-at_install")
class TestIssueParts(StockCommon):
    def test_issued_parts_leave_the_stock_and_can_be_billed(self):
        self._receive(self.part, 5.0)
        job = self._create_approved_job(2.0)
        line = self._part_line(job)
        self.assertEqual(line.qty_delivered_method, "stock_move")
        self.assertTrue(job.can_be_issued)
        self.assertEqual(line.qty_to_invoice, 0.0)

        self.assertFalse(job.with_user(self.user_parts).action_issue_parts())

        self.assertEqual(line.qty_delivered, 2.0)
        self.assertEqual(line.qty_to_invoice, 2.0)
        self.assertEqual(self._in_stock(self.part), 3.0)
        self.assertEqual(line.move_ids.mapped("state"), ["done"])
        self.assertFalse(job.can_be_issued)

    def test_advisor_and_parts_desk_issue_without_rights_in_the_stock(self):
        self._receive(self.part, 5.0)
        # other addons may give more rights to the parts desk, never to advisors
        self.assertFalse(self.user_advisor.has_group("stock.group_stock_user"))
        for user in (self.user_advisor, self.user_parts, self.user_manager):
            job = self._create_approved_job(1.0)
            job.with_user(user).action_issue_parts()
            self.assertEqual(self._part_line(job).qty_delivered, 1.0, user.name)
        self.assertEqual(self._in_stock(self.part), 2.0)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_technician_does_not_issue(self):
        self._receive(self.part, 5.0)
        job = self._create_approved_job(1.0)
        with self.assertRaises(AccessError):
            job.with_user(self.user_technician).action_issue_parts()
        self.assertEqual(self._in_stock(self.part), 5.0)

    def test_nothing_in_stock_is_one_sentence_and_changes_nothing(self):
        job = self._create_approved_job(2.0)
        with self.assertRaisesRegex(
            UserError, r"Not in stock: Brake disc \(2 of 2 Units\)\. Receive or order"
        ):
            job.action_issue_parts()
        self.assertEqual(self._part_line(job).qty_delivered, 0.0)
        self.assertEqual(self._in_stock(self.part), 0.0)
        self.assertTrue(job.can_be_issued)

    def test_what_is_there_goes_out_and_the_rest_waits(self):
        self._receive(self.part, 3.0)
        job = self._create_approved_job(4.0)
        line = self._part_line(job)

        action = job.action_issue_parts()

        self.assertIn("Brake disc (1 of 4 Units)", action["params"]["message"])
        self.assertEqual(line.qty_delivered, 3.0)
        self.assertEqual(self._in_stock(self.part), 0.0)
        waiting = line.move_ids.filtered(lambda move: move.state == "confirmed")
        self.assertEqual(waiting.product_uom_qty, 1.0)
        self.assertTrue(job.can_be_issued)

        # The rest is received and issued with the same button.
        self._receive(self.part, 1.0)
        self.assertFalse(job.action_issue_parts())
        self.assertEqual(line.qty_delivered, 4.0)
        self.assertEqual(self._in_stock(self.part), 0.0)

    def test_parts_of_other_jobs_stay_reserved(self):
        self._receive(self.part, 5.0)
        order = self._create_order()
        front = self._add_job(order, name="Front", hours=1.0, parts=2.0)
        rear = self._add_job(order, name="Rear", hours=1.0, parts=3.0)
        self._approve(order)
        moves = (self._part_line(front) | self._part_line(rear)).move_ids
        self.assertEqual(len(moves.picking_id), 1, "one transfer for the visit")
        moves.picked = True  # somebody in the warehouse ticked all of it

        front.action_issue_parts()

        self.assertEqual(self._part_line(front).qty_delivered, 2.0)
        self.assertEqual(self._part_line(rear).qty_delivered, 0.0)
        self.assertEqual(self._in_stock(self.part), 3.0)
        self.assertEqual(self._part_line(rear).move_ids.quantity, 3.0)
        rear.action_issue_parts()
        self.assertEqual(self._part_line(rear).qty_delivered, 3.0)

    def test_what_others_reserved_is_not_taken(self):
        self._receive(self.part, 2.0)
        first = self._create_approved_job(2.0)
        second = self._create_approved_job(1.0)
        with self.assertRaisesRegex(UserError, "Not in stock"):
            second.action_issue_parts()
        first.action_issue_parts()
        self.assertEqual(self._part_line(first).qty_delivered, 2.0)

    def test_every_step_of_the_delivery_is_done(self):
        for steps in ("pick_ship", "pick_pack_ship"):
            with self.subTest(steps=steps):
                self.warehouse.delivery_steps = steps
                part = self._create_part(is_storable=True)
                self._receive(part, 2.0)
                job = self._create_approved_job(3.0, part)
                line = self._part_line(job)

                action = job.action_issue_parts()

                self.assertIn("(1 of 3 Units)", action["params"]["message"])
                self.assertEqual(line.qty_delivered, 2.0)
                self.assertEqual(self._in_stock(part), 0.0)
                self.assertEqual(
                    self._in_stock(part, self.warehouse.wh_output_stock_loc_id), 0.0
                )
                self._receive(part, 1.0)
                self.assertFalse(job.action_issue_parts())
                self.assertEqual(line.qty_delivered, 3.0)

    def test_parts_without_kept_stock_are_issued_as_ever(self):
        part = self._create_part(is_storable=False)
        job = self._create_approved_job(2.0, part)
        self.assertFalse(job.action_issue_parts())
        self.assertEqual(self._part_line(job).qty_delivered, 2.0)

    def test_cancelled_delivery_is_written_anew(self):
        self._receive(self.part, 2.0)
        job = self._create_approved_job(2.0)
        line = self._part_line(job)
        line.move_ids.picking_id.action_cancel()
        self.assertFalse(job.action_issue_parts())
        self.assertEqual(line.qty_delivered, 2.0)
        self.assertEqual(self._in_stock(self.part), 0.0)

    def test_rack_lot_and_unit_of_the_line(self):
        rack = self.env["stock.location"].create(
            {"name": "Rack 7", "location_id": self.warehouse.lot_stock_id.id}
        )
        part = self._create_part(is_storable=True, tracking="lot")
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": part.id})
        self._receive(part, 30.0, location=rack, lot_id=lot.id)
        dozen = self.env.ref("uom.product_uom_dozen")
        job = self._create_approved_job(1.0, part, product_uom_id=dozen.id)
        self.assertFalse(job.action_issue_parts())
        self.assertEqual(self._part_line(job).qty_delivered, 1.0)
        self.assertEqual(self._in_stock(part, rack), 18.0)

    def test_other_warehouse_is_not_emptied_from_here(self):
        other = self.env["stock.warehouse"].create({"name": "Town", "code": "TWN"})
        self._receive(self.part, 5.0, location=other.lot_stock_id)
        job = self._create_approved_job(1.0)
        with self.assertRaisesRegex(UserError, "Not in stock"):
            job.action_issue_parts()
        self.assertEqual(self._in_stock(self.part, other.lot_stock_id), 5.0)

    def test_returned_parts_can_be_issued_again(self):
        self._receive(self.part, 1.0)
        job = self._create_approved_job(1.0)
        line = self._part_line(job)
        job.action_issue_parts()
        done = line.move_ids.picking_id
        wizard = self.env["stock.return.picking"].create({"picking_id": done.id})
        wizard.product_return_moves.quantity = 1.0
        back = wizard._create_return()
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(line.qty_delivered, 0.0)
        self.assertEqual(self._in_stock(self.part), 1.0)
        self.assertTrue(job.can_be_issued)

        job.action_issue_parts()
        self.assertEqual(line.qty_delivered, 1.0)
        self.assertEqual(self._in_stock(self.part), 0.0)

    def test_no_mail_says_that_parts_in_the_car_were_sent(self):
        self.env.company.stock_move_email_validation = True
        self._receive(self.part, 1.0)
        job = self._create_approved_job(1.0)
        mails = self.env["mail.mail"].search_count([])
        job.action_issue_parts()
        messages = self._part_line(job).move_ids.picking_id.message_ids
        template = self.env.company.stock_mail_confirmation_template_id
        self.assertTrue(template)
        self.assertFalse(
            messages.filtered(lambda message: message.message_type == "comment")
        )
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)


@tagged("post_install", "-at_install")
class TestIssuePartsWhenDone(StockCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.auto_service_issue_parts_on_done = True

    def test_technician_s_finish_takes_the_parts_out(self):
        self._receive(self.part, 2.0)
        job = self._create_approved_job(2.0)
        self._do_job(job)
        self.assertEqual(self._part_line(job).qty_delivered, 2.0)
        self.assertEqual(self._in_stock(self.part), 0.0)

    def test_missing_part_does_not_keep_the_technician(self):
        self._receive(self.part, 1.0)
        job = self._create_approved_job(2.0)
        self._do_job(job)
        self.assertEqual(job.state, "done")
        self.assertEqual(self._part_line(job).qty_delivered, 1.0)
        self.assertIn(
            "Not in stock: Brake disc (1 of 2 Units)",
            job.order_id.message_ids[:1].preview,
        )

    def test_refusal_of_the_host_does_not_keep_the_technician(self):
        part = self._create_part(is_storable=True, tracking="lot")
        self._receive(part, 2.0)  # without a lot: the host wants one
        job = self._create_approved_job(2.0, part)
        self._do_job(job)
        self.assertEqual(job.state, "done")
        self.assertEqual(self._part_line(job).qty_delivered, 0.0)
        self.assertEqual(self._in_stock(part), 2.0)
        self.assertIn("Lot", job.order_id.message_ids[:1].preview)
