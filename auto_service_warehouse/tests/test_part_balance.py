from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestPartBalance(WarehouseCommon):
    """Here, in which bin, for whom, what is coming, what was sold and bought."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part.write({"default_code": "HB-90", "barcode": "4001234567899"})
        cls.bin = cls._create_bin("A-01-01")
        cls.other_bin = cls._create_bin("A-01-02")

    def _get_balance(self, user=None, part=None):
        balances = self.env["auto.service.part.balance"].with_user(
            user or self.user_parts
        )
        self.env.invalidate_all()
        return balances.get_balance((part or self.part).id)

    def _get_totals(self, **values):
        totals = self._get_balance(**values)["totals"]
        return totals["on_hand"], totals["reserved"], totals["free"]

    # --- what is counted

    def test_every_bin_is_told(self):
        self._receive(self.part, 3, self.bin)
        self._receive(self.part, 2, self.other_bin)
        balance = self._get_balance()
        places = {it["place"]: it["free"] for it in balance["warehouses"][0]["bins"]}
        self.assertEqual(places, {"A-01-01": 3.0, "A-01-02": 2.0})
        self.assertEqual(balance["totals"]["on_hand"], 5.0)

    def test_lots_of_one_bin_are_rows_of_their_own(self):
        self.part.tracking = "lot"
        for name, quantity in (("L1", 1), ("L2", 4)):
            lot = self.env["stock.lot"].create(
                {"name": name, "product_id": self.part.id}
            )
            self._receive(self.part, quantity, self.bin, lot_id=lot.id)
        bins = self._get_balance()["warehouses"][0]["bins"]
        self.assertEqual(
            [(it["lot"], it["on_hand"]) for it in bins], [("L1", 1.0), ("L2", 4.0)]
        )

    def test_warehouses_stand_apart(self):
        other = self._create_warehouse("Balance hall", "BLH")
        self._receive(self.part, 3, self.bin)
        self._receive(self.part, 4, other.lot_stock_id)
        balance = self._get_balance()
        found = {it["id"]: it["on_hand"] for it in balance["warehouses"]}
        self.assertEqual(found, {self.warehouse.id: 3.0, other.id: 4.0})

    def test_same_figures_as_the_host(self):
        self._receive(self.part, 5, self.bin)
        self._create_approved_line(2)
        waiting = self._create_approved_line(7)
        self._buy(waiting, 6)
        totals = self._get_balance()["totals"]
        self.env.invalidate_all()
        self.assertEqual(
            (totals["on_hand"], totals["free"], totals["coming"], totals["leaving"]),
            (
                self.part.qty_available,
                self.part.free_qty,
                self.part.incoming_qty,
                self.part.outgoing_qty,
            ),
        )
        self.assertEqual(totals["expected"], self.part.virtual_available)

    def test_who_has_it_and_who_waits(self):
        self._receive(self.part, 2, self.bin)
        first = self._create_approved_line(2)
        second = self._create_approved_line(3)
        balance = self._get_balance()
        [reserved] = balance["reserved"]
        self.assertEqual(
            (reserved["reserved"], reserved["job_id"], reserved["places"]),
            (2.0, first.job_id.id, "A-01-01"),
        )
        self.assertEqual(reserved["plate"], first.work_order_id.license_plate)
        [wanted] = balance["wanted"]
        self.assertEqual(
            (wanted["missing"], wanted["work_order_id"]), (3.0, second.work_order_id.id)
        )

    def test_steps_of_one_delivery_wait_once(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._create_approved_line(3)
        balance = self._get_balance()
        self.assertEqual(sum(it["missing"] for it in balance["wanted"]), 3.0)

    def test_what_is_ordered_tells_for_whom_and_when(self):
        line = self._create_approved_line(2)
        purchase = self._buy(line, 2)
        [order] = self._get_balance()["orders"]
        self.assertEqual(
            (order["purchase"], order["quantity"], order["price"], order["job_id"]),
            (purchase.order_id.name, 2.0, 20.0, line.job_id.id),
        )
        [wanted] = self._get_balance()["wanted"]
        self.assertEqual(wanted["fed_by"], purchase.order_id.name)
        self._receive_purchase(purchase, 2)
        balance = self._get_balance()
        self.assertFalse(balance["orders"])
        self.assertEqual(
            [(it["quantity"], it["price"]) for it in balance["bought"]], [(2.0, 20.0)]
        )

    def test_units_of_documents_become_the_unit_of_the_part(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = self._create_approved_line(1, product_uom_id=dozen.id, price_unit=120.0)
        self._buy(line, 2, product_uom_id=dozen.id, price_unit=60.0)
        self._receive(self.part, 12, self.bin)
        line.move_ids._do_unreserve()
        line.move_ids._action_assign()
        balance = self._get_balance()
        [order] = balance["orders"]
        self.assertEqual((order["quantity"], order["price"]), (24.0, 5.0))
        [demand] = balance["reserved"] or balance["wanted"]
        self.assertEqual(demand["quantity"], 12.0)
        self.assertEqual(balance["totals"]["leaving"], 12.0)

    def test_sold_lately_and_what_came_back(self):
        self._receive(self.part, 5, self.bin)
        line = self._create_approved_line(2, price_unit=40.0, discount=10.0)
        line.job_id.action_issue_parts()
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": line.move_ids.picking_id.id}
        )
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.picked = True
        back._action_done()
        sold = self._get_balance(self.user_advisor)["sold"]
        self.assertEqual(
            [(it["quantity"], it["price"]) for it in sold], [(-1.0, 36.0), (2.0, 36.0)]
        )
        month = self._get_balance()["months"][-1]
        self.assertEqual((month["came"], month["went"]), (1.0, 2.0))

    def test_twelve_months_up_to_this_one(self):
        months = [it["month"] for it in self._get_balance()["months"]]
        self.assertEqual(len(months), 12)
        self.assertEqual(months, sorted(months))

    def test_counts_and_rules_are_told(self):
        self.assertFalse(self._get_balance()["product"]["last_counted"])
        quant = self.env["stock.quant"].create(
            {
                "product_id": self.part.id,
                "location_id": self.bin.id,
                "inventory_quantity": 4,
            }
        )
        quant.action_apply_inventory()
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.part.id,
                "location_id": self.stock.id,
                "product_min_qty": 2,
                "product_max_qty": 8,
            }
        )
        balance = self._get_balance()
        self.assertTrue(balance["product"]["last_counted"])
        self.assertFalse(balance["months"][-1]["came"], "a count is no delivery")
        [rule] = balance["rules"]
        self.assertEqual((rule["minimum"], rule["maximum"]), (2.0, 8.0))

    # --- reserve

    def test_release_for_one_and_reserve_for_another(self):
        self._receive(self.part, 2, self.bin)
        first = self._create_approved_line(2)
        second = self._create_approved_line(2)
        balances = self.env["auto.service.part.balance"].with_user(self.user_parts)
        balances.unreserve(self.part.id, first.move_ids.id)
        balance = balances.reserve(self.part.id, second.move_ids.id)
        self.assertEqual(
            [it["job_id"] for it in balance["reserved"]], second.job_id.ids
        )

    def test_only_people_of_the_stock_reserve(self):
        self._receive(self.part, 2, self.bin)
        move = self._create_approved_line(2).move_ids
        balances = self.env["auto.service.part.balance"].with_user(self.user_advisor)
        with self.assertRaises(AccessError):
            balances.unreserve(self.part.id, move.id)

    # --- documents

    def test_buttons_open_documents_of_the_part(self):
        self._receive(self.part, 2, self.bin)
        balances = self.env["auto.service.part.balance"].with_user(self.user_parts)
        transfer = balances.action_transfer(self.part.id, self.bin.id)
        self.assertEqual(transfer["context"]["default_location_id"], self.bin.id)
        order = balances.action_order(self.part.id)
        self.assertEqual(order["context"]["default_partner_id"], self.vendor.id)
        count = balances.action_count(self.part.id)
        quants = self.env["stock.quant"].search(count["domain"])
        self.assertEqual(quants.product_id, self.part)
        action = self.part.product_tmpl_id.action_open_part_balance()
        self.assertEqual(action["params"], {"product_id": self.part.id})

    # --- rights

    def test_prices_are_for_those_who_need_them(self):
        line = self._create_approved_line(2)
        self._receive_purchase(self._buy(line, 3), 1)
        self._receive(self.part, 5, self.bin)
        line.job_id.action_issue_parts()
        parts = self._get_balance()
        self.assertIn("cost", parts["product"])
        self.assertIn("price", parts["orders"][0])
        advisor = self._get_balance(self.user_advisor)
        self.assertNotIn("cost", advisor["product"])
        self.assertIn("price", advisor["product"])
        self.assertNotIn("price", advisor["orders"][0])
        self.assertNotIn("price", advisor["bought"][0])
        self.assertTrue(advisor["sold"])
        technician = self._get_balance(self.user_technician)
        self.assertNotIn("price", technician["product"])
        self.assertFalse(technician["sold"])
        self.assertEqual(technician["totals"], parts["totals"])
        self.assertFalse(any(advisor["rights"][key] for key in ("stock", "buy")))

    def test_others_see_nothing(self):
        stranger = new_test_user(self.env, "balance_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self._get_balance(stranger)
        balances = self.env["auto.service.part.balance"].with_user(stranger)
        with self.assertRaises(AccessError):
            balances.search_parts("HB-90")

    def test_another_company_stays_apart(self):
        company = self.env["res.company"].create({"name": "Other Garage"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)]
        )
        self.env["stock.quant"].with_company(company)._update_available_quantity(
            self.part, warehouse.lot_stock_id, 9
        )
        self._receive(self.part, 1, self.bin)
        self.assertEqual(self._get_totals(), (1.0, 0.0, 1.0))
        self.user_parts.company_ids = [Command.link(company.id)]
        both = self.env["auto.service.part.balance"].with_user(self.user_parts)
        both = both.with_context(
            allowed_company_ids=[self.env.company.id, company.id]
        ).get_balance(self.part.id)
        self.assertEqual(both["totals"]["on_hand"], 10.0)
        self.part.product_tmpl_id.sudo().company_id = self.env.company
        theirs = self.env["auto.service.part.balance"].with_user(self.user_parts)
        with self.assertRaisesRegex(UserError, "another company"):
            theirs.with_context(allowed_company_ids=company.ids).get_balance(
                self.part.id
            )

    def test_a_part_that_is_gone_is_said_plainly(self):
        part = self._create_part(is_storable=True)
        part_id = part.id
        part.unlink()
        with self.assertRaisesRegex(UserError, "not there any more"):
            self.env["auto.service.part.balance"].get_balance(part_id)

    # --- the box

    def _search(self, text, **values):
        balances = self.env["auto.service.part.balance"].with_user(self.user_advisor)
        return balances.search_parts(text, **values)

    def test_number_barcode_and_words_find_it(self):
        self._receive(self.part, 3, self.bin)
        self.part.name = "Zinc oil filter"
        for text in ("hb-90", "HB-9", "b-90", "4001234567899", "zinc fil"):
            with self.subTest(text=text):
                [found] = [it for it in self._search(text) if it["id"] == self.part.id]
                self.assertEqual((found["free"], found["place"]), (3.0, "A-01-01"))

    def test_the_whole_number_comes_first(self):
        longer = self._create_part(is_storable=True, default_code="HB-90-2")
        found = [it["id"] for it in self._search("HB-90")]
        self.assertEqual(found[:2], [self.part.id, longer.id])

    def test_signs_of_patterns_are_letters(self):
        odd = self._create_part(default_code="50%_X")
        self.assertEqual([it["id"] for it in self._search("50%_")], odd.ids)
        self.assertFalse(self._search("%%%"))

    def test_services_and_archived_parts_are_not_offered(self):
        self._create_part(default_code="HB-90-S", type="service")
        self._create_part(default_code="HB-90-A", active=False)
        self.assertEqual([it["id"] for it in self._search("HB-90")], self.part.ids)

    def test_nothing_for_nothing(self):
        self.assertFalse(self._search("  "))
        self.assertFalse(self._search("no such part at all"))

    # --- speed

    def test_statements_do_not_grow_with_the_stock(self):
        self._buy(self._create_approved_line(2), 1)
        few = self._count_queries()
        for number in range(4):
            self._receive(self.part, 3, self._create_bin(f"B-{number}"))
            self._buy(self._create_approved_line(2), 1)
        many = self._count_queries()
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 12)

    def _count_queries(self):
        balances = self.env["auto.service.part.balance"].with_user(self.user_parts)
        balances.get_balance(self.part.id)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        balances.get_balance(self.part.id)
        return self.env.cr.sql_log_count - before

    def test_search_takes_few_statements(self):
        self._search("HB-9")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._search("HB-9")
        # Three, and those of addons that know more numbers.
        self.assertLessEqual(self.env.cr.sql_log_count - before, 7)
