import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {LabourPickerDialog} from "./labour_picker_dialog";

/**
 * Button "Add work" of a work order form. Options: ``tab`` to open with, ``label``,
 * ``primary``.
 */
export class LabourPickerButton extends Component {
    static template = "auto_service_base.LabourPickerButton";
    static props = {
        ...standardWidgetProps,
        tab: {type: String, optional: true},
        label: {type: String, optional: true},
        isPrimary: {type: Boolean, optional: true},
    };

    setup() {
        this.dialog = useService("dialog");
        this.isOpening = false;
    }

    get label() {
        return this.props.label || _t("Add work");
    }

    async open() {
        if (this.isOpening) {
            return;
        }
        this.isOpening = true;
        try {
            // What is written on the form counts: save first, stay when it is not valid.
            const {record} = this.props;
            if (await record.save()) {
                this.dialog.add(LabourPickerDialog, {
                    orderId: record.resId,
                    tab: this.props.tab,
                    onChanged: () => record.load(),
                });
            }
        } finally {
            this.isOpening = false;
        }
    }
}

registry.category("view_widgets").add("auto_service_labour_picker", {
    component: LabourPickerButton,
    extractProps: ({attrs, options}) => ({
        tab: options.tab,
        label: attrs.string,
        isPrimary: options.primary,
    }),
});

/**
 * For buttons of Python: an action with the tag ``auto_service_labour_picker`` and the
 * params ``order_id`` and ``tab``. The form that it was pressed on is read again.
 *
 * @param {object} env
 * @param {object} action
 * @param {object} [options]
 */
export function openLabourPicker(env, action, options = {}) {
    const {order_id: orderId, tab} = action.params || {};
    env.services.dialog.add(LabourPickerDialog, {
        orderId: orderId || action.context.active_id,
        tab,
        onChanged: () =>
            options.onClose
                ? options.onClose()
                : env.services.action.doAction("soft_reload"),
    });
}

registry.category("actions").add("auto_service_labour_picker", openLabourPicker);
