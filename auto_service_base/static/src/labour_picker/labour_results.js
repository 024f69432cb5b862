import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {hasTouch} from "@web/core/browser/feature_detection";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {useAutofocus} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {formatAmount, formatHours} from "./labour_format";

const PAUSE_MS = 180;
const LEVEL_COLORS = {
    exact: "text-success",
    model: "text-info",
    class: "text-warning",
    default: "text-300",
};

/** Left side of "Add work": search box, tabs, filters and the catalogue. */
export class LabourResults extends Component {
    static template = "auto_service_base.LabourResults";
    static components = {Dropdown, DropdownItem};
    static props = {picker: Object};

    setup() {
        this.picker = useState(this.props.picker);
        this.input = useAutofocus({refName: "search"});
        this.list = useRef("list");
        this.searchSoon = useDebounced(() => {
            this.isTyping = false;
            return this.picker.search();
        }, PAUSE_MS);
        this.isTyping = false;
        this.formatHours = formatHours;
        useEffect(
            () => {
                const row = this.list.el?.querySelector(".o_labour_highlighted");
                row?.scrollIntoView({block: "nearest"});
            },
            () => [this.picker.highlighted, this.picker.items],
        );
    }

    get tabs() {
        const info = this.picker.info || {};
        return [
            {id: "fit", name: _t("For this car")},
            {id: "due", name: _t("Due"), count: info.due_count},
            {id: "all", name: _t("All")},
            {id: "package", name: _t("Packages"), count: info.package_count},
        ];
    }

    /** Filters with their choices; those without a choice are not shown. */
    get filters() {
        const info = this.picker.info;
        if (!info) {
            return [];
        }
        const categories = info.categories.map(({id, name}) => [id, name]);
        // Work for any vehicle is in every list: to ask for it alone helps nobody.
        const coverages = info.coverages.filter(([key]) => key !== "any");
        return [
            {id: "category_id", name: _t("Category"), choices: categories},
            {
                id: "labour_category",
                name: _t("Trade"),
                choices: info.labour_categories,
            },
            {id: "kind", name: _t("Kind"), choices: info.kinds},
            {id: "coverage", name: _t("Coverage"), choices: coverages},
        ].filter((filter) => filter.choices.length);
    }

    getChoice(filter) {
        const value = this.picker.filters[filter.id];
        const choice = filter.choices.find(([key]) => key === value);
        return choice?.[1];
    }

    isTimeKnown(item) {
        return typeof item.hours === "number" && !item.is_fixed;
    }

    /** Said plainly: a missing time is not a time of zero. */
    isTimeMissing(item) {
        return item.type === "operation" && !item.is_fixed && !this.isTimeKnown(item);
    }

    getLevelColor(item) {
        return LEVEL_COLORS[item.level] || "text-muted";
    }

    formatAmount(item) {
        return formatAmount(item.amount, this.picker.info?.currency_id);
    }

    onInput(ev) {
        this.picker.text = ev.target.value;
        this.isTyping = true;
        this.searchSoon();
    }

    onKeydown(ev) {
        const moves = {ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8};
        if (ev.key in moves) {
            ev.preventDefault();
            this.picker.moveHighlight(moves[ev.key]);
        } else if (ev.key === "Enter" && !ev.ctrlKey && !ev.metaKey) {
            ev.preventDefault();
            this.addHighlighted();
        } else if (ev.key === "Escape" && this.picker.text) {
            ev.stopPropagation();
            this.clearText();
        }
    }

    /** Enter may come before the answer: wait for what is typed, then take it. */
    async addHighlighted() {
        if (this.isTyping) {
            this.searchSoon.cancel();
            this.isTyping = false;
            await this.picker.search();
        } else {
            await this.picker.searches.running;
        }
        const item = this.picker.items[this.picker.highlighted];
        if (item) {
            this.add(item, this.picker.highlighted);
        }
    }

    add(item, index) {
        this.picker.highlighted = index;
        this.picker.add(item);
        this.selectText();
    }

    selectText() {
        // The keyboard of a tablet stays away when rows are tapped.
        if (!hasTouch()) {
            this.input.el?.focus();
            this.input.el?.select();
        }
    }

    clearText() {
        this.searchSoon.cancel();
        this.isTyping = false;
        this.picker.text = "";
        this.picker.search();
        this.input.el?.focus();
    }

    setTab(tab) {
        this.searchSoon.cancel();
        this.isTyping = false;
        this.picker.setTab(tab);
        this.selectText();
    }
}
