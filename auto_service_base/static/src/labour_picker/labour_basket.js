import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {formatAmount, formatHours} from "./labour_format";
import {LabourLine} from "./labour_line";

/** Right side of "Add work": the basket with every deduction and its reason. */
export class LabourBasket extends Component {
    static template = "auto_service_base.LabourBasket";
    static components = {LabourLine};
    static props = {picker: Object};

    setup() {
        this.picker = useState(this.props.picker);
        this.list = useRef("list");
        this.formatHours = formatHours;
        useEffect(
            (key) => {
                const line = this.list.el?.querySelector(`[data-key="${key}"]`);
                line?.scrollIntoView({block: "nearest"});
            },
            () => [this.picker.lastAdded],
        );
    }

    /** The package as a whole: what its lines come to. */
    getHead(own) {
        const lines = this.picker.lines.filter(
            (line) => this.picker.getOwn(line) === own,
        );
        const sum = (name) =>
            lines.reduce((total, line) => total + (line[name] || 0), 0);
        const currencyId = this.picker.info?.currency_id;
        return {
            key: own.key,
            name: own.name,
            hours: formatHours(sum("hours")),
            amount: formatAmount(sum("amount"), currencyId),
        };
    }

    /** Lines with the head of the package above its first one. */
    get rows() {
        let last = null;
        return this.picker.lines.map((line, index) => {
            const own = this.picker.getOwn(line);
            const isPackage = own?.type === "package";
            const head = isPackage && own !== last ? this.getHead(own) : null;
            last = own;
            return {key: `${line.key}/${index}`, line, head};
        });
    }
}
