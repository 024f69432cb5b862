import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

/**
 * What must be in sight while booking: debts, disputes, open work of customer and
 * vehicle. It is asked for after the form is shown, and again when they change.
 */
export class BookingSight extends Component {
    static template = "auto_service_booking.BookingSight";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({notes: []});
        this.asked = null;
        useRecordObserver((record) => this.follow(record));
    }

    /**
     * Ask once for every customer and vehicle.
     *
     * @param {object} record the booking
     */
    follow(record) {
        const {partner_id: partner, vehicle_id: vehicle} = record.data;
        const question = [
            partner ? partner.id : false,
            vehicle ? vehicle.id : false,
            record.resId || false,
        ];
        const key = JSON.stringify(question);
        if (key === this.asked) {
            return;
        }
        this.asked = key;
        this.ask(key, question);
    }

    async ask(key, question) {
        const notes =
            question[0] || question[1]
                ? await this.orm.silent.call(
                      "auto.service.booking",
                      "get_sight",
                      question,
                  )
                : [];
        if (key === this.asked) {
            this.state.notes = notes;
        }
    }

    getClass(note) {
        return {
            danger: "text-bg-danger",
            warning: "text-bg-warning",
            info: "text-bg-light border",
        }[note.kind];
    }

    open(note) {
        if (!note.model) {
            return;
        }
        const views =
            note.ids.length === 1
                ? [[false, "form"]]
                : [
                      [false, "list"],
                      [false, "form"],
                  ];
        this.action.doAction({
            type: "ir.actions.act_window",
            name: note.text,
            res_model: note.model,
            res_id: note.ids.length === 1 ? note.ids[0] : false,
            domain: [["id", "in", note.ids]],
            views,
            target: "new",
        });
    }

    async add(note) {
        const {record} = this.props;
        if (await record.save()) {
            await this.orm.call("auto.service.booking", "add_recommendation", [
                [record.resId],
                note.add,
            ]);
            await record.load();
        }
    }
}

registry.category("view_widgets").add("auto_service_booking_sight", {
    component: BookingSight,
    fieldDependencies: [
        {name: "partner_id", type: "many2one"},
        {name: "vehicle_id", type: "many2one"},
    ],
});
