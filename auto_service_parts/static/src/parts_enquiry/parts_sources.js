import {Component, useState} from "@odoo/owl";
import {formatDuration} from "./parts_format";

const LOOKS = {
    waiting: "fa-clock-o text-muted",
    running: "fa-circle-o-notch fa-spin text-info",
    done: "fa-check text-success",
    empty: "fa-minus text-muted",
    error: "fa-exclamation-triangle text-danger",
    timeout: "fa-hourglass-end text-warning",
    resting: "fa-pause text-warning",
};
const TROUBLES = ["error", "timeout", "resting"];

/** Who was asked, what came, how long it took; errors in a sentence beside the rest. */
export class PartsSources extends Component {
    static template = "auto_service_parts.PartsSources";
    static props = {model: Object};

    setup() {
        this.model = useState(this.props.model);
        this.formatDuration = formatDuration;
    }

    getLook(source) {
        return LOOKS[source.state] || LOOKS.waiting;
    }

    isTrouble(source) {
        return TROUBLES.includes(source.state);
    }
}
