from odoo.tests import HttpCase, tagged

from .common import BookingCommon


@tagged("post_install", "-at_install")
class TestShiftTour(BookingCommon, HttpCase):
    """A dispatcher fills the grid of shifts in the real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        templates = cls.env["auto.service.shift.template"]
        templates.search([("id", ">", 0)]).active = False
        templates.create(
            [
                {
                    "name": "Tour day",
                    "code": "T",
                    "hour_from": 8,
                    "hour_to": 17,
                    "break_from": 12,
                    "break_to": 13,
                },
                {"name": "Tour night", "code": "X", "hour_from": 22, "hour_to": 6},
            ]
        )
        cls.toomas = cls._create_technician(
            name="Tour Toomas", uses_shifts=True, sequence=1
        )
        cls.jaan = cls._create_technician(
            name="Tour Jaan", uses_shifts=True, sequence=2
        )

    def test_painting_undo_keyboard_and_rule(self):
        self.start_tour("/odoo/shifts", "auto_service_shift_grid", login="test_advisor")
        shifts = self.env["auto.service.shift"].search(
            [("resource_id", "in", (self.toomas | self.jaan).resource_id.ids)]
        )
        by_person = shifts.grouped("resource_id")
        counts = {person.name: len(found) for person, found in by_person.items()}
        # Three months of five days on, two off, from the first day that was shown.
        self.assertEqual(counts["Tour Toomas"], counts["Tour Jaan"])
        self.assertGreater(counts["Tour Toomas"], 60)
        self.assertEqual(set(shifts.template_id.mapped("name")), {"Tour day"})
