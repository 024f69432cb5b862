import {registry} from "@web/core/registry";

/** Keys as a plain USB scanner sends them: fast, and Enter behind. */
function scan(code, ...expected) {
    return [
        {
            content: `scan ${code}`,
            trigger: ".o_scan[data-waiting='0']",
            run() {
                for (const key of [...code, "Enter"]) {
                    document.body.dispatchEvent(
                        new KeyboardEvent("keydown", {key, bubbles: true}),
                    );
                }
            },
        },
        ...expected.map((trigger) => ({content: `after ${code}`, trigger})),
    ];
}

const said = (text, tone = "ok") =>
    `.o_scan_message[data-tone='${tone}']:contains("${text}")`;

function begin(mode) {
    return [
        {trigger: ".o_scan[data-waiting='0'] .o_scan_top", run: () => {}},
        {
            content: "back to the tiles",
            trigger: ".o_scan",
            run({queryFirst}) {
                queryFirst(".o_scan_home")?.click();
            },
        },
        {
            content: `begin to ${mode}`,
            trigger: `.o_scan_tile[data-name='${mode}']`,
            run: "click",
        },
        {trigger: `.o_scan[data-mode='${mode}'] .o_scan_ask_main`},
    ];
}

/**
 * A day at the parts counter with a scanner: receive, put away, pick for tomorrow,
 * issue, take back, return to the supplier.
 */
registry.category("web_tour.tours").add("auto_service_warehouse_scan_day", {
    steps: () => [
        // Two filters and a wiper come; one filter is missing.
        ...begin("receive"),
        ...scan("TOURPO", ".o_scan_chip:contains('Parts Wholesale')"),
        ...scan("TOURFILTER", said("1 of 3")),
        ...scan("TOURFILTER", said("2 of 3")),
        ...scan("NO-SUCH-PART", said("not known", "error")),
        ...scan("TOURWIPER", said("1 of 1")),
        ...scan("TOURWIPER", said("One more than was ordered", "ask")),
        {trigger: ".o_scan_answers [data-action='no']", run: "click"},
        {trigger: said("Left out", "info")},
        {trigger: ".o_scan_buttons [data-action='done']", run: "click"},
        {trigger: said("Received: 3 pieces")},
        // From where it was put down to its bin; the wiper's by the rule.
        ...begin("putaway"),
        {trigger: ".o_scan_choice:contains('Tour filter')"},
        ...scan("TOURFILTER", said("Tour filter: 1")),
        ...scan("TOURFILTER", said("Tour filter: 2")),
        ...scan("TOUR-A-01", said("2 pieces")),
        ...scan("TOURWIPER", ".o_scan_buttons [data-action='bring']"),
        {trigger: ".o_scan_buttons [data-action='bring']", run: "click"},
        {trigger: said("TOUR-B-01")},
        // For tomorrow's visit, bin by bin; a wrong bin and a wrong part are said.
        ...begin("pick"),
        {trigger: ".o_scan_ask_main:contains('TOUR-A-01')"},
        ...scan("TOUR-B-01", said("Wrong bin", "error")),
        ...scan("TOUR-A-01", said("right")),
        ...scan("TOURWIPER", said("Wrong part", "error")),
        ...scan("TOURFILTER", said("Tour filter")),
        ...scan("TOURFILTER", ".o_scan_empty:contains('picked')"),
        // To the technician, by his badge.
        ...begin("issue"),
        ...scan("WO:TOURWO", ".o_scan_line:contains('Tour filter')"),
        ...scan("TOURBADGE", said("to Jaan Tour"), ".o_scan_empty:contains('issued')"),
        // One was not needed.
        ...begin("return"),
        ...scan("WO:TOURWO", ".o_scan_line:contains('Tour filter')"),
        ...scan("TOURFILTER", said("1 of 2")),
        ...scan("TOUR-A-01", said("Back in TOUR-A-01")),
        // And the wiper goes back to the supplier.
        ...begin("supplier"),
        ...scan("TOURWIPER", said("Parts Wholesale")),
        {trigger: ".o_scan_buttons [data-action='send']", run: "click"},
        {trigger: said("sent to Parts Wholesale")},
        // What is left is looked up from the tiles.
        {trigger: ".o_scan_home", run: "click"},
        {trigger: ".o_scan_tiles"},
        ...scan("TOURFILTER", ".o_scan_line:contains('TOUR-A-01')"),
        {trigger: ".o_scan_fact[data-tone='main']:contains('1')"},
    ],
});

/** A bin is counted, typed and scanned, and applied. */
registry.category("web_tour.tours").add("auto_service_warehouse_scan_count", {
    steps: () => [
        ...begin("count"),
        ...scan("TOUR-A-01", ".o_scan_line:contains('Tour filter')"),
        ...scan("TOURFILTER", said("Tour filter: 1")),
        {
            content: "type the rest",
            trigger: ".o_scan_line:contains('filter')",
            run: "click",
        },
        {trigger: ".o_scan_pad [data-key='7']", run: "click"},
        {trigger: ".o_scan_pad_take", run: "click"},
        {trigger: ".o_scan_line:contains('Tour filter') .o_scan_count:contains('7')"},
        {trigger: ".o_scan_buttons [data-action='review']", run: "click"},
        {trigger: ".o_scan_line:contains('−3')"},
        {trigger: ".o_scan_buttons [data-action='apply']", run: "click"},
        {trigger: said("is applied")},
    ],
});
