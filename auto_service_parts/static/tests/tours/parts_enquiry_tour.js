import {registry} from "@web/core/registry";

const BOX = ".o_parts_dialog .o_parts_search_input";

/** From the work order: a number, an equivalent, and it stands on the estimate. */
registry.category("web_tour.tours").add("auto_service_parts_enquiry_order", {
    steps: () => [
        {
            trigger: ".o_parts_open",
            run: "click",
        },
        {
            content: "the number in the customer's spelling",
            trigger: BOX,
            run: "edit tour-90 && press Enter",
        },
        {
            content: "the number asked for comes first, equivalents below",
            trigger: ".o_parts_group.o_parts_asked:contains('TOUR 90')",
        },
        {
            trigger: ".o_parts_equivalents",
        },
        {
            content: "the first offer is taken by the keyboard",
            trigger: BOX,
            run: "press ArrowDown",
        },
        {
            trigger: ".o_parts_offer.o_parts_highlighted:contains('Baltic list')",
        },
        {
            trigger: BOX,
            run: "press Enter",
        },
        {
            content: "the job with its labour, and the estimate",
            trigger: ".o_parts_totals .o_parts_job_total",
        },
        {
            trigger: ".o_parts_offer.o_parts_added .o_parts_add:contains('1')",
        },
        {
            content: "the own part is added by the mouse, two of it",
            trigger: ".o_parts_offer.o_parts_own .o_parts_quantity",
            run: "edit 2",
        },
        {
            trigger: ".o_parts_offer.o_parts_own .o_parts_add",
            run: "click",
        },
        {
            trigger: ".o_parts_offer.o_parts_own.o_parts_added",
        },
        {
            trigger: ".modal-header .btn-close",
            run: "click",
        },
        {
            content: "both stand on the estimate",
            trigger: ".o_field_work_order_lines:contains('TOUR 90')",
        },
        {
            trigger: ".o_field_work_order_lines:contains('EQ 7')",
        },
        {
            content: "a line asks for its own number, by one click",
            trigger: "button[name=action_find_parts]:first",
            run: "click",
        },
        {
            trigger: ".o_parts_dialog .o_parts_enquiry[data-state=done] .o_parts_offer",
        },
        {
            trigger: ".modal-header .btn-close",
            run: "click",
        },
        {
            trigger: "button[name=action_view_parts_enquiries]:contains('2')",
        },
    ],
});
