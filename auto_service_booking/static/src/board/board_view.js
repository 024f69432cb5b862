import {_t} from "@web/core/l10n/translation";
import {BoardAxis, DAY, getShade, getShownHours} from "./board_axis";
import {
    describeBlock,
    getDetail,
    getLook,
    getTitle,
    isMovable,
    isStartFree,
    matchesText,
} from "./board_block";
import {getCapacities, getFullness, getLoads, getPercent, sumLoads} from "./board_load";
import {formatHour, getDate, getInitials, getLooks} from "./board_text";

const UPRIGHT_PX = 12;
const NARROW_PX = 27;
const WIDE_PX = 50;
const HOUR_PX = 34;
const ICONS_PX = 64;
const TOLD_PX = 60;
const LEVEL_LABELS = {
    trainee: () => _t("Trainee"),
    technician: () => _t("Technician"),
    specialist: () => _t("Specialist"),
    master: () => _t("Master"),
};

const getSpan = ({start, stop}) => [start, stop];

/**
 * Turns what the model knows into what is drawn, and keeps it until it changes: the
 * view of a row is the same object as long as its blocks, the axis and the filters are.
 */
export class BoardView {
    constructor(model) {
        this.model = model;
        this.views = new Map();
        this.shades = new Map();
        this.axis = null;
        this.looks = new Map(getLooks());
    }

    /**
     * @param {object} params
     * @param {number} params.width room for the hours, in px
     * @param {number} params.zoom 1: all fits in
     * @param {boolean} params.isWhole all 24 hours to scale
     * @param {number} params.minDayWidth
     */
    layOut({width, zoom, isWhole, minDayWidth}) {
        const {model} = this;
        const {data} = model;
        const work = data.rows
            .filter((row) => row.role === model.role)
            .flatMap((row) => model.getWork(row.id));
        const closed = this._getClosedDays(work);
        const key = [width, zoom, isWhole, model.role, closed.join("/")].join();
        if (this.layoutKey === key && this.layoutData === data) {
            return this.axis;
        }
        const [from, to] = isWhole ? [0, DAY] : getShownHours(data.open, work);
        Object.assign(this, {layoutKey: key, layoutData: data});
        this.views.clear();
        this.shades.clear();
        this.axis = new BoardAxis({
            days: model.days,
            from,
            to,
            width: width * zoom,
            slot: data.slot,
            minDayWidth,
            closed,
        });
        return this.axis;
    }

    /** Days on which nobody works and nothing lies. */
    _getClosedDays(work) {
        const {model} = this;
        const isBusy = new Array(model.days).fill(false);
        const spans = [...work, ...[...model.blocks.values()].map(getSpan)];
        for (const [start, stop] of spans) {
            const last = Math.min(model.days - 1, Math.floor((stop - 1) / DAY));
            for (let day = Math.max(0, Math.floor(start / DAY)); day <= last; day++) {
                isBusy[day] = true;
            }
        }
        return isBusy.flatMap((busy, day) => (busy ? [] : [day]));
    }

    getRows() {
        return this.model.shownRows.map((row) => this.getRow(row));
    }

    getRow(row) {
        const {model} = this;
        const blocks = model.getBlocks(row.id);
        const marks = blocks.filter(
            ({block}) => model.pending.has(block) || model.refused.has(block),
        );
        const minute = Math.floor(model.now / 5);
        const key = [
            marks.map(({block}) => `${block}${model.refused.has(block)}`).join(),
            minute,
        ].join("|");
        const old = this.views.get(row.id);
        if (
            old &&
            old.source === blocks &&
            old.key === key &&
            old.filters === model.filters
        ) {
            return old;
        }
        const view = this._makeRow(row, blocks, old);
        Object.assign(view, {source: blocks, key, filters: model.filters});
        this.views.set(row.id, view);
        return view;
    }

    _makeRow(row, blocks) {
        const {axis, model} = this;
        const work = model.getWork(row.id);
        const loads = getLoads(blocks, work, getCapacities(work, axis.days));
        return {
            row,
            initials: getInitials(row.name),
            detail: this._getRowDetail(row),
            isOff: !work.length,
            width: axis.width,
            shade: this._getShade(work),
            rawLoads: loads,
            total: this._describeLoad(sumLoads(loads)),
            loads: loads.map((load, day) => ({
                ...this._describeLoad(
                    load,
                    axis.days > 1 && axis.widths[day] > TOLD_PX,
                ),
                x: axis.lefts[day] + axis.before,
                width: axis.widths[day] - axis.before - axis.after,
            })),
            blocks: blocks
                .filter((block) => block.stop > 0 && block.start < axis.end)
                .map((block) => this._makeBlock(block)),
        };
    }

