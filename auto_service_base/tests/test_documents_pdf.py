from unittest.mock import patch

from odoo.tests import tagged

from .common_documents import AutoServiceDocumentsCommon

RECEPTION = "auto_service_base.action_report_reception"
ESTIMATE = "sale.action_report_saleorder"


@tagged("post_install", "-at_install")
class TestDocumentsPdf(AutoServiceDocumentsCommon):
    """Documents with the PDF engine of a distribution, and with the official one."""

    def _prepare(self, report, records, prints_headers):
        """What goes to the PDF engine.

        :return: bodies, header, margins
        """
        report = self.env.ref(report)
        html = report._render_qweb_html(report, records.ids, {"report_type": "pdf"})[0]
        with patch.object(type(report), "_prints_headers", lambda self: prints_headers):
            bodies, _ids, header, _footer, margins = report._prepare_html(
                html, report_model=report.model
            )
        return [str(body) for body in bodies], str(header), margins

    def test_plain_engine_gets_the_header_in_the_body(self):
        self.order.company_id.name = "Garage of the Test"
        for report, records in ((RECEPTION, self.order), (ESTIMATE, self.estimate)):
            with self.subTest(report=report):
                [body], header, margins = self._prepare(report, records, False)
                self.assertIn("Garage of the Test", body)
                self.assertNotIn("Garage of the Test", header)
                self.assertNotIn('class="topage"', body)
                self.assertEqual(margins["data-report-margin-top"], "12")

    def test_official_engine_gets_the_header_once(self):
        self.order.company_id.name = "Garage of the Test"
        for report, records in ((RECEPTION, self.order), (ESTIMATE, self.estimate)):
            with self.subTest(report=report):
                [body], header, margins = self._prepare(report, records, True)
                self.assertNotIn("Garage of the Test", body)
                self.assertIn("Garage of the Test", header)
                self.assertFalse(margins)

    def test_plain_engine_prints_several_documents_as_one(self):
        other = self.order.copy({"vehicle_id": self._create_vehicle().id})
        orders = self.order | other
        [body], _header, _margins = self._prepare(RECEPTION, orders, False)
        self.assertIn(self.order.name, body)
        self.assertIn(other.name, body)
        self.assertEqual(body.count("page-break-before: always"), 1)
        bodies, _header, _margins = self._prepare(RECEPTION, orders, True)
        self.assertEqual(len(bodies), 2)

    def test_other_sale_orders_are_left_to_the_host(self):
        order = self._create_ordinary_order()
        order.company_id.name = "Garage of the Test"
        for records in (order, order | self.estimate):
            bodies, header, margins = self._prepare(ESTIMATE, records, False)
            self.assertNotIn("o_auto_service_header", "".join(bodies))
            self.assertIn("Garage of the Test", header)
            self.assertFalse(margins)

    def test_pdf_is_really_printed(self):
        report = self.env["ir.actions.report"]
        if report.get_wkhtmltopdf_state() == "install":
            self.skipTest("no PDF engine is installed")
        with self.allow_pdf_render():
            pdf, kind = report.with_context(
                force_report_rendering=True
            )._render_qweb_pdf(RECEPTION, self.order.ids)
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertGreater(len(pdf), 10000)
