import {Component, useRef, useState} from "@odoo/owl";
import {describeError} from "@auto_service_base/labour_picker/labour_format";
import {AutoComplete} from "@web/core/autocomplete/autocomplete";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {DAY} from "./board_axis";
import {fitLength} from "./board_load";
import {formatLength, formatMoment} from "./board_text";

const PLANNER = "auto.service.planner";
const USUAL_MINUTES = 60;

/** A free place was clicked: who comes, and for what? */
export class BoardBookDialog extends Component {
    static template = "auto_service_booking.BoardBookDialog";
    static components = {AutoComplete, Dialog};
    static props = {
        close: Function,
        model: Object,
        place: Object,
        item: {type: [Object, {value: null}], optional: true},
        onBooked: Function,
    };

    setup() {
        this.orm = useService("orm").silent;
        this.model = this.props.model;
        const {row, start, stop} = this.props.place;
        const {answer, ...item} = this.props.item || {};
        this.state = useState({
            tab: this.props.item ? "waiting" : "new",
            start,
            minutes: (stop || start + this.getUsualLength(start)) - start,
            isOwnLength: Boolean(stop),
            plate: "",
            vehicle: null,
            customer: "",
            partner: null,
            phone: "",
            service: "",
            operation: false,
            package: false,
            type: this.model.data.types[0]?.id || false,
            note: "",
            event: "",
            isWaiter: false,
            needsCar: false,
            item: this.props.item ? item : null,
            problems: answer?.problems || [],
            next: answer?.next || null,
            sight: [],
            error: "",
            isSaving: false,
        });
        this.row = row;
        this.body = useRef("body");
        this.foot = useRef("foot");
        useAutofocus({refName: "first"});
    }

    getUsualLength(start, length = USUAL_MINUTES) {
        const {row} = this.props.place;
        const {model} = this.props;
        const {slot} = model.data;
        return fitLength(model.getBlocks(row), model.getWork(row), start, length, slot);
    }

    roundUp(minutes) {
        const {slot} = this.model.data;
        return Math.max(slot, Math.ceil(minutes / slot) * slot);
    }

    get title() {
        const {start} = this.state;
        const name = this.model.names.get(this.row);
        return `${name} · ${formatMoment(this.model.first, start)}`;
    }

    get tabs() {
        const tabs = [
            ["new", _t("New booking")],
            ["waiting", _t("Waiting")],
            ["event", _t("No booking")],
        ];
        return tabs.filter(([key]) => key !== "waiting" || this.items.length);
    }

    /** Whoever waits for a time can be put here. */
    get items() {
        const {waiting = [], jobs = []} = this.model.queue || {};
        return [...waiting, ...jobs];
    }

    get type() {
        return this.model.data.types.find((kind) => kind.id === this.state.type);
    }

    get isRepair() {
        return this.type?.is_repair ?? true;
    }

    getLength(minutes) {
        return formatLength(minutes);
    }

    // ------------------------------------------------------------------
    // When
    // ------------------------------------------------------------------

    get startTime() {
        const minute = this.state.start % DAY;
        const pad = (value) => String(value).padStart(2, "0");
        return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
    }

    onStartChange(ev) {
        const [hours, minutes] = ev.target.value.split(":").map(Number);
        if (Number.isFinite(hours) && Number.isFinite(minutes)) {
            const day = Math.floor(this.state.start / DAY) * DAY;
            this.state.start = day + hours * 60 + minutes;
            this.forgetProblems();
        }
    }

    stretch(step) {
        const {slot} = this.model.data;
        this.state.minutes = Math.max(slot, this.state.minutes + step * slot);
        this.state.isOwnLength = true;
        this.forgetProblems();
    }

    // ------------------------------------------------------------------
    // Who and what
    // ------------------------------------------------------------------

    get vehicleSources() {
        return [
            {
                options: async (text) => {
                    const found = await this.ask("search_board_vehicles", [text]);
                    return found.map((vehicle) => ({
                        label: vehicle.label,
                        onSelect: () => this.takeVehicle(vehicle),
                    }));
                },
            },
        ];
    }

    get serviceSources() {
        return [
            {
                options: async (text) => {
                    const args = [text, this.state.vehicle?.id || false];
                    const found = await this.ask(
                        "search_services",
                        args,
                        "auto.service.booking.line",
                    );
                    return found.map((service) => ({
                        label: service.hours
                            ? `${service.name} · ${formatLength(service.hours * 60)} h`
                            : service.name,
                        onSelect: () => this.takeService(service),
                    }));
                },
            },
        ];
    }

    async ask(method, args, model = PLANNER) {
        try {
            return await this.orm.call(model, method, args);
        } catch (error) {
            this.state.error = describeError(error);
            return [];
        }
    }

    takeVehicle(vehicle) {
        Object.assign(this.state, {
            vehicle,
            plate: vehicle.plate,
            customer: vehicle.customer || this.state.customer,
            partner: vehicle.partner || null,
            phone: vehicle.phone || this.state.phone,
        });
        this.forgetProblems();
        this.loadSight(vehicle);
    }

