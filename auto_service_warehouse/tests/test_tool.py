from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.auto_service_base.tests.common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestTool(AutoServiceOrderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["auto.service.tool.kind"].create({"name": "Puller"})
        cls.torque = cls.env["auto.service.tool.kind"].create(
            {"name": "Wrench", "calibration_months": 12, "calibration_notice_days": 10}
        )
        cls.tool = cls._create_tool()

    @classmethod
    def _create_tool(cls, **values):
        return cls.env["auto.service.tool"].create(
            {"name": "Hub puller", "kind_id": cls.kind.id, **values}
        )

    def _activities(self, tool, topic):
        kind = self.env.ref(f"auto_service_warehouse.mail_activity_tool_{topic}")
        return tool.activity_ids.filtered(lambda row: row.activity_type_id == kind)

    def test_tools_get_the_next_number(self):
        other = self._create_tool()
        self.assertTrue(self.tool.code)
        self.assertNotEqual(self.tool.code, other.code)

    def test_number_is_given_once_in_a_company(self):
        with (
            self.assertRaisesRegex(Exception, "unique|number"),
            mute_logger("odoo.sql_db"),
        ):
            self._create_tool(code=self.tool.code.lower())

    def test_lent_tool_is_with_somebody_until_it_is_back(self):
        tool = self.tool.with_user(self.user_parts)
        loan = tool.lend(self.technician)
        self.assertRecordValues(
            tool, [{"state": "out", "holder_id": self.technician.id}]
        )
        self.assertEqual(loan.lent_by_id, self.user_parts)
        tool.take_back("worn", "Handle is loose")
        self.assertRecordValues(tool, [{"state": "here", "holder_id": False}])
        self.assertRecordValues(
            loan,
            [
                {
                    "condition": "worn",
                    "note": "Handle is loose",
                    "taken_by_id": self.user_parts.id,
                }
            ],
        )

    def test_tool_that_is_out_is_not_lent_and_the_sentence_names_who_has_it(self):
        self.tool.lend(self.technician)
        with self.assertRaisesRegex(UserError, f"is with {self.technician.name}"):
            self.tool.with_user(self.user_parts).lend(self.second)
        self.assertEqual(self.tool.holder_id, self.technician)

    def test_all_tools_that_cannot_be_lent_are_named(self):
        broken = self._create_tool(name="Old jack", is_broken=True)
        self.tool.lend(self.technician)
        with self.assertRaisesRegex(UserError, "Hub puller(.|\n)*Old jack"):
            (self.tool | broken).lend(self.second)

    def test_technician_takes_and_gives_back_for_himself_only(self):
        tool = self.tool.with_user(self.user_technician)
        with self.assertRaisesRegex(AccessError, "for yourself"):
            tool.lend(self.second)
        tool.lend(self.technician.with_user(self.user_technician))
        self.assertTrue(tool.is_mine)
        mine = self.env["auto.service.tool"].with_user(self.user_technician)
        self.assertIn(tool, mine.search([("is_mine", "=", True)]))
        with self.assertRaises(AccessError):
            self.tool.with_user(self.user_second).take_back()
        tool.take_back()
        self.assertFalse(tool.loan_id)

    def test_technician_writes_neither_tools_nor_loans(self):
        with self.assertRaises(AccessError):
            self.tool.with_user(self.user_technician).name = "Mine"
        with self.assertRaises(AccessError):
            self.env["auto.service.tool.loan"].with_user(self.user_parts).create(
                {"tool_id": self.tool.id, "employee_id": self.technician.id}
            )

    def test_history_is_not_changed(self):
        loan = self.tool.lend(self.technician)
        with self.assertRaisesRegex(UserError, "not changed"):
            loan.employee_id = self.second
        with self.assertRaisesRegex(UserError, "stays on record"):
            loan.unlink()
        self.tool.take_back()
        with self.assertRaisesRegex(UserError, "not changed"):
            loan.back_at = fields.Datetime.now()
        with self.assertRaisesRegex(UserError, "Retire it"):
            self.tool.unlink()

    def test_nothing_to_take_back(self):
        with self.assertRaisesRegex(UserError, "Nobody has"):
            self.tool.take_back()

    def test_damaged_tool_waits_for_its_repair(self):
        self.tool.lend(self.technician)
        self.tool.take_back("damaged", "Jaw broken")
        self.assertEqual(self.tool.state, "broken")
        self.assertEqual(len(self._activities(self.tool, "damaged")), 1)
        with self.assertRaisesRegex(UserError, "out of order"):
            self.tool.lend(self.technician)
        self.tool.action_repaired()
        self.assertEqual(self.tool.state, "here")
        self.assertFalse(self._activities(self.tool, "damaged"))

    def test_missing_tool_is_not_lent_before_it_is_found(self):
        self.tool.lend(self.technician)
        self.tool.with_user(self.user_second).report_missing("Not on the board")
        self.assertEqual(self.tool.state, "missing")
        self.assertEqual(self.tool.last_holder_id, self.technician)
        self.tool.take_back()
        self.assertEqual(self.tool.state, "here")
        self.tool.report_missing()
        with self.assertRaisesRegex(UserError, "missing"):
            self.tool.lend(self.technician)
        self.tool.report_found()
        self.assertEqual(self.tool.state, "here")

    @freeze_time("2026-03-04 09:00:00")  # a Wednesday
    def test_due_back_at_the_end_of_the_working_day(self):
        calendar = self.env.company.resource_calendar_id
        calendar.tz = "Europe/Tallinn"  # two hours ahead of UTC
        self.technician.resource_calendar_id = calendar
        self.assertEqual(
            self.tool.lend(self.technician).due_at, datetime(2026, 3, 4, 15, 0)
        )

    @freeze_time("2026-03-06 20:00:00")  # a Friday evening
    def test_due_back_on_monday_when_it_goes_out_on_friday_evening(self):
        calendar = self.env.company.resource_calendar_id
        calendar.tz = "Europe/Tallinn"
        self.technician.resource_calendar_id = calendar
        self.assertEqual(
            self.tool.lend(self.technician).due_at, datetime(2026, 3, 9, 15, 0)
        )

    @freeze_time("2026-03-04 09:00:00")
    def test_kind_says_how_long_a_tool_stays_out(self):
        self.kind.loan_hours = 2
        self.assertEqual(
            self.tool.lend(self.technician).due_at, datetime(2026, 3, 4, 11, 0)
        )

    def test_who_is_responsible_is_told_once_that_a_tool_is_late(self):
        now = fields.Datetime.now()
        self.tool.lend(self.technician, now + timedelta(hours=1))
        self.env["auto.service.tool"]._cron_check_tools()
        self.assertFalse(self._activities(self.tool, "overdue"))
        with freeze_time(now + timedelta(hours=2)):
            self.env["auto.service.tool"]._cron_check_tools()
            self.env["auto.service.tool"]._cron_check_tools()
        self.assertEqual(self.tool.state, "overdue")
        self.assertEqual(len(self._activities(self.tool, "overdue")), 1)
        self.tool.take_back()
        self.assertFalse(self._activities(self.tool, "overdue"))

    @freeze_time("2026-03-04 09:00:00")
    def test_calibration_holds_as_long_as_the_kind_says(self):
        wrench = self._create_tool(kind_id=self.torque.id, calibrated_on="2025-03-04")
        self.assertEqual(str(wrench.calibration_due), "2026-03-04")
        self.assertEqual(wrench.state, "here")
        self.env["auto.service.tool"]._cron_check_tools()
        self.assertEqual(len(self._activities(wrench, "calibration")), 1)
        with freeze_time("2026-03-05 09:00:00"):
            self.env["auto.service.tool"]._cron_check_tools()
            self.assertEqual(wrench.state, "calibration")
            with self.assertRaisesRegex(UserError, "calibration of .* was due"):
                wrench.lend(self.technician)
            self.torque.is_calibration_binding = False
            wrench.lend(self.technician)
        self.assertEqual(len(self._activities(wrench, "calibration")), 1)

    def test_wrench_without_any_calibration_stays_here(self):
        wrench = self._create_tool(kind_id=self.torque.id)
        self.assertEqual(wrench.state, "calibration")
        with self.assertRaisesRegex(UserError, "never calibrated"):
            wrench.lend(self.technician)

    @freeze_time("2026-03-04 09:00:00")
    def test_certificate_sets_the_next_calibration(self):
        wrench = self._create_tool(kind_id=self.torque.id, calibrated_on="2024-03-04")
        self.env["auto.service.tool"]._cron_check_tools()
        Calibration = self.env["auto.service.tool.calibration"]
        Calibration.with_user(self.user_parts).create(
            {"tool_id": wrench.id, "date": "2026-03-03", "number": "C-17"}
        )
        self.assertRecordValues(
            wrench,
            [
                {
                    "calibrated_on": fields.Date.to_date("2026-03-03"),
                    "calibration_due": fields.Date.to_date("2027-03-03"),
                    "state": "here",
                }
            ],
        )
        self.assertFalse(self._activities(wrench, "calibration"))
        # an old certificate that is entered later changes nothing
        Calibration.create({"tool_id": wrench.id, "date": "2025-01-01"})
        self.assertEqual(str(wrench.calibration_due), "2027-03-03")

    def test_retired_tool_is_not_lent(self):
        self.tool.lend(self.technician)
        with self.assertRaisesRegex(UserError, "is with"):
            self.tool.action_retire()
        self.tool.take_back()
        self.tool.action_retire()
        self.assertEqual(self.tool.state, "retired")
        with self.assertRaisesRegex(UserError, "retired"):
            self.tool.lend(self.technician)

    def test_tool_of_another_company_is_not_lent(self):
        company = self.env["res.company"].create({"name": "Other Garage"})
        tool = self._create_tool(company_id=company.id, user_id=False)
        with self.assertRaisesRegex(UserError, "Other Garage"):
            tool.lend(self.technician)

    def test_technician_of_another_company_sees_no_tools_of_ours(self):
        company = self.env["res.company"].create({"name": "Other Garage"})
        tool = self._create_tool(company_id=company.id, user_id=False)
        tools = self.env["auto.service.tool"].with_user(self.user_technician)
        self.assertNotIn(tool, tools.search([]))

    def test_board_costs_the_same_for_one_tool_and_many(self):
        def count(number):
            self.env.invalidate_all()
            tools = self.env["auto.service.tool"].with_user(self.user_technician)
            tools = tools.search([], limit=number, order="id desc")
            before = self.env.cr.sql_log_count
            tools.read(["name", "state", "holder_id", "is_mine", "last_holder_id"])
            return self.env.cr.sql_log_count - before

        tools = self.env["auto.service.tool"].create(
            [{"name": f"Tool {number}"} for number in range(30)]
        )
        tools.lend(self.technician)
        tools.take_back()
        tools.lend(self.second)
        count(30)
        self.assertEqual(count(2), count(30))
