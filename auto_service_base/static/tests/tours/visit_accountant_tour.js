import {registry} from "@web/core/registry";

/** The accountant stays in the host's own screens. */
registry.category("web_tour.tours").add("auto_service_visit_pay", {
    steps: () => [
        {
            content: "the host's own form of the posted invoice",
            trigger: ".o_form_view .o_field_widget[name=invoice_line_ids] .o_data_row",
        },
        {
            trigger: "button[name=action_register_payment]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_create_payments]",
            run: "click",
        },
        {
            content: "paid",
            trigger: ".o_form_view .ribbon:contains(Paid)",
        },
    ],
});
