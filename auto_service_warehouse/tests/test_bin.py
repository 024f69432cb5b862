import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestBin(WarehouseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env.ref("stock.group_stock_multi_locations")
        cls.env.ref("base.group_user").implied_ids += group

    def _make(self, user=None, **values):
        maker = self.env["auto.service.bin.maker"].with_user(user or self.user_parts)
        maker = maker.create(
            {
                "location_id": self.stock.id,
                "rack_from": "Q",
                "rack_to": "R",
                "level_to": 2,
                "place_to": 3,
                **values,
            }
        )
        return maker, maker.action_make()

    def _bins(self):
        return self.env["stock.location"].search(
            [("name", "=like", "Q-%"), ("location_id", "child_of", self.stock.id)]
        )

    def test_rack_is_made_with_all_its_addresses(self):
        maker, _action = self._make()
        self.assertEqual(maker.preview, "Q-01-01 … R-02-03: 12 bins")
        bins = self._bins()
        self.assertEqual(
            bins.mapped("name"),
            ["Q-01-01", "Q-01-02", "Q-01-03", "Q-02-01", "Q-02-02", "Q-02-03"],
        )
        self.assertEqual(bins.mapped("barcode"), bins.mapped("name"))
        self.assertEqual(bins.location_id.name, "Q")
        self.assertEqual(bins.location_id.location_id, self.stock)
        self.assertEqual(bins.warehouse_id, self.warehouse)

    def test_bins_that_are_there_are_skipped(self):
        self._make(rack_to="Q", place_to=1)
        _maker, action = self._make()
        self.assertIn("10 bins are made", action["params"]["message"])
        self.assertIn("2 were there already", action["params"]["message"])
        self.assertEqual(len(self._bins()), 6)

    def test_same_addresses_in_two_warehouses_have_two_barcodes(self):
        other = self._create_warehouse()
        self._make(rack_to="Q", place_to=1, level_to=1)
        self._make(location_id=other.lot_stock_id.id, rack_to="Q", level_to=1)
        barcodes = self.env["stock.location"].search([("name", "=", "Q-01-01")])
        self.assertEqual(
            set(barcodes.mapped("barcode")), {"Q-01-01", f"{other.code}-Q-01-01"}
        )

    def test_numbers_without_levels_in_one_place(self):
        self._make(
            rack_from="7", rack_to="8", level_to=0, separator=".", is_rack_place=False
        )
        bins = self.env["stock.location"].search([("name", "=like", "_.0_")])
        self.assertEqual(
            bins.sorted("name").mapped("name"),
            ["7.01", "7.02", "7.03", "8.01", "8.02", "8.03"],
        )
        self.assertEqual(bins.location_id, self.stock)

    def test_a_thousand_at_once_and_no_more(self):
        with self.assertRaisesRegex(UserError, "between 1 and 1000"):
            self._make(place_to=501, level_to=1)
        for values in ({"rack_to": "A"}, {"place_to": -5}, {"rack_to": "12"}):
            with self.assertRaisesRegex(UserError, "between 1 and"):
                self._make(**values)
        _maker, action = self._make(place_to=500, level_to=1)
        self.assertIn("1000 bins", action["params"]["message"])

    def test_making_bins_costs_no_query_for_each(self):
        def count(**values):
            before = self.env.cr.sql_log_count
            self._make(**values)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(rack_from="T", rack_to="T")
        few = count(rack_from="U", rack_to="U")
        many = count(rack_from="V", rack_to="V", level_to=10, place_to=10)
        # the host adds rows in batches, and reads the warehouse of each batch
        self.assertLess(many, few + 100)

    def test_technicians_and_advisors_make_no_bins(self):
        for user in (self.user_technician, self.user_advisor):
            with self.assertRaises(AccessError):
                self._make(user=user)

    def test_switching_storage_locations_on_is_for_a_manager(self):
        group = self.env.ref("stock.group_stock_multi_locations")
        self.env.ref("base.group_user").implied_ids -= group
        with self.assertRaisesRegex(UserError, "A manager makes the first"):
            self._make()
        _maker, action = self._make(user=self.user_manager)
        self.assertIn("switched on", action["params"]["message"])
        self.assertIn(group, self.env.ref("base.group_user").all_implied_ids)
        self.assertTrue(self.warehouse.int_type_id.active)

    def test_main_bin_is_where_the_part_is_put_away(self):
        self._make()
        bins = self._bins()
        part = self.part.with_user(self.user_parts)
        part.bin_id = bins[0]
        purchase = self._buy(self._create_approved_line(), 2.0)
        picking = purchase.order_id.picking_ids
        self.assertEqual(picking.move_line_ids.location_dest_id, bins[0])
        part.bin_id = bins[1]
        self.assertEqual(len(self.part.putaway_rule_ids), 1)
        self.assertEqual(part.product_tmpl_id.bin_id, bins[1])
        found = self.env["product.product"].search([("bin_id", "=", bins[1].id)])
        self.assertEqual(found, self.part)
        part.bin_id = False
        self.assertFalse(self.part.putaway_rule_ids)

    def test_main_bin_is_one_in_each_warehouse(self):
        self._make()
        other = self._create_warehouse()
        far = self._create_bin("FAR-1", other.lot_stock_id)
        self.part._set_main_bin(other, far)
        self.part._set_main_bin(self.warehouse, self._bins()[0])
        self.assertEqual(self.part._get_main_bins(other), {self.part.id: far})
        self.assertEqual(self.part.bin_id, self._bins()[0])

    def test_list_says_what_lies_where_and_where_there_is_room(self):
        self._make()
        full, taken, free = self._bins()[:3]
        self._receive(self.part, 4.0, full)
        self.part._set_main_bin(self.warehouse, taken)
        self.assertIn("(4)", full.bin_content)
        self.assertEqual(full.bin_pieces, 4.0)
        self.assertIn(self.part.name, taken.bin_part_names)
        found = self.env["stock.location"].search([("is_free_bin", "=", True)])
        self.assertIn(free, found)
        self.assertNotIn(full, found)
        self.assertNotIn(taken, found)
        self.assertNotIn(full.location_id, found)  # the rack itself is no bin
        self.assertEqual(
            [row.is_free_bin for row in (full, taken, free)], [False, False, True]
        )

    def test_list_of_bins_costs_the_same_for_few_and_many(self):
        self._make(place_to=20)
        bins = self._bins()
        for place in bins:
            self._receive(self.part, 1.0, place)

        def count(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            names = ["name", "bin_content", "bin_pieces", "bin_part_names"]
            bins[:number].read([*names, "is_free_bin"])
            return self.env.cr.sql_log_count - before

        count(40)
        self.assertEqual(count(3), count(40))


@tagged("post_install", "-at_install")
class TestLabel(WarehouseCommon):
    def _print(self, records, user=None, action="action_print_labels", **values):
        records = records.with_user(user or self.user_parts)
        dialog = getattr(records, action)()
        label = self.env[dialog["res_model"]].browse(dialog["res_id"])
        label = label.with_user(user or self.user_parts)
        label.write(values)
        self.assertEqual(label.action_print()["type"], "ir.actions.act_url")
        return label, base64.b64decode(label.document)

    def test_labels_of_bins(self):
        place = self._create_bin("B-01-01")
        label, pdf = self._print(place | self._create_bin("B-01-02"), quantity=2)
        self.assertEqual(label.total, 4)
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertEqual(pdf.count(b"/Type /Page\n"), 4)
        self.assertRecordValues(
            label.line_ids[0],
            [{"title": "B-01-01", "code": "B-01-01", "text": self.stock.complete_name}],
        )

    def test_sheet_begins_at_the_first_free_label(self):
        place = self._create_bin("B-01-01")
        _label, pdf = self._print(place, size="a4_24", quantity=2, start=24)
        self.assertEqual(pdf.count(b"/Type /Page\n"), 2)

    def test_part_is_printed_with_what_a_scanner_finds(self):
        self.part.write({"default_code": "BD-1", "barcode": False})
        label, _pdf = self._print(self.part, action="action_print_part_labels")
        self.assertRecordValues(
            label.line_ids, [{"title": "Brake disc", "code": "BD-1"}]
        )
        self.assertFalse(label.has_price)
        self.assertIn("40", label.line_ids.price)
        self.part.barcode = "4006381333931"
        label, _pdf = self._print(self.part, action="action_print_part_labels")
        self.assertEqual(label.line_ids.code, "4006381333931")

    def test_labels_of_boxes_tools_and_badges(self):
        order = self._create_order()
        label, _pdf = self._print(
            order, self.user_advisor, "action_print_box_labels", symbology="qr"
        )
        self.assertEqual(label.line_ids.code, order.name)
        order.name = "2026-17"
        self.assertEqual(order._get_label_values()[0]["code"], "WO:2026-17")
        tool = self.env["auto.service.tool"].create({"name": "Puller", "code": "P-9"})
        label, _pdf = self._print(tool)
        self.assertEqual(label.line_ids.code, "TOOL:P-9")
        label, _pdf = self._print(
            self.technician, self.user_manager, "action_print_badges"
        )
        self.assertTrue(self.technician.barcode)
        self.assertEqual(label.line_ids.code, self.technician.barcode)

    def test_what_came_gets_a_label_for_every_piece(self):
        purchase = self._buy(self._create_approved_line(3.0), 3.0)
        label, _pdf = self._print(
            purchase.order_id.picking_ids, action="action_print_part_labels"
        )
        self.assertEqual(label.line_ids.quantity, 3)

    def test_technicians_of_other_companies_get_no_badge_from_us(self):
        company = self.env["res.company"].create({"name": "Other Garage"})
        stranger = self._create_employee(name="Peeter Saar", company_id=company.id)
        with self.assertRaises(AccessError):
            stranger.with_user(self.user_manager).action_print_badges()

    def test_badges_are_for_managers(self):
        with self.assertRaisesRegex(AccessError, "manager"):
            self.technician.with_user(self.user_parts).action_print_badges()

    def test_nothing_and_too_much_is_said(self):
        place = self._create_bin("B-01-01")
        with self.assertRaisesRegex(UserError, "how many"):
            self._print(place, quantity=0)
        with self.assertRaisesRegex(UserError, "too many"):
            self._print(place, quantity=5001)

    def test_letters_that_bars_do_not_know(self):
        self.part.write(
            {"default_code": "ОС-90 Ө", "name": "Май сүзгісі", "barcode": False}
        )
        _label, pdf = self._print(self.part, action="action_print_part_labels")
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_own_barcodes_are_short_and_unlike_all_others(self):
        parts = self.part | self._create_part() | self._create_part()
        parts[0].barcode = "ABC"
        sequence = self.env.ref("auto_service_warehouse.sequence_product_barcode")
        sequence.number_next = 7
        taken = self._create_part(barcode="20000066", active=False)
        parts.with_user(self.user_parts).action_make_barcode()
        self.assertEqual(parts.mapped("barcode"), ["ABC", "20000073", "20000080"])
        sequence.number_next = 7
        self.assertEqual(
            self.env["product.product"]._get_free_barcodes(1), ["20000097"], taken
        )

    def test_own_barcodes_go_on_when_the_short_ones_are_used_up(self):
        sequence = self.env.ref("auto_service_warehouse.sequence_product_barcode")
        Product = self.env["product.product"]
        sequence.number_next = 100001
        self.assertEqual(Product._get_free_barcodes(1)[0][:7], "2400000")
        sequence.number_next = 800000
        self.assertEqual(Product._get_free_barcodes(1), ["P0100000"])
