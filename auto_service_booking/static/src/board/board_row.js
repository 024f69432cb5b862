import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatLength} from "./board_text";

/**
 * One bay or technician. `view` is another object only when something of the row has
 * changed: all other rows are left alone.
 */
export class BoardRow extends Component {
    static template = "auto_service_booking.BoardRow";
    static props = {
        view: Object,
        canEdit: Boolean,
        onMenu: Function,
    };

    get row() {
        return this.props.view.row;
    }

    get menuLabel() {
        return _t("What can be done with %s", this.row.name);
    }

    onMenu(ev) {
        this.props.onMenu(this.row, ev.currentTarget);
    }

    /** What a load means in hours, for the pointer that rests on it. */
    getLoadTitle({booked, capacity, percent}) {
        const texts = {
            booked: formatLength(booked),
            capacity: formatLength(capacity),
            percent: percent ?? 0,
        };
        return capacity
            ? _t("%(booked)s of %(capacity)s h booked, %(percent)s %%", texts)
            : _t("%(booked)s h booked, no working hours", texts);
    }
}
