from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import AutoServiceOrderCommon

MONDAY = "2026-03-02 08:00:00"


@tagged("post_install", "-at_install")
@freeze_time(MONDAY)
class TestLabourProposal(AutoServiceOrderCommon):
    """Labour times learned from what technicians clocked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operation = cls._create_operation(name="Front pads", hours=2.0)
        cls.other = cls._create_operation(name="Discs", hours=1.0)
        cls.vehicle = cls._create_vehicle(
            engine_code="cb-dc", owner_id=cls._create_partner().id
        )

    def _do(self, hours, *operations, vehicle=None, technician=None):
        """Finished job with ``operations`` that took ``hours``."""
        order = self._create_order(vehicle_id=(vehicle or self.vehicle).id)
        estimate = order._get_or_create_estimate()
        values = [{"display_type": "line_section", "name": "Brakes"}]
        values += [{"operation_id": work.id} for work in operations or [self.operation]]
        lines = self.env["sale.order.line"].create(
            [{"order_id": estimate.id, **vals} for vals in values]
        )
        self._approve(order)
        job = lines[0].job_id
        start = datetime(2026, 2, 2, 8)
        self.env["auto.service.clocking"].create(
            {
                "job_id": job.id,
                "technician_id": (technician or self.technician).id,
                "start": start,
                "stop": start + timedelta(hours=hours),
            }
        )
        job.sudo().write(
            {
                "state": "done",
                "done_at": datetime(2026, 2, 2, 18),
                "technician_id": (technician or self.technician).id,
            }
        )
        self.env.flush_all()
        return job

    def _get_proposals(self, user=None):
        proposals = self.env["auto.service.labour.proposal"]
        return proposals.with_user(user or self.user_manager).search(
            [("operation_id", "in", (self.operation | self.other).ids)]
        )

    def test_median_of_three_jobs_is_proposed(self):
        jobs = [self._do(hours) for hours in (1.0, 1.5, 9.0)]  # a forgotten clock
        proposal = self._get_proposals()
        self.assertRecordValues(
            proposal,
            [
                {
                    "operation_id": self.operation.id,
                    "model_id": self.vehicle_model.id,
                    "brand_id": self.brand.id,
                    "engine_code": "CBDC",
                    "case_count": 3,
                    "technician_count": 1,
                    "lower_hours": 1.25,
                    "median_hours": 1.5,
                    "upper_hours": 5.25,
                    "book_hours": 2.0,
                    "current_hours": 2.0,
                    "deviation": -25.0,
                    "adopted_hours": 0.0,
                    "is_open": True,
                }
            ],
        )
        self.assertCountEqual(
            proposal.action_view_jobs()["domain"],
            [("id", "in", [job.id for job in jobs])],
        )

    def test_two_jobs_are_too_few_until_the_setting_says_otherwise(self):
        self._do(1.0)
        self._do(2.0)
        self.assertFalse(self._get_proposals())
        self.env.company.auto_service_labour_proposal_cases = 2
        self.assertEqual(self._get_proposals().median_hours, 1.5)

    def test_jobs_with_several_operations_teach_nothing(self):
        for _index in range(3):
            self._do(3.0, self.operation, self.other)
        self.assertFalse(self._get_proposals())

    def test_operation_with_a_fixed_price_teaches_nothing(self):
        for _index in range(3):
            self._do(3.0)
        self.operation.write({"pricing": "fixed", "fixed_price": 80.0})
        self.env.flush_all()
        self.assertFalse(self._get_proposals())

    def test_reopened_and_unclocked_jobs_do_not_count(self):
        self._do(1.0)
        self._do(0.0)
        self._do(1.0).sudo().state = "paused"
        self.env.flush_all()
        self.env.company.auto_service_labour_proposal_cases = 1
        self.assertEqual(self._get_proposals().case_count, 1)

    def test_engines_are_kept_apart(self):
        diesel = self._create_vehicle(
            license_plate="777 TDI",
            engine_code="BKC",
            owner_id=self.vehicle.owner_id.id,
        )
        for hours in (1.0, 1.0, 1.0):
            self._do(hours)
            self._do(hours + 1, vehicle=diesel)
        found = {row.engine_code: row.median_hours for row in self._get_proposals()}
        self.assertEqual(found, {"CBDC": 1.0, "BKC": 2.0})

    def test_adopted_time_is_the_one_that_counts(self):
        for hours in (1.0, 1.5, 2.0):
            self._do(hours)
        proposal = self._get_proposals()
        proposal.action_adopt()
        time = self.operation.labour_time_ids
        self.assertRecordValues(
            time,
            [
                {
                    "kind": "observed",
                    "hours": 1.5,
                    "case_count": 3,
                    "source_id": self.env.ref("auto_service_base.labour_source_own").id,
                }
            ],
        )
        self.assertEqual(time.vehicle_type_id.engine_key, "|CBDC|")
        self.assertEqual(self.operation._get_book_hours(self.vehicle), 1.5)
        self.env.invalidate_all()
        self.assertRecordValues(
            self._get_proposals(),
            [{"adopted_hours": 1.5, "is_open": False, "deviation": 0.0}],
        )

    def test_later_jobs_propose_anew_and_the_old_time_is_archived(self):
        for hours in (1.0, 1.5, 2.0):
            self._do(hours)
        self._get_proposals().action_adopt()
        old = self.operation.labour_time_ids
        for _index in range(5):
            self._do(3.0)
        self.env.invalidate_all()
        proposal = self._get_proposals()
        self.assertTrue(proposal.is_open)
        proposal.action_adopt()
        self.assertFalse(old.active)
        self.assertEqual(
            old.vehicle_type_id, self.operation.labour_time_ids.vehicle_type_id
        )
        self.assertEqual(self.operation.labour_time_ids.hours, 3.0)

    def test_existing_type_is_used_however_its_engine_is_written(self):
        existing = self.env["auto.service.vehicle.type"].create(
            {"model_id": self.vehicle_model.id, "engine_code": "cbdc"}
        )
        for hours in (1.0, 1.5, 2.0):
            self._do(hours)
        self._get_proposals().action_adopt()
        self.assertEqual(self.operation.labour_time_ids.vehicle_type_id, existing)

    def test_unknown_engine_makes_a_time_for_the_model(self):
        self.vehicle.engine_code = False
        for hours in (1.0, 1.5, 2.0):
            self._do(hours)
        self._get_proposals().action_adopt()
        kind = self.operation.labour_time_ids.vehicle_type_id
        self.assertEqual(kind.model_id, self.vehicle_model)
        self.assertFalse(kind.engine_code)
        self.env.invalidate_all()
        self.assertFalse(self._get_proposals().is_open)

    def test_vehicle_with_two_codes_gets_its_time_too(self):
        """Nobody knows which of the two it is; the time holds for both."""
        self.vehicle.engine_code = "cbdc / clha"
        for hours in (1.0, 1.5, 2.0):
            self._do(hours)
        proposal = self._get_proposals()
        self.assertEqual(proposal.engine_code, "CBDC,CLHA")
        proposal.action_adopt()
        self.assertEqual(self.operation._get_book_hours(self.vehicle), 1.5)
        self.env.invalidate_all()
        self.assertFalse(self._get_proposals().is_open)

    def test_adopted_time_replaces_what_was_decided_before(self):
        for hours in (1.0, 1.5, 2.0):
            self._do(hours)
        proposal = self._get_proposals()
        proposal.action_adopt()
        adopted = self.operation.labour_time_ids
        adopted.active = False
        decided = adopted.copy({"kind": "own", "hours": 4.0, "active": True})
        proposal.invalidate_recordset()
        proposal.action_adopt()
        self.assertFalse(decided.active)
        self.assertEqual(self.operation._get_book_hours(self.vehicle), 1.5)

    def test_several_are_adopted_at_once(self):
        for hours in (1.0, 1.5, 2.0):
            self._do(hours)
            self._do(hours, self.other)
        action = self._get_proposals().action_adopt()
        self.assertIn("observed times: 2", action["params"]["message"])

    def test_only_managers_see_and_adopt(self):
        for hours in (1.0, 1.5, 2.0):
            self._do(hours)
        proposal = self._get_proposals()
        for user in (self.user_advisor, self.user_technician):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._get_proposals(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                proposal.with_user(user).action_adopt()

    def test_other_company_is_not_seen(self):
        for hours in (1.0, 1.5, 2.0):
            self._do(hours)
        company = self.env["res.company"].create({"name": "Other garage"})
        self.user_manager.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        self.assertFalse(self._get_proposals())
