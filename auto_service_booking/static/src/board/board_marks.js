const STYLE = `
:host { position: fixed; inset: 0; z-index: 1100; pointer-events: none; }
.veil { position: absolute; inset: 0; pointer-events: auto; cursor: grabbing; }
.veil[data-kind="resize"] { cursor: ew-resize; }
.veil[data-kind="select"] { cursor: crosshair; }
.clip { position: absolute; overflow: hidden; }
.canvas { position: absolute; left: 0; top: 0; will-change: transform; }
.cover { position: absolute; background: rgba(255, 255, 255, 0.62); }
.landing { position: absolute; left: 0; top: 0; }
.landing::before {
    content: ""; position: absolute; inset: 3px 0 11px; border-radius: 5px;
    border: 2px dashed #2f9e44; background: rgba(47, 158, 68, 0.16);
    box-sizing: border-box;
}
.landing[data-fit="closed"]::before {
    border-color: #d98e04; background: rgba(217, 142, 4, 0.16);
}
.landing[data-fit="taken"]::before {
    border-color: #d6293a; background: rgba(214, 41, 58, 0.16);
}
.label {
    position: absolute; left: 0; top: 0; padding: 3px 9px; border-radius: 6px;
    background: #1f2933; color: #fff; font: 500 12px/1.35 system-ui, sans-serif;
    white-space: nowrap; box-shadow: 0 3px 10px rgba(0, 0, 0, 0.25);
    will-change: transform;
}
.ghost {
    position: absolute; left: 0; top: 0; box-sizing: border-box; overflow: hidden;
    padding: 2px 6px 0 9px; border-radius: 5px; opacity: 0.94;
    font: 600 12px/1.3 system-ui, sans-serif; will-change: transform;
    white-space: nowrap;
}
.ghost small { display: block; font: 400 11px/1.25 system-ui, sans-serif; }
[hidden] { display: none !important; }
`;
const LABEL_HEIGHT = 24;

/**
 * What moves while something is dragged: ghost, landing mark and label.
 *
 * They live in a shadow tree beside the page. The style sheets of the web client have
 * hundreds of rules for which one changed attribute means to look at the whole page
 * again; what changes in here concerns nothing outside, so a frame costs the same
 * however many blocks there are.
 */
export class BoardMarks {
    mount() {
        this.host = document.createElement("div");
        this.host.className = "o_board_marks";
        const root = this.host.attachShadow({mode: "open"});
        const style = document.createElement("style");
        style.textContent = STYLE;
        root.append(style);
        this.veil = this._add(root, "veil");
        this.clip = this._add(root, "clip");
        this.canvas = this._add(this.clip, "canvas");
        this.cover = this._add(this.canvas, "cover");
        this.landing = this._add(this.canvas, "landing");
        this.label = this._add(root, "label");
        this.ghost = this._add(root, "ghost");
        this.clear();
        document.body.append(this.host);
    }

    _add(parent, name) {
        const element = document.createElement("div");
        element.className = name;
        parent.append(element);
        return element;
    }

    unmount() {
        this.host?.remove();
        this.host = null;
    }

    clear() {
        for (const part of [
            this.veil,
            this.cover,
            this.landing,
            this.label,
            this.ghost,
        ]) {
            part.hidden = true;
        }
    }

    /** The pointer belongs to the drag now, wherever it goes. */
    begin(kind, pointerId) {
        this.veil.hidden = false;
        this.veil.dataset.kind = kind;
        try {
            this.veil.setPointerCapture(pointerId);
        } catch {
            // The pointer has gone already; the listeners of the window end it.
        }
    }

    /**
     * A copy that hangs on the pointer, and a veil over what it was taken from.
     *
     * @param {HTMLElement} element
     * @param {DOMRect} body of the board, where the cover is drawn
     */
    lift(element, body) {
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        const [title, detail] = element.innerText.split("\n");
        const small = document.createElement("small");
        small.textContent = detail || "";
        this.ghost.replaceChildren(title || "", small);
        const edge = style.getPropertyValue("--o-look") || "#3b82c4";
        Object.assign(this.ghost.style, {
            width: `${box.width}px`,
            height: `${box.height}px`,
            background: style.backgroundColor,
            color: style.color,
            boxShadow: `inset 3px 0 0 ${edge}, 0 10px 24px rgba(0, 0, 0, 0.28)`,
        });
        this.ghost.hidden = false;
        Object.assign(this.cover.style, {
            left: `${box.left - body.left}px`,
            top: `${box.top - body.top}px`,
            width: `${box.width}px`,
            height: `${box.height}px`,
        });
        this.cover.hidden = false;
    }

    moveGhost(x, y) {
        this.ghost.style.transform = `translate3d(${x}px, ${y}px, 0)`;
    }

    /**
     * Where it would land.
     *
     * @param {object} place index, start, stop, fit; null: nowhere
     * @param {string} text of the label
     * @param {object} board for axis, sizes and elements
     */
    land(place, text, board) {
        this.landing.hidden = !place;
        this.label.hidden = !place;
        const scroller = board.scroller.getBoundingClientRect();
        const body = board.body.getBoundingClientRect();
        this._fitClip(scroller, body, board);
        if (!place) {
            return;
        }
        const {x, width} = board.axis.place(place.start, place.stop);
        const left = board.nameWidth + x;
        const top = place.index * board.rowHeight;
        Object.assign(this.landing.style, {
            transform: `translate3d(${left}px, ${top}px, 0)`,
            width: `${width}px`,
            height: `${board.rowHeight}px`,
        });
        this.landing.dataset.fit = place.fit;
        if (this.label.textContent !== text) {
            this.label.textContent = text;
        }
        const labelX = Math.max(scroller.left + board.nameWidth, body.left + left);
        const labelY = Math.max(scroller.top, body.top + top - LABEL_HEIGHT + 3);
        this.label.style.transform = `translate3d(${labelX}px, ${labelY}px, 0)`;
    }

    /** Only over the rows: not over names and hours. */
    _fitClip(scroller, body, {nameWidth, headHeight}) {
        const left = scroller.left + nameWidth;
        const top = scroller.top + headHeight;
        Object.assign(this.clip.style, {
            left: `${left}px`,
            top: `${top}px`,
            width: `${scroller.right - left}px`,
            height: `${scroller.bottom - top}px`,
        });
        const x = body.left - left;
        const y = body.top - top;
        this.canvas.style.transform = `translate3d(${x}px, ${y}px, 0)`;
    }
}
