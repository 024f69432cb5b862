import {browser} from "@web/core/browser/browser";
import {DAY} from "./board_axis";
import {isFree, isWorking} from "./board_load";
import {isMovable, isStartFree} from "./board_block";

const THRESHOLD_PX = 4;
const TOUCH_THRESHOLD_PX = 10;
const LONG_PRESS_MS = 320;
const EDGE_PX = 48;
const FLIP_MS = 700;

/** Midnight before a minute of the board. */
const getDay = (minute) => Math.floor(minute / DAY) * DAY;

/**
 * Moves, pulls and draws on the board with mouse, pen or finger.
 *
 * While something is dragged only the marks beside the page move (`BoardMarks`): no
 * component is drawn again, whatever the number of blocks. Fingers scroll; a finger
 * that rests on a block takes it.
 *
 * `board` offers: `axis`, `rows`, `rowHeight`, `nameWidth`, `model`, `marks`, `body` and
 * `scroller` (elements), `describe(place)`, `onDrop(action, place)`, `onDropItem`,
 * `onSelect(place)`, `onTap(block, element)`, `onFlip(direction)`, `onBegin`, `onEnd`.
 */
export class BoardDrag {
    constructor(board) {
        this.board = board;
        this.action = null;
        this.frame = 0;
        this.listeners = [];
    }

    // ------------------------------------------------------------------
    // Beginning
    // ------------------------------------------------------------------

    /** On the body of the board. */
    onPointerDown(ev) {
        if (this.action || (ev.pointerType === "mouse" && ev.button !== 0)) {
            return;
        }
        const target = ev.target.closest("[data-block]");
        if (target) {
            this._startOnBlock(ev, target);
        } else if (ev.target.closest(".o_board_track") && this.board.model.canEdit) {
            this._start(ev, {kind: "select", ...this._getPoint(ev)});
        }
    }

    _startOnBlock(ev, element) {
        const {model} = this.board;
        const block = model.blocks.get(Number(element.dataset.block));
        const row = Number(element.closest("[data-row]").dataset.row);
        if (!block) {
            return;
        }
        const edge = this._getEdge(ev, element);
        const canDrag = model.canEdit && isMovable(block);
        const onStart = edge === "start";
        let kind = "tap";
        if (canDrag && edge && (!onStart || isStartFree(block))) {
            kind = "resize";
        } else if (canDrag && isStartFree(block)) {
            kind = "move";
        }
        this._start(ev, {kind, block, row, element, edge, ...this._getPoint(ev)});
    }

    /** Which end of the block is taken; none of a block that is too short. */
    _getEdge(ev, element) {
        const {left, right, width} = element.getBoundingClientRect();
        const reach = Math.min(width / 3, ev.pointerType === "touch" ? 14 : 7);
        if (right - ev.clientX <= reach) {
            return "stop";
        }
        return ev.clientX - left <= reach ? "start" : null;
    }

    /**
     * Something from beside the board is dragged onto it.
     *
     * @param {PointerEvent} ev
     * @param {object} item of the queue
     * @param {HTMLElement} element that is dragged
     */
    onItemDown(ev, item, element) {
        if (!this.action && this.board.model.canEdit && ev.button === 0) {
            this._start(ev, {kind: "item", item, element, minute: 0});
        }
    }

    _start(ev, action) {
        const isTouch = ev.pointerType === "touch";
        this.action = {
            ...action,
            id: ev.pointerId,
            isTouch,
            isOn: false,
            startX: ev.clientX,
            startY: ev.clientY,
            x: ev.clientX,
            y: ev.clientY,
            first: this.board.model.first,
        };
        this._listen(browser, "pointermove", (move) => this._onMove(move));
        this._listen(browser, "pointerup", (up) => this._onUp(up));
        this._listen(browser, "pointercancel", () => this.cancel());
        this._listen(browser, "keydown", (key) => this._onKey(key), true);
        this._listen(browser, "blur", () => this.cancel());
        if (isTouch) {
            this._waitForLongPress();
        }
    }

    /** A finger scrolls, unless it has rested first. */
    _waitForLongPress() {
        const {action} = this;
        action.timer = browser.setTimeout(() => {
            if (this.action === action && action.kind !== "tap") {
                browser.navigator.vibrate?.(15);
                this._begin();
                this._schedule();
            }
        }, LONG_PRESS_MS);
        this._listen(
            browser,
            "touchmove",
            (ev) => action.isOn && ev.cancelable && ev.preventDefault(),
            {passive: false},
        );
        this._listen(browser, "contextmenu", (ev) => ev.preventDefault());
    }

