import {
    Component,
    onWillDestroy,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {
    BarcodeVideoScanner,
    isBarcodeScannerSupported,
} from "@web/core/barcode/barcode_video_scanner";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useBus, useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {ScanPad} from "./scan_pad";
import {ScanSound} from "./scan_sound";
import {Scanner} from "./scanner";

const CAMERA_PAUSE_MS = 800;
// A code that stays before the camera counts once.
const CAMERA_SAME_MS = 2500;
const NUMBER = new Intl.NumberFormat(undefined, {maximumFractionDigits: 3});

/** Waiting scans of a user, kept by the browser. */
function makeStore() {
    const key = `auto_service_scan_${user.userId}`;
    return {
        load() {
            try {
                return JSON.parse(browser.localStorage.getItem(key));
            } catch {
                return null;
            }
        },
        save(value) {
            if (value) {
                browser.localStorage.setItem(key, JSON.stringify(value));
            } else {
                browser.localStorage.removeItem(key);
            }
        },
    };
}

function makeToken() {
    const numbers = crypto.getRandomValues(new Uint32Array(4));
    return Array.from(numbers, (number) => number.toString(36)).join("-");
}

/** The screen of the scanner: one hand, big targets, for tablet and phone. */
export class ScanAction extends Component {
    static template = "auto_service_warehouse.ScanAction";
    static components = {BarcodeVideoScanner, ScanPad};
    static props = {...standardActionServiceProps};
    static path = "warehouse-scan";
    static displayName = _t("Scanner");

    setup() {
        const orm = useService("orm").silent;
        this.actionService = useService("action");
        this.input = useRef("input");
        this.sound = useState(new ScanSound());
        this.ui = useState({pad: null, isCamera: false, isFull: false, text: ""});
        this.hasCamera = isBarcodeScannerSupported();
        this.cameraPause = CAMERA_PAUSE_MS;
        this.scanner = useState(
            new Scanner({
                call: (method, args) => orm.call("auto.service.scan", method, args),
                newToken: makeToken,
                store: makeStore(),
                onSaid: (tone) => this.sound.play(tone),
            }),
        );
        useBus(useService("barcode").bus, "barcode_scanned", ({detail}) =>
            this.onScanned(detail.barcode),
        );
        this.seen = {code: "", at: 0};
        useExternalListener(document, "fullscreenchange", () => {
            this.ui.isFull = Boolean(document.fullscreenElement);
        });
        const wake = () => this.scanner.wake();
        browser.addEventListener("online", wake);
        onWillDestroy(() => {
            this.scanner.turn += 1;
            browser.removeEventListener("online", wake);
        });
        this.scanner.load({...this.props.action.params});
    }

    // ------------------------------------------------------------------
    // Shown
    // ------------------------------------------------------------------

    get screen() {
        return this.scanner.screen || {};
    }

    /** A word on top of the answer that is read from two metres. */
    get toneIcon() {
        return {
            ok: "fa-check-circle",
            info: "fa-info-circle",
            ask: "fa-question-circle",
            error: "fa-times-circle",
        }[this.scanner.tone];
    }

    get hasBody() {
        const {lines, facts, choices} = this.screen;
        return Boolean(lines?.length || facts?.length || choices?.length);
    }

    formatNumber(value) {
        return NUMBER.format(value || 0);
    }

    // ------------------------------------------------------------------
    // Scanning
    // ------------------------------------------------------------------

    onScanned(code) {
        this.ui.pad = null;
        this.ui.text = "";
        this.scanner.scan(code);
    }

    onSeen(code) {
        const now = Date.now();
        const {seen} = this;
        this.seen = {code, at: now};
        if (code !== seen.code || now - seen.at > CAMERA_SAME_MS) {
            this.onScanned(code);
        }
    }

    onSubmit() {
        const {text} = this.ui;
        this.ui.text = "";
        this.input.el?.blur(); // the next scan is no typing
        this.scanner.scan(text);
    }

    onCameraError(error) {
        this.ui.isCamera = false;
        this.scanner.say("error", error.message);
    }

    toggleCamera() {
        this.ui.isCamera = !this.ui.isCamera;
    }

    // ------------------------------------------------------------------
    // Buttons
    // ------------------------------------------------------------------

    /** A button of the server: an answer, another mode, or a screen of the host. */
    onButton(button) {
        if (button.open) {
            this.actionService.doAction(button.open);
        } else if (button.mode) {
            this.scanner.open(button.mode, button.params);
        } else {
            this.scanner.press(button);
        }
    }

    onChip({action}) {
        if (action) {
            this.scanner.press({action});
        }
    }

    onLine(line) {
        if (line.set) {
            this.ui.pad = line;
        }
    }

    onTyped(quantity) {
        const {pad} = this.ui;
        this.ui.pad = null;
        this.scanner.setQuantity(pad, quantity);
    }

    goHome() {
        this.ui.isCamera = false;
        this.scanner.home();
    }

    /** Nothing but the scanner, where the browser allows it. */
    toggleFull() {
        this.ui.isFull = !this.ui.isFull;
        const page = document.documentElement;
        if (this.ui.isFull) {
            page.requestFullscreen?.().catch(() => {});
        } else if (document.fullscreenElement) {
            document.exitFullscreen();
        }
    }
}

registry.category("actions").add("auto_service_scan", ScanAction);
