import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {
    describeError,
    formatHours,
    formatSigned,
    isSameTime,
    parseHours,
} from "@auto_service_base/labour_picker/labour_format";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {ConnectionLostError, RPCError} from "@web/core/network/rpc";

describe.current.tags("headless");
beforeEach(() => allowTranslations());

test("hours are shown as a clock, and a missing time is not zero", () => {
    expect(formatHours(1.75)).toBe("1:45");
    expect(formatHours(0)).toBe("0:00");
    expect(formatHours(null)).toBe("–");
    expect(formatHours(undefined)).toBe("–");
    expect(formatHours(false)).toBe("–");
});

test("deductions and additions have a sign", () => {
    expect(formatSigned(-0.8)).toBe("−0:48");
    expect(formatSigned(0.25)).toBe("+0:15");
    expect(formatSigned(0)).toBe("");
    expect(formatSigned(null)).toBe("");
});

test("hours are understood in every spelling", () => {
    const cases = [
        ["1:45", 1.75],
        ["1.75", 1.75],
        ["1,75", 1.75],
        [",5", 0.5],
        ["2", 2],
        [" 2 ", 2],
        ["1h45", 1.75],
        ["1h", 1],
        ["1h45min", 1.75],
        ["105min", 1.75],
        ["45m", 0.75],
        ["45'", 0.75],
        ["0", 0],
        ["", null],
        ["  ", null],
    ];
    for (const [text, hours] of cases) {
        expect(parseHours(text)).toBe(hours, {message: `“${text}”`});
    }
});

test("what is no time is refused in one sentence", () => {
    for (const text of ["-1", "abc", "1:75", "1.2.3", "1e3", "1 200", "1:2:3"]) {
        expect(() => parseHours(text)).toThrow(/is no time/, {message: `“${text}”`});
    }
});

test("two times are the same when the screen shows the same", () => {
    expect(isSameTime(1.2501, 1.25)).toBe(true);
    expect(isSameTime(1.25, 1.5)).toBe(false);
    expect(isSameTime(null, 0)).toBe(false);
});

test("errors are one sentence", () => {
    const refused = new RPCError();
    refused.data = {message: "The visit is closed.\nTraceback"};
    expect(describeError(refused)).toBe("The visit is closed.");
    expect(describeError(new ConnectionLostError("/web"))).toMatch(/does not answer/);
    expect(describeError(new Error(""))).toMatch(/could not do that/);
});