    /** Debts, disputes and open work of who is at the telephone. */
    async loadSight({id, partner}) {
        const args = [partner || false, id];
        const notes = await this.ask("get_sight", args, "auto.service.booking");
        if (this.state.vehicle?.id === id) {
            this.state.sight = notes;
        }
    }

    getNoteClass({kind}) {
        return `text-bg-${["danger", "warning"].includes(kind) ? kind : "light"}`;
    }

    onPlateInput({inputValue}) {
        this.state.plate = inputValue;
        if (this.state.vehicle && this.state.vehicle.plate !== inputValue) {
            Object.assign(this.state, {vehicle: null, partner: null, sight: []});
        }
        this.forgetProblems();
    }

    onCustomerInput(name, ev) {
        this.state[name] = ev.target.value;
        this.state.partner = null;
    }

    /** What was typed a moment ago: the boxes that look things up tell it late. */
    readBoxes() {
        const boxes = {plate: this.onPlateInput, service: this.onServiceInput};
        for (const [name, onInput] of Object.entries(boxes)) {
            const box = this.body.el?.querySelector(`.o_board_book_${name} input`);
            if (box && box.value !== this.state[name]) {
                onInput.call(this, {inputValue: box.value});
            }
        }
    }

    takeService(service) {
        Object.assign(this.state, {
            service: service.name,
            operation: service.kind === "operation" && service.id,
            package: service.kind === "package" && service.id,
        });
        if (service.hours && !this.state.isOwnLength) {
            const minutes = this.roundUp(service.hours * 60);
            this.state.minutes = this.getUsualLength(this.state.start, minutes);
        }
        this.forgetProblems();
    }

    onServiceInput({inputValue}) {
        Object.assign(this.state, {
            service: inputValue,
            operation: false,
            package: false,
        });
    }

    onTypeChange(ev) {
        this.state.type = Number(ev.target.value);
        if (!this.state.isOwnLength && this.type?.hours) {
            const minutes = Math.round(this.type.hours * 60);
            this.state.minutes = this.getUsualLength(this.state.start, minutes);
        }
    }

    takeItem(item) {
        this.state.item = item;
        if (!this.state.isOwnLength) {
            this.state.minutes = item.minutes;
        }
        this.forgetProblems();
    }

    setTab(tab) {
        this.state.tab = tab;
        this.forgetProblems();
    }

    forgetProblems() {
        Object.assign(this.state, {problems: [], next: null, error: ""});
    }

    // ------------------------------------------------------------------
    // Booking
    // ------------------------------------------------------------------

    get values() {
        const {state} = this;
        const place = {
            resource: this.row,
            start: state.start,
            stop: state.start + state.minutes,
        };
        if (state.tab === "event") {
            return {...place, event: state.event.trim()};
        }
        if (state.tab === "waiting") {
            const {kind, id} = state.item || {};
            return {...place, [kind]: id};
        }
        return {...place, ...this.newValues};
    }

    get newValues() {
        const {state} = this;
        return {
            plate: state.vehicle ? "" : state.plate.trim(),
            vehicle: state.vehicle?.id || false,
            partner: state.partner || false,
            customer: state.partner ? "" : state.customer.trim(),
            phone: state.partner ? "" : state.phone.trim(),
            type: state.type,
            service: state.service.trim(),
            operation: state.operation,
            package: state.package,
            note: state.note.trim(),
            is_waiter: state.isWaiter,
            needs_courtesy_car: state.needsCar,
        };
    }

    get canBook() {
        const {state} = this;
        if (state.isSaving) {
            return false;
        }
        if (state.tab === "event") {
            return Boolean(state.event.trim());
        }
        if (state.tab === "waiting") {
            return Boolean(state.item);
        }
        const isKnown = state.vehicle || state.partner;
        return Boolean(isKnown || state.plate.trim() || state.customer.trim());
    }

    onKeydown(ev) {
        const isDone = ev.key === "Enter" && ev.target.tagName !== "TEXTAREA";
        if (isDone && !ev.defaultPrevented && ev.target.tagName !== "BUTTON") {
            ev.preventDefault();
            this.book();
        }
    }

    /**
     * @param {object} [more] how to do it where the server had a question
     */
    async book(more = {}) {
        this.readBoxes();
        if (!this.canBook) {
            return;
        }
        this.state.isSaving = true;
        this.state.error = "";
        try {
            const answer = await this.model.book({...this.values, ...more});
            this.state.problems = answer.problems || [];
            this.state.next = answer.next ?? null;
            if (!answer.problems) {
                this.props.onBooked(answer);
                this.props.close();
            }
        } catch (error) {
            this.state.error = describeError(error);
        } finally {
            this.state.isSaving = false;
        }
    }

    get nextLabel() {
        return _t("Take %s", formatMoment(this.model.first, this.state.next));
    }

    async takeNext() {
        this.state.start = this.state.next;
        await this.book();
    }

    get aloneLabel() {
        return _t("Keep %s only", this.model.names.get(this.row));
    }
}
