import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";

/** What of the offers is shown; everything happens at once, on the screen. */
export class PartsFilters extends Component {
    static template = "auto_service_parts.PartsFilters";
    static components = {Dropdown, DropdownItem};
    static props = {model: Object};

    setup() {
        this.model = useState(this.props.model);
    }

    get toggles() {
        return [
            {id: "isInStock", name: _t("In stock")},
            {id: "isReturnable", name: _t("Can be returned")},
            {id: "isReliable", name: _t("Reliable")},
        ];
    }

    get times() {
        return [
            {hours: 0, name: _t("Any time")},
            {hours: 12, name: _t("Within 12 hours")},
            {hours: 36, name: _t("By tomorrow")},
            {hours: 72, name: _t("Within 3 days")},
            {hours: 168, name: _t("Within a week")},
        ];
    }

    get sorts() {
        return [
            {id: "match", name: _t("Best match")},
            {id: "price", name: _t("Price")},
            {id: "time", name: _t("Time")},
            {id: "supplier", name: _t("Supplier")},
            {id: "probability", name: _t("Reliable first")},
        ];
    }

    get timeName() {
        const {hours} = this.model.filters;
        return this.times.find((time) => time.hours === hours).name;
    }

    get sortName() {
        return this.sorts.find((sort) => sort.id === this.model.sort)?.name || "";
    }

    toggle(id) {
        this.model.setFilter(id, !this.model.filters[id]);
    }

    onPriceInput(ev) {
        const price = Number(ev.target.value.replace(",", "."));
        this.model.setFilter("price", price > 0 ? price : 0);
    }
}
