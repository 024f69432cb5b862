import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {Board} from "./board";
import {formatMinute} from "./board_text";

const LEAST_ROW = 40;
const MOST_ROW = 120;
const RELOAD_MINUTES = 5;

/**
 * The board on the wall of the garage or the waiting room: today, big, read-only. The
 * server sends it neither plates nor names, so nothing can be read off it.
 */
export class BoardWall extends Board {
    static template = "auto_service_booking.BoardWall";
    static isWall = true;

    restore() {
        this.model.scale = "day";
        this.model.date = false;
        this.ui.isQueueOpen = false;
    }

    remember() {}

    onMounted() {
        super.onMounted();
        this.minutes = 0;
        this.pulse = browser.setInterval(() => this.onMinute(), 60000);
    }

    onWillUnmount() {
        browser.clearInterval(this.pulse);
        super.onWillUnmount();
    }

    /** It stays right for weeks: midnight comes, hours change. */
    onMinute() {
        this.minutes += 1;
        const isTomorrow = this.axis && this.model.now >= this.axis.end;
        if (isTomorrow || this.minutes % RELOAD_MINUTES === 0) {
            this.model.show({date: false});
        }
    }

    measure() {
        super.measure();
        const height = this.scrollerRef.el?.clientHeight || 0;
        if (height !== this.ui.height) {
            this.ui.height = height;
        }
    }

    /** The rows fill the screen. */
    get rowHeight() {
        const count = Math.max(1, this.model.data ? this.rows.length : 1);
        const room = (this.ui.height || 600) - this.headHeight - 2;
        return Math.max(LEAST_ROW, Math.min(MOST_ROW, Math.floor(room / count)));
    }

    get nameWidth() {
        return this.env.isSmall ? 110 : 240;
    }

    get time() {
        return this.model.data ? formatMinute(Math.floor(this.model.now)) : "";
    }

    leave() {
        this.action.doAction("auto_service_booking.auto_service_board_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("actions").add("auto_service_board_wall", BoardWall);
