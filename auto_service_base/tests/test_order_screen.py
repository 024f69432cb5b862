from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import AutoServiceOrderCommon

QUICK = "auto_service_base.auto_service_order_view_form_quick_create"


@tagged("post_install", "-at_install")
class TestOrderScreen(AutoServiceOrderCommon):
    """The desk: board, form, import, in the order in which people use them."""

    def setUp(self):
        super().setUp()
        self.orders = self.env["auto.service.order"].with_user(self.user_advisor)

    def test_quick_entry_on_the_board_shows_the_owner_of_a_known_plate(self):
        owner = self._create_partner(name="Mari Tamm")
        vehicle = self._create_vehicle(license_plate="123 ABC", owner_id=owner.id)
        form = Form(self.orders, view=QUICK)
        form.plate_entry = "123abc"
        self.assertEqual(form.partner_id, owner)
        form.complaint = "It squeaks"
        order = form.save()
        self.assertRecordValues(
            order,
            [
                {
                    "vehicle_id": vehicle.id,
                    "partner_id": owner.id,
                    "complaint": "It squeaks",
                }
            ],
        )

    def test_quick_entry_of_a_new_plate(self):
        form = Form(self.orders, view=QUICK)
        form.plate_entry = "321 NEW"
        self.assertFalse(form.vehicle_id)
        form.customer_entry = "Jaan Kask"
        form.phone_entry = "+372 5550 0001"
        order = form.save()
        self.assertEqual(order.license_plate, "321 NEW")
        self.assertEqual(order.partner_id.name, "Jaan Kask")

    def test_form_takes_a_new_customer_by_plate_and_telephone(self):
        form = Form(self.orders)
        form.plate_entry = "654 NEW"
        form.customer_entry = "Jaan Kask"
        form.complaint = "It smokes"
        order = form.save()
        self.assertEqual(order.vehicle_id.owner_id.name, "Jaan Kask")
        self.assertEqual(order.complaint, "It smokes")

    def test_plate_typed_again_finds_the_other_vehicle(self):
        first = self._create_vehicle(
            license_plate="111 AAA", owner_id=self._create_partner(name="First").id
        )
        second = self._create_vehicle(
            license_plate="222 BBB", owner_id=self._create_partner(name="Second").id
        )
        form = Form(self.orders, view=QUICK)
        form.plate_entry = "111 AAA"
        self.assertEqual(form.vehicle_id, first)
        form.plate_entry = "222 BBB"
        self.assertEqual(form.vehicle_id, second)
        self.assertEqual(form.partner_id.name, "Second")

    def test_unknown_plate_after_a_known_one_forgets_the_vehicle(self):
        self._create_vehicle(
            license_plate="111 AAA", owner_id=self._create_partner(name="First").id
        )
        form = Form(self.orders, view=QUICK)
        form.plate_entry = "111 AAA"
        form.plate_entry = "999 ZZZ"
        self.assertFalse(form.vehicle_id)
        form.customer_entry = "Somebody new"
        order = form.save()
        self.assertEqual(order.license_plate, "999 ZZZ")
        self.assertEqual(order.partner_id.name, "Somebody new")

    def test_card_is_dragged_by_writing_its_stage(self):
        order = self._create_order().with_user(self.user_advisor)
        order.web_save({"stage_id": self._get_stage("received").id}, {"step": {}})
        self.assertEqual(order.step, "received")
        self.assertTrue(order.received_at)

    def test_jobs_are_added_on_the_form(self):
        order = self._create_order().with_user(self.user_advisor)
        with Form(order) as form:
            with form.job_ids.new() as job:
                job.name = "Brakes"
            with form.job_ids.new() as job:
                job.name = "Oil"
        self.assertEqual(order.job_ids.mapped("name"), ["Brakes", "Oil"])
        self.assertEqual(
            order.estimate_id.order_line.sorted("sequence").mapped("name"),
            ["Brakes", "Oil"],
        )

    def test_import_of_visits_with_jobs_and_lines(self):
        self._create_vehicle(
            license_plate="123 ABC", owner_id=self._create_partner().id
        )
        result = self.orders.load(
            [
                "vehicle_id",
                "complaint",
                "job_ids/name",
                "line_ids/product_id",
                "line_ids/product_uom_qty",
            ],
            [
                ["123 ABC", "It squeaks", "Brakes", self.part.display_name, "2"],
                ["", "", "", self.labour.display_name, "1.5"],
            ],
        )
        self.assertFalse(result["messages"])
        order = self.orders.browse(result["ids"])
        self.assertEqual(order.license_plate, "123 ABC")
        self.assertAlmostEqual(order.amount_untaxed, 80.0 + 75.0)
        self.assertEqual(order.job_ids.name, "Brakes")

    def test_one_wizard_cancels_several_visits_or_none(self):
        first, second = self._create_order(), self._create_order()
        self._add_job(second)
        self._approve(second)
        second.job_ids.with_user(self.user_technician).action_start()
        wizard = (
            self.env["auto.service.order.cancel"]
            .with_user(self.user_advisor)
            .create(
                {
                    "order_ids": [Command.set((first | second).ids)],
                    "reason_id": self.reason_cancel.id,
                }
            )
        )
        with self.assertRaisesRegex(UserError, second.name):
            wizard.action_cancel_orders()
        self.assertEqual(first.state, "open")

    def test_buttons_open_documents_that_the_advisor_may_read(self):
        order = self._create_order()
        job = self._add_job(order)
        self._approve(order)
        self._do_job(job)
        order.action_invoice()
        order = order.with_user(self.user_advisor)
        for name in (
            "action_view_estimates",
            "action_view_invoices",
            "action_view_visits",
            "action_preview_estimate",
            "action_new_estimate",
        ):
            with self.subTest(name=name):
                self.assertIn("type", getattr(order, name)())
