from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestOrderCreate(AutoServiceOrderCommon):
    """A visit is entered from a plate, a form, an import or the API."""

    def setUp(self):
        super().setUp()
        self.orders = self.env["auto.service.order"].with_user(self.user_advisor)

    def test_new_plate_and_telephone_create_vehicle_and_customer(self):
        order = self.orders.create(
            {
                "plate_entry": "777 new",
                "customer_entry": "Jaan Kask",
                "phone_entry": "+372 5559 8877",
            }
        )
        self.assertEqual(order.vehicle_id.plate_normalized, "777NEW")
        self.assertRecordValues(
            order.partner_id, [{"name": "Jaan Kask", "phone": "+372 5559 8877"}]
        )
        self.assertEqual(order.vehicle_id.owner_id, order.partner_id)
        self.assertRecordValues(
            order,
            [
                {
                    "state": "open",
                    "step": "booked",
                    "advisor_id": self.user_advisor.id,
                    "license_plate": order.vehicle_id.license_plate,
                }
            ],
        )

    def test_known_plate_brings_vehicle_and_its_owner(self):
        owner = self._create_partner()
        vehicle = self._create_vehicle(license_plate="123 ABC", owner_id=owner.id)
        order = self.orders.create({"plate_entry": "123-abc"})
        self.assertRecordValues(
            order, [{"vehicle_id": vehicle.id, "partner_id": owner.id}]
        )

    def test_known_telephone_finds_the_customer(self):
        partner = self._create_partner(phone="+372 5559 8877")
        order = self.orders.create(
            {"plate_entry": "888 NEW", "phone_entry": "+372 55598877"}
        )
        self.assertEqual(order.partner_id, partner)

    def test_customer_who_is_not_the_owner_leaves_the_owner_alone(self):
        owner = self._create_partner(name="Owner")
        vehicle = self._create_vehicle(owner_id=owner.id)
        order = self.orders.create(
            {"plate_entry": vehicle.license_plate, "customer_entry": "Brother"}
        )
        self.assertEqual(order.partner_id.name, "Brother")
        self.assertEqual(vehicle.owner_id, owner)

    def test_unknown_plate_without_customer_is_refused_in_one_sentence(self):
        with self.assertRaisesRegex(UserError, "999 XYZ .*name or telephone"):
            self.orders.create({"plate_entry": "999 XYZ"})

    def test_order_without_plate_and_vehicle_is_refused(self):
        with self.assertRaisesRegex(UserError, "Type the plate"):
            self.orders.create({"complaint": "It rattles"})

    def test_name_create_takes_a_plate(self):
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        order_id, name = self.orders.name_create("123 ABC")
        order = self.orders.browse(order_id)
        self.assertEqual(order.vehicle_id, vehicle)
        self.assertEqual(name, f"{order.name} · 123 ABC")

    def test_batch_gives_every_order_its_own_number(self):
        partner = self._create_partner()
        vehicles = [
            self._create_vehicle(license_plate=f"10{index} AAA", owner_id=partner.id)
            for index in range(3)
        ]
        orders = self.orders.create([{"vehicle_id": v.id} for v in vehicles])
        self.assertEqual(len(set(orders.mapped("name"))), 3)
        self.assertEqual(orders.partner_id, partner)
        self.assertEqual(len(orders.stage_log_ids), 3)

    def test_values_of_the_caller_are_not_changed(self):
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        values = {"plate_entry": vehicle.license_plate}
        self.orders.create(values)
        self.assertEqual(values, {"plate_entry": vehicle.license_plate})

    def test_every_company_counts_its_own_numbers(self):
        other = self._create_company(name="Other Garage")
        self.env["ir.sequence"].create(
            {
                "name": "Work order of the other garage",
                "code": "auto.service.order",
                "prefix": "OG/",
                "padding": 3,
                "company_id": other.id,
            }
        )
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        orders = self.env["auto.service.order"].create(
            [
                {"vehicle_id": vehicle.id, "company_id": other.id},
                {"vehicle_id": vehicle.id, "company_id": self.env.company.id},
            ]
        )
        self.assertEqual(orders[0].name, "OG/001")
        self.assertFalse(orders[1].name.startswith("OG/"))

    def test_number_is_not_left_at_new_when_the_screen_speaks_another_language(self):
        self.env["res.lang"]._activate_lang("et_EE")
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        order = self.orders.with_context(lang="et_EE").create(
            {"vehicle_id": vehicle.id, "name": "New"}
        )
        self.assertNotIn(order.name, ("New", False))

    def test_odometer_is_noted_on_the_vehicle(self):
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        order = self.orders.create({"vehicle_id": vehicle.id, "odometer_in": 120500})
        self.assertEqual(vehicle.last_odometer, 120500)
        order.odometer_out = 120510
        self.assertEqual(vehicle.last_odometer, 120510)

    def test_import_with_jobs_and_lines_at_once(self):
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        order = self.orders.create(
            {
                "vehicle_id": vehicle.id,
                "job_ids": [Command.create({"name": "Brakes"})],
                "line_ids": [
                    Command.create({"product_id": self.part.id, "product_uom_qty": 2}),
                    Command.create({"display_type": "line_section", "name": "Oil"}),
                    Command.create(
                        {"product_id": self.labour.id, "product_uom_qty": 0.5}
                    ),
                ],
            }
        )
        brakes, oil = order.job_ids.sorted("id")
        self.assertRecordValues(brakes | oil, [{"name": "Brakes"}, {"name": "Oil"}])
        self.assertRecordValues(
            brakes.line_ids, [{"product_id": self.part.id, "product_uom_qty": 2.0}]
        )
        self.assertEqual(oil.line_ids.product_id, self.labour)
        self.assertEqual(len(order.sale_order_ids), 1)
        self.assertAlmostEqual(order.amount_untaxed, 80.0 + 25.0)

    def test_lines_may_be_written_over_the_api_without_naming_the_estimate(self):
        order = self._create_order().with_user(self.user_advisor)
        order.write({"line_ids": [Command.create({"product_id": self.part.id})]})
        self.assertEqual(order.line_ids.product_id, self.part)
        self.assertEqual(order.line_ids.order_id, order.estimate_id)
        self.assertEqual(len(order.job_ids), 1)

    def test_copy_takes_the_jobs_but_no_history(self):
        order = self._create_order(odometer_in=1000, complaint="It rattles")
        self._add_job(order)
        self._approve(order)
        twin = order.copy()
        self.assertNotEqual(twin.name, order.name)
        self.assertRecordValues(
            twin,
            [{"state": "open", "step": "booked", "odometer_in": 0, "closed_at": False}],
        )
        self.assertRecordValues(
            twin.job_ids,
            [{"name": "Brakes", "authorisation": "draft", "state": "todo"}],
        )
        self.assertEqual(order.sale_order_ids.state, "sale")
        self.assertNotEqual(twin.job_ids, order.job_ids)

    def test_protected_fields_cannot_be_set_on_create(self):
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        for values in (
            {"state": "closed"},
            {"quality_checked_by_id": self.user_second.id},
            {"quality_checked_at": "2026-01-01 10:00:00"},
            {"closed_at": "2026-01-01 10:00:00"},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "by the buttons"),
            ):
                self.orders.create({"vehicle_id": vehicle.id, **values})

    def test_protected_fields_of_a_job_cannot_be_set_on_create(self):
        order = self._create_order()
        jobs = self.env["auto.service.job"].with_user(self.user_advisor)
        for values in ({"authorisation": "approved"}, {"state": "done"}):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "by its buttons"),
            ):
                jobs.create({"order_id": order.id, "name": "Oil", **values})

    def test_order_created_on_a_later_stage_has_to_pass_its_gate(self):
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        for step in ("ready", "delivered"):
            with self.subTest(step=step), self.assertRaises(UserError):
                self.orders.create(
                    {"vehicle_id": vehicle.id, "stage_id": self._get_stage(step).id}
                )

    def test_change_of_customer_moves_draft_estimates_with_their_prices(self):
        order = self._create_order()
        self._add_job(order, parts=2.0, hours=0)
        estimate = order.estimate_id
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Regular customers",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        regular = self._create_partner(name="Regular")
        regular.property_product_pricelist = pricelist
        order.partner_id = regular
        self.assertEqual(estimate.partner_id, regular)
        self.assertAlmostEqual(order.amount_untaxed, 40.0)

    def test_change_of_customer_leaves_offers_and_other_payers_alone(self):
        order = self._create_order()
        former = order.partner_id
        insurer = self._create_partner(name="Insurer")
        self._add_job(order)
        order.estimate_id.action_quotation_sent()
        sent = order.estimate_id
        other = self.env["sale.order"].create(
            order._prepare_estimate_values("insurance", insurer)
        )
        relative = self.env["sale.order"].create(
            order._prepare_estimate_values("customer", self._create_partner(name="Son"))
        )
        order.partner_id = self._create_partner(name="Somebody else")
        self.assertEqual(sent.partner_id, former)
        self.assertEqual(other.partner_id, insurer)
        self.assertEqual(relative.partner_id.name, "Son")

    def test_payer_of_the_vehicle_gets_the_estimate_and_keeps_it(self):
        leasing = self._create_partner(name="Leasing")
        order = self._create_order()
        order.vehicle_id.payer_id = leasing
        self._add_job(order)
        self.assertEqual(order.estimate_id.partner_id, leasing)
        order.partner_id = self._create_partner(name="Driver")
        self.assertEqual(order.estimate_id.partner_id, leasing)

    def test_advisor_is_the_default_only_when_he_is_one(self):
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        clerk = new_test_user(
            self.env, login="test_clerk", groups="sales_team.group_sale_salesman"
        )
        orders = self.env["auto.service.order"].with_user(clerk).sudo()
        self.assertFalse(orders.create({"vehicle_id": vehicle.id}).advisor_id)
