import {EventBus} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {describeError} from "@auto_service_base/labour_picker/labour_format";
import {DAY} from "./board_axis";
import {getDate} from "./board_text";

export const ROLES = ["bay", "technician", "equipment", "courtesy_car"];
const UNDO_STEPS = 20;

/**
 * What the board knows: rows, blocks, what is being saved.
 *
 * Blocks and rows are plain objects that are replaced and never changed, so that a row
 * is drawn again only when something of it is another object. `update` is triggered on
 * the bus after every change.
 */
export class BoardModel {
    /**
     * @param {object} params
     * @param {Function} params.call (method, args) → answer of the server
     * @param {Function} params.ask (sentences) → whether to do it all the same
     * @param {Function} params.notify (sentence, type)
     * @param {boolean} [params.isWall]
     */
    constructor({call, ask, notify, isWall = false}) {
        Object.assign(this, {call, ask, notify, isWall});
        this.bus = new EventBus();
        this.scale = "day";
        this.role = "bay";
        this.date = false;
        this.companyId = false;
        this.filters = {text: "", kind: 0, skill: 0, operation: 0};
        this.data = null;
        this.error = "";
        this.isLoading = false;
        this.queue = null;
        this.pending = new Set();
        this.refused = new Set();
        this.undoSteps = [];
        this.stamp = 0;
        this.loads = 0;
        this._clear();
    }

    _clear() {
        this.blocks = new Map();
        this.byRow = new Map();
        this.stamps = new Map();
        this.services = {};
    }

    changed() {
        this.bus.trigger("update");
    }

    // ------------------------------------------------------------------
    // Reading
    // ------------------------------------------------------------------

    /** Read the day or week; an answer that came too late is dropped. */
    async load() {
        const number = ++this.loads;
        const stamp = ++this.stamp;
        this.isLoading = true;
        this.changed();
        const params = {
            scale: this.scale,
            date: this.date,
            company_id: this.companyId,
            wall: this.isWall,
        };
        let data = null;
        try {
            data = await this.call("get_board", [params]);
            this.error = "";
        } catch (error) {
            this.error = describeError(error);
        }
        if (number !== this.loads) {
            return;
        }
        this.isLoading = false;
        if (data) {
            this._take(data, stamp);
        }
        this.changed();
    }

    _take(data, stamp) {
        this._clear();
        this.data = data;
        this.loadedAt = browser.performance.now();
        this.date = data.window.first;
        this.companyId = data.window.company_id;
        this.services = data.services;
        this.names = new Map(data.rows.map((row) => [row.id, row.name]));
        this.rows = new Map(data.rows.map((row) => [row.id, row]));
        this.patternOf = new Map(
            data.rows.map((row, index) => [row.id, data.patterns[data.work[index]]]),
        );
        for (const block of this._read(data)) {
            this.blocks.set(block.block, block);
            this.stamps.set(block.block, stamp);
        }
        if (!this.roles.includes(this.role)) {
            this.role = this.roles[0] || "bay";
        }
        this._groupByRow();
    }

    /** Objects out of the rows of an answer. */
    _read({block_fields: names, blocks}) {
        return blocks.map((values) => {
            const block = {};
            names.forEach((name, index) => (block[name] = values[index]));
            return block;
        });
    }

    _groupByRow() {
        this.byRow = new Map(this.data.rows.map((row) => [row.id, []]));
        for (const block of this.blocks.values()) {
            for (const id of block.resources) {
                this.byRow.get(id)?.push(block);
            }
        }
        for (const blocks of this.byRow.values()) {
            blocks.sort((one, two) => one.start - two.start);
        }
    }

    /** Roles that have rows; empty rows count. */
    get roles() {
        const there = new Set((this.data?.rows || []).map((row) => row.role));
        return ROLES.filter((role) => there.has(role));
    }

    /** Rows that are shown, in order. */
    get shownRows() {
        const {kind, skill} = this.filters;
        return (this.data?.rows || []).filter(
            (row) =>
                row.role === this.role &&
                (!kind || row.kind === kind || row.role === "technician") &&
                (!skill || row.skills.includes(skill) || row.role !== "technician"),
        );
    }

    getBlocks(rowId) {
        return this.byRow.get(rowId) || [];
    }

