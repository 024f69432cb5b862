import {Component, onWillStart, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {describeError, formatAmount, formatHours, formatSigned} from "./labour_format";

const SERVER_DATETIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** Where the hours of one line come from, to the last minute. */
export class LabourExplainDialog extends Component {
    static template = "auto_service_base.LabourExplainDialog";
    static components = {Dialog};
    static props = {
        close: Function,
        lineId: Number,
        onChanged: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({about: null, error: ""});
        this.formatHours = formatHours;
        this.formatSigned = formatSigned;
        onWillStart(async () => {
            this.state.about = await this.call("get_labour_explanation");
        });
    }

    /** The answer; null, and a sentence on the screen, when it failed. */
    async call(method) {
        try {
            const args = [[this.props.lineId]];
            return await this.orm.call("sale.order.line", method, args);
        } catch (error) {
            this.state.error = describeError(error);
            return null;
        }
    }

    get title() {
        return _t("Where these hours come from");
    }

    get isJudged() {
        return typeof this.state.about.judged === "number";
    }

    /** The hours that are charged. */
    get hours() {
        const {book, judged} = this.state.about;
        return formatHours(this.isJudged ? judged : book);
    }

    /** Both numbers in one sentence, with who judged and when. */
    get judgement() {
        const {book, judged, judged_by: author} = this.state.about;
        const texts = {
            book: formatHours(book),
            judged: formatHours(judged),
            author: author || "",
            moment: this.judgedAt,
        };
        return author
            ? _t(
                  "Book %(book)s h, judged %(judged)s h by %(author)s, %(moment)s",
                  texts,
              )
            : _t("Book %(book)s h, judged %(judged)s h", texts);
    }

    get judgedAt() {
        const {judged_at: moment} = this.state.about;
        return SERVER_DATETIME.test(moment || "")
            ? toLocaleDateTimeString(deserializeDateTime(moment))
            : moment || "";
    }

    /** Facts of the time that was taken, those that its name does not tell already. */
    get facts() {
        const {time} = this.state.about;
        return [
            [_t("Source"), time.source],
            [_t("Release"), time.release],
            [_t("Fits"), time.level_label],
            [_t("In the source"), time.value_text],
            [_t("Valid"), time.validity],
        ].filter(([, value]) => value && !time.label.includes(value));
    }

    get amount() {
        const {amount, currency_id: currencyId} = this.state.about;
        return formatAmount(amount, currencyId);
    }

    /** Forget what was judged: the line is charged as the book says. */
    async followBook() {
        this.state.error = "";
        await this.call("action_follow_book");
        if (!this.state.error) {
            this.props.onChanged?.();
            this.props.close();
        }
    }
}

const LOOKS = {
    unknown: "fa-exclamation-triangle text-warning",
    judged: "fa-pencil text-info",
    deducted: "fa-chevron-circle-down text-success",
    book: "fa-clock-o text-muted",
    fixed: "fa-tag text-muted",
};

/** In the row of an estimate line: how its hours came about; a click tells it all. */
export class LabourExplainField extends Component {
    static template = "auto_service_base.LabourExplainField";
    static props = {...standardFieldProps};

    setup() {
        this.dialog = useService("dialog");
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get look() {
        return LOOKS[this.value] || LOOKS.book;
    }

    /** A line that is not saved yet has nothing to explain. */
    get isShown() {
        return Boolean(this.value && this.props.record.resId);
    }

    get title() {
        const {selection} = this.props.record.fields[this.props.name];
        const label = selection.find(([key]) => key === this.value)?.[1];
        return _t("%s: where do these hours come from?", label || this.value);
    }

    async open() {
        const {record} = this.props;
        const form = record.model.root;
        // What is typed counts: the explanation is of what stands on the estimate.
        if ((await form.isDirty()) && !(await form.save())) {
            return;
        }
        this.dialog.add(LabourExplainDialog, {
            lineId: record.resId,
            onChanged: () => form.load(),
        });
    }
}

registry.category("fields").add("labour_explain", {
    component: LabourExplainField,
    displayName: _t("Where the hours come from"),
    supportedTypes: ["selection"],
    listViewWidth: 24,
});

/**
 * For buttons of Python: an action with the tag ``labour_explain`` and the param
 * ``line_id``.
 *
 * @param {object} env
 * @param {object} action
 * @param {object} [options]
 */
export function openLabourExplanation(env, action, options = {}) {
    env.services.dialog.add(LabourExplainDialog, {
        lineId: action.params?.line_id || action.context.active_id,
        onChanged: () => options.onClose?.(),
    });
}

registry.category("actions").add("labour_explain", openLabourExplanation);
