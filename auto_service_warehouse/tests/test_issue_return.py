from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestIssueReturn(WarehouseCommon):
    """Who has which part, and what came back."""

    def _rows(self, line, kind):
        return line.issue_ids.filtered(lambda row: row.kind == kind)

    def _create_issued_line(self, quantity=2.0, **values):
        self.shelf = self._create_bin("A-01-01")
        self._receive(self.part, 5.0, self.shelf)
        line = self._create_approved_line(quantity, **values)
        line.job_id._issue_parts_to(self.technician)
        return line

    def _return(self, line, quantity, **values):
        return line.job_id.with_user(self.user_parts)._return_parts(
            [{"line_id": line.id, "quantity": quantity, **values}]
        )

    def test_issue_is_recorded(self):
        line = self._create_issued_line()
        row = self._rows(line, "issue")
        self.assertEqual(
            (row.quantity, row.employee_id, row.location_id, row.job_id),
            (2.0, self.technician, self.shelf, line.job_id),
        )
        self.assertEqual(row.move_id, line.move_ids)

    def test_delivery_of_the_host_is_recorded(self):
        self._receive(self.part, 5.0)
        line = self._create_approved_line(2.0)
        line.job_id.technician_id = self.second
        line.order_id.picking_ids.with_user(self.user_parts).button_validate()
        row = self._rows(line, "issue")
        self.assertEqual((row.quantity, row.employee_id), (2.0, self.second))
        self.assertEqual(row.user_id, self.user_parts)

    def test_part_of_the_quantity(self):
        self._receive(self.part, 5.0)
        line = self._create_approved_line(4.0)
        result = line.job_id.with_user(self.user_advisor)._issue_parts_to(
            self.technician, line, {line.id: 1.0}
        )
        self.assertEqual(result, {"issued": {line.id: 1.0}, "missing": ""})
        self.assertEqual(line.qty_delivered, 1.0)
        self.assertEqual(sum(line.move_ids.mapped("product_uom_qty")), 4.0)
        with self.assertRaisesRegex(UserError, "only 3 more of 4"):
            line.job_id._issue_parts_to(self.technician, line, {line.id: 4.0})

    def test_less_is_there(self):
        self._receive(self.part, 1.0)
        line = self._create_approved_line(2.0)
        result = line.job_id._issue_parts_to(self.technician)
        self.assertEqual(result["issued"], {line.id: 1.0})
        self.assertIn("1 of 2", result["missing"])
        with self.assertRaisesRegex(UserError, "Not in stock"):
            line.job_id._issue_parts_to(self.technician)

    def test_return_to_the_bin_it_came_from(self):
        line = self._create_issued_line()
        issues = self._return(line, 1.0)
        self.assertEqual(self._in_stock(self.part, self.shelf), 4.0)
        self.assertEqual((line.qty_delivered, line.qty_not_needed), (1.0, 1.0))
        self.assertEqual(line.qty_to_invoice, 1.0)
        self.assertFalse(line._can_be_issued())
        self.assertEqual(issues.mapped("kind"), ["return"])
        self.assertEqual(
            (issues.reason, issues.location_id), ("Not needed", self.shelf)
        )
        with self.assertRaisesRegex(UserError, "no more than that"):
            self._return(line, 2.0)

    def test_return_of_picked_goes_to_the_bin(self):
        shelf = self._create_bin("B-02-03")
        self._receive(self.part, 5.0, shelf)
        line = self._create_approved_line(2.0)
        line._pick()
        line.job_id._issue_parts_to(self.technician)
        self._return(line, 2.0)
        self.assertEqual(self._in_stock(self.part, shelf), 5.0)

    def test_wrong_part_is_wanted_anew(self):
        line = self._create_issued_line()
        other = self._create_bin("C-01-01")
        self._return(line, 2.0, reason="wrong", location_id=other.id)
        self.assertEqual(self._in_stock(self.part, other), 2.0)
        self.assertTrue(line._can_be_issued())
        line.job_id._issue_parts_to(self.technician)
        self.assertEqual(line.qty_delivered, 2.0)
        self.assertEqual(sum(self._rows(line, "issue").mapped("quantity")), 4.0)

    def test_defective_part_cannot_be_taken(self):
        line = self._create_issued_line(5.0)
        self._return(line, 5.0, reason="defective")
        place = self.warehouse.auto_service_defect_location_id
        self.assertEqual(self._in_stock(self.part, place), 5.0)
        with self.assertRaisesRegex(UserError, "Not in stock"):
            line.job_id._issue_parts_to(self.technician)

    def test_not_needed_is_not_bought_again(self):
        line = self._create_issued_line(4.0)
        self._return(line, 2.0)
        line.product_uom_qty = 5.0
        open_moves = line._get_moves_to_issue()
        self.assertEqual(sum(open_moves.mapped("product_uom_qty")), 1.0)
        line.product_uom_qty = 3.0
        self.assertFalse(line._get_moves_to_issue())
        self.assertEqual(line.qty_delivered, 2.0)

    def test_needed_after_all(self):
        line = self._create_issued_line(2.0)
        self._return(line, 2.0)
        line.with_user(self.user_parts).action_need_again()
        self.assertTrue(line._can_be_issued())
        line.job_id._issue_parts_to(self.technician)
        self.assertEqual(line.qty_delivered, 2.0)

    def test_serial_number_comes_back(self):
        battery = self._create_part(name="Battery", is_storable=True, tracking="serial")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": battery.id} for name in ("S1", "S2")]
        )
        for lot in lots:
            self._receive(battery, 1.0, lot_id=lot.id)
        line = self._create_approved_line(2.0, battery)
        line.job_id._issue_parts_to(self.technician)
        issues = self._return(line, 1.0, lot_id=lots[1].id)
        self.assertEqual(issues.lot_id, lots[1])
        with self.assertRaisesRegex(UserError, "no more than that"):
            self._return(line, 1.0, lot_id=lots[1].id)
        self._return(line, 1.0)
        self.assertEqual(self._in_stock(battery), 2.0)

    def test_credit_note_is_due(self):
        line = self._create_issued_line()
        order = line.work_order_id
        order.advisor_id = self.user_advisor
        line.order_id._create_invoices().action_post()
        self._return(line, 1.0)
        self.assertEqual(line.qty_to_invoice, -1.0)
        message = order.message_ids[0]
        self.assertIn("credit note", message.body)
        self.assertIn(self.user_advisor.partner_id, message.partner_ids)

    def test_return_of_another_job(self):
        line = self._create_issued_line()
        other = self._add_job(line.work_order_id, "Other", hours=1.0, parts=0.0)
        with self.assertRaisesRegex(UserError, "is not on"):
            other._return_parts([{"line_id": line.id, "quantity": 1.0}])

    def test_other_company(self):
        """Parts of a visit come from, and go back to, the shelves of its company."""
        company = self._create_company()
        line = self._create_issued_line()
        job = line.job_id.with_user(self.user_parts)
        self.user_parts.write({"company_ids": [(4, company.id)]})
        job = job.with_context(allowed_company_ids=[company.id, line.company_id.id])
        job._return_parts(
            [{"line_id": line.id, "quantity": 1.0, "reason": "defective"}]
        )
        place = self.warehouse.auto_service_defect_location_id
        self.assertEqual(place.company_id, line.company_id)
        self.assertEqual(self._in_stock(self.part, place), 1.0)

    def test_returns_of_several_parts_are_one_transfer(self):
        other = self._create_part(name="Pads", is_storable=True)
        self._receive(other, 3.0)
        line = self._create_issued_line()
        second = self.env["sale.order.line"].create(
            {
                "order_id": line.order_id.id,
                "job_id": line.job_id.id,
                "product_id": other.id,
                "product_uom_qty": 3.0,
            }
        )
        line.job_id._issue_parts_to(self.technician)
        before = line.order_id.picking_ids
        issues = line.job_id._return_parts(
            [
                {"line_id": line.id, "quantity": 1.0},
                {"line_id": second.id, "quantity": 2.0},
            ]
        )
        self.assertEqual(sorted(issues.mapped("quantity")), [1.0, 2.0])
        self.assertEqual((line.qty_delivered, second.qty_delivered), (1.0, 1.0))
        self.assertLessEqual(len(line.order_id.picking_ids - before), 2)

    def test_rows_are_nobodys_to_write(self):
        line = self._create_issued_line()
        for user in (self.user_parts, self.user_advisor, self.user_manager):
            rows = line.issue_ids.with_user(user)
            with self.assertRaises(AccessError):
                rows.write({"quantity": 1.0})
            with self.assertRaises(AccessError):
                rows.unlink()


@tagged("post_install", "-at_install")
class TestIssueReturnGuarded(TestIssueReturn):
    """The same with stock that never goes below zero."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.auto_service_stock_guard = True
