import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {formatHours} from "./labour_format";
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

    /** Lines with the head of the package above its first one. */
    get rows() {
        let last = null;
        return this.picker.lines.map((line, index) => {
            const own = this.picker.getOwn(line);
            const isPackage = own?.type === "package";
            const head = isPackage && own !== last ? own : null;
            last = own;
            return {key: `${line.key}/${index}`, line, head};
        });
    }
}
