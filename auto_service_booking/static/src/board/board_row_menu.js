import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {fitLength} from "./board_load";

/** What can be done with a whole row: book, block, send home. */
export class BoardRowMenu extends Component {
    static template = "auto_service_booking.BoardRowMenu";
    static props = {
        board: Object,
        row: Object,
        close: {type: Function, optional: true},
    };

    get isPerson() {
        return this.props.row.role === "technician";
    }

    get awayLabel() {
        return this.isPerson ? _t("Absent…") : _t("Out of order…");
    }

    /** At the next free moment of the row that the board shows. */
    book() {
        const {board, row} = this.props;
        const {model} = board;
        const {slot} = model.data;
        const work = model.getWork(row.id);
        const first = Math.max(Math.ceil(model.now / slot) * slot, 0);
        const blocks = model.getBlocks(row.id);
        const isFree = (minute) =>
            work.some(([from, to]) => from <= minute && to >= minute + slot) &&
            !blocks.some((one) => one.start < minute + slot && one.stop > minute);
        let start = first;
        while (start < board.axis.end && !isFree(start)) {
            start += slot;
        }
        if (start >= board.axis.end) {
            start = first;
        }
        const stop = start + fitLength(blocks, work, start, 60, slot);
        this.props.close();
        board.openBooking({row: row.id, start, stop});
    }

    away() {
        const {board, row} = this.props;
        this.props.close();
        board.openAway(row);
    }

    replan() {
        const {board, row} = this.props;
        this.props.close();
        board.openReplan(row);
    }

    async open() {
        const {board, row} = this.props;
        this.props.close();
        board.openResource(row);
    }
}
