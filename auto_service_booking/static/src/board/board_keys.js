import {browser} from "@web/core/browser/browser";
import {isMovable, isStartFree} from "./board_block";

const REST_MS = 800;

/**
 * The board without a mouse: arrows move the focused block by a slot or a row, plus and
 * minus resize it. Some strokes in a row make one change, sent when the fingers rest or
 * on Enter; Escape leaves all as it was.
 */
export class BoardKeys {
    constructor(board) {
        this.board = board;
        this.draft = null;
    }

    onKeydown(ev) {
        const element = ev.target.closest?.("[data-block]");
        if ((ev.ctrlKey || ev.metaKey) && ev.key === "z" && !this._isTyping(ev)) {
            ev.preventDefault();
            this.board.undo();
        } else if (element && !ev.ctrlKey && !ev.metaKey && !ev.altKey) {
            this._onBlockKey(ev, element);
        }
    }

    _isTyping(ev) {
        return ["INPUT", "TEXTAREA", "SELECT"].includes(ev.target.tagName);
    }

    _onBlockKey(ev, element) {
        const number = Number(element.dataset.block);
        const row = Number(element.closest("[data-row]").dataset.row);
        if (this.draft && this.draft.number !== number) {
            this._send();
        }
        const steps = {
            ArrowLeft: () => this._shift(number, row, -1),
            ArrowRight: () => this._shift(number, row, 1),
            ArrowUp: () => this._changeRow(number, row, -1),
            ArrowDown: () => this._changeRow(number, row, 1),
            "+": () => this._resize(number, row, 1),
            "=": () => this._resize(number, row, 1),
            "-": () => this._resize(number, row, -1),
            Enter: () => this._enter(number, element),
            " ": () => this._enter(number, element),
            Escape: () => this._forget(),
        };
        if (steps[ev.key]) {
            ev.preventDefault();
            ev.stopPropagation();
            steps[ev.key]();
        }
    }

    _enter(number, element) {
        if (this.draft) {
            this._send();
        } else {
            this.board.onTap(this.board.model.blocks.get(number), element);
        }
    }

    /** What the strokes come to so far. */
    _getDraft(number, row) {
        if (!this.draft) {
            const {start, stop} = this.board.model.blocks.get(number);
            this.draft = {number, row, target: row, start, stop};
        }
        return this.draft;
    }

    _shift(number, row, direction) {
        const block = this.board.model.blocks.get(number);
        if (this.board.model.canEdit && isStartFree(block)) {
            const draft = this._getDraft(number, row);
            draft.start += direction * this.board.axis.slot;
            draft.stop += direction * this.board.axis.slot;
            this._show();
        }
    }

    _resize(number, row, direction) {
        const block = this.board.model.blocks.get(number);
        if (this.board.model.canEdit && isMovable(block)) {
            const {slot} = this.board.axis;
            const draft = this._getDraft(number, row);
            draft.stop = Math.max(draft.start + slot, draft.stop + direction * slot);
            this._show();
        }
    }

    _changeRow(number, row, direction) {
        const {model, rows} = this.board;
        const block = model.blocks.get(number);
        if (model.canEdit && isStartFree(block)) {
            const draft = this._getDraft(number, row);
            const index = rows.findIndex((one) => one.id === draft.target) + direction;
            draft.target = rows[index]?.id || draft.target;
            this._show();
        }
    }

    /** The landing mark shows where it would go. */
    _show() {
        const {board, draft} = this;
        const index = board.rows.findIndex((row) => row.id === draft.target);
        const place = board.drag.judge(
            {...draft, index, row: draft.target},
            draft.number,
        );
        board.marks.land(place, board.describe(place), board);
        board.ui.said = board.describe(place);
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this._send(), REST_MS);
    }

    _forget() {
        browser.clearTimeout(this.timer);
        this.board.marks.clear();
        this.draft = null;
    }

    async _send() {
        const {board, draft} = this;
        this._forget();
        const block = draft && board.model.blocks.get(draft.number);
        if (!block) {
            return;
        }
        const change = {source: draft.row, target: draft.target};
        const isMoved = draft.start !== block.start;
        if (isMoved) {
            change.start = draft.start;
        }
        if (draft.stop - draft.start !== block.stop - block.start) {
            change.stop = draft.stop;
        }
        if (isMoved || change.stop || change.source !== change.target) {
            await board.moveBlock(draft.number, change);
            this._focus(draft.number);
        }
    }

    /** The block keeps the focus, also in another row. */
    _focus(number) {
        browser.requestAnimationFrame(() => {
            const {body} = this.board;
            if (document.activeElement === document.body) {
                body?.querySelector(`[data-block="${number}"]`)?.focus();
            }
        });
    }
}
