from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_replan import EARLY, ReplanCommon, at

DAY = "2026-03-02"


@tagged("post_install", "-at_install")
@freeze_time(EARLY)
class TestReplanFlags(ReplanCommon):
    """What cannot be kept turns red, and white again."""

    def test_absence_flags_the_technician_only(self):
        booking = self._book("2026-03-02 09:00")
        other = self._book("2026-03-02 09:00", self.jaan, self.bay_2)
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        rows = booking.allocation_ids
        self.assertRecordValues(
            rows.sorted("role"),
            [
                {"role": "bay", "replan_reason": False},
                {"role": "technician", "replan_reason": "absent"},
            ],
        )
        self.assertTrue(booking.has_replan)
        self.assertFalse(other.has_replan)

    def test_absence_taken_back_clears_the_flag(self):
        booking = self._book("2026-03-02 09:00")
        leave = self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        leave.unlink()
        self.assertFalse(booking.has_replan)
        self.assertFalse(booking.allocation_ids.filtered("replan_since"))

    def test_absence_shortened_clears_the_flag(self):
        booking = self._book("2026-03-02 14:00")
        leave = self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        self.assertTrue(booking.has_replan)
        leave.date_to = self._utc("2026-03-02 13:00")
        self.assertFalse(booking.has_replan)

    def test_bay_out_of_order(self):
        booking = self._book("2026-03-02 09:00")
        self._leave(self.bay, "2026-03-02 07:00", "2026-03-02 18:00")
        queue = self.env["auto.service.replan"].search([])
        self.assertRecordValues(
            queue,
            [
                {
                    "booking_id": booking.id,
                    "reason": "broken",
                    "partner_id": booking.partner_id.id,
                    "license_plate": "123 ABC",
                    "resources": "Bay 1",
                    "work": "Oil service",
                }
            ],
        )

    def test_day_off_of_the_whole_branch(self):
        booking = self._book("2026-03-02 09:00")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": self._utc("2026-03-02 00:00"),
                "date_to": self._utc("2026-03-03 00:00"),
            }
        )
        reasons = booking.allocation_ids.mapped("replan_reason")
        self.assertEqual(set(reasons), {"absent", "broken"})

    def test_overtime_is_lost_by_an_absence_only(self):
        booking = self._create_booking()
        row = self._allocate(
            self.toomas,
            "2026-03-02 18:00",
            "2026-03-02 19:00",
            booking_id=booking.id,
            is_overtime=True,
        )
        row._flag_unavailable(self.toomas.resource_id.ids)
        self.assertFalse(row.replan_reason)
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 20:00")
        self.assertEqual(row.replan_reason, "absent")

    def test_training_is_nobody_to_be_told(self):
        row = self._allocate(
            self.toomas, "2026-03-02 09:00", "2026-03-02 10:00", name="Training"
        )
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        self.assertFalse(row.replan_reason)

    def test_one_row_of_the_queue_for_one_visit(self):
        """Four hours over lunch are two blocks and still one decision."""
        booking = self._book(
            "2026-03-02 10:00", lines=[{"name": "Clutch", "hours": 4.0}]
        )
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        self.assertEqual(len(booking.allocation_ids.filtered("replan_reason")), 2)
        queue = self.env["auto.service.replan"].search([])
        self.assertEqual(queue.booking_id, booking)
        self.assertEqual(queue.stop, self._utc("2026-03-02 15:00"))

    def test_order_that_waits_blocks_its_bay(self):
        booking = self._book("2026-03-02 09:00")
        booking.action_arrive()
        reason = self.env["auto.service.reason"].create(
            {"name": "Parts", "kind": "waiting"}
        )
        booking.order_id.waiting_reason_id = reason
        with at("11:30"):
            queue = self.env["auto.service.replan"].search([])
            self.assertRecordValues(queue, [{"reason": "blocked", "note": "Parts"}])
            self.assertAlmostEqual(queue.hours_waiting, 4.5)
        booking.order_id.waiting_reason_id = False
        self.assertFalse(self.env["auto.service.replan"].search([]))

    def test_keep_it_all_the_same(self):
        booking = self._book("2026-03-02 16:00")
        self._leave(self.toomas, "2026-03-02 16:30", "2026-03-02 18:00")
        self.env["auto.service.replan"].search([]).action_keep()
        self.assertFalse(booking.has_replan)
        self.env["auto.service.allocation"]._flag_unavailable(self.jaan.resource_id.ids)
        self.assertFalse(booking.has_replan)

    def test_take_off_the_board(self):
        booking = self._book("2026-03-02 09:00")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        self.env["auto.service.replan"].search([]).action_free()
        self.assertFalse(self._live(booking))
        self.assertIn("freed", booking.log_ids.mapped("what"))


