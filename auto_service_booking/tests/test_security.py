from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import BookingCommon

OPERATIONS = ("read", "write", "create", "unlink")
NOTHING = "----"
LOOK = "r---"
ALL = "rwcu"
#: What the model's access rights allow, in the order of OPERATIONS.
RIGHTS = {
    # model: technician, parts, advisor, manager
    "auto.service.resource.kind": (LOOK, LOOK, LOOK, ALL),
    "auto.service.bay": (LOOK, LOOK, LOOK, ALL),
    "auto.service.equipment": (LOOK, LOOK, LOOK, ALL),
    "auto.service.courtesy.car": (LOOK, LOOK, LOOK, ALL),
    "auto.service.technician": (LOOK, LOOK, LOOK, ALL),
    "auto.service.shift.template": (LOOK, LOOK, LOOK, ALL),
    "auto.service.shift": (LOOK, LOOK, ALL, ALL),
    "auto.service.booking.type": (LOOK, LOOK, LOOK, ALL),
    "auto.service.booking": (LOOK, LOOK, ALL, ALL),
    "auto.service.booking.line": (LOOK, LOOK, ALL, ALL),
    "auto.service.booking.log": (LOOK, LOOK, LOOK, LOOK),
    "auto.service.booking.link": (NOTHING, NOTHING, LOOK, LOOK),
    "auto.service.link.hit": (NOTHING, NOTHING, NOTHING, NOTHING),
    "auto.service.allocation": (LOOK, LOOK, ALL, ALL),
    "auto.service.freed": (NOTHING, NOTHING, NOTHING, NOTHING),
    "auto.service.waitlist.offer": (LOOK, LOOK, LOOK, LOOK),
    "auto.service.replan": (LOOK, LOOK, LOOK, LOOK),
    "auto.service.replan.apply": (NOTHING, NOTHING, ALL, ALL),
    "auto.service.replan.apply.line": (NOTHING, NOTHING, ALL, ALL),
    "auto.service.replan.apply.option": (NOTHING, NOTHING, ALL, ALL),
    "auto.service.event.plan": (NOTHING, NOTHING, ALL, ALL),
    "auto.service.booking.cancel": (NOTHING, NOTHING, ALL, ALL),
    "auto.service.absence": (NOTHING, NOTHING, ALL, ALL),
    "auto.service.board.setup": (NOTHING, NOTHING, NOTHING, ALL),
    "auto.service.board.setup.line": (NOTHING, NOTHING, NOTHING, ALL),
    "auto.service.capacity": (NOTHING, NOTHING, NOTHING, LOOK),
    "auto.service.booking.report": (NOTHING, NOTHING, NOTHING, LOOK),
}
ROLES = ("technician", "parts", "advisor", "manager")


