import {registry} from "@web/core/registry";
import {Board} from "./board";

registry.category("actions").add("auto_service_board_wall", Board);