    _listen(target, name, listener, options) {
        target.addEventListener(name, listener, options);
        this.listeners.push(() => target.removeEventListener(name, listener, options));
    }

    // ------------------------------------------------------------------
    // On the way
    // ------------------------------------------------------------------

    _onMove(ev) {
        const {action} = this;
        if (!action || ev.pointerId !== action.id) {
            return;
        }
        action.x = ev.clientX;
        action.y = ev.clientY;
        const far = Math.hypot(action.x - action.startX, action.y - action.startY);
        if (action.isOn) {
            this._schedule();
        } else if (action.isTouch) {
            if (far > TOUCH_THRESHOLD_PX) {
                this.cancel();
            }
        } else if (far > THRESHOLD_PX && action.kind !== "tap") {
            this._begin();
            this._schedule();
        }
    }

    _begin() {
        const {action, board} = this;
        action.isOn = true;
        board.onBegin(action);
        board.marks.begin(action.kind, action.id);
        if (action.kind === "move" || action.kind === "item") {
            const box = action.element.getBoundingClientRect();
            action.ghostX = box.left - action.startX;
            action.ghostY = box.top - action.startY;
            board.marks.lift(action.element, board.body.getBoundingClientRect());
        }
    }

    _schedule() {
        this.frame ||= browser.requestAnimationFrame(() => {
            this.frame = 0;
            this._draw();
        });
    }

    _draw() {
        const {action} = this;
        if (!action?.isOn) {
            return;
        }
        const {marks} = this.board;
        marks.moveGhost(action.x + action.ghostX, action.y + action.ghostY);
        const place = this._getPlace();
        marks.land(place, place && this.board.describe(place), this.board);
        this._watchFlip();
        if (this._scrollAtEdge()) {
            this._schedule();
        }
    }

    /** At an edge of the board it scrolls along. */
    _scrollAtEdge() {
        const {action, board} = this;
        const box = board.scroller.getBoundingClientRect();
        const speed = (before, after) =>
            Math.max(-1, Math.min(1, (after - before) / EDGE_PX)) * 14;
        const push = (position, low, high) => {
            if (position < low + EDGE_PX) {
                return speed(low + EDGE_PX, position);
            }
            return position > high - EDGE_PX ? speed(high - EDGE_PX, position) : 0;
        };
        const isInside = action.x > box.left && action.x < box.right;
        if (action.kind === "item" && !isInside) {
            return false;
        }
        const left = board.scroller.scrollLeft;
        const top = board.scroller.scrollTop;
        const x = push(action.x, box.left + board.nameWidth, box.right);
        const y = push(action.y, box.top + board.headHeight, box.bottom);
        board.scroller.scrollLeft = left + x;
        if (action.kind !== "select" && action.kind !== "resize") {
            board.scroller.scrollTop = top + y;
        }
        return board.scroller.scrollLeft !== left || board.scroller.scrollTop !== top;
    }

    /** Who rests on the arrow to the next day takes the block there. */
    _watchFlip() {
        const {action} = this;
        const under = document
            .elementsFromPoint(action.x, action.y)
            .find((element) => element.dataset?.flip);
        const direction = under ? Number(under.dataset.flip) : 0;
        if (direction !== action.flip) {
            action.flip = direction;
            browser.clearTimeout(action.flipTimer);
            if (direction) {
                action.flipTimer = browser.setTimeout(() => {
                    action.flip = 0;
                    this.board.onFlip(direction);
                }, FLIP_MS);
            }
        }
    }

    // ------------------------------------------------------------------
    // Where
    // ------------------------------------------------------------------

    _getPoint(ev) {
        const {board} = this;
        const box = board.body.getBoundingClientRect();
        const x = ev.clientX - box.left - board.nameWidth;
        const index = Math.floor((ev.clientY - box.top) / board.rowHeight);
        return {index, minute: board.axis.toShownMinute(x)};
    }

