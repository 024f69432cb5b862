import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

const DIALOG = ".modal .o_auto_service_find_time, .o_auto_service_find_time";

/** Call a method of bookings, as another window would do at the same moment. */
function call(method, args) {
    const model = "auto.service.booking";
    return rpc(`/web/dataset/call_kw/${model}/${method}`, {
        model,
        method,
        args,
        kwargs: {},
    });
}

/** Somebody else books the time that the dialog still shows. */
async function bookFaster() {
    const domain = [["note", "=", "Is faster"]];
    const [other] = await call("search_read", [domain, ["wish_from"]]);
    await call("book_time", [[other.id], other.wish_from]);
}

registry.category("web_tour.tours").add("auto_service_waitlist_refused", {
    steps: () => [
        {
            content: "look for a time",
            trigger: ".o_form_view button[name=action_find_time]:enabled",
            run: "click",
        },
        {
            content: "noon is free, and somebody is faster",
            trigger: `${DIALOG} .o_auto_service_offer:contains("12:00")`,
            run: bookFaster,
        },
        {
            content: "click on what was free",
            trigger: ".o_auto_service_offer:contains('12:00')",
            run: "click",
        },
        {
            content: "refused, with the next free time",
            trigger:
                ".alert:contains('taken just now'):contains('next free time'):contains('14:00')",
        },
        {
            content: "wait for noon",
            trigger: ".modal button:contains('Put on the waitlist')",
            run: "click",
        },
        {
            trigger:
                ".o_form_view .o_statusbar_status .o_arrow_button_current:contains('Waitlist')",
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_waitlist_cancel", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_cancel]:enabled",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason_id] input",
            run: "edit Reason of the tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('Reason of the tour')",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_cancel_bookings]",
            run: "click",
        },
        {
            trigger:
                ".o_form_view .o_statusbar_status .o_arrow_button_current:contains('Cancelled')",
        },
    ],
});

registry.category("web_tour.tours").add("auto_service_waitlist_accept", {
    steps: () => [
        {
            content: "the first who fits has the time held",
            trigger: ".o_list_view .o_data_row:contains('77 TOUR'):contains('12:00')",
        },
        {
            content: "who needs more time has nothing",
            trigger:
                ".o_list_view .o_data_row:contains('88 LONG'):not(:contains('12:00'))",
        },
        {
            content: "the customer says yes",
            trigger:
                ".o_list_view .o_data_row:contains('77 TOUR') button[name=action_accept_offer]",
            run: "click",
        },
        {
            content: "he waits no longer",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('77 TOUR')))",
        },
    ],
});
