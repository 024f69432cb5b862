import {registry} from "@web/core/registry";

/** A customer with a phone: picks a time, moves it, puts it off. */
registry.category("web_tour.tours").add("auto_service_booking_link", {
    steps: () => [
        {
            content: "a time in the last week that is shown",
            trigger: "section[name=day]:last a[name=time]:first",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "form[name=pick] textarea",
            run: "edit Please call before",
        },
        {
            trigger: "form[name=pick] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "[name=message]:contains(the time is yours)",
        },
        {
            trigger: "a[name=move]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "[name=present_time]:contains(you keep)",
        },
        {
            trigger: "a:contains(Afternoons)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a.active:contains(Afternoons)",
        },
        {
            trigger: "section[name=day]:last a[name=time]:first",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "form[name=pick] button:contains(Move my booking)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "[name=message]:contains(moved to the new time)",
        },
        {
            trigger: "form[name=confirm] button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "[name=confirmed]",
        },
        {
            trigger: "a[name=leave]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "form[name=cancel] button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "h1:contains(Cancelled)",
        },
    ],
});