    /** Row and time under the pointer; null beside the board. */
    _getPlace() {
        const {action, board} = this;
        const scroll = board.scroller.getBoundingClientRect();
        const isBeside =
            action.x < scroll.left ||
            action.x > scroll.right ||
            action.y < scroll.top ||
            action.y > scroll.bottom;
        if (isBeside && (action.kind === "item" || action.kind === "move")) {
            return null;
        }
        const point = this._getPoint({clientX: action.x, clientY: action.y});
        const span = this[`_get_${action.kind}`](point);
        const row = span && board.rows[span.index];
        const place = {...span, row: row?.id};
        return row ? this.judge(place, this.action.block?.block) : null;
    }

    _get_move({index, minute}) {
        const {axis} = this.board;
        const {block, minute: gripped} = this.action;
        const length = block.stop - block.start;
        let start = axis.snap(minute - (gripped - block.start));
        const isGrippedOnFirstDay = getDay(block.start) === getDay(gripped);
        const wasInHours = block.start - getDay(block.start) >= axis.from;
        if (isGrippedOnFirstDay && wasInHours) {
            start = Math.max(start, getDay(Math.min(minute, axis.end - 1)) + axis.from);
        }
        start = Math.max(0, Math.min(axis.end - axis.slot, start));
        return {index, start, stop: start + length};
    }

    _get_item({index, minute}) {
        const {axis} = this.board;
        const day = getDay(Math.min(minute, axis.end - 1));
        const start = Math.min(axis.floor(minute), day + axis.to - axis.slot);
        return {index, start, stop: start + this.action.item.minutes};
    }

    _get_resize({minute}) {
        const {axis} = this.board;
        const {block, edge, index} = this.action;
        const moment = axis.snap(minute);
        return edge === "start"
            ? {index, start: Math.min(moment, block.stop - axis.slot), stop: block.stop}
            : {
                  index,
                  start: block.start,
                  stop: Math.max(moment, block.start + axis.slot),
              };
    }

    _get_select({minute}) {
        const {axis} = this.board;
        const {index, minute: origin} = this.action;
        const start = axis.floor(Math.min(minute, origin));
        const end = axis.floor(Math.max(minute, origin)) + axis.slot;
        const stop = Math.max(
            start + axis.slot,
            Math.min(end, getDay(start) + axis.to),
        );
        return {index, start, stop};
    }

    /**
     * Whether it fits there: free, taken, or outside of the working hours.
     *
     * @param {object} place row, start, stop
     * @param {number} [number] block that is moved
     * @returns {object} the place with `fit`
     */
    judge(place, number) {
        const {model} = this.board;
        const {row, start, stop} = place;
        let fit = "free";
        if (!isFree(model.getBlocks(row), start, stop, number)) {
            fit = "taken";
        } else if (!isWorking(model.getWork(row), start, stop)) {
            fit = "closed";
        }
        return {...place, fit};
    }

    // ------------------------------------------------------------------
    // End
    // ------------------------------------------------------------------

    _onUp(ev) {
        const {action, board} = this;
        if (!action || ev.pointerId !== action.id) {
            return;
        }
        if (action.isOn) {
            action.x = ev.clientX;
            action.y = ev.clientY;
            const place = this._getPlace();
            this._end();
            if (place) {
                this._drop(action, place);
            }
            return;
        }
        this._end();
        if (action.block) {
            board.onTap(action.block, action.element);
        } else if (action.kind === "select") {
            const row = board.rows[action.index];
            const start = board.axis.floor(action.minute);
            if (row) {
                board.onSelect({row: row.id, start, stop: null});
            }
        }
    }

    _drop(action, place) {
        if (action.kind === "select") {
            this.board.onSelect(place);
        } else if (action.kind === "item") {
            this.board.onDropItem(action.item, place);
        } else {
            this.board.onDrop(action, place);
        }
    }

    _onKey(ev) {
        if (ev.key === "Escape" && this.action?.isOn) {
            ev.preventDefault();
            ev.stopPropagation();
            this.cancel();
        }
    }

    /** All stays as it was. */
    cancel() {
        if (this.action) {
            this._end();
        }
    }

    _end() {
        const {action, board} = this;
        this.action = null;
        this.listeners.splice(0).forEach((remove) => remove());
        browser.clearTimeout(action.timer);
        browser.clearTimeout(action.flipTimer);
        browser.cancelAnimationFrame(this.frame);
        this.frame = 0;
        board.marks.clear();
        board.onEnd?.(action);
    }
}
