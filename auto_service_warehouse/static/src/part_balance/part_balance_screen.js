import {Component, useEffect, useExternalListener, useRef, useState} from "@odoo/owl";
import {hasTouch} from "@web/core/browser/feature_detection";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {PartChart} from "./part_chart";
import {
    describeOrder,
    formatDay,
    formatPrice,
    formatQuantity,
    isLate,
} from "./part_balance_format";

/** "Part balance": one box, and all about one part on one screen. */
export class PartBalanceScreen extends Component {
    static template = "auto_service_warehouse.PartBalanceScreen";
    static components = {PartChart};
    static props = {
        model: Object,
        isDialog: {type: Boolean, optional: true},
        onLeave: {type: Function, optional: true},
    };

    setup() {
        this.model = useState(this.props.model);
        this.action = useService("action");
        this.input = useRef("text");
        this.search = useRef("search");
        Object.assign(this, {describeOrder, formatDay, formatQuantity, isLate});
        // The keyboard of a tablet stays away; a keyboard on the desk is ready at once.
        useEffect(
            (el) => {
                if (el && !hasTouch()) {
                    el.focus();
                    el.select();
                }
            },
            () => [this.input.el, this.model.productId],
        );
        useExternalListener(window, "pointerdown", (ev) => {
            if (this.model.isOpen && !this.search.el?.contains(ev.target)) {
                this.model.close();
            }
        });
    }

    // --- what is shown

    get balance() {
        return this.model.balance;
    }

    get product() {
        return this.balance.product;
    }

    get rights() {
        return this.balance.rights;
    }

    /** The host keeps no quantity of it. */
    get isUncounted() {
        return !this.product.is_storable;
    }

    get tiles() {
        const {totals} = this.balance;
        return [
            {id: "on_hand", name: _t("On hand"), value: totals.on_hand},
            {id: "reserved", name: _t("Reserved"), value: totals.reserved},
            {id: "free", name: _t("Free"), value: totals.free, isMain: true},
            {id: "coming", name: _t("Coming"), value: totals.coming},
            {id: "leaving", name: _t("To deliver"), value: totals.leaving},
            {id: "expected", name: _t("Left then"), value: totals.expected},
        ];
    }

    get isManyWarehouses() {
        return this.balance.warehouses.length > 1;
    }

    /** Purchases, and what comes from elsewhere, by the day of coming. */
    get coming() {
        const {orders, incoming} = this.balance;
        const others = incoming.map((it) => ({...it, isMove: true}));
        return [...orders, ...others].sort((a, b) =>
            (a.date || "9").localeCompare(b.date || "9"),
        );
    }

    price(row) {
        return formatPrice(row.price, row.currency_id);
    }

    get facts() {
        const {product, rules} = this.balance;
        const facts = rules.map((rule) => ({
            id: `rule-${rule.id}`,
            name: rule.place,
            value: _t("at least %(least)s, at most %(most)s", {
                least: formatQuantity(rule.minimum),
                most: formatQuantity(rule.maximum),
            }),
        }));
        facts.push({
            id: "counted",
            name: _t("Counted"),
            value: formatDay(product.last_counted) || _t("Never"),
        });
        return facts;
    }

    /** Something is free where the demand takes its pieces from. */
    canReserve(row) {
        const {warehouses} = this.balance;
        return warehouses.some((it) => it.id === row.warehouse_id && it.free > 0);
    }

    describeBin(bin) {
        return [bin.lot, bin.package, bin.owner].filter(Boolean).join(" · ");
    }

    describeFound(part) {
        return part.note || part.barcode || "";
    }

    // --- the box

    onInput(ev) {
        this.model.type(ev.target.value);
    }

    onKeydown(ev) {
        const step = {ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8}[ev.key];
        if (step && this.model.isOpen) {
            ev.preventDefault();
            this.model.moveHighlight(step);
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            // What stands in the box counts, typed or scanned.
            this.model.text = ev.target.value;
            this.model.choose();
        } else if (ev.key === "Escape" && this.model.isOpen) {
            ev.stopPropagation();
            this.model.close();
        }
    }

    onFocus() {
        if (this.model.found.length && this.model.text.trim()) {
            this.model.isOpen = true;
        }
    }

    clear() {
        this.model.clear();
        this.input.el?.focus();
    }

    // --- what is done

    /** Show the document that a row stands for. */
    open(model, id) {
        if (!id) {
            return;
        }
        this.props.onLeave?.();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openWhom(row) {
        if (row.work_order_id) {
            this.open("auto.service.order", row.work_order_id);
        } else if (row.picking_id && this.rights.stock) {
            this.open("stock.picking", row.picking_id);
        }
    }

    openOrder(row) {
        if (this.rights.buy) {
            this.open("purchase.order", row.purchase_id);
        }
    }

    openProduct() {
        this.open("product.product", this.product.id);
    }

    /** One of the host's documents about the part; what it changed is read again. */
    async run(name, ...args) {
        const action = await this.model.getAction(name, ...args);
        if (!action) {
            return;
        }
        if (action.target !== "new") {
            this.props.onLeave?.();
        }
        await this.action.doAction(action, {onClose: () => this.model.refresh()});
    }
}
