import {describe, expect, test} from "@odoo/hoot";
import {BoardView} from "@auto_service_booking/board/board_view";

describe.current.tags("headless");

function getIcons(block) {
    return BoardView.prototype._getIcons(block, "").map(({name}) => name);
}

test("work whose parts are missing is marked", () => {
    expect(getIcons({parts: "missing"})).toEqual(["cubes text-danger"]);
});

test("parts that are on the way have a mark of their own, beside the others", () => {
    expect(getIcons({parts: "coming", has_note: true})).toEqual(["comment-o", "truck"]);
});

test("nothing is said of parts that are here", () => {
    expect(getIcons({parts: null})).toEqual([]);
});
