import {formatCurrency} from "@web/core/currency";
import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError} from "@web/core/network/rpc";
import {formatFloatTime} from "@web/views/fields/formatters";

const CLOCK = /^(\d{1,3})\s*(?::|h)\s*([0-5]?\d)?\s*(?:m|min)?$/;
const DECIMAL = /^\d{1,4}(?:[.,]\d*)?$|^[.,]\d+$/;
const MINUTES = /^(\d{1,5})\s*(?:m|min|')$/;

/**
 * Hours as 1:45; a dash when no time is known, because 0:00 would be a lie.
 *
 * @param {number|null|false|undefined} hours
 * @returns {string}
 */
export function formatHours(hours) {
    if (typeof hours !== "number") {
        return "–";
    }
    return formatFloatTime(hours, {noLeadingZeroHour: true});
}

/**
 * Hours with their sign, for deductions and additions: −0:48 or +0:15.
 *
 * @param {number|null} hours
 * @returns {string}
 */
export function formatSigned(hours) {
    if (typeof hours !== "number" || isSameTime(Math.abs(hours), 0)) {
        return "";
    }
    return (hours < 0 ? "−" : "+") + formatHours(Math.abs(hours));
}

/**
 * An amount in a currency; nothing when it is not known.
 *
 * @param {number|null|false} amount
 * @param {number} currencyId
 * @returns {string}
 */
export function formatAmount(amount, currencyId) {
    return typeof amount === "number" ? formatCurrency(amount, currencyId) : "";
}

/**
 * Whether two times are the same on the screen: to the minute.
 *
 * @param {number|null} left
 * @param {number|null} right
 * @returns {boolean}
 */
export function isSameTime(left, right) {
    return formatHours(left) === formatHours(right);
}

/**
 * Hours as somebody types them: 1:45, 1.75, 1,75, 1h45 or 105min.
 *
 * Comma and point are both decimal signs, in every language: thousands of hours are
 * never typed here.
 *
 * @param {string} text
 * @returns {number|null} hours, null when nothing is typed
 */
export function parseHours(text) {
    const value = text.trim().toLowerCase();
    if (!value) {
        return null;
    }
    const clock = value.match(CLOCK);
    if (clock) {
        return Number(clock[1]) + Number(clock[2] || 0) / 60;
    }
    const minutes = value.match(MINUTES);
    if (minutes) {
        return Number(minutes[1]) / 60;
    }
    if (DECIMAL.test(value)) {
        return Number(value.replace(",", "."));
    }
    throw new Error(
        _t("“%s” is no time. Write hours, for example 1:45 or 1.75.", text),
    );
}

/**
 * What went wrong, in one sentence.
 *
 * @param {Error} error
 * @returns {string}
 */
export function describeError(error) {
    if (error instanceof ConnectionLostError) {
        return _t("The server does not answer. Check the network and try again.");
    }
    const text = error.data?.message || error.message || "";
    return text.split("\n")[0] || _t("The server could not do that. Try again.");
}
