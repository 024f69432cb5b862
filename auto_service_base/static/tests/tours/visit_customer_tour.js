import {registry} from "@web/core/registry";

/** The customer opens the link without a login and signs. */
registry.category("web_tour.tours").add("auto_service_visit_sign", {
    steps: () => [
        {trigger: "body[is-ready=true]"},
        {
            content: "jobs with their prices",
            trigger: "#quote_content:contains(Front brakes):contains(325.00)",
        },
        {
            trigger: ".o_portal_sale_sidebar a:contains(Sign)",
            run: "click",
        },
        {
            trigger: ".modal .o_web_sign_name_and_signature input",
            run: "edit Tiina Tour",
        },
        {
            trigger: ".modal canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it is confirmed",
            trigger: '#quote_content:contains("Thank You")',
        },
    ],
});
