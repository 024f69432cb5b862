from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import MONDAY, BookingCommon


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")
class TestBookingSight(BookingCommon):
    def _get_texts(self, booking, user=None):
        bookings = self.env["auto.service.booking"].with_user(user or self.user_advisor)
        notes = bookings.get_sight(
            booking.partner_id.id, booking.vehicle_id.id, booking.id
        )
        return [note["text"] for note in notes]

    def test_nothing_to_say(self):
        self.assertEqual(self._get_texts(self._create_booking()), [])

    def test_conflict_debt_and_missed_times(self):
        booking = self._create_booking()
        partner = booking.partner_id
        partner.write({"has_conflict": True, "conflict_note": "Scratched door"})
        missed = self._create_booking(partner_id=partner.id, vehicle_id=False)
        missed.state = "no_show"
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": date(2026, 1, 5),
                "invoice_date_due": date(2026, 1, 20),
                "invoice_line_ids": [
                    (0, 0, {"product_id": self.part.id, "price_unit": 120.0})
                ],
            }
        )
        invoice.action_post()
        texts = self._get_texts(booking)
        self.assertEqual(texts[0], "Conflict: Scratched door")
        self.assertIn("120.00", texts[1])
        self.assertIn("overdue", texts[1])
        self.assertEqual(texts[2], "did not come before: 1")
        seen = " ".join(self._get_texts(booking, self.user_technician))
        self.assertNotIn("120", seen)

    def test_recommended_work_is_added_and_revived(self):
        self._create_bay()
        self._create_technician(employee_id=self.technician.id)
        booking = self._create_booking()
        recommendation = self.env["auto.service.recommendation"].create(
            {
                "name": "Brake discs",
                "vehicle_id": booking.vehicle_id.id,
                "hours": 1.5,
            }
        )
        self.assertIn("Brake discs", self._get_texts(booking))
        booking = booking.with_user(self.user_advisor)
        booking.add_recommendation(recommendation.id)
        self.assertEqual(booking.line_ids[-1].hours, 1.5)
        booking.book_time(str(self._utc("2026-03-02 09:00")))
        booking.action_arrive()
        self.assertEqual(recommendation.state, "scheduled")
        self.assertEqual(recommendation.revived_job_id, booking.line_ids[-1].job_id)

    def test_other_bookings_and_visits(self):
        booking = self._create_booking()
        self._create_booking(
            partner_id=booking.partner_id.id, vehicle_id=booking.vehicle_id.id
        )
        self._create_order(vehicle_id=booking.vehicle_id.id)
        texts = self._get_texts(booking)
        self.assertTrue(texts[0].startswith("Booked already"))
        self.assertTrue(texts[1].startswith("In the garage"))
