import {AutoComplete} from "@web/core/autocomplete/autocomplete";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloatTime} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/**
 * One box for a service of a booking: packages that fit the vehicle first, then
 * operations, or just what the customer says.
 */
export class ServicePickField extends Component {
    static template = "auto_service_booking.ServicePickField";
    static components = {AutoComplete};
    static props = {
        ...standardFieldProps,
        placeholder: {type: String, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        // An object: templates call methods on copies of the component.
        this.typing = {isChosen: false};
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get placeholder() {
        return (
            this.props.placeholder || _t("Type a package, an operation or a few words")
        );
    }

    get sources() {
        return [
            {
                options: (text) => this.search(text),
                placeholder: _t("Looking…"),
                optionSlot: "option",
            },
        ];
    }

    get booking() {
        return this.props.record.evalContext.parent || {};
    }

    async search(text) {
        const rows = await this.orm.silent.call(
            "auto.service.booking.line",
            "search_services",
            [text, this.booking.vehicle_id || false],
        );
        return rows.map((row) => ({
            label: row.name,
            data: {hint: row.hours ? formatFloatTime(row.hours) : "", kind: row.kind},
            onSelect: () => this.choose(row),
        }));
    }

    choose(row) {
        this.typing.isChosen = true;
        const value = {id: row.id, display_name: row.name};
        return this.props.record.update({
            package_id: row.kind === "package" ? value : false,
            operation_id: row.kind === "operation" ? value : false,
            [this.props.name]: row.name,
        });
    }

    onInput() {
        this.typing.isChosen = false;
    }

    /** Free words count as long as nothing of the catalogue was chosen for them. */
    onChange({inputValue}) {
        const name = (inputValue || "").trim();
        if (!this.typing.isChosen && name && name !== this.value) {
            return this.props.record.update({[this.props.name]: name});
        }
    }
}

registry.category("fields").add("auto_service_pick", {
    component: ServicePickField,
    displayName: _t("Service of the catalogue"),
    supportedTypes: ["char"],
    fieldDependencies: [
        {name: "package_id", type: "many2one"},
        {name: "operation_id", type: "many2one"},
    ],
    extractProps: ({placeholder, attrs}) => ({
        placeholder: placeholder || attrs?.placeholder,
    }),
});
