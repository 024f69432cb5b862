from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import MONDAY, TZ, BookingCommon

MODELS = ("auto.service.bay", "auto.service.equipment", "auto.service.courtesy.car")


@tagged("post_install", "-at_install")
class TestResource(BookingCommon):
    """Managers set up what is planned; others look at it."""

    def test_manager_makes_what_is_planned(self):
        roles = ("bay", "equipment", "courtesy_car")
        for model, role in zip(MODELS, roles, strict=True):
            with self.subTest(model=model):
                kind = self._create_kind(name=f"Kind {role}", role=role)
                record = self.env[model].with_user(self.user_manager)
                record = record.create({"name": "One", "kind_id": kind.id})
                self.assertRecordValues(
                    record.resource_id,
                    [
                        {
                            "name": "One",
                            "auto_service_role": role,
                            "auto_service_kind_id": kind.id,
                            "resource_type": "material",
                            "tz": TZ,
                            "calendar_id": False,
                            "company_id": self.env.company.id,
                        }
                    ],
                )

    def test_manager_changes_what_is_planned(self):
        bay = self._create_bay().with_user(self.user_manager)
        bay.write(
            {
                "name": "Lift by the door",
                "sequence": 3,
                "color": 5,
                "uses_shifts": True,
                "resource_calendar_id": self.calendar.id,
            }
        )
        self.assertRecordValues(
            bay.resource_id,
            [
                {
                    "name": "Lift by the door",
                    "auto_service_sequence": 3,
                    "auto_service_color": 5,
                    "auto_service_uses_shifts": True,
                    "calendar_id": self.calendar.id,
                }
            ],
        )

    def test_copy_of_a_bay_has_a_resource_of_its_own(self):
        bay = self._create_bay(name="Lift").with_user(self.user_manager)
        copy = bay.copy()
        self.assertEqual(copy.name, "Lift (copy)")
        self.assertNotEqual(copy.resource_id, bay.resource_id)
        self.assertRecordValues(
            copy.resource_id,
            [
                {
                    "name": "Lift (copy)",
                    "auto_service_role": "bay",
                    "auto_service_kind_id": self.kind_lift.id,
                }
            ],
        )

    def test_resource_goes_with_its_bay(self):
        bay = self._create_bay().with_user(self.user_manager)
        resource = bay.resource_id
        bay.unlink()
        self.assertFalse(resource.exists())

    def test_time_off_of_a_deleted_bay_does_not_close_the_garage(self):
        bay = self._create_bay()
        leave = self.env["resource.calendar.leaves"].create(
            {
                "resource_id": bay.resource_id.id,
                "date_from": self._utc("2026-03-02 00:00"),
                "date_to": self._utc("2026-03-03 00:00"),
            }
        )
        bay.with_user(self.user_manager).unlink()
        self.assertFalse(leave.exists())

    def test_used_bay_is_not_deleted(self):
        bay = self._create_bay()
        self._allocate(bay, "2026-03-02 09:00", "2026-03-02 10:00")
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            bay.with_user(self.user_manager).unlink()
        self.assertTrue(bay.exists())

    @freeze_time(MONDAY)
    def test_bay_with_work_ahead_is_not_archived(self):
        bay = self._create_bay(name="Lift 7")
        self._allocate(bay, "2026-03-03 09:00", "2026-03-03 10:00")
        with self.assertRaisesRegex(UserError, "Lift 7: work is planned from .*9:00"):
            bay.with_user(self.user_manager).action_archive()

    @freeze_time(MONDAY)
    def test_archived_bay_keeps_its_past(self):
        bay = self._create_bay()
        past = self._allocate(bay, "2026-02-03 09:00", "2026-02-03 10:00")
        bay.with_user(self.user_manager).action_archive()
        self.assertFalse(bay.resource_id.active)
        self.assertEqual(past.role, "bay")

    def test_others_only_look(self):
        bay = self._create_bay()
        technician = self._create_technician()
        for user in (self.user_technician, self.user_parts, self.user_advisor):
            for record in (bay.with_user(user), technician.with_user(user)):
                with self.subTest(user=user.login, model=record._name):
                    self.assertTrue(record.read(["name", "color", "is_away"]))
                    with self.assertRaises(AccessError):
                        record.write({"color": 2})
                    with self.assertRaises(AccessError):
                        record.unlink()
            with self.assertRaises(AccessError):
                self.env["auto.service.bay"].with_user(user).create({"name": "Mine"})

    def test_manager_takes_no_resource_of_somebody_else(self):
        employee = self._create_employee(name="Accountant")
        bay = self.env["auto.service.bay"].with_user(self.user_manager)
        bay = bay.create({"name": "Bay", "resource_id": employee.resource_id.id})
        self.assertNotEqual(bay.resource_id, employee.resource_id)
        bay.write({"resource_id": employee.resource_id.id, "name": "New name"})
        self.assertNotEqual(bay.resource_id, employee.resource_id)
        self.assertEqual(employee.resource_id.name, "Accountant")

    def test_other_branch_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Other branch"})
        bay = self._create_bay(company_id=other.id)
        self.assertEqual(bay.resource_id.company_id, other)
        bays = self.env["auto.service.bay"].with_user(self.user_manager)
        self.assertNotIn(bay, bays.search([("id", ">", 0)]))
        with self.assertRaises(AccessError):
            bays.create({"name": "Bay", "company_id": other.id})
        own = self._create_bay().with_user(self.user_manager)
        with self.assertRaises(AccessError):
            own.company_id = other

    # Technicians ----------------------------------------------------------------

    def test_technician_is_the_employee(self):
        employee = self._create_employee(name="Jaan Kask")
        skill = self.env["auto.service.skill"].create({"name": "Skill of the test"})
        technician = self.env["auto.service.technician"].with_user(self.user_manager)
        technician = technician.create(
            {
                "employee_id": employee.id,
                "skill_level": "master",
                "skill_ids": [Command.link(skill.id)],
                "sequence": 4,
            }
        )
        self.assertEqual(technician.resource_id, employee.resource_id)
        self.assertRecordValues(
            employee.resource_id,
            [
                {
                    "auto_service_role": "technician",
                    "auto_service_skill_level": "master",
                    "auto_service_skill_ids": skill.ids,
                    "auto_service_sequence": 4,
                }
            ],
        )

    def test_manager_sets_the_hours_of_a_technician(self):
        technician = self._create_technician().with_user(self.user_manager)
        hours = self._create_calendar(name="Early")
        technician.resource_calendar_id = hours
        self.assertEqual(technician.sudo().employee_id.resource_calendar_id, hours)

    def test_archived_technician_is_not_planned_and_stays_an_employee(self):
        technician = self._create_technician().with_user(self.user_manager)
        technician.action_archive()
        self.assertFalse(technician.resource_id.auto_service_role)
        self.assertTrue(technician.sudo().employee_id.active)
        technician.action_unarchive()
        self.assertEqual(technician.resource_id.auto_service_role, "technician")

    @freeze_time(MONDAY)
    def test_past_of_an_archived_technician_stays(self):
        technician = self._create_technician()
        past = self._allocate(technician, "2026-02-03 09:00", "2026-02-03 10:00")
        technician.with_user(self.user_manager).action_archive()
        self.assertEqual(past.role, "technician")

    @freeze_time(MONDAY)
    def test_technician_with_work_ahead_stays(self):
        technician = self._create_technician(name="Oleg")
        self._allocate(technician, "2026-03-03 09:00", "2026-03-03 10:00")
        technician = technician.with_user(self.user_manager)
        for method in (technician.action_archive, technician.unlink):
            with self.assertRaisesRegex(UserError, "Oleg: work is planned"):
                method()

    def test_deleted_technician_leaves_the_employee(self):
        technician = self._create_technician().with_user(self.user_manager)
        employee = technician.sudo().employee_id
        technician.unlink()
        self.assertTrue(employee.exists())
        self.assertFalse(employee.resource_id.auto_service_role)

    def test_employee_is_on_the_board_once(self):
        technician = self._create_technician()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._create_technician(employee_id=technician.employee_id.id)

    # Working hours --------------------------------------------------------------

    def test_flexible_hours_are_refused(self):
        technician = self._create_technician()
        flexible = self._create_calendar(name="As you like", schedule_type="flexible")
        with self.assertRaisesRegex(ValidationError, "cannot plan “As you like”"):
            technician.with_user(self.user_manager).resource_calendar_id = flexible

    def test_used_hours_do_not_become_flexible(self):
        self._create_bay(resource_calendar_id=self.calendar.id)
        with self.assertRaisesRegex(ValidationError, "cannot plan “Hours of the test”"):
            self.calendar.schedule_type = "flexible"

    def test_other_hours_may_be_flexible(self):
        calendar = self._create_calendar(name="Office", schedule_type="flexible")
        self.assertTrue(calendar.flexible_hours)

    def test_manager_changes_working_hours(self):
        calendar = self._create_calendar(name="Early").with_user(self.user_manager)
        calendar.attendance_ids[0].hour_from = 7.0
        calendar.name = "Earlier"
        self.assertEqual(calendar.attendance_ids[0].hour_from, 7.0)
        with self.assertRaises(AccessError):
            calendar.with_user(self.user_advisor).write({"name": "Mine"})


