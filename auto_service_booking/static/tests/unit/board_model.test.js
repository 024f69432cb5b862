import {getLook, matchesText} from "@auto_service_booking/board/board_block";
import {BoardModel} from "@auto_service_booking/board/board_model";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {Deferred, advanceTime} from "@odoo/hoot-mock";
import {allowTranslations} from "@web/../tests/web_test_helpers";

describe.current.tags("headless");
beforeEach(() => allowTranslations());

const WINDOW = {company_id: 1, first: "2026-03-02", days: 1, wall: false};
const FIELDS = ["block", "start", "stop", "resources", "replans", "state"];

class Server {
    constructor() {
        this.rows = new Map([
            [1, [1, 540, 660, [10, 30], ["", ""], "planned"]],
            [2, [2, 700, 760, [11], [""], "planned"]],
        ]);
        this.calls = [];
        this.answer = {};
        this.sentences = [];
    }

    pick(numbers) {
        return {
            block_fields: FIELDS,
            blocks: numbers
                .filter((n) => this.rows.has(n))
                .map((n) => this.rows.get(n)),
            services: {},
        };
    }

    async call(method, args) {
        this.calls.push([method, ...args]);
        if (this.answer[method]) {
            return this.answer[method](...args);
        }
        if (method === "get_board") {
            return {
                ...this.pick([...this.rows.keys()]),
                window: WINDOW,
                rows: [
                    {id: 10, name: "Lift 1", role: "bay", skills: []},
                    {id: 11, name: "Lift 2", role: "bay", skills: []},
                    {id: 30, name: "Toomas", role: "technician", skills: [5]},
                ],
                patterns: [[[480, 1020]]],
                work: [0, 0, 0],
                companies: [[1, "Garage"]],
                slot: 15,
                now: 420,
                can_edit: true,
            };
        }
        return this.pick(args[0]);
    }
}

async function makeModel() {
    const server = new Server();
    const model = new BoardModel({
        call: (method, args) => server.call(method, args),
        ask: async (problems) => {
            server.sentences.push(...problems);
            return server.agrees;
        },
        notify: (text) => server.sentences.push(text),
    });
    await model.load();
    return {model, server};
}

test("blocks lie on every row that they keep", async () => {
    const {model} = await makeModel();
    expect(model.getBlocks(10)).toHaveLength(1);
    expect(model.getBlocks(30)).toHaveLength(1);
    expect(model.roles).toEqual(["bay", "technician"]);
});

test("a move is seen at once and stays when the server agrees", async () => {
    const {model, server} = await makeModel();
    const waiting = new Deferred();
    server.answer.move_block = () => waiting;
    const moving = model.move(1, {start: 600, source: 10, target: 11});
    expect(model.blocks.get(1).start).toBe(600);
    expect(model.getBlocks(11).map(({block}) => block)).toEqual([1, 2]);
    expect(model.getBlocks(10)).toHaveLength(0);
    server.rows.set(1, [1, 600, 720, [11, 30], ["", ""], "planned"]);
    waiting.resolve(server.pick([1]));
    expect(await moving).toBe(true);
    expect(model.blocks.get(1).resources).toEqual([11, 30]);
    expect(model.pending.size).toBe(0);
});

test("a move that lost the race jumps back with the reason", async () => {
    const {model, server} = await makeModel();
    server.answer.move_block = () => {
        throw Object.assign(new Error(), {data: {message: "Lift 2 is taken."}});
    };
    expect(await model.move(1, {start: 690, source: 10, target: 11})).toBe(false);
    expect(model.blocks.get(1).start).toBe(540);
    expect(model.getBlocks(10)).toHaveLength(1);
    expect(server.sentences).toEqual(["Lift 2 is taken."]);
    expect(model.refused.has(1)).toBe(true);
    await advanceTime(1000);
    expect(model.refused.has(1)).toBe(false);
});

