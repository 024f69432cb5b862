import {browser} from "@web/core/browser/browser";
import {Reactive} from "@web/core/utils/reactive";
import {describeError} from "@auto_service_base/labour_picker/labour_format";

const MODEL = "auto.service.part.balance";
const PAUSE_MS = 120;

/**
 * What the screen "Part balance" knows and asks: the parts that are found while
 * somebody types, and all about the one that was chosen. No markup in here.
 */
export class PartBalance extends Reactive {
    /**
     * @param {object} options
     * @param {Function} options.call (model, method, args) => Promise
     * @param {number} [options.productId] shown at once
     * @param {string} [options.text] looked for at once
     */
    constructor({call, productId, text}) {
        super();
        this.call = call;
        this.productId = productId || false;
        this.text = text || "";
        this.balance = null;
        this.equivalents = null;
        this.found = [];
        this.foundFor = "";
        this.isOpen = false;
        this.highlighted = 0;
        this.isLoading = false;
        this.error = "";
        this.turn = 0;
        this.searchTurn = 0;
        this.timer = undefined;
    }

    async load() {
        if (this.productId) {
            await this.show(this.productId);
        } else if (this.text) {
            await this.search(this.text);
        }
    }

    // ------------------------------------------------------------------
    // The box
    // ------------------------------------------------------------------

    /** Somebody types: the answer comes when the fingers rest. */
    type(text) {
        this.text = text;
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.search(text), PAUSE_MS);
    }

    /** Parts for what is typed; an older answer never covers a newer one. */
    async search(text) {
        browser.clearTimeout(this.timer);
        const turn = ++this.searchTurn;
        this.text = text;
        const wanted = text.trim();
        const found = wanted ? await this._ask("search_parts", [wanted]) : [];
        if (turn !== this.searchTurn) {
            return;
        }
        this.found = found || [];
        this.foundFor = wanted;
        this.highlighted = 0;
        this.isOpen = Boolean(wanted) && Boolean(found);
    }

    moveHighlight(step) {
        const last = this.found.length - 1;
        this.highlighted = Math.max(0, Math.min(last, this.highlighted + step));
    }

    /** Enter: what was typed is looked for first, if that has not been done yet. */
    async choose() {
        if (this.foundFor !== this.text.trim() || !this.isOpen) {
            await this.search(this.text);
        }
        const part = this.found[this.highlighted];
        if (part) {
            await this.show(part.id);
        }
    }

    close() {
        this.isOpen = false;
    }

    clear() {
        this.searchTurn += 1;
        this.text = "";
        this.found = [];
        this.foundFor = "";
        this.close();
    }

    // ------------------------------------------------------------------
    // The part
    // ------------------------------------------------------------------

    /** All about a part. */
    async show(productId) {
        this.close();
        this.searchTurn += 1;
        if (productId !== this.productId) {
            this.balance = null;
        }
        this.productId = productId;
        await this._take(this._ask("get_balance", [productId]));
    }

    /** Once more: somebody else moves parts, too. */
    refresh() {
        return this.productId && this.show(this.productId);
    }

    /** Reserve what is free for a demand, or let go what is reserved for it. */
    async toggleReserved(move, isReserved) {
        const method = isReserved ? "unreserve" : "reserve";
        await this._take(this._ask(method, [this.productId, move.id]));
    }

    async _take(asked) {
        const turn = ++this.turn;
        this.isLoading = true;
        this.error = "";
        const balance = await asked;
        if (turn !== this.turn) {
            return;
        }
        this.isLoading = false;
        if (!balance) {
            return;
        }
        this.balance = balance;
        await this._loadEquivalents(turn);
    }

    /** What else would do comes after the part itself. */
    async _loadEquivalents(turn) {
        this.equivalents = null;
        if (!this.balance.has_equivalents) {
            return;
        }
        const equivalents = await this._ask("get_equivalents", [this.productId]);
        if (turn === this.turn) {
            this.equivalents = equivalents;
        }
    }

    getAction(name, ...args) {
        return this._ask(`action_${name}`, [this.productId, ...args]);
    }

    /** The answer of the server; null, and a sentence on the screen, when it failed. */
    async _ask(method, args) {
        try {
            return await this.call(MODEL, method, args);
        } catch (error) {
            this.error = describeError(error);
            return null;
        }
    }
}
