from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestDeletion(AutoServiceOrderCommon):
    """What left the desk is deleted by nobody; drafts may go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.job = cls._add_job(cls.order)
        cls.everybody = (
            cls.user_technician
            | cls.user_parts
            | cls.user_advisor
            | cls.user_manager
            | cls.env.ref("base.user_admin")
            | cls.env.ref("base.user_root")
        )

    def _assert_nobody_deletes(self, records):
        for user in self.everybody:
            with self.subTest(user=user.login, model=records._name):
                # The host's AccessError of who has no rights at all is one, too.
                with self.assertRaises(UserError):
                    records.with_user(user).unlink()
                self.assertTrue(records.exists())
        with self.assertRaises(UserError):
            records.sudo().unlink()

    def test_sent_estimate_stays_with_its_job_and_visit(self):
        estimate = self.order.estimate_id
        estimate.action_quotation_sent()
        for records in (estimate, self.job, self.order):
            self._assert_nobody_deletes(records)

    def test_sent_estimate_does_not_become_a_draft_by_cancelling(self):
        estimate = self.order.estimate_id
        estimate.action_quotation_sent()
        estimate._action_cancel()
        for records in (estimate, self.job, self.order):
            self._assert_nobody_deletes(records)
        estimate.action_draft()
        for records in (estimate, self.job, self.order):
            self._assert_nobody_deletes(records)

    def test_approved_estimate_and_its_approval_stay(self):
        estimate = self._approve(self.order)
        for records in (estimate, estimate.authorisation_ids, self.job, self.order):
            self._assert_nobody_deletes(records)

    def test_clocked_time_stays(self):
        self._approve(self.order)
        self.job.with_user(self.user_technician).action_start()
        self._assert_nobody_deletes(self.job.clocking_ids)

    def test_recommendation_stays(self):
        self.job.action_decline()
        self._assert_nobody_deletes(self.order.vehicle_id.recommendation_ids)
        self._assert_nobody_deletes(self.job)

    def test_received_vehicle_stays(self):
        self.order.stage_id = self._get_stage("received")
        self._assert_nobody_deletes(self.order)

    def test_draft_visit_goes_with_its_draft_estimate(self):
        order, estimate, job = self.order, self.order.estimate_id, self.job
        order.with_user(self.user_advisor).unlink()
        for records in (order, estimate, job):
            self.assertFalse(records.exists())

    def test_draft_job_goes_with_its_lines(self):
        estimate = self.order.estimate_id
        self.job.with_user(self.user_advisor).unlink()
        self.assertFalse(estimate.order_line)

    def test_used_stage_is_archived_and_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Archive the stage"):
            self.order.stage_id.with_user(self.user_manager).unlink()
