import {Component, onWillDestroy, onWillStart, useEffect, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {PartsEnquiry} from "./parts_enquiry";
import {PartsEnquiryScreen} from "./parts_enquiry_screen";

/**
 * Model of an enquiry that asks the server; what comes after the screen is gone is
 * ignored.
 *
 * @param {object} options of PartsEnquiry
 * @returns {PartsEnquiry}
 */
function usePartsEnquiry(options) {
    const orm = useService("orm").silent;
    const model = new PartsEnquiry({
        call: (name, method, args) => orm.call(name, method, args),
        ...options,
    });
    onWillDestroy(() => {
        model.turn += 1;
    });
    return model;
}

/** "Find parts" as a page of its own. */
export class PartsEnquiryAction extends Component {
    static template = "auto_service_parts.PartsEnquiryAction";
    static components = {PartsEnquiryScreen};
    static props = {...standardActionServiceProps};
    static path = "parts-enquiry";
    static displayName = _t("Find Parts");

    setup() {
        const {action, resId} = this.props;
        const params = {...action.params};
        if (resId) {
            params.enquiry_id = resId;
        }
        this.model = usePartsEnquiry({params});
        this.watched = useState(this.model);
        // The page stands at once: nobody waits for it.
        this.model.load();
        useEffect(
            (id) => {
                if (id) {
                    this.props.updateActionState?.({resId: id});
                }
            },
            () => [this.watched.id],
        );
    }
}

registry.category("actions").add("auto_service_parts_enquiry", PartsEnquiryAction);

/** "Find parts" above a work order, a job or an estimate. */
export class PartsEnquiryDialog extends Component {
    static template = "auto_service_parts.PartsEnquiryDialog";
    static components = {Dialog, PartsEnquiryScreen};
    static props = {
        close: Function,
        params: Object,
        onChanged: {type: Function, optional: true},
    };

    setup() {
        this.isChanged = false;
        this.model = usePartsEnquiry({
            params: this.props.params,
            onChanged: () => {
                this.isChanged = true;
            },
        });
        this.watched = useState(this.model);
        this.model.load();
        onWillDestroy(() => {
            // The opener also counts what was asked for it.
            if (this.isChanged || this.model.id) {
                this.props.onChanged?.();
            }
        });
    }

    get title() {
        return _t("Find parts");
    }
}

/**
 * For buttons of Python: an action with the tag ``auto_service_parts_enquiry_dialog``
 * and the params of an enquiry. The form that it was pressed on is read again.
 *
 * @param {object} env
 * @param {object} action
 * @param {object} [options]
 */
export function openPartsEnquiry(env, action, options = {}) {
    env.services.dialog.add(PartsEnquiryDialog, {
        params: action.params || {},
        onChanged: () =>
            options.onClose
                ? options.onClose()
                : env.services.action.doAction("soft_reload"),
    });
}

registry.category("actions").add("auto_service_parts_enquiry_dialog", openPartsEnquiry);

/** Button "Find parts" on the form of a work order or a job. */
export class FindPartsButton extends Component {
    static template = "auto_service_parts.FindPartsButton";
    static props = {
        ...standardWidgetProps,
        isPrimary: {type: Boolean, optional: true},
    };

    setup() {
        this.dialog = useService("dialog");
        this.isOpening = false;
    }

    get params() {
        const {resId, resModel, data} = this.props.record;
        return resModel === "auto.service.job"
            ? {job_id: resId, order_id: data.order_id?.id || false}
            : {order_id: resId};
    }

    async open() {
        if (this.isOpening) {
            return;
        }
        this.isOpening = true;
        try {
            // What is written on the form counts: save first, stay when it is not valid.
            const {record} = this.props;
            if (await record.save()) {
                this.dialog.add(PartsEnquiryDialog, {
                    params: this.params,
                    onChanged: () => record.load(),
                });
            }
        } finally {
            this.isOpening = false;
        }
    }
}

registry.category("view_widgets").add("auto_service_find_parts", {
    component: FindPartsButton,
    extractProps: ({options}) => ({isPrimary: options.primary}),
});

/** What was offered then. */
class PartsEnquiryThen extends Component {
    static template = "auto_service_parts.PartsEnquiryThen";
    static components = {PartsEnquiryScreen};
    static props = {id: Number};

    setup() {
        this.model = usePartsEnquiry({
            params: {enquiry_id: this.props.id},
            isSnapshot: true,
        });
        onWillStart(() => this.model.load());
    }
}

/** An enquiry of before, on its form. */
export class PartsEnquirySnapshot extends Component {
    static template = "auto_service_parts.PartsEnquirySnapshot";
    static components = {PartsEnquiryThen};
    static props = {...standardWidgetProps};
}

registry.category("view_widgets").add("auto_service_parts_enquiry", {
    component: PartsEnquirySnapshot,
});