@tagged("post_install", "-at_install")
class TestSecurity(BookingCommon):
    """What each role may do with the planning, and what it never sees."""

    def _get_rights(self, model, user):
        records = self.env[model].with_user(user)
        return "".join(
            operation[0] if records.has_access(operation) else "-"
            for operation in OPERATIONS
        )

    def _get_own_models(self):
        """Names of the models that this addon brings."""
        domain = [
            ("module", "=", "auto_service_booking"),
            ("model", "=", "ir.model"),
            ("name", "=like", "model_auto_service_%"),
        ]
        data = self.env["ir.model.data"].search(domain)
        names = self.env["ir.model"].browse(data.mapped("res_id")).mapped("model")
        base = domain[1:] + [("module", "=", "auto_service_base")]
        of_base = self.env["ir.model.data"].search(base).mapped("res_id")
        of_base = set(self.env["ir.model"].browse(of_base).mapped("model"))
        return {
            name
            for name in names
            if name not in of_base and not self.env[name]._abstract
        }

    def test_rights_of_every_role_on_every_model(self):
        for model, expected in RIGHTS.items():
            for role, rights in zip(ROLES, expected, strict=True):
                with self.subTest(model=model, role=role):
                    user = getattr(self, f"user_{role}")
                    self.assertEqual(self._get_rights(model, user), rights)

    def test_table_of_rights_names_every_model_of_the_addon(self):
        self.assertFalse(self._get_own_models() - set(RIGHTS))

    def test_people_outside_the_garage_have_no_rights_in_it(self):
        strangers = [
            new_test_user(self.env, login=f"test_{group}", groups=group)
            for group in ("base.group_portal", "base.group_user", "hr.group_hr_manager")
        ]
        for model in RIGHTS:
            for user in strangers:
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self._get_rights(model, user), NOTHING)

    def test_every_model_of_a_branch_has_its_rule(self):
        for model in RIGHTS:
            if "company_id" not in self.env[model]._fields:
                continue
            if self.env[model]._transient:
                continue
            domain = [("model_id.model", "=", model), ("groups", "=", False)]
            rules = self.env["ir.rule"].search(domain)
            with self.subTest(model=model):
                self.assertTrue(rules, "other branches see it")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other garage"})
        stranger = new_test_user(
            self.env,
            login="test_stranger",
            groups="auto_service_base.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        technician = self._create_technician(uses_shifts=True)
        bay = self._create_bay()
        booking = self._create_booking()
        template = self.env["auto.service.shift.template"].create({"name": "Test"})
        shift = self.env["auto.service.shift"].create(
            {
                "resource_id": technician.resource_id.id,
                "date": "2026-03-02",
                "template_id": template.id,
            }
        )
        allocation = self._allocate(
            bay, "2026-03-02 09:00", "2026-03-02 10:00", booking_id=booking.id
        )
        records = [technician, bay, booking, booking.line_ids, template, shift]
        for own in [*records, allocation, booking.log_ids]:
            with self.subTest(model=own._name):
                self.assertTrue(own)
                theirs = own.with_user(stranger)
                self.assertFalse(theirs.search([("id", "in", own.ids)]))
                with self.assertRaises(AccessError):
                    theirs.check_access("read")

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_technician_changes_nothing(self):
        booking = self._create_booking()
        bay = self._create_bay()
        allocation = self._allocate(bay, "2026-03-02 09:00", "2026-03-02 10:00")
        user = self.user_technician
        self.assertTrue(booking.with_user(user).read(["name"]))
        self.assertTrue(allocation.with_user(user).read(["start"]))
        for record, values in (
            (booking, {"note": "Mine"}),
            (allocation, {"stop": self._utc("2026-03-02 11:00")}),
        ):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(user).write(values)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_only_advisors_put_bays_out_of_order(self):
        bay = self._create_bay()
        leaves = self.env["resource.calendar.leaves"]
        values = {
            "resource_id": bay.resource_id.id,
            "date_from": fields.Datetime.now() - timedelta(hours=1),
            "date_to": fields.Datetime.now() + timedelta(hours=1),
            "auto_service_absence": True,
        }
        clerk = new_test_user(self.env, login="test_clerk", groups="base.group_user")
        for user in (self.user_technician, self.user_parts, clerk):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                leaves.with_user(user).create(values)
        leaves.with_user(self.user_advisor).create(values)
        with self.assertRaises(AccessError):
            bay.with_user(self.user_technician).action_back()
        bay.with_user(self.user_advisor).action_back()
        self.assertFalse(bay.is_away)

    def test_time_off_outside_of_the_garage_is_as_before(self):
        """The host lets everybody enter time off of employees without a user."""
        clerk = new_test_user(self.env, login="test_clerk", groups="base.group_user")
        employee = self._create_employee(name="Cleaner")
        leave = self.env["resource.calendar.leaves"].with_user(clerk)
        leave = leave.create(
            {
                "resource_id": employee.resource_id.id,
                "date_from": self._utc("2026-03-02 00:00"),
                "date_to": self._utc("2026-03-03 00:00"),
            }
        )
        leave.unlink()
        self.assertFalse(leave.exists())

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_colleagues_absence_is_no_business_of_technicians(self):
        technician = self._create_technician(user=self.user_parts)
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Surgery",
                "resource_id": technician.resource_id.id,
                "date_from": self._utc("2026-03-02 00:00"),
                "date_to": self._utc("2026-03-03 00:00"),
            }
        )
        self.assertTrue(leave.with_user(self.user_advisor).read(["name"]))
        with self.assertRaises(AccessError):
            leave.with_user(self.user_technician).read(["name"])

    def test_advisor_reaches_the_time_off_of_the_garage_only(self):
        clerk = self._create_employee(name="Clerk", user_id=self.user_parts.id)
        with self.assertRaises(AccessError):
            self.env["resource.calendar.leaves"].with_user(self.user_advisor).create(
                {
                    "resource_id": clerk.resource_id.id,
                    "date_from": self._utc("2026-03-02 00:00"),
                    "date_to": self._utc("2026-03-03 00:00"),
                }
            )
