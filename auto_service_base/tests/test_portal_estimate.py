import json
from unittest.mock import patch

import lxml.html

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common_documents import GIF, AutoServiceDocumentsCommon

NOT_FINITE = (float("nan"), float("inf"), float("-inf"))
NO_ENGINE = UserError("Unable to find Wkhtmltopdf on this system.")


@tagged("post_install", "-at_install")
class TestPortalEstimate(AutoServiceDocumentsCommon, HttpCase):
    """The customer with the link and without a login."""

    def _get_page(self, order=None, **params):
        order = order or self.estimate
        params.setdefault("access_token", order.access_token)
        query = "&".join(f"{key}={value}" for key, value in params.items())
        response = self.url_open(f"/my/orders/{order.id}?{query}")
        response.raise_for_status()
        return lxml.html.fromstring(response.text)

    def _post(self, url, **data):
        token = self._get_page().xpath("//input[@name='csrf_token']/@value")[0]
        return self.url_open(url, data={"csrf_token": token, **data})

    def _decide(self, job, verb, **data):
        data.setdefault("access_token", self.estimate.access_token)
        response = self._post(
            f"/my/orders/{self.estimate.id}/job/{job.id}/{verb}", **data
        )
        self.env.invalidate_all()
        return response

    def _sign(self, order=None):
        order = order or self.estimate
        result = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order.access_token,
                "name": "Jaan Tamm",
                "signature": GIF,
            },
        )
        self.env.invalidate_all()
        return result

    def _without_engine(self):
        return patch.object(
            type(self.env["ir.actions.report"]),
            "_pre_render_qweb_pdf",
            side_effect=NO_ENGINE,
        )

    # Page ---------------------------------------------------------------------

    def test_page_shows_vehicle_and_buttons(self):
        page = self._get_page()
        text = page.text_content()
        for expected in ("777 DOC", "TMBJJ7NE5J0123456", "184,320", self.order.name):
            self.assertIn(expected, text)
        self.assertEqual(len(page.xpath("//form[@name='decline_job']")), 2)
        self.assertFalse(page.xpath("//form[@name='accept_job']"))

    def test_page_of_other_orders_is_as_ever(self):
        page = self._get_page(self._create_ordinary_order())
        self.assertFalse(page.xpath("//form[@name='decline_job']"))
        self.assertNotIn("Licence plate", page.text_content())
        self.assertIn("Quotation", page.text_content())

    # Jobs ---------------------------------------------------------------------

    def test_customer_declines_a_job_and_takes_it_back(self):
        total = self.estimate.amount_total
        self._decide(self.job_air, "decline")
        self.assertRecordValues(
            self.line_air, [{"product_uom_qty": 0.0, "declined_qty": 1.0}]
        )
        self.assertEqual(self.job_air.authorisation, "declined")
        self.assertLess(self.estimate.amount_total, total)
        page = self._get_page()
        [row] = page.xpath("//tr[@name='tr_declined']")
        self.assertTrue(row.xpath(".//s"))
        self.assertIn("2,888.88", row.text_content())
        self.assertEqual(len(page.xpath("//form[@name='accept_job']")), 1)

        self._decide(self.job_air, "accept")
        self.assertEqual(self.line_air.product_uom_qty, 1.0)
        self.assertEqual(self.job_air.authorisation, "pending")
        self.assertEqual(self.estimate.amount_total, total)

    def test_garage_reads_what_the_customer_chose(self):
        self._decide(self.job_air, "decline")
        message = self.estimate.message_ids.filtered(
            lambda message: "Air conditioning" in message.body
        )
        self.assertEqual(message.author_id, self.partner)

    def test_wrong_token_decides_nothing(self):
        for token in ("wrong", ""):
            response = self._decide(self.job_air, "decline", access_token=token)
            self.assertNotIn("/my/orders", response.url)
            self.assertEqual(self.job_air.authorisation, "pending")

    def test_decision_needs_the_csrf_token(self):
        self.url_open("/web/login")
        with mute_logger("odoo.http"):
            response = self.url_open(
                f"/my/orders/{self.estimate.id}/job/{self.job_air.id}/decline",
                data={"access_token": self.estimate.access_token},
            )
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.job_air.authorisation, "pending")

    def test_job_of_another_visit_is_refused(self):
        other = self.order.copy({"vehicle_id": self._create_vehicle().id})
        job = self.env["auto.service.job"].create(
            {"order_id": other.id, "name": "Not yours"}
        )
        state = job.authorisation
        self._decide(job, "decline")
        self.assertEqual(job.authorisation, state)

    def test_decided_estimate_is_refused(self):
        self.assertNotIn("error", self._sign())
        self._decide(self.job_air, "decline")
        self.assertEqual(self.job_air.authorisation, "approved")
        self.assertEqual(self.line_air.product_uom_qty, 1.0)
        self.assertFalse(self._get_page().xpath("//form[@name='decline_job']"))

    def test_job_approved_before_is_not_declined(self):
        self.job_air.sudo().authorisation = "approved"
        self._decide(self.job_air, "decline")
        self.assertEqual(self.job_air.authorisation, "approved")
        with self.assertRaisesRegex(UserError, "already decided"):
            self.estimate._decide_job_on_portal(self.job_air, False, self.partner)

    # Signature ----------------------------------------------------------------

    def test_signature_approves_what_is_left(self):
        self._decide(self.job_air, "decline")
        self.assertNotIn("error", self._sign())
        self.assertEqual(self.estimate.state, "sale")
        self.assertEqual(self.job_brakes.authorisation, "approved")
        self.assertEqual(self.job_air.authorisation, "declined")
        recommendation = self.vehicle.recommendation_ids
        self.assertRecordValues(
            recommendation, [{"name": "Air conditioning", "reason": "declined"}]
        )
        self.assertEqual(recommendation.amount_total, 3466.66)

    def test_approval_keeps_the_document_of_the_host(self):
        reports = type(self.env["ir.actions.report"])
        render = reports._render_qweb_pdf
        rendered = []

        def _render_qweb_pdf(report, ref, res_ids=None, data=None):
            content = render(report, ref, res_ids=res_ids, data=data)
            if isinstance(ref, str):  # the mail names the report by its record
                rendered.append(content[0])
            return content

        with patch.object(reports, "_render_qweb_pdf", _render_qweb_pdf):
            self._sign()
        authorisation = self.estimate.authorisation_ids
        self.assertRecordValues(
            authorisation, [{"method": "portal_signature", "signed_by": "Jaan Tamm"}]
        )
        self.assertEqual(len(rendered), 1, "not rendered a second time")
        self.assertEqual(authorisation.attachment_id.raw, rendered[0])
        self.assertIn(b"777 DOC", authorisation.attachment_id.raw)

    def test_signature_survives_a_missing_pdf_engine(self):
        with self._without_engine():
            result = self._sign()
        self.assertNotIn("error", result)
        self.assertRecordValues(
            self.estimate, [{"state": "sale", "signed_by": "Jaan Tamm"}]
        )
        self.assertFalse(self.estimate.authorisation_ids.attachment_id)
        self.assertTrue(self.estimate.authorisation_ids.snapshot)
        self.assertFalse(self.estimate.message_ids.attachment_ids)
        self.assertIn("could not be printed", self.order.message_ids[0].body)

    def test_other_orders_are_signed_as_ever(self):
        order = self._create_ordinary_order()
        with (
            self._without_engine(),
            mute_logger("odoo.http"),
            self.assertRaisesRegex(JsonRpcException, "UserError"),
        ):
            self._sign(order)
        self.assertEqual(order.state, "sent")

    def test_nothing_left_cannot_be_signed(self):
        self._decide(self.job_air, "decline")
        self._decide(self.job_brakes, "decline")
        result = self._sign()
        self.assertIn("Every job is declined", result["error"])
        self.assertEqual(self.estimate.state, "sent")

    # Reject -------------------------------------------------------------------

    def test_rejected_estimate_becomes_recommendations(self):
        lines = self.estimate.order_line
        self._post(
            f"/my/orders/{self.estimate.id}/decline",
            access_token=self.estimate.access_token,
            decline_message="Too expensive",
        )
        self.env.invalidate_all()
        self.assertEqual(self.estimate.state, "cancel")
        self.assertEqual(self.estimate.order_line, lines, "kept as history")
        self.assertEqual(self.line_disc.product_uom_qty, 2.0)
        self.assertRecordValues(
            self.vehicle.recommendation_ids.sorted("name"),
            [
                {"name": "Air conditioning", "reason": "declined", "hours": 1.0},
                {"name": "Front brakes", "reason": "declined", "hours": 1.5},
            ],
        )
        self.assertEqual(set(self.order.job_ids.mapped("authorisation")), {"declined"})

    def test_rejected_work_goes_back_to_its_recommendation(self):
        recommendation = self.env["auto.service.recommendation"].create(
            {
                "name": "Air conditioning",
                "vehicle_id": self.vehicle.id,
                "state": "scheduled",
                "revived_job_id": self.job_air.id,
            }
        )
        self.estimate._decline_offer()
        self.assertEqual(recommendation.state, "open")
        self.assertEqual(len(self.vehicle.recommendation_ids), 2)

    def test_rejected_job_that_is_worked_on_stays_on_the_floor(self):
        technician = self.env["hr.employee"].create({"name": "Ants Kask"})
        self.env["auto.service.clocking"].create(
            {"job_id": self.job_air.id, "technician_id": technician.id}
        )
        self.job_air.sudo().state = "in_progress"
        self.estimate._decline_offer()
        self.assertRecordValues(
            self.job_air, [{"authorisation": "declined", "state": "in_progress"}]
        )
        self.assertEqual(self.job_brakes.state, "cancelled")

    def test_reject_with_a_wrong_token_changes_nothing(self):
        self._post(
            f"/my/orders/{self.estimate.id}/decline",
            access_token="wrong",
            decline_message="Too expensive",
        )
        self.env.invalidate_all()
        self.assertEqual(self.estimate.state, "sent")
        self.assertFalse(self.vehicle.recommendation_ids)


