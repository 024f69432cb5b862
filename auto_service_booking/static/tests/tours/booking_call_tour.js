import {registry} from "@web/core/registry";

const LINE = ".o_field_widget[name=line_ids] .o_selected_row";

/** Somebody calls: plate, telephone, name, service, time. Ten steps of a hand. */
registry.category("web_tour.tours").add("auto_service_booking_call", {
    steps: () => [
        {
            content: "a new booking",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "the plate",
            trigger: ".o_field_widget[name=plate_entry] input",
            run: "edit 77CALL77 && press Tab",
        },
        {
            content: "the telephone",
            trigger: ".o_field_widget[name=phone_entry] input",
            run: "edit +372 5550 7799 && press Tab",
        },
        {
            content: "the name",
            trigger: ".o_field_widget[name=customer_entry] input",
            run: "edit Kalle Call",
        },
        {
            content: "what is to be done",
            trigger: ".o_field_x2many_list_row_add a:contains('Add a service')",
            run: "click",
        },
        {
            trigger: `${LINE} .o_field_widget[name=name] input`,
            run: "edit oil of the call",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Oil of the call')",
            run: "click",
        },
        {
            content: "its hours come from the catalogue",
            trigger: `${LINE} .o_field_widget[name=hours] input:value('01:30')`,
        },
        {
            content: "when is it free?",
            trigger: "button[name=action_find_time]:enabled",
            run: "click",
        },
        {
            content: "in the afternoon",
            trigger: ".o_auto_service_find_time button:contains('Afternoons')",
            run: "click",
        },
        {
            trigger:
                ".o_auto_service_find_time button.btn-primary:contains('Afternoons')",
        },
        {
            content: "take the first time",
            trigger: ".o_auto_service_offer:contains('13:00')",
            run: "click",
        },
        {
            content: "booked",
            trigger:
                ".o_form_view .o_statusbar_status .o_arrow_button_current:contains('Booked')",
        },
        {
            trigger: ".o_field_widget[name=line_ids] td[name=taken]:contains('Bay 1')",
        },
    ],
});

/** The customer stands at the desk: one click makes the work order. */
registry.category("web_tour.tours").add("auto_service_booking_arrive", {
    steps: () => [
        {
            content: "the customer is here",
            trigger: ".o_form_view button[name=action_arrive]:enabled",
            run: "click",
        },
        {
            content: "the work order is open",
            trigger:
                ".o_form_view .o_statusbar_status .o_arrow_button_current:contains('Received')",
        },
        {
            content: "its plan",
            trigger: ".o_notebook a[name=plan]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=allocation_ids] td:contains('Bay 1')",
        },
    ],
});
