import {onRpc} from "@web/../tests/web_test_helpers";

/** Operations of the garage that the tests speak of. */
export const BELT = {
    type: "operation",
    id: 1,
    code: "TB",
    name: "Timing belt",
    category: "Engine",
    hours: 3,
    level: "exact",
    source_label: "Own times",
    amount: null,
    is_fixed: false,
    is_favourite: true,
    sold_count: 9,
    fits: true,
    hint: false,
};
export const PUMP = {
    ...BELT,
    id: 2,
    code: "WP",
    name: "Water pump",
    hours: 2.5,
    is_favourite: false,
};
export const TENSIONER = {...BELT, id: 3, code: "TP", name: "Tensioner", hours: null};
export const DRAIN = {...BELT, id: 4, code: "DC", name: "Drain coolant", hours: 0.3};
export const PACKAGE = {
    ...BELT,
    type: "package",
    id: 7,
    code: "OIL",
    name: "Oil service",
    hours: null,
    is_fixed: true,
    amount: 99,
};
const CATALOGUE = {fit: [PACKAGE, BELT], all: [BELT, PUMP, TENSIONER, DRAIN]};
const RATE = 60;

/**
 * A garage of five services: the pump costs one hour when the belt is off, and wants
 * the coolant drained.
 */
export class LabourTestServer {
    constructor() {
        this.calls = [];
        this.waiting = {};
        this.failing = {};
        this.info = {
            vehicle: {
                id: 5,
                name: "Golf",
                plate: "123 ABC",
                type: "Golf 1.6",
                candidates: [],
            },
            jobs: [{id: 11, name: "Brakes"}],
            currency_id: 1,
            categories: [{id: 1, name: "Engine"}],
            labour_categories: [["mechanical", "Mechanical"]],
            kinds: [["repair", "Repair"]],
            coverages: [],
            due_count: 2,
            job_name: "",
            today_warranty: true,
        };
    }

    /** Answer the calls of the screen until the test ends. */
    start() {
        const answer = (method) => async (call) => {
            this.calls.push([method, ...call.args.slice(1)]);
            await this.waiting[method];
            if (this.failing[method]) {
                throw this.failing[method];
            }
            return this[method](...call.args.slice(1));
        };
        for (const method of [
            "get_labour_picker",
            "take_vehicle_type",
            "search_labour_catalogue",
            "preview_labour",
            "apply_labour",
        ]) {
            onRpc("auto.service.order", method, answer(method));
        }
        return this;
    }

    /** Arguments of the calls of one method. */
    getCalls(method) {
        return this.calls
            .filter(([name]) => name === method)
            .map(([, ...args]) => args);
    }

    get_labour_picker() {
        return this.info;
    }

    take_vehicle_type() {
        return {
            ...this.info,
            vehicle: {...this.info.vehicle, type: "Golf 2.0", candidates: []},
        };
    }

    search_labour_catalogue(text, tab) {
        const items = (CATALOGUE[tab] || []).filter((item) =>
            item.name.toLowerCase().includes(text.toLowerCase()),
        );
        return {items, total: items.length};
    }

    preview_labour(items) {
        const ids = items.map((item) => item.operation_id);
        const lines = items.map((item) => this._getLine(item, ids));
        const skipped = items.flatMap((item) => item.skip_required || []);
        if (ids.includes(PUMP.id) && ![...ids, ...skipped].includes(DRAIN.id)) {
            lines.push({
                ...this._getLine({key: "required:4", operation_id: DRAIN.id}, ids),
                required_by: PUMP.name,
            });
        }
        const sum = (name) =>
            lines.reduce((total, line) => total + (line[name] || 0), 0);
        return {
            lines,
            suggestions: ids.includes(BELT.id)
                ? [
                      {
                          operation_id: TENSIONER.id,
                          name: TENSIONER.name,
                          hours: null,
                          reason: "usually follows “Timing belt”",
                      },
                  ]
                : [],
            totals: {
                alone: sum("alone"),
                deducted: sum("hours") - sum("alone"),
                hours: lines.reduce(
                    (total, line) => total + (line.judged ?? (line.hours || 0)),
                    0,
                ),
                amount: sum("amount"),
            },
        };
    }

    _getLine({key, operation_id: id, package_id: packageId, judged, options}, ids) {
        if (packageId) {
            const name = "Engine oil 5W-30";
            return {
                key: `${key}:0`,
                item_key: key,
                existing: false,
                operation_id: false,
                package_id: packageId,
                name,
                quantity: 4.3,
                uom: "L",
                amount: 99,
                alone: null,
                hours: null,
                hint: "Capacity not known",
            };
        }
        const item = CATALOGUE.all.find((row) => row.id === id);
        const isShared = id === PUMP.id && ids.includes(BELT.id);
        const hours = isShared ? 1 : item.hours;
        return {
            key,
            item_key: key,
            existing: false,
            operation_id: id,
            package_id: false,
            name: item.name,
            code: item.code,
            alone: item.hours,
            hours,
            judged: judged ?? null,
            source_label: item.hours && item.source_label,
            others: id === BELT.id ? [{label: "Maker", hours: 3.4}] : [],
            steps: isShared
                ? [{text: "Less work together with “Timing belt”", hours: -1.5}]
                : [],
            options:
                id === BELT.id
                    ? [
                          {
                              id: 21,
                              text: "With air conditioning",
                              hours: 0.25,
                              ticked: (options || []).includes(21),
                          },
                      ]
                    : [],
            rate_label: "Labour",
            amount: (judged ?? hours ?? 0) * RATE,
            required_by: false,
            unknown: hours === null,
        };
    }

    apply_labour() {
        return true;
    }
}
