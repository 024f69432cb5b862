import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatGridHours} from "./shift_days";

/** One person or bay of the grid. Drawn again only when its own data change. */
export class ShiftRow extends Component {
    static template = "auto_service_booking.ShiftRow";
    static props = {
        row: Object,
        index: Number,
        days: Array,
        drag: {type: [String, {value: null}], optional: true},
        isWide: Boolean,
        isEditable: Boolean,
    };

    setup() {
        this.formatHours = formatGridHours;
    }

    get dragSpan() {
        return this.props.drag ? this.props.drag.split("-").map(Number) : null;
    }

    isInDrag(day) {
        const span = this.dragSpan;
        return Boolean(span) && day.index >= span[0] && day.index <= span[1];
    }

    getShifts(day) {
        return this.props.row.cells[day.key] || [];
    }

    isAway(day) {
        return day.key in this.props.row.leaves;
    }

    getWeekly(day) {
        const hours = this.props.row.weekly[day.key];
        return hours ? formatGridHours(hours) : "";
    }

    /**
     * What a screen reader says of the cell, and its tooltip.
     *
     * @param {object} day
     * @returns {string}
     */
    getLabel(day) {
        const {row} = this.props;
        const parts = [row.name, day.label];
        for (const shift of this.getShifts(day)) {
            parts.push(`${shift.name} ${shift.start}–${shift.stop}`);
        }
        if (this.isAway(day)) {
            parts.push(row.leaves[day.key] || _t("Absent"));
        }
        const weekly = this.getWeekly(day);
        if (weekly) {
            parts.push(_t("%s h by weekly hours", weekly));
        }
        return parts.join(", ");
    }
}