@tagged("post_install", "-at_install")
@freeze_time(EARLY)
class TestReplanApply(ReplanCommon):
    """Proposals, and taking them all at once."""

    def _get_kinds(self, wizard):
        return [line.option_ids.mapped("kind") for line in wizard.line_ids]

    def test_same_time_with_somebody_else_comes_first(self):
        booking = self._book("2026-03-02 09:00")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        wizard = self._replan(booking.allocation_ids.filtered("replan_reason"))
        self.assertEqual(wizard.line_ids.kind, "same_time")
        self.assertEqual(
            wizard.line_ids.option_ids.mapped("kind"),
            ["same_time", "same_day", "later"],
        )
        wizard.action_apply()
        self._assert_kept(booking, "2026-03-02 09:00", "Bay 1", "Jaan Kask")
        self.assertFalse(booking.has_replan)
        log = booking.log_ids.filtered(lambda log: log.what == "replan")
        self.assertEqual(len(log), 1)
        self.assertIn("Toomas Mets", log.before)
        self.assertIn("Jaan Kask", log.after)
        self.assertEqual(log.note, "Technician absent")
        self.assertFalse(booking.activity_ids)  # nothing changes for the customer

    def test_same_day_later_then_other_days(self):
        """The colleague is busy until ten: an hour later, then the next days."""
        booking = self._book("2026-03-02 09:00")
        self._allocate(self.jaan, "2026-03-02 08:00", "2026-03-02 10:00", name="Call")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        wizard = self._replan(booking.allocation_ids.filtered("replan_reason"))
        self.assertRecordValues(
            wizard.line_ids.option_ids,
            [
                {"kind": "same_day", "is_late": True},
                {"kind": "later", "is_late": True},
                {"kind": "later", "is_late": True},
            ],
        )
        self.assertEqual(wizard.line_ids.warning, "Later than promised")
        wizard.action_apply()
        self._assert_kept(booking, "2026-03-02 10:00", "Bay 1", "Jaan Kask")

    def test_skills_are_respected(self):
        skill = self.env["auto.service.skill"].create({"name": "High voltage"})
        self.toomas.skill_ids = skill
        booking = self._book(
            "2026-03-02 09:00",
            lines=[
                {
                    "name": "Battery",
                    "hours": 1.0,
                    "skill_ids": [Command.set(skill.ids)],
                }
            ],
        )
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        wizard = self._replan(booking.allocation_ids.filtered("replan_reason"))
        self.assertEqual(wizard.line_ids.option_ids.mapped("kind"), ["later"] * 3)
        wizard.action_apply()
        self._assert_kept(booking, "2026-03-03 08:00", "Bay 1", "Toomas Mets")

    def test_customer_is_called_when_his_time_moves(self):
        booking = self._book("2026-03-02 09:00", advisor_id=self.user_advisor.id)
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        self._leave(self.jaan, "2026-03-02 07:00", "2026-03-02 18:00")
        wizard = self._replan(booking.allocation_ids.filtered("replan_reason"))
        action = wizard.action_apply()
        self.assertIn("1 customers to call", action["params"]["message"])
        activity = booking.activity_ids
        self.assertEqual(activity.user_id, self.user_advisor)
        self.assertIn("+372 5551 2345", activity.note)
        self.assertIn("Tue 3 Mar", activity.note)

    def test_proposals_of_one_day_do_not_collide(self):
        """Three bookings of the sick man; one colleague has two free hours."""
        hours = ("08:00", "09:00", "10:00")
        bookings = [self._book(f"{DAY} {hour}") for hour in hours]
        self._book(f"{DAY} 08:00", self.jaan, self.bay_2)
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        rows = self.env["auto.service.allocation"].search(
            [("replan_reason", "!=", False)]
        )
        wizard = self._replan(rows)
        self.assertEqual(
            wizard.line_ids.mapped("kind"), ["same_day", "same_time", "same_time"]
        )
        self.assertFalse(wizard.line_ids.filtered("warning") - wizard.line_ids[0])
        wizard.action_apply()
        self._assert_kept(bookings[0], "2026-03-02 11:00", "Bay 1", "Jaan Kask")
        self.assertFalse(self.env["auto.service.replan"].search([]))

    def test_who_waits_comes_first(self):
        first = self._book("2026-03-02 09:00")
        waiter = self._book("2026-03-02 10:00", is_waiter=True)
        rows = first.allocation_ids | waiter.allocation_ids
        units = [
            unit.booking_id
            for unit, _found in self.env["auto.service.planner"]._get_proposals(rows)
        ]
        self.assertEqual(units, [waiter, first])

    def test_all_or_nothing(self):
        first, second = self._book("2026-03-02 09:00"), self._book("2026-03-02 10:00")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        rows = (first | second).allocation_ids.filtered("replan_reason")
        wizard = self._replan(rows)
        self._allocate(self.jaan, "2026-03-02 10:15", "2026-03-02 10:30", name="Call")
        with self.assertRaisesRegex(ValidationError, "Jaan Kask is taken"):
            wizard.action_apply()
        self._assert_kept(first, "2026-03-02 09:00", "Bay 1", "Toomas Mets")

    def test_unticked_stays_in_the_queue(self):
        first, second = self._book("2026-03-02 09:00"), self._book("2026-03-02 10:00")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        rows = (first | second).allocation_ids.filtered("replan_reason")
        wizard = self._replan(rows)
        wizard.line_ids[0].is_chosen = False
        wizard.action_apply()
        self.assertTrue(first.has_replan)
        self.assertFalse(second.has_replan)

    def test_collision_of_chosen_proposals_is_shown(self):
        first, second = self._book("2026-03-02 09:00"), self._book("2026-03-02 10:00")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        rows = (first | second).allocation_ids.filtered("replan_reason")
        wizard = self._replan(rows)
        lines = wizard.line_ids
        offer = lines[1].option_ids[0].offer
        lines[0].option_id.offer = offer
        lines.invalidate_recordset(["warning"])
        self.assertIn("Takes the same time", lines[0].warning)

    def test_moved_meanwhile(self):
        booking = self._book("2026-03-02 09:00")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        wizard = self._replan(booking.allocation_ids.filtered("replan_reason"))
        technician = booking.allocation_ids.filtered("replan_reason")
        technician._move_block(resource=self.jaan.resource_id)
        with self.assertRaisesRegex(UserError, "123 ABC. Close the dialog"):
            wizard.action_apply()

    def test_day_of_eight_jobs_in_few_queries(self):
        """A dispatcher replans the day of a sick technician in two clicks."""
        hours = ("08:00", "09:00", "10:00", "11:00")
        hours += ("13:00", "14:00", "15:00", "16:00")
        for hour in hours:
            self._book(f"{DAY} {hour}")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        self.env.flush_all()
        self.env.invalidate_all()
        queue = self.env["auto.service.replan"].search([])
        with self.assertQueryCount(__system__=110):
            action = queue.action_replan()
            self.env.flush_all()
        wizard = self.env["auto.service.replan.apply"].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.mapped("kind"), ["same_time"] * 8)
        self.env.invalidate_all()
        with self.assertQueryCount(__system__=110):
            wizard.action_apply()
            self.env.flush_all()
        self.assertFalse(self.env["auto.service.replan"].search([]))

    def test_queue_reads_in_few_queries(self):
        for hour in ("08:00", "09:00", "10:00", "11:00"):
            self._book(f"{DAY} {hour}")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(__system__=16):
            rows = self.env["auto.service.replan"].search([])
            rows.mapped(lambda row: (row.work, row.resources, row.phone, row.since))

    def test_changed_meanwhile(self):
        booking = self._book("2026-03-02 09:00")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        wizard = self._replan(booking.allocation_ids.filtered("replan_reason"))
        booking._cancel()
        with self.assertRaisesRegex(UserError, "Somebody changed this meanwhile"):
            wizard.action_apply()

    def test_following_service_moves_along(self):
        """Alignment after the suspension: it cannot be done before it."""
        booking = self._book(
            "2026-03-02 09:00",
            lines=[
                {"name": "Suspension", "hours": 2.0, "sequence": 1},
                {"name": "Alignment", "hours": 1.0, "sequence": 2},
            ],
        )
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        self._leave(self.jaan, "2026-03-02 07:00", "2026-03-02 18:00")
        first = booking.line_ids[0].allocation_ids.filtered("replan_reason")
        wizard = self._replan(first)
        wizard.action_apply()
        self.assertEqual(booking.line_ids[0].start, self._utc("2026-03-03 08:00"))
        self.assertEqual(booking.line_ids[1].start, self._utc("2026-03-03 10:00"))

    def test_day_of_a_technician_from_the_board(self):
        """The absence need not be entered yet."""
        booking = self._book("2026-03-02 09:00")
        planner = self.env["auto.service.planner"].with_user(self.user_advisor)
        resource = self.toomas.resource_id
        rows = planner.replan_preview(resource.id, DAY)
        self.assertEqual(rows[0]["proposals"][0]["kind"], "same_time")
        told = planner.replan_apply(
            [{**row, "proposal": row["proposals"][0]} for row in rows]
        )
        self.assertEqual(told, [])
        self._assert_kept(booking, "2026-03-02 09:00", "Bay 1", "Jaan Kask")
        with self.assertRaisesRegex(UserError, "nothing planned"):
            planner.replan_action(resource.id, DAY)

    def test_reserve_may_be_used(self):
        self.company.auto_service_reserve_percent = 50
        booking = self._book("2026-03-03 09:00", hours=4.0)
        booking_2 = self._book("2026-03-03 13:00", self.toomas, self.bay, hours=4.0)
        self._leave(self.toomas, "2026-03-03 07:00", "2026-03-03 18:00")
        rows = (booking | booking_2).allocation_ids.filtered("replan_reason")
        self._replan(rows).action_apply()
        self._assert_kept(booking, "2026-03-03 09:00", "Bay 1", "Jaan Kask")

    def test_technicians_only_look(self):
        booking = self._book("2026-03-02 09:00")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        queue = self.env["auto.service.replan"].with_user(self.user_technician)
        row = queue.search([])
        self.assertEqual(row.booking_id, booking)
        for method in ("action_replan", "action_keep", "action_free"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(row, method)()

    def test_other_branch_sees_nothing(self):
        self._book("2026-03-02 09:00")
        self._leave(self.toomas, "2026-03-02 07:00", "2026-03-02 18:00")
        company = self.env["res.company"].create({"name": "Other garage"})
        user = self.user_manager
        user.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        queue = self.env["auto.service.replan"].with_user(user)
        self.assertFalse(queue.with_company(company).search([]))


@tagged("post_install", "-at_install")
class TestRollOver(ReplanCommon):
    """Work that is not done in its time, and customers who do not come."""

    def _arrive(self, booking):
        with at("08:55"):
            booking.action_arrive()
        return booking.order_id.job_ids

    def _book_early(self, *args, **values):
        with freeze_time(EARLY):
            return self._book(*args, **values)

    def test_unfinished_work_keeps_what_was_clocked(self):
        booking = self._book_early(
            "2026-03-02 09:00", lines=[{"name": "Gearbox", "hours": 3.0}]
        )
        job = self._arrive(booking)
        self.env["auto.service.clocking"].create(
            {
                "job_id": job.id,
                "technician_id": self.toomas.employee_id.id,
                "start": self._utc("2026-03-02 09:00"),
                "stop": self._utc("2026-03-02 11:00"),
            }
        )
        with at("12:10"):
            self._run_cron("ir_cron_roll_over")
            row = self.env["auto.service.replan"].search([])
            self.assertEqual(row.reason, "unfinished")
            self.assertEqual(row.order_id, booking.order_id)
            wizard = self._replan(booking.allocation_ids.filtered("replan_reason"))
            self.assertIn("13:00 – 14:00", wizard.line_ids.option_id.name)
            wizard.action_apply()
        rows = booking.allocation_ids.filtered(lambda row: row.role == "technician")
        self.assertRecordValues(
            rows.sorted("start"),
            [
                {"state": "done", "start": self._utc("2026-03-02 09:00")},
                {"state": "planned", "start": self._utc("2026-03-02 13:00")},
            ],
        )
        self.assertEqual(rows.job_id, job)

    def test_work_that_runs_on_is_not_asked_about_at_once(self):
        booking = self._book_early("2026-03-02 09:00")
        job = self._arrive(booking)
        self.env["auto.service.clocking"].create(
            {
                "job_id": job.id,
                "technician_id": self.toomas.employee_id.id,
                "start": self._utc("2026-03-02 09:00"),
            }
        )
        queue = self.env["auto.service.replan"]
        with at("10:20"):
            self._run_cron("ir_cron_roll_over")
            self.assertFalse(queue.search([]))
        with at("11:20"):
            self._run_cron("ir_cron_roll_over")
            self.assertEqual(queue.search([]).reason, "unfinished")

    def test_work_with_more_time_ahead_is_not_late(self):
        booking = self._book_early(
            "2026-03-02 10:00", lines=[{"name": "Clutch", "hours": 4.0}]
        )
        self._arrive(booking)
        with at("12:30"):
            self._run_cron("ir_cron_roll_over")
        self.assertFalse(booking.has_replan)

    def test_finished_work_leaves_the_queue(self):
        booking = self._book_early("2026-03-02 09:00")
        job = self._arrive(booking)
        with at("12:00"):
            self._run_cron("ir_cron_roll_over")
            self.assertTrue(booking.has_replan)
            job.sudo()._finish()
            self.assertFalse(self.env["auto.service.replan"].search([]))

    def test_customer_who_did_not_come(self):
        booking = self._book_early("2026-03-02 09:00")
        with at("09:20"):
            self._run_cron("ir_cron_roll_over")
            self.assertFalse(booking.has_replan)
        with at("09:40"):
            self._run_cron("ir_cron_roll_over")
            row = self.env["auto.service.replan"].search([])
            self.assertEqual(row.reason, "missed")
            row.action_missed()
        self.assertEqual(booking.state, "no_show")
        self.assertFalse(self.env["auto.service.replan"].search([]))

    def test_customer_who_came_late(self):
        booking = self._book_early("2026-03-02 09:00")
        with at("09:40"):
            self._run_cron("ir_cron_roll_over")
            row = self.env["auto.service.replan"].search([])
            row.with_user(self.user_advisor).action_arrived()
        self.assertEqual(booking.state, "arrived")
        self.assertFalse(booking.has_replan)
