from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import AutoServiceCommon

MONDAY = "2026-03-02 08:00:00"


@tagged("post_install", "-at_install")
class TestVehicleOdometer(AutoServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle = cls._create_vehicle()

    def _record(self, value, day, **options):
        return self.vehicle._record_odometer(value, date=day, **options)

    def test_latest_reading_by_date_counts_not_the_highest(self):
        """A replaced instrument cluster starts again at zero."""
        self._record(180000, date(2026, 1, 10))
        self._record(120, date(2026, 2, 10), source="New cluster")
        self.assertEqual(self.vehicle.last_odometer, 120)
        self.assertEqual(self.vehicle.last_odometer_date, date(2026, 2, 10))

    def test_reading_entered_late_does_not_overtake(self):
        self._record(50000, date(2026, 2, 10))
        self._record(40000, date(2026, 1, 10))
        self.assertEqual(self.vehicle.last_odometer, 50000)

    def test_lower_reading_is_recorded_and_marked(self):
        """The desk goes on; the history shows the oddity."""
        self._record(50000, date(2026, 1, 10))
        lower = self._record(5100, date(2026, 2, 10))
        self.assertTrue(lower.is_lower)
        self.assertEqual(self.vehicle.last_odometer, 5100)

    def test_correction_takes_wrong_higher_readings_out(self):
        """500000 was a typing error for 50000."""
        typo = self._record(500000, date(2026, 1, 10))
        right = self._record(50010, date(2026, 2, 10), correction=True)
        self.assertTrue(typo.is_ignored)
        self.assertFalse(right.is_lower)
        self.assertEqual(self.vehicle.last_odometer, 50010)

    def test_typing_error_is_corrected_in_the_history(self):
        """The row is edited; the chatter keeps the former value."""
        reading = self._record(500000, date(2026, 1, 10))
        reading.with_user(self.user_advisor).value = 50000
        self.assertEqual(self.vehicle.last_odometer, 50000)
        self.assertIn("500000", self.vehicle.message_ids[0].body)
        self.assertIn("50000", self.vehicle.message_ids[0].body)

    def test_ignored_reading_counts_nowhere(self):
        self._record(50000, date(2026, 1, 10))
        wrong = self._record(999999, date(2026, 2, 10))
        wrong.is_ignored = True
        self.assertEqual(self.vehicle.last_odometer, 50000)

    @freeze_time(MONDAY)
    def test_writing_the_value_on_the_vehicle_adds_a_reading(self):
        self.vehicle.with_user(self.user_advisor).last_odometer = 77000
        self.env.flush_all()
        self.assertRecordValues(
            self.vehicle.odometer_log_ids,
            [{"value": 77000, "date": date(2026, 3, 2)}],
        )
        self.assertEqual(self.vehicle.last_odometer, 77000)

    def test_hosts_field_takes_a_lower_value_for_a_customers_car(self):
        """The host refuses it: "cannot be lower than the previous one"."""
        self._record(50000, date(2026, 1, 10))
        self.vehicle.odometer = 49000
        self.env.flush_all()
        self.assertEqual(self.vehicle.last_odometer, 49000)
        self.assertEqual(self.vehicle.odometer, 49000)

    def test_nonsense_is_refused_with_the_vehicles_name(self):
        for value in (0, -5):
            with (
                self.subTest(value=value),
                self.assertRaisesRegex(ValidationError, "123 ABC"),
            ):
                self.vehicle._record_odometer(value)

    def test_list_of_vehicles_reads_odometers_without_a_query_each(self):
        vehicles = self.vehicle.create(
            [
                {"license_plate": f"Q {i}", "is_customer_vehicle": True}
                for i in range(40)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            vehicles.mapped("odometer")
