import {onMounted, onWillUnmount} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {useService} from "@web/core/utils/hooks";

const CHANNEL = "auto_service_board";
const POLL_MS = 1500;
/** Also with a websocket one asks now and then: a message may have been lost. */
const CALM_MS = 30000;

/**
 * Tell the model what colleagues change: by the bus, or by asking now and again as
 * long as no websocket gets through.
 *
 * @param {object} model BoardModel
 */
export function useLiveBoard(model) {
    const bus = useService("bus_service");
    const seen = new Set();
    let timer = null;
    let isAsking = false;
    let askedAt = browser.performance.now();
    const onMessage = (message) => model.onMessage(message);
    const onReconnect = () => model.load();

    async function poll() {
        const isCalm = bus.workerState === "CONNECTED";
        const rest = browser.performance.now() - askedAt;
        if (isAsking || !model.data || rest < (isCalm ? CALM_MS : 0)) {
            return;
        }
        isAsking = true;
        askedAt = browser.performance.now();
        try {
            const {company_id: companyId} = model.data.window;
            const args = [companyId, model.data.revision];
            const answer = await model.call("get_board_changes", args);
            model.data.revision = answer.revision;
            for (const [number, message] of answer.messages) {
                if (!seen.has(number)) {
                    seen.add(number);
                    model.onMessage(message);
                }
            }
        } catch {
            // The network is away: the next question tells.
        } finally {
            isAsking = false;
        }
    }

    onMounted(() => {
        bus.subscribe(CHANNEL, onMessage);
        bus.addChannel(CHANNEL);
        bus.addEventListener("BUS:RECONNECT", onReconnect);
        timer = browser.setInterval(poll, POLL_MS);
    });
    onWillUnmount(() => {
        bus.unsubscribe(CHANNEL, onMessage);
        bus.deleteChannel(CHANNEL);
        bus.removeEventListener("BUS:RECONNECT", onReconnect);
        browser.clearInterval(timer);
    });
}
