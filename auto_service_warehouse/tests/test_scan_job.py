from odoo.tests import tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install")
class TestScanJob(ScanCommon):
    """Parts of visits: picked, issued, taken back."""

    def setUp(self):
        super().setUp()
        self._receive(self.filter, 2, self.bin_a)
        self.line = self._create_approved_line(quantity=2, part=self.filter)
        self.line.move_ids._action_assign()
        self.order = self.line.work_order_id
        self.mechanic = self._create_employee(name="Jaan Scan", barcode="BADGE910")

    def test_pick_walks_along_the_bins(self):
        self._start("pick", order_id=self.order.id)
        self.assertIn("SCAN-A-01", self.said["screen"]["prompt"])
        self.assertIn("Wrong bin", self._scan_wrong("SCAN-B-01"))
        self.assertIn("Wrong part", self._scan_wrong("SCAN-PADS"))
        self._scan("SCAN-A-01", "SCAN-OC90")
        self.assertEqual(self._lines(), [("SCAN-OC90", 0.0, 1.0)])
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 1.0)
        self._scan("SCAN-OC90")
        self.assertEqual(self.line._get_picked_quantity(), 2.0)
        self.assertFalse(self._lines())

    def test_undo_of_a_pick_puts_it_back_into_its_bin(self):
        self._start("pick", order_id=self.order.id)
        self._scan("SCAN-OC90")
        self._undo()
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 2.0)
        self.assertEqual(self.line._get_picked_quantity(), 0.0)
        self.assertEqual(self.line.move_ids.state, "assigned")
        self._scan("SCAN-OC90", "SCAN-OC90")
        self.assertEqual(self.line._get_picked_quantity(), 2.0)

    def test_typed_quantity_picks_the_row(self):
        self._start("pick", order_id=self.order.id)
        key = self.said["screen"]["lines"][0]["key"]
        self._press("set", key=key, quantity=2)
        self.assertEqual(self.line._get_picked_quantity(), 2.0)

    def test_badge_takes_the_parts_of_the_visit(self):
        self._start("issue")
        self._scan(f"WO:{self.order.name}", "BADGE910")
        self.assertEqual(self.line.qty_delivered, 2.0)
        issue = self.line.issue_ids.filtered(lambda row: row.kind == "issue")
        self.assertEqual(issue.employee_id, self.mechanic)
        self.assertIn("Jaan Scan", self.said["message"])

    def test_single_parts_are_issued(self):
        self._start("issue")
        self._scan(self.order.name, "SCAN-OC90")
        self.assertIn("Wrong part", self._scan_wrong("SCAN-PADS"))
        self._scan("BADGE910")
        self.assertEqual(self.line.qty_delivered, 1.0)

    def test_undo_of_an_issue(self):
        self._start("issue")
        self._scan(self.order.name, "BADGE910")
        self._undo()
        self.assertEqual(self.line.qty_delivered, 0.0)
        self.assertEqual(self._in_stock(self.filter), 2.0)

    def test_more_than_was_approved_is_refused(self):
        self._start("issue")
        self._scan(self.order.name, "SCAN-OC90", "SCAN-OC90")
        self.assertIn("No more than 2", self._scan_wrong("SCAN-OC90"))

    def test_take_back_into_a_bin(self):
        self._start("issue")
        self._scan(self.order.name, "BADGE910")
        self._start("return")
        self._scan(self.order.name, "SCAN-OC90", "SCAN-B-01")
        self.assertEqual(self.line.qty_delivered, 1.0)
        self.assertEqual(self._in_stock(self.filter, self.bin_b), 1.0)

    def test_take_back_to_where_it_was(self):
        self._start("issue")
        self._scan(self.order.name, "BADGE910")
        self._start("return")
        self._scan(self.order.name, "SCAN-OC90")
        self._press("done")
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 1.0)

    def test_nothing_more_comes_back_than_was_issued(self):
        self._start("issue")
        self._scan(self.order.name, "SCAN-OC90", "BADGE910")
        self._start("return")
        self._scan(self.order.name, "SCAN-OC90")
        self.assertIn("No more than 1", self._scan_wrong("SCAN-OC90"))

    def test_tools_go_out_and_come_back(self):
        tool = self.env["auto.service.tool"].create({"name": "Puller", "code": "T-910"})
        self._start("tool")
        self._scan("TOOL:T-910", "BADGE910")
        self.assertEqual(tool.holder_id, self.mechanic)
        self._scan("TOOL:T-910")
        self.assertFalse(tool.holder_id)
        self._undo()
        self.assertEqual(tool.holder_id, self.mechanic)

    def test_badge_first_then_tools(self):
        tools = self.env["auto.service.tool"].create(
            [{"name": "Puller", "code": "T-911"}, {"name": "Gauge", "code": "T-912"}]
        )
        self._start("tool")
        self._scan("BADGE910", "T-911", "T-912")
        self.assertEqual(tools.holder_id, self.mechanic)
