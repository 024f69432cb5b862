from odoo.tests import HttpCase, tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install")
class TestScanTour(ScanCommon, HttpCase):
    """The scanner in a real browser, with the keys that a scanner sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bin_a = cls._create_bin("TOUR-A-01")
        cls.bin_b = cls._create_bin("TOUR-B-01")
        cls.part = cls._create_part(name="Tour filter", barcode="TOURFILTER")
        cls.wiper = cls._create_part(name="Tour wiper", barcode="TOURWIPER")
        (cls.part | cls.wiper).is_storable = True
        for part in cls.part | cls.wiper:
            part.seller_ids = [(0, 0, cls._prepare_seller_values())]

    def _prepare_day(self):
        """What the parts person finds in the morning."""
        self.env["auto.service.pick.line"].search([]).line_id.move_ids._do_unreserve()
        self.env["stock.putaway.rule"].create(
            {
                "product_id": self.wiper.id,
                "location_in_id": self.bin_b.location_id.id,
                "location_out_id": self.bin_b.id,
            }
        )
        # the deliveries stand at the door before they are put away
        self.warehouse.reception_steps = "two_steps"
        self._create_employee(name="Jaan Tour", barcode="TOURBADGE")
        line = self._create_approved_line(quantity=2, part=self.part)
        line.work_order_id.name = "TOURWO"
        order = self._order_from_vendor({self.part: 3, self.wiper: 1})
        order.partner_ref = "TOURPO"
        return line, order

    def test_a_day_at_the_parts_counter(self):
        line, order = self._prepare_day()
        self.start_tour(
            "/odoo/warehouse-scan",
            "auto_service_warehouse_scan_day",
            login="test_parts",
        )
        self.env.invalidate_all()
        self.assertEqual(line.qty_delivered, 1.0)
        self.assertEqual(self._in_stock(self.part, self.bin_a), 1.0)
        self.assertEqual(self._in_stock(self.wiper), 0.0)
        wiper = order.order_line.filtered(lambda row: row.product_id == self.wiper)
        self.assertEqual(wiper.qty_received, 0.0, "it went back")
        kinds = line.issue_ids.mapped("kind")
        self.assertEqual(sorted(set(kinds)), ["issue", "pick", "return"])
        issued = line.issue_ids.filtered(lambda row: row.kind == "issue")
        self.assertEqual(issued.employee_id.mapped("name"), ["Jaan Tour"])

    def test_a_bin_is_counted(self):
        self._receive(self.part, 10, self.bin_a)
        self.start_tour(
            "/odoo/warehouse-scan",
            "auto_service_warehouse_scan_count",
            login="test_parts",
        )
        self.env.invalidate_all()
        self.assertEqual(self._in_stock(self.part, self.bin_a), 7.0)
