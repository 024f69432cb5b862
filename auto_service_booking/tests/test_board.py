import json
from unittest.mock import Mock, patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.auto_service_booking.models.auto_service_allocation_board import (
    BOARD_CHANNEL,
)

from .common import MONDAY, BookingCommon

HOUR = 60
DAY = 24 * HOUR


class BoardCommon(BookingCommon):
    """Two lifts, a technician and a booking on Monday from nine to eleven."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bay = cls._create_bay(name="Lift 1", sequence=1)
        cls.other_bay = cls._create_bay(name="Lift 2", sequence=2)
        cls.technician = cls._create_technician()
        cls.operation = cls._create_operation(name="Oil service", hours=2.0)
        partner = cls._create_partner(name="Secret Customer", phone="+372 5557 7777")
        vehicle = cls._create_vehicle(license_plate="SEC 007", owner_id=partner.id)
        cls.booking = cls._create_booking(
            lines=[{"operation_id": cls.operation.id, "hours": 2.0}],
            partner_id=partner.id,
            vehicle_id=vehicle.id,
            note="Secret noise",
        )
        line = cls.booking.line_ids
        cls.rows = cls._keep_block(
            cls.bay,
            cls.technician,
            f"{MONDAY} 09:00",
            f"{MONDAY} 11:00",
            booking_id=cls.booking.id,
            line_id=line.id,
        )
        cls.booking.sudo().state = "booked"
        cls.block = cls.rows.block if len(cls.rows) == 1 else cls.rows[0].block
        cls.planner = cls.env["auto.service.planner"].with_user(cls.user_advisor)

    @classmethod
    def _keep_block(cls, bay, technician, start, stop, **values):
        """Bay and technician together, as one block."""
        rows = cls._allocate(bay, start, stop, **values)
        return rows | cls._allocate(technician, start, stop, block=rows.block, **values)

    def _read(self, scale="week", **params):
        return self.planner.get_board({"scale": scale, "date": MONDAY, **params})

    def _get_blocks(self, answer):
        """Blocks of an answer as dicts, by number."""
        blocks = (
            dict(zip(answer["block_fields"], values, strict=True))
            for values in answer["blocks"]
        )
        return {block["block"]: block for block in blocks}

    def _get_window(self):
        return self._read("day")["window"]


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")  # seven o'clock in Tallinn
class TestBoard(BoardCommon):
    """What the board shows: rows, hours, blocks, and how much of it to whom."""

    def test_every_resource_is_a_row_whether_booked_or_not(self):
        board = self._read()
        self.assertEqual(
            [(row["name"], row["role"]) for row in board["rows"]],
            [("Toomas Mets", "technician"), ("Lift 1", "bay"), ("Lift 2", "bay")][1:]
            + [("Toomas Mets", "technician")],
        )

    def test_times_are_minutes_of_the_wall_clock_of_the_branch(self):
        board = self._read("day")
        block = self._get_blocks(board)[self.block]
        self.assertEqual((block["start"], block["stop"]), (9 * HOUR, 11 * HOUR))
        self.assertEqual(board["now"], 7 * HOUR)
        self.assertEqual(board["open"], [8 * HOUR, 17 * HOUR])
        pattern = board["patterns"][board["work"][0]]
        self.assertEqual(pattern, ((480, 720), (780, 1020)))

    def test_rows_with_the_same_hours_share_a_pattern(self):
        board = self._read()
        self.assertEqual(len(set(board["work"][:2])), 1)
        self.assertEqual(len(board["patterns"][board["work"][0]]), 10)

    def test_a_week_begins_as_the_users_weeks_do(self):
        lang = self.env["res.lang"]._lang_get(self.user_advisor.lang)
        for week_start, first in (("1", "2026-03-02"), ("7", "2026-03-01")):
            lang.week_start = week_start
            with self.subTest(week_start=week_start):
                self.assertEqual(self._read()["window"]["first"], first)

    def test_wall_clock_stands_still_when_the_clocks_change(self):
        # On Sunday 29 March 2026 the clocks go forward at three in the morning.
        row = self._allocate(
            self.other_bay, "2026-03-29 10:00", "2026-03-29 11:00", is_overtime=True
        )
        board = self._read("day", date="2026-03-29")
        block = self._get_blocks(board)[row.block]
        self.assertEqual((block["start"], block["stop"]), (600, 660))
        self.planner.move_block(
            row.block, {"start": 660, "allow": True}, board["window"]
        )
        self.assertEqual(row.start, self._utc("2026-03-29 11:00"))

    def test_a_block_tells_what_a_dispatcher_asks(self):
        block = self._get_blocks(self._read())[self.block]
        self.assertEqual(block["plate"], "SEC 007")
        self.assertEqual(block["customer"], "Secret Customer")
        self.assertEqual(block["service"], "Oil service")
        self.assertEqual(block["booking_state"], "booked")
        self.assertTrue(block["has_note"])
        self.assertEqual(
            block["resources"],
            [self.bay.resource_id.id, self.technician.resource_id.id],
        )

    def test_the_wall_gets_nothing_that_tells_who_it_is(self):
        self.rows[0].name = "Secret label"
        board = self._read(wall=True)
        self.assertIn(self.block, self._get_blocks(board))
        text = json.dumps(board)
        for secret in ("Secret", "SEC 007", "5557", self.booking.name, "Toomas"):
            with self.subTest(secret=secret):
                self.assertNotIn(secret, text)
        changed = self.planner.get_board_blocks([self.block], board["window"])
        self.assertNotIn("Secret", json.dumps(changed))
        self.assertNotIn("SEC", json.dumps(changed))

    def test_cancelled_time_is_not_on_the_board(self):
        self.rows.write({"state": "cancelled"})
        self.assertFalse(self._get_blocks(self._read()))

    def test_time_to_replan_says_so(self):
        self.rows[1].replan_reason = "absent"
        block = self._get_blocks(self._read())[self.block]
        self.assertEqual(block["replans"], ["", "absent"])

    def test_another_branchs_business_is_only_taken_time(self):
        branch = self.env["res.company"].create({"name": "Far branch"})
        self.rows.sudo().write({"company_id": branch.id})
        block = self._get_blocks(self._read())[self.block]
        self.assertTrue(block["is_foreign"])
        for name in ("plate", "customer", "booking", "service", "number", "label"):
            self.assertFalse(block[name], name)

    def test_a_branch_that_is_not_mine_is_refused(self):
        branch = self.env["res.company"].create({"name": "Far branch"})
        with self.assertRaises(AccessError):
            self._read(company_id=branch.id)

    def test_strangers_see_no_board(self):
        stranger = self.env["res.users"].create(
            {
                "name": "Stranger",
                "login": "board_stranger",
                "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
            }
        )
        planner = self.env["auto.service.planner"].with_user(stranger)
        with self.assertRaises(AccessError):
            planner.get_board({"scale": "day", "date": MONDAY})

    def test_number_of_queries_does_not_depend_on_what_is_booked(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._read()
            return self.env.cr.sql_log_count - before

        self._read()  # working hours are cached
        few = count()
        for day in range(2, 7):
            for hour in (8, 10, 13, 15):
                self._keep_block(
                    self.other_bay,
                    self._create_technician(name=f"T {day} {hour}"),
                    f"2026-03-0{day} {hour:02}:00",
                    f"2026-03-0{day} {hour + 1:02}:30",
                    is_overtime=True,
                )
        self._read()
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 20)

    def test_a_click_on_a_block_tells_telephone_and_note(self):
        details = self.planner.get_block_details(self.block)
        self.assertEqual(details["phone"], "+372 5557 7777")
        self.assertEqual(details["note"], "Secret noise")

    def test_vehicles_are_found_as_in_the_box_of_vehicles(self):
        found = self.planner.search_board_vehicles("sec007")
        self.assertEqual([row["customer"] for row in found], ["Secret Customer"])
        self.assertFalse(self.planner.search_board_vehicles(" "))


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")  # seven o'clock in Tallinn
class TestBoardChange(BoardCommon):
    """What the mouse does: move, resize, split, free, and book a free place."""

    def _move(self, **change):
        return self.planner.move_block(self.block, change, self._get_window())

    def test_all_rows_of_a_block_move_together(self):
        answer = self._move(start=13 * HOUR)
        self.assertEqual(set(self.rows.mapped("start")), {self._utc(f"{MONDAY} 13:00")})
        self.assertEqual(set(self.rows.mapped("stop")), {self._utc(f"{MONDAY} 15:00")})
        self.assertEqual(self._get_blocks(answer)[self.block]["start"], 13 * HOUR)

    def test_a_block_goes_to_another_lift(self):
        change = {
            "source": self.bay.resource_id.id,
            "target": self.other_bay.resource_id.id,
        }
        self._move(**change)
        self.assertEqual(self.rows[0].resource_id, self.other_bay.resource_id)
        self.assertEqual(self.rows[1].resource_id, self.technician.resource_id)

    def test_both_ends_can_be_pulled(self):
        self._move(stop=11 * HOUR + 30)
        self._move(start=8 * HOUR, stop=11 * HOUR + 30)
        self.assertEqual(self.rows[1].start, self._utc(f"{MONDAY} 08:00"))
        self.assertEqual(self.rows[1].stop, self._utc(f"{MONDAY} 11:30"))

    def test_taken_time_is_refused_with_the_name(self):
        self._allocate(
            self.other_bay, f"{MONDAY} 10:00", f"{MONDAY} 11:00", name="Wash"
        )
        change = {
            "source": self.bay.resource_id.id,
            "target": self.other_bay.resource_id.id,
        }
        with self.assertRaisesRegex(ValidationError, "Lift 2 is taken"):
            self._move(**change)
        self.assertEqual(self.rows[0].resource_id, self.bay.resource_id)

    def test_overtime_is_asked_first(self):
        answer = self._move(start=18 * HOUR)
        self.assertRegex(answer["problems"][0], "does not work")
        self.assertEqual(self.rows[0].start, self._utc(f"{MONDAY} 09:00"))
        self._move(start=18 * HOUR, allow=True)
        self.assertEqual(self.rows[0].start, self._utc(f"{MONDAY} 18:00"))
        self.assertTrue(all(self.rows.mapped("is_overtime")))

    def test_what_is_done_stays(self):
        self.rows.write({"state": "done"})
        with self.assertRaisesRegex(UserError, "done"):
            self._move(start=13 * HOUR)

    def test_of_what_has_begun_only_the_end_moves(self):
        self.rows.write({"state": "started"})
        with self.assertRaisesRegex(UserError, "begun"):
            self._move(start=13 * HOUR)
        self._move(stop=11 * HOUR + 30)
        self.assertEqual(self.rows[0].stop, self._utc(f"{MONDAY} 11:30"))

    def test_halves_of_a_block_move_on_their_own(self):
        answer = self.planner.split_block(self.block, 10 * HOUR, self._get_window())
        blocks = self._get_blocks(answer)
        self.assertEqual(
            sorted((one["start"], one["stop"]) for one in blocks.values()),
            [(540, 600), (600, 660)],
        )
        other = (set(blocks) - {self.block}).pop()
        self.planner.move_block(other, {"start": 13 * HOUR}, self._get_window())
        self.assertEqual(self.rows[0].stop, self._utc(f"{MONDAY} 10:00"))
        self.assertEqual(len(self.booking.allocation_ids), 4)

    def test_freed_time_can_be_given_away(self):
        answer = self.planner.free_block(self.block, self._get_window())
        self.assertFalse(answer["blocks"])
        self._allocate(self.bay, f"{MONDAY} 09:00", f"{MONDAY} 10:00", name="Other")

    def test_technicians_only_look(self):
        planner = self.planner.with_user(self.user_technician)
        window = planner.get_board({"scale": "day", "date": MONDAY})["window"]
        for method, args in (
            ("move_block", [self.block, {"start": 13 * HOUR}]),
            ("split_block", [self.block, 10 * HOUR]),
            ("free_block", [self.block]),
            (
                "book_on_board",
                [{"resource": self.bay.resource_id.id, "start": 780, "stop": 840}],
            ),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(planner, method)(*args, window)

    def test_a_block_that_has_gone_is_said_so(self):
        self.rows.write({"state": "cancelled"})
        with self.assertRaisesRegex(UserError, "off the board"):
            self._move(start=13 * HOUR)

    def _book(self, **values):
        place = {
            "resource": self.bay.resource_id.id,
            "start": 13 * HOUR,
            "stop": 14 * HOUR,
        }
        return self.planner.book_on_board({**place, **values}, self._get_window())

    def test_a_free_place_is_booked_with_all_that_the_work_needs(self):
        answer = self._book(
            plate="777 NEW", customer="New Customer", operation=self.operation.id
        )
        booking = self.env["auto.service.booking"].browse(answer["booking"])
        self.assertEqual(booking.state, "booked")
        self.assertEqual(booking.license_plate, "777 NEW")
        self.assertEqual(
            booking.allocation_ids.resource_id,
            self.bay.resource_id | self.technician.resource_id,
        )
        self.assertEqual(booking.start, self._utc(f"{MONDAY} 13:00"))
        self.assertEqual(booking.stop, self._utc(f"{MONDAY} 14:00"))

    def test_what_is_not_free_together_is_asked(self):
        self._allocate(
            self.technician, f"{MONDAY} 13:00", f"{MONDAY} 14:00", name="Course"
        )
        count = self.env["auto.service.booking"].search_count([])
        answer = self._book(plate="777 NEW", customer="New Customer")
        self.assertTrue(answer["problems"])
        self.assertEqual(answer["next"], 14 * HOUR)
        self.assertEqual(self.env["auto.service.booking"].search_count([]), count)
        answer = self._book(plate="777 NEW", customer="New Customer", alone=True)
        booking = self.env["auto.service.booking"].browse(answer["booking"])
        self.assertEqual(booking.allocation_ids.resource_id, self.bay.resource_id)

    def test_who_waits_is_put_on_a_free_place(self):
        waiting = self._create_booking()
        queue = self.planner.get_board_queue(self._get_window())
        self.assertIn(waiting.id, [item["id"] for item in queue["waiting"]])
        self._book(booking=waiting.id)
        self.assertEqual(waiting.state, "booked")
        queue = self.planner.get_board_queue(self._get_window())
        self.assertNotIn(waiting.id, [item["id"] for item in queue["waiting"]])

    def test_a_job_of_a_visit_is_put_on_a_free_place(self):
        order = self._create_order()
        job = self.env["auto.service.job"].create(
            {"order_id": order.id, "name": "Belt"}
        )
        queue = self.planner.get_board_queue(self._get_window())
        self.assertIn(job.id, [item["id"] for item in queue["jobs"]])
        self._book(job=job.id)
        rows = self.env["auto.service.allocation"].search([("job_id", "=", job.id)])
        self.assertEqual(rows.order_id, order)
        queue = self.planner.get_board_queue(self._get_window())
        self.assertNotIn(job.id, [item["id"] for item in queue["jobs"]])

    def test_time_is_kept_for_what_is_no_booking(self):
        answer = self._book(event="Inspection of the lift")
        [block] = self._get_blocks(answer).values()
        self.assertEqual(block["label"], "Inspection of the lift")
        self.assertFalse(answer["booking"])

    def test_a_closed_booking_is_not_planned_again(self):
        self.booking.sudo().state = "done"
        with self.assertRaisesRegex(UserError, "closed"):
            self._book(booking=self.booking.id)

    def test_red_blocks_wait_at_the_side(self):
        self.rows[1].replan_reason = "absent"
        [item] = self._get_red()
        self.assertEqual(item["role"], "technician")
        self._move(start=13 * HOUR)
        self.assertFalse(self._get_red())

    def _get_red(self):
        """The block, if it is in the replan queue."""
        queue = self.planner.get_board_queue(self._get_window())
        return [item for item in queue["replan"] if item["id"] == self.block]

    def test_a_row_opens_its_record(self):
        action = self.planner.get_resource_action(self.technician.resource_id.id)
        self.assertEqual(action["res_model"], "auto.service.technician")
        self.assertEqual(action["res_id"], self.technician.id)


@tagged("post_install", "-at_install")
@freeze_time(f"{MONDAY} 05:00:00")  # seven o'clock in Tallinn
class TestBoardLive(BoardCommon):
    """Colleagues see a change: who is told, and that no name is told."""

    def setUp(self):
        super().setUp()
        self._send()  # what the builders did

    def _send(self):
        """Send what a commit would send.

        :return: messages of the board that were sent
        """
        bus = self.env["bus.bus"].sudo()
        before = bus._bus_last_id()
        self.env.cr.precommit.run()
        sent = bus.search([("id", ">", before)])
        messages = [json.loads(row.message) for row in sent]
        return [one["payload"] for one in messages if one["type"] == BOARD_CHANNEL]

    def test_one_message_for_all_changes_of_a_transaction(self):
        self.planner.move_block(self.block, {"start": 13 * HOUR}, self._get_window())
        self.rows.write({"state": "started"})
        [message] = self._send()
        self.assertEqual(
            message,
            {"company_id": self.env.company.id, "blocks": [self.block], "all": False},
        )

    def test_the_state_of_a_booking_is_seen_on_the_board(self):
        self.booking.sudo().state = "confirmed"
        [message] = self._send()
        self.assertEqual(message["blocks"], [self.block])

    def test_boards_without_websocket_ask_what_has_changed(self):
        revision = self._read()["revision"]
        company = self.env.company.id
        self.planner.move_block(self.block, {"start": 13 * HOUR}, self._get_window())
        self._send()
        answer = self.planner.get_board_changes(company, revision)
        self.assertGreater(answer["revision"], revision)
        self.assertEqual(answer["messages"][-1][1]["blocks"], [self.block])

    def test_only_people_of_the_garage_hear_of_their_branches(self):
        websocket = self.env["ir.websocket"]
        for user, hears in (
            (self.user_technician, True),
            (self.env.ref("base.public_user"), False),
        ):
            channels = self._get_channels(websocket.with_user(user))
            names = [name for name in channels if isinstance(name, str)]
            branches = [name[0] for name in channels if isinstance(name, tuple)]
            self.assertEqual(self.env.company in branches, hears)
            self.assertNotIn(BOARD_CHANNEL, names)

    def _get_channels(self, websocket):
        """Channels of somebody who asks for the board's."""
        fake = Mock()
        fake.session.uid = websocket.env.uid
        with patch("odoo.addons.bus.models.ir_websocket.wsrequest", fake):
            return websocket._build_bus_channel_list([BOARD_CHANNEL])
