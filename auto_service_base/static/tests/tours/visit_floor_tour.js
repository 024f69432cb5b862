import {registry} from "@web/core/registry";

const MONEY = /[$€]|\b(40|50|80|100|120|145|180|325)[.,]00\b/;

/** Fail when the technician's page shows anything that looks like money. */
function checkNoPrice() {
    return {
        content: "no price on the page",
        trigger: ".o_action_manager",
        run() {
            const text = document.body.innerText;
            const found = text.match(MONEY);
            if (found) {
                throw new Error(`The technician sees a price: ${found[0]}`);
            }
        },
    };
}

/** Steps that start and finish one job from its card. */
function doJob(name) {
    const card = `.o_kanban_record:contains("77 TOUR 77"):contains("${name}")`;
    return [
        {
            content: `start ${name}`,
            trigger: `${card} button[name=action_start]`,
            run: "click",
        },
        {
            content: "the clock runs",
            trigger: `${card} button[name=action_pause]`,
        },
        checkNoPrice(),
        {
            content: `finish ${name}`,
            trigger: `${card} button[name=action_finish]`,
            run: "click",
        },
        {trigger: `body:not(:has(${card}))`},
    ];
}

registry.category("web_tour.tours").add("auto_service_visit_repair", {
    steps: () => [
        {trigger: '.o_kanban_record:contains("77 TOUR 77")'},
        checkNoPrice(),
        {
            content: "look into the job: labour and parts, no prices",
            trigger: '.o_kanban_record:contains("77 TOUR 77"):contains("Front brakes")',
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=floor_line_ids] .o_data_row:contains(Brake disc)",
        },
        checkNoPrice(),
        {
            trigger: ".o_field_widget[name=cause] textarea",
            run: "edit Discs below their minimum",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item.o_back_button",
            run: "click",
        },
        ...doJob("Front brakes"),
        ...doJob("Battery of the tour"),
        checkNoPrice(),
    ],
});

registry.category("web_tour.tours").add("auto_service_visit_issue", {
    steps: () => [
        {
            trigger: ".o_notebook .nav-link[name=jobs]",
            run: "click",
        },
        {
            content: "issue the discs",
            trigger:
                ".o_field_widget[name=job_ids] .o_data_row:contains(Front brakes) button[name=action_issue_parts]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=job_ids] .o_data_row:contains(Front brakes):not(:has(button[name=action_issue_parts]))",
        },
        {
            content: "issue the battery",
            trigger:
                ".o_field_widget[name=job_ids] .o_data_row:contains(Battery of the tour) button[name=action_issue_parts]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=job_ids]:not(:has(button[name=action_issue_parts]))",
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_visit_quality", {
    steps: () => [
        {
            trigger: "button[name=action_quality_ok]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Ready)",
        },
    ],
});
