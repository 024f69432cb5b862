import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {formatPrice} from "./parts_format";

/** Below the offers: the visit and job that parts go to, and what it comes to. */
export class PartsWork extends Component {
    static template = "auto_service_parts.PartsWork";
    static components = {RecordSelector};
    static props = {model: Object, isDialog: {type: Boolean, optional: true}};

    setup() {
        this.model = useState(this.props.model);
        this.action = useService("action");
        this.visit = useRef("visit");
        useEffect(
            (pending) => {
                if (pending) {
                    this.visit.el?.querySelector("input")?.focus();
                }
            },
            () => [this.model.pending],
        );
    }

    get visitDomain() {
        return [["state", "=", "open"]];
    }

    get visitPlaceholder() {
        return _t("Plate or work order …");
    }

    get jobPlaceholder() {
        return this.model.jobName || _t("Name of the new job");
    }

    get totals() {
        const totals = this.model.totals;
        if (!totals) {
            return null;
        }
        const format = (amount) => formatPrice(amount, totals.currency_id) || "0";
        return {
            job: totals.job_name,
            labour: totals.job_labour ? format(totals.job_labour) : "",
            parts: format(totals.job_untaxed - totals.job_labour),
            jobTotal: format(totals.job_total),
            estimate: format(totals.estimate_total),
        };
    }

    onVisitChange(orderId) {
        if (orderId) {
            this.model.link(orderId);
        }
    }

    onJobChange(ev) {
        this.model.job.id = Number(ev.target.value) || false;
    }

    onJobNameInput(ev) {
        this.model.job.name = ev.target.value;
    }

    openVisit() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "auto.service.order",
            res_id: this.model.work.order_id,
            views: [[false, "form"]],
        });
    }
}