test("overtime is asked, and left when nobody wants it", async () => {
    const {model, server} = await makeModel();
    server.answer.move_block = (number, change) =>
        change.allow ? server.pick([number]) : {problems: ["It is closed."]};
    server.agrees = false;
    expect(await model.move(1, {start: 1080})).toBe(false);
    expect(model.blocks.get(1).start).toBe(540);
    server.agrees = true;
    server.rows.set(1, [1, 1080, 1200, [10, 30], ["", ""], "planned"]);
    expect(await model.move(1, {start: 1080})).toBe(true);
    expect(model.blocks.get(1).start).toBe(1080);
    expect(server.sentences).toEqual(["It is closed.", "It is closed."]);
});

test("the last move is taken back to where it was", async () => {
    const {model, server} = await makeModel();
    server.answer.move_block = () => server.pick([1]);
    server.rows.set(1, [1, 600, 720, [11, 30], ["", ""], "planned"]);
    await model.move(1, {start: 600, source: 10, target: 11});
    await model.undo();
    expect(server.calls.at(-1).slice(0, 3)).toEqual([
        "move_block",
        1,
        {start: 540, stop: 660, allow: true, source: 11, target: 10},
    ]);
    expect(model.canUndo).toBe(false);
});

test("changes of colleagues come in one request, what is gone goes", async () => {
    const {model, server} = await makeModel();
    server.calls = [];
    server.rows.delete(2);
    server.rows.set(1, [1, 480, 540, [10, 30], ["", ""], "started"]);
    model.onMessage({company_id: 1, blocks: [1], all: false});
    model.onMessage({company_id: 1, blocks: [2], all: false});
    await model.refreshing;
    expect(server.calls).toEqual([["get_board_blocks", [1, 2], WINDOW]]);
    expect([...model.blocks.keys()]).toEqual([1]);
    expect(model.blocks.get(1).start).toBe(480);
    model.onMessage({company_id: 2, blocks: [1], all: false});
    expect(server.calls).toHaveLength(1);
});

test("an older answer never overwrites a newer one", async () => {
    const {model, server} = await makeModel();
    const old = server.pick([1]);
    model.stamp = 10;
    server.rows.set(1, [1, 600, 720, [10, 30], ["", ""], "planned"]);
    model._apply(server.pick([1]), [1], 9, WINDOW);
    model._apply(old, [1], 8, WINDOW);
    expect(model.blocks.get(1).start).toBe(600);
});

test("only rows that changed are other objects", async () => {
    const {model, server} = await makeModel();
    const other = model.getBlocks(11);
    const own = model.getBlocks(10);
    server.rows.set(1, [1, 480, 540, [10, 30], ["", ""], "planned"]);
    await model.refresh([1]);
    expect(model.getBlocks(11)).toBe(other);
    expect(model.getBlocks(10)).not.toBe(own);
});

test("filters leave the technicians who have the skill", async () => {
    const {model} = await makeModel();
    model.setRole("technician");
    model.setFilter("skill", 7);
    expect(model.shownRows).toHaveLength(0);
    model.setFilter("skill", 5);
    expect(model.shownRows).toHaveLength(1);
});

test("a block looks like its state, and red when it has to be replanned", () => {
    const block = {replans: [""], state: "planned", booking_state: "confirmed"};
    expect(getLook(block)).toBe("confirmed");
    expect(getLook({...block, state: "started"})).toBe("work");
    expect(getLook({...block, replans: ["", "absent"]})).toBe("replan");
    expect(getLook({...block, state: "held"})).toBe("held");
    expect(getLook({...block, booking_state: null, order: 4})).toBe("arrived");
    expect(getLook({...block, booking_state: null})).toBe("event");
    expect(getLook({...block, is_foreign: true})).toBe("foreign");
});

test("a plate is found however it is written", () => {
    const block = {plate: "123-ABC", customer: "Mari Tamm"};
    expect(matchesText(block, "123 abc", {})).toBe(true);
    expect(matchesText(block, "mari", {})).toBe(true);
    expect(matchesText(block, "999", {})).toBe(false);
});
