import {describe, expect, test} from "@odoo/hoot";
import {LatestCall} from "@auto_service_base/labour_picker/latest_call";
import {Deferred} from "@odoo/hoot-mock";

describe.current.tags("headless");

test("one call at a time, and of those that wait only the last", async () => {
    const calls = new LatestCall();
    const first = new Deferred();
    calls.run(async () => {
        expect.step("first");
        await first;
        expect.step(calls.isOutdated ? "first is outdated" : "first counts");
    });
    calls.run(async () => expect.step("second"));
    const last = calls.run(async () => {
        expect.step(calls.isOutdated ? "third is outdated" : "third counts");
    });
    expect.verifySteps(["first"]);
    first.resolve();
    await last;
    expect.verifySteps(["first is outdated", "third counts"]);
    expect(calls.running).toBe(null);
});

test("it goes on after a task that failed", async () => {
    const calls = new LatestCall();
    await expect(
        calls.run(async () => {
            throw new Error("no");
        }),
    ).rejects.toThrow("no");
    await calls.run(async () => expect.step("again"));
    expect.verifySteps(["again"]);
});
