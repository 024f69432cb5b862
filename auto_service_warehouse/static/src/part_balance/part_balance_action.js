import {Component, onWillDestroy, useEffect, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {PartBalance} from "./part_balance";
import {PartBalanceScreen} from "./part_balance_screen";

/**
 * Model of a balance that asks the server; what comes after the screen is gone is
 * ignored.
 *
 * @param {object} options of PartBalance
 * @returns {PartBalance}
 */
function usePartBalance(options) {
    const orm = useService("orm").silent;
    const model = new PartBalance({
        call: (name, method, args) => orm.call(name, method, args),
        ...options,
    });
    onWillDestroy(() => {
        model.turn += 1;
        model.searchTurn += 1;
    });
    return model;
}

/** "Part balance" as a page of its own. */
export class PartBalanceAction extends Component {
    static template = "auto_service_warehouse.PartBalanceAction";
    static components = {PartBalanceScreen};
    static props = {...standardActionServiceProps};
    static path = "part-balance";
    static displayName = _t("Part Balance");

    setup() {
        const {action, resId} = this.props;
        const {product_id, text} = action.params || {};
        this.model = usePartBalance({productId: resId || product_id, text});
        this.watched = useState(this.model);
        // The page stands at once: nobody waits for it.
        this.model.load();
        useEffect(
            (id) => {
                if (id) {
                    this.props.updateActionState?.({resId: id});
                }
            },
            () => [this.watched.productId],
        );
    }
}

registry.category("actions").add("auto_service_part_balance", PartBalanceAction);

/** "Part balance" above a job or an estimate. */
export class PartBalanceDialog extends Component {
    static template = "auto_service_warehouse.PartBalanceDialog";
    static components = {Dialog, PartBalanceScreen};
    static props = {
        close: Function,
        productId: {type: Number, optional: true},
        text: {type: String, optional: true},
    };

    setup() {
        const {productId, text} = this.props;
        this.model = usePartBalance({productId, text});
        this.model.load();
    }

    get title() {
        return _t("Part balance");
    }
}

/** A small button beside a part: where it is, and for whom. */
export class PartBalanceButton extends Component {
    static template = "auto_service_warehouse.PartBalanceButton";
    static props = {
        ...standardWidgetProps,
        fieldName: {type: String, optional: true},
    };
    static defaultProps = {fieldName: "product_id"};

    setup() {
        this.dialog = useService("dialog");
    }

    get productId() {
        const {data} = this.props.record;
        const isLabour = data.kind && data.kind !== "part";
        return !isLabour && data[this.props.fieldName]?.id;
    }

    open() {
        this.dialog.add(PartBalanceDialog, {productId: this.productId});
    }
}

registry.category("view_widgets").add("auto_service_part_balance", {
    component: PartBalanceButton,
    extractProps: ({options}) => ({fieldName: options.field}),
    fieldDependencies: [{name: "kind", type: "selection", readonly: true}],
    listViewWidth: 32,
});
