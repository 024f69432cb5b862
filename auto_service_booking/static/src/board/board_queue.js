import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatLength, formatMoment} from "./board_text";

const KINDS = ["replan", "waiting", "jobs"];

/** At the side of the board: what still has to be placed, to be dragged onto it. */
export class BoardQueue extends Component {
    static template = "auto_service_booking.BoardQueue";
    static props = {
        board: Object,
        queue: {type: [Object, {value: null}]},
        first: String,
        close: Function,
    };

    setup() {
        this.state = useState({closed: {}});
    }

    get groups() {
        const labels = {
            replan: _t("To replan"),
            waiting: _t("Waiting for a time"),
            jobs: _t("Jobs without a time"),
        };
        return KINDS.map((kind) => ({
            kind,
            label: labels[kind],
            items: this.props.queue?.[kind] || [],
        })).filter(({items}) => items.length);
    }

    toggle(kind) {
        this.state.closed[kind] = !this.state.closed[kind];
    }

    getLength(item) {
        return formatLength(item.minutes);
    }

    getDue(item) {
        const isDue = typeof item.due === "number";
        return isDue ? formatMoment(this.props.first, item.due) : "";
    }

    getKey(item) {
        return `${item.kind}/${item.id}/${item.source || ""}`;
    }

    onPointerDown(ev, item) {
        if (!ev.target.closest("button")) {
            this.props.board.drag.onItemDown(ev, item, ev.currentTarget);
        }
    }

    /** Without dragging: to the day where it lies, or the form where it is planned. */
    open(item) {
        const {board} = this.props;
        if (item.kind === "booking") {
            board.openRecord("auto.service.booking", item.id);
        } else if (item.kind === "job") {
            board.openRecord("auto.service.job", item.id);
        } else {
            board.showBlock(item);
        }
    }
}
