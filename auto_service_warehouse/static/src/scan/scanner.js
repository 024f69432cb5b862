import {markRaw} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError} from "@web/core/network/rpc";
import {Reactive} from "@web/core/utils/reactive";
import {describeError} from "@auto_service_base/labour_picker/labour_format";

const RETRY_MS = 3000;
const GIVE_UP_MS = 15000;
const UNDO_STEPS = 30;
const LOG_ROWS = 30;

/** An answer that did not come in time: the scan is sent again, it counts once. */
class TooLateError extends Error {}

/**
 * What the scanner screen knows and asks. The server decides what a scan means; here
 * scans wait in line, are sent one by one, and sent again while the connection is gone.
 */
export class Scanner extends Reactive {
    /**
     * @param {object} options
     * @param {Function} options.call (method, args) => Promise
     * @param {Function} options.newToken name for a scan, never the same twice
     * @param {object} [options.store] where waiting scans survive a reload:
     *     ``load() => object`` and ``save(object)``
     * @param {Function} [options.onSaid] (tone) => void, for sound and vibration
     */
    constructor({call, newToken, store, onSaid}) {
        super();
        this.call = call;
        this.newToken = newToken;
        this.store = markRaw(store || {load: () => null, save: () => {}});
        this.onSaid = onSaid || (() => {});
        this.modes = [];
        this.queue = [];
        this.isOffline = false;
        this.isBusy = false;
        this.turn = 0;
        this.forget();
    }

    /** Back to the tiles. */
    forget() {
        this.turn += 1;
        this.mode = "";
        this.state = markRaw({});
        this.screen = null;
        this.undoable = [];
        this.log = [];
        this.say("", "");
    }

    say(tone, message, detail = "") {
        this.tone = tone;
        this.message = message;
        this.detail = detail;
        this.questions = [];
        this.choices = [];
    }

    get modeInfo() {
        return this.modes.find(({name}) => name === this.mode);
    }

    get isAsking() {
        return this.tone === "ask";
    }

    get canUndo() {
        return Boolean(this.queue.length || this.undoable.length);
    }

    /** Scans that nobody has answered yet. */
    get waiting() {
        return this.queue.length;
    }

    // ------------------------------------------------------------------
    // Beginning
    // ------------------------------------------------------------------

    /**
     * @param {object} [params] ``mode`` to begin with, and what it has to know
     */
    async load(params = {}) {
        this.modes = (await this._ask("get_modes", [])) || [];
        const kept = this.store.load();
        if (kept?.queue?.length && this.modes.some(({name}) => name === kept.mode)) {
            await this._resume(kept);
        } else if (params.mode) {
            await this.open(params.mode, params);
        }
    }

    /** Scans of before the page was loaded anew are still to be sent. */
    async _resume({mode, state, queue}) {
        await this.open(mode);
        this.state = markRaw(state);
        this.queue = queue;
        await this._flush();
    }

    async open(mode, params = {}) {
        this.forget();
        const {turn} = this;
        this.mode = mode;
        const answer = await this._ask("start", [mode, params]);
        if (answer && turn === this.turn) {
            this._take(answer);
        }
    }

    home() {
        if (!this.queue.length) {
            this.forget();
        }
    }

    // ------------------------------------------------------------------
    // Scanning
    // ------------------------------------------------------------------

    /** A code was scanned or typed; on the tiles it is looked up. */
    async scan(code) {
        const text = (code || "").trim();
        if (!text) {
            return;
        }
        if (!this.mode) {
            await this.open("lookup");
        }
        await this.send({code: text});
    }

    /** A big button, an answer to a question, or a choice. */
    press({action, args}) {
        return this.send({action, args: args || {}});
    }

    /** Quantity that was typed for a row. */
    setQuantity(line, quantity) {
        return this.press({action: line.set, args: {key: line.key, quantity}});
    }

    /** Take back what waits, else what was taken last. */
    undo() {
        const isSending = this.isBusy && this.queue.length === 1;
        if (this.queue.length && !isSending) {
            this.queue.pop();
            this._keep();
            this.say("info", _t("Undone"));
            return;
        }
        const token = this.undoable.at(-1);
        return token && !this.isBusy ? this.send({undo: token}) : undefined;
    }

