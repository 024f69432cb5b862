import {Scanner} from "@auto_service_warehouse/scan/scanner";
import {describe, expect, test} from "@odoo/hoot";
import {Deferred, advanceTime} from "@odoo/hoot-mock";
import {ConnectionLostError} from "@web/core/network/rpc";

describe.current.tags("headless");

const MODES = [
    {name: "lookup", label: "Look up", icon: "fa-search"},
    {name: "move", label: "Move", icon: "fa-exchange"},
];

function makeAnswer(values = {}) {
    return {
        mode: "move",
        state: {},
        tone: "ok",
        message: "Done",
        detail: "",
        buttons: [],
        choices: [],
        can_undo: false,
        screen: {prompt: "Scan", lines: []},
        ...values,
    };
}

/** A server that counts what it gets; ``handle`` answers, ``sent`` are its calls. */
function makeScanner({handle, kept} = {}) {
    let number = 0;
    const sent = [];
    const tones = [];
    const stored = {value: kept || null};
    const scanner = new Scanner({
        newToken: () => `token-${++number}`,
        call: async (method, args) => {
            if (method === "get_modes") {
                return MODES;
            }
            if (method === "start") {
                return makeAnswer({message: "", state: {begun: args[0]}});
            }
            sent.push(args);
            return handle ? handle(...args) : makeAnswer();
        },
        store: {
            load: () => stored.value,
            save: (value) => {
                stored.value = value && JSON.parse(JSON.stringify(value));
            },
        },
        onSaid: (tone) => tones.push(tone),
    });
    return {scanner, sent, tones, stored};
}

const getCodes = (sent) => sent.map(([, , event]) => event.code || event.action);

test("a scan is sent with the state of the answer before", async () => {
    const {scanner, sent, tones} = makeScanner({
        handle: (_token, _mode, {code}, {count = 0}) =>
            makeAnswer({message: code, state: {count: count + 1}}),
    });
    await scanner.load();
    await scanner.open("move");
    const first = scanner.scan("A-01");
    scanner.scan("OC90");
    await first;
    expect(getCodes(sent)).toEqual(["A-01", "OC90"]);
    expect(sent[1][3]).toEqual({count: 1});
    expect(scanner.state).toEqual({count: 2});
    expect(scanner.message).toBe("OC90");
    expect(tones).toEqual(["ok", "ok"]);
});

test("what is scanned on the tiles is looked up", async () => {
    const {scanner, sent} = makeScanner();
    await scanner.load();
    await scanner.scan("OC90");
    expect(sent[0].slice(1, 3)).toEqual(["lookup", {code: "OC90"}]);
});

test("scans wait while the connection is gone and are sent in order", async () => {
    let isGone = true;
    const {scanner, sent, stored} = makeScanner({
        handle: () => {
            if (isGone) {
                throw new ConnectionLostError("gone");
            }
            return makeAnswer();
        },
    });
    await scanner.load();
    await scanner.open("move");
    await scanner.scan("ONE");
    await scanner.scan("TWO");
    expect(scanner.isOffline).toBe(true);
    expect(scanner.waiting).toBe(2);
    expect(stored.value.queue.map(({event}) => event.code)).toEqual(["ONE", "TWO"]);
    isGone = false;
    sent.length = 0;
    await scanner.wake();
    expect(getCodes(sent)).toEqual(["ONE", "TWO"]);
    expect(sent[0][0]).toBe("token-1", {message: "the same scan keeps its name"});
    expect(scanner.isOffline).toBe(false);
    expect(scanner.waiting).toBe(0);
    expect(stored.value).toBe(null);
});

test("an answer that does not come is asked for again with the same token", async () => {
    const never = new Deferred();
    let turn = 0;
    const {scanner, sent} = makeScanner({
        handle: () => (++turn === 1 ? never : makeAnswer()),
    });
    await scanner.load();
    await scanner.open("move");
    const done = scanner.scan("ONE");
    await advanceTime(15000);
    await done;
    expect(scanner.isOffline).toBe(true);
    await advanceTime(3000);
    expect(sent.map(([token]) => token)).toEqual(["token-1", "token-1"]);
    expect(scanner.waiting).toBe(0);
});

