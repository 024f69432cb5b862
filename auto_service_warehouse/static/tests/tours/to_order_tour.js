import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// Two oil filters for a job, one on the shelf: the delivery of both is refused.
tours.add("auto_service_warehouse_issue_refused", {
    steps: () => [
        {
            content: "Two of them",
            trigger: ".o_field_widget[name=move_ids] .o_data_row td[name=quantity]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=move_ids] .o_data_row td[name=quantity] input",
            run: "edit 2 && click body",
        },
        {
            content: "Hand them out",
            trigger: "button[name=button_validate]",
            run: "click",
        },
        {
            content: "Who has the others, and what can be done",
            trigger: ".modal .modal-body:contains(Tour filter)",
        },
        {trigger: ".modal footer button.btn-primary", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {
            content: "As it was",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {trigger: ".o_form_saved"},
    ],
});

tours.add("auto_service_warehouse_order_missing", {
    steps: () => [
        {
            content: "The line says so",
            trigger:
                ".o_field_widget[name=authorised_line_ids] .badge:contains(To order)",
        },
        {trigger: ".o_parts_light:contains(Parts missing)"},
        {
            trigger:
                "button[name=action_order_missing_parts]:visible, button[name=action_order_parts]:visible",
            run: "click",
        },
        {
            content: "The vendor is proposed",
            trigger: ".modal .o_data_row td[name=partner_id]:contains(Parts Wholesale)",
        },
        {trigger: ".modal footer button[name=action_order]", run: "click"},
        {
            content: "A purchase order of the vendor",
            trigger:
                ".o_form_view:contains(Parts Wholesale):not(:has(button[name=action_order]:visible))",
        },
    ],
});

tours.add("auto_service_warehouse_receive_for_job", {
    steps: () => [
        {
            content: "The lorry is here",
            trigger: "button[name=button_validate]",
            run: "click",
        },
        {trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)"},
    ],
});

tours.add("auto_service_warehouse_parts_arrived", {
    steps: () => [
        {
            trigger:
                ".o_field_widget[name=authorised_line_ids] .badge:contains(Arrived)",
        },
        {trigger: ".o_parts_light:contains(Parts ready)"},
        {
            content: "The advisor was told",
            trigger: ".o-mail-Message:contains(All parts are here for)",
        },
    ],
});
