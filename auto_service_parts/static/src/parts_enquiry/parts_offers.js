/**
 * Offers as the screen shows them: filtered, grouped by part, sorted, the best ones
 * marked. Plain functions.
 */

export const NO_FILTERS = {
    isInStock: false,
    isReturnable: false,
    isReliable: false,
    withEquivalents: true,
    source: "",
    hours: 0,
    price: 0,
};
const RELIABLE_PERCENT = 80;
const HOUR_MS = 3600000;
const FAR = Number.MAX_VALUE;

/** Offers of the number that was asked for: itself, not an equivalent. */
export function isAsked(offer) {
    return !offer.rank;
}

/** Whether the source has it now, or says at least about how many. */
export function isInStock(offer) {
    return (
        !offer.is_on_order && ((offer.quantity || 0) > 0 || offer.quantity_sign === "~")
    );
}

/** When the part would be here, in ms since 1970; very late when nobody knows. */
export function getTime(offer) {
    return offer.eta ? Date.parse(`${offer.eta.replace(" ", "T")}Z`) : FAR;
}

function getPrice(offer) {
    return offer.sale_price || FAR;
}

/**
 * @param {object} offer
 * @param {object} filters see NO_FILTERS
 * @param {number} now ms since 1970
 * @returns {boolean}
 */
export function isWanted(offer, filters, now = Date.now()) {
    return (
        (filters.withEquivalents || isAsked(offer)) &&
        (!filters.isInStock || isInStock(offer)) &&
        (!filters.isReturnable || !offer.is_no_return) &&
        (!filters.isReliable || isReliable(offer)) &&
        (!filters.source || offer.source_name === filters.source) &&
        (!filters.hours || getTime(offer) <= now + filters.hours * HOUR_MS) &&
        (!filters.price || getPrice(offer) <= filters.price)
    );
}

/** Own stock is as good as its word; of others we want to know. */
function isReliable(offer) {
    return offer.kind === "own" || (offer.probability || 0) >= RELIABLE_PERCENT;
}

const BY = {
    price: (left, right) => getPrice(left) - getPrice(right),
    time: (left, right) => getTime(left) - getTime(right),
    supplier: (left, right) =>
        (left.source_name || "").localeCompare(right.source_name || ""),
    probability: (left, right) => (right.probability || 0) - (left.probability || 0),
    quantity: (left, right) => (right.quantity || 0) - (left.quantity || 0),
};

/** What we have ourselves, then what is new and can be had, then the price. */
function compareMatches(left, right) {
    return (
        (right.kind === "own") - (left.kind === "own") ||
        Boolean(left.is_used) - Boolean(right.is_used) ||
        isInStock(right) - isInStock(left) ||
        BY.price(left, right)
    );
}

/**
 * @param {string} sort "match" or a key of BY
 * @returns {Function}
 */
function getComparison(sort) {
    const compare = BY[sort] || compareMatches;
    return (left, right) =>
        compare(left, right) ||
        BY.price(left, right) ||
        BY.time(left, right) ||
        left.id - right.id;
}

/**
 * Parts with their offers: the one asked for first, then equivalents, the closest ones
 * first, or those with the best offer when something else is sorted by.
 *
 * @param {object[]} offers
 * @param {string} sort "match", "price", "time", "supplier", "probability", "quantity"
 * @returns {object[]} groups: key, rank, offers and what is said of the part
 */
export function groupOffers(offers, sort = "match") {
    const compare = getComparison(sort);
    const groups = new Map();
    for (const offer of offers) {
        const group = groups.get(offer.group);
        if (group) {
            group.push(offer);
        } else {
            groups.set(offer.group, [offer]);
        }
    }
    const list = [...groups].map(([key, rows]) => makeGroup(key, rows.sort(compare)));
    const compareGroups = (left, right) =>
        !left.rank !== !right.rank
            ? (left.rank || 0) - (right.rank || 0)
            : (sort === "match" ? left.rank - right.rank : 0) ||
              compare(left.offers[0], right.offers[0]);
    return list.sort(compareGroups);
}

function makeGroup(key, offers) {
    const closest = offers.reduce((best, offer) =>
        (offer.rank || 0) < (best.rank || 0) ? offer : best,
    );
    const named = offers.find((offer) => offer.name);
    return {
        key,
        offers,
        rank: closest.rank || 0,
        foundBy: closest.found_by,
        note: closest.found_note || "",
        brand: closest.brand || "",
        number: closest.number,
        name: named?.name || "",
    };
}

/**
 * The best price and the soonest of what can be had, of the part itself and of its
 * equivalents; used parts do not compete.
 *
 * @param {object[]} offers
 * @returns {{price: number[], time: number[]}} ids of offers
 */
export function findBest(offers) {
    const able = offers.filter(
        (offer) => !offer.is_used && offer.sale_price && isInStock(offer),
    );
    const best = {price: [], time: []};
    for (const part of [
        able.filter(isAsked),
        able.filter((offer) => !isAsked(offer)),
    ]) {
        if (part.length > 1) {
            best.price.push(pickFirst(part, BY.price, BY.time).id);
            best.time.push(pickFirst(part, BY.time, BY.price).id);
        }
    }
    return best;
}

function pickFirst(offers, ...comparisons) {
    const compare = (left, right) =>
        comparisons.reduce((order, next) => order || next(left, right), 0);
    return offers.reduce((best, offer) => (compare(offer, best) < 0 ? offer : best));
}

/**
 * The least quantity that can be had of at least what is wanted.
 *
 * @param {object} offer
 * @param {number} wanted pieces
 * @returns {number}
 */
export function fitQuantity(offer, wanted = 1) {
    const step = offer.multiplicity > 0 ? offer.multiplicity : 1;
    const least = Math.max(wanted, offer.min_quantity || 0, 0);
    const steps = Math.max(1, Math.ceil(Math.round((least / step) * 1e6) / 1e6));
    return Math.round(steps * step * 1e6) / 1e6;
}

/**
 * What is left of the price, in per cent of it.
 *
 * @param {object} offer
 * @returns {number|null}
 */
export function getMargin(offer) {
    return offer.sale_price
        ? ((offer.sale_price - (offer.cost || 0)) / offer.sale_price) * 100
        : null;
}
