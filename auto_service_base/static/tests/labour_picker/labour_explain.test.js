import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {describe, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const ABOUT = {
    name: "Water pump",
    vehicle: "123 ABC · Golf 1.6",
    book: 1,
    alone: 2.5,
    judged: 1.5,
    judged_by: "Anna Advisor",
    judged_at: "2026-11-21 12:00:00",
    can_follow_book: true,
    time: {
        label: "Own times · Golf 1.6",
        hours: 2.5,
        level_label: "own time for exactly this type",
        value_text: "25 AW of 6 min",
        source: "Own times",
        release: false,
        validity: false,
    },
    others: [{label: "Maker", hours: 2.8}],
    near: [{id: 4, name: "Golf 2.0", why: "engine CBAB"}],
    steps: [{text: "Less work together with “Timing belt”", hours: -1.5}],
    rate_label: "Labour rate “Standard”",
    amount: 90,
    currency_id: 1,
};

class SaleOrderLine extends models.Model {
    _name = "sale.order.line";

    name = fields.Char();
    order_id = fields.Many2one({relation: "sale.order"});
    labour_state = fields.Selection({
        selection: [
            ["judged", "Judged"],
            ["unknown", "No time known"],
        ],
    });

    _records = [
        {id: 1, name: "Water pump", order_id: 1, labour_state: "judged"},
        {id: 2, name: "Coolant", order_id: 1, labour_state: false},
        {id: 3, name: "Tensioner", order_id: 1, labour_state: "unknown"},
    ];
}

class SaleOrder extends models.Model {
    _name = "sale.order";

    name = fields.Char();
    line_ids = fields.One2many({
        relation: "sale.order.line",
        relation_field: "order_id",
    });

    _records = [{id: 1, name: "Estimate", line_ids: [1, 2, 3]}];
}

defineModels([SaleOrder, SaleOrderLine]);

async function open(about) {
    onRpc("sale.order.line", "get_labour_explanation", () => about);
    await mountView({
        type: "form",
        resModel: "sale.order",
        resId: 1,
        arch: `
            <form>
                <field name="name"/>
                <field name="line_ids">
                    <list editable="bottom">
                        <field name="name"/>
                        <field name="labour_state" widget="labour_explain" nolabel="1"/>
                    </list>
                </field>
            </form>`,
    });
}

test("a line of labour has a sign that says how its hours came about", async () => {
    await open(ABOUT);
    expect(".o_labour_explain").toHaveCount(2);
    expect(".o_data_row:contains(Coolant) .o_labour_explain").toHaveCount(0);
    expect(".o_data_row:contains(Tensioner) .o_labour_explain i").toHaveClass(
        "text-warning",
    );
    await contains(".o_data_row:contains(Water pump) .o_labour_explain").click();
    expect(".o_selected_row").toHaveCount(0);
    expect(".o_labour_explanation").toHaveCount(1);
});

test("the explanation tells which time, every step, and who judged", async () => {
    await open(ABOUT);
    await contains("[data-state=judged]").click();
    expect(".o_labour_final").toHaveText("1:30 h");
    expect(".o_labour_judgement").toHaveText(
        /Book 1:00 h, judged 1:30 h by Anna Advisor/,
    );
    expect(".o_labour_taken").toHaveText(/Own times · Golf 1.6/);
    expect(queryAllTexts(".o_labour_fact span:first-child")).toEqual([
        "Fits",
        "In the source",
    ]);
    expect(".o_labour_alone").toHaveText("Done alone\n2:30 h");
    expect(".o_labour_step").toHaveText(
        "Less work together with “Timing belt”\n−1:30 h",
    );
    expect(".o_labour_book").toHaveText("By the book\n1:00 h");
    expect(".o_labour_others").toHaveText(/Maker\n2:48 h/);
    expect(".o_labour_near").toHaveText(/Golf 2.0.*engine CBAB/);
});

test("a missing time is said plainly", async () => {
    const unknown = {judged: null, judged_by: false, can_follow_book: false};
    await open({...ABOUT, ...unknown, book: null, time: false, steps: []});
    await contains("[data-state=unknown]").click();
    expect(".o_labour_final").toHaveText("– h");
    expect(".o_labour_no_time").toHaveCount(1);
    expect(".o_labour_follow_book").toHaveCount(0);
    expect(".o_labour_judgement").toHaveCount(0);
});

test("back to the book", async () => {
    onRpc("sale.order.line", "action_follow_book", ({args}) => {
        expect.step(args[0]);
        return true;
    });
    await open(ABOUT);
    await contains("[data-state=judged]").click();
    await contains(".o_labour_follow_book").click();
    expect.verifySteps([[1]]);
    expect(".o_dialog").toHaveCount(0);
});
