import {
    findBest,
    fitQuantity,
    getMargin,
    groupOffers,
    isWanted,
    NO_FILTERS,
} from "@auto_service_parts/parts_enquiry/parts_offers";
import {
    describeStock,
    describeTime,
} from "@auto_service_parts/parts_enquiry/parts_format";
import {describe, expect, test} from "@odoo/hoot";
import {makeMockEnv} from "@web/../tests/web_test_helpers";

const {DateTime} = luxon;

describe.current.tags("headless");

let lastId = 0;

function makeOffer(values = {}) {
    lastId += 1;
    return {
        id: lastId,
        kind: "live",
        group: "1/OC90",
        brand: "MAHLE",
        number: "OC90",
        source_name: "Alpha",
        quantity: 5,
        sale_price: 10,
        cost: 7,
        eta: "2026-11-23 10:00:00",
        ...values,
    };
}

const getIds = (offers) => offers.map((offer) => offer.id);

test("the number asked for stays first, whatever is sorted by", () => {
    const asked = makeOffer({sale_price: 30});
    const cross = makeOffer({rank: 40, group: "2/W712", sale_price: 5});
    const far = makeOffer({rank: 60, group: "3/X1", sale_price: 2});
    const offers = [far, cross, asked];
    const keys = (sort) => groupOffers(offers, sort).map((group) => group.key);
    expect(keys("match")).toEqual(["1/OC90", "2/W712", "3/X1"]);
    expect(keys("price")).toEqual(["1/OC90", "3/X1", "2/W712"]);
});

test("own stock, then what is there, then the price", () => {
    const dear = makeOffer({sale_price: 20});
    const cheap = makeOffer({sale_price: 9});
    const onOrder = makeOffer({sale_price: 1, is_on_order: true});
    const used = makeOffer({sale_price: 2, is_used: true});
    const own = makeOffer({kind: "own", sale_price: 15});
    const [group] = groupOffers([dear, cheap, onOrder, used, own]);
    expect(getIds(group.offers)).toEqual(getIds([own, cheap, dear, onOrder, used]));
});

test("each sort has its order, equal ones by price", () => {
    const first = makeOffer({sale_price: 9, eta: undefined, probability: 50});
    const second = makeOffer({sale_price: 8, eta: "2026-11-22 10:00:00"});
    const third = makeOffer({sale_price: 7, probability: 90, source_name: "Zeta"});
    const sort = (name) => getIds(groupOffers([first, second, third], name)[0].offers);
    expect(sort("price")).toEqual(getIds([third, second, first]));
    expect(sort("time")).toEqual(getIds([second, third, first]));
    expect(sort("probability")).toEqual(getIds([third, first, second]));
    expect(sort("supplier")).toEqual(getIds([second, first, third]));
});

test("filters", () => {
    const now = Date.parse("2026-11-22T10:00:00Z");
    const offer = makeOffer({probability: 60, is_no_return: true, rank: 40});
    const isShown = (filters, values) =>
        isWanted({...offer, ...values}, {...NO_FILTERS, ...filters}, now);
    expect(isShown({})).toBe(true);
    expect(isShown({withEquivalents: false})).toBe(false);
    expect(isShown({withEquivalents: false}, {rank: 0})).toBe(true);
    expect(isShown({isReturnable: true})).toBe(false);
    expect(isShown({isReliable: true})).toBe(false);
    expect(isShown({isReliable: true}, {kind: "own"})).toBe(true);
    expect(isShown({isInStock: true}, {quantity: 0})).toBe(false);
    expect(isShown({isInStock: true}, {is_on_order: true})).toBe(false);
    expect(isShown({hours: 12})).toBe(false);
    expect(isShown({hours: 36})).toBe(true);
    expect(isShown({hours: 36}, {eta: undefined})).toBe(false);
    expect(isShown({price: 9.99})).toBe(false);
    expect(isShown({source: "Beta"})).toBe(false);
});

test("best price and soonest, of the part and of equivalents", () => {
    const slow = makeOffer({sale_price: 5, eta: "2026-11-25 10:00:00"});
    const fast = makeOffer({sale_price: 6});
    const used = makeOffer({sale_price: 1, is_used: true});
    const none = makeOffer({sale_price: 1, quantity: 0});
    const other = makeOffer({sale_price: 2, rank: 40});
    const best = findBest([fast, slow, used, none, other]);
    expect(best.price).toEqual([slow.id]);
    expect(best.time).toEqual([fast.id]);
    expect(findBest([other])).toEqual({price: [], time: []});
});

test("quantities are what the supplier sells", () => {
    expect(fitQuantity(makeOffer())).toBe(1);
    expect(fitQuantity(makeOffer({multiplicity: 4}), 5)).toBe(8);
    expect(fitQuantity(makeOffer({multiplicity: 4, min_quantity: 10}))).toBe(12);
    expect(fitQuantity(makeOffer({multiplicity: 0.1}), 0.3)).toBe(0.3);
    expect(fitQuantity(makeOffer({multiplicity: 0}), 2)).toBe(2);
});

test("margin is of the price", () => {
    expect(getMargin(makeOffer({sale_price: 10, cost: 7.5}))).toBe(25);
    expect(getMargin(makeOffer({sale_price: 0}))).toBe(null);
});

test("stock in the words of the source", async () => {
    await makeMockEnv();
    expect(describeStock(makeOffer({quantity_sign: ">", quantity: 10}))).toBe(">10");
    expect(describeStock(makeOffer({quantity: undefined}))).toBe("0");
    expect(String(describeStock(makeOffer({is_on_order: true})))).toBe("On order");
});

test("time in the words of the desk", async () => {
    await makeMockEnv();
    const now = DateTime.fromISO("2026-11-22T10:00:00Z", {zone: "utc"});
    const tell = (values) => describeTime(makeOffer(values), now);
    expect(String(tell({eta: "2026-11-22 18:00:00"}))).toBe("Today 18:00");
    expect(String(tell({eta: "2026-11-23 07:30:00"}))).toBe("Tomorrow 07:30");
    expect(tell({eta: "2026-11-25 07:30:00"})).toMatch("25");
    expect(tell({eta: undefined, term_text: "on request"})).toBe("on request");
    expect(String(tell({kind: "own"}))).toBe("Now");
});

test("five hundred offers are arranged in a blink", () => {
    const offers = Array.from({length: 600}, (_, index) =>
        makeOffer({
            group: `${index % 40}/X`,
            rank: index % 40,
            sale_price: (index * 7919) % 1000,
        }),
    );
    const start = performance.now();
    const groups = groupOffers(offers, "price");
    findBest(offers);
    expect(performance.now() - start).toBeLessThan(100);
    expect(groups.length).toBe(40);
});
