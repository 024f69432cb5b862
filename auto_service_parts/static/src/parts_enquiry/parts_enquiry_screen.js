import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {hasTouch} from "@web/core/browser/feature_detection";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {formatMoment} from "./parts_format";
import {PartsFilters} from "./parts_filters";
import {PartsOfferList} from "./parts_offer_list";
import {PartsSources} from "./parts_sources";
import {PartsWork} from "./parts_work";

const FOUND_IN = {own: _t("own stock"), list: _t("price lists"), cross: _t("crosses")};

/** "Find parts": one box, then offers of own stock and every supplier, side by side. */
export class PartsEnquiryScreen extends Component {
    static template = "auto_service_parts.PartsEnquiryScreen";
    static components = {PartsFilters, PartsOfferList, PartsSources, PartsWork};
    static props = {
        model: Object,
        isDialog: {type: Boolean, optional: true},
    };

    setup() {
        this.model = useState(this.props.model);
        this.action = useService("action");
        this.input = useRef("number");
        this.brands = useRef("brands");
        this.formatMoment = formatMoment;
        // The keyboard of a tablet stays away; a keyboard on the desk is ready at once.
        useEffect(
            (el) => {
                if (el && !hasTouch()) {
                    el.focus();
                    el.select();
                }
            },
            () => [this.input.el, this.model.turn],
        );
    }

    get hasResults() {
        return this.model.offers.length > 0;
    }

    get isChoosing() {
        return this.model.state === "brand" && this.model.brands.length > 0;
    }

    /** Everybody has answered, and nobody has the number. */
    get isNothing() {
        const {model} = this;
        return (
            Boolean(model.id) &&
            !model.isLoading &&
            !model.isBusy &&
            !this.hasResults &&
            !this.isChoosing
        );
    }

    describeBrand(brand) {
        const places = brand.found_in.map((place) => FOUND_IN[place] || place);
        return places.join(", ");
    }

    /** Enter asks; on a row that was chosen with the arrows it takes the offer. */
    onKeydown(ev) {
        const moves = {ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8};
        if (ev.key in moves) {
            ev.preventDefault();
            if (this.isChoosing) {
                this.brands.el.querySelector("button").focus();
            } else {
                this.model.moveHighlight(moves[ev.key]);
            }
        } else if (ev.key === "Enter" && !ev.ctrlKey && !ev.metaKey) {
            ev.preventDefault();
            this.onEnter(ev.target.value);
        } else if (ev.key === "Escape" && this.model.highlighted >= 0) {
            ev.stopPropagation();
            this.model.highlighted = -1;
        }
    }

    /** Arrows go from brand to brand, up from the first one back to the box. */
    onBrandKeydown(ev) {
        const step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[ev.key];
        if (!step) {
            return;
        }
        ev.preventDefault();
        const buttons = [...this.brands.el.querySelectorAll("button")];
        const index = buttons.indexOf(ev.target) + step;
        (index < 0 ? this.input.el : buttons[index])?.focus();
    }

    onEnter(text) {
        const offer = this.model.highlightedOffer;
        if (offer && text.trim() === this.model.enquiry?.number) {
            this.model.add(offer);
        } else {
            this.ask(text);
        }
    }

    onInput(ev) {
        this.model.text = ev.target.value;
        this.model.highlighted = -1;
    }

    ask(text) {
        this.model.search(text);
        this.input.el?.select();
    }

    clear() {
        this.model.text = "";
        this.input.el?.focus();
    }

    otherBrand() {
        this.model.search(this.model.enquiry.number, {withBrands: true});
    }

    async repeat() {
        if (this.model.isSnapshot) {
            const action = await this.model.call(
                "auto.service.parts.enquiry",
                "action_repeat",
                [[this.model.id]],
            );
            this.action.doAction(action);
        } else {
            this.model.repeat();
        }
    }
}
