import {Component, useState} from "@odoo/owl";
import {hasTouch} from "@web/core/browser/feature_detection";
import {_t} from "@web/core/l10n/translation";
import {formatAmount, formatHours, formatSigned, isSameTime} from "./labour_format";
import {LabourHoursInput} from "./labour_hours_input";

/** One row of the basket: its time, what was deducted and why, and what he judges. */
export class LabourLine extends Component {
    static template = "auto_service_base.LabourLine";
    static components = {LabourHoursInput};
    static props = {picker: Object, line: Object};

    setup() {
        this.picker = useState(this.props.picker);
        this.state = useState({showOthers: false});
        this.formatHours = formatHours;
        this.formatSigned = formatSigned;
    }

    get line() {
        return this.props.line;
    }

    /** Own pick behind the line; nothing for required work and for what is there. */
    get own() {
        return this.line.existing ? undefined : this.picker.getOwn(this.line);
    }

    get isOfPackage() {
        return this.own?.type === "package";
    }

    get isLabour() {
        return Boolean(this.line.operation_id);
    }

    /** Lines of a package take their hours from it; of others the advisor may judge. */
    get canJudge() {
        const {existing, isWaiting} = this.line;
        return this.isLabour && !existing && !isWaiting && !this.isOfPackage;
    }

    /** Packages go as a whole, with the button at their head. */
    get canRemove() {
        return !this.line.existing && !this.isOfPackage;
    }

    /** Time before the work that is being added was thought of. */
    get hoursBefore() {
        const {existing, hours_before: before, alone} = this.line;
        return existing ? (before ?? alone) : alone;
    }

    get isChanged() {
        const {hours} = this.line;
        return (
            typeof this.hoursBefore === "number" &&
            typeof hours === "number" &&
            !isSameTime(this.hoursBefore, hours)
        );
    }

    /** Hours that the advisor judges, also before the server has heard of them. */
    get judged() {
        return this.canJudge && this.own ? this.own.judged : this.line.judged;
    }

    get isJudged() {
        return typeof this.judged === "number" && !this.line.existing;
    }

    get bookClass() {
        if (this.isJudged) {
            return "text-muted";
        }
        if (this.isChanged && this.line.hours < this.hoursBefore) {
            return "fw-bolder text-success";
        }
        return this.line.existing ? "" : "fw-bolder";
    }

    get isUnknown() {
        return Boolean(this.line.unknown) && !this.isJudged;
    }

    /** Of what is on the estimate only that which the new work changes is of interest. */
    get steps() {
        return (this.line.existing && !this.isChanged) || !this.line.steps
            ? []
            : this.line.steps;
    }

    get options() {
        return this.line.options || [];
    }

    get others() {
        return this.line.others || [];
    }

    get quantity() {
        const {quantity, uom} = this.line;
        return [Math.round(quantity * 100) / 100, uom].join(" ");
    }

    get labels() {
        return {
            judge: _t("Hours you judge for %s", this.line.name),
            remove: this.own ? _t("Remove") : _t("Leave out"),
            required: _t("Needed for “%s”", this.line.required_by),
        };
    }

    get amount() {
        return formatAmount(this.line.amount, this.picker.info?.currency_id);
    }

    /** After the hours the next work: back to the search box, or away on a tablet. */
    leaveHours(input) {
        const picker = input.closest(".o_labour_picker");
        const search = picker?.querySelector(".o_labour_search_input");
        if (hasTouch() || !search) {
            input.blur();
        } else {
            search.focus();
            search.select();
        }
    }

    remove() {
        if (this.own) {
            this.picker.remove(this.own.key);
        } else {
            this.picker.skip(this.line);
        }
    }
}
