import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMonth, formatQuantity} from "./part_balance_format";

/** Twelve months side by side: what came, and what went. */
export class PartChart extends Component {
    static template = "auto_service_warehouse.PartChart";
    static props = {months: Array, unit: {type: String, optional: true}};

    get bars() {
        const {months} = this.props;
        const most = Math.max(1, ...months.map((it) => Math.max(it.came, it.went)));
        return months.map((it) => ({
            key: it.month,
            label: formatMonth(it.month, {month: "narrow"}),
            title: _t("%(month)s: %(came)s in, %(went)s out", {
                month: formatMonth(it.month, {month: "long", year: "numeric"}),
                came: formatQuantity(it.came),
                went: formatQuantity(it.went),
            }),
            came: (it.came / most) * 100,
            went: (it.went / most) * 100,
        }));
    }

    get summary() {
        const sum = (key) =>
            formatQuantity(this.props.months.reduce((all, it) => all + it[key], 0));
        return _t("%(came)s in, %(went)s out in twelve months", {
            came: sum("came"),
            went: sum("went"),
        });
    }
}
