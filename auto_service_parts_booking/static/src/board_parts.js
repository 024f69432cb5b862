import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {BoardView} from "@auto_service_booking/board/board_view";

patch(BoardView.prototype, {
    _getIcons(block, look) {
        const icons = super._getIcons(block, look);
        if (block.parts === "missing") {
            icons.push({name: "cubes text-danger", title: _t("Parts are missing")});
        } else if (block.parts === "coming") {
            icons.push({name: "truck", title: _t("Parts are on the way")});
        }
        return icons;
    },
});