    getWork(rowId) {
        return this.patternOf.get(rowId) || [];
    }

    /** This moment as a minute of the board. */
    get now() {
        if (!this.data) {
            return 0;
        }
        return this.data.now + (browser.performance.now() - this.loadedAt) / 60000;
    }

    get days() {
        return this.data.window.days;
    }

    get first() {
        return this.data.window.first;
    }

    get canEdit() {
        return Boolean(this.data?.can_edit) && !this.isWall;
    }

    // ------------------------------------------------------------------
    // Where one looks
    // ------------------------------------------------------------------

    show(changes) {
        Object.assign(this, changes);
        return this.load();
    }

    /** The next or last day or week. */
    shift(direction) {
        const days = (this.scale === "week" ? 7 : 1) * direction;
        return this.show({date: getDate(this.date, days).toISODate()});
    }

    setRole(role) {
        this.role = role;
        this.changed();
    }

    setFilter(name, value) {
        this.filters = {...this.filters, [name]: value};
        this.changed();
    }

    clearFilters() {
        this.filters = {text: "", kind: 0, skill: 0, operation: 0};
        this.changed();
    }

    get hasFilters() {
        return Object.values(this.filters).some(Boolean);
    }

    // ------------------------------------------------------------------
    // Changes of others
    // ------------------------------------------------------------------

    /** Somebody has changed these blocks: read them. Several calls make one request. */
    refresh(blocks) {
        this.waiting = new Set([...(this.waiting || []), ...blocks]);
        this.refreshing ||= Promise.resolve().then(() => this._refresh());
        return this.refreshing;
    }

    async _refresh() {
        try {
            while (this.waiting.size && this.data) {
                const blocks = [...this.waiting];
                this.waiting.clear();
                const stamp = ++this.stamp;
                const {window} = this.data;
                const answer = await this.call("get_board_blocks", [blocks, window]);
                this._apply(answer, blocks, stamp, window);
            }
        } finally {
            this.refreshing = null;
        }
    }

    /** A message of the bus. */
    onMessage({company_id: companyId, blocks, all}) {
        if (!this.data || companyId !== this.data.window.company_id) {
            return;
        }
        this.bus.trigger("colleague");
        if (all) {
            this.load();
        } else {
            this.refresh(blocks).catch(() => this.load());
        }
    }

    /**
     * Take what the server says of some blocks, unless something newer is known.
     *
     * @param {object} answer of the server
     * @param {number[]} asked numbers of blocks; the ones that are missing have gone
     * @param {number} stamp of the request
     * @param {object} window that it was asked for
     */
    _apply(answer, asked, stamp, window) {
        if (window.first !== this.first || window.days !== this.days) {
            return;
        }
        Object.assign(this.services, answer.services);
        const found = new Map(this._read(answer).map((block) => [block.block, block]));
        for (const number of new Set([...asked, ...found.keys()])) {
            if ((this.stamps.get(number) || 0) <= stamp && !this.pending.has(number)) {
                this.stamps.set(number, stamp);
                this._replace(number, found.get(number));
            }
        }
        this.changed();
    }

    /** Another block under this number, or none. Only the rows concerned change. */
    _replace(number, block) {
        const old = this.blocks.get(number);
        const rows = new Set([...(old?.resources || []), ...(block?.resources || [])]);
        if (block) {
            this.blocks.set(number, block);
        } else {
            this.blocks.delete(number);
        }
        for (const id of rows) {
            const others = this.getBlocks(id).filter((one) => one.block !== number);
            if (block?.resources.includes(id)) {
                others.push(block);
                others.sort((one, two) => one.start - two.start);
            }
            if (this.byRow.has(id)) {
                this.byRow.set(id, others);
            }
        }
    }

    // ------------------------------------------------------------------
    // Own changes
    // ------------------------------------------------------------------

    /**
     * Move or resize a block. It stands there at once, and jumps back with the reason
     * when the server refuses.
     *
     * @param {number} number of the block
     * @param {object} change start, stop, source, target
     * @param {boolean} [isUndo]
     * @returns {Promise<boolean>} whether it lies there now
     */
    async move(number, change, isUndo = false) {
        const before = this.blocks.get(number);
        if (before) {
            this._replace(number, this._preview(before, change));
        }
        const done = await this._save("move_block", number, change, before);
        if (done && before && !isUndo) {
            this._rememberUndo(number, before, change);
        }
        return done;
    }

