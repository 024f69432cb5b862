import {_t} from "@web/core/l10n/translation";
import {formatLength, formatSpan} from "./board_text";

const BY_BOOKING = {
    requested: "held",
    waitlist: "held",
    booked: "booked",
    confirmed: "confirmed",
    arrived: "arrived",
    in_work: "work",
    done: "done",
    no_show: "done",
    cancelled: "done",
};
const BY_STATE = {held: "held", started: "work", done: "done"};

/**
 * How a block looks: its state, or what is wrong with it.
 *
 * @param {object} block
 * @returns {string} one of `getLooks()`, or foreign
 */
export function getLook(block) {
    if (block.is_foreign) {
        return "foreign";
    }
    if (block.replans.some(Boolean) && block.state !== "done") {
        return "replan";
    }
    const state = BY_STATE[block.state];
    if (state) {
        return state;
    }
    if (block.booking_state) {
        return BY_BOOKING[block.booking_state];
    }
    return block.order ? "arrived" : "event";
}

/** First line of a block: the plate tells a garage more than a name. */
export function getTitle(block, services) {
    if (block.is_foreign) {
        return _t("Other branch");
    }
    return (
        block.plate ||
        block.label ||
        block.customer ||
        block.number ||
        services[block.operation] ||
        _t("Taken")
    );
}

/** Second line: what is done. */
export function getDetail(block, services) {
    const service = block.service || services[block.operation] || "";
    const label = block.plate && block.label ? block.label : "";
    return [service, label, block.plate ? block.customer : ""]
        .filter(Boolean)
        .join(" · ");
}

/** All of it, for screen readers and for the pointer that rests on it. */
export function describeBlock(block, {first, services, names, look}) {
    const rows = block.resources.map((id) => names.get(id)).filter(Boolean);
    return [
        getTitle(block, services),
        getDetail(block, services),
        block.vehicle,
        `${formatSpan(first, block.start, block.stop)} (${formatLength(block.stop - block.start)})`,
        rows.join(", "),
        look,
        block.is_waiting ? _t("Waits for something") : "",
    ]
        .filter(Boolean)
        .join("\n");
}

/** Who may be dragged: what is done stays, another branch's time is not ours. */
export function isMovable(block) {
    return !block.is_foreign && block.state !== "done";
}

/** Whether the beginning may be moved: what has begun has begun. */
export function isStartFree(block) {
    return isMovable(block) && block.state !== "started";
}

/**
 * Whether a block has to do with what is typed.
 *
 * @param {object} block
 * @param {string} text in lower case
 * @param {object} services names of operations
 */
export function matchesText(block, text, services) {
    const plate = (block.plate || "").toLowerCase();
    const compact = text.replace(/[\s-]/g, "");
    if (compact && plate.replace(/[\s-]/g, "").includes(compact)) {
        return true;
    }
    return [
        block.customer,
        block.number,
        block.service,
        block.label,
        block.vehicle,
        services[block.operation],
    ].some((value) => value && value.toLowerCase().includes(text));
}
