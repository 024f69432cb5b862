import {
    BoardAxis,
    CLOSED_WIDTH,
    DAY,
    NIGHT_WIDTH,
    getShade,
    getShownHours,
} from "@auto_service_booking/board/board_axis";
import {describe, expect, test} from "@odoo/hoot";

describe.current.tags("headless");

const HOUR = 60;

function makeAxis(values = {}) {
    return new BoardAxis({
        days: 1,
        from: 8 * HOUR,
        to: 18 * HOUR,
        width: 600 + 2 * NIGHT_WIDTH,
        slot: 15,
        ...values,
    });
}

test("opening hours are drawn to scale, the night in a strip", () => {
    const axis = makeAxis();
    expect(axis.toX(8 * HOUR)).toBe(NIGHT_WIDTH);
    expect(axis.toX(9 * HOUR)).toBe(NIGHT_WIDTH + 60);
    expect(axis.toX(18 * HOUR)).toBe(NIGHT_WIDTH + 600);
    expect(axis.toX(4 * HOUR)).toBe(NIGHT_WIDTH / 2);
    expect(axis.toX(DAY)).toBe(axis.width);
});

test("what lies before or after the board is at its edges", () => {
    const axis = makeAxis();
    expect(axis.toX(-500)).toBe(0);
    expect(axis.toX(3 * DAY)).toBe(axis.width);
});

test("a minute and its place are the inverse of each other", () => {
    for (const axis of [
        makeAxis(),
        makeAxis({days: 7, width: 1400}),
        makeAxis({days: 7, width: 1400, closed: [0, 6]}),
        makeAxis({from: 0, to: DAY}),
    ]) {
        for (let minute = 0; minute < axis.end; minute += 37) {
            expect(axis.toMinute(axis.toX(minute))).toBeCloseTo(minute, {margin: 0.01});
        }
    }
});

test("the place never goes back while time goes on", () => {
    const axis = makeAxis({days: 7, width: 1000, closed: [2]});
    let last = -1;
    for (let minute = 0; minute <= axis.end; minute += 11) {
        expect(axis.toX(minute)).toBeGreaterThan(last);
        last = axis.toX(minute);
    }
});

test("a pointer in the night means the edge of the day", () => {
    const axis = makeAxis({days: 2, width: 1400});
    expect(axis.toShownMinute(1)).toBe(8 * HOUR);
    expect(axis.toShownMinute(axis.lefts[1] - 1)).toBe(18 * HOUR);
    expect(axis.toShownMinute(axis.lefts[1] + 1)).toBe(DAY + 8 * HOUR);
});

test("closed days are narrow, the others share the room", () => {
    const axis = makeAxis({days: 7, width: 1400, closed: [0, 6]});
    expect(axis.widths[0]).toBe(CLOSED_WIDTH);
    expect(axis.widths[3]).toBeCloseTo((1400 - 2 * CLOSED_WIDTH) / 5);
    expect(axis.width).toBeCloseTo(1400);
});

test("when all is closed nothing is narrow", () => {
    expect(makeAxis({closed: [0]}).width).toBe(600 + 2 * NIGHT_WIDTH);
});

test("times snap to the grid", () => {
    const axis = makeAxis();
    expect(axis.snap(487)).toBe(480);
    expect(axis.snap(488)).toBe(495);
    expect(axis.floor(494)).toBe(480);
});

test("a short block can still be seen", () => {
    expect(makeAxis().place(2 * HOUR, 3 * HOUR).width).toBe(3);
});

test("hours are labelled as densely as there is room", () => {
    expect(makeAxis().getTicks()).toHaveLength(10);
    expect(makeAxis({width: 200}).getTicks()).toHaveLength(5);
    const axis = makeAxis({days: 7, width: 2000, closed: [0]});
    expect(axis.getTicks().every(({minute}) => minute >= DAY)).toBe(true);
});

test("early and late shifts widen the day, night shifts do not", () => {
    const open = [8 * HOUR, 17 * HOUR];
    expect(getShownHours(open, [])).toEqual(open);
    expect(getShownHours(open, [[6 * HOUR + 30, 14 * HOUR]])).toEqual([
        6 * HOUR,
        17 * HOUR,
    ]);
    expect(getShownHours(open, [[DAY + 12 * HOUR, DAY + 20 * HOUR]])).toEqual([
        8 * HOUR,
        20 * HOUR,
    ]);
    expect(getShownHours(open, [[22 * HOUR, 30 * HOUR]])).toEqual(open);
});

test("closed time of a row is shaded", () => {
    const axis = makeAxis({from: 0, to: DAY, width: DAY});
    expect(getShade([[0, DAY]], axis)).toBe("none");
    const shade = getShade(
        [
            [480, 720],
            [780, 1080],
        ],
        axis,
    );
    expect(shade).toInclude("var(--o-board-closed) 0px 480px");
    expect(shade).toInclude("var(--o-board-closed) 720px 780px");
    expect(shade).toInclude("var(--o-board-closed) 1080px 1440px");
});
