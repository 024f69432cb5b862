import {markRaw} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {Reactive} from "@web/core/utils/reactive";
import {describeError} from "@auto_service_base/labour_picker/labour_format";
import {
    findBest,
    fitQuantity,
    groupOffers,
    isAsked,
    isWanted,
    NO_FILTERS,
} from "./parts_offers";

const POLL_MS = 300;
const FIRST_POLL_MS = 150;
const ASKED_ROWS = 12;
const GROUP_ROWS = 4;
const GROUPS = 25;
const OPEN_STATES = ["waiting", "running"];

/**
 * What the screen "Find parts" knows and asks: the number, its brands, the offers as
 * they come, and what was put on the estimate. No markup in here.
 */
export class PartsEnquiry extends Reactive {
    /**
     * @param {object} options
     * @param {Function} options.call (model, method, args) => Promise
     * @param {object} [options.params] number, brand_id, brand_name, order_id, job_id …
     * @param {boolean} [options.isSnapshot] only shows what was answered
     * @param {Function} [options.onChanged] after something got on an estimate
     */
    constructor({call, params, isSnapshot, onChanged}) {
        super();
        this.call = call;
        this.params = {...params};
        this.isSnapshot = Boolean(isSnapshot);
        this.onChanged = onChanged || (() => {});
        this.text = this.params.number || "";
        this.info = {recent: [], work: false, rights: {}, currency_id: 0};
        this.turn = 0;
        this.totals = null;
        this.lastAdded = null;
        this.pending = null;
        this.job = {id: this.params.job_id || false, name: ""};
        this.filters = {...NO_FILTERS};
        this.sort = "match";
        this.isLoading = false;
        this.isAdding = false;
        this.error = "";
        this.forget();
    }

    /** Nothing was asked yet. */
    forget() {
        this.turn += 1;
        this.id = false;
        this.enquiry = null;
        this.state = "";
        this.brands = [];
        this.sources = [];
        this.offers = markRaw([]);
        this.added = {};
        this.open = {};
        this.groupLimit = GROUPS;
        this.highlighted = -1;
        this.comparison = null;
        this.lastOfferId = 0;
    }

    // ------------------------------------------------------------------
    // Opening
    // ------------------------------------------------------------------

    /** Show an enquiry of before, or ask what the opener names. */
    async load() {
        if (this.params.enquiry_id) {
            await this._open(this.params.enquiry_id);
            return;
        }
        const {order_id, job_id} = this.params;
        const start = this._ask("get_start", [{order_id, job_id}]).then((info) =>
            this._takeInfo(info),
        );
        const first = this.text && this._askFirst();
        await Promise.all([start, first]);
    }

    _takeInfo(info) {
        if (info) {
            this.info = {...this.info, ...info};
            this._takeWork(this.enquiry?.work || info.work);
        }
    }

    _askFirst() {
        const {brand_id, brand_name} = this.params;
        return brand_id || brand_name
            ? this.choose({brand_id, brand_name})
            : this.search(this.text);
    }

    async _open(id) {
        const turn = this._begin();
        const answer = await this._ask("get_enquiry", [[id]]);
        this._take(turn, answer);
        this.text = answer?.number || "";
    }

    // ------------------------------------------------------------------
    // Asking
    // ------------------------------------------------------------------

    /** What a new enquiry is for. */
    get links() {
        const work = this.work;
        return {
            order_id: work.order_id || this.params.order_id || false,
            job_id: this.job.id || false,
            repeated_id: this.params.repeated_id || false,
            with_crosses: this.filters.withEquivalents,
        };
    }

    /** Ask for a number in any spelling; one brand only goes on by itself. */
    async search(text, {withBrands = false} = {}) {
        const number = text.trim();
        if (!number) {
            return;
        }
        this._dropRepeat(number);
        const turn = this._begin();
        this.text = number;
        const params = {...this.links, with_brands: withBrands};
        this._take(turn, await this._ask("search_brands", [number, params]));
    }

    /** Another number is no repetition of the earlier enquiry. */
    _dropRepeat(number) {
        if (number !== this.params.number) {
            this.params.repeated_id = false;
        }
    }

    /** Ask for the number of one brand. */
    async choose({brand_id, brand_name, number: part_number}) {
        const number = this.enquiry?.number || this.text.trim();
        const isChoice = this.state === "brand" && !this.offers.length;
        const enquiry_id = isChoice ? this.id : false;
        const turn = this._begin();
        const brand = {brand_id, brand_name, part_number};
        const params = {...this.links, ...brand, number, enquiry_id};
        this._take(turn, await this._ask("start_enquiry", [params]));
    }

