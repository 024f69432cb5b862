import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {DAY} from "./board_axis";

const {DateTime} = luxon;

/** Day of the board as a date without a zone. */
export function getDate(first, day) {
    return DateTime.fromISO(first, {zone: "utc"}).plus({days: day});
}

// Hundreds of times are told on a board: each text is made once.
const texts = new Map();

function remember(key, make) {
    if (!texts.has(key)) {
        texts.set(key, make());
    }
    return texts.get(key);
}

function formatTime(minute, twelve, twentyFour) {
    const inDay = ((minute % DAY) + DAY) % DAY;
    const isTwelve = (localization.timeFormat || "").includes("a");
    const format = isTwelve ? twelve : twentyFour;
    return remember(`${format}/${inDay}`, () =>
        DateTime.utc(2000, 1, 1).plus({minutes: inDay}).toFormat(format),
    );
}

/** Minute as the clock on the wall: 10:15. */
export function formatMinute(minute) {
    return formatTime(minute, "h:mm a", "HH:mm");
}

/** Full hour for the head of the board, as short as can be. */
export function formatHour(minute) {
    return formatTime(minute, "h a", "HH:mm");
}

/** Minute with its day: Tue 24 Nov 10:15. */
export function formatMoment(first, minute) {
    const day = Math.floor(minute / DAY);
    const date = remember(`${first}/${day}`, () =>
        getDate(first, day).toFormat("ccc d LLL"),
    );
    return `${date} ${formatMinute(minute)}`;
}

/** From when to when; the day is told once. */
export function formatSpan(first, start, stop) {
    const end =
        Math.floor(start / DAY) === Math.floor((stop - 1) / DAY)
            ? formatMinute(stop)
            : formatMoment(first, stop);
    return `${formatMoment(first, start)} – ${end}`;
}

/** Minutes as hours: 1:30. */
export function formatLength(minutes) {
    const sign = minutes < 0 ? "−" : "";
    const rest = String(Math.abs(Math.round(minutes)) % 60).padStart(2, "0");
    return `${sign}${Math.floor(Math.abs(Math.round(minutes)) / 60)}:${rest}`;
}

/** Day or week that is shown, for the head of the board. */
export function formatPeriod(first, days) {
    const from = getDate(first, 0);
    if (days === 1) {
        return from.toFormat("cccc, d LLLL yyyy");
    }
    const to = getDate(first, days - 1);
    const year = from.year === to.year ? "" : " yyyy";
    const month = from.month === to.month && !year ? "" : " LLL";
    return `${from.toFormat(`d${month}${year}`)} – ${to.toFormat("d LLL yyyy")}`;
}

/** First letters of a name. */
export function getInitials(name) {
    const words = name.split(/\s+/).filter(Boolean);
    const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
    return letters.map((word) => word[0].toUpperCase()).join("");
}

/** States as they are coloured, in the order of a visit. */
export function getLooks() {
    return [
        ["held", _t("Held, not answered")],
        ["booked", _t("Booked")],
        ["confirmed", _t("Confirmed")],
        ["arrived", _t("Vehicle is here")],
        ["work", _t("In work")],
        ["done", _t("Done")],
        ["event", _t("No booking")],
        ["replan", _t("To replan")],
    ];
}
