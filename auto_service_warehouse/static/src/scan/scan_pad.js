import {Component, useExternalListener, useState} from "@odoo/owl";

const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", ",", "0", "⌫"];
const MAX_LENGTH = 8;

/** Big keys to type how many. */
export class ScanPad extends Component {
    static template = "auto_service_warehouse.ScanPad";
    static props = {line: Object, close: Function, take: Function};

    setup() {
        this.keys = KEYS;
        this.state = useState({text: ""});
        useExternalListener(window, "keydown", this.onKeydown, {capture: true});
    }

    /** What is taken when nothing was typed: all that is wanted. */
    get proposal() {
        const {todo, done} = this.props.line;
        return todo || done;
    }

    get shown() {
        return this.state.text || String(this.proposal);
    }

    press(key) {
        const {text} = this.state;
        if (key === "⌫") {
            this.state.text = text.slice(0, -1);
        } else if (text.length < MAX_LENGTH && !(key === "," && text.includes(","))) {
            this.state.text = text + key;
        }
    }

    onKeydown(event) {
        const key = event.key === "." ? "," : event.key;
        if (event.key === "Escape") {
            this.props.close();
        } else if (event.key === "Enter") {
            this.take();
        } else if (event.key === "Backspace") {
            this.press("⌫");
        } else if (/^[0-9,]$/.test(key)) {
            this.press(key);
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    }

    take() {
        const {text} = this.state;
        const typed = text ? Number(text.replace(",", ".")) : this.proposal;
        this.props.take(Number.isFinite(typed) ? typed : 0);
    }
}