    /** One of the numbers that the user asked for lately. */
    async askRecent(recent) {
        this.text = recent.number;
        this.params.repeated_id = false;
        this.forget();
        await this.choose(recent);
    }

    /** The same number once more: what has changed is marked. */
    async repeat() {
        const {number, brand_id} = this.enquiry;
        const brand_name = this.brandName;
        this.params.repeated_id = this.id;
        this.params.number = number;
        this.text = number;
        this.forget();
        await this.choose({brand_id, brand_name});
    }

    /** With or without equivalents: they are hidden at once, or asked for. */
    toggleEquivalents() {
        this.filters.withEquivalents = !this.filters.withEquivalents;
        const isMissing =
            this.filters.withEquivalents && this.enquiry && !this.enquiry.with_crosses;
        if (isMissing && !this.isSnapshot) {
            return this.choose({
                brand_id: this.enquiry.brand_id,
                brand_name: this.brandName,
            });
        }
    }

    _begin() {
        const {text} = this;
        this.forget();
        this.text = text;
        this.error = "";
        this.isLoading = true;
        return this.turn;
    }

    _take(turn, answer) {
        if (turn !== this.turn) {
            return;
        }
        this.isLoading = false;
        if (!answer) {
            return;
        }
        const {rights, work, currency_id, added, ...enquiry} = answer;
        this.info = {...this.info, rights, currency_id};
        this.enquiry = enquiry;
        this.added = added;
        this._takeWork(work || this.info.work);
        this._takeProgress(enquiry);
        if (this.isBusy) {
            this._follow(turn);
        } else {
            this._compare(turn);
        }
    }

    _takeProgress(progress) {
        this.id = progress.id;
        this.state = progress.state;
        this.brandName = progress.brand_name;
        this.partName = progress.part_name;
        this.brands = progress.brands;
        this.sources = progress.sources;
        if (progress.offers.length) {
            // Hundreds of offers: the list as a whole is watched, not each of them.
            this.offers = markRaw(this.offers.concat(progress.offers));
            this.lastOfferId = progress.last_offer_id;
        }
    }

    /** Suppliers are asked behind the scenes; what they say is read meanwhile. */
    async _follow(turn) {
        let isOver = this.isSnapshot;
        if (!this.isSnapshot) {
            this._ask("run_live", [[this.id]]).then((state) => {
                isOver = !state; // nobody is asked: nothing will come
            });
        }
        let pause = FIRST_POLL_MS;
        while (turn === this.turn) {
            const isLast = isOver;
            await new Promise((done) => browser.setTimeout(done, isOver ? 0 : pause));
            if (turn !== this.turn) {
                return; // something else was asked meanwhile
            }
            pause = POLL_MS;
            const args = [[this.id], this.lastOfferId];
            const progress = await this._ask("get_progress", args);
            if (turn !== this.turn) {
                return;
            }
            if (progress) {
                this._takeProgress(progress);
            }
            if (!this.isBusy || isLast) {
                break;
            }
        }
        await this._settle(turn);
    }

    /** All have answered: one brand goes on by itself, prices are compared with then. */
    async _settle(turn) {
        if (turn !== this.turn) {
            return;
        }
        if (this.state === "brand" && this.brands.length === 1 && !this.isSnapshot) {
            await this.choose(this.brands[0]);
        } else {
            await this._compare(turn);
        }
    }

    async _compare(turn) {
        const earlier = this.enquiry?.repeated_id;
        if (earlier && this.state !== "brand") {
            const comparison = await this._ask("compare", [[this.id], earlier]);
            if (turn === this.turn) {
                this.comparison = comparison;
            }
        }
    }

    async stop() {
        const progress = await this._ask("stop", [[this.id], this.lastOfferId]);
        if (progress && progress.id === this.id) {
            this.turn += 1;
            this._takeProgress(progress);
        }
    }

    get isBusy() {
        return (
            ["brand", "running"].includes(this.state) &&
            this.sources.some((source) => OPEN_STATES.includes(source.state))
        );
    }

    // ------------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------------

    get wanted() {
        return this.offers.filter((offer) => isWanted(offer, this.filters));
    }

    /** Parts with their offers, a screenful of them. */
    get groups() {
        const wanted = this.wanted;
        const groups = groupOffers(wanted, this.sort);
        const best = findBest(wanted);
        const marked = new Set([...best.price, ...best.time]);
        return groups.slice(0, this.groupLimit).map((group) => {
            const limit = this.open[group.key]
                ? group.offers.length
                : isAsked(group)
                  ? ASKED_ROWS
                  : GROUP_ROWS;
            // The cheapest and the fastest are never hidden behind "more".
            const rows = group.offers.filter(
                (offer, index) => index < limit || marked.has(offer.id),
            );
            return {...group, rows, more: group.offers.length - rows.length};
        });
    }

