from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import AutoServiceCommon


@tagged("post_install", "-at_install")
class TestVehicleDuplicate(AutoServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_partner(name="Seller")
        cls.buyer = cls._create_partner(name="Buyer")
        cls.vehicle = cls._create_vehicle(owner_id=cls.buyer.id)
        cls.twin = cls._create_vehicle(
            license_plate="123-авс",  # Cyrillic
            owner_id=cls.seller.id,
            vin_sn="WVWZZZ1KZ6W123987",
            engine_code="BKC",
        )

    def _merge(self, **values):
        """Merge the twin into the vehicle, as the advisor does it."""
        wizard = (
            self.env["auto.service.vehicle.merge"]
            .with_user(self.user_advisor)
            .create(
                {
                    "vehicle_ids": (self.vehicle | self.twin).ids,
                    "target_id": self.vehicle.id,
                    **values,
                }
            )
        )
        return wizard.action_merge()

    def test_same_plate_is_announced_on_both(self):
        self.assertEqual(self.vehicle.duplicate_ids, self.twin)
        self.assertEqual(self.twin.duplicate_ids, self.vehicle)
        self.assertIn("Already registered: 123-авс", self.vehicle.duplicate_hint)

    def test_same_vin_is_announced(self):
        other = self._create_vehicle(
            license_plate="1", vin_sn="wvwzzz-1kz6w123987", model_id=False
        )
        self.assertEqual(other.duplicate_ids, self.twin)

    def test_archived_and_company_vehicles_are_no_duplicates(self):
        self.twin.active = False
        self.env["fleet.vehicle"].create(
            {"license_plate": "123 ABC", "model_id": self.vehicle_model.id}
        )
        self.vehicle.invalidate_recordset()
        self.assertFalse(self.vehicle.duplicate_hint)

    def test_warning_comes_up_while_the_plate_is_typed(self):
        vehicles = self.env["fleet.vehicle"].with_user(self.user_advisor)
        view = "auto_service_base.auto_service_vehicle_view_form"
        with Form(
            vehicles.with_context(default_is_customer_vehicle=True), view=view
        ) as form:
            form.license_plate = "123abc"
            self.assertIn("Already registered", form.duplicate_hint)

    def test_merge_moves_everything_and_archives_the_other(self):
        """People, readings, messages, files, activities, tags, unknown references."""
        self.twin._record_odometer(90000, date="2026-01-10")
        self.vehicle._record_odometer(80000, date="2025-01-10")
        message = self.twin.message_post(body="Rattles when cold")
        attachment = self.env["ir.attachment"].create(
            {"name": "photo.txt", "res_model": "fleet.vehicle", "res_id": self.twin.id}
        )
        activity = self.twin.activity_schedule("mail.mail_activity_data_todo")
        tag = self.env["fleet.vehicle.tag"].create({"name": "Test VIP"})
        self.twin.tag_ids = [Command.link(tag.id)]
        action = self._merge()
        self.env.invalidate_all()
        self.assertEqual(action["res_id"], self.vehicle.id)
        self.assertFalse(self.twin.active)
        self.assertTrue(self.vehicle.active)
        self.assertRecordValues(
            self.vehicle,
            [
                {
                    "owner_id": self.buyer.id,
                    "vin_normalized": "WVWZZZ1KZ6W123987",
                    "engine_code": "BKC",
                    "license_plate": "123 ABC",
                    "last_odometer": 90000,
                }
            ],
        )
        self.assertEqual(message.res_id, self.vehicle.id)
        self.assertEqual(attachment.res_id, self.vehicle.id)
        self.assertEqual(activity.res_id, self.vehicle.id)
        self.assertEqual(self.vehicle.tag_ids, tag)
        self.assertFalse(self.twin.odometer_log_ids or self.twin.person_ids)
        former = self.vehicle.person_ids.filtered("date_to")
        self.assertEqual(former.partner_id, self.seller)
        self.assertIn("123-авс", self.vehicle.message_ids[0].body)
        self.assertIn("Merged into", self.twin.message_ids[0].body)

    def test_merge_gives_an_ownerless_vehicle_the_owner(self):
        self.vehicle.owner_id = False
        self._merge()
        self.env.invalidate_all()
        self.assertEqual(self.vehicle.owner_id, self.seller)

    def test_merge_moves_visits_and_their_copies_of_the_plate(self):
        order = self.env["auto.service.order"].create(
            {"vehicle_id": self.twin.id, "partner_id": self.seller.id}
        )
        self.env.flush_all()
        self._merge()
        self.env.invalidate_all()
        self.assertEqual(order.vehicle_id, self.vehicle)
        self.assertEqual(order.license_plate, "123 ABC")

    def test_external_id_of_an_import_follows(self):
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "old_system_17",
                "model": "fleet.vehicle",
                "res_id": self.twin.id,
            }
        )
        self._merge()
        self.env.registry.clear_cache()
        self.assertEqual(self.env.ref("__import__.old_system_17"), self.vehicle)

    def test_merge_of_one_vehicle_or_a_foreign_target_is_refused(self):
        with self.assertRaisesRegex(UserError, "at least two"):
            self._merge(vehicle_ids=self.vehicle.ids)
        with self.assertRaisesRegex(UserError, "not among the vehicles"):
            self._merge(target_id=self._create_vehicle(license_plate="9").id)

    def test_company_vehicle_is_never_merged(self):
        company_car = self.env["fleet.vehicle"].create(
            {"license_plate": "123 ABC", "model_id": self.vehicle_model.id}
        )
        with self.assertRaisesRegex(UserError, "Only customers' vehicles"):
            company_car._merge_into(self.vehicle)

    def test_technician_and_parts_may_not_merge(self):
        for user in (self.user_technician, self.user_parts):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.twin.with_user(user)._merge_into(self.vehicle)

    def test_entry_with_most_visits_is_offered_to_stay(self):
        """From the banner of either entry; lines can be taken off before merging."""
        self.env["auto.service.order"].create(
            {"vehicle_id": self.twin.id, "partner_id": self.seller.id}
        )
        self.env.flush_all()
        action = self.vehicle.with_user(self.user_advisor).action_merge_duplicates()
        wizard = self.env["auto.service.vehicle.merge"].browse(action["res_id"])
        self.assertEqual(wizard.target_id, self.twin)
        self.assertEqual(wizard.vehicle_ids, self.vehicle | self.twin)
