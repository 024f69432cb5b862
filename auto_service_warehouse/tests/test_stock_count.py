from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install")
class TestStockCount(ScanCommon):
    """A bin is counted by scanning, and applied without overwriting what moved."""

    def _count(self):
        return self.env["auto.service.stock.count"].browse(self.said["state"]["count"])

    def test_differences_are_applied(self):
        self._receive(self.filter, 5, self.bin_a)
        self._receive(self.pads, 2, self.bin_a)
        self._start("count")
        self._scan("SCAN-A-01", *["SCAN-OC90"] * 4)
        self._press("rest")
        count = self._count()
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 5.0)
        self._press("review")
        self.assertEqual(len(self.said["screen"]["lines"]), 2)
        self._press("apply")
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 4.0)
        self.assertEqual(self._in_stock(self.pads, self.bin_a), 0.0)
        self.assertEqual(count.state, "done")
        moves = self.env["stock.move"].search(
            [("product_id", "=", self.filter.id), ("is_inventory", "=", True)]
        )
        self.assertIn(count.name, moves.reference)

    def test_part_nobody_expected(self):
        self._start("count")
        self._scan("SCAN-A-01", "SCAN-OC90", "SCAN-OC90")
        self._press("review")
        self._press("apply")
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 2.0)

    def test_what_moves_between_count_and_apply_stays_moved(self):
        self._receive(self.filter, 5, self.bin_a)
        self._start("count")
        self._scan("SCAN-A-01", *["SCAN-OC90"] * 4)
        count = self._count()
        self._receive(self.filter, -2, self.bin_a)
        said = count._apply()
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 2.0, "5 - 1 - 2")
        self.assertIn("Oil filter", said)
        self.assertIn("-2", said)

    def test_what_moved_before_the_part_was_counted_is_no_difference(self):
        self._receive(self.filter, 5, self.bin_a)
        self._start("count")
        self._scan("SCAN-A-01")
        self._receive(self.filter, -2, self.bin_a)
        self._scan(*["SCAN-OC90"] * 3)
        count = self._count()
        self.assertFalse(count.different_count)
        self.assertEqual(count._apply(), "")
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 3.0)

    def test_what_nobody_looked_at_stays(self):
        self._receive(self.filter, 5, self.bin_a)
        self._receive(self.pads, 2, self.bin_a)
        self._start("count")
        self._scan("SCAN-A-01", *["SCAN-OC90"] * 5)
        self._count()._apply()
        self.assertEqual(self._in_stock(self.pads, self.bin_a), 2.0)

    def test_two_people_count_two_bins_but_not_one(self):
        self._start("count")
        self._receive(self.filter, 1, self.bin_a)
        self._receive(self.filter, 1, self.bin_b)
        self._scan("SCAN-A-01")
        mine = self._count()
        self._use(self.user_manager)
        self._start("count")
        self.assertIn(mine.name, self._scan_wrong("SCAN-A-01"))
        self._scan("SCAN-B-01")
        self.assertNotEqual(self._count(), mine)

    def test_same_count_goes_on_with_the_next_bin(self):
        self._receive(self.filter, 1, self.bin_a)
        self._receive(self.filter, 1, self.bin_b)
        self._start("count")
        self._scan("SCAN-A-01", "SCAN-OC90", "SCAN-B-01", "SCAN-OC90", "SCAN-OC90")
        self._press("review")
        self._press("apply")
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 1.0)
        self.assertEqual(self._in_stock(self.filter, self.bin_b), 2.0)

    def test_undo_of_a_scan(self):
        self._receive(self.filter, 5, self.bin_a)
        self._start("count")
        self._scan("SCAN-A-01", "SCAN-OC90")
        line = self._count().line_ids
        self._undo()
        self.assertFalse(line.is_counted)
        self.assertFalse(line.is_different)

    def test_blind_count_hides_what_is_expected(self):
        self._receive(self.filter, 5, self.bin_a)
        self._start("count")
        self._scan("SCAN-A-01")
        self._count().is_blind = True
        self._scan("SCAN-OC90")
        self.assertEqual(self._lines(), [("SCAN-OC90", 1.0, 0.0)])

    def test_applied_and_cancelled_counts_are_over(self):
        self._receive(self.filter, 5, self.bin_a)
        self._start("count")
        self._scan("SCAN-A-01", "SCAN-OC90")
        count = self._count()
        count.action_cancel()
        with self.assertRaisesRegex(UserError, count.name):
            count._apply()
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 5.0)
        self.assertEqual(self._handle({"code": "SCAN-OC90"})["tone"], "error")
        count.unlink()

    def test_typed_in_the_form(self):
        self._receive(self.filter, 5, self.bin_a)
        self._start("count")
        self._scan("SCAN-A-01")
        count = self._count().with_user(self.user_parts)
        with Form(count) as form:
            with form.line_ids.edit(0) as line:
                line.quantity_counted = 3
        self.assertEqual(count.different_count, 1)
        self.assertEqual(count.value_difference, -2 * self.filter.standard_price)
        count.action_apply()
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 3.0)

    def test_serial_number_that_was_found(self):
        self.filter.tracking = "serial"
        self._start("count")
        self._scan("SCAN-A-01", "SCAN-OC90", "SN-77")
        self._scan("SCAN-OC90")
        self.assertIn("SN-77", self._scan_wrong("SN-77"))
        self.said["state"].pop("wait", None)
        self._press("review")
        self._press("apply")
        quant = self.env["stock.quant"]._gather(self.filter, self.bin_a)
        self.assertEqual((quant.lot_id.name, quant.quantity), ("SN-77", 1.0))

    def test_reserved_pieces_that_are_gone(self):
        line = self._create_approved_line(quantity=2, part=self.filter)
        self._receive(self.filter, 2, self.bin_a)
        line.move_ids._action_assign()
        self._start("count")
        self._scan("SCAN-A-01")
        self._press("rest")
        self._press("review")
        self._press("apply")
        self.assertEqual(self._in_stock(self.filter, self.bin_a), 0.0)
        self.assertNotEqual(line.move_ids.state, "assigned")
