"""Two dispatchers at two screens: real browsers, one board, at the same moment.

The server has worker processes and no proxy in front, so no websocket gets through: the
boards hear of each other by asking, the slowest way that there is.
"""

import contextlib
import shutil
import threading
import time

import harness
import pytest
import screenshots
from garage_board import NUMBERS

ZONE = "Europe/Tallinn"
SEEN_SECONDS = 4  # two by the clock of the board, the rest for a busy machine
WEEK = range(7)
HOURS = (6, 22)

#: Drag a block to a row and an hour, as a hand does.
DRAG = """
(async (block, row, hours) => {
    const send = (target, type, x, y) =>
        target.dispatchEvent(new PointerEvent(type, {
            bubbles: true, pointerId: 1, pointerType: "mouse", isPrimary: true,
            button: 0, buttons: type === "pointerup" ? 0 : 1, clientX: x, clientY: y,
        }));
    const element = document.querySelector(`[data-block="${block}"]`);
    const box = element.getBoundingClientRect();
    const place = document.querySelector(`[data-row="${row}"]`);
    const target = place.getBoundingClientRect();
    const ticks = [...document.querySelectorAll(".o_board_hour")]
        .map((tick) => tick.getBoundingClientRect().left);
    const hour = (ticks.at(-1) - ticks[0]) / (ticks.length - 1);
    const x = box.left + Math.min(20, box.width / 2), y = box.top + box.height / 2;
    send(element, "pointerdown", x, y);
    for (let step = 1; step <= 5; step++) {
        send(window, "pointermove", x + (hours * hour * step) / 5,
             y + ((target.top + target.height / 2 - y) * step) / 5);
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    send(window, "pointerup", x + hours * hour, target.top + target.height / 2);
})(%s, %s, %s)
"""


@pytest.fixture(scope="module")
def floor(board_sessions, suite_db):
    return Floor(board_sessions(1)[0], suite_db)


@pytest.fixture
def screens(floor, odoo_server):
    """A function that opens the board of today in a number of browsers."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "no browser is installed"
    odoo_server.expected_log += [
        r"is taken from",
        r"Couldn't bind the websocket",  # there is no proxy
        r"Request timed out",  # connections that the browser keeps open
    ]
    with contextlib.ExitStack() as stack:

        def open_screens(count, row):
            browsers = [
                stack.enter_context(
                    contextlib.closing(screenshots.Browser(program, ZONE))
                )
                for _number in range(count)
            ]
            for browser in browsers:
                browser.resize(1400, 900, 1)
                browser.log_in(odoo_server.url, floor.session_id)
                browser.open(f"{odoo_server.url}/odoo/board", f'[data-row="{row}"]')
            return browsers

        yield open_screens


class Floor:
    """Lifts of one test that are open all day, and blocks on them, today."""

    def __init__(self, client, database):
        self.client = client
        self.database = database
        self.session_id = client.session.cookies["session_id"]
        hours = [
            [0, 0, {"name": "x", "dayofweek": str(day), "day_period": part}]
            for day in WEEK
            for part in ("morning",)
        ]
        for _command, _id, values in hours:
            values.update(hour_from=HOURS[0], hour_to=HOURS[1])
        [self.calendar] = client.call(
            "resource.calendar",
            "create",
            [{"name": "Every day", "tz": ZONE, "attendance_ids": [[5], *hours]}],
        )
        client.call(
            "res.company",
            "write",
            [1],
            {"auto_service_opening_calendar_id": self.calendar},
        )

    def add_lifts(self, count):
        """New lifts; ids of their resources."""
        values = [
            {
                "name": f"Screen lift {next(NUMBERS)}",
                "resource_calendar_id": self.calendar,
                "tz": ZONE,
                "sequence": 0,
            }
            for _lift in range(count)
        ]
        lifts = self.client.call("auto.service.bay", "create", values)
        rows = self.client.call("auto.service.bay", "read", lifts, ["resource_id"])
        return [row["resource_id"][0] for row in rows]

    def keep(self, resource, hour):
        """An hour of a lift, today; number of the block."""
        window = self.client.call(
            "auto.service.planner", "get_board", {"scale": "day"}
        )["window"]
        answer = self.client.call(
            "auto.service.planner",
            "book_on_board",
            {
                "resource": resource,
                "start": hour * 60,
                "stop": hour * 60 + 60,
                "event": f"Block {next(NUMBERS)}",
            },
            window,
        )
        return answer["blocks"][0][0]

    def find(self, block):
        """Resource and local hour of a block."""
        [[resource, hour]] = harness.query(
            self.database,
            "SELECT resource_id, EXTRACT(HOUR FROM start AT TIME ZONE 'UTC'"
            f" AT TIME ZONE '{ZONE}')::int FROM auto_service_allocation"
            f" WHERE block = {block} AND state <> 'cancelled'",
        )
        return int(resource), int(hour)


def shows(browser, block, row):
    """Whether the block lies on that row of the screen."""
    place = f'[data-row="{row}"] [data-block="{block}"]'
    return browser.evaluate(f"Boolean(document.querySelector('{place}'))")


def wait_until(condition, seconds):
    """Seconds until the condition holds; fails when it never does."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        if condition():
            return time.monotonic() - begin
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} seconds")


def test_a_colleagues_move_appears_on_the_other_screen(floor, screens):
    first, second = floor.add_lifts(2)
    block = floor.keep(first, 9)
    mine, yours = screens(2, first)
    assert shows(yours, block, first)
    mine.evaluate(DRAG % (block, second, 1))
    wait_until(lambda: floor.find(block) == (second, 10), 10)
    took = wait_until(lambda: shows(yours, block, second), SEEN_SECONDS)
    assert not shows(yours, block, first)
    assert took <= SEEN_SECONDS


def test_two_screens_drag_into_the_same_gap_and_one_gets_it(floor, screens):
    first, second, gap = floor.add_lifts(3)
    blocks = [floor.keep(first, 9), floor.keep(second, 9)]
    browsers = screens(2, gap)
    # A second screen that has not heard of the first one's drop must lose as well.
    hands = [
        threading.Thread(target=browser.evaluate, args=(DRAG % (block, gap, 0),))
        for browser, block in zip(browsers, blocks, strict=True)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    wait_until(lambda: any(floor.find(block)[0] == gap for block in blocks), 10)
    time.sleep(3)
    winners = [block for block in blocks if floor.find(block)[0] == gap]
    assert len(winners) == 1
    [loser] = set(blocks) - set(winners)
    home = (first, second)[blocks.index(loser)]
    assert floor.find(loser) == (home, 9)
    for browser in browsers:
        wait_until(lambda browser=browser: shows(browser, winners[0], gap), 10)
        wait_until(lambda browser=browser: shows(browser, loser, home), 10)
