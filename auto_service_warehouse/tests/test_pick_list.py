from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestPickList(WarehouseCommon):
    """The list of the parts desk, its dialogs, and the technician's screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shelf = cls._create_bin("A-01-01")
        cls._receive(cls.part, 5.0, cls.shelf)
        cls.line = cls._create_approved_line(2.0)
        cls.job = cls.line.job_id
        cls.order = cls.line.work_order_id

    def _rows(self, user=None):
        rows = self.env["auto.service.pick.line"].with_user(user or self.user_parts)
        return rows.search([("order_id", "=", self.order.id)])

    def test_row(self):
        row = self._rows()
        self.assertEqual(
            (row.location_id, row.quantity, row.product_id, row.job_id, row.is_picked),
            (self.shelf, 2.0, self.part, self.job, False),
        )
        row.action_pick()
        row = self._rows()
        self.assertTrue(row.is_picked)
        self.assertEqual(row.picked_by_id, self.user_parts)
        row.action_unpick()
        self.assertFalse(self._rows().is_picked)

    def test_what_is_due(self):
        def is_due():
            due = self._rows().search([("is_due", "=", True)])
            return self.order in due.order_id

        now = fields.Datetime.now()
        self.order.promised_at = now + timedelta(days=1)
        self.assertTrue(is_due())
        self.order.promised_at = now + timedelta(days=3)
        self.assertFalse(is_due())
        self.env.company.auto_service_prepick_days = 3
        self.assertTrue(is_due())
        self.order.promised_at = now + timedelta(days=30)
        self.order.received_at = now
        self.assertTrue(is_due(), "the vehicle is here")

    def test_rows_cost_the_same(self):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.env["auto.service.pick.line"].search_fetch([], ["place", "quantity"])
        for _count in range(3):
            self._create_approved_line(1.0)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.env["auto.service.pick.line"].search_fetch([], ["place", "quantity"])

    def test_issued_goes_from_the_list(self):
        self.job._issue_parts_to(self.technician)
        self.assertFalse(self._rows())

    def test_technician_sees_no_list(self):
        with self.assertRaises(AccessError):
            self._rows(self.user_technician).mapped("place")

    def test_printed_list(self):
        self._create_approved_line(9.0)
        missing = self._create_part(name="Rare part", is_storable=True)
        self.env["sale.order.line"].create(
            {
                "order_id": self.line.order_id.id,
                "job_id": self.job.id,
                "product_id": missing.id,
                "product_uom_qty": 1.0,
            }
        )
        html = self.env["ir.actions.report"].with_user(self.user_parts)
        html, _kind = html._render_qweb_html(
            "auto_service_warehouse.report_pick_list", self.order.ids
        )
        html = html.decode()
        self.assertIn("A-01-01", html)
        self.assertIn(self.order.name, html)
        self.assertIn("Rare part", html)
        self.assertNotIn("40.00", html)

    def test_dialog_asks_who_when_there_are_two(self):
        self.job.technician_id = self.second
        self.job.with_user(self.user_technician).action_start()
        action = self.job.with_user(self.user_parts).action_issue_parts()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.user_parts)
            .browse(action["res_id"])
        )
        self.assertEqual(dialog.employee_id, self.technician, "his clock runs")
        self.assertEqual(dialog.line_ids.quantity_here, 2.0)
        with Form(dialog) as form:
            form.employee_id = self.second
            with form.line_ids.edit(0) as row:
                row.quantity = 1.0
        dialog.action_issue()
        self.assertEqual(self.line.qty_delivered, 1.0)
        issue = self.line.issue_ids.filtered(lambda row: row.kind == "issue")
        self.assertEqual(issue.employee_id, self.second)

    def test_button_needs_no_dialog_for_one(self):
        self.job.technician_id = self.technician
        self.assertFalse(self.job.with_user(self.user_parts).action_issue_parts())
        self.assertEqual(self.line.qty_delivered, 2.0)

    def test_dialog_of_the_return(self):
        self.job._issue_parts_to(self.technician)
        action = self.job.with_user(self.user_advisor).action_return_parts()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.user_advisor)
            .browse(action["res_id"])
        )
        with self.assertRaisesRegex(UserError, "at least of one part"):
            dialog.action_return()
        with Form(dialog) as form, form.line_ids.edit(0) as row:
            row.quantity = 1.0
        dialog.action_return()
        self.assertEqual(self.line.qty_delivered, 1.0)

    # The technician's screen ----------------------------------------------------

    def _floor(self):
        floor = self.job.with_user(self.user_technician).floor_line_ids
        floor.invalidate_recordset()
        return floor.filtered(lambda row: row.id == self.line.id)

    def test_technician_takes_and_gives_back(self):
        row = self._floor()
        self.assertEqual((row.stock_state, row.stock_place), ("reserved", "A-01-01"))
        self.assertTrue(row.can_be_taken)
        row.action_take()
        self.assertEqual(self.line.qty_delivered, 2.0)
        issue = self.line.issue_ids
        self.assertEqual(
            (issue.employee_id, issue.user_id),
            (self.technician, self.user_technician),
        )
        row = self._floor()
        self.assertFalse(row.can_be_taken)
        action = row.action_give_back()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.user_technician)
            .browse(action["res_id"])
        )
        self.assertEqual(dialog.line_ids.quantity, 2.0)
        dialog.action_return()
        self.assertEqual(self.line.qty_delivered, 0.0)
        self.assertEqual(self._in_stock(self.part, self.shelf), 5.0)
        self.assertEqual(self.line.stock_state, "returned")

    def test_technician_needs_it_not(self):
        self._floor().action_give_back()
        self.assertFalse(self.line._can_be_issued())
        self.assertEqual(self.part.free_qty, 5.0)
        self.assertIn("is not needed", self.order.message_ids[0].body)
        self.line.with_user(self.user_parts).action_need_again()
        self.assertTrue(self.line._can_be_issued())
        self.assertEqual(self.part.free_qty, 3.0)

    def test_screen_costs_the_same(self):
        names = ["stock_state", "stock_place", "can_be_taken", "can_be_given_back"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            floor = self.env["auto.service.floor.line"].with_user(self.user_technician)
            floor = floor.search([("job_id", "=", self.job.id)])
            before = self.env.cr.sql_log_count
            floor.read(names)
            return self.env.cr.sql_log_count - before

        self._add_part()
        count()
        few = count()
        for _count in range(5):
            self._add_part()
        count()
        self.assertEqual(count(), few)

    def _add_part(self):
        part = self._create_part(is_storable=True)
        self._receive(part, 1.0, self.shelf)
        self.env["sale.order.line"].create(
            {
                "order_id": self.line.order_id.id,
                "job_id": self.job.id,
                "product_id": part.id,
                "product_uom_qty": 1.0,
            }
        )

    # Billing and the gate -------------------------------------------------------

    def test_fitted_is_billed_whatever_the_policy(self):
        self.part.invoice_policy = "order"
        self.assertEqual(self.line.qty_to_invoice, 0.0)
        self.job._issue_parts_to(self.technician, self.line, {self.line.id: 1.0})
        self.assertEqual(self.line.qty_to_invoice, 1.0)

    def test_policy_of_the_product_where_wanted(self):
        self.env.company.auto_service_bill_fitted = False
        self.part.invoice_policy = "order"
        line = self._create_approved_line(2.0)
        self.assertEqual(line.qty_to_invoice, 2.0)

    def test_gate_of_parts_that_are_not_issued(self):
        stage = self._get_stage("delivered")
        stage.require_parts_issued = True
        errors = "\n".join(self.order._get_gate_errors(stage))
        self.assertIn("approved and not issued: Brake disc", errors)
        self._floor().action_give_back()
        errors = "\n".join(self.order._get_gate_errors(stage))
        self.assertNotIn("not issued", errors)
