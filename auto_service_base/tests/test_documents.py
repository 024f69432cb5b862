import lxml.html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_documents import GIF, PRICES, AutoServiceDocumentsCommon

RECEPTION = "auto_service_base.report_reception"
FLOOR = "auto_service_base.report_floor"
COMPLETION = "auto_service_base.report_completion"
ESTIMATE = "sale.report_saleorder"
INVOICE = "account.report_invoice"


@tagged("post_install", "-at_install")
class TestDocuments(AutoServiceDocumentsCommon):
    def assertAllIn(self, texts, html):
        missing = [text for text in texts if text not in html]
        self.assertFalse(missing, f"not on the document: {missing}")

    # Reception act ------------------------------------------------------------

    def test_reception_act_says_what_was_handed_over(self):
        html = self._render(RECEPTION, self.order, self.user_advisor)
        self.assertAllIn(
            [
                "Reception act",
                self.order.name,
                "Mari Tamm",
                "777 DOC",
                "TMBJJ7NE5J0123456",
                "184,320",
                "1/2",
                "Scratch on the left door",
                "Child seat",
                "Squeals when braking",
                "Front brakes",
                "K-17",
                "Test advisor",
            ],
            html,
        )

    def test_reception_act_bears_the_signature(self):
        self.assertNotIn('alt="Signature"', self._render(RECEPTION, self.order))
        self.order.write(
            {
                "reception_signature": GIF,
                "reception_signed_by": "Jaan Tamm",
                "reception_signed_on": fields.Datetime.now(),
            }
        )
        html = self._render(RECEPTION, self.order)
        self.assertAllIn(['alt="Signature"', "data:image/", "Jaan Tamm"], html)

    def test_signed_reception_act_does_not_change(self):
        self.env.flush_all()
        self.order.reception_signed_on = fields.Datetime.now()
        self.estimate._decline_job(self.job_air)
        late = self._create_job(name="Found later")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE auto_service_job SET create_date = create_date + interval '1 hour'"
            " WHERE id = %s",
            [late.id],
        )
        late.invalidate_recordset()
        html = self._render(RECEPTION, self.order)
        self.assertIn("Air conditioning", html)
        self.assertNotIn("Found later", html)

    def test_promise_is_printed_in_the_zone_of_the_garage(self):
        self.order.company_id.resource_calendar_id.tz = "Europe/Tallinn"
        html = self._render(RECEPTION, self.order)
        # 15:00 UTC on 23 November is 17:00 in Tallinn.
        self.assertIn("05:00", html)

    # Job card -----------------------------------------------------------------

    def test_technician_prints_the_job_card_without_prices(self):
        html = self._render(FLOOR, self.order, self.user_technician)
        self.assertAllIn(
            ["Front brakes", "Shakes", "BD-5501", "Brake disc", "1.50", "777 DOC"], html
        )
        self.assertIn("data:image/png;base64", html, "the barcode of the number")
        for price in PRICES:
            self.assertNotIn(price, html)
        self.assertNotIn("oe_currency_value", html)

    def test_job_card_warns_of_jobs_that_are_not_approved(self):
        self.assertIn("do not start", self._render(FLOOR, self.order))
        self.estimate.action_confirm()
        self.assertNotIn("do not start", self._render(FLOOR, self.order))

    def test_job_card_leaves_declined_jobs_out(self):
        self.estimate._decline_job(self.job_air)
        self.assertNotIn("Air conditioning", self._render(FLOOR, self.order))

    # Act of completed work ----------------------------------------------------

    def test_completion_act_bills_what_was_done(self):
        self._do_the_work()
        html = self._render(COMPLETION, self.order, self.user_advisor)
        self.assertAllIn(
            [
                "Act of completed work",
                "Front brakes",
                "Discs are worn",
                "Discs and pads replaced",
                "Brake disc",
                "3,555.54",  # 2 discs
                "4,333.32",  # 1.5 hours
                "7,888.86",  # without taxes
                "9,466.63",  # with 20 %
            ],
            html,
        )
        self.assertNotIn("Air conditioning", html, "approved, but not done")

    def test_completion_act_equals_the_estimate_when_all_is_done(self):
        self.estimate.action_confirm()
        for job in self.order.job_ids:
            job._finish()
            job._issue_parts()
        totals = self.estimate._get_completed_work()["tax_totals"]
        self.assertEqual(
            self.estimate.currency_id.compare_amounts(
                totals["total_amount_currency"], self.estimate.amount_total
            ),
            0,
        )

    def test_completion_act_names_check_and_recommendations(self):
        self.estimate._decline_job(self.job_air)
        self._do_the_work()
        self.order.with_user(self.user_manager).action_quality_ok()
        html = self._render(COMPLETION, self.order)
        self.assertAllIn(
            ["Checked by", "Test manager", "Recommended for the next visit"], html
        )
        self.assertIn("Air conditioning", html)

    def test_completion_act_names_every_payer(self):
        self._do_the_work()
        insurer = self._create_partner(name="Insurance of the Test")
        second = self.order._get_or_create_estimate("insurance", insurer)
        job = self._create_job(name="Bumper")
        second.order_line = [
            Command.create({"product_id": self.part.id, "job_id": job.id})
        ]
        second.action_confirm()
        job._issue_parts()
        html = self._render(COMPLETION, self.order, self.user_parts)
        self.assertAllIn(
            [
                self.estimate.name,
                second.name,
                "paid by",
                "Insurance of the Test",
                "2,133.32",  # one disc with 20 %
                "9,466.63",
            ],
            html,
        )

    def test_completion_act_shows_no_price_of_internal_work(self):
        self.estimate.pay_type = "internal"
        self._do_the_work()
        html = self._render(COMPLETION, self.order)
        self.assertAllIn(["at no charge", "Brake disc"], html)
        self.assertNotIn("3,555.54", html)

    def test_technician_cannot_print_prices(self):
        self._do_the_work()
        self.env.invalidate_all()
        for report, records in ((COMPLETION, self.order), (ESTIMATE, self.estimate)):
            with self.subTest(report=report), self.assertRaises(AccessError):
                self._render(report, records, self.user_technician)

    # Estimate and invoice -----------------------------------------------------

    def test_estimate_shows_the_vehicle(self):
        html = self._render(ESTIMATE, self.estimate, self.user_advisor)
        self.assertAllIn(
            ["Estimate", "777 DOC", "TMBJJ7NE5J0123456", "184,320", self.order.name],
            html,
        )

    def test_estimate_marks_declined_jobs(self):
        self.assertNotIn("tr_declined", self._render(ESTIMATE, self.estimate))
        self.estimate._decline_job(self.job_air)
        root = lxml.html.fromstring(self._render(ESTIMATE, self.estimate))
        [row] = root.xpath("//tr[@name='tr_declined']")
        self.assertIn("1.00", row.text_content(), "the quantity that was offered")
        self.assertIn("2,888.88", row.text_content())
        self.assertEqual(len(root.xpath("//span[@name='declined']")), 1)

    def test_other_sale_orders_are_printed_as_ever(self):
        html = self._render(ESTIMATE, self._create_ordinary_order())
        self.assertIn("Quotation", html)
        for text in ("vehicle_information", "tr_declined", "Licence plate"):
            self.assertNotIn(text, html)

    def test_accountant_prints_the_vehicle_on_the_invoice(self):
        self._do_the_work()
        self.order.action_invoice()
        accountant = new_test_user(
            self.env, login="test_accountant", groups="account.group_account_invoice"
        )
        html = self._render(INVOICE, self.order.invoice_ids, accountant)
        self.assertAllIn(["777 DOC", "TMBJJ7NE5J0123456", "184,320"], html)

    def test_operation_is_invoiced_under_its_own_text(self):
        operation = self.env["auto.service.operation"].create(
            {"name": "Brake bleeding", "hours": 1.0, "product_id": self.labour.id}
        )
        line = self._create_line(self.job_brakes, self.labour, 1.0)
        line.write({"operation_id": operation.id, "name": "Brake bleeding"})
        self._do_the_work()
        self.order.action_invoice()
        self.assertIn(
            "Brake bleeding", self.order.invoice_ids.invoice_line_ids.mapped("name")
        )

    def test_other_invoices_are_printed_as_ever(self):
        order = self._create_ordinary_order()
        order.action_confirm()
        order.order_line.qty_delivered = 1
        html = self._render(INVOICE, order._create_invoices())
        self.assertNotIn("vehicle_information", html)

    # Languages and files ------------------------------------------------------

    def test_documents_print_in_every_language(self):
        self._do_the_work()
        self.order.action_invoice()
        languages = {code for code, _name in self.env["res.lang"].get_installed()}
        documents = [
            (RECEPTION, self.order),
            (COMPLETION, self.order),
            (FLOOR, self.order),
            (ESTIMATE, self.estimate),
            (INVOICE, self.order.invoice_ids),
        ]
        for code in languages & {"ru_RU", "et_EE", "hu_HU"}:
            self.partner.lang = code
            for report, records in documents:
                with self.subTest(lang=code, report=report):
                    self.assertIn("777 DOC", self._render(report, records))

    def test_documents_speak_the_language_of_the_customer(self):
        if "et_EE" not in dict(self.env["res.lang"].get_installed()):
            self.env["res.lang"]._activate_lang("et_EE")
        self.partner.lang = "et_EE"
        self.assertIn("14.03.2018", self._render(RECEPTION, self.order))
        self.assertNotIn("14.03.2018", self._render(FLOOR, self.order))

    def test_file_names_bear_number_and_plate(self):
        number = self.order.name.replace("/", "-")
        self.assertEqual(
            self.order._get_document_name("reception"),
            f"Reception act {number} 777 DOC",
        )
        self.assertEqual(
            self.estimate._get_report_base_filename(),
            f"Estimate {self.estimate.name} 777 DOC",
        )
        ordinary = self._create_ordinary_order()
        self.assertEqual(
            ordinary._get_report_base_filename(), f"Quotation {ordinary.name}"
        )
