import {Component, onWillStart, onWillUnmount, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const LIST = "auto.service.price.list";
const LOAD = "auto.service.price.list.load";
/** Bytes of a piece: small enough for every server in between. */
const PIECE = 8 * 1024 * 1024;
const RUNNING = ["opening", "reading", "checking", "ready"];

/** Send a file by pieces; a piece that got lost is sent again. */
export async function sendFile(file, loadId, report) {
    let offset = 0;
    let failures = 0;
    while (offset < file.size) {
        const url = `/auto_service_parts/price_list/${loadId}/piece`;
        const body = new FormData();
        body.append("csrf_token", odoo.csrf_token);
        body.append("offset", offset);
        body.append("piece", file.slice(offset, offset + PIECE), "piece");
        try {
            const answer = await fetch(url, {method: "POST", body});
            if (!answer.ok) {
                throw new Error(answer.statusText);
            }
            offset = (await answer.json()).size;
            failures = 0;
        } catch (error) {
            failures += 1;
            if (failures > 3) {
                throw error;
            }
        }
        if (report(offset) === false) {
            return false;
        }
    }
    return true;
}

/**
 * Choose a file of a price list, and see it coming into force.
 *
 * The load is a row of short calls. When the screen is closed, the server goes on by
 * itself after a minute.
 */
export class PriceListRun extends Component {
    static template = "auto_service_parts.PriceListRun";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.input = useRef("input");
        this.run = useState({
            phase: "",
            rows: 0,
            bad: 0,
            share: 0,
            seconds: 0,
            isOver: false,
        });
        this.isAlive = true;
        onWillStart(() => this.resume());
        onWillUnmount(() => {
            this.isAlive = false;
        });
    }

    get data() {
        return this.props.record.data;
    }

    get loadId() {
        const load = this.data.last_load_id;
        return load && load.id;
    }

    get percent() {
        return Math.round(this.run.share * 100);
    }

    get speed() {
        const {rows, seconds} = this.run;
        return seconds > 0.2 ? Math.round(rows / seconds) : 0;
    }

    get title() {
        return {
            sending: _t("Sending the file"),
            opening: _t("Opening the file"),
            reading: _t("Reading the rows"),
            checking: _t("Comparing with the list in force"),
            ready: _t("Bringing it into force"),
            stop: _t("Stopping"),
        }[this.run.phase];
    }

    get canLoad() {
        return (
            !this.run.phase &&
            ["new", "stopped", "failed"].includes(this.data.state) &&
            this.data.column_ids.count > 0
        );
    }

    get isHeld() {
        return !this.run.phase && this.data.state === "held";
    }

    get message() {
        return this.run.message;
    }

    format(number) {
        return number.toLocaleString();
    }

    call(method, loadId, ...args) {
        return this.orm.silent.call(LOAD, method, [[loadId], ...args]);
    }

    /** A load that was begun before the screen was opened. */
    async resume() {
        const {resId} = this.props.record;
        if (!resId) {
            return;
        }
        if (["held", "failed"].includes(this.data.state) && this.loadId) {
            const [load] = await this.orm.read(LOAD, [this.loadId], ["message"]);
            this.run.message = load.message;
        }
        const running = await this.orm.silent.call(LIST, "get_running_load", [[resId]]);
        if (running) {
            this.follow(running.id, running);
        }
    }

    async choose(ev) {
        const [file] = ev.target.files;
        if (file && (await this.props.record.save())) {
            await this.perform(() => this.upload(file));
        }
    }

    onDrop(ev) {
        const [file] = ev.dataTransfer.files;
        if (file && !this.run.phase) {
            this.choose({target: {files: [file]}});
        }
    }

    /** Do something, and show the record as it is afterwards. */
    async perform(action) {
        this.run.message = "";
        try {
            await action();
        } catch (error) {
            this.run.phase = "";
            throw error;
        } finally {
            this.run.phase = "";
            if (this.isAlive) {
                await this.props.record.load();
                await this.resume();
            }
        }
    }

    async upload(file) {
        Object.assign(this.run, {phase: "sending", share: 0, rows: 0, bad: 0});
        const {resId} = this.props.record;
        const loadId = await this.orm.call(LIST, "start_upload", [[resId], file.name]);
        const isSent = await sendFile(file, loadId, (offset) => {
            this.run.share = offset / file.size;
            return this.run.phase !== "stop" && this.isAlive;
        });
        if (!isSent) {
            return;
        }
        if (await this.call("finish_upload", loadId)) {
            await this.load(loadId);
        }
    }

    async load(loadId) {
        const progress = await this.call("start", loadId);
        await this.advance(loadId, progress);
    }

    follow(loadId, progress) {
        this.run.phase = progress.state;
        return this.perform(() => this.advance(loadId, progress));
    }

    /** Step by step until it is done, or stopped. */
    async advance(loadId, first) {
        let progress = first;
        while (RUNNING.includes(progress.state) && this.isAlive) {
            if (this.run.phase === "stop") {
                await this.call("stop", loadId);
                return;
            }
            const {state, rows, bad, share, seconds} = progress;
            Object.assign(this.run, {phase: state, rows, bad, share, seconds});
            progress = await this.call("step", loadId);
        }
        if (progress.state === "done") {
            const rows = this.format(progress.rows);
            this.notification.add(_t("%s rows are in force.", rows), {type: "success"});
        }
    }

    async onLoad() {
        if (await this.props.record.save()) {
            await this.perform(() => this.load(this.loadId));
        }
    }

    onForce() {
        return this.perform(async () => {
            const progress = await this.call("put_in_force", this.loadId);
            await this.advance(this.loadId, progress);
        });
    }

    onDiscard() {
        return this.perform(() => this.call("stop", this.loadId));
    }

    stop() {
        this.run.phase = "stop";
    }
}

registry.category("view_widgets").add("price_list_run", {
    component: PriceListRun,
    fieldDependencies: [
        {name: "state", type: "selection"},
        {name: "last_load_id", type: "many2one"},
        {name: "column_ids", type: "one2many"},
        {name: "generation", type: "integer"},
    ],
});
