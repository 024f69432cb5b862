import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/**
 * Scheduled maintenance of the vehicle whose form is open. Read from the server when
 * the page is opened, so that the form itself costs nothing.
 */
export class MaintenanceDue extends Component {
    static template = "auto_service_base.MaintenanceDue";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({overview: null});
        onWillStart(() => this.load(this.props.record));
    }

    get stateLabels() {
        return {
            overdue: {text: _t("Overdue"), className: "text-bg-danger"},
            soon: {text: _t("Soon"), className: "text-bg-warning"},
            later: {text: _t("Later"), className: "text-bg-success"},
            unknown: {text: _t("Not known"), className: "text-bg-secondary"},
        };
    }

    get rows() {
        return this.state.overview ? this.state.overview.rows : [];
    }

    async load(record) {
        this.state.overview = record.resId
            ? await this.orm.call("fleet.vehicle", "get_maintenance_overview", [
                  [record.resId],
              ])
            : null;
    }

    async reload() {
        await this.props.record.load();
        await this.load(this.props.record);
    }

    /**
     * Enter that work was done elsewhere; afterwards the page shows what is due then.
     *
     * @param {number|false} itemId work of a maintenance plan
     */
    async recordMaintenance(itemId) {
        const record = this.props.record;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(
            "fleet.vehicle",
            "action_record_maintenance",
            [[record.resId]],
            {item_id: itemId},
        );
        await this.action.doAction(action, {onClose: () => this.reload()});
    }
}

registry.category("view_widgets").add("auto_service_maintenance_due", {
    component: MaintenanceDue,
});
