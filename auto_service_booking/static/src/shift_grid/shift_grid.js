import {Component, onWillStart, useExternalListener, useRef, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {getStartOfLocalWeek} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {
    formatClock,
    formatGridHours,
    getDragSpan,
    listCells,
    listDays,
    listUndo,
    sumDays,
} from "./shift_days";
import {ShiftRow} from "./shift_row";
import {ShiftRuleDialog} from "./shift_rule_dialog";

const MODEL = "auto.service.shift";
const ERASER = "eraser";
const MOST_UNDO = 20;
const ARROWS = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
};

/**
 * Who works when, a week or a month at a time. A shift is chosen above the grid and
 * clicked or dragged into it; a rule fills months at once.
 */
export class ShiftGrid extends Component {
    static template = "auto_service_booking.ShiftGrid";
    static components = {Layout, ShiftRow};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.action = useService("action");
        this.table = useRef("table");
        this.display = {controlPanel: {}};
        this.state = useState({
            span: "week",
            first: getStartOfLocalWeek(luxon.DateTime.local().startOf("day")),
            role: "technician",
            everybody: false,
            tool: null,
            grid: null,
            drag: null,
            undo: [],
            isBusy: false,
        });
        useExternalListener(window, "pointerup", (ev) => this.onPointerUp(ev));
        useExternalListener(window, "pointercancel", () => this.stopDrag());
        onWillStart(() => this.load());
    }

    // What is shown

    get dayCount() {
        return this.state.span === "week" ? 7 : this.state.first.daysInMonth;
    }

    get days() {
        const today = luxon.DateTime.local().toISODate();
        return listDays(this.state.first, this.dayCount, today);
    }

    get title() {
        const {first, span} = this.state;
        if (span === "month") {
            return first.toLocaleString({month: "long", year: "numeric"});
        }
        const last = first.plus({days: 6});
        const format = {day: "numeric", month: "short"};
        return `${first.toLocaleString(format)} – ${last.toLocaleString({...format, year: "numeric"})}`;
    }

    get rows() {
        return this.state.grid.rows;
    }

    get templates() {
        return this.state.grid.templates;
    }

    get isEditable() {
        return this.state.grid.can_edit;
    }

    get isWide() {
        return this.state.span === "week";
    }

    get totals() {
        return sumDays(this.rows, this.days);
    }

    get allHours() {
        return formatGridHours(this.rows.reduce((sum, row) => sum + row.hours, 0));
    }

    get params() {
        return {
            first: this.state.first.toISODate(),
            days: this.dayCount,
            role: this.state.role,
            everybody: this.state.everybody,
        };
    }

    formatHours(hours) {
        return formatGridHours(hours);
    }

    getTemplateHours(template) {
        return `${formatClock(template.hour_from)}–${formatClock(template.hour_to)}`;
    }

    getRowDrag(index) {
        return getDragSpan(this.state.drag, index);
    }

    // Reading

    async load() {
        this.setGrid(await this.orm.silent.call(MODEL, "get_grid", [this.params]));
    }

    setGrid(grid) {
        this.state.grid = grid;
        const known = grid.templates.some(({id}) => id === this.state.tool);
        if (!known && this.state.tool !== ERASER) {
            this.state.tool = grid.templates[0]?.id || null;
        }
    }

    show(changes) {
        Object.assign(this.state, changes);
        this.state.undo = [];
        return this.load();
    }

    step(direction) {
        const {first, span} = this.state;
        return this.show({first: first.plus({[`${span}s`]: direction})});
    }

    showToday() {
        return this.setSpan(this.state.span, luxon.DateTime.local().startOf("day"));
    }

    /**
     * @param {string} span "week" or "month"
     * @param {object} [day] luxon date that is to be seen
     * @returns {Promise}
     */
    setSpan(span, day = this.getSeenDay()) {
        const first = span === "week" ? getStartOfLocalWeek(day) : day.startOf("month");
        return this.show({span, first});
    }

    /** Today while it is seen, else the first day: what stays in sight. */
    getSeenDay() {
        const {first} = this.state;
        const today = luxon.DateTime.local().startOf("day");
        const last = first.plus({days: this.dayCount});
        return today >= first && today < last ? today : first;
    }

    setRole(role) {
        return this.show({role});
    }

    toggleEverybody() {
        return this.show({everybody: !this.state.everybody});
    }

    takeTool(tool) {
        this.state.tool = tool;
    }

    // Painting

    /**
     * Indexes of the cell that an event happened on.
     *
     * @param {Event} ev
     * @returns {object|null}
     */
    getCell(ev) {
        const cell = ev.target.closest?.("td[data-day]");
        if (!cell) {
            return null;
        }
        return {row: Number(cell.dataset.row), day: Number(cell.dataset.day)};
    }

    onPointerDown(ev) {
        const cell = this.getCell(ev);
        const isErasing = ev.button === 2;
        if (!cell || !this.isEditable || this.state.isBusy || ev.button === 1) {
            return;
        }
        this.state.drag = {
            from: cell,
            to: cell,
            tool: isErasing ? ERASER : this.state.tool,
        };
    }

    onPointerOver(ev) {
        const cell = this.state.drag && this.getCell(ev);
        if (cell) {
            this.state.drag.to = cell;
        }
    }

    onPointerUp() {
        const {drag} = this.state;
        if (!drag) {
            return;
        }
        this.stopDrag();
        return this.paint(listCells(drag.from, drag.to), drag.tool);
    }

    stopDrag() {
        this.state.drag = null;
    }

    onDoubleClick(ev) {
        const cell = this.getCell(ev);
        const shift = cell && this.getShift(cell);
        if (shift) {
            this.openShift(shift);
        }
    }

    getShift({row, day}) {
        return (this.rows[row].cells[this.days[day].key] || [])[0];
    }

    /** Other hours than those of the kind of shift: the form of that one shift. */
    openShift(shift) {
        this.dialog.add(FormViewDialog, {
            resModel: MODEL,
            resId: shift.id,
            title: shift.name,
            preventEdit: !this.isEditable,
            onRecordSaved: () => this.load(),
        });
    }

    /**
     * @param {object[]} cells {row, day}: indexes
     * @param {number|string|null} tool template id or eraser
     * @returns {Promise}
     */
    async paint(cells, tool) {
        const templateId = tool === ERASER ? false : tool;
        if (templateId === null) {
            this.notification.add(_t("Add a kind of shift first."), {type: "warning"});
            return;
        }
        const {days} = this;
        const wanted = cells
            .filter((cell) => this.isChange(cell, templateId))
            .map(({row, day}) => [this.rows[row].id, days[day].key, templateId]);
        if (!wanted.length) {
            return;
        }
        const weekly = templateId ? this.getWeeklyRows(cells) : [];
        if (weekly.length) {
            this.askToSwitch(weekly, () => this.send(wanted, true));
        } else {
            await this.send(wanted, false);
        }
    }

    isChange(cell, templateId) {
        const shifts = this.rows[cell.row].cells[this.days[cell.day].key] || [];
        if (!templateId) {
            return shifts.length > 0;
        }
        return shifts.length !== 1 || shifts[0].template_id !== templateId;
    }

    getWeeklyRows(cells) {
        const indexes = new Set(cells.map(({row}) => row));
        return [...indexes]
            .map((row) => this.rows[row])
            .filter((row) => !row.uses_shifts);
    }

    askToSwitch(rows, confirm) {
        const names = rows.map(({name}) => name).join(", ");
        if (!this.state.grid.can_switch) {
            this.notification.add(
                _t(
                    "%s: the weekly hours count. A manager can switch to shifts.",
                    names,
                ),
                {type: "warning"},
            );
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Work by shifts from now on?"),
            body: _t(
                "%s: now the weekly hours count. With shifts, work is possible only when a shift is entered.",
                names,
            ),
            confirmLabel: _t("Work by shifts"),
            confirm,
            cancel: () => {},
        });
    }

    /**
     * Show the change at once, then let the server say what is.
     *
     * @param {Array[]} cells [resource id, day, template id]
     * @param {boolean} isSwitching
     * @param {boolean} [isUndo]
     */
    async send(cells, isSwitching, isUndo = false) {
        const undo = listUndo(this.rows, cells);
        this.drawAhead(cells);
        this.state.isBusy = true;
        try {
            const args = [cells, this.params, isSwitching];
            this.setGrid(await this.orm.silent.call(MODEL, "paint", args));
            if (!isUndo) {
                this.state.undo = [...this.state.undo, undo].slice(-MOST_UNDO);
            }
        } catch (error) {
            await this.load();
            throw error;
        } finally {
            this.state.isBusy = false;
        }
    }

    drawAhead(cells) {
        const byId = new Map(this.rows.map((row) => [row.id, row]));
        const templates = new Map(this.templates.map((one) => [one.id, one]));
        for (const [id, day, templateId] of cells) {
            const template = templates.get(templateId);
            byId.get(id).cells[day] = template
                ? [
                      {
                          ...template,
                          id: 0,
                          template_id: templateId,
                          start: formatClock(template.hour_from),
                          stop: formatClock(template.hour_to),
                      },
                  ]
                : [];
        }
    }

    async undo() {
        const cells = this.state.undo.at(-1);
        if (cells && !this.state.isBusy) {
            this.state.undo = this.state.undo.slice(0, -1);
            await this.send(cells, false, true);
        }
    }

    // Keyboard

    onKeydown(ev) {
        if ((ev.ctrlKey || ev.metaKey) && ev.key.toLowerCase() === "z") {
            ev.preventDefault();
            return this.undo();
        }
        const cell = this.getCell(ev);
        if (!cell || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        const move = ARROWS[ev.key];
        if (move) {
            ev.preventDefault();
            this.focusCell(cell.row + move[0], cell.day + move[1]);
            return;
        }
        const tool = this.getKeyTool(ev.key);
        if (tool !== undefined && this.isEditable) {
            ev.preventDefault();
            return this.paint([cell], tool);
        }
    }

    getKeyTool(key) {
        if (key === "Delete" || key === "Backspace") {
            return ERASER;
        }
        if (key === "Enter" || key === " ") {
            return this.state.tool;
        }
        const template = this.templates.find(
            ({code}) => code.toLowerCase() === key.toLowerCase(),
        );
        return template?.id;
    }

    focusCell(row, day) {
        const cell = this.table.el.querySelector(
            `td[data-row="${row}"][data-day="${day}"]`,
        );
        cell?.focus();
    }

    // More

    openRule() {
        this.dialog.add(ShiftRuleDialog, {
            role: this.state.role,
            templates: this.templates,
            resourceIds: this.rows.filter((row) => row.uses_shifts).map(({id}) => id),
            first: this.state.first,
            params: this.params,
            onFilled: (grid) => {
                this.state.undo = [];
                this.setGrid(grid);
            },
        });
    }

    openTemplates() {
        return this.action.doAction(
            "auto_service_booking.auto_service_shift_template_action",
        );
    }
}

registry.category("actions").add("auto_service_shift_grid", ShiftGrid);
