import {registry} from "@web/core/registry";

const ROW = ".o_shift_row:has(.o_shift_name:contains('Tour Toomas'))";
const OTHER = ".o_shift_row:has(.o_shift_name:contains('Tour Jaan'))";

/** Selector of a cell; days count from the first one shown. */
function cell(row, day) {
    return `${row} td[data-day="${day}"]`;
}

/** Cell of the page that a selector of {@link cell} names. */
function find(selector) {
    const name = selector.includes("Toomas") ? "Tour Toomas" : "Tour Jaan";
    const day = selector.match(/data-day="(\d+)"/)[1];
    return [...document.querySelectorAll(".o_shift_row")]
        .find((row) => row.textContent.includes(name))
        .querySelector(`td[data-day="${day}"]`);
}

/** Press on one cell, go over to another one, let go: what the hand does. */
function drag(from, to, button = 0) {
    const send = (selector, type) =>
        find(selector).dispatchEvent(new PointerEvent(type, {bubbles: true, button}));
    return {
        content: `drag from ${from} to ${to}`,
        trigger: from,
        run() {
            send(from, "pointerdown");
            send(to, "pointerover");
            send(to, "pointerup");
        },
    };
}

registry.category("web_tour.tours").add("auto_service_shift_grid", {
    steps: () => [
        {
            content: "the week is there",
            trigger: `${ROW} .o_shift_name`,
        },
        {
            content: "take the day shift",
            trigger: ".o_shift_tool:contains('Tour day')",
            run: "click",
        },
        drag(cell(ROW, 1), cell(OTHER, 3)),
        {trigger: `${cell(ROW, 1)} .o_shift_entered:contains('08:00')`},
        {trigger: `${cell(OTHER, 3)} .o_shift_entered:contains('17:00')`},
        {
            content: "hours are summed",
            trigger: `${ROW} .o_shift_sum:contains('24')`,
        },
        {
            content: "the right button erases",
            trigger: cell(ROW, 2),
        },
        drag(cell(ROW, 2), cell(ROW, 2), 2),
        {trigger: `${cell(ROW, 2)}:not(:has(.o_shift_entered))`},
        {trigger: `${ROW} .o_shift_sum:contains('16')`},
        {
            content: "undo",
            trigger: ".o_shift_undo:enabled",
            run: "click",
        },
        {trigger: `${cell(ROW, 2)} .o_shift_entered`},
        {
            content: "by the keyboard: the letter of the night shift",
            trigger: cell(ROW, 5),
            async run(helpers) {
                find(cell(ROW, 5)).focus();
                await helpers.press("x");
            },
        },
        {trigger: `${cell(ROW, 5)} .o_shift_entered:contains('22:00')`},
        {
            content: "a rule for the month",
            trigger: ".o_shift_rule",
            run: "click",
        },
        {
            trigger: ".o_shift_rule_dialog .o_shift_preset:contains('5 on, 2 off')",
            run: "click",
        },
        {trigger: ".o_shift_rule_dialog .o_shift_preview .o_shift_chip"},
        {
            trigger: ".o_shift_overwrite",
            run: "click",
        },
        {
            trigger: ".o_shift_apply:enabled",
            run: "click",
        },
        {trigger: ".o_notification:contains('shifts entered')"},
        {trigger: `${ROW} .o_shift_sum:contains('40')`},
        {
            content: "the month",
            trigger: ".o_shift_month",
            run: "click",
        },
        {trigger: ".o_shift_table:not(.o_shift_wide)"},
    ],
});
