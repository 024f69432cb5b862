from odoo.addons.auto_service_booking.tests.common import MONDAY, BookingCommon

TUESDAY = "2026-03-03"


class PartsBookingCommon(BookingCommon):
    """A lift, a technician, and an approved job with a part that comes or does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bay = cls._create_bay(name="Lift 1")
        cls.ann = cls._create_technician(name="Ann")
        cls.order = cls._create_order()
        cls.job = cls._add_job(cls.order, hours=2.0)
        cls.line = cls.job.line_ids.filtered(lambda line: line.kind == "part")
        cls._approve(cls.order)

    @classmethod
    def _set_part(cls, state, eta=None, line=None):
        """Where the part is; ``eta`` is local time of the garage as text."""
        line = line or cls.line
        line.write({"part_state": state, "part_eta": eta and cls._utc(eta)})


__all__ = ["MONDAY", "TUESDAY", "PartsBookingCommon"]
