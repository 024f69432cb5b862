import {Component, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {describeMatch} from "./parts_format";
import {PartsOfferRow} from "./parts_offer_row";

/** Offers by part: the number asked for first, equivalents below it. */
export class PartsOfferList extends Component {
    static template = "auto_service_parts.PartsOfferList";
    static components = {PartsOfferRow};
    static props = {model: Object};

    setup() {
        this.model = useState(this.props.model);
        this.notification = useService("notification");
        this.describeMatch = describeMatch;
    }

    get columns() {
        return [
            {id: "supplier", name: _t("Supplier"), cell: "supplier"},
            {id: "quantity", name: _t("In stock"), cell: "stock"},
            {id: "time", name: _t("Expected"), cell: "time"},
            {id: "probability", name: _t("Reliable"), cell: "sure"},
            {id: "", name: _t("Cost"), cell: "cost"},
            {id: "price", name: _t("Price"), cell: "price"},
        ];
    }

    /** What is drawn, worked out once: groups, with a title above the equivalents. */
    getView() {
        const {groups, best, highlighted} = this.model;
        const first = groups.findIndex((group) => group.rank);
        const rows = groups.flatMap((group) => group.rows);
        return {
            groups: groups.map((group, index) => ({
                ...group,
                isFirst: index === first,
            })),
            best,
            highlightedId: rows[highlighted]?.id,
        };
    }

    async copy(group) {
        await browser.navigator.clipboard.writeText(group.number);
        this.notification.add(_t("%s is on the clipboard.", group.number), {
            type: "success",
        });
    }
}