    _getShade(work) {
        if (!this.shades.has(work)) {
            this.shades.set(work, getShade(work, this.axis));
        }
        return this.shades.get(work);
    }

    _getRowDetail(row) {
        const {kinds, skills} = this.model.data;
        const level = row.level ? LEVEL_LABELS[row.level]?.() : "";
        const names = row.skills.map((id) => skills[id]);
        return [kinds[row.kind], level, names.join(", ")].filter(Boolean).join(" · ");
    }

    _describeLoad(load, isTold = false) {
        const percent = getPercent(load);
        return {
            ...load,
            percent,
            text: isTold && percent !== null ? `${percent}%` : "",
            bar: Math.min(100, percent || 0),
            fullness: getFullness(load),
        };
    }

    _makeBlock(block) {
        const {axis, model} = this;
        const {services} = model;
        const {x, width} = axis.place(block.start, block.stop);
        const look = getLook(block);
        return {
            block: block.block,
            key: block.block,
            x: Math.round(x * 10) / 10,
            width: Math.round(width * 10) / 10,
            look,
            title: model.isWall ? this._getWallTitle(block) : getTitle(block, services),
            detail: model.isWall ? this.looks.get(look) : getDetail(block, services),
            isWide: width >= UPRIGHT_PX,
            icons: width >= ICONS_PX ? this._getIcons(block, look) : [],
            about: model.isWall
                ? ""
                : describeBlock(block, {
                      first: model.first,
                      services,
                      names: model.names,
                      look: this.looks.get(look),
                  }),
            classes: {
                o_board_pull: model.canEdit && isMovable(block),
                o_board_begun: !isStartFree(block),
                o_board_narrow: width < WIDE_PX,
                o_board_upright: width < NARROW_PX,
                o_board_gap: block.is_gap,
                o_board_dim: this._isDimmed(block),
                o_board_pending: model.pending.has(block.block),
                o_board_refused: model.refused.has(block.block),
                o_board_late: this._isLate(block, look),
                o_board_stuck: block.is_waiting,
            },
        };
    }

    /** What is done there; nothing of whom. */
    _getWallTitle(block) {
        const {services, data} = this.model;
        const kind = data.types.find(({id}) => id === block.type);
        return services[block.operation] || kind?.name || _t("Taken");
    }

    /** Should have begun, and nobody has come or started. */
    _isLate(block, look) {
        const isExpected = look === "booked" || look === "confirmed";
        return isExpected && block.start + 5 < this.model.now;
    }

    _isDimmed(block) {
        const {text, operation} = this.model.filters;
        const needle = text.trim().toLowerCase();
        return Boolean(
            (operation && block.operation !== operation) ||
                (needle && !matchesText(block, needle, this.model.services)),
        );
    }

    _getIcons(block, look) {
        return [
            look === "replan" && {
                name: "exclamation-triangle",
                title: _t("Has to be replanned"),
            },
            look === "held" && {name: "hourglass-half", title: _t("Held")},
            block.is_waiting && {name: "pause", title: _t("Waits for something")},
            block.is_waiter && {name: "coffee", title: _t("The customer waits")},
            block.has_car && {name: "car", title: _t("Courtesy car")},
            block.has_note && {name: "comment-o", title: _t("There is a note")},
        ].filter(Boolean);
    }

    // ------------------------------------------------------------------
    // Head
    // ------------------------------------------------------------------

    /** Days with the load of all rows that are shown. */
    getDays(views) {
        const {axis, model} = this;
        const today = Math.floor(model.now / DAY);
        return Array.from({length: axis.days}, (_unused, day) => {
            const date = getDate(model.first, day);
            const loads = views.map((view) => view.rawLoads[day]);
            return {
                day,
                x: axis.lefts[day],
                width: axis.widths[day],
                label: date.toFormat(axis.widths[day] > 150 ? "ccc d LLL" : "ccc d"),
                isToday: day === today,
                isOff: !loads.some((load) => load.capacity),
                load: this._describeLoad(sumLoads(loads)),
            };
        });
    }

    getTicks() {
        const {axis} = this;
        return axis.getTicks().map((tick) => {
            const end = axis.lefts[Math.floor(tick.minute / DAY) + 1];
            const isRoom = tick.x + HOUR_PX <= end;
            return {...tick, label: isRoom ? formatHour(tick.minute) : ""};
        });
    }

    /** Where the line of this moment is; null when it is not on the board. */
    getNowX() {
        const {now} = this.model;
        return now > 0 && now < this.axis.end ? this.axis.toX(now) : null;
    }
}