@tagged("post_install", "-at_install")
class TestPortalQuantity(AutoServiceDocumentsCommon, HttpCase):
    """The host's hole: the page takes any quantity of an optional line."""

    def _update(self, order, line, quantity):
        """Ask for a quantity as the page does; JSON that no browser writes as well.

        :return: message of the error, ``None`` when it was accepted
        """
        params = {
            "access_token": order.access_token,
            "line_id": line.id,
            "input_quantity": quantity,
        }
        response = self.url_open(
            f"/my/orders/{order.id}/update_line_dict",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        self.env.invalidate_all()
        return response.json().get("error", {}).get("data", {}).get("message")

    def test_impossible_quantities_are_refused_on_every_order(self):
        order = self._create_ordinary_order()
        line = order.order_line[-1]
        for quantity in (-5, -0.01, "-5", "many", None, True, [], *NOT_FINITE):
            with self.subTest(quantity=quantity), mute_logger("odoo.http"):
                error = self._update(order, line, quantity)
                self.assertEqual(error, "Enter a quantity of zero or more.")
                self.assertEqual(line.product_uom_qty, 1.0)

    def test_possible_quantities_are_written(self):
        order = self._create_ordinary_order()
        line = order.order_line[-1]
        for quantity, expected in ((3, 3.0), ("2", 2.0), (0, 0.0)):
            self.assertIsNone(self._update(order, line, quantity))
            self.assertEqual(line.product_uom_qty, expected)

    def test_estimates_hold_against_the_model_as_well(self):
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self.line_disc.product_uom_qty = -1.0