    async send(event) {
        const item = {token: this.newToken(), mode: this.mode, event};
        // An answer to a question goes before scans that came meanwhile.
        if (this.isAsking && !event.code) {
            this.queue.unshift(item);
        } else {
            this.queue.push(item);
        }
        if (this.isAsking && !event.code) {
            this.say("", "");
        }
        this._keep();
        if (this.isAsking) {
            this.onSaid("ask"); // look at the screen first
        }
        await this._flush();
    }

    /** None of the choices is right. */
    async dismiss() {
        this.say("", "");
        await this._flush();
    }

    async _flush() {
        if (this.isBusy) {
            return;
        }
        this.isBusy = true;
        while (this.queue.length && !this._isHeldUp()) {
            const isSent = await this._sendFirst();
            if (!isSent) {
                break;
            }
        }
        this.isBusy = false;
    }

    /** A question stands on the screen: scans wait until it is answered. */
    _isHeldUp() {
        return this.isAsking && Boolean(this.queue[0].event.code);
    }

    async _sendFirst() {
        const item = this.queue[0];
        const {turn} = this;
        try {
            const args = [item.token, item.mode, item.event, this.state];
            const answer = await this._inTime(this.call("handle", args));
            this.isOffline = false;
            this._drop(item);
            if (turn === this.turn) {
                this._take(answer, item);
            }
            return true;
        } catch (error) {
            if (error instanceof ConnectionLostError || error instanceof TooLateError) {
                this._retryLater();
                return false;
            }
            this._drop(item);
            this._refuse(describeError(error), item);
            return true;
        }
    }

    _inTime(promise) {
        let timer = 0;
        const late = new Promise((_done, fail) => {
            timer = browser.setTimeout(() => fail(new TooLateError()), GIVE_UP_MS);
        });
        return Promise.race([promise, late]).finally(() => browser.clearTimeout(timer));
    }

    _retryLater() {
        if (!this.isOffline) {
            this.isOffline = true;
            this.onSaid("ask");
        }
        browser.setTimeout(() => this._flush(), RETRY_MS);
    }

    /** The connection is back: nobody waits for the next attempt. */
    wake() {
        return this.queue.length ? this._flush() : undefined;
    }

    _drop(item) {
        this.queue = this.queue.filter(({token}) => token !== item.token);
        this._keep();
    }

    /** Scans that wait survive a reload of the page. */
    _keep() {
        const {mode, state, queue} = this;
        this.store.save(queue.length ? {mode, state, queue} : null);
    }

    // ------------------------------------------------------------------
    // Answers
    // ------------------------------------------------------------------

    _take(answer, item) {
        this.state = markRaw(answer.state);
        this.screen = markRaw(answer.screen);
        this.say(answer.message ? answer.tone : "", answer.message, answer.detail);
        this.questions = answer.buttons;
        this.choices = answer.choices;
        if (item) {
            this._remember(answer, item);
            this.onSaid(answer.tone);
        }
    }

    _remember(answer, {token, event}) {
        if (event.undo && answer.tone !== "error") {
            this.undoable = this.undoable.filter((known) => known !== event.undo);
        } else if (answer.can_undo) {
            this.undoable = [...this.undoable, token].slice(-UNDO_STEPS);
        }
        this._write(answer.tone, answer.message, event);
    }

    _refuse(message, {event}) {
        this.say("error", message);
        this._write("error", message, event);
        this.onSaid("error");
    }

    /** The last scans, for those who looked away. */
    _write(tone, message, {code}) {
        const row = {id: this.newToken(), tone, message, code: code || ""};
        this.log = [row, ...this.log].slice(0, LOG_ROWS);
    }

    /** The answer of the server; null, and a sentence, when it failed. */
    async _ask(method, args) {
        try {
            return await this.call(method, args);
        } catch (error) {
            this.say("error", describeError(error));
            this.onSaid("error");
            return null;
        }
    }
}
