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
 * @param {number|undefined} amount nothing when the user may not see it
 * @param {number} currencyId
 * @returns {string}
 */
export function formatPrice(amount, currencyId) {
    return amount === undefined ? "" : formatCurrency(amount, currencyId);
}

/**
 * A day in the words of somebody at the desk.
 *
 * @param {string|false} text UTC, as the server writes it
 * @param {DateTime} [now]
 * @returns {string}
 */
export function formatDay(text, now = DateTime.now()) {
    if (!text) {
        return "";
    }
    const moment = DateTime.fromSQL(text, {zone: "utc"}).setZone(now.zone);
    const days = moment.startOf("day").diff(now.startOf("day"), "days").days;
    const names = {"-1": _t("Yesterday"), 0: _t("Today"), 1: _t("Tomorrow")};
    if (names[days]) {
        return names[days];
    }
    const isNear = moment.year === now.year;
    return moment.toLocaleString(
        isNear
            ? {day: "numeric", month: "short"}
            : {day: "numeric", month: "short", year: "numeric"},
    );
}

/**
 * Whether something should have come before today.
 *
 * @param {string|false} text UTC, as the server writes it
 * @param {DateTime} [now]
 * @returns {boolean}
 */
export function isLate(text, now = DateTime.now()) {
    return Boolean(text) && DateTime.fromSQL(text, {zone: "utc"}) < now.startOf("day");
}

/**
 * @param {string} month 2026-11
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {string}
 */
export function formatMonth(month, options = {month: "short"}) {
    return DateTime.fromISO(`${month}-01`).toLocaleString(options);
}

/** What a purchase is so far. */
export function describeOrder(order) {
    const names = {
        draft: _t("Not sent"),
        sent: _t("Asked"),
        "to approve": _t("To approve"),
        purchase: _t("Ordered"),
    };
    return names[order.state] || "";
}
