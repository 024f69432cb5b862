from freezegun import freeze_time

from .common import MONDAY, BookingCommon

EARLY = f"{MONDAY} 05:00:00"  # Monday, seven o'clock in Tallinn


class ReplanCommon(BookingCommon):
    """Two bays, two technicians, and bookings that have a time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bay = cls._create_bay()
        cls.bay_2 = cls._create_bay(name="Bay 2", sequence=20)
        cls.toomas = cls._create_technician()
        cls.jaan = cls._create_technician(name="Jaan Kask", sequence=20)
        cls.company = cls.env.company
        cls._put_aside_queues()

    @classmethod
    def _put_aside_queues(cls):
        """What waits in the database is no business of the test."""
        rows = cls.env["auto.service.allocation"]
        rows.search([("replan_reason", "!=", False)])._clear_replan()
        bookings = cls.env["auto.service.booking"]
        bookings.search(bookings._get_waiting_domain(cls.company)).write(
            {"state": "requested", "is_waitlisted": False}
        )
        cls.env["auto.service.freed"].search([("id", ">", 0)]).unlink()

    @classmethod
    def _book(cls, start, technician=None, bay=None, **values):
        """Booking with a time of its own.

        :param str start: local time; its services follow one another
        :return: auto.service.booking record
        """
        booking = cls._create_booking(**values)
        technician, bay = technician or cls.toomas, bay or cls.bay
        offer = booking._find_offers(
            start=cls._utc(start),
            resource_ids=[technician.resource_id.id, bay.resource_id.id],
            step_minutes=15,
            limit=1,
        )["offers"][0]
        assert offer["start"] == cls._utc(start), offer
        booking._book_offer(offer)
        return booking

    @classmethod
    def _leave(cls, record, start, stop):
        """Time off of a technician, or time a bay is out of order.

        :return: resource.calendar.leaves record
        """
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Time off of the test",
                "resource_id": record.resource_id.id,
                "date_from": cls._utc(start),
                "date_to": cls._utc(stop),
            }
        )

    @classmethod
    def _live(cls, booking):
        """What the booking keeps, as (name of the resource, local start)."""
        rows = booking.allocation_ids.filtered(
            lambda row: row.state not in ("cancelled", "done")
        )
        return rows.sorted(lambda row: (row.start, row.role, row.id))

    def _assert_kept(self, booking, start, *names):
        rows = self._live(booking)
        self.assertEqual(set(rows.mapped("start")), {self._utc(start)})
        self.assertEqual(set(rows.resource_id.mapped("name")), set(names))

    def _run_cron(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"auto_service_booking.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _replan(self, rows, **values):
        """The dialog of the replan queue for the rows.

        :return: auto.service.replan.apply record
        """
        action = self.env["auto.service.replan.apply"]._open(rows, **values)
        return self.env["auto.service.replan.apply"].browse(action["res_id"])


def at(moment):
    """Freeze the time at a local hour of the Monday of the tests: ``at("09:30")``."""
    return freeze_time(BookingCommon._utc(f"{MONDAY} {moment}"))
