from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestEstimate(AutoServiceOrderCommon):
    """Sections of an estimate are the jobs of the visit, wherever it is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(complaint="It squeaks\nwhen braking")
        cls.estimate = cls.order._get_or_create_estimate()

    def _write_lines(self, *values, estimate=None):
        estimate = estimate or self.estimate
        return self.env["sale.order.line"].create(
            [{"order_id": estimate.id, **vals} for vals in values]
        )

    def _get_layout(self, estimate=None):
        """Estimate as [(job, texts of its lines below the section)]."""
        layout = []
        for line in (estimate or self.estimate)._get_job_lines():
            if line.display_type == "line_section":
                self.assertEqual(line.name, line.job_id.name)
                layout.append((line.name, []))
            else:
                self.assertEqual(line.job_id.name, layout[-1][0])
                layout[-1][1].append(line.name.splitlines()[0])
        return layout

    def test_section_becomes_a_job_and_lines_below_belong_to_it(self):
        self._write_lines(
            {"display_type": "line_section", "name": "Brakes"},
            {"product_id": self.part.id, "name": "Disc"},
            {"display_type": "line_note", "name": "Original part"},
            {"display_type": "line_section", "name": "Oil"},
            {"product_id": self.labour.id, "name": "Change oil"},
        )
        self.assertEqual(
            self._get_layout(),
            [("Brakes", ["Disc", "Original part"]), ("Oil", ["Change oil"])],
        )
        self.assertEqual(self.order.job_ids.mapped("name"), ["Brakes", "Oil"])

    def test_job_becomes_a_section(self):
        job = self.env["auto.service.job"].create(
            {"order_id": self.order.id, "name": "Exhaust"}
        )
        self.assertEqual(self._get_layout(), [("Exhaust", [])])
        self.assertEqual(self.estimate.order_line.job_id, job)

    def test_subsection_stays_within_its_job(self):
        self._write_lines(
            {"display_type": "line_section", "name": "Brakes"},
            {"display_type": "line_subsection", "name": "Front"},
            {"product_id": self.part.id, "name": "Disc"},
        )
        self.assertEqual(self._get_layout(), [("Brakes", ["Front", "Disc"])])
        self.assertEqual(len(self.order.job_ids), 1)

    def test_line_moved_by_its_sequence_changes_the_job(self):
        lines = self._write_lines(
            {"display_type": "line_section", "name": "Brakes", "sequence": 1},
            {"product_id": self.part.id, "name": "Disc", "sequence": 2},
            {"display_type": "line_section", "name": "Oil", "sequence": 3},
        )
        lines[1].sequence = 4
        self.assertEqual(self._get_layout(), [("Brakes", []), ("Oil", ["Disc"])])

    def test_line_with_a_job_is_placed_below_its_section(self):
        self._write_lines(
            {"display_type": "line_section", "name": "Brakes"},
            {"product_id": self.part.id, "name": "Disc"},
            {"display_type": "line_section", "name": "Oil"},
            {"product_id": self.part.id, "name": "Filter"},
        )
        brakes = self.order.job_ids.filtered(lambda job: job.name == "Brakes")
        line = self._write_lines(
            {"product_id": self.labour.id, "name": "Fit disc", "job_id": brakes.id}
        )
        self.assertEqual(
            self._get_layout(),
            [("Brakes", ["Disc", "Fit disc"]), ("Oil", ["Filter"])],
        )
        line.job_id = self.order.job_ids - brakes
        self.assertEqual(
            self._get_layout(),
            [("Brakes", ["Disc"]), ("Oil", ["Filter", "Fit disc"])],
        )

    def test_line_above_every_section_gets_one_named_after_the_complaint(self):
        self._write_lines({"product_id": self.part.id, "name": "Disc"})
        self.assertEqual(self._get_layout(), [("It squeaks", ["Disc"])])

    def test_renaming_works_either_way_on_every_estimate(self):
        job = self._add_job(self.order)
        other = self.env["sale.order"].create(
            self.order._prepare_estimate_values("warranty", self.partner)
        )
        self._write_lines(
            {"product_id": self.part.id, "name": "Disc", "job_id": job.id},
            estimate=other,
        )
        job.name = "Front brakes"
        sections = job._get_sections()
        self.assertEqual(sections.mapped("name"), ["Front brakes"] * 2)
        sections[0].name = "Rear brakes"
        self.assertEqual(job.name, "Rear brakes")
        self.assertEqual(sections.mapped("name"), ["Rear brakes"] * 2)

    def test_job_on_a_locked_order_may_still_be_renamed(self):
        job = self._add_job(self.order)
        self._approve(self.order)
        self.estimate.action_lock()
        job.name = "Rear brakes"
        self.assertEqual(job.name, "Rear brakes")
        self.assertEqual(job._get_sections().name, "Brakes")

    def test_deleted_section_gives_its_lines_to_the_job_above(self):
        lines = self._write_lines(
            {"display_type": "line_section", "name": "Brakes"},
            {"product_id": self.part.id, "name": "Disc"},
            {"display_type": "line_section", "name": "Oil"},
            {"product_id": self.part.id, "name": "Filter"},
        )
        lines[2].unlink()
        self.assertEqual(self._get_layout(), [("Brakes", ["Disc", "Filter"])])
        self.assertEqual(self.order.job_ids.mapped("name"), ["Brakes"])

    def test_deleted_section_with_its_lines_takes_the_empty_job_along(self):
        self._add_job(self.order)
        self.estimate.order_line.unlink()
        self.assertFalse(self.order.job_ids)

    def test_job_on_which_somebody_wrote_survives_its_section(self):
        job = self._add_job(self.order)
        job.complaint = "Squeaks in the rain only"
        self.estimate.order_line.unlink()
        self.assertEqual(self.order.job_ids, job)

    def test_second_estimate_of_the_visit_keeps_its_own_order(self):
        self._add_job(self.order, name="Brakes")
        second = self.env["sale.order"].create(
            self.order._prepare_estimate_values("insurance", self.partner)
        )
        self._add_job(self.order, name="Bumper", estimate=second)
        # A line over the API carries the default of the host: it comes last.
        self._write_lines(
            {"product_id": self.part.id, "name": "Clip", "sequence": 10},
            estimate=second,
        )
        self.assertEqual(
            [name for name, _lines in self._get_layout(second)], ["Bumper"]
        )
        self.assertEqual(self._get_layout(second)[0][1][-1], "Clip")
        self.assertEqual(len(self.order.job_ids), 2)

    def test_global_discount_on_the_second_estimate_opens_no_job(self):
        second = self.env["sale.order"].create(
            self.order._prepare_estimate_values("insurance", self.partner)
        )
        self._add_job(self.order, name="Bumper", estimate=second)
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": second.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        ).action_apply_discount()
        self.assertEqual(
            [name for name, _lines in self._get_layout(second)], ["Bumper"]
        )
        self.assertAlmostEqual(second.amount_untaxed, 140.0 * 0.9)

    def test_estimate_written_in_the_screen_of_the_host(self):
        with Form(self.estimate.with_user(self.user_advisor)) as form:
            with form.order_line.new() as line:
                line.display_type = "line_section"
                line.name = "Brakes"
            with form.order_line.new() as line:
                line.product_id = self.part
                line.product_uom_qty = 2
        self.assertEqual([name for name, _lines in self._get_layout()], ["Brakes"])
        self.assertAlmostEqual(self.order.amount_untaxed, 80.0)
        self.assertEqual(self.order.job_ids.line_ids.product_uom_qty, 2.0)

    def test_salesperson_without_a_role_in_the_garage_may_write_an_estimate(self):
        clerk = new_test_user(
            self.env,
            login="test_clerk",
            groups="sales_team.group_sale_salesman_all_leads",
        )
        estimate = self.estimate.with_user(clerk)
        with Form(estimate) as form:
            with form.order_line.new() as line:
                line.display_type = "line_section"
                line.name = "Brakes"
            with form.order_line.new() as line:
                line.product_id = self.part
        estimate.action_confirm()
        self.assertEqual(self.order.job_ids.authorisation, "approved")
        estimate.order_line.filtered("product_id").price_unit = 55
        self.assertEqual(self.order.job_ids.authorisation, "pending")

    def test_parts_person_may_add_a_part_and_a_job(self):
        with Form(self.estimate.with_user(self.user_parts)) as form:
            with form.order_line.new() as line:
                line.display_type = "line_section"
                line.name = "Brakes"
            with form.order_line.new() as line:
                line.product_id = self.part
        self.assertEqual([name for name, _lines in self._get_layout()], ["Brakes"])

    def test_estimate_written_on_the_work_order(self):
        operation = self._create_operation(hours=2.5)
        order = self.order.with_user(self.user_advisor)
        order.action_write_estimate()
        order.invalidate_recordset()
        with Form(order) as form:
            with form.line_ids.new() as line:
                line.operation_id = operation
                self.assertEqual(line.product_id, self.labour)
                self.assertEqual(line.name, operation.name)
                self.assertEqual(line.product_uom_qty, 2.5)
                self.assertEqual(line.price_subtotal, 125.0)
            self.assertAlmostEqual(form.amount_untaxed, 125.0)
            with form.line_ids.new() as line:
                line.product_id = self.part
                line.product_uom_qty = 2
            self.assertAlmostEqual(form.amount_untaxed, 205.0)
            self.assertAlmostEqual(form.amount_total, 205.0)
        self.assertEqual(len(self.order.sale_order_ids), 1)
        labour = self.order.line_ids.filtered("operation_id")
        self.assertRecordValues(
            labour, [{"book_hours": 2.5, "kind": "labour", "product_uom_qty": 2.5}]
        )
        self.assertAlmostEqual(self.order.amount_untaxed, 205.0)

    def test_margin_is_live_for_those_who_may_see_it_and_absent_for_others(self):
        self._add_job(self.order, hours=2.0, parts=1.0)
        order = self.order.with_user(self.user_manager)
        # 140.00 less 2 hours at 20.00 and a part at 25.00
        self.assertAlmostEqual(order.margin, 75.0)
        self.assertAlmostEqual(order.margin_percent, 75.0 / 140.0)
        with Form(order) as form, form.line_ids.edit(1) as line:
            line.product_uom_qty = 3
        self.assertAlmostEqual(order.margin, 105.0)
        views = self.order.with_user(self.user_advisor).get_views([(False, "form")])
        self.assertNotIn("margin", views["models"]["auto.service.order"]["fields"])
        self.assertNotIn('name="margin"', views["views"]["form"]["arch"])

    def test_book_hours_stay_when_the_advisor_judges_otherwise(self):
        operation = self._create_operation(hours=2.0)
        line = self._write_lines({"operation_id": operation.id})
        line.product_uom_qty = 3.0
        self.assertRecordValues(line, [{"book_hours": 2.0, "product_uom_qty": 3.0}])
        self.assertRecordValues(line.job_id, [{"hours_book": 2.0, "hours_judged": 3.0}])

    def test_import_of_an_operation_fills_what_is_missing_only(self):
        operation = self._create_operation(hours=2.0)
        line = self._write_lines(
            {"operation_id": operation.id, "product_uom_qty": 1.0, "price_unit": 70.0}
        )
        self.assertRecordValues(
            line,
            [
                {
                    "product_id": self.labour.id,
                    "name": operation.name,
                    "product_uom_qty": 1.0,
                    "price_unit": 70.0,
                    "book_hours": 2.0,
                }
            ],
        )

    def test_operation_that_cannot_be_billed_says_what_to_do(self):
        self.env.company.auto_service_labour_product_id = False
        operation = self._create_operation(product_id=False)
        with self.assertRaisesRegex(ValidationError, "Configuration, Settings"):
            self._write_lines({"operation_id": operation.id})

    def test_prices_discounts_and_taxes_are_those_of_the_host(self):
        tax = self.env["account.tax"].create({"name": "24 %", "amount": 24.0})
        self.part.taxes_id = tax
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Regular customers",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 30.0,
                            "applied_on": "0_product_variant",
                            "product_id": self.part.id,
                        }
                    )
                ],
            }
        )
        self.estimate.pricelist_id = pricelist
        line = self._write_lines({"product_id": self.part.id, "product_uom_qty": 2})
        self.assertAlmostEqual(line.price_unit, 30.0)
        line.discount = 10
        self.assertAlmostEqual(self.order.amount_untaxed, 54.0)
        self.assertAlmostEqual(self.order.amount_total, 66.96)

    def test_line_of_one_visit_takes_no_job_of_another(self):
        other = self._create_order(
            vehicle_id=self._create_vehicle(
                license_plate="2", owner_id=self.partner.id
            ).id
        )
        foreign = self._add_job(other)
        job = self._add_job(self.order)
        with self.assertRaisesRegex(ValidationError, "another visit"):
            self._write_lines({"product_id": self.part.id, "job_id": foreign.id})
        with self.assertRaisesRegex(ValidationError, "another visit"):
            job.order_id = other

    def test_estimate_stays_with_its_visit(self):
        other = self._create_order(
            vehicle_id=self._create_vehicle(
                license_plate="2", owner_id=self.partner.id
            ).id
        )
        self.estimate.action_quotation_sent()
        estimate = self.estimate.with_user(self.user_manager)
        for values in (
            {"work_order_id": other.id},
            {"work_order_id": False},
            {"offered_at": False},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "stays with its visit"),
            ):
                estimate.write(values)

    def test_visit_with_estimates_stays_in_its_company(self):
        other = self._create_company(name="Other Garage")
        with self.assertRaisesRegex(UserError, "in its company already"):
            self.order.company_id = other

    def test_negative_quantity_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self._write_lines({"product_id": self.part.id, "product_uom_qty": -5})

    def test_second_payer_has_an_estimate_and_an_invoice_of_his_own(self):
        insurer = self._create_partner(name="Insurer")
        self._add_job(self.order, name="Oil", hours=1.0, parts=0)
        wizard = Form(
            self.env["auto.service.order.estimate"]
            .with_user(self.user_advisor)
            .with_context(default_order_id=self.order.id)
        )
        wizard.pay_type = "insurance"
        wizard.partner_id = insurer
        wizard.save().action_create_estimate()
        second = self.order.estimate_id
        self.assertRecordValues(
            second, [{"partner_id": insurer.id, "pay_type": "insurance"}]
        )
        self._add_job(self.order, name="Bumper", hours=2.0, parts=1.0)
        self.assertEqual(second.amount_untaxed, 140.0)
        self._approve(self.order)
        for job in self.order.job_ids:
            self._do_job(job)
            job.with_user(self.user_parts).action_issue_parts()
        self.order.with_user(self.user_advisor).action_invoice()
        self.assertRecordValues(
            self.order.invoice_ids.sorted("amount_untaxed"),
            [
                {
                    "partner_id": self.order.partner_id.id,
                    "amount_untaxed": 50.0,
                    "state": "posted",
                },
                {"partner_id": insurer.id, "amount_untaxed": 140.0, "state": "posted"},
            ],
        )

    def test_internal_work_is_paid_by_the_own_company(self):
        wizard = self.env["auto.service.order.estimate"].create(
            {"order_id": self.order.id, "pay_type": "internal"}
        )
        self.assertEqual(wizard.partner_id, self.env.company.partner_id)

    def test_totals_are_in_the_currency_of_the_company(self):
        foreign = self.setup_other_currency("HUF", rates=[("2020-01-01", 400.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Forint", "currency_id": foreign.id}
        )
        self.estimate.pricelist_id = pricelist
        self._write_lines({"product_id": self.part.id, "product_uom_qty": 1})
        self.assertAlmostEqual(self.estimate.amount_untaxed, 16000.0)
        self.assertAlmostEqual(self.order.amount_untaxed, 40.0)
        self.assertAlmostEqual(self.order.with_user(self.user_manager).margin, 15.0)
        self.assertAlmostEqual(self.order.job_ids.amount_untaxed, 40.0)

    def test_totals_leave_cancelled_estimates_out(self):
        self._add_job(self.order)
        self.assertAlmostEqual(self.order.amount_untaxed, 140.0)
        self.estimate._action_cancel()
        self.order.invalidate_recordset()
        self.assertAlmostEqual(self.order.amount_untaxed, 0.0)
        self.assertAlmostEqual(self.order.job_ids.hours_judged, 0.0)
        self.estimate.action_draft()
        self.assertAlmostEqual(self.order.job_ids.hours_judged, 2.0)

    def test_nothing_to_send_says_so(self):
        with self.assertRaisesRegex(UserError, "add labour or parts"):
            self.order.with_user(self.user_advisor).action_send_estimate()

    def test_copied_estimate_is_an_ordinary_quotation(self):
        self._add_job(self.order)
        copy = self.estimate.copy()
        self.assertFalse(copy.work_order_id)
        self.assertFalse(copy.order_line.job_id)
        self.assertEqual(len(self.order.job_ids), 1)
