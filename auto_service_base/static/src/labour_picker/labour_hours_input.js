import {Component, useState} from "@odoo/owl";
import {formatHours, parseHours} from "./labour_format";

/** Input of hours in any spelling; what is no time is said under it and never taken. */
export class LabourHoursInput extends Component {
    static template = "auto_service_base.LabourHoursInput";
    static props = {
        value: {type: [Number, {value: null}], optional: true},
        placeholder: {type: String, optional: true},
        label: String,
        isWanted: {type: Boolean, optional: true},
        onChange: Function,
        onDone: Function,
    };

    setup() {
        this.state = useState({error: ""});
        this.taken = null;
    }

    get text() {
        return typeof this.props.value === "number"
            ? formatHours(this.props.value)
            : "";
    }

    /**
     * Take what is typed, once: the browser tells of it on Enter and on leaving.
     *
     * @param {Event} ev
     * @returns {boolean} whether it is a time, or nothing
     */
    take(ev) {
        const text = ev.target.value;
        if (text === this.taken) {
            return !this.state.error;
        }
        this.taken = text;
        try {
            const hours = parseHours(text);
            this.state.error = "";
            this.taken = hours === null ? "" : formatHours(hours);
            ev.target.value = this.taken;
            this.props.onChange(hours);
        } catch (error) {
            this.state.error = error.message;
        }
        return !this.state.error;
    }

    /** Enter takes the hours and goes on; Escape leaves them as they were. */
    onKeydown(ev) {
        if (ev.key === "Enter") {
            const isTime = this.take(ev);
            if (!ev.ctrlKey && !ev.metaKey) {
                ev.preventDefault();
                if (isTime) {
                    this.props.onDone(ev.target);
                }
            }
        } else if (ev.key === "Escape") {
            ev.stopPropagation();
            this.state.error = "";
            this.taken = this.text;
            ev.target.value = this.text;
            this.props.onDone(ev.target);
        }
    }

    onFocus(ev) {
        this.taken = ev.target.value;
        ev.target.select();
    }
}
