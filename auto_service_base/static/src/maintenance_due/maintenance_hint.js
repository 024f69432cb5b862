import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";

/**
 * One line on a visit: which scheduled maintenance of the vehicle is due. It is asked
 * for after the form is shown, and again when vehicle, odometer or estimate change.
 */
export class MaintenanceHint extends Component {
    static template = "auto_service_base.MaintenanceHint";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({hint: false, canAdd: false});
        this.asked = null;
        useRecordObserver((record) => this.follow(record));
    }

    /**
     * Ask once for every state of the visit that makes a difference.
     *
     * @param {object} record the visit
     */
    follow(record) {
        const {
            vehicle_id: vehicle,
            state,
            odometer_in: odometer,
            line_ids: lines,
        } = record.data;
        const vehicleId = state === "open" && vehicle ? vehicle.id : false;
        const question = JSON.stringify([
            record.resId,
            vehicleId,
            odometer,
            lines ? lines.count : 0,
        ]);
        // What is typed counts when it is saved, the vehicle of a new visit at once.
        if ((record.dirty && record.resId) || question === this.asked) {
            return;
        }
        this.asked = question;
        this.ask(vehicleId, record.resId);
    }

    async ask(vehicleId, orderId) {
        const asked = this.asked;
        const hint = vehicleId
            ? await this.orm.silent.call(
                  "fleet.vehicle",
                  "get_maintenance_hint",
                  [[vehicleId]],
                  {order_id: orderId || false},
              )
            : false;
        const canAdd =
            Boolean(hint && orderId) &&
            (await user.hasGroup("auto_service_base.group_advisor"));
        if (asked === this.asked) {
            Object.assign(this.state, {hint, canAdd});
        }
    }

    async add() {
        const record = this.props.record;
        if (await record.save()) {
            const action = await this.orm.call(
                "auto.service.order",
                "action_add_due_maintenance",
                [[record.resId]],
            );
            await this.action.doAction(action, {onClose: () => record.load()});
        }
    }
}

registry.category("view_widgets").add("auto_service_maintenance_hint", {
    component: MaintenanceHint,
    fieldDependencies: [
        {name: "vehicle_id", type: "many2one"},
        {name: "state", type: "selection"},
        {name: "odometer_in", type: "integer"},
    ],
});
