export const DAY = 24 * 60;
/** Width of the strip that stands for the closed hours before or after a day, in px. */
export const NIGHT_WIDTH = 7;
/** Width of a day on which nobody works and nothing lies, in px. */
export const CLOSED_WIDTH = 52;
const HOUR = 60;

/**
 * Where a minute of the board lies on the screen.
 *
 * Days stand side by side. Of each one the hours `from` to `to` are drawn to scale; the
 * closed hours before and after them are pressed into two narrow strips, so that what
 * lies there is still seen.
 */
export class BoardAxis {
    /**
     * @param {object} params
     * @param {number} params.days number of days
     * @param {number} params.from first minute of a day drawn to scale
     * @param {number} params.to last minute of a day drawn to scale
     * @param {number} params.width width that there is, in px
     * @param {number} params.slot grid, in minutes
     * @param {number} [params.minDayWidth] a day is never drawn narrower, in px
     * @param {number[]} [params.closed] days without work, drawn narrow
     */
    constructor({days, from, to, width, slot, minDayWidth = 0, closed = []}) {
        Object.assign(this, {days, from, to, slot});
        this.before = from > 0 ? NIGHT_WIDTH : 0;
        this.after = to < DAY ? NIGHT_WIDTH : 0;
        this.end = days * DAY;
        const isClosed = (day) => closed.includes(day) && closed.length < days;
        const count = Array.from({length: days}, (_unused, day) => day);
        const narrow = count.filter(isClosed).length;
        const room = (width - narrow * CLOSED_WIDTH) / (days - narrow);
        const wide = Math.max(room, minDayWidth);
        this.widths = count.map((day) => (isClosed(day) ? CLOSED_WIDTH : wide));
        this.lefts = [0];
        this.widths.forEach((part, day) => this.lefts.push(this.lefts[day] + part));
        this.width = this.lefts[days];
        this.dayWidth = wide;
        this.scale = this._getScale(wide);
    }

    /** Px for a minute of the hours that are drawn. */
    _getScale(width) {
        return (width - this.before - this.after) / (this.to - this.from);
    }

    /**
     * @param {number} minute of the board
     * @returns {number} px from the left edge
     */
    toX(minute) {
        if (minute <= 0) {
            return 0;
        }
        if (minute >= this.end) {
            return this.width;
        }
        const day = Math.floor(minute / DAY);
        const scale = this._getScale(this.widths[day]);
        return this.lefts[day] + this._toDayX(minute - day * DAY, scale);
    }

    _toDayX(minute, scale) {
        if (minute < this.from) {
            return (minute / this.from) * this.before;
        }
        const inside = Math.min(minute, this.to) - this.from;
        const late = Math.max(0, minute - this.to);
        const night = late ? (late / (DAY - this.to)) * this.after : 0;
        return this.before + inside * scale + night;
    }

    /**
     * @param {number} x px from the left edge
     * @returns {number} minute of the board, not on the grid
     */
    toMinute(x) {
        let day = this.days - 1;
        while (day > 0 && x < this.lefts[day]) {
            day -= 1;
        }
        const inside = Math.max(0, Math.min(this.widths[day], x - this.lefts[day]));
        return day * DAY + this._toDayMinute(inside, this._getScale(this.widths[day]));
    }

    _toDayMinute(x, scale) {
        if (x < this.before) {
            return (x / this.before) * this.from;
        }
        const open = this.before + (this.to - this.from) * scale;
        if (x <= open) {
            return this.from + (x - this.before) / scale;
        }
        return this.to + ((x - open) / this.after) * (DAY - this.to);
    }

    /** Minute under the pointer; the closed hours are no place to drop anything. */
    toShownMinute(x) {
        const minute = this.toMinute(x);
        const day = Math.floor(Math.min(minute, this.end - 1) / DAY) * DAY;
        return Math.max(day + this.from, Math.min(day + this.to, minute));
    }

    /** Nearest minute on the grid. */
    snap(minute) {
        return Math.round(minute / this.slot) * this.slot;
    }

    /** Minute on the grid at or before this one. */
    floor(minute) {
        return Math.floor(minute / this.slot) * this.slot;
    }

    /** Left edge and width of a span, in px; a short one can still be seen. */
    place(start, stop, least = 3) {
        const x = this.toX(start);
        return {x, width: Math.max(this.toX(stop) - x, least)};
    }

    /**
     * Lines of the grid: every hour, or every second or fourth where they are close.
     *
     * @returns {{minute: number, x: number, isDay: boolean}[]}
     */
    getTicks() {
        const step = [1, 2, 3, 4, 6].find((hours) => hours * HOUR * this.scale >= 36);
        const every = (step || 6) * HOUR;
        const ticks = [];
        for (let day = 0; day < this.days; day++) {
            if (this.widths[day] < this.dayWidth) {
                continue;
            }
            const first = Math.ceil(this.from / HOUR) * HOUR;
            for (let minute = first; minute < this.to; minute += every) {
                const total = day * DAY + minute;
                ticks.push({minute: total, x: this.toX(total), isDay: false});
            }
        }
        return ticks;
    }
}

/**
 * Hours of a day that are drawn to scale: the opening hours, and up to some hours more
 * where somebody works then.
 *
 * @param {[number, number]} open opening hours, minutes of the day
 * @param {[number, number][]} work working time, minutes of the board
 * @param {number} [more] how much more at most, in minutes
 * @returns {[number, number]}
 */
export function getShownHours(open, work, more = 4 * HOUR) {
    let [from, to] = open;
    for (const [start, stop] of work) {
        const day = Math.floor(start / DAY) * DAY;
        if (open[0] - (start - day) <= more) {
            from = Math.min(from, start - day);
        }
        if (stop - day - open[1] <= more) {
            to = Math.max(to, stop - day);
        }
    }
    from = Math.floor(from / HOUR) * HOUR;
    to = Math.ceil(to / HOUR) * HOUR;
    return [Math.max(0, from), Math.min(DAY, to)];
}

/**
 * Background of a row: closed time is shaded. One text for all rows with those hours.
 *
 * @param {[number, number][]} work working time in order, minutes of the board
 * @param {BoardAxis} axis
 * @returns {string} CSS background-image
 */
export function getShade(work, axis) {
    const stops = [];
    let edge = 0;
    const close = (from, to) => {
        const start = axis.toX(from);
        const stop = axis.toX(to);
        if (stop - start >= 0.5) {
            stops.push([start, stop]);
        }
    };
    for (const [start, stop] of work) {
        close(edge, start);
        edge = Math.max(edge, stop);
    }
    close(edge, axis.end);
    const px = (value) => `${Math.round(value * 10) / 10}px`;
    const parts = stops.map(
        ([start, stop]) =>
            `transparent ${px(start)}, var(--o-board-closed) ${px(start)} ${px(stop)}, transparent ${px(stop)}`,
    );
    return parts.length ? `linear-gradient(90deg, ${parts.join(", ")})` : "none";
}
