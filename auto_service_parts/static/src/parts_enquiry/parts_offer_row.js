import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {
    describeStock,
    describeTime,
    explainTime,
    formatDifference,
    formatPrice,
    formatQuantity,
} from "./parts_format";
import {fitQuantity, getMargin, isInStock} from "./parts_offers";

const SAME_PRICE = 0.005;

/** One offer: who, how many, how soon, how much, and the button that takes it. */
export class PartsOfferRow extends Component {
    static template = "auto_service_parts.PartsOfferRow";
    static props = {
        offer: Object,
        model: Object,
        isBestPrice: Boolean,
        isFastest: Boolean,
        isHighlighted: Boolean,
        added: Number,
        then: {type: [Object, {value: undefined}], optional: true},
        isNew: Boolean,
        canAdd: Boolean,
        canSeeMargin: Boolean,
        currencyId: Number,
    };

    setup() {
        this.row = useRef("row");
        this.state = useState({quantity: fitQuantity(this.props.offer), isBusy: false});
        useEffect(
            (isHighlighted) => {
                if (isHighlighted) {
                    this.row.el?.scrollIntoView({block: "nearest"});
                }
            },
            () => [this.props.isHighlighted],
        );
    }

    get offer() {
        return this.props.offer;
    }

    get isInStock() {
        return isInStock(this.offer);
    }

    get stock() {
        return describeStock(this.offer);
    }

    get time() {
        return describeTime(this.offer);
    }

    get timeTitle() {
        return explainTime(this.offer);
    }

    /** Pieces come in packs, or from a least quantity on: said before it is added. */
    get packing() {
        const {multiplicity = 1, min_quantity: least = 0} = this.offer;
        if (multiplicity > 1) {
            return _t("in %ss", formatQuantity(multiplicity));
        }
        return least > 1 ? _t("from %s", formatQuantity(least)) : "";
    }

    get price() {
        return formatPrice(this.offer.sale_price, this.props.currencyId);
    }

    get cost() {
        return formatPrice(this.offer.cost, this.props.currencyId);
    }

    get deposit() {
        const {core_price: deposit, price, cost} = this.offer;
        const rate = price ? cost / price : 1;
        return formatPrice(deposit && deposit * rate, this.props.currencyId);
    }

    get margin() {
        const margin = getMargin(this.offer);
        return margin === null ? "" : `${Math.round(margin)} %`;
    }

    get isLoss() {
        return (getMargin(this.offer) ?? 0) < 0;
    }

    get probability() {
        const {probability} = this.offer;
        return probability ? `${Math.round(probability)} %` : "";
    }

    get difference() {
        const then = this.props.then;
        const change = then ? (this.offer.cost || 0) - (then.cost || 0) : 0;
        return Math.abs(change) < SAME_PRICE
            ? null
            : {
                  isMore: change > 0,
                  text: formatDifference(change, this.props.currencyId),
                  title: _t(
                      "It was %s then",
                      formatPrice(then.cost, this.props.currencyId) || "0",
                  ),
              };
    }

    get addedText() {
        return formatQuantity(this.props.added);
    }

    onQuantityChange(ev) {
        const typed = Number(ev.target.value.replace(",", "."));
        this.state.quantity = fitQuantity(this.offer, typed > 0 ? typed : 1);
        ev.target.value = this.state.quantity;
    }

    onQuantityKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.onQuantityChange(ev);
            this.add();
        }
    }

    async add() {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            await this.props.model.add(this.offer, this.state.quantity);
        } finally {
            this.state.isBusy = false;
        }
    }
}
