import {DAY} from "./board_axis";

/** Minutes that a span has in common with another one. */
export function getOverlap(start, stop, from, to) {
    return Math.max(0, Math.min(stop, to) - Math.max(start, from));
}

/**
 * Working time of every day.
 *
 * @param {[number, number][]} work minutes of the board
 * @param {number} days
 * @returns {number[]} minutes
 */
export function getCapacities(work, days) {
    const result = new Array(days).fill(0);
    for (const [start, stop] of work) {
        const last = Math.min(days - 1, Math.floor((stop - 1) / DAY));
        for (let day = Math.max(0, Math.floor(start / DAY)); day <= last; day++) {
            result[day] += getOverlap(start, stop, day * DAY, (day + 1) * DAY);
        }
    }
    return result;
}

/**
 * Load of one row on every day. A pause in which the vehicle keeps the bay counts for
 * the bay as far as the bay would have worked.
 *
 * @param {object[]} blocks of the row
 * @param {[number, number][]} work of the row
 * @param {number[]} capacities of the row
 * @returns {{booked: number, capacity: number}[]}
 */
export function getLoads(blocks, work, capacities) {
    const booked = capacities.map(() => 0);
    for (const block of blocks) {
        const spans = block.is_gap
            ? work.map(([start, stop]) => [
                  Math.max(start, block.start),
                  Math.min(stop, block.stop),
              ])
            : [[block.start, block.stop]];
        for (const [start, stop] of spans) {
            if (stop > start) {
                const days = getCapacities([[start, stop]], booked.length);
                days.forEach((minutes, day) => (booked[day] += minutes));
            }
        }
    }
    return capacities.map((capacity, day) => ({booked: booked[day], capacity}));
}

/** @returns {{booked: number, capacity: number}} */
export function sumLoads(loads) {
    return loads.reduce(
        (sum, load) => ({
            booked: sum.booked + load.booked,
            capacity: sum.capacity + load.capacity,
        }),
        {booked: 0, capacity: 0},
    );
}

/**
 * Load in per cent; null where nobody works and nothing is booked.
 *
 * @param {{booked: number, capacity: number}} load
 * @returns {number|null}
 */
export function getPercent({booked, capacity}) {
    if (!capacity) {
        return booked ? 100 : null;
    }
    return Math.round((booked / capacity) * 100);
}

/** How full, for the colour: free, busy, full, over. */
export function getFullness({booked, capacity}) {
    if (booked > capacity) {
        return "over";
    }
    const part = capacity ? booked / capacity : 0;
    return part >= 0.95 ? "full" : part >= 0.75 ? "busy" : "free";
}

/**
 * Whether a row is free for a span, some blocks left out of account.
 *
 * @param {object[]} blocks of the row
 * @param {number} start
 * @param {number} stop
 * @param {number} [except] number of a block
 */
export function isFree(blocks, start, stop, except) {
    return !blocks.some(
        (block) => block.block !== except && block.start < stop && block.stop > start,
    );
}

/** Whether a row works the whole span. */
export function isWorking(work, start, stop) {
    let edge = start;
    for (const [from, to] of work) {
        if (from <= edge && to > edge) {
            edge = to;
        }
    }
    return edge >= stop;
}

/**
 * Length of a new block at a free place: what is usual, but not into the next block
 * and not beyond the working time.
 *
 * @param {object[]} blocks of the row
 * @param {[number, number][]} work of the row
 * @param {number} start
 * @param {number} length minutes that are usual
 * @param {number} slot least length
 */
export function fitLength(blocks, work, start, length, slot) {
    let stop = start + length;
    for (const block of blocks) {
        if (block.start >= start && block.start < stop) {
            stop = block.start;
        }
    }
    const hours = work.find(([from, to]) => from <= start && to > start);
    if (hours) {
        stop = Math.min(stop, hours[1]);
    }
    return Math.max(slot, stop - start);
}
