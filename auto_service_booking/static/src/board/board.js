import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useRef,
    useState,
} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {usePopover} from "@web/core/popover/popover_hook";
import {registry} from "@web/core/registry";
import {useBus, useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {DAY} from "./board_axis";
import {BoardBookDialog} from "./board_book_dialog";
import {BoardDrag} from "./board_drag";
import {BoardKeys} from "./board_keys";
import {useLiveBoard} from "./board_live";
import {BoardMarks} from "./board_marks";
import {BoardModel} from "./board_model";
import {BoardPopover} from "./board_popover";
import {BoardQueue} from "./board_queue";
import {BoardRow} from "./board_row";
import {BoardRowMenu} from "./board_row_menu";
import {
    formatLength,
    formatMoment,
    formatPeriod,
    formatSpan,
    getDate,
    getLooks,
} from "./board_text";
import {BoardView} from "./board_view";

const {DateTime} = luxon;
const PLANNER = "auto.service.planner";
const SNACK_MS = 7000;
const MEMORY = "auto_service_board";
const ZOOMS = [1, 1.5, 2, 3, 4];

/** The bay board: who works where and when; moved, booked and filled with the mouse. */
export class Board extends Component {
    static template = "auto_service_booking.Board";
    static components = {BoardQueue, BoardRow, DateTimeInput, Dropdown, DropdownItem};
    static props = {...standardActionServiceProps};
    static isWall = false;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.bodyRef = useRef("body");
        this.scrollerRef = useRef("scroller");
        this.popover = usePopover(BoardPopover, {popoverClass: "o_board_popover"});
        this.menu = usePopover(BoardRowMenu, {position: "bottom-start"});
        this.ui = useState({
            width: 0,
            zoom: 1,
            isWhole: false,
            isQueueOpen: !this.env.isSmall,
            isLegendOpen: false,
            snack: null,
            said: "",
            tick: 0,
        });
        this.model = this.makeModel();
        this.view = new BoardView(this.model);
        this.marks = new BoardMarks();
        this.drag = new BoardDrag(this);
        this.keys = new BoardKeys(this);
        this.restore();
        useBus(this.model.bus, "update", () => this.render());
        useBus(this.model.bus, "moved", (ev) => this.onMoved(ev.detail));
        useBus(this.model.bus, "colleague", () => this.reloadQueueSoon());
        useLiveBoard(this.model);
        onWillStart(() => this.model.load());
        onMounted(() => this.onMounted());
        onWillUnmount(() => this.onWillUnmount());
    }

    makeModel() {
        const silent = this.orm.silent;
        return new BoardModel({
            call: (method, args) => silent.call(PLANNER, method, args),
            ask: (problems) => this.ask(problems),
            notify: (text, type) => this.notify(text, type),
            isWall: this.constructor.isWall,
        });
    }

    onMounted() {
        this.marks.mount();
        this.resizing = new ResizeObserver(() => this.measure());
        this.resizing.observe(this.scrollerRef.el);
        this.measure();
        this.model.loadQueue();
        this.clock = browser.setInterval(() => (this.ui.tick += 1), 60000);
    }

    onWillUnmount() {
        this.drag.cancel();
        this.marks.unmount();
        this.resizing.disconnect();
        browser.clearInterval(this.clock);
        browser.clearTimeout(this.snackTimer);
        browser.clearTimeout(this.queueTimer);
    }

    measure() {
        const width = this.scrollerRef.el?.clientWidth || 0;
        if (width && width !== this.ui.width) {
            const isFirst = !this.ui.width;
            this.ui.width = width;
            if (isFirst) {
                browser.requestAnimationFrame(() => this.scrollToNow());
            }
        }
    }

    // ------------------------------------------------------------------
    // What the drag controller and the template ask
    // ------------------------------------------------------------------

    get body() {
        return this.bodyRef.el;
    }

    get scroller() {
        return this.scrollerRef.el;
    }

    get nameWidth() {
        return this.env.isSmall ? 104 : 208;
    }

    get rowHeight() {
        return this.model.scale === "week" ? 54 : 56;
    }

    get headHeight() {
        return 54;
    }

    get axis() {
        return this.view.axis;
    }

    get rows() {
        return this.model.shownRows;
    }

    /** All that is drawn; made once for each drawing. */
    makeFrame() {
        const {model, view} = this;
        const isReady = Boolean(model.data && this.ui.width && model.roles.length);
        if (!isReady) {
            return {isReady: false};
        }
        view.layOut({
            width: Math.max(200, this.ui.width - this.nameWidth - 1),
            zoom: this.ui.zoom,
            isWhole: this.ui.isWhole,
            minDayWidth: this.minDayWidth,
        });
        const rows = view.getRows();
        const days = view.getDays(rows);
        return {
            isReady,
            rows,
            days,
            ticks: view.getTicks(),
            now: view.getNowX(),
            width: view.axis.width,
            total: view._describeLoad(
                days.reduce(
                    (sum, {load}) => ({
                        booked: sum.booked + load.booked,
                        capacity: sum.capacity + load.capacity,
                    }),
                    {booked: 0, capacity: 0},
                ),
            ),
        };
    }

    get minDayWidth() {
        if (this.model.days > 1) {
            return this.env.isSmall ? 150 : 96;
        }
        return this.env.isSmall ? 720 : 480;
    }

    get style() {
        return `--o-board-row:${this.rowHeight}px;--o-board-name:${this.nameWidth}px;--o-board-head:${this.headHeight}px`;
    }

    get period() {
        return formatPeriod(this.model.first, this.model.days);
    }

    get weekLabel() {
        return _t("Week %s", getDate(this.model.first, 0).weekNumber);
    }

    get roleTabs() {
        const labels = {
            bay: _t("Bays"),
            technician: _t("Technicians"),
            equipment: _t("Equipment"),
            courtesy_car: _t("Courtesy cars"),
        };
        return this.model.roles.map((role) => ({role, label: labels[role]}));
    }

    get looks() {
        return getLooks();
    }

    getLoadTitle({booked, capacity}) {
        const {reserve} = this.model.data;
        const texts = {
            booked: formatLength(booked),
            capacity: formatLength(capacity),
            free: formatLength(capacity - booked),
            reserve,
        };
        return _t(
            "%(booked)s of %(capacity)s h booked, %(free)s h free. %(reserve)s %% of the technicians' hours are held back for walk-ins.",
            texts,
        );
    }

    get kindOptions() {
        const ids = this.model.data.rows
            .filter((row) => row.role === this.model.role && row.kind)
            .map((row) => row.kind);
        return this._getOptions([...new Set(ids)], this.model.data.kinds);
    }

    get skillOptions() {
        const ids =
            this.model.role === "technician" ? Object.keys(this.model.data.skills) : [];
        return this._getOptions(ids, this.model.data.skills);
    }

    get serviceOptions() {
        const {services} = this.model;
        return this._getOptions(Object.keys(services), services);
    }

    _getOptions(ids, names) {
        return ids
            .map((id) => ({id: Number(id), name: names[id]}))
            .sort((one, two) => one.name.localeCompare(two.name));
    }

    // ------------------------------------------------------------------
    // Toolbar
    // ------------------------------------------------------------------

    /** The board opens as it was left. */
    restore() {
        let saved = {};
        try {
            saved = JSON.parse(browser.localStorage.getItem(MEMORY)) || {};
        } catch {
            // What is stored there is not ours.
        }
        const given = this.props.action?.params || {};
        const {scale, role, zoom, isWhole} = {...saved, ...given};
        this.model.scale = scale === "week" ? "week" : "day";
        this.model.role = role || "bay";
        this.model.date = given.date || false;
        this.ui.zoom = ZOOMS.includes(zoom) ? zoom : 1;
        this.ui.isWhole = Boolean(isWhole);
    }

    remember() {
        const {scale, role} = this.model;
        const {zoom, isWhole} = this.ui;
        const text = JSON.stringify({scale, role, zoom, isWhole});
        browser.localStorage.setItem(MEMORY, text);
    }

    async go(direction) {
        await this.model.shift(direction);
        this.model.loadQueue();
    }

    async goToday() {
        await this.model.show({date: false});
        this.scrollToNow();
    }

    get dateValue() {
        return DateTime.fromISO(this.model.first);
    }

    onDateChange(date) {
        if (date) {
            this.model.show({date: date.toISODate()});
        }
    }

    async setScale(scale, date) {
        const isInside = this.model.now > 0 && this.model.now < this.axis?.end;
        this.model.show({scale, date: date || (isInside ? false : this.model.date)});
        this.remember();
    }

    openDay(day) {
        if (this.model.scale === "week") {
            const date = getDate(this.model.first, day).toISODate();
            this.model.show({scale: "day", date});
        }
    }

    setRole(role) {
        this.model.setRole(role);
        this.remember();
    }

    setBranch(ev) {
        this.model.show({companyId: Number(ev.target.value)});
    }

    onFilter(name, ev) {
        const {value} = ev.target;
        this.model.setFilter(name, name === "text" ? value : Number(value));
    }

    zoom(step) {
        const index = ZOOMS.indexOf(this.ui.zoom) + step;
        this.ui.zoom = ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, index))];
        this.remember();
    }

    toggleWhole() {
        this.ui.isWhole = !this.ui.isWhole;
        this.remember();
    }

    toggleQueue() {
        this.ui.isQueueOpen = !this.ui.isQueueOpen;
    }

    openWall() {
        this.action.doAction("auto_service_board_wall", {clearBreadcrumbs: false});
    }

    /** Room to both sides of this moment. */
    scrollToNow() {
        const x = this.view.axis && this.view.getNowX();
        if (x && this.scroller) {
            const room = this.scroller.clientWidth - this.nameWidth;
            this.scroller.scrollLeft = x - room / 3;
        }
    }

    // ------------------------------------------------------------------
    // Mouse, finger and keys
    // ------------------------------------------------------------------

    /** Where a dragged block would land, in words. */
    describe({row, start, stop, fit}) {
        const name = this.model.names.get(row);
        const hint = {
            taken: _t("taken"),
            closed: _t("outside of the working hours"),
        }[fit];
        const text = `${formatSpan(this.model.first, start, stop)} · ${name}`;
        return hint ? `${text} · ${hint}` : text;
    }

    onBegin() {
        this.popover.close();
        this.menu.close();
    }

    onEnd() {}

    onDrop(action, {row, start, stop}) {
        const {block, kind} = action;
        const change = {source: action.row, target: row, start, stop};
        if (kind === "resize") {
            change.target = action.row;
            delete change[action.edge === "start" ? "stop" : "start"];
        } else {
            delete change.stop;
        }
        const isSame =
            action.first === this.model.first &&
            block.start === start &&
            block.stop === stop &&
            change.target === action.row;
        if (!isSame) {
            this.moveBlock(block.block, change);
        }
    }

    async moveBlock(number, change) {
        const done = await this.model.move(number, change);
        if (done) {
            this.reloadQueueSoon();
        }
        return done;
    }

    onMoved({number}) {
        const block = this.model.blocks.get(number);
        if (!block) {
            return;
        }
        const text = formatSpan(this.model.first, block.start, block.stop);
        this.say(_t("Now %s", text), true);
    }

    /** One line at the foot; also read out. */
    say(text, canUndo = false) {
        browser.clearTimeout(this.snackTimer);
        this.ui.said = text;
        this.ui.snack = {text, canUndo};
        this.snackTimer = browser.setTimeout(() => (this.ui.snack = null), SNACK_MS);
    }

    async undo() {
        if (this.model.canUndo) {
            this.ui.snack = null;
            if (await this.model.undo()) {
                this.say(_t("Taken back"));
                this.reloadQueueSoon();
            }
        }
    }

    onSelect({row, start, stop}) {
        if (this.model.canEdit) {
            this.openBooking({row, start, stop});
        }
    }

    openBooking(place, item = null) {
        this.popover.close();
        this.dialog.add(BoardBookDialog, {
            model: this.model,
            place,
            item,
            onBooked: (answer) => this.onBooked(answer),
        });
    }

    onBooked() {
        this.say(_t("Booked"));
        this.reloadQueueSoon();
    }

    /** From the side: what has to be replanned moves, the rest is booked. */
    async onDropItem(item, {row, start}) {
        const {role} = this.model.rows.get(row);
        if (item.kind !== "block") {
            const values = {resource: row, start, stop: start + item.minutes};
            this.placeItem(item, {...values, [item.kind]: item.id});
            return;
        }
        const change = {start};
        if (role === item.role) {
            Object.assign(change, {source: item.source, target: row});
        }
        this.moveBlock(item.id, change);
    }

    async placeItem(item, values) {
        try {
            const answer = await this.model.book(values);
            if (answer.problems) {
                const {resource: row, start, stop} = values;
                this.openBooking({row, start, stop}, {...item, answer});
            } else {
                this.onBooked();
            }
        } catch (error) {
            this.notify(error.data?.message || error.message, "danger");
        }
    }

    onTap(block, element) {
        if (block.is_foreign) {
            return;
        }
        this.popover.open(element, {
            block: block.block,
            row: Number(element.closest("[data-row]").dataset.row),
            board: this,
        });
    }

    onFlip(direction) {
        this.go(direction);
    }

    onKeydown(ev) {
        this.keys.onKeydown(ev);
    }

    onRowMenu(row, element) {
        this.menu.open(element, {row, board: this});
    }

    /** Beside the hours the wheel turns the pages: a trackpad goes on to the next day. */
    onWheel(ev) {
        if (ev.ctrlKey) {
            ev.preventDefault();
            if (!this.isZooming) {
                this.isZooming = true;
                this.zoom(ev.deltaY < 0 ? 1 : -1);
                browser.setTimeout(() => (this.isZooming = false), 180);
            }
            return;
        }
        const {scrollLeft, scrollWidth, clientWidth} = this.scroller;
        const across = ev.shiftKey ? ev.deltaY : ev.deltaX;
        const isAtEnd = across > 0 && scrollLeft + clientWidth >= scrollWidth - 1;
        const isAtStart = across < 0 && scrollLeft <= 0;
        const isSideways = ev.shiftKey || Math.abs(ev.deltaX) > Math.abs(ev.deltaY);
        if (isSideways && Math.abs(across) > 25 && (isAtEnd || isAtStart)) {
            this.turn(isAtEnd ? 1 : -1);
        }
    }

    turn(direction) {
        if (!this.isTurning) {
            this.isTurning = true;
            this.go(direction);
            browser.setTimeout(() => (this.isTurning = false), 600);
        }
    }

    // ------------------------------------------------------------------
    // Talking
    // ------------------------------------------------------------------

    /** @returns {Promise<boolean>} whether to do it all the same */
    ask(problems) {
        return new Promise((resolve) => {
            this.dialog.add(
                ConfirmationDialog,
                {
                    title: _t("Plan it all the same?"),
                    body: problems.join("\n"),
                    confirmLabel: _t("Plan it"),
                    cancelLabel: _t("Leave it"),
                    confirm: () => resolve(true),
                    cancel: () => resolve(false),
                },
                {onClose: () => resolve(false)},
            );
        });
    }

    notify(text, type) {
        this.ui.said = text;
        this.notification.add(text, {type});
    }

    reloadQueueSoon() {
        browser.clearTimeout(this.queueTimer);
        this.queueTimer = browser.setTimeout(() => this.model.loadQueue(), 400);
    }

    /** Another screen, and then the board again as it was. */
    openRecord(resModel, resId) {
        this.popover.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    /** The first bays and technicians in one step. */
    openSetup() {
        this.openDialog({
            type: "ir.actions.act_window",
            name: _t("Set up the board"),
            res_model: "auto.service.board.setup",
            views: [[false, "form"]],
            target: "new",
        });
    }

    /** A button of a booking: its action may open another screen. */
    async callBooking(method, id) {
        this.popover.close();
        try {
            const result = await this.orm.silent.call("auto.service.booking", method, [
                [id],
            ]);
            if (result?.type) {
                await this.action.doAction(result, {onClose: () => this.model.load()});
            }
        } catch (error) {
            this.notify(error.data?.message || error.message, "danger");
        }
    }

    /** Absent, out of order: what is planned meanwhile turns red. */
    openAway(row) {
        this.openDialog({
            type: "ir.actions.act_window",
            name: _t("Absence or breakdown"),
            res_model: "auto.service.absence",
            views: [[false, "form"]],
            target: "new",
            context: {default_resource_ids: [[6, 0, [row.id]]]},
        });
    }

    /** One dialog for all that a row has on the day that is shown. */
    async openReplan(row) {
        const {now, first} = this.model;
        const isThisWeek = now > 0 && now < this.axis.end;
        const day = isThisWeek ? Math.floor(now / DAY) : 0;
        const date = getDate(first, day).toISODate();
        try {
            const args = [row.id, date];
            const action = await this.orm.silent.call(PLANNER, "replan_action", args);
            this.openDialog(action);
        } catch (error) {
            this.notify(error.data?.message || error.message, "danger");
        }
    }

    openDialog(action) {
        this.action.doAction(action, {
            onClose: () => {
                this.model.load();
                this.reloadQueueSoon();
            },
        });
    }

    async openResource(row) {
        const args = [row.id];
        const action = await this.orm.call(PLANNER, "get_resource_action", args);
        this.action.doAction(action);
    }

    /** Go to the day on which a block lies, and point at it. */
    async showBlock(item) {
        const {first, days} = this.model;
        const day = Math.floor(item.due / DAY);
        const role = this.model.rows.get(item.source)?.role;
        if (role) {
            this.setRole(role);
        }
        if (day < 0 || day >= days) {
            await this.model.show({date: getDate(first, day).toISODate()});
        }
        browser.requestAnimationFrame(() => {
            const element = this.body?.querySelector(`[data-block="${item.id}"]`);
            element?.scrollIntoView({block: "center", inline: "center"});
            element?.focus();
        });
    }

    getMomentLabel(minute) {
        return formatMoment(this.model.first, minute);
    }
}

registry.category("actions").add("auto_service_board", Board);
