import {describe, expect, test} from "@odoo/hoot";
import {BoardView} from "@auto_service_booking/board/board_view";

describe.current.tags("headless");

function getIcons(block) {
    return BoardView.prototype._getIcons(block, "").map(({name}) => name);
}

test("a tick when all parts are ready", () => {
    expect(getIcons({parts_light: "ready"})).toEqual(["check-circle text-success"]);
});

test("missing and coming parts have marks of their own", () => {
    expect(getIcons({parts_light: "missing"})).toEqual(["cubes text-danger"]);
    expect(getIcons({parts_light: "coming"})).toEqual(["cubes text-warning"]);
});

test("nothing is said of work without parts", () => {
    expect(getIcons({parts_light: null})).toEqual([]);
});

test("what the suppliers say already is not said twice", () => {
    const icons = getIcons({parts_light: "missing", parts: "missing"});
    expect(icons.filter((name) => name.startsWith("cubes")).length).toBeLessThan(2);
});