    get groupCount() {
        return new Set(this.wanted.map((offer) => offer.group)).size;
    }

    get best() {
        return findBest(this.wanted);
    }

    get sourceNames() {
        const names = new Set(this.offers.map((offer) => offer.source_name));
        return [...names].filter(Boolean).sort();
    }

    get hasFilters() {
        return Object.entries(NO_FILTERS).some(
            ([name, value]) => this.filters[name] !== value,
        );
    }

    clearFilters() {
        this.filters = {...NO_FILTERS};
    }

    setFilter(name, value) {
        this.filters[name] = value;
        this.highlighted = -1;
    }

    setSort(sort) {
        this.sort = this.sort === sort ? "match" : sort;
        this.highlighted = -1;
    }

    showAll(group) {
        this.open[group.key] = true;
    }

    showMoreGroups() {
        this.groupLimit += GROUPS;
    }

    get rows() {
        return this.groups.flatMap((group) => group.rows);
    }

    moveHighlight(step) {
        const last = this.rows.length - 1;
        this.highlighted = Math.max(0, Math.min(last, this.highlighted + step));
    }

    get highlightedOffer() {
        return this.highlighted < 0 ? undefined : this.rows[this.highlighted];
    }

    /** Price of the same offer at the time that is compared with. */
    getThen(offer) {
        return this.comparison?.then[offer.id];
    }

    isNew(offer) {
        return Boolean(this.comparison) && !this.getThen(offer);
    }

    // ------------------------------------------------------------------
    // Estimate
    // ------------------------------------------------------------------

    get work() {
        return this.info.work || {};
    }

    get jobs() {
        return this.work.jobs || [];
    }

    _takeWork(work) {
        this.info.work = work;
        if (!work) {
            return;
        }
        const isKnown = work.jobs.some((job) => job.id === this.job.id);
        if (!isKnown) {
            this.job.id = work.job_id || (work.jobs.length === 1 && work.jobs[0].id);
        }
    }

    get canAdd() {
        return !this.isSnapshot && (!this.work.order_id || this.work.is_open);
    }

    /** Name of the new job when nobody typed one: what the part is. */
    get jobName() {
        return this.job.name.trim() || this.partName || "";
    }

    /** The visit was chosen: what waits for it goes on its estimate. */
    async link(orderId) {
        const work = await this._ask(
            ...(this.id
                ? ["action_link", [[this.id], orderId]]
                : ["get_work", [orderId]]),
        );
        if (!work) {
            return;
        }
        this.job.id = false;
        this._takeWork(work);
        this.onChanged();
        const {pending} = this;
        this.pending = null;
        if (pending) {
            await this.add(pending.offer, pending.quantity);
        }
    }

    /** Put an offer on the estimate; without a visit it waits until one is chosen. */
    async add(offer, quantity) {
        if (!this.canAdd || this.isAdding || !offer) {
            return false;
        }
        const count = fitQuantity(offer, quantity || 1);
        if (!this.work.order_id) {
            this.pending = {offer, quantity: count};
            return false;
        }
        this.isAdding = true;
        const done = await this._add(offer, count);
        this.isAdding = false;
        return Boolean(done);
    }

    async _add(offer, quantity) {
        const job = this.job.id
            ? {job_id: this.job.id}
            : {order_id: this.work.order_id, job_name: this.jobName};
        const done = await this._askModel("auto.service.parts.offer", "add_to_job", [
            [offer.id],
            job.job_id || null,
            job.order_id || null,
            quantity,
            job.job_name || null,
        ]);
        if (done) {
            this.totals = done;
            this.lastAdded = offer.id;
            this.added = {
                ...this.added,
                [offer.id]: (this.added[offer.id] || 0) + quantity,
            };
            this._takeJob(done);
            this.onChanged();
        }
        return done;
    }

    _takeJob(done) {
        if (done.job_id && !this.jobs.some((job) => job.id === done.job_id)) {
            this.info.work.jobs.push({
                id: done.job_id,
                name: done.job_name || this.jobName || _t("New job"),
            });
        }
        this.job.id = done.job_id || this.job.id;
    }

    // ------------------------------------------------------------------

    _ask(method, args) {
        return this._askModel("auto.service.parts.enquiry", method, args);
    }

    /** The answer of the server; null, and a sentence on the screen, when it failed. */
    async _askModel(model, method, args) {
        try {
            return await this.call(model, method, args);
        } catch (error) {
            this.error = describeError(error);
            return null;
        }
    }
}
