import {PartBalance} from "@auto_service_warehouse/part_balance/part_balance";
import {
    describeOrder,
    formatDay,
    formatPrice,
    isLate,
} from "@auto_service_warehouse/part_balance/part_balance_format";
import {describe, expect, test} from "@odoo/hoot";
import {Deferred, advanceTime} from "@odoo/hoot-mock";
import {makeMockEnv} from "@web/../tests/web_test_helpers";

const {DateTime} = luxon;

describe.current.tags("headless");

const PART = {id: 7, code: "OC 90", name: "Oil filter", free: 2};

/** Model with answers by method; what was asked is in ``calls``. */
function makeModel(answers, options = {}) {
    const calls = [];
    const model = new PartBalance({
        call: async (_name, method, args) => {
            calls.push([method, args]);
            const answer = answers[method];
            return typeof answer === "function" ? answer(...args) : answer;
        },
        ...options,
    });
    model.calls = calls;
    return model;
}

const getMethods = (model) => model.calls.map(([method]) => method);

test("typing asks when the fingers rest", async () => {
    const model = makeModel({search_parts: [PART]});
    model.type("o");
    model.type("oc");
    model.type("oc 9");
    expect(model.calls).toEqual([]);
    await advanceTime(200);
    expect(model.calls).toEqual([["search_parts", ["oc 9"]]]);
    expect(model.found).toEqual([PART]);
    expect(model.isOpen).toBe(true);
});

test("an older answer never covers a newer one", async () => {
    const slow = new Deferred();
    const model = makeModel({
        search_parts: (text) => (text === "o" ? slow : [PART]),
    });
    const first = model.search("o");
    await model.search("oc 90");
    slow.resolve([{id: 1}, {id: 2}]);
    await first;
    expect(model.found).toEqual([PART]);
});

test("Enter shows what was scanned, also before the answer", async () => {
    const model = makeModel({search_parts: [PART], get_balance: {totals: {}}});
    model.text = "4001234567899";
    await model.choose();
    expect(getMethods(model)).toEqual(["search_parts", "get_balance"]);
    expect(model.productId).toBe(7);
    expect(model.isOpen).toBe(false);
});

test("Enter without a hit shows nothing", async () => {
    const model = makeModel({search_parts: []});
    model.text = "nothing";
    await model.choose();
    expect(getMethods(model)).toEqual(["search_parts"]);
    expect(model.isOpen).toBe(true);
    expect(model.productId).toBe(false);
});

test("equivalents come after the part, and only where they are known", async () => {
    const model = makeModel({
        get_balance: {has_equivalents: true},
        get_equivalents: [{id: 8}],
    });
    await model.show(7);
    expect(model.equivalents).toEqual([{id: 8}]);
    const alone = makeModel({get_balance: {}});
    await alone.show(7);
    expect(getMethods(alone)).toEqual(["get_balance"]);
});

test("what is reserved is let go, what waits is reserved", async () => {
    const model = makeModel({reserve: {name: "then"}, unreserve: {name: "now"}});
    model.productId = 7;
    await model.toggleReserved({id: 3}, true);
    expect(model.balance).toEqual({name: "now"});
    await model.toggleReserved({id: 4}, false);
    expect(model.calls).toEqual([
        ["unreserve", [7, 3]],
        ["reserve", [7, 4]],
    ]);
});

test("a refusal is a sentence on the screen, the figures stay", async () => {
    const model = makeModel({
        get_balance: {name: "before"},
        reserve: () => {
            throw new Error("Only 1 is free.");
        },
    });
    await model.show(7);
    await model.toggleReserved({id: 4}, false);
    expect(model.balance).toEqual({name: "before"});
    expect(Boolean(model.error)).toBe(true);
    expect(model.isLoading).toBe(false);
});

test("days are told as people say them", async () => {
    await makeMockEnv();
    const now = DateTime.fromISO("2026-11-22T12:00:00", {zone: "utc"});
    const say = (text) => `${formatDay(text, now)}`;
    expect(say("2026-11-22 20:00:00")).toBe("Today");
    expect(say("2026-11-23 01:00:00")).toBe("Tomorrow");
    expect(say("2026-11-21 23:00:00")).toBe("Yesterday");
    expect(formatDay("2025-03-01 10:00:00", now)).toMatch(/2025/);
    expect(formatDay(false, now)).toBe("");
    expect(isLate("2026-11-21 23:00:00", now)).toBe(true);
    expect(isLate("2026-11-22 01:00:00", now)).toBe(false);
});

test("prices that are not for the user are empty", async () => {
    await makeMockEnv();
    expect(formatPrice(undefined, 1)).toBe("");
    expect(`${describeOrder({state: "sent"})}`).toBe("Asked");
});
