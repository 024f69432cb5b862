import {registry} from "@web/core/registry";

const BOARD = ".o_board";

/** The row of a bay or technician. */
function row(name) {
    return `${BOARD} .o_board_row:has(.o_board_name_title:contains("${name}"))`;
}

/** A block in a row. */
function block(name, text) {
    return `${row(name)} .o_board_block:contains("${text}")`;
}

function send(target, type, x, y) {
    target.dispatchEvent(
        new PointerEvent(type, {
            bubbles: true,
            cancelable: true,
            pointerId: 1,
            pointerType: "mouse",
            isPrimary: true,
            button: 0,
            buttons: type === "pointerup" ? 0 : 1,
            clientX: x,
            clientY: y,
        }),
    );
}

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Drag as a hand does: press, some moves, release. */
async function drag(element, from, to) {
    send(element, "pointerdown", from.x, from.y);
    for (let step = 1; step <= 6; step++) {
        const part = step / 6;
        const x = from.x + (to.x - from.x) * part;
        const y = from.y + (to.y - from.y) * part;
        send(window, "pointermove", x, y);
        await frame();
    }
    send(window, "pointerup", to.x, to.y);
}

/** Px of an hour on the day that is shown: from the lines of the board. */
function getHour() {
    const hours = document.querySelectorAll(`${BOARD} .o_board_hour`);
    const lefts = [...hours].map((hour) => hour.getBoundingClientRect().left);
    const count = hours.length - 1;
    return (lefts[count] - lefts[0]) / count;
}

function getRow(name) {
    return [...document.querySelectorAll(`${BOARD} .o_board_row`)].find((element) =>
        element.innerText.includes(name),
    );
}

function getBlock(name, text) {
    return [...getRow(name).querySelectorAll(".o_board_block")].find((element) =>
        element.innerText.includes(text),
    );
}

/** Where to take a block: near its beginning, off the edge. */
function getGrip(element) {
    const box = element.getBoundingClientRect();
    return {x: box.left + Math.min(box.width / 2, 20), y: box.top + box.height / 2};
}

async function moveBlock({from, text, to, hours}) {
    const element = getBlock(from, text);
    const grip = getGrip(element);
    const target = getRow(to).getBoundingClientRect();
    await drag(element, grip, {
        x: grip.x + hours * getHour(),
        y: target.top + target.height / 2,
    });
}

async function pullEnd({name, text, hours}) {
    const element = getBlock(name, text);
    const box = element.getBoundingClientRect();
    const y = box.top + box.height / 2;
    await drag(
        element,
        {x: box.right - 2, y},
        {x: box.right - 2 + hours * getHour(), y},
    );
}

/** Draw on the free place behind a block. */
async function drawAfter({name, text, hours}) {
    const box = getBlock(name, text).getBoundingClientRect();
    const track = getRow(name).querySelector(".o_board_track");
    const y = box.top + box.height / 2;
    const x = box.right + getHour() / 8;
    await drag(track, {x, y}, {x: x + (hours - 0.25) * getHour(), y});
}

registry.category("web_tour.tours").add("auto_service_board", {
    steps: () => [
        {trigger: block("Tour lift 1", "TOUR 1")},
        {
            content: "to the other lift, two hours later",
            trigger: block("Tour lift 1", "TOUR 1"),
            run: () =>
                moveBlock({
                    from: "Tour lift 1",
                    text: "TOUR 1",
                    to: "Tour lift 2",
                    hours: 2,
                }),
        },
        {
            content: "it is there, and can be taken back",
            trigger: block("Tour lift 2", "TOUR 1"),
        },
        {trigger: `${BOARD} .o_board_undo`, run: "click"},
        {trigger: block("Tour lift 1", "TOUR 1")},
        {
            content: "longer by an hour",
            trigger: `${block("Tour lift 1", "TOUR 1")}:not(.o_board_pending)`,
            run: () => pullEnd({name: "Tour lift 1", text: "TOUR 1", hours: 1}),
        },
        {trigger: `${BOARD} .o_board_snack:contains(12:00)`},
        {
            content: "onto taken time: it jumps back with the reason",
            trigger: `${block("Tour lift 1", "TOUR 1")}:not(.o_board_pending)`,
            run: () =>
                moveBlock({
                    from: "Tour lift 1",
                    text: "TOUR 1",
                    to: "Tour lift 3",
                    hours: 0,
                }),
        },
        {trigger: ".o_notification:contains(Tour lift 3 is taken)"},
        {trigger: block("Tour lift 1", "TOUR 1")},
        {
            content: "the technicians have the same work",
            trigger: `${BOARD} [data-role=technician]`,
            run: "click",
        },
        {trigger: block("Toomas Mets", "TOUR 1")},
        {trigger: `${BOARD} [data-role=bay]`, run: "click"},
        {
            content: "what a click tells",
            trigger: block("Tour lift 3", "TOUR 3"),
            run() {
                const element = getBlock("Tour lift 3", "TOUR 3");
                const {x, y} = getGrip(element);
                send(element, "pointerdown", x, y);
                send(window, "pointerup", x, y);
            },
        },
        {trigger: ".o_board_card:contains(Tour lift 3)"},
        {trigger: ".o_board_card .btn-close", run: "click"},
        {
            content: "book behind it",
            trigger: block("Tour lift 3", "TOUR 3"),
            run: () => drawAfter({name: "Tour lift 3", text: "TOUR 3", hours: 1}),
        },
        {
            trigger: ".o_board_book .o_board_book_plate input",
            run: "edit TOUR 9",
        },
        {
            trigger: ".o_board_book input[name=customer]",
            run: "edit New Customer",
        },
        {
            trigger: ".o_board_book input[name=phone]",
            run: "edit +372 5559 9999",
        },
        {trigger: ".o_board_book_save:enabled", run: "click"},
        {trigger: block("Tour lift 3", "TOUR 9")},
        {
            content: "the week, with load of every day",
            trigger: `${BOARD} [data-scale=week]`,
            run: "click",
        },
        {trigger: `${BOARD} .o_board_day:eq(6)`},
        {trigger: `${BOARD} .o_board_day_load`},
    ],
});

registry.category("web_tour.tours").add("auto_service_board_keys", {
    steps: () => [
        {
            content: "arrows move, the fingers rest, it is there",
            trigger: block("Tour lift 1", "TOUR 1"),
            run() {
                const element = getBlock("Tour lift 1", "TOUR 1");
                element.focus();
                for (const key of ["ArrowDown", "ArrowRight", "ArrowRight", "Enter"]) {
                    element.dispatchEvent(
                        new KeyboardEvent("keydown", {key, bubbles: true}),
                    );
                }
            },
        },
        {trigger: block("Tour lift 2", "TOUR 1")},
        {trigger: `${BOARD} .o_board_snack:contains(9:30)`},
    ],
});

registry.category("web_tour.tours").add("auto_service_board_wall", {
    steps: () => [
        {trigger: ".o_board_wall .o_board_block:contains(Tour service)"},
        {
            content: "no plates on the wall",
            trigger: "body:not(:contains(TOUR 1))",
        },
    ],
});
