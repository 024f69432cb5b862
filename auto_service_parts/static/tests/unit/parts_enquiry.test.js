import {PartsEnquiry} from "@auto_service_parts/parts_enquiry/parts_enquiry";
import {describe, expect, test} from "@odoo/hoot";
import {Deferred, advanceTime} from "@odoo/hoot-mock";

describe.current.tags("headless");

const SOURCE = {id: 1, kind: "live", name: "Alpha", state: "waiting", offer_count: 0};
const OFFER = {
    id: 7,
    kind: "live",
    group: "1/OC90",
    source_name: "Alpha",
    quantity: 5,
    sale_price: 10,
};
const WORK = {
    order_id: 3,
    is_open: true,
    jobs: [{id: 11, name: "Brakes"}],
    job_id: false,
};

function makeAnswer(values = {}) {
    return {
        id: 1,
        number: "OC 90",
        state: "done",
        brand_id: 1,
        brand_name: "MAHLE",
        part_name: "Oil filter",
        with_crosses: true,
        brands: [],
        sources: [],
        offers: [],
        added: {},
        work: false,
        rights: {},
        currency_id: 1,
        last_offer_id: 0,
        ...values,
    };
}

/** Model with answers by method; what was asked is in ``calls``. */
function makeModel(answers, options = {}) {
    const calls = [];
    const model = new PartsEnquiry({
        call: async (_name, method, args) => {
            calls.push([method, args]);
            const answer = answers[method];
            return typeof answer === "function" ? answer(...args) : answer;
        },
        ...options,
    });
    model.calls = calls;
    return model;
}

const getMethods = (model) => model.calls.map(([method]) => method);

test("one brand goes on to offers in one call", async () => {
    const model = makeModel({search_brands: makeAnswer({offers: [OFFER]})});
    await model.search(" OC 90 ");
    expect(getMethods(model)).toEqual(["search_brands"]);
    expect(model.calls[0][1][0]).toBe("OC 90");
    expect(model.offers.length).toBe(1);
    expect(model.isBusy).toBe(false);
});

test("while suppliers answer, what comes is shown", async () => {
    const live = new Deferred();
    const done = {...SOURCE, state: "done", offer_count: 1};
    const progress = [
        makeAnswer({state: "running", sources: [{...SOURCE, state: "running"}]}),
        makeAnswer({sources: [done], offers: [OFFER], last_offer_id: 7}),
    ];
    const model = makeModel({
        search_brands: makeAnswer({state: "running", sources: [SOURCE]}),
        run_live: () => live,
        get_progress: () => progress.shift(),
    });
    await model.search("OC 90");
    expect(model.isBusy).toBe(true);
    await advanceTime(150);
    expect(model.offers.length).toBe(0);
    await advanceTime(300);
    expect(model.offers.length).toBe(1);
    expect(model.state).toBe("done");
    live.resolve("done");
    await advanceTime(1000);
    expect(getMethods(model).filter((name) => name === "get_progress").length).toBe(2);
});

test("answers to an older question are ignored", async () => {
    const first = new Deferred();
    const answers = [first, makeAnswer({number: "B"})];
    const model = makeModel({search_brands: () => answers.shift()});
    const asking = model.search("A");
    await model.search("B");
    first.resolve(makeAnswer({number: "A", offers: [OFFER]}));
    await asking;
    expect(model.enquiry.number).toBe("B");
    expect(model.offers.length).toBe(0);
});

test("once a brand is chosen nobody waits for other brands", async () => {
    const brands = [{brand_id: 1, brand_name: "MAHLE", number: "OC 90", found_in: []}];
    const model = makeModel({
        search_brands: makeAnswer({state: "brand", brands, sources: [SOURCE]}),
        run_live: "brand",
        start_enquiry: () => new Deferred(),
    });
    await model.search("OC 90");
    model.choose(brands[0]);
    await advanceTime(1000);
    expect(getMethods(model)).toEqual(["search_brands", "run_live", "start_enquiry"]);
});

test("the only brand that suppliers name is taken", async () => {
    const brand = {brand_id: false, brand_name: "LYNX", number: "402", found_in: []};
    const model = makeModel({
        search_brands: makeAnswer({state: "brand", brand_name: "", sources: [SOURCE]}),
        run_live: "brand",
        get_progress: makeAnswer({
            state: "brand",
            sources: [{...SOURCE, state: "done"}],
            brands: [brand],
        }),
        start_enquiry: makeAnswer({brand_name: "LYNX"}),
    });
    await model.search("402");
    await advanceTime(1000);
    expect(getMethods(model).at(-1)).toBe("start_enquiry");
    expect(model.calls.at(-1)[1][0].enquiry_id).toBe(1);
    expect(model.brandName).toBe("LYNX");
});

test("without a visit the offer waits until one is chosen", async () => {
    const model = makeModel({
        search_brands: makeAnswer({offers: [{...OFFER, multiplicity: 2}]}),
        action_link: WORK,
        add_to_job: {job_id: 11, job_name: "Brakes", estimate_total: 20},
    });
    await model.search("OC 90");
    expect(await model.add(model.offers[0])).toBe(false);
    expect(model.pending.quantity).toBe(2);
    await model.link(3);
    expect(model.calls.at(-1)).toEqual(["add_to_job", [[7], 11, null, 2, null]]);
    expect(model.added[7]).toBe(2);
    expect(model.pending).toBe(null);
    expect(model.totals.estimate_total).toBe(20);
});

test("a new job is named after the part", async () => {
    const work = {...WORK, jobs: []};
    const model = makeModel({
        search_brands: makeAnswer({offers: [OFFER], work}),
        add_to_job: {job_id: 12, job_name: "Oil filter"},
    });
    await model.search("OC 90");
    await model.add(model.offers[0], 3);
    expect(model.calls.at(-1)[1]).toEqual([[7], null, 3, 3, "Oil filter"]);
    expect(model.job.id).toBe(12);
    expect(model.jobs.length).toBe(1);
});

test("what was offered before is only looked at", async () => {
    const model = makeModel(
        {get_enquiry: makeAnswer({offers: [OFFER], work: WORK})},
        {params: {enquiry_id: 1}, isSnapshot: true},
    );
    await model.load();
    expect(model.canAdd).toBe(false);
    expect(await model.add(model.offers[0])).toBe(false);
    expect(getMethods(model)).toEqual(["get_enquiry"]);
});

test("an answer of an error is a sentence", async () => {
    const model = makeModel({
        search_brands: () => {
            throw new Error("Type the number.");
        },
    });
    await model.search("1");
    expect(model.error).toBe("Type the number.");
    expect(model.isLoading).toBe(false);
});
