from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import WarehouseCommon


class SupplierReturnCommon(WarehouseCommon):
    """Parts that were bought and received."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.returns = cls.env["auto.service.supplier.return"].with_user(cls.user_parts)

    @classmethod
    def _purchase(cls, quantity=5.0, part=None, price=20.0, partner=None):
        """Received purchase.

        :return: purchase.order.line record
        """
        order = cls.env["purchase.order"].create(
            {
                "partner_id": (partner or cls.vendor).id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (part or cls.part).id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        cls._receive_purchase(order.order_line)
        return order.order_line

    @classmethod
    def _create_return(cls, quantity=2.0, part=None, **values):
        return cls.returns.create(
            {
                "partner_id": cls.vendor.id,
                "line_ids": [
                    Command.create(
                        {"product_id": (part or cls.part).id, "quantity": quantity}
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _create_credit_note(cls, amount, post=True, **values):
        """Credit note of the vendor, without taxes."""
        move = cls.env["account.move"].create(
            {
                "move_type": "in_refund",
                "partner_id": cls.vendor.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Returned",
                            "quantity": 1.0,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move


@tagged("post_install", "-at_install")
class TestSupplierReturn(SupplierReturnCommon):
    """Parts go back, and the credit is followed up until it has come."""

    def test_line_knows_its_purchase_its_bin_and_its_price(self):
        bought = self._purchase(price=18.0)
        line = self._create_return().line_ids
        self.assertRecordValues(
            line,
            [
                {
                    "purchase_line_id": bought.id,
                    "location_id": self.stock.id,
                    "price_unit": 18.0,
                    "amount": 36.0,
                }
            ],
        )

    def test_sent_parts_are_gone_and_less_was_received(self):
        bought = self._purchase(5.0)
        back = self._create_return(2.0)
        back.action_send()
        self.assertRecordValues(
            back, [{"state": "sent", "amount_open": 40.0, "picking_count": 1}]
        )
        self.assertEqual(self._in_stock(self.part), 3.0)
        self.assertEqual(bought.qty_received, 3.0)
        self.assertEqual(back.credit_due, fields.Date.today() + timedelta(days=30))
        self.assertEqual(
            back.picking_ids.move_ids.origin_returned_move_id,
            bought._get_receipt_moves(),
        )

    def test_term_of_the_supplier_wins(self):
        self.vendor.auto_service_credit_days = 10
        self._purchase()
        back = self._create_return()
        back.action_send()
        self.assertEqual(back.credit_due, fields.Date.today() + timedelta(days=10))

    def test_parts_leave_the_bin_of_the_line(self):
        self._purchase(5.0)
        shelf = self._create_bin("A-01")
        self._receive(self.part, 1.0, shelf)
        back = self._create_return(1.0)
        back.line_ids.location_id = shelf
        back.action_send()
        self.assertEqual(self._in_stock(self.part, shelf), 0.0)
        self.assertEqual(self._in_stock(self.part), 5.0)

    def test_reserved_pieces_are_refused_with_who_has_them(self):
        self._purchase(5.0)
        line = self._create_approved_line(4.0)
        back = self._create_return(2.0)
        with self.assertRaisesRegex(UserError, "Only 1 of .*") as caught:
            back.action_send()
        self.assertIn(line.work_order_id.name, str(caught.exception))

    def test_packed_parts_are_promised_to_nobody(self):
        self._purchase(5.0)
        back = self._create_return(5.0)
        back.action_prepare()
        self.assertEqual(back.state, "ready")
        line = self._create_approved_line(1.0)
        self.assertFalse(sum(line.move_ids.mapped("quantity")))
        back.action_cancel()
        line.move_ids._action_assign()
        self.assertEqual(sum(line.move_ids.mapped("quantity")), 1.0)

    def test_validated_in_the_inventory_app_is_sent(self):
        self._purchase(5.0)
        back = self._create_return(2.0)
        back.action_prepare()
        back.picking_ids.move_ids.picked = True
        back.picking_ids.button_validate()
        self.assertEqual(back.state, "sent")

    def test_less_was_sent_less_is_expected(self):
        self._purchase(5.0)
        back = self._create_return(3.0)
        back.action_prepare()
        move = back.picking_ids.move_ids
        move.quantity = 2.0
        move.picked = True
        back.picking_ids.with_context(cancel_backorder=True)._action_done()
        self.assertRecordValues(back, [{"state": "sent", "amount_expected": 40.0}])

    def test_sent_return_is_not_cancelled(self):
        self._purchase()
        back = self._create_return()
        back.action_send()
        with self.assertRaisesRegex(UserError, back.name):
            back.action_cancel()
        with self.assertRaisesRegex(UserError, back.name):
            back.line_ids.quantity = 1.0

    def test_part_of_another_supplier_is_refused(self):
        other = self.env["res.partner"].create({"name": "Oil Trade"})
        bought = self._purchase(partner=other)
        back = self._create_return()
        self.assertFalse(back.line_ids.purchase_line_id)
        with self.assertRaisesRegex(UserError, "bought from Oil Trade"):
            back.line_ids.purchase_line_id = bought

    def test_credit_note_of_the_purchase_is_found_by_itself(self):
        bought = self._purchase()
        back = self._create_return(2.0)
        back.action_send()
        move = self._create_credit_note(40.0, post=False)
        move.invoice_line_ids.purchase_line_id = bought
        move.action_post()
        self.assertRecordValues(
            back,
            [{"state": "credited", "amount_credited": 40.0, "amount_open": 0.0}],
        )

    def test_credit_note_that_names_the_return_is_found(self):
        self._purchase()
        back = self._create_return(2.0)
        back.action_send()
        self._create_credit_note(30.0, ref=f"For {back.name}")
        self.assertRecordValues(
            back, [{"state": "sent", "amount_credited": 30.0, "amount_open": 10.0}]
        )

    def test_equal_amount_is_only_proposed(self):
        self._purchase()
        back = self._create_return(2.0)
        back.action_send()
        other = self._create_credit_note(15.0)
        move = self._create_credit_note(40.0)
        self.assertEqual(back.state, "sent")
        self.assertEqual(back.proposed_credit_ids, move + other)
        self.assertEqual(back.proposed_credit_ids[0], move)
        back.action_take_credit_note()
        self.assertEqual(back.state, "credited")
        self.assertEqual(back.credit_ids.move_id, move)

    def test_credit_note_back_in_draft_counts_no_more(self):
        self._purchase()
        back = self._create_return(2.0)
        back.action_send()
        move = self._create_credit_note(40.0, ref=back.name)
        self.assertEqual(back.state, "credited")
        move.button_draft()
        self.assertRecordValues(back, [{"state": "sent", "amount_open": 40.0}])

    def test_credit_note_is_given_away_once(self):
        self._purchase(5.0)
        first, second = self._create_return(2.0), self._create_return(2.0)
        (first + second).action_send()
        move = self._create_credit_note(40.0, ref=first.name)
        self.assertEqual(first.state, "credited")
        with self.assertRaisesRegex(UserError, "is smaller than"):
            self.env["auto.service.supplier.credit"].create(
                {"return_id": second.id, "move_id": move.id, "amount": 40.0}
            )

    def test_entered_credit_note_has_what_went_back(self):
        bought = self._purchase()
        back = self._create_return(2.0)
        back.action_send()
        move = self.env["account.move"].browse(
            back.action_enter_credit_note()["res_id"]
        )
        self.assertEqual(move.amount_untaxed, 40.0)
        self.assertEqual(move.invoice_line_ids.purchase_line_id, bought)
        move.invoice_date = fields.Date.today()
        move.action_post()
        self.assertEqual(back.state, "credited")

    def test_difference_is_accepted_on_record(self):
        self._purchase()
        back = self._create_return(2.0)
        back.action_send()
        self._create_credit_note(35.0, ref=back.name)
        back.action_accept_difference()
        self.assertRecordValues(
            back, [{"state": "credited", "amount_difference": -5.0}]
        )
        back.action_wait_again()
        self.assertEqual(back.amount_open, 5.0)

    def test_overdue_credit_reminds_once(self):
        self._purchase()
        back = self._create_return(2.0)
        back.action_send()
        back.credit_due = fields.Date.today() - timedelta(days=1)
        self.assertIn(back, self.returns.search([("is_overdue", "=", True)]))
        for _time in range(2):
            self.env["auto.service.supplier.return"]._cron_remind_of_credits()
        self.assertEqual(len(back.activity_ids), 1)
        self.assertEqual(back.activity_ids.user_id, self.user_parts)
        self._create_credit_note(40.0, ref=back.name)
        self.assertFalse(back.activity_ids)
        self.assertNotIn(back, self.returns.search([("is_overdue", "=", True)]))

    def test_what_the_supplier_did_not_take_is_not_expected(self):
        self._purchase(5.0)
        back = self._create_return(3.0)
        back.action_send()
        picking = back.picking_ids
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 1.0
        again = wizard._create_return()
        again.move_ids.picked = True
        again._action_done()
        self.assertRecordValues(back, [{"amount_expected": 40.0, "picking_count": 1}])
        self.assertEqual(self._in_stock(self.part), 3.0)

    def test_advisor_sends_nothing_back(self):
        back = self._create_return()
        with self.assertRaises(AccessError):
            back.with_user(self.user_advisor).action_send()

    def test_slip_is_printed(self):
        self._purchase()
        back = self._create_return(2.0)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "auto_service_warehouse.supplier_return_slip", back.ids
        )
        text = html.decode()
        self.assertIn(back.name, text)
        self.assertIn(self.part.name, text)


@tagged("post_install", "-at_install")
class TestSupplierReturnScan(SupplierReturnCommon):
    """Parts are put on a return one by one."""

    def test_scans_go_on_one_draft_of_the_supplier(self):
        self._purchase(5.0)
        first = self.returns._scan_add(self.part)
        second = self.returns._scan_add(self.part, 2.0)
        self.assertEqual(first, second)
        self.assertEqual(first.quantity, 3.0)
        self.assertEqual(first.return_id.partner_id, self.vendor)
        self.assertEqual(first.return_id.user_id, self.user_parts)

    def test_defective_pieces_are_left_for_their_own_return(self):
        self._purchase(2.0)
        place = self.warehouse._get_defect_location()
        self._receive(self.part, 5.0, place)
        self.assertEqual(self.returns._scan_add(self.part).location_id, self.stock)
        back = self._create_return(1.0)
        back.line_ids.reason = "defective"
        back.line_ids.location_id = False
        self.assertEqual(back.line_ids._find_location(), place)

    def test_more_scans_than_a_bin_has_take_from_all_bins(self):
        shelf = self._create_bin("A-01")
        self._purchase(2.0)
        self._receive(self.part, 1.0, shelf)
        line = self.returns._scan_add(self.part, 2.0)
        self.returns._scan_add(self.part)
        self.assertEqual(line.location_id, self.stock)
        line.return_id.action_send()
        self.assertEqual(self._in_stock(self.part), 0.0)

    def test_part_that_nobody_sold_is_named(self):
        part = self._create_part(name="Found under the bench", is_storable=True)
        with self.assertRaisesRegex(UserError, "Found under the bench"):
            self.returns._scan_add(part)

    def test_defective_part_of_a_job_goes_on_a_return(self):
        self._purchase(5.0)
        line = self._create_approved_line(2.0)
        line.job_id.action_issue_parts()
        line.job_id._return_parts(
            [{"line_id": line.id, "quantity": 1.0, "reason": "defective"}]
        )
        row = self.returns.sudo().search([], limit=1).line_ids
        self.assertRecordValues(
            row,
            [{"product_id": self.part.id, "quantity": 1.0, "reason": "defective"}],
        )
        row.return_id.with_user(self.user_parts).action_send()
        self.assertEqual(row.return_id.state, "sent")


@tagged("post_install", "-at_install")
class TestIdlePart(SupplierReturnCommon):
    """Parts that nobody needs, and their way back."""

    def _row(self):
        self.env.invalidate_all()
        return (
            self.env["auto.service.idle.part"]
            .with_user(self.user_parts)
            .search([("product_id", "=", self.part.id)])
        )

    def test_part_that_nobody_wants_is_listed(self):
        bought = self._purchase(5.0)
        self.assertRecordValues(
            self._row(),
            [
                {
                    "quantity": 5.0,
                    "partner_id": self.vendor.id,
                    "purchase_line_id": bought.id,
                    "term": "open",
                    "age_days": 0,
                    "date_limit": fields.Date.today() + timedelta(days=30),
                }
            ],
        )

    def test_term_of_the_supplier_is_kept(self):
        bought = self._purchase(5.0)
        self.vendor.auto_service_return_days = 14
        bought.move_ids.date = fields.Datetime.now() - timedelta(days=20)
        self.assertRecordValues(self._row(), [{"term": "late", "age_days": 20}])

    def test_part_of_an_open_estimate_stays(self):
        self._purchase(5.0)
        line = self._create_part_line(1.0)
        self.assertFalse(self._row())
        line.product_uom_qty = 0.0
        self.assertTrue(self._row())

    def test_part_with_a_rule_stays(self):
        self._purchase(5.0)
        self.env["stock.warehouse.orderpoint"].create(
            {"product_id": self.part.id, "location_id": self.stock.id}
        )
        self.assertFalse(self._row())

    def test_part_that_was_used_lately_stays(self):
        self._purchase(5.0)
        line = self._create_approved_line(1.0)
        line.job_id.action_issue_parts()
        self.assertFalse(self._row())
        line.move_ids.date = fields.Datetime.now() - timedelta(days=91)
        self.assertEqual(self._row().quantity, 4.0)

    def test_count_is_no_use(self):
        self._purchase(5.0)
        quant = self.env["stock.quant"]._gather(self.part, self.stock)
        quant.inventory_quantity = 4.0
        quant.action_apply_inventory()
        self.assertEqual(self._row().quantity, 4.0)

    def test_goods_of_others_stay(self):
        owner = self.env["res.partner"].create({"name": "Consignor"})
        self.env["stock.quant"]._update_available_quantity(
            self.part, self.stock, 3.0, owner_id=owner
        )
        self.assertFalse(self._row())

    def test_returned_once(self):
        self._purchase(5.0)
        row = self._row()
        action = row.action_return()
        back = self.returns.browse(action["res_id"])
        self.assertRecordValues(
            back.line_ids, [{"quantity": 5.0, "product_id": self.part.id}]
        )
        self.assertFalse(self._row())
        with self.assertRaisesRegex(UserError, "on a return already"):
            row.action_return()

    def test_every_piece_goes_back_to_the_purchase_that_brought_it(self):
        first, second = self._purchase(2.0, price=10.0), self._purchase(3.0, price=12.0)
        self._receive(self.part, 1.0)
        back = self.returns.browse(self._row().action_return()["res_id"])
        shares = {
            line.purchase_line_id: (line.quantity, line.price_unit)
            for line in back.line_ids
        }
        nobody = self.env["purchase.order.line"]
        self.assertEqual(
            shares, {second: (3.0, 12.0), first: (2.0, 10.0), nobody: (1.0, 25.0)}
        )
        back.action_send()
        self.assertEqual((first.qty_received, second.qty_received), (0.0, 0.0))

    def test_reserved_pieces_are_not_listed(self):
        self._purchase(5.0)
        move = self.env["stock.move"].create(
            {
                "product_id": self.part.id,
                "product_uom_qty": 2.0,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        move._action_confirm()
        move._action_assign()
        self.assertFalse(self._row())
        move._action_cancel()
        self.assertEqual(self._row().quantity, 5.0)
