import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const QUICK = ".o_kanban_quick_create";
const LINES = ".o_field_widget[name=line_ids]";

/** Selector of the n-th line of the estimate (from 1) while it is being edited. */
function editedRow(number) {
    return `${LINES} tr.o_data_row.o_selected_row:nth-child(${number})`;
}

/** Type a value into a field of the quick create card. */
function typeQuick(name, value) {
    return {
        content: `type ${name}`,
        trigger: `${QUICK} .o_field_widget[name=${name}] :is(input, textarea)`,
        run: `edit ${value}`,
    };
}

/** Add a job: a section, as the n-th line of the estimate. */
function addJob(number, name) {
    return [
        {
            content: `add the job ${name}`,
            trigger: `${LINES} .o_field_x2many_list_row_add a:contains("Add a job")`,
            run: "click",
        },
        {
            trigger: `${editedRow(number)} .o_field_widget[name=name] :is(input, textarea)`,
            run: `edit ${name}`,
        },
    ];
}

/** Add the n-th line with one many2one chosen and, if given, a quantity. */
function addLine(number, field, text, quantity) {
    const row = editedRow(number);
    const steps = [
        {
            content: `add a line: ${text}`,
            trigger: `${LINES} .o_field_x2many_list_row_add a:contains("Add labour")`,
            run: "click",
        },
        {
            trigger: `${row} .o_field_widget[name=${field}] input`,
            run: `edit ${text}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-item a:contains("${text}")`,
            run: "click",
        },
        {
            content: "the host has put its price",
            trigger: `${row} .o_field_widget[name=price_unit] input:value(/[1-9]/)`,
        },
    ];
    if (quantity) {
        steps.push({
            trigger: `${row} .o_field_widget[name=product_uom_qty] input`,
            run: `edit ${quantity}`,
        });
    }
    return steps;
}

registry.category("web_tour.tours").add("auto_service_visit_call", {
    steps: () => [
        {trigger: ".o_kanban_group"},
        {
            content: "the telephone rings: a new card on the board",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        typeQuick("plate_entry", "77 TOUR 77"),
        typeQuick("customer_entry", "Tiina Tour"),
        typeQuick("phone_entry", "+372 5550 7788"),
        typeQuick("complaint", "Brakes squeal"),
        {
            content: "open it to write the estimate",
            trigger: `${QUICK} .o_kanban_edit`,
            run: "click",
        },
        {
            content: "vehicle and customer are there",
            trigger:
                ".o_form_view .o_field_widget[name=partner_id] input:value(/Tiina Tour/)",
        },
        {
            trigger: "button[name=action_write_estimate]",
            run: "click",
        },
        {trigger: LINES},
        ...addJob(1, "Front brakes"),
        ...addLine(2, "operation_id", "Replace brake discs"),
        ...addLine(3, "product_id", "Brake disc", 2),
        ...addJob(4, "Battery of the tour"),
        ...addLine(5, "product_id", "Labour of the test", "0.5"),
        ...addLine(6, "product_id", "Battery 74 Ah"),
        ...stepUtils.saveForm(),
        {
            content: "2 h and 0.5 h at 50, two discs at 40, a battery at 120",
            trigger: ".o_field_widget[name=amount_total]:contains(325.00)",
        },
        {
            content: "the form was never left",
            trigger: `${LINES} tr.o_is_line_section:contains("Battery of the tour")`,
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_visit_send", {
    steps: () => [
        {
            trigger: "button[name=action_send_estimate]",
            run: "click",
        },
        {
            content: "the host's composer, with the customer's address",
            trigger: ".modal .o_field_widget[name=partner_ids]:contains(Tiina Tour)",
        },
        {
            trigger:
                ".modal .o_mail_send:enabled, .modal button[name=action_send_mail]",
            run: "click",
        },
        {trigger: "body:not(:has(.modal))"},
        {
            content: "jobs wait for the customer",
            trigger: ".o_notebook .nav-link[name=jobs]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=job_ids] .o_data_row:contains(Waiting for the customer)",
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_visit_receive", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=odometer_in] input",
            run: "edit 120500",
        },
        {
            trigger: "button[name=action_receive]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Received)",
        },
        {
            content: "everything offered is approved",
            trigger:
                ".o_field_widget[name=authorised_line_ids] tr:contains(Front brakes)",
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_visit_invoice", {
    steps: () => [
        {
            content: "the advisor invoices",
            trigger: "button[name=action_invoice]",
            run: "click",
        },
        {
            content: "the host's own invoice, which he may read",
            trigger: ".o_form_view .o_field_widget[name=invoice_line_ids] .o_data_row",
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_visit_hand_over", {
    steps: () => [
        {
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Delivered)",
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_visit_history", {
    steps: () => [
        {
            content: "any part of the plate, however it is written",
            trigger: ".o_searchview_input",
            run: "fill 77tour",
        },
        {
            trigger: ".o_searchview_autocomplete .dropdown-item:first",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(77 TOUR 77) td[name=license_plate]",
            run: "click",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Visits)",
            run: "click",
        },
        {
            content: "the visit is in the vehicle's history",
            trigger:
                ".o_field_widget[name=work_order_ids] .o_data_row:contains(Delivered)",
        },
    ],
});
