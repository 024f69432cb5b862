import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {BoardView} from "@auto_service_booking/board/board_view";

patch(BoardView.prototype, {
    /** A tick when the parts are ready; the rest unless the suppliers say it already. */
    _getIcons(block, look) {
        const icons = super._getIcons(block, look);
        if (block.parts_light === "ready") {
            icons.push({name: "check-circle text-success", title: _t("Parts ready")});
        } else if (block.parts) {
            return icons;
        } else if (block.parts_light === "missing") {
            icons.push({name: "cubes text-danger", title: _t("Parts missing")});
        } else if (block.parts_light === "coming") {
            icons.push({name: "cubes text-warning", title: _t("Parts on order")});
        }
        return icons;
    },
});
