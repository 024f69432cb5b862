import {Component, onWillStart, useState} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {listDays, listRule} from "./shift_days";

const PREVIEW_DAYS = 14;
const PREVIEW_PEOPLE = 4;
const MODEL = "auto.service.shift";

/** “Two on, two off until the end of the year”: shifts by a rule that goes round. */
export class ShiftRuleDialog extends Component {
    static template = "auto_service_booking.ShiftRuleDialog";
    static components = {DateTimeInput, Dialog};
    static props = {
        close: Function,
        role: String,
        templates: Array,
        resourceIds: Array,
        first: Object,
        params: Object,
        onFilled: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        const [day] = this.props.templates;
        this.state = useState({
            people: [],
            chosen: new Set(this.props.resourceIds),
            first: this.props.first,
            last: this.props.first.plus({months: 3}).minus({days: 1}),
            steps: [
                {key: 1, templateId: day?.id || false, days: 2},
                {key: 2, templateId: false, days: 2},
            ],
            stagger: 0,
            overwrite: false,
            isBusy: false,
        });
        this.nextKey = 3;
        onWillStart(() => this.loadPeople());
    }

    async loadPeople() {
        this.state.people = await this.orm.searchRead(
            "resource.resource",
            [["auto_service_role", "=", this.props.role]],
            ["name", "auto_service_uses_shifts"],
            {order: "auto_service_sequence, name, id"},
        );
    }

    get presets() {
        const [day, late = day] = this.props.templates;
        if (!day) {
            return [];
        }
        return [
            {
                name: _t("2 on, 2 off"),
                steps: [
                    [day.id, 2],
                    [false, 2],
                ],
            },
            {
                name: _t("4 on, 4 off"),
                steps: [
                    [day.id, 4],
                    [false, 4],
                ],
            },
            {
                name: _t("5 on, 2 off"),
                steps: [
                    [day.id, 5],
                    [false, 2],
                ],
            },
            {
                name: _t("%(first)s and %(second)s by weeks", {
                    first: day.name,
                    second: late.name,
                }),
                steps: [
                    [day.id, 5],
                    [false, 2],
                    [late.id, 5],
                    [false, 2],
                ],
            },
        ];
    }

    usePreset(preset) {
        this.state.steps = preset.steps.map(([templateId, days]) => ({
            key: this.nextKey++,
            templateId,
            days,
        }));
    }

    // Steps

    addStep() {
        this.state.steps.push({key: this.nextKey++, templateId: false, days: 1});
    }

    removeStep(step) {
        this.state.steps = this.state.steps.filter(({key}) => key !== step.key);
    }

    setDays(step, ev) {
        step.days = Math.min(99, Math.max(1, Number(ev.target.value) || 1));
    }

    setTemplate(step, ev) {
        step.templateId = Number(ev.target.value) || false;
    }

    // People

    isChosen(person) {
        return this.state.chosen.has(person.id);
    }

    toggle(person) {
        const chosen = new Set(this.state.chosen);
        if (!chosen.delete(person.id)) {
            chosen.add(person.id);
        }
        this.state.chosen = chosen;
    }

    get chosenPeople() {
        return this.state.people.filter((person) => this.isChosen(person));
    }

    get newPeople() {
        return this.chosenPeople
            .filter((person) => !person.auto_service_uses_shifts)
            .map(({name}) => name)
            .join(", ");
    }

    setStagger(ev) {
        this.state.stagger = Math.max(0, Number(ev.target.value) || 0);
    }

    setFirst(day) {
        this.state.first = day || this.state.first;
        if (this.state.last < this.state.first) {
            this.state.last = this.state.first.plus({months: 3});
        }
    }

    setLast(day) {
        this.state.last = day || this.state.last;
    }

    // Preview

    get previewDays() {
        return listDays(this.state.first, PREVIEW_DAYS);
    }

    get preview() {
        const templates = new Map(this.props.templates.map((one) => [one.id, one]));
        return this.chosenPeople.slice(0, PREVIEW_PEOPLE).map((person, index) => ({
            id: person.id,
            name: person.name,
            days: listRule(
                this.state.steps,
                PREVIEW_DAYS,
                index * this.state.stagger,
            ).map((templateId) => templates.get(templateId) || null),
        }));
    }

    get canApply() {
        const {steps, first, last, isBusy} = this.state;
        return (
            !isBusy &&
            this.chosenPeople.length > 0 &&
            first <= last &&
            steps.some(({templateId}) => templateId)
        );
    }

    get rule() {
        const {first, last, steps, overwrite, stagger} = this.state;
        return {
            resource_ids: this.chosenPeople.map(({id}) => id),
            steps: steps.map(({templateId, days}) => ({template_id: templateId, days})),
            first: first.toISODate(),
            last: last.toISODate(),
            overwrite,
            stagger,
        };
    }

    async apply() {
        this.state.isBusy = true;
        try {
            const {created, kept, grid} = await this.orm.call(MODEL, "fill_rule", [
                this.rule,
                this.props.params,
            ]);
            this.notification.add(this.describe(created, kept), {type: "success"});
            this.props.onFilled(grid);
            this.props.close();
        } finally {
            this.state.isBusy = false;
        }
    }

    describe(created, kept) {
        if (kept) {
            return _t("%(created)s shifts entered, %(kept)s days left as they were.", {
                created,
                kept,
            });
        }
        return _t("%s shifts entered.", created);
    }
}
