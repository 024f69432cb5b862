import {registry} from "@web/core/registry";

const BOX = ".o_balance_input";

/** From the box to the part: who has it, and the piece goes to another visit. */
registry.category("web_tour.tours").add("auto_service_part_balance", {
    steps: () => [
        {
            content: "the beginning of the number is enough",
            trigger: BOX,
            run: "edit TOURHB",
        },
        {
            trigger: ".o_balance_part:contains('TOURHB-90'):contains('free')",
        },
        {
            trigger: BOX,
            run: "press Enter",
        },
        {
            content: "all of it is in one bin, and promised",
            trigger: "[data-card='bins'] tr:contains('T-01-01')",
        },
        {
            trigger: "[data-tile='free'] .o_balance_number:contains('0')",
        },
        {
            content: "the one who has it lets it go",
            trigger: "[data-card='reserved'] .o_balance_release",
            run: "click",
        },
        {
            content: "it is free, the one who waited gets it",
            trigger: "[data-tile='free'] .o_balance_number:contains('2')",
        },
        {
            trigger: "[data-card='wanted'] tr:contains('TOUR222') .o_balance_reserve",
            run: "click",
        },
        {
            trigger: "[data-card='reserved'] tr:contains('TOUR222')",
        },
        {
            content: "the other waits now",
            trigger: "[data-card='wanted'] tr:contains('TOUR111')",
        },
    ],
});