    /** The block as it will be, if all goes well. */
    _preview(block, {start, stop, source, target}) {
        const from = start ?? block.start;
        return {
            ...block,
            start: from,
            stop: stop ?? from + (block.stop - block.start),
            resources: block.resources.map((id) => (id === source ? target : id)),
        };
    }

    async _save(method, number, change, before) {
        this.pending.add(number);
        this.changed();
        const stamp = ++this.stamp;
        const {window} = this.data;
        try {
            let answer = await this.call(method, [number, change, window]);
            if (answer.problems) {
                const again = {...change, allow: true};
                answer =
                    (await this.ask(answer.problems)) &&
                    (await this.call(method, [number, again, window]));
            }
            this.pending.delete(number);
            if (answer) {
                this._apply(
                    answer,
                    [number],
                    Math.max(stamp, this._last(number)),
                    window,
                );
            } else {
                this._putBack(number, before);
            }
            return Boolean(answer);
        } catch (error) {
            this.pending.delete(number);
            this._putBack(number, before);
            this.notify(describeError(error), "danger");
            this.refresh([number]).catch(() => {});
            return false;
        }
    }

    _last(number) {
        return this.stamps.get(number) || 0;
    }

    /** It jumps back, and one sees that it did. */
    _putBack(number, before) {
        if (before) {
            this._replace(number, before);
            this.refused.add(number);
            browser.setTimeout(() => {
                this.refused.delete(number);
                this.changed();
            }, 900);
        }
        this.changed();
    }

    _rememberUndo(number, before, change) {
        const back = {start: before.start, stop: before.stop, allow: true};
        if (change.target) {
            Object.assign(back, {source: change.target, target: change.source});
        }
        this.undoSteps.push({number, back, first: this.first});
        this.undoSteps.splice(0, this.undoSteps.length - UNDO_STEPS);
        this.bus.trigger("moved", {number});
    }

    get canUndo() {
        return this.undoSteps.some((step) => this.data && step.first === this.first);
    }

    /** Take the last move back. */
    async undo() {
        const step = this.undoSteps.pop();
        if (!step) {
            return false;
        }
        const days = getDate(step.first, 0).diff(getDate(this.first, 0), "days").days;
        const shift = days * DAY;
        const {start, stop, ...rest} = step.back;
        return this.move(
            step.number,
            {start: start + shift, stop: stop + shift, ...rest},
            true,
        );
    }

    split(number, minute) {
        return this._act("split_block", number, [minute]);
    }

    async free(number) {
        const before = this.blocks.get(number);
        this._replace(number, undefined);
        const done = await this._act("free_block", number, []);
        if (!done && before) {
            this._putBack(number, before);
        }
        return done;
    }

    async _act(method, number, args) {
        const stamp = ++this.stamp;
        const {window} = this.data;
        try {
            const answer = await this.call(method, [number, ...args, window]);
            this._apply(answer, [number], stamp, window);
            return true;
        } catch (error) {
            this.notify(describeError(error), "danger");
            this.changed();
            return false;
        }
    }

    /**
     * Book a free place.
     *
     * @param {object} values see `book_on_board`
     * @returns {Promise<object>} answer of the server; `problems` when it has questions
     */
    async book(values) {
        const stamp = ++this.stamp;
        const {window} = this.data;
        const answer = await this.call("book_on_board", [values, window]);
        if (!answer.problems) {
            this._apply(answer, [], stamp, window);
            this.loadQueue();
        }
        return answer;
    }

    /** What stands at the side: to replan, waiting, without a time. */
    async loadQueue() {
        if (!this.data || this.isWall) {
            return;
        }
        const {window} = this.data;
        try {
            const queue = await this.call("get_board_queue", [window]);
            if (window === this.data.window) {
                this.queue = queue;
            }
        } catch (error) {
            this.notify(describeError(error), "danger");
        }
        this.changed();
    }

    get queueCount() {
        return Object.values(this.queue || {}).reduce(
            (count, items) => count + items.length,
            0,
        );
    }

    get branchName() {
        const branch = this.data?.companies.find(([id]) => id === this.companyId);
        return branch ? branch[1] : _t("Board");
    }
}
