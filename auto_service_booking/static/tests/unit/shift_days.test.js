import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {
    formatClock,
    formatGridHours,
    getDragSpan,
    listCells,
    listDays,
    listRule,
    listUndo,
    sumDays,
} from "@auto_service_booking/shift_grid/shift_days";
import {allowTranslations} from "@web/../tests/web_test_helpers";

describe.current.tags("headless");
beforeEach(() => allowTranslations());

const FIRST = luxon.DateTime.fromISO("2026-03-02");

test("days of a week know weekend, Monday and today", () => {
    const days = listDays(FIRST, 7, "2026-03-04");
    expect(days.map(({number}) => number)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(days.filter(({isWeekend}) => isWeekend).map(({key}) => key)).toEqual([
        "2026-03-07",
        "2026-03-08",
    ]);
    expect(days.filter(({isMonday}) => isMonday).length).toBe(1);
    expect(days.find(({isToday}) => isToday).index).toBe(2);
});

test("days go on over the clock change", () => {
    const days = listDays(luxon.DateTime.fromISO("2026-03-28"), 3);
    expect(days.map(({key}) => key)).toEqual([
        "2026-03-28",
        "2026-03-29",
        "2026-03-30",
    ]);
});

test("a drag takes the rectangle between its corners, whichever way it goes", () => {
    const corner = {row: 2, day: 1};
    const other = {row: 1, day: 2};
    const cells = [
        {row: 1, day: 1},
        {row: 1, day: 2},
        {row: 2, day: 1},
        {row: 2, day: 2},
    ];
    expect(listCells(corner, other)).toEqual(cells);
    expect(listCells(other, corner)).toEqual(cells);
});

test("only rows of the drag are drawn again", () => {
    const drag = {from: {row: 2, day: 4}, to: {row: 1, day: 2}};
    expect(getDragSpan(drag, 0)).toBe(null);
    expect(getDragSpan(drag, 1)).toBe("2-4");
    expect(getDragSpan(drag, 2)).toBe("2-4");
    expect(getDragSpan(drag, 3)).toBe(null);
    expect(getDragSpan(null, 1)).toBe(null);
});

test("a rule goes round and may begin later", () => {
    const steps = [
        {templateId: 7, days: 2},
        {templateId: false, days: 2},
    ];
    expect(listRule(steps, 6)).toEqual([7, 7, false, false, 7, 7]);
    expect(listRule(steps, 6, 2)).toEqual([false, false, 7, 7, false, false]);
    expect(listRule(steps, 2, 9)).toEqual([false, 7]);
    expect(listRule([{templateId: 7, days: 0}], 3)).toEqual([]);
});

test("heads and hours of a day; who is absent is not there", () => {
    const shift = {hours: 7.5};
    const rows = [
        {cells: {"2026-03-02": [shift]}, weekly: {}, leaves: {}},
        {cells: {"2026-03-02": [shift]}, weekly: {}, leaves: {"2026-03-02": "Sick"}},
        {cells: {}, weekly: {"2026-03-02": 8}, leaves: {}},
    ];
    const [monday, tuesday] = sumDays(rows, listDays(FIRST, 2));
    expect(monday.heads).toBe(2);
    expect(monday.hours).toBe(23);
    expect(tuesday.heads).toBe(0);
});

test("undo brings back what was there", () => {
    const rows = [{id: 5, cells: {"2026-03-02": [{template_id: 7}]}}];
    const cells = [
        [5, "2026-03-02", 8],
        [5, "2026-03-03", 8],
    ];
    expect(listUndo(rows, cells)).toEqual([
        [5, "2026-03-02", 7],
        [5, "2026-03-03", false],
    ]);
});

test("hours are short", () => {
    expect(formatGridHours(7.5)).toBe("7.5");
    expect(formatGridHours(40)).toBe("40");
    expect(formatClock(8)).toBe("8");
    expect(formatClock(8.5)).toBe("8:30");
    expect(formatClock(24)).toBe("0");
});
