import {registry} from "@web/core/registry";

/** Selector of the row of a technician on the board. */
function row(name) {
    return `.o_board_row:has(.o_board_name_title:contains("${name}"))`;
}

const TO_TECHNICIANS = [
    {
        trigger: ".o_board_roles [data-role=technician]",
        run: "click",
    },
    {trigger: row("Jaan Kask")},
];

registry.category("web_tour.tours").add("auto_service_replan_absent", {
    steps: () => [
        ...TO_TECHNICIANS,
        {
            content: "work is planned",
            trigger: `${row("Toomas Mets")} [data-block]`,
        },
        {
            content: "Toomas calls: he is ill",
            trigger: `${row("Toomas Mets")} .o_board_row_menu`,
            run: "click",
        },
        {
            trigger: ".o_board_away",
            run: "click",
        },
        {
            content: "the dialog says that work is concerned",
            trigger: ".modal div[name=work]:contains('to replan')",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "a colleague could take it at the same time",
            trigger:
                ".modal .o_replan_apply .o_data_row:contains('Jaan Kask'):contains('Same time')",
        },
        {
            content: "not now",
            trigger: ".modal .modal-footer button:contains('Close')",
            run: "click",
        },
        {
            content: "red on the board",
            trigger: `${row("Toomas Mets")} [data-block][data-look=replan]`,
        },
        {
            content: "his hours are gone",
            trigger: `${row("Toomas Mets")} .o_board_percent`,
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_replan_apply", {
    steps: () => [
        {
            content: "the queue says why",
            trigger:
                ".o_list_view .o_group_header:contains('Technician absent'), .o_list_view .o_data_row",
        },
        {trigger: ".o_list_view .o_data_row:contains('Toomas Mets')"},
        {
            trigger: ".o_replan_all",
            run: "click",
        },
        {
            trigger: ".modal .o_replan_apply .o_data_row:contains('Jaan Kask')",
        },
        {
            content: "take all of it in one go",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "nothing is left to replan",
            trigger: ".o_view_nocontent:contains('All planned times can be kept')",
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_replan_done", {
    steps: () => [
        ...TO_TECHNICIANS,
        {
            content: "the colleague has it",
            trigger: `${row("Jaan Kask")} [data-block]:not([data-look=replan])`,
        },
        {
            trigger: `${row("Toomas Mets")}:not(:has([data-block]))`,
        },
    ],
});
