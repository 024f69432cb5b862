import {registry} from "@web/core/registry";

const DIALOG = ".o_labour_picker";
const SEARCH = `${DIALOG} .o_labour_search_input`;

/** Selector of the row of the basket with this work. */
function row(name) {
    return `${DIALOG} .o_labour_line:has(.o_labour_line_name:contains("${name}"))`;
}

function openPicker() {
    return [
        {
            content: "open the screen",
            trigger: ".o_form_view .o_labour_open:visible",
            run: "click",
        },
        {trigger: `${DIALOG} .o_labour_item`},
    ];
}

/** Type, wait for the row, Enter: as an advisor does who never takes the mouse. */
function pickWithKeyboard(text, name) {
    return [
        {
            content: `type ${text}`,
            trigger: SEARCH,
            run: `edit ${text}`,
        },
        {trigger: `${DIALOG} .o_labour_highlighted:contains("${name}")`},
        {
            trigger: SEARCH,
            run: "press Enter",
        },
        {trigger: row(name)},
    ];
}

registry.category("web_tour.tours").add("auto_service_labour_pick", {
    steps: () => [
        ...openPicker(),
        ...pickWithKeyboard("tour timing", "Tour timing belt"),
        ...pickWithKeyboard("tour water", "Tour water pump"),
        {
            content: "the pump costs half an hour when the belt is off",
            trigger: `${row("Tour water pump")} .o_labour_alone:contains("2:30")`,
        },
        {
            content: "with the reason",
            trigger: `${row("Tour water pump")} .o_labour_step:contains("Tour timing belt")`,
        },
        {
            content: "two hours less than the sum",
            trigger: `${DIALOG} .o_labour_total_deducted:contains("2:00")`,
        },
        {
            content: "the advisor judges otherwise",
            trigger: `${row("Tour water pump")} .o_labour_hours`,
            run: "edit 1h && press Enter",
        },
        {
            trigger: `${row("Tour water pump")} .o_labour_judged:contains("1:00")`,
        },
        {
            trigger: `${DIALOG} .o_labour_total_hours:contains("4:00")`,
        },
        {
            trigger: `${DIALOG} .o_labour_job_name`,
            run: "edit Belt and pump",
        },
        {
            content: "onto the estimate",
            trigger: `${DIALOG} .o_labour_apply:enabled`,
            run: "click",
        },
        {
            content: "the form shows it at once",
            trigger:
                ".o_field_widget[name=line_ids] .o_is_line_section:contains(Belt and pump)",
        },
        {trigger: `body:not(:has(${DIALOG}))`},
    ],
});

registry.category("web_tour.tours").add("auto_service_labour_explain", {
    steps: () => [
        {
            content: "why one hour?",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Tour water pump) .o_labour_explain[data-state=judged]",
            run: "click",
        },
        {
            content: "who judged",
            trigger: ".o_labour_explanation .o_labour_judgement:contains(Test advisor)",
        },
        {
            content: "what was deducted",
            trigger:
                ".o_labour_explanation .o_labour_step:contains(Tour timing belt):contains(2:00)",
        },
        {
            content: "back to the book",
            trigger: ".o_labour_follow_book",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Tour water pump) .o_labour_explain[data-state=deducted]",
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_labour_engine", {
    steps: () => [
        ...openPicker(),
        {
            content: "the work of the visit is there",
            trigger: `${row("Tour timing belt")}.o_labour_existing:contains("3:00")`,
        },
        {
            content: "which engine is it?",
            trigger: `${DIALOG} .o_labour_candidates`,
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(TOUR2)",
            run: "click",
        },
        {
            content: "other times",
            trigger: `${row("Tour timing belt")}.o_labour_existing:contains("3:30")`,
        },
        {
            trigger: `${DIALOG} .o_labour_discard`,
            run: "click",
        },
        {
            content: "the estimate follows",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Tour timing belt) [name=product_uom_qty]:contains(3.50)",
        },
    ],
});
