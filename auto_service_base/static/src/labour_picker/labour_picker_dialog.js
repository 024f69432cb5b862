import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {LabourBasket} from "./labour_basket";
import {formatAmount, formatHours, formatSigned} from "./labour_format";
import {LabourPicker} from "./labour_picker";
import {LabourResults} from "./labour_results";

/** "Add work": from what the customer wants to hours and prices on the estimate. */
export class LabourPickerDialog extends Component {
    static template = "auto_service_base.LabourPickerDialog";
    static components = {Dialog, Dropdown, DropdownItem, LabourBasket, LabourResults};
    static props = {
        close: Function,
        orderId: Number,
        tab: {type: String, optional: true},
        onChanged: {type: Function, optional: true},
    };

    setup() {
        const orm = useService("orm").silent;
        const {orderId, tab} = this.props;
        this.picker = useState(
            new LabourPicker({
                orderId,
                tab,
                call: (method, args) =>
                    orm.call("auto.service.order", method, [[orderId], ...args]),
            }),
        );
        this.state = useState({pane: "catalogue"});
        this.formatHours = formatHours;
        this.env.dialogData.dismiss = () => this.onDismiss();
        // The box stands at once, the catalogue fills it: nobody waits for a window.
        this.picker.load();
    }

    get title() {
        return _t("Add work");
    }

    get vehicle() {
        return this.picker.info?.vehicle;
    }

    get missing() {
        return (this.vehicle?.missing || []).join(", ");
    }

    get jobs() {
        return this.picker.info?.jobs || [];
    }

    get jobPlaceholder() {
        return this.picker.jobName || _t("Name of the job");
    }

    get totals() {
        return this.picker.preview.totals;
    }

    get judgedDifference() {
        return formatSigned(this.picker.judgedDifference);
    }

    get amount() {
        return formatAmount(this.totals.amount, this.picker.info?.currency_id);
    }

    get isBasketShown() {
        return this.state.pane === "basket";
    }

    togglePane() {
        this.state.pane = this.isBasketShown ? "catalogue" : "basket";
    }

    onJobChange(ev) {
        this.picker.job.id = Number(ev.target.value) || false;
    }

    onJobNameInput(ev) {
        this.picker.job.name = ev.target.value;
    }

    async apply() {
        if (await this.picker.apply()) {
            this.close();
        }
    }

    discard() {
        this.picker.empty();
        this.close();
    }

    /** Closed without a decision: what was picked is kept for the next time. */
    dismiss() {
        this.onDismiss();
        this.props.close();
    }

    onDismiss() {
        this.picker.keepDraft();
        this.tellOpener();
    }

    close() {
        this.tellOpener();
        this.props.close();
    }

    tellOpener() {
        if (this.picker.isChanged) {
            this.props.onChanged?.();
        }
    }
}
