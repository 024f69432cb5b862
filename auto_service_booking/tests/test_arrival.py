from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MONDAY, BookingCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")
class TestArrival(BookingCommon):
    """The booking becomes the work order, and both follow the work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.auto_service_require_authorisation = False
        cls.bay = cls._create_bay()
        cls.toomas = cls._create_technician(employee_id=cls.technician.id)
        cls.operation = cls._create_operation(booking_hours=1.5)
        cls.package = cls.env["auto.service.package"].create(
            {
                "name": "Oil service",
                "company_id": cls.env.company.id,
                "line_ids": [
                    (0, 0, {"operation_id": cls.operation.id}),
                    (0, 0, {"product_id": cls.part.id, "quantity": 2.0}),
                ],
            }
        )

    def _book(self, **values):
        booking = self._create_booking(**values).with_user(self.user_advisor)
        booking.book_time(str(self._utc("2026-03-02 09:00")))
        return booking

    def _arrive(self, booking, at="2026-03-02 07:00:00"):
        with freeze_time(at):
            booking.action_arrive()
        return booking.order_id

    def test_hours_come_from_the_catalogue(self):
        """Booking hours go before book hours; a package is the sum of its work."""
        booking = self._create_booking(
            lines=[{"operation_id": self.operation.id}, {"package_id": self.package.id}]
        )
        self.assertEqual(booking.line_ids.mapped("hours"), [1.5, 1.5])
        self.operation.booking_hours = 0.0
        other = self._create_booking(
            vehicle_id=False, lines=[{"operation_id": self.operation.id}]
        )
        self.assertEqual(other.line_ids.hours, 2.0)

    def test_arrival_makes_jobs_with_their_work(self):
        booking = self._book(
            lines=[
                {"package_id": self.package.id},
                {"operation_id": self.operation.id, "hours": 1.0},
                {"name": "Noise at the front", "hours": 0.5},
            ],
            note="It howls above 90",
            is_waiter=True,
        )
        order = self._arrive(booking)
        self.assertEqual(booking.state, "arrived")
        self.assertEqual(order.vehicle_id, booking.vehicle_id)
        self.assertEqual(order.complaint, "It howls above 90")
        self.assertEqual(order.promised_at, booking.stop)
        self.assertTrue(order.is_waiter)
        self.assertEqual(order.step, "received")
        jobs = booking.line_ids.job_id
        self.assertEqual(
            jobs.mapped("name"),
            ["Oil service", "Replace brake discs", "Noise at the front"],
        )
        self.assertEqual(jobs[0].package_id, self.package)
        self.assertEqual(jobs[0].line_ids.product_id, self.part | self.labour)
        self.assertEqual(jobs[1].line_ids.operation_id, self.operation)
        self.assertEqual(jobs.technician_id, self.technician)
        self.assertEqual(booking.allocation_ids.order_id, order)
        self.assertEqual(jobs[0].planned_start, booking.start)

    def test_arrival_joins_the_open_visit(self):
        booking = self._book(note="Wipers")
        visit = self._create_order(vehicle_id=booking.vehicle_id.id, complaint="Oil")
        self.assertEqual(self._arrive(booking), visit)
        self.assertEqual(visit.complaint, "Oil\nWipers")
        self.assertEqual(len(visit.job_ids), 1)

    def test_arrival_needs_a_vehicle(self):
        booking = self._book(vehicle_id=False)
        with self.assertRaisesRegex(UserError, "plate"):
            booking.action_arrive()

    def test_arriving_twice_makes_one_order(self):
        booking = self._book()
        order = self._arrive(booking)
        booking.action_arrive()
        self.assertEqual(booking.order_id, order)
        self.assertEqual(len(order.job_ids), 1)

    def test_board_follows_the_clock(self):
        """Begun, finished early: what is left of the time is free again."""
        booking = self._book(lines=[{"name": "Timing belt", "hours": 2.0}])
        order = self._arrive(booking)
        job = order.job_ids.with_user(self.user_technician)
        with freeze_time("2026-03-02 07:05:00"):
            job.action_start()
        self.assertEqual(booking.state, "in_work")
        self.assertEqual(set(booking.allocation_ids.mapped("state")), {"started"})
        with freeze_time("2026-03-02 08:20:00"):
            job.action_finish()
        self.assertEqual(booking.state, "done")
        self.assertEqual(set(booking.allocation_ids.mapped("state")), {"done"})
        self.assertEqual(booking.stop, self._utc("2026-03-02 10:30"))
        order.job_ids.with_user(self.user_advisor).action_reopen()
        self.assertEqual(booking.state, "in_work")

    def test_cancelled_job_frees_its_time(self):
        booking = self._book()
        order = self._arrive(booking, at="2026-03-02 06:00:00")
        with freeze_time("2026-03-02 06:10:00"):
            order.job_ids.with_user(self.user_advisor).action_cancel()
        self.assertEqual(set(booking.allocation_ids.mapped("state")), {"cancelled"})
        self.assertEqual(booking.state, "done")

    def test_other_technician_on_the_board_gets_the_job(self):
        anna = self._create_technician(name="Anna Kuusk")
        booking = self._book()
        order = self._arrive(booking)
        row = booking.allocation_ids.filtered(lambda row: row.role == "technician")
        row.with_user(self.user_advisor)._move_block(resource=anna.resource_id)
        self.assertEqual(order.job_ids.technician_id, anna.employee_id)
        self.assertEqual(booking.log_ids.sorted("id")[-1].what, "resource")

    def test_jobs_without_booking_are_planned(self):
        order = self._create_order().with_user(self.user_advisor)
        self._add_job(order.sudo(), hours=2.0)
        self.assertTrue(order.has_jobs_without_time)
        offers = order.get_time_offers()
        self.assertEqual(offers["hours"], 2.0)
        order.book_time(offers["days"][0]["offers"][0]["start"])
        job = order.job_ids
        self.assertEqual(job.planned_start, self._utc("2026-03-02 08:00"))
        self.assertEqual(job.hours_planned, 2.0)
        self.assertEqual(job.technician_id, self.technician)
        self.assertFalse(order.has_jobs_without_time)
        with self.assertRaisesRegex(UserError, "on the board already"):
            order.get_time_offers()

    def test_cancelled_visit_leaves_the_board(self):
        booking = self._book()
        order = self._arrive(booking, at="2026-03-02 06:00:00")
        with freeze_time("2026-03-02 06:30:00"):
            order._cancel(self.reason_cancel)
        self.assertEqual(set(booking.allocation_ids.mapped("state")), {"cancelled"})
        self.assertEqual(booking.state, "done")
