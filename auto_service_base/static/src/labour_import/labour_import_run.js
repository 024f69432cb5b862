import {Component, onWillUnmount, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const MODEL = "auto.service.labour.import";
const POLL = 700;

/**
 * Buttons Check, Load and Stop of an import, and its progress.
 *
 * The check is a row of short calls, so it goes on with the next one, or stops. The load
 * is a single call; while it runs, others ask how far it is or tell it to stop.
 */
export class LabourImportRun extends Component {
    static template = "auto_service_base.LabourImportRun";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.run = useState({phase: "", rows: 0, bad: 0, share: 0, seconds: 0});
        this.isAlive = true;
        this.timer = null;
        onWillUnmount(() => {
            this.isAlive = false;
            clearInterval(this.timer);
        });
    }

    get data() {
        return this.props.record.data;
    }

    get canCheck() {
        return (
            !this.run.phase &&
            this.data.file_kind &&
            ["draft", "stopped", "checking", "checked"].includes(this.data.state)
        );
    }

    get canLoad() {
        return (
            !this.run.phase &&
            this.data.state === "checked" &&
            this.data.good_count > 0 &&
            (!this.data.bad_count || this.data.is_partial)
        );
    }

    get percent() {
        return Math.round(this.run.share * 100);
    }

    get speed() {
        const {rows, seconds} = this.run;
        return seconds > 0.2 ? Math.round(rows / seconds) : 0;
    }

    format(number) {
        return number.toLocaleString();
    }

    get title() {
        return {
            check: _t("Reading the file"),
            compare: _t("Comparing with the database"),
            load: _t("Writing the times"),
            stop: _t("Stopping"),
        }[this.run.phase];
    }

    call(method, ...args) {
        return this.orm.silent.call(MODEL, method, [
            [this.props.record.resId],
            ...args,
        ]);
    }

    /** Run one of the two, and show the record as it is afterwards. */
    async perform(phase, action) {
        if (!(await this.props.record.save())) {
            return;
        }
        Object.assign(this.run, {phase, rows: 0, bad: 0, share: 0, seconds: 0});
        try {
            await action();
        } finally {
            clearInterval(this.timer);
            this.run.phase = "";
            if (this.isAlive) {
                await this.props.record.load();
            }
        }
    }

    check() {
        return this.perform("check", async () => {
            let progress = await this.call("start_check");
            while (progress.state === "checking" && this.isAlive) {
                if (this.run.phase === "stop") {
                    await this.call("stop_check");
                    return;
                }
                Object.assign(this.run, {
                    phase: progress.is_read ? "compare" : "check",
                    rows: progress.rows,
                    bad: progress.bad,
                    share: progress.share,
                    seconds: progress.seconds,
                });
                progress = await this.call("step_check");
            }
        });
    }

    load() {
        return this.perform("load", async () => {
            const total = this.data.good_count;
            const begin = Date.now();
            this.timer = setInterval(async () => {
                const done = await this.call("get_load_progress");
                const seconds = (Date.now() - begin) / 1000;
                Object.assign(this.run, {rows: done, share: done / total, seconds});
            }, POLL);
            const progress = await this.call("run_load");
            if (progress.is_stopped) {
                this.notification.add(
                    _t("Stopped. Nothing has been loaded, everything is as before."),
                    {type: "info"},
                );
            } else {
                this.notification.add(_t("The times are loaded."), {type: "success"});
            }
        });
    }

    async stop() {
        if (this.run.phase === "load") {
            await this.call("stop_load");
        }
        this.run.phase = "stop";
    }
}

registry.category("view_widgets").add("labour_import_run", {
    component: LabourImportRun,
    fieldDependencies: [
        {name: "state", type: "selection"},
        {name: "file_kind", type: "selection"},
        {name: "good_count", type: "integer"},
        {name: "bad_count", type: "integer"},
        {name: "is_partial", type: "boolean"},
    ],
});
