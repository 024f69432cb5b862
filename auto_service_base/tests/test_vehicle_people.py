from datetime import date

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import AutoServiceCommon

MARCH = "2026-03-02 08:00:00"  # Monday
APRIL = "2026-04-20 08:00:00"  # Monday


@tagged("post_install", "-at_install")
class TestVehiclePeople(AutoServiceCommon):
    def test_new_owner_closes_the_former_ones_period(self):
        """A sale keeps the history: who, from when, until when."""
        seller = self._create_partner(name="Seller")
        buyer = self._create_partner(name="Buyer")
        with freeze_time(MARCH):
            vehicle = self._create_vehicle(owner_id=seller.id)
        with freeze_time(APRIL):
            vehicle.owner_id = buyer
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(vehicle.owner_id, buyer)
        self.assertRecordValues(
            vehicle.person_ids.sorted("id"),
            [
                {
                    "partner_id": seller.id,
                    "role": "owner",
                    "date_from": date(2026, 3, 2),
                    "date_to": date(2026, 4, 20),
                },
                {
                    "partner_id": buyer.id,
                    "role": "owner",
                    "date_from": date(2026, 4, 20),
                    "date_to": False,
                },
            ],
        )

    def test_writing_the_same_owner_again_adds_nothing(self):
        partner = self._create_partner()
        vehicle = self._create_vehicle(owner_id=partner.id)
        vehicle.owner_id = partner
        self.assertEqual(len(vehicle.person_ids), 1)

    def test_vehicle_without_owner_keeps_the_history(self):
        """Scrapped or sold to nobody knows whom."""
        partner = self._create_partner()
        vehicle = self._create_vehicle(owner_id=partner.id)
        vehicle.owner_id = False
        self.env.flush_all()
        self.assertFalse(vehicle.owner_id)
        self.assertEqual(vehicle.person_ids.partner_id, partner)
        self.assertTrue(vehicle.person_ids.date_to)

    def test_owner_follows_the_people_of_the_vehicle(self):
        """Rows entered on the tab People count like the field."""
        partner = self._create_partner()
        vehicle = self._create_vehicle()
        vehicle.person_ids = [
            Command.create({"partner_id": partner.id, "role": "owner"})
        ]
        self.assertEqual(vehicle.owner_id, partner)
        vehicle.person_ids.date_to = date(2099, 1, 1)
        self.assertFalse(vehicle.owner_id)

    def test_payer_and_drivers_stand_beside_the_owner(self):
        owner, driver, leasing = (
            self._create_partner(name=name) for name in ("Owner", "Driver", "Leasing")
        )
        vehicle = self._create_vehicle(owner_id=owner.id, payer_id=leasing.id)
        vehicle.person_ids = [
            Command.create({"partner_id": driver.id, "role": "driver"}),
            Command.create({"partner_id": owner.id, "role": "driver"}),
        ]
        self.assertEqual(vehicle.owner_id, owner)
        self.assertEqual(vehicle.payer_id, leasing)
        self.assertFalse(vehicle.driver_id, "the fleet app's driver is left alone")

    def test_one_owner_at_a_time_is_guarded_in_the_database(self):
        vehicle = self._create_vehicle(owner_id=self._create_partner().id)
        values = {
            "vehicle_id": vehicle.id,
            "partner_id": self._create_partner(name="Second").id,
            "role": "owner",
        }
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["auto.service.vehicle.person"].create(values)

    def test_form_shows_owner_of_new_vehicle(self):
        """The advisor enters plate and owner in the form."""
        partner = self._create_partner()
        vehicles = self.env["fleet.vehicle"].with_user(self.user_advisor)
        view = "auto_service_base.auto_service_vehicle_view_form"
        context = {"default_is_customer_vehicle": True}
        with Form(vehicles.with_context(**context), view=view) as form:
            form.license_plate = "987 XYZ"
            form.owner_id = partner
        vehicle = form.record
        self.assertEqual(vehicle.owner_id, partner)
        self.assertEqual(vehicle.person_ids.role, "owner")
        self.assertEqual(vehicle.model_id, vehicle._get_unknown_model())

    def test_owner_of_many_vehicles_in_a_fixed_number_of_queries(self):
        partner = self._create_partner()
        vehicles = self.env["fleet.vehicle"].create(
            [
                {"license_plate": f"T {i}", "is_customer_vehicle": True}
                for i in range(30)
            ]
        )
        self.env.flush_all()
        with self.assertQueryCount(__system__=12):
            vehicles.owner_id = partner
            self.env.flush_all()
