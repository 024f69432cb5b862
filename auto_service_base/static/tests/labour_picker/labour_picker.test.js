import {openLabourPicker} from "@auto_service_base/labour_picker/labour_picker_entry";
import {LabourPickerDialog} from "@auto_service_base/labour_picker/labour_picker_dialog";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {edit, fill, press, queryAllTexts} from "@odoo/hoot-dom";
import {Deferred, advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    getMockEnv,
    getService,
    makeServerError,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {LabourTestServer} from "./labour_test_server";

describe.current.tags("desktop");
defineMailModels();

const SEARCH = ".o_labour_search_input";
const PAUSE_MS = 200;

let server = null;
let orderId = 100;

beforeEach(() => {
    server = new LabourTestServer().start();
    // Each test has a visit of its own: baskets are kept by visit.
    orderId += 1;
});

async function open(props = {}) {
    await mountWithCleanup(MainComponentsContainer);
    return reopen(props);
}

async function reopen(props = {}) {
    getService("dialog").add(LabourPickerDialog, {orderId, ...props});
    await animationFrame();
    await animationFrame();
}

async function settle() {
    await animationFrame();
    await animationFrame();
}

async function search(text) {
    await contains(SEARCH).click();
    await edit(text);
    await advanceTime(PAUSE_MS);
    await settle();
}

/** Belt and pump, as an advisor with a keyboard picks them. */
async function pickBeltAndPump() {
    await contains("[data-tab=all]").click();
    for (const text of ["belt", "pump"]) {
        await search(text);
        await press("Enter");
        await settle();
    }
}

function line(name) {
    return `.o_labour_line:has(.o_labour_line_name:contains(${name}))`;
}

test("opens on what fits this car, with the cursor in the search box", async () => {
    await open();
    expect(SEARCH).toBeFocused();
    expect(queryAllTexts(".o_labour_item_name")).toEqual([
        "Oil service",
        "Timing belt",
    ]);
    expect(".o_labour_plate").toHaveText("123 ABC");
    expect(".o_labour_warranty").toHaveCount(1);
    expect("[data-tab=due] .badge").toHaveText("2");
    expect(".o_labour_apply").not.toBeEnabled();
    expect(server.getCalls("search_labour_catalogue")).toEqual([
        ["", "fit", {}, 0, 40],
    ]);
});

test("a missing time is said plainly", async () => {
    await open();
    await contains("[data-tab=all]").click();
    await settle();
    expect(".o_labour_item:contains(Tensioner)").toHaveText(/No time known/);
    expect(".o_labour_item:contains(Timing belt) .o_labour_item_hours").toHaveText(
        "3:00 h",
    );
});

test("one request when the fingers rest, old rows stay while it runs", async () => {
    await open();
    await contains("[data-tab=all]").click();
    await settle();
    server.calls = [];
    const slow = new Deferred();
    server.waiting.search_labour_catalogue = slow;
    await contains(SEARCH).click();
    for (const text of ["p", "pu", "pum", "pump"]) {
        await fill(text.at(-1));
        await advanceTime(50);
    }
    expect(server.calls).toHaveLength(0);
    await advanceTime(PAUSE_MS);
    expect(server.getCalls("search_labour_catalogue")).toEqual([
        ["pump", "all", {}, 0, 40],
    ]);
    expect(".o_labour_item").toHaveCount(4);
    expect(".o_labour_search .o_labour_busy").toHaveCount(1);
    slow.resolve();
    await settle();
    expect(queryAllTexts(".o_labour_item_name")).toEqual(["Water pump"]);
    expect(".o_labour_busy").toHaveCount(0);
});

test("arrows choose, Enter adds, the text is ready to be overwritten", async () => {
    await open();
    await contains("[data-tab=all]").click();
    await settle();
    await contains(SEARCH).click();
    await press("ArrowDown");
    await press("ArrowDown");
    await press("ArrowUp");
    await animationFrame();
    expect(".o_labour_highlighted").toHaveText(/Water pump/);
    await press("Enter");
    await settle();
    expect(line("Water pump")).toHaveCount(1);
    expect(".o_labour_picked").toHaveText(/Water pump/);
    expect(SEARCH).toBeFocused();
});

test("Enter waits for the answer to what was typed", async () => {
    await open();
    await contains("[data-tab=all]").click();
    await settle();
    await contains(SEARCH).click();
    await edit("pump");
    await press("Enter");
    await settle();
    await settle();
    expect(queryAllTexts(".o_labour_line_name")).toEqual([
        "Water pump",
        "Drain coolant",
    ]);
});

test("belt and pump: shared work is deducted, with its reason", async () => {
    await open();
    await pickBeltAndPump();
    expect(`${line("Water pump")} .o_labour_alone`).toHaveText("2:30");
    expect(`${line("Water pump")} .o_labour_book`).toHaveText("1:00 h");
    expect(`${line("Water pump")} .o_labour_step`).toHaveText(
        "−1:30\nLess work together with “Timing belt”",
    );
    expect(`${line("Timing belt")} .o_labour_alone`).toHaveCount(0);
    expect(".o_labour_total_alone").toHaveText("5:48 h");
    expect(".o_labour_total_deducted").toHaveText("−1:30 shared");
    expect(".o_labour_total_hours").toHaveText("4:18 h");
    expect(".o_labour_total_amount").toHaveText("$ 258.00");
});

test("a row stands in the basket before the server has answered", async () => {
    await open();
    const slow = new Deferred();
    server.waiting.preview_labour = slow;
    await contains(".o_labour_item:contains(Timing belt)").click();
    expect(`${line("Timing belt")} .o_labour_book`).toHaveText("3:00 h");
    expect(`${line("Timing belt")} .o_labour_hours`).toHaveCount(0);
    slow.resolve();
    await settle();
    expect(`${line("Timing belt")} .o_labour_hours`).toHaveCount(1);
});

test("the same work is picked once", async () => {
    await open();
    await contains(".o_labour_item:contains(Timing belt)").click();
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    expect(".o_labour_line").toHaveCount(1);
});

test("the advisor judges otherwise, and goes back to the book", async () => {
    await open();
    await pickBeltAndPump();
    const input = `${line("Water pump")} .o_labour_hours`;
    await contains(input).click();
    await edit("1,5", {confirm: "Enter"});
    await settle();
    const [items] = server.getCalls("preview_labour").at(-1);
    expect(items.map((item) => item.judged)).toEqual([null, 1.5]);
    expect(`${line("Water pump")} .o_labour_judged`).toHaveText("1:30 h");
    expect(`${line("Water pump")} .o_labour_book`).toHaveText("1:00 h");
    expect(input).toHaveValue("1:30");
    expect(".o_labour_total_judged").toHaveText("+0:30 judged");
    expect(SEARCH).toBeFocused();
    await contains(`${line("Water pump")} .o_labour_unjudge`).click();
    await settle();
    expect(`${line("Water pump")} .o_labour_judged`).toHaveCount(0);
    expect(input).toHaveValue("");
});

test("hours that are no time are refused under the field", async () => {
    await open();
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    const asked = server.calls.length;
    await contains(".o_labour_hours").click();
    await edit("-2", {confirm: "Enter"});
    await settle();
    expect(".o_labour_line .invalid-feedback").toHaveText(/“-2” is no time/);
    expect(server.calls.length).toBe(asked);
});

test("Escape leaves the hours as they were", async () => {
    await open();
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    const asked = server.calls.length;
    await contains(".o_labour_hours").click();
    await edit("9");
    await press("Escape");
    await settle();
    expect(".o_labour_hours").toHaveValue("");
    expect(SEARCH).toBeFocused();
    expect(".o_dialog").toHaveCount(1);
    expect(server.calls.length).toBe(asked);
});

test("work without a time asks for hours and is counted", async () => {
    await open({tab: "all"});
    await contains(".o_labour_item:contains(Tensioner)").click();
    await settle();
    expect(`${line("Tensioner")} .o_labour_unknown`).toHaveCount(1);
    expect(".o_labour_unknown_count").toHaveText("1 without a time");
    await contains(`${line("Tensioner")} .o_labour_hours`).click();
    await edit("45m", {confirm: "Enter"});
    await settle();
    expect(`${line("Tensioner")} .o_labour_unknown`).toHaveCount(0);
    expect(`${line("Tensioner")} .o_labour_judged`).toHaveText("0:45 h");
    expect(".o_labour_unknown_count").toHaveCount(0);
});

test("an option is ticked", async () => {
    await open();
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    await contains(".o_labour_option input").click();
    await settle();
    const [items] = server.getCalls("preview_labour").at(-1);
    expect(items[0].options).toEqual([21]);
    expect(".o_labour_option input").toBeChecked();
    await contains(".o_labour_option input").click();
    await settle();
    expect(server.getCalls("preview_labour").at(-1)[0][0].options).toEqual([]);
});

test("required work says why, can be left out and put back", async () => {
    await open({tab: "all"});
    await contains(".o_labour_item:contains(Water pump)").click();
    await settle();
    expect(`${line("Drain coolant")} .o_labour_required`).toHaveText(
        "Needed for “Water pump”",
    );
    await contains(`${line("Drain coolant")} .o_labour_remove`).click();
    await settle();
    expect(line("Drain coolant")).toHaveCount(0);
    const [items] = server.getCalls("preview_labour").at(-1);
    expect(items[0].skip_required).toEqual([4]);
    await contains(".o_labour_skipped button").click();
    await settle();
    expect(line("Drain coolant")).toHaveCount(1);
});

test("judging required work makes it the advisor's own", async () => {
    await open({tab: "all"});
    await contains(".o_labour_item:contains(Water pump)").click();
    await settle();
    await contains(`${line("Drain coolant")} .o_labour_hours`).click();
    await edit("0:30", {confirm: "Enter"});
    await settle();
    expect(`${line("Drain coolant")} .o_labour_judged`).toHaveText("0:30 h");
    expect(`${line("Drain coolant")} .o_labour_required`).toHaveCount(0);
    expect(".o_labour_line").toHaveCount(2);
});

test("a suggestion is added with one click", async () => {
    await open();
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    expect(".o_labour_suggestion").toHaveAttribute(
        "title",
        "usually follows “Timing belt”",
    );
    await contains(".o_labour_suggestion").click();
    await settle();
    expect(line("Tensioner")).toHaveCount(1);
    expect(".o_labour_suggestion").toHaveCount(0);
});

test("the other times are one click away", async () => {
    await open();
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    expect(".o_labour_others").toHaveCount(0);
    await contains(".o_labour_line .o_labour_source").click();
    expect(".o_labour_others").toHaveText(/3:00 h.*Own times[^]*3:24 h.*Maker/);
});

test("a package shows its parts and goes as a whole", async () => {
    await open();
    await contains(".o_labour_item:contains(Oil service)").click();
    await settle();
    expect(".o_labour_package_name").toHaveText("Oil service");
    expect(".o_labour_package").toHaveText(/\$ 99.00/);
    expect(line("Engine oil")).toHaveText(/4.3 L/);
    expect(".o_labour_hint").toHaveText("Capacity not known");
    expect(`${line("Engine oil")} .o_labour_remove`).toHaveCount(0);
    expect(".o_labour_job").toHaveText("A package is a job of its own.");
    await contains(".o_labour_package button").click();
    await settle();
    expect(".o_labour_line").toHaveCount(0);
});

test("filters go to the server and are taken off at once", async () => {
    await open();
    await contains("[data-filter=kind]").click();
    await contains(".o-dropdown-item:contains(Repair)").click();
    await settle();
    expect(server.getCalls("search_labour_catalogue").at(-1)[2]).toEqual({
        kind: "repair",
    });
    expect("[data-filter=kind]").toHaveText("Repair");
    expect("[data-filter=coverage]").toHaveCount(0);
    await contains(".o_labour_clear_filters").click();
    await settle();
    expect(server.getCalls("search_labour_catalogue").at(-1)[2]).toEqual({});
});

test("nothing found: the whole catalogue is one click away", async () => {
    await open();
    await search("pump");
    expect(".o_labour_nothing").toHaveText(/Nothing here for “pump”/);
    await contains(".o_labour_search_all").click();
    await settle();
    expect(queryAllTexts(".o_labour_item_name")).toEqual(["Water pump"]);
});

test("Ctrl+Enter puts it on the estimate, hours that are being typed too", async () => {
    await open({
        onChanged: () => expect.step("changed"),
    });
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    await contains(".o_labour_hours").click();
    await edit("4");
    await press(["control", "Enter"]);
    await settle();
    const [items, job] = server.getCalls("apply_labour")[0];
    expect(items).toMatchObject([{operation_id: 1, judged: 4}]);
    expect(job).toEqual({name: "Timing belt"});
    expect.verifySteps(["changed"]);
    expect(".o_dialog").toHaveCount(0);
});

test("the work goes to a job that is there, or to a new one by name", async () => {
    await open();
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    await contains(".o_labour_job_name").edit("Engine");
    expect(".o_labour_job_select").toHaveValue("");
    await contains(".o_labour_job_select").select("11");
    expect(".o_labour_job_name").toHaveCount(0);
    await contains(".o_labour_apply").click();
    expect(server.getCalls("apply_labour")[0][1]).toEqual({id: 11});
});

test("a refusal is one sentence and loses nothing", async () => {
    await open();
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    server.failing.apply_labour = makeServerError({message: "The visit is closed."});
    await contains(".o_labour_apply").click();
    await settle();
    expect(".o_labour_error").toHaveText("The visit is closed.");
    expect(".o_labour_line").toHaveCount(1);
    expect(".o_labour_apply").toBeEnabled();
    server.failing = {};
    await contains(".o_labour_apply").click();
    await settle();
    expect(".o_dialog").toHaveCount(0);
});

test("a basket that was closed by mistake is still there", async () => {
    await open();
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    await press("Escape");
    await settle();
    expect(".o_dialog").toHaveCount(0);
    await reopen();
    await settle();
    expect(line("Timing belt")).toHaveCount(1);
    expect(".o_labour_restored").toHaveCount(1);
    await contains(".o_labour_discard").click();
    await reopen();
    await settle();
    expect(".o_labour_line").toHaveCount(0);
});

test("Escape clears the text first", async () => {
    await open();
    await search("pump");
    await press("Escape");
    await settle();
    expect(".o_dialog").toHaveCount(1);
    expect(SEARCH).toHaveValue("");
    expect(".o_labour_item").toHaveCount(2);
});

test("the car turns out to have another engine: everything is asked again", async () => {
    server.info.vehicle.candidates = [{id: 9, name: "Golf 2.0", why: "engine CBAB"}];
    await open({onChanged: () => expect.step("changed")});
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    server.calls = [];
    await contains(".o_labour_candidates").click();
    await contains(".o-dropdown-item:contains(Golf 2.0)").click();
    await settle();
    expect(server.getCalls("take_vehicle_type")).toEqual([[9]]);
    expect(server.getCalls("search_labour_catalogue")).toHaveLength(1);
    expect(server.getCalls("preview_labour")).toHaveLength(1);
    expect(".o_labour_type").toHaveText("Golf 2.0");
    await contains(".o_labour_discard").click();
    expect.verifySteps(["changed"]);
});

test("what stands on the estimate already is shown with what changes", async () => {
    const preview = server.preview_labour.bind(server);
    server.preview_labour = (items) => {
        const answer = preview(items);
        answer.lines.unshift({
            ...server._getLine(
                {key: "line:8", operation_id: 2},
                items.length ? [1] : [],
            ),
            existing: true,
            hours_before: 2.5,
        });
        return answer;
    };
    await open();
    expect(".o_labour_existing").toHaveCount(1);
    expect(".o_labour_existing .o_labour_step").toHaveCount(0);
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    expect(".o_labour_existing .o_labour_alone").toHaveText("2:30");
    expect(".o_labour_existing .o_labour_book").toHaveText("1:00 h");
    expect(".o_labour_existing .o_labour_remove").toHaveCount(0);
    expect(".o_labour_existing input").toHaveCount(0);
});

test("an action of the server opens it and reads the form again", async () => {
    await mountWithCleanup(MainComponentsContainer);
    openLabourPicker(
        getMockEnv(),
        {params: {order_id: orderId, tab: "all"}},
        {onClose: () => expect.step("form is read")},
    );
    await settle();
    await settle();
    expect("[data-tab=all]").toHaveClass("active");
    await contains(".o_labour_item:contains(Timing belt)").click();
    await settle();
    await contains(".o_labour_apply").click();
    await settle();
    expect.verifySteps(["form is read"]);
    expect(".o_dialog").toHaveCount(0);
});
