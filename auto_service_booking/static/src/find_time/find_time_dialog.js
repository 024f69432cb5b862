import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * Free times of a booking, or of the jobs of a work order: one click books. Filters
 * ask the server again; of answers that cross only the last one counts.
 */
export class FindTimeDialog extends Component {
    static template = "auto_service_booking.FindTimeDialog";
    static components = {Dialog};
    static props = {
        close: Function,
        model: String,
        resId: Number,
        title: {type: String, optional: true},
        onBooked: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.asked = 0;
        this.state = useState({
            data: {days: [], problems: [], technicians: []},
            filters: {
                week: null,
                date: false,
                day_part: false,
                technician: false,
                use_reserve: false,
            },
            isLoading: true,
            isBooking: false,
            message: false,
        });
        onWillStart(() => this.load());
    }

    get title() {
        return this.props.title || _t("Find a time");
    }

    get weeks() {
        return [
            {value: null, label: _t("Soonest")},
            {value: 0, label: _t("This week")},
            {value: 1, label: _t("Next week")},
            {value: 2, label: _t("In two weeks")},
        ];
    }

    get parts() {
        return [
            {value: false, label: _t("All day")},
            {value: "morning", label: _t("Mornings")},
            {value: "afternoon", label: _t("Afternoons")},
        ];
    }

    get isEmpty() {
        return !this.state.isLoading && !this.state.data.days.length;
    }

    /** Filters that say nothing are left out: the wishes of the booking count then. */
    get filters() {
        return Object.fromEntries(
            Object.entries(this.state.filters).filter(
                ([, value]) => value !== null && value !== false && value !== "",
            ),
        );
    }

    call(method, args) {
        return this.orm.call(this.props.model, method, [[this.props.resId], ...args]);
    }

    async load() {
        const number = ++this.asked;
        this.state.isLoading = true;
        try {
            const data = await this.call("get_time_offers", [this.filters]);
            if (number === this.asked) {
                this.state.data = data;
            }
        } finally {
            if (number === this.asked) {
                this.state.isLoading = false;
            }
        }
    }

    setFilter(name, value) {
        this.state.filters[name] = value;
        if (name === "week") {
            this.state.filters.date = false;
        }
        if (name === "date") {
            this.state.filters.week = null;
        }
        this.state.message = false;
        return this.load();
    }

    setTechnician(ev) {
        return this.setFilter("technician", Number(ev.target.value) || false);
    }

    async book(offer) {
        if (this.state.isBooking) {
            return;
        }
        this.state.isBooking = true;
        try {
            await this.call("book_time", [offer.start, this.filters]);
        } catch (error) {
            this.state.message = error.data?.message || error.message;
            await this.load();
            return;
        } finally {
            this.state.isBooking = false;
        }
        await this.finish();
    }

    /** The next free time lies outside of the day or week that was asked for. */
    bookNext() {
        const offer = this.state.data.next;
        Object.assign(this.state.filters, {date: false, week: null});
        return this.book(offer);
    }

    async putOnWaitlist() {
        await this.call("action_to_waitlist", []);
        await this.finish();
    }

    async finish() {
        this.props.close();
        await this.props.onBooked?.();
    }
}

/**
 * For buttons of Python: an action with the tag ``auto_service_find_time`` and the
 * params ``model`` and ``id``. The form that it was pressed on is read again.
 *
 * @param {object} env
 * @param {object} action
 * @param {object} [options]
 */
export function openFindTime(env, action, options = {}) {
    const {model, id} = action.params;
    env.services.dialog.add(FindTimeDialog, {
        model,
        resId: id,
        title: action.name,
        onBooked: () =>
            options.onClose
                ? options.onClose()
                : env.services.action.doAction("soft_reload"),
    });
}

registry.category("actions").add("auto_service_find_time", openFindTime);