@tagged("post_install", "-at_install")
class TestBoardSetup(BookingCommon):
    """From nothing to a board with rows in one step."""

    def _create_setup(self, **values):
        setup = self.env["auto.service.board.setup"].with_user(self.user_manager)
        return setup.create(values)

    def _search_lifts(self):
        domain = [("kind_id", "=", self.kind_lift.id)]
        return self.env["auto.service.bay"].search(domain)

    def test_technicians_are_proposed_and_advisors_are_not(self):
        employees = {
            role: self._create_employee(getattr(self, f"user_{role}"))
            for role in ("advisor", "manager")
        }
        extra = new_test_user(
            self.env,
            login="test_third",
            name="Third Technician",
            groups="auto_service_base.group_technician",
        )
        third = self._create_employee(extra)
        proposed = self._create_setup().employee_ids.ids
        self.assertIn(third.id, proposed)
        self.assertIn(self.technician.id, proposed)
        for employee in employees.values():
            self.assertNotIn(employee.id, proposed)

    def test_bays_and_technicians_are_made(self):
        setup = self._create_setup(
            employee_ids=[Command.set(self.technician.ids)],
            line_ids=[Command.create({"kind_id": self.kind_lift.id, "count": 2})],
        )
        setup.action_apply()
        bays = self._search_lifts()
        self.assertEqual(
            sorted(bays.mapped("name")), ["Lift of the test 1", "Lift of the test 2"]
        )
        self.assertEqual(self.technician.resource_id.auto_service_role, "technician")

    def test_second_time_adds_and_does_not_repeat(self):
        values = {"kind_id": self.kind_lift.id, "count": 1}
        for _time in range(2):
            self._create_setup(
                employee_ids=[Command.set(self.technician.ids)],
                line_ids=[Command.create(values)],
            ).action_apply()
        bays = self._search_lifts()
        self.assertEqual(
            sorted(bays.mapped("name")), ["Lift of the test", "Lift of the test 2"]
        )
        technicians = self.env["auto.service.technician"]
        domain = [("employee_id", "=", self.technician.id)]
        self.assertEqual(technicians.search_count(domain), 1)

    def test_archived_technician_comes_back(self):
        technician = self._create_technician(employee_id=self.technician.id)
        technician.action_archive()
        self._create_setup(
            employee_ids=[Command.set(self.technician.ids)], line_ids=[]
        ).action_apply()
        self.assertTrue(technician.active)

    def test_opening_hours_are_set(self):
        hours = self._create_calendar(name="Customers")
        self._create_setup(
            opening_calendar_id=hours.id, employee_ids=[], line_ids=[]
        ).action_apply()
        self.assertEqual(self.env.company.auto_service_opening_calendar_id, hours)

    def test_advisor_does_not_set_up(self):
        with self.assertRaises(AccessError):
            self.env["auto.service.board.setup"].with_user(self.user_advisor).create({})
