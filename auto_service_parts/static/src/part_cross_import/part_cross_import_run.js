import {Component, onWillUnmount, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const MODEL = "auto.service.part.cross.import";

/**
 * Button Load of a file of cross references, and its progress.
 *
 * A load is a row of short calls: what is loaded stays, and it can be stopped and gone
 * on with at any time.
 */
export class PartCrossImportRun extends Component {
    static template = "auto_service_parts.PartCrossImportRun";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.run = useState({
            isOn: false,
            rows: 0,
            added: 0,
            bad: 0,
            share: 0,
            speed: 0,
        });
        this.isAlive = true;
        onWillUnmount(() => {
            this.isAlive = false;
            this.run.isOn = false;
        });
    }

    get canLoad() {
        return !this.run.isOn && this.props.record.data.state !== "done";
    }

    get label() {
        return this.props.record.data.state === "running" ? _t("Go on") : _t("Load");
    }

    get percent() {
        return Math.round(this.run.share * 100);
    }

    format(number) {
        return number.toLocaleString();
    }

    async load() {
        if (!(await this.props.record.save())) {
            return;
        }
        this.run.isOn = true;
        try {
            let state = "running";
            while (state === "running" && this.run.isOn) {
                const progress = await this.orm.silent.call(MODEL, "step", [
                    [this.props.record.resId],
                ]);
                state = progress.state;
                const {rows, added, bad, share, seconds} = progress;
                const speed = seconds > 0.2 ? Math.round(rows / seconds) : 0;
                Object.assign(this.run, {rows, added, bad, share, speed});
            }
        } finally {
            this.run.isOn = false;
            if (this.isAlive) {
                await this.props.record.load();
            }
        }
    }

    stop() {
        this.run.isOn = false;
    }
}

registry.category("view_widgets").add("part_cross_import_run", {
    component: PartCrossImportRun,
    fieldDependencies: [{name: "state", type: "selection"}],
});