test("scans of before a reload are sent", async () => {
    const kept = {
        mode: "move",
        state: {from: 3},
        queue: [{token: "old", mode: "move", event: {code: "LATE"}}],
    };
    const {scanner, sent} = makeScanner({kept});
    await scanner.load();
    expect(sent[0]).toEqual(["old", "move", {code: "LATE"}, {from: 3}]);
    expect(scanner.mode).toBe("move");
});

test("a question holds up the scans behind it", async () => {
    const {scanner, sent} = makeScanner({
        handle: (_token, _mode, {code}) =>
            code === "EXTRA"
                ? makeAnswer({tone: "ask", buttons: [{action: "more", label: "Yes"}]})
                : makeAnswer(),
    });
    await scanner.load();
    await scanner.open("move");
    await scanner.scan("EXTRA");
    scanner.scan("ONE");
    await scanner.scan("TWO");
    expect(getCodes(sent)).toEqual(["EXTRA"]);
    expect(scanner.waiting).toBe(2);
    await scanner.press({action: "more"});
    expect(getCodes(sent)).toEqual(["EXTRA", "more", "ONE", "TWO"]);
});

test("who wants none of the choices goes on", async () => {
    const {scanner, sent} = makeScanner({
        handle: (_token, _mode, {code}) =>
            code === "TWIN" ? makeAnswer({tone: "ask"}) : makeAnswer(),
    });
    await scanner.load();
    await scanner.open("move");
    await scanner.scan("TWIN");
    await scanner.scan("ONE");
    expect(getCodes(sent)).toEqual(["TWIN"]);
    await scanner.dismiss();
    expect(getCodes(sent)).toEqual(["TWIN", "ONE"]);
});

test("the last scan is taken back, a waiting one without asking", async () => {
    let isGone = false;
    const {scanner, sent} = makeScanner({
        handle: (token, _mode, {undo}) => {
            if (isGone) {
                throw new ConnectionLostError("gone");
            }
            return makeAnswer({can_undo: !undo});
        },
    });
    await scanner.load();
    await scanner.open("move");
    expect(scanner.canUndo).toBe(false);
    await scanner.scan("ONE");
    expect(scanner.undoable).toEqual(["token-1"]);
    isGone = true;
    await scanner.scan("TWO");
    scanner.undo();
    expect(scanner.waiting).toBe(0);
    isGone = false;
    await scanner.undo();
    expect(sent.at(-1)[2]).toEqual({undo: "token-1"});
    expect(scanner.canUndo).toBe(false);
});

test("an error of the server is said and the next scan goes on", async () => {
    const {scanner, sent, tones} = makeScanner({
        handle: (_token, _mode, {code}) => {
            if (code === "BAD") {
                throw new Error("broken");
            }
            return makeAnswer();
        },
    });
    await scanner.load();
    await scanner.open("move");
    await scanner.scan("BAD");
    expect(scanner.tone).toBe("error");
    await scanner.scan("GOOD");
    expect(scanner.tone).toBe("ok");
    expect(getCodes(sent)).toEqual(["BAD", "GOOD"]);
    expect(tones).toEqual(["error", "ok"]);
});

test("an answer that comes after another task was begun is not shown", async () => {
    const late = new Deferred();
    const {scanner} = makeScanner({handle: () => late});
    await scanner.load();
    await scanner.open("move");
    const done = scanner.scan("ONE");
    await scanner.open("lookup");
    late.resolve(makeAnswer({message: "too late"}));
    await done;
    expect(scanner.message).not.toBe("too late");
    expect(scanner.mode).toBe("lookup");
});

test("a typed quantity goes to the button of its row", async () => {
    const {scanner, sent} = makeScanner();
    await scanner.load();
    await scanner.open("move");
    await scanner.setQuantity({set: "set", key: 7}, 12);
    expect(sent[0][2]).toEqual({action: "set", args: {key: 7, quantity: 12}});
});
