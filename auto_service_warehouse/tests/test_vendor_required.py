from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestVendorRequired(WarehouseCommon):
    """A part that nobody sells is an error before the approval, not a note after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.auto_service_vendor_required = True
        cls.lonely = cls._create_part(
            name="Rear lamp", default_code="LMP 1", is_storable=True
        )

    def _offer(self, part=None, quantity=1.0, **values):
        line = self._create_part_line(quantity, part or self.lonely, **values)
        return line.order_id.with_user(self.user_advisor)

    def test_refused_with_part_and_way_out(self):
        estimate = self._offer()
        for method in ("action_confirm", "action_quotation_send"):
            with self.assertRaisesRegex(
                UserError, r"nobody sells \[LMP 1\] Rear lamp .* Enter a vendor"
            ):
                getattr(estimate, method)()

    def test_approved_with_a_vendor(self):
        self.lonely.seller_ids = [Command.create(self._prepare_seller_values())]
        estimate = self._offer()
        estimate.action_confirm()
        self.assertEqual(estimate.state, "sale")

    def test_vendor_of_long_ago_is_none(self):
        self.lonely.seller_ids = [
            Command.create(self._prepare_seller_values(date_end="2020-01-01"))
        ]
        with self.assertRaisesRegex(UserError, "Rear lamp"):
            self._offer().action_confirm()

    def test_vendor_of_another_company_is_none(self):
        company = self.env["res.company"].create({"name": "Other garage"})
        self.lonely.seller_ids = [
            Command.create(self._prepare_seller_values(company_id=company.id))
        ]
        with self.assertRaisesRegex(UserError, "Rear lamp"):
            self._offer().action_confirm()

    def test_what_lies_free_needs_none(self):
        self._receive(self.lonely, 2.0)
        estimate = self._offer(quantity=2.0)
        estimate.action_confirm()
        with self.assertRaisesRegex(UserError, "Rear lamp"):  # reserved meanwhile
            self._offer().action_confirm()

    def test_lines_of_one_part_are_added_up(self):
        self._receive(self.lonely, 2.0)
        order = self._create_order()
        for _number in range(2):
            self._create_part_line(1.5, self.lonely, order=order)
        with self.assertRaisesRegex(UserError, "Rear lamp"):
            order.sale_order_ids.with_user(self.user_advisor).action_confirm()

    def test_other_warehouse_of_the_company_counts(self):
        self._receive(self.lonely, 1.0, self._create_warehouse().lot_stock_id)
        self._offer().action_confirm()

    def test_services_and_parts_without_stock_need_none(self):
        order = self._create_order()
        self._add_job(order, hours=2.0, parts=1.0)
        part = self._create_part(name="Rags", is_storable=False)
        self._create_part_line(1.0, part, order=order)
        order.sale_order_ids.order_line.filtered(
            lambda line: line.product_id == self.part
        ).unlink()
        order.sale_order_ids.with_user(self.user_advisor).action_confirm()
        self.assertEqual(order.sale_order_ids.state, "sale")

    def test_bought_anew_for_every_order_needs_one(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        part = self._create_part(
            name="Key blank",
            is_storable=False,
            route_ids=route | self.warehouse.buy_pull_id.route_id,
        )
        with self.assertRaisesRegex(UserError, "Key blank"):
            self._offer(part).action_confirm()

    def test_switched_off(self):
        self.env.company.auto_service_vendor_required = False
        estimate = self._offer()
        estimate.action_confirm()
        self.assertEqual(estimate.state, "sale")

    def test_sales_without_a_visit_are_let_through(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [Command.create({"product_id": self.lonely.id})],
            }
        )
        order.with_user(self.user_advisor).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_signature_of_the_customer_counts_and_the_advisor_is_told(self):
        estimate = self._offer()
        visit = estimate.work_order_id
        visit.advisor_id = self.user_advisor
        public = self.env.ref("base.public_user")
        estimate.with_user(public).sudo().action_confirm()
        self.assertEqual(estimate.state, "sale")
        activity = visit.activity_ids.filtered(
            lambda row: row.user_id == self.user_advisor
        )
        self.assertEqual(activity.summary, "Approved, but nobody sells a part")
        self.assertIn("Rear lamp", activity.note)

    def test_declined_part_needs_none(self):
        estimate = self._offer()
        job = estimate.order_line.job_id
        self._create_part_line(1.0, order=estimate.work_order_id)
        estimate.sudo()._set_job_declined(job, "declined")
        estimate.action_confirm()
        self.assertEqual(estimate.state, "sale")
