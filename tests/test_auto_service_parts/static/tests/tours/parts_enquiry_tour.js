import {registry} from "@web/core/registry";

const BOX = ".o_parts_search_input";
const SOURCE = ".o_parts_source";

/** Acceptance scenario 5: how much, how soon, from whom, without any work order. */
registry.category("web_tour.tours").add("auto_service_parts_price_query", {
    steps: () => [
        {
            content: "the number as the customer wrote it down, one letter Cyrillic",
            trigger: BOX,
            run: "edit gdв-1330 && press Enter",
        },
        {
            content: "two makers have it",
            trigger: ".o_parts_brand_choice[data-brand='KRAFT' i]",
        },
        {
            trigger: ".o_parts_brand_choice[data-brand='TRW' i]",
            run: "click",
        },
        {
            content: "all have been asked",
            trigger: ".o_parts_enquiry[data-state=done]",
        },
        {
            content: "two shops answered",
            trigger: `${SOURCE}[data-state=done]:contains('Alpha')`,
        },
        {
            trigger: `${SOURCE}[data-state=done]:contains('Beta')`,
        },
        {
            content: "the third one was not waited for any longer",
            trigger: `${SOURCE}[data-state=timeout]:contains('Gamma')`,
        },
        {
            content: "the price list has it",
            trigger: ".o_parts_offer:contains('Baltic list')",
        },
        {
            content: "own stock has it under another maker's number",
            trigger: ".o_parts_offer.o_parts_own:contains('Own stock')",
        },
        {
            content: "cheapest and fastest are marked",
            trigger: ".o_parts_offer .o_parts_best",
        },
        {
            trigger: ".o_parts_offer .o_parts_fastest",
        },
        {
            content: "the namesake is not among the offers",
            trigger: ".o_parts_body:not(:contains('KRAFT'))",
        },
        {
            content: "without equivalents the own part is hidden",
            trigger: ".o_parts_filter[data-filter=withEquivalents]",
            run: "click",
        },
        {
            trigger: ".o_parts_body:not(:has(.o_parts_own))",
        },
        {
            trigger: ".o_parts_filter[data-filter=withEquivalents]",
            run: "click",
        },
        {
            trigger: ".o_parts_offer.o_parts_own",
        },
    ],
});

/** The enquiry is in the history; it turns out which car it was for. */
registry.category("web_tour.tours").add("auto_service_parts_link_later", {
    steps: () => [
        {
            content: "today's enquiry",
            trigger: ".o_data_row .o_data_cell:contains('gdв-1330')",
            run: "click",
        },
        {
            content: "what was offered then",
            trigger: ".o_parts_enquiry_form .o_parts_offer:contains('Alpha')",
        },
        {
            content: "and who did not answer",
            trigger: `${SOURCE}[data-state=timeout]:contains('Gamma')`,
        },
        {
            content: "which work order was it for?",
            trigger: ".o_parts_visit input",
            run: "edit 402 GDB",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('402')",
            run: "click",
        },
        {
            content: "it belongs to the visit now",
            trigger: ".o_parts_work .o_parts_open_visit:contains('402')",
        },
    ],
});

/** Nobody here knows the number; the suppliers name its makers. */
registry.category("web_tour.tours").add("auto_service_parts_many_makers", {
    steps: () => [
        {
            trigger: BOX,
            run: "edit 402 && press Enter",
        },
        {
            trigger: ".o_parts_brand_choice[data-brand='LYNX' i]",
        },
        {
            trigger: ".o_parts_brand_choice[data-brand='STELLOX' i]",
        },
        {
            trigger: ".o_parts_brand_choice[data-brand='ASAM' i]",
            run: "click",
        },
        {
            trigger:
                ".o_parts_enquiry[data-state=done] .o_parts_offer:contains('Alpha')",
        },
    ],
});
