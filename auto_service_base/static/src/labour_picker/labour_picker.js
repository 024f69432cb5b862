import {Reactive} from "@web/core/utils/reactive";
import {markRaw} from "@odoo/owl";
import {LatestCall} from "./latest_call";
import {describeError} from "./labour_format";

const PAGE_SIZE = 40;
const NO_TOTALS = {alone: 0, deducted: 0, hours: 0, amount: 0};

/** Baskets that were closed without being added, by work order. */
const drafts = new Map();

let lastKey = 0;

function newKey() {
    lastKey += 1;
    return `new${lastKey}`;
}

/**
 * What the screen "Add work" knows and asks: the catalogue, the basket, and what the
 * server makes of it. No markup in here.
 */
export class LabourPicker extends Reactive {
    /**
     * @param {object} params
     * @param {Function} params.call (method, args) => Promise, on the work order
     * @param {number} params.orderId
     * @param {string} [params.tab] which tab to open with
     */
    constructor({call, orderId, tab}) {
        super();
        this.call = call;
        this.orderId = orderId;
        this.info = null;
        this.tab = tab || "fit";
        this.text = "";
        this.filters = {};
        this.items = [];
        this.total = 0;
        this.highlighted = 0;
        this.isSearching = false;
        this.basket = [];
        this.skipped = [];
        this.preview = {lines: [], suggestions: [], totals: NO_TOTALS};
        this.isPreviewing = false;
        this.isApplying = false;
        this.isChanged = false;
        this.isRestored = false;
        this.job = {id: false, name: ""};
        this.lastAdded = null;
        this.errors = {};
        this.searches = markRaw(new LatestCall());
        this.previews = markRaw(new LatestCall());
    }

    // ------------------------------------------------------------------
    // Opening
    // ------------------------------------------------------------------

    async load() {
        this._restore();
        await Promise.all([this._loadInfo("get_labour_picker"), this.search()]);
        await this.update();
    }

    /** The car takes over what is known of a type: engine, gearbox … Times change. */
    async takeVehicleType(typeId) {
        this.isChanged = true;
        await this._loadInfo("take_vehicle_type", [typeId]);
        await Promise.all([this.search(), this.update()]);
    }

    async _loadInfo(method, args = []) {
        const info = await this._ask(method, args);
        if (info) {
            this.info = info;
            this.job.name ||= info.job_name || "";
        }
    }

    _restore() {
        const draft = drafts.get(this.orderId);
        drafts.delete(this.orderId);
        if (draft) {
            Object.assign(this, draft, {isRestored: true});
        }
    }

    /** Somebody closed the screen by mistake: the next time his basket is still there. */
    keepDraft() {
        if (this.basket.length) {
            const copy = JSON.parse(
                JSON.stringify({
                    basket: this.basket,
                    skipped: this.skipped,
                    job: this.job,
                }),
            );
            drafts.set(this.orderId, copy);
        }
    }

    // ------------------------------------------------------------------
    // Catalogue
    // ------------------------------------------------------------------

    setTab(tab) {
        this.tab = tab;
        return this.search();
    }

    setFilter(name, value) {
        if (value) {
            this.filters[name] = value;
        } else {
            delete this.filters[name];
        }
        return this.search();
    }

    clearFilters() {
        this.filters = {};
        return this.search();
    }

    /** Ask for the first page of what is typed and chosen now. */
    search() {
        this.isSearching = true;
        return this.searches.run(async () => {
            const answer = await this._askCatalogue(0);
            if (answer && !this.searches.isOutdated) {
                this.items = answer.items;
                this.total = answer.total;
                this.highlighted = 0;
            }
            this.isSearching = this.searches.isOutdated;
        });
    }

    showMore() {
        return this.searches.run(async () => {
            const answer = await this._askCatalogue(this.items.length);
            if (answer && !this.searches.isOutdated) {
                this.items.push(...answer.items);
                this.total = answer.total;
            }
        });
    }

    _askCatalogue(offset) {
        const args = [this.text.trim(), this.tab, {...this.filters}, offset, PAGE_SIZE];
        return this._ask("search_labour_catalogue", args);
    }

    moveHighlight(step) {
        const last = this.items.length - 1;
        this.highlighted = Math.max(0, Math.min(last, this.highlighted + step));
    }

    get hasFilters() {
        return Object.keys(this.filters).length > 0;
    }

    // ------------------------------------------------------------------
    // Basket
    // ------------------------------------------------------------------

    /** Whether a row of the catalogue was taken already. */
    isPicked(item) {
        return this.basket.some((own) => own.type === item.type && own.id === item.id);
    }

    /** Put a row of the catalogue into the basket; once is enough. */
    add(item) {
        const same = this.basket.find(
            (own) => own.type === item.type && own.id === item.id,
        );
        this.lastAdded = same ? same.key : this._push(item).key;
        return same ? Promise.resolve() : this.update();
    }

    addSuggestion(suggestion) {
        return this.add({
            type: "operation",
            id: suggestion.operation_id,
            name: suggestion.name,
            hours: suggestion.hours,
        });
    }

    remove(key) {
        this.basket = this.basket.filter((own) => own.key !== key);
        if (!this.basket.length) {
            this.skipped = [];
        }
        return this.update();
    }

