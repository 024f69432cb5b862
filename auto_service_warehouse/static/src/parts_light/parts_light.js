import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const COLOURS = {
    missing: "text-danger",
    coming: "text-warning",
    ready: "text-success",
};

/** Whether the parts are here: a coloured dot, and its meaning in words. */
export class PartsLight extends Component {
    static template = "auto_service_warehouse.PartsLight";
    static props = {...standardFieldProps, hasLabel: {type: Boolean, optional: true}};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get colour() {
        return COLOURS[this.value] || "text-muted";
    }

    get label() {
        const {selection} = this.props.record.fields[this.props.name];
        return selection.find(([key]) => key === this.value)?.[1] || "";
    }
}

export const partsLight = {
    component: PartsLight,
    displayName: _t("Parts light"),
    supportedTypes: ["selection"],
    supportedOptions: [{label: _t("Show the words"), name: "label", type: "boolean"}],
    extractProps: ({options}) => ({hasLabel: Boolean(options.label)}),
};

registry.category("fields").add("parts_light", partsLight);
