import {
    fitLength,
    getCapacities,
    getFullness,
    getLoads,
    getPercent,
    isFree,
    isWorking,
    sumLoads,
} from "@auto_service_booking/board/board_load";
import {DAY} from "@auto_service_booking/board/board_axis";
import {describe, expect, test} from "@odoo/hoot";

describe.current.tags("headless");

const WORK = [
    [480, 720],
    [780, 1020],
    [DAY + 480, DAY + 720],
];
const BLOCK = {block: 1, start: 540, stop: 660};

test("capacity is counted by day, also of a shift over midnight", () => {
    expect(getCapacities(WORK, 3)).toEqual([480, 240, 0]);
    expect(getCapacities([[DAY - 120, DAY + 360]], 2)).toEqual([120, 360]);
    expect(getCapacities([[-60, 60]], 1)).toEqual([60]);
});

test("load is what is booked against the hours of the row", () => {
    const loads = getLoads([BLOCK], WORK, [480, 240, 0]);
    expect(loads[0]).toEqual({booked: 120, capacity: 480});
    expect(getPercent(loads[0])).toBe(25);
    expect(sumLoads(loads)).toEqual({booked: 120, capacity: 720});
});

test("a pause in the bay counts as far as the bay would have worked", () => {
    const gap = {block: 2, start: 660, stop: DAY + 540, is_gap: true};
    const loads = getLoads([gap], WORK, [480, 240, 0]);
    expect(loads.map(({booked}) => booked)).toEqual([300, 60, 0]);
});

test("overtime is more than full, and a closed day has no load", () => {
    expect(getFullness({booked: 500, capacity: 480})).toBe("over");
    expect(getFullness({booked: 470, capacity: 480})).toBe("full");
    expect(getFullness({booked: 400, capacity: 480})).toBe("busy");
    expect(getFullness({booked: 100, capacity: 480})).toBe("free");
    expect(getPercent({booked: 0, capacity: 0})).toBe(null);
    expect(getPercent({booked: 30, capacity: 0})).toBe(100);
});

test("neighbours may touch, and a block is not in its own way", () => {
    expect(isFree([BLOCK], 660, 720)).toBe(true);
    expect(isFree([BLOCK], 480, 540)).toBe(true);
    expect(isFree([BLOCK], 600, 700)).toBe(false);
    expect(isFree([BLOCK], 600, 700, 1)).toBe(true);
});

test("work goes on where one span follows the other", () => {
    expect(isWorking(WORK, 480, 720)).toBe(true);
    expect(isWorking(WORK, 600, 800)).toBe(false);
    expect(
        isWorking(
            [
                [0, 60],
                [60, 120],
            ],
            30,
            90,
        ),
    ).toBe(true);
});

test("a click takes the usual length, up to the next block or the end of work", () => {
    expect(fitLength([], WORK, 480, 60, 15)).toBe(60);
    expect(fitLength([BLOCK], WORK, 510, 60, 15)).toBe(30);
    expect(fitLength([], WORK, 1005, 60, 15)).toBe(15);
    expect(fitLength([], [], 1200, 60, 15)).toBe(60);
});
