import {browser} from "@web/core/browser/browser";

// Hertz and seconds, one after the other.
const TONES = {
    ok: [[1250, 0.07]],
    info: [[900, 0.07]],
    ask: [
        [700, 0.1],
        [950, 0.14],
    ],
    error: [
        [220, 0.18],
        [180, 0.26],
    ],
};
const BUZZ = {ok: [35], info: [35], ask: [60, 60, 60], error: [180, 80, 180]};

/** Short beeps that are told apart without looking, and a buzz on a phone. */
export class ScanSound {
    constructor() {
        this.isOn = browser.localStorage.getItem("auto_service_scan_sound") !== "off";
    }

    toggle() {
        this.isOn = !this.isOn;
        browser.localStorage.setItem(
            "auto_service_scan_sound",
            this.isOn ? "on" : "off",
        );
    }

    /**
     * @param {string} tone ok, info, ask or error
     */
    play(tone) {
        const vibrate = browser.navigator.vibrate?.bind(browser.navigator);
        vibrate?.(BUZZ[tone] || BUZZ.ok);
        if (this.isOn) {
            this._beep(TONES[tone] || TONES.ok, tone === "error" ? "square" : "sine");
        }
    }

    _beep(notes, type) {
        const Context = window.AudioContext || window.webkitAudioContext;
        if (!Context) {
            return;
        }
        this.context = this.context || new Context();
        let at = this.context.currentTime;
        for (const [pitch, length] of notes) {
            const oscillator = this.context.createOscillator();
            const gain = this.context.createGain();
            oscillator.type = type;
            oscillator.frequency.value = pitch;
            gain.gain.setValueAtTime(0.2, at);
            gain.gain.exponentialRampToValueAtTime(0.001, at + length);
            oscillator.connect(gain).connect(this.context.destination);
            oscillator.start(at);
            oscillator.stop(at + length);
            at += length;
        }
    }
}
