import {formatCurrency} from "@web/core/currency";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";

const {DateTime} = luxon;

/**
 * @param {number} value pieces
 * @returns {string}
 */
export function formatQuantity(value) {
    return formatFloat(value || 0, {trailingZeros: false, digits: [16, 3]});
}

/**
 * How many there are, as exactly as the source says it.
 *
 * @param {object} offer
 * @returns {string}
 */
export function describeStock(offer) {
    if (offer.is_on_order) {
        return _t("On order");
    }
    if (!offer.quantity) {
        return offer.quantity_sign === "~" ? _t("Some") : "0";
    }
    const sign = {">": ">", "<": "<", "~": "~"}[offer.quantity_sign] || "";
    return sign + formatQuantity(offer.quantity);
}

/**
 * When the part would be here, in the words of somebody at the desk.
 *
 * @param {object} offer
 * @param {DateTime} [now]
 * @returns {string}
 */
export function describeTime(offer, now = DateTime.now()) {
    if (offer.kind === "own" && !offer.hours_max) {
        return offer.quantity ? _t("Now") : "";
    }
    if (!offer.eta) {
        return offer.term_text || _t("Not known");
    }
    const eta = DateTime.fromSQL(offer.eta, {zone: "utc"}).setZone(now.zone);
    const days = eta.startOf("day").diff(now.startOf("day"), "days").days;
    if (days < 1) {
        return _t("Today %s", eta.toFormat("HH:mm"));
    }
    return days < 2
        ? _t("Tomorrow %s", eta.toFormat("HH:mm"))
        : eta.toLocaleString({weekday: "short", day: "numeric", month: "short"});
}

/**
 * The term as the supplier names it, with all that is known.
 *
 * @param {object} offer
 * @returns {string}
 */
export function explainTime(offer) {
    const {hours_min: least = 0, hours_max: most = 0} = offer;
    const hours =
        least && most && least !== most
            ? _t("%(least)s to %(most)s hours", {least, most})
            : most || least
              ? _t("%s hours", most || least)
              : "";
    return [hours, offer.term_text].filter(Boolean).join(" · ");
}

/**
 * An amount in a currency; nothing when it is not known.
 *
 * @param {number|undefined} amount
 * @param {number} currencyId
 * @returns {string}
 */
export function formatPrice(amount, currencyId) {
    return amount ? formatCurrency(amount, currencyId) : "";
}

/**
 * How a price differs from that of an earlier day: +1.20.
 *
 * @param {number} difference
 * @param {number} currencyId
 * @returns {string}
 */
export function formatDifference(difference, currencyId) {
    const amount = formatCurrency(Math.abs(difference), currencyId);
    return (difference < 0 ? "−" : "+") + amount;
}

/**
 * @param {string} text UTC, as the server writes it
 * @returns {string}
 */
export function formatMoment(text) {
    return text
        ? DateTime.fromSQL(text, {zone: "utc"})
              .setZone("default")
              .toLocaleString(DateTime.DATETIME_SHORT)
        : "";
}

/**
 * How long an answer took: 120 ms, 2.1 s.
 *
 * @param {number} milliseconds
 * @returns {string}
 */
export function formatDuration(milliseconds) {
    return milliseconds < 1000
        ? _t("%s ms", milliseconds)
        : _t("%s s", (milliseconds / 1000).toFixed(1));
}

/** How an equivalent was found, by ``found_by``. */
export function describeMatch(group) {
    const texts = {
        number: _t("Number asked for"),
        alternate: _t("Other number of the same part"),
        supersession: _t("Newer number"),
        cross: _t("Match through cross reference"),
        supplier: _t("Equivalent, says the supplier"),
        kit: _t("Kit with the part"),
    };
    return texts[group.foundBy] || texts.number;
}