    empty() {
        this.basket = [];
        this.skipped = [];
        this.isRestored = false;
        drafts.delete(this.orderId);
        return this.update();
    }

    /** Leave out work that something in the basket requires. */
    skip(line) {
        this.skipped.push({id: line.operation_id, name: line.name});
        return this.update();
    }

    unskip(operationId) {
        this.skipped = this.skipped.filter((skip) => skip.id !== operationId);
        return this.update();
    }

    /**
     * @param {object} line of the preview
     * @param {number|null} hours null: back to the book
     */
    judge(line, hours) {
        this._own(line).judged = hours;
        return this.update();
    }

    toggleOption(line, optionId) {
        const own = this._own(line);
        const ticked = own.options.includes(optionId);
        own.options = ticked
            ? own.options.filter((id) => id !== optionId)
            : [...own.options, optionId];
        return this.update();
    }

    /** What the advisor touches becomes his own pick, also when it was only required. */
    _own(line) {
        return (
            this.getOwn(line) ||
            this._push({type: "operation", id: line.operation_id, name: line.name})
        );
    }

    _push({type, id, name, code, hours, amount}) {
        const own = {
            key: newKey(),
            type,
            id,
            name,
            code: code || "",
            hours: hours ?? null,
            amount: amount ?? null,
            judged: null,
            options: [],
        };
        this.basket.push(own);
        // The one that was put in, seen by who draws it.
        return this.basket[this.basket.length - 1];
    }

    /** Ask the server what the basket comes to. */
    update() {
        this.isPreviewing = true;
        return this.previews.run(async () => {
            const args = [this._getItems()];
            const answer = await this._ask("preview_labour", args);
            if (answer && !this.previews.isOutdated) {
                this.preview = answer;
            }
            this.isPreviewing = this.previews.isOutdated;
        });
    }

    _getItems() {
        return this.basket.map((own) =>
            own.type === "package"
                ? {key: own.key, package_id: own.id}
                : {
                      key: own.key,
                      operation_id: own.id,
                      judged: own.judged,
                      options: [...own.options],
                      skip_required: this.skipped.map((skip) => skip.id),
                  },
        );
    }

    /** Own pick that a line of the preview comes from: a package makes several. */
    getOwn(line) {
        const key = line.item_key || line.key;
        return this.basket.find((own) => own.key === key);
    }

    /**
     * Lines of the new work. What was picked a moment ago stands there before the server
     * has answered, what was taken out is gone at once.
     */
    get lines() {
        const known = this.preview.lines.filter(
            (line) => !line.existing && (line.required_by || this.getOwn(line)),
        );
        const answered = new Set(known.map((line) => this.getOwn(line)?.key));
        const waiting = this.basket
            .filter((own) => !answered.has(own.key))
            .map((own) => this._getWaitingLine(own));
        return [...known, ...waiting];
    }

    _getWaitingLine(own) {
        return {
            key: own.key,
            operation_id: own.type === "operation" && own.id,
            package_id: own.type === "package" && own.id,
            name: own.name,
            code: own.code,
            alone: own.hours,
            hours: own.hours,
            judged: own.judged,
            amount: own.amount,
            isWaiting: true,
        };
    }

    /** Lines that stand on the estimates of the visit already. */
    get existingLines() {
        return this.preview.lines.filter((line) => line.existing);
    }

    get unknownCount() {
        return this.lines.filter(
            (line) => line.unknown && typeof line.judged !== "number",
        ).length;
    }

    /** Hours that the advisor added to the book, or took off it. */
    get judgedDifference() {
        return this.lines
            .filter((line) => typeof line.judged === "number")
            .reduce((sum, line) => sum + line.judged - (line.hours || 0), 0);
    }

    get suggestions() {
        const picked = this.lines.map((line) => line.operation_id);
        return this.preview.suggestions.filter(
            (suggestion) => !picked.includes(suggestion.operation_id),
        );
    }

    // ------------------------------------------------------------------
    // Estimate
    // ------------------------------------------------------------------

    /** Packages bring jobs of their own; only single work needs one. */
    get needsJob() {
        return this.basket.some((own) => own.type === "operation");
    }

    get canApply() {
        return this.basket.length > 0 && !this.isApplying;
    }

    /** Name of the new job when nobody typed one: the first work of the basket. */
    get jobName() {
        const first = this.basket.find((own) => own.type === "operation");
        return this.job.name.trim() || first?.name || "";
    }

    /** @returns {Promise<boolean>} whether the work is on the estimate now */
    async apply() {
        if (!this.canApply) {
            return false;
        }
        this.isApplying = true;
        const job = this.job.id ? {id: this.job.id} : {name: this.jobName};
        const args = [this._getItems(), job];
        const done = await this._ask("apply_labour", args);
        this.isApplying = false;
        if (done) {
            this.basket = [];
            this.isChanged = true;
        }
        return Boolean(done);
    }

    /** What is wrong now, in one sentence; empty when all is well. */
    get error() {
        return Object.values(this.errors).find(Boolean) || "";
    }

    /** The answer of the server; null, and a sentence on the screen, when it failed. */
    async _ask(method, args) {
        try {
            const answer = await this.call(method, args);
            this.errors[method] = "";
            return answer;
        } catch (error) {
            this.errors[method] = describeError(error);
            return null;
        }
    }
}
