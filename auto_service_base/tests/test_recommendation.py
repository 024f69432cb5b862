from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestRecommendation(AutoServiceOrderCommon):
    """Work that is declined comes back at the next visit, with its price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.vehicle = cls.order.vehicle_id
        cls.job = cls._add_job(cls.order, name="Brakes")
        cls.kept = cls._add_job(cls.order, name="Oil", hours=1.0, parts=0)
        cls.estimate = cls.order.estimate_id

    def _get_recommendations(self):
        return self.env["auto.service.recommendation"].search(
            [("vehicle_id", "=", self.vehicle.id)]
        )

    def test_declined_job_is_recommended_with_price_and_hours(self):
        self.job.with_user(self.user_advisor).action_decline()
        self.assertRecordValues(
            self._get_recommendations(),
            [
                {
                    "name": "Brakes",
                    "reason": "declined",
                    "state": "open",
                    "amount_total": 140.0,
                    "hours": 2.0,
                    "partner_id": self.order.partner_id.id,
                    "origin_job_id": self.job.id,
                }
            ],
        )
        self.assertEqual(self.estimate.order_line.job_id, self.kept)
        self.assertRecordValues(
            self.job, [{"state": "cancelled", "authorisation": "declined"}]
        )

    def test_job_without_lines_leaves_no_section_behind(self):
        job = self.env["auto.service.job"].create(
            {"order_id": self.order.id, "name": "Wipers"}
        )
        job.with_user(self.user_advisor).action_defer()
        self.assertNotIn(job, self.estimate.order_line.job_id)
        self.assertEqual(self._get_recommendations().reason, "deferred")

    def test_job_declined_on_the_portal_leaves_the_order_at_the_signature(self):
        self.estimate.action_quotation_sent()
        self.estimate._decline_job(self.job)
        self.assertEqual(self.estimate.amount_untaxed, 50.0)
        self.assertFalse(self._get_recommendations())
        self._approve(self.order)
        self.assertEqual(self.estimate.order_line.job_id, self.kept)
        self.assertRecordValues(
            self._get_recommendations(), [{"reason": "declined", "amount_total": 140.0}]
        )
        self.assertEqual(self.kept.authorisation, "approved")

    def test_customer_may_change_his_mind_before_the_signature(self):
        self.estimate.action_quotation_sent()
        self.estimate._decline_job(self.job)
        self.estimate._accept_job(self.job)
        self.assertEqual(self.estimate.amount_untaxed, 190.0)
        self._approve(self.order)
        self.assertEqual(self.job.authorisation, "approved")
        self.assertFalse(self._get_recommendations())

    def test_everything_declined_cannot_be_approved(self):
        self.estimate.action_quotation_sent()
        self.estimate._decline_job(self.job)
        self.estimate._decline_job(self.kept)
        with self.assertRaisesRegex(UserError, "no labour or parts left"):
            self.estimate.action_confirm()

    def test_approved_job_is_not_declined(self):
        self._approve(self.order)
        with self.assertRaisesRegex(UserError, "approved or already worked on"):
            self.job.action_decline()

    def _revive(self):
        """The recommendation is taken up on a later visit; returns its job."""
        self.job.action_decline()
        self.order._cancel(self.reason_cancel)
        recommendation = self._get_recommendations()
        action = recommendation.with_user(self.user_advisor).action_revive()
        later = self.env["auto.service.order"].browse(action["res_id"])
        self.assertEqual(later.vehicle_id, self.vehicle)
        return recommendation, later.job_ids

    def test_revived_work_brings_its_lines_at_today_s_prices(self):
        self.job.action_decline()
        self.order._cancel(self.reason_cancel)
        self.part.list_price = 60.0
        recommendation = self._get_recommendations()
        recommendation.with_user(self.user_advisor).action_revive()
        job = recommendation.revived_job_id
        self.assertNotEqual(job.order_id, self.order)
        self.assertRecordValues(
            job.line_ids.sorted("sequence"),
            [
                {"product_id": self.labour.id, "product_uom_qty": 2, "price_unit": 50},
                {"product_id": self.part.id, "product_uom_qty": 1, "price_unit": 60},
            ],
        )
        self.assertRecordValues(
            recommendation, [{"state": "scheduled", "amount_total": 140.0}]
        )
        with self.assertRaisesRegex(UserError, "not open any more"):
            recommendation._revive_on(job.order_id)

    def test_recommendation_is_done_with_the_job_that_took_it_up(self):
        recommendation, job = self._revive()
        self._approve(job.order_id)
        self._do_job(job)
        self.assertEqual(recommendation.state, "done")
        job.with_user(self.user_advisor).action_reopen()
        self.assertEqual(recommendation.state, "scheduled")

    def test_recommendation_is_open_again_when_the_job_or_visit_is_cancelled(self):
        recommendation, job = self._revive()
        job.with_user(self.user_advisor).action_cancel()
        self.assertEqual(recommendation.state, "open")
        job.with_user(self.user_advisor).action_reopen()
        self.assertEqual(recommendation.state, "scheduled")
        job.order_id.with_user(self.user_advisor)._cancel(self.reason_cancel)
        self.assertEqual(recommendation.state, "open")

    def test_work_that_is_declined_again_stays_one_recommendation(self):
        recommendation, job = self._revive()
        self.part.list_price = 60.0
        job.line_ids.filtered(lambda line: line.kind == "part").price_unit = 60.0
        job.with_user(self.user_advisor).action_decline()
        self.assertEqual(self._get_recommendations(), recommendation)
        self.assertRecordValues(
            recommendation, [{"state": "open", "amount_total": 160.0}]
        )

    def test_declined_job_can_be_offered_again_on_the_same_visit(self):
        self.job.action_decline()
        self.job.with_user(self.user_advisor).action_reopen()
        self.assertRecordValues(self.job, [{"state": "todo", "authorisation": "draft"}])
        self.assertIn(self.job, self.order.estimate_id.order_line.job_id)

    def test_dropping_asks_for_the_reason(self):
        self.job.action_decline()
        recommendation = self._get_recommendations().with_user(self.user_advisor)
        with self.assertRaisesRegex(UserError, "Write why"):
            recommendation.action_drop()
        recommendation.drop_reason = "Vehicle is sold"
        recommendation.action_drop()
        self.assertEqual(recommendation.state, "dropped")
