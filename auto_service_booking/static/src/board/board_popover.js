import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useBus, useService} from "@web/core/utils/hooks";
import {getDetail, getLook, getTitle, isMovable, isStartFree} from "./board_block";
import {formatLength, formatSpan, getLooks} from "./board_text";

/** What a click on a block tells, and what can be done with it. */
export class BoardPopover extends Component {
    static template = "auto_service_booking.BoardPopover";
    static props = {
        board: Object,
        block: Number,
        row: Number,
        close: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.board = this.props.board;
        this.model = this.board.model;
        this.state = useState({about: null});
        useBus(this.model.bus, "update", () => {
            if (this.block) {
                this.render();
            } else {
                this.props.close();
            }
        });
        onWillStart(() => {
            this.load();
        });
    }

    /** Telephone and note come a moment later: the box stands at once. */
    async load() {
        try {
            const args = [this.props.block];
            const call = this.orm.silent.call.bind(this.orm.silent);
            this.state.about = await call(
                "auto.service.planner",
                "get_block_details",
                args,
            );
        } catch {
            this.state.about = {};
        }
    }

    get block() {
        return this.model.blocks.get(this.props.block);
    }

    get look() {
        return getLook(this.block);
    }

    get lookLabel() {
        return new Map(getLooks()).get(this.look);
    }

    get title() {
        return getTitle(this.block, this.model.services);
    }

    get detail() {
        return getDetail(this.block, this.model.services);
    }

    get time() {
        const {start, stop} = this.block;
        return `${formatSpan(this.model.first, start, stop)} · ${formatLength(stop - start)} h`;
    }

    get resources() {
        const {names, rows} = this.model;
        return this.block.resources
            .map((id) => ({id, name: names.get(id), role: rows.get(id)?.role}))
            .filter(({name}) => name);
    }

    getIcon(role) {
        return {
            bay: "fa-wrench",
            technician: "fa-user",
            equipment: "fa-plug",
            courtesy_car: "fa-car",
        }[role];
    }

    get replanReason() {
        const labels = {
            absent: _t("The technician is absent"),
            broken: _t("Bay or equipment is out of order"),
            unfinished: _t("Not finished in its time"),
            blocked: _t("Waits for something"),
            missed: _t("The customer did not come"),
        };
        const reason = this.block.replans.find(Boolean);
        return reason ? labels[reason] || _t("Has to be replanned") : "";
    }

    get canEdit() {
        return this.model.canEdit;
    }

    get canMove() {
        return this.canEdit && isMovable(this.block);
    }

    get canShift() {
        return this.canEdit && isStartFree(this.block);
    }

    /** Buttons for the next steps of the booking. */
    get steps() {
        const {booking, booking_state: state} = this.block;
        const isExpected = ["booked", "confirmed"].includes(state);
        return !booking || !this.canEdit
            ? []
            : [
                  isExpected && {
                      method: "action_arrive",
                      label: _t("Arrived"),
                      icon: "fa-sign-in",
                      isMain: true,
                  },
                  state === "booked" && {
                      method: "action_confirm",
                      label: _t("Confirmed"),
                      icon: "fa-check",
                  },
                  isExpected &&
                      this.block.start < this.model.now && {
                          method: "action_no_show",
                          label: _t("Did not come"),
                          icon: "fa-user-times",
                      },
              ].filter(Boolean);
    }

    async onStep(step) {
        await this.board.callBooking(step.method, this.block.booking);
    }

    openBooking() {
        this.board.openRecord("auto.service.booking", this.block.booking);
    }

    openOrder() {
        this.board.openRecord("auto.service.order", this.block.order);
    }

    /** A copy has the services and no time yet. */
    async copy() {
        const {booking} = this.block;
        const [id] = await this.orm.call("auto.service.booking", "copy", [[booking]]);
        this.board.openRecord("auto.service.booking", id);
    }

    shift(direction) {
        const {slot} = this.model.data;
        const start = this.block.start + direction * slot;
        this.board.moveBlock(this.props.block, {...this.sameRow, start});
    }

    stretch(direction) {
        const {slot} = this.model.data;
        const {start, stop} = this.block;
        this.board.moveBlock(this.props.block, {
            ...this.sameRow,
            stop: Math.max(start + slot, stop + direction * slot),
        });
    }

    get sameRow() {
        return {source: this.props.row, target: this.props.row};
    }

    get canSplit() {
        const {start, stop} = this.block;
        return this.canMove && stop - start >= 2 * this.model.data.slot;
    }

    /** In the middle; the halves can be pulled afterwards. */
    async split() {
        const {start, stop} = this.block;
        const {slot} = this.model.data;
        const middle = start + Math.floor((stop - start) / 2 / slot) * slot;
        this.props.close();
        if (await this.model.split(this.props.block, middle)) {
            this.board.say(_t("Split: move or pull each half on its own"));
        }
    }

    async free() {
        this.props.close();
        if (await this.model.free(this.props.block)) {
            this.board.say(_t("The time is free again"));
            this.board.reloadQueueSoon();
        }
    }
}
