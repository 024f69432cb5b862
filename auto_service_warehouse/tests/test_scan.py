from odoo.exceptions import AccessError
from odoo.tests import tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install")
class TestScan(ScanCommon):
    """What a code is, who may scan, and that a scan counts once."""

    def _resolve(self, code):
        hit = self.scan.resolve(code)
        return hit["kind"], hit.get("id")

    def test_everything_with_a_code_is_found(self):
        order = self._create_order()
        tool = self.env["auto.service.tool"].create({"name": "Puller", "code": "T-900"})
        employee = self._create_employee(barcode="BADGE900")
        purchase = self._order_from_vendor({self.filter: 1})
        for code, record in (
            ("4006381333931", self.filter),
            ("04006381333931", self.filter),
            ("scan-oc90", self.filter),
            ("SCAN-A-01", self.bin_a),
            (f"WO:{order.name}", order),
            (order.name, order),
            ("TOOL:T-900", tool),
            ("BADGE900", employee),
            (purchase.name, purchase),
            (purchase.picking_ids.name, purchase.picking_ids),
        ):
            with self.subTest(code=code):
                self.assertEqual(self._resolve(code)[1], record.id)

    def test_box_of_six_counts_six(self):
        six = self.env["uom.uom"].create(
            {
                "name": "Box of 6",
                "relative_factor": 6.0,
                "relative_uom_id": self.filter.uom_id.id,
            }
        )
        self.env["product.uom"].create(
            {"product_id": self.filter.id, "uom_id": six.id, "barcode": "BOX6"}
        )
        self.assertEqual(self.scan.resolve("BOX6")["quantity"], 6.0)

    def test_gs1_code_tells_part_lot_and_pieces(self):
        hit = self.scan.resolve("(01)04006381333931(10)L77")
        self.assertEqual(hit["id"], self.filter.id)
        self.assertEqual(hit["lot_name"], "L77")
        hit = self.scan.resolve("0104006381333931" + "3012")
        self.assertEqual((hit["id"], hit["quantity"]), (self.filter.id, 12.0))

    def test_plate_finds_the_visit_that_is_here(self):
        owner = self._create_partner()
        vehicle = self._create_vehicle(license_plate="777 SCN", owner_id=owner.id)
        order = self._create_order(vehicle_id=vehicle.id)
        self.assertEqual(self._resolve("777 SCN"), ("order", order.id))

    def test_unknown_code_says_so(self):
        self._start("lookup")
        self.assertIn("NO-SUCH", self._scan_wrong("NO-SUCH"))

    def test_wrong_kind_of_thing_says_what_is_wanted(self):
        self._create_employee(barcode="BADGE901")
        self._start("move")
        message = self._scan_wrong("BADGE901")
        self.assertIn("technician", message)
        self.assertIn("Scan the bin", message)

    def test_two_parts_of_one_number_are_a_question(self):
        twin = self._create_part(name="Oil filter B", default_code="SCAN-OC90")
        self._start("lookup")
        self._handle({"code": "SCAN-OC90"})
        self.assertEqual(self.said["tone"], "ask")
        self.assertEqual(
            {choice["args"]["id"] for choice in self.said["choices"]},
            {self.filter.id, twin.id},
        )
        choice = self.said["choices"][0]
        self._press(choice["action"], **choice["args"])
        self.assertEqual(self.said["state"]["id"], choice["args"]["id"])

    def test_a_scan_that_is_sent_twice_counts_once(self):
        self._receive(self.filter, 5, self.bin_a)
        self._start("move")
        self._scan("SCAN-A-01")
        state = self.said["state"]
        first = self.scan.handle("twice", "move", {"code": "SCAN-OC90"}, state)
        again = self.scan.handle("twice", "move", {"code": "SCAN-OC90"}, state)
        self.assertEqual(first, again)
        self.assertEqual(first["state"]["lines"][0]["quantity"], 1.0)
        self.said = first
        for token in ("bring", "bring"):
            answer = self.scan.handle(
                token, "move", {"code": "SCAN-B-01"}, first["state"]
            )
        self.assertEqual(answer["tone"], "ok")
        self.assertEqual(self._in_stock(self.filter, self.bin_b), 1.0)

    def test_token_of_somebody_else_is_refused(self):
        self._start("lookup")
        self._handle({"code": "SCAN-OC90"}, token="mine")
        with self.assertRaisesRegex(Exception, "not yours"):
            self.scan.with_user(self.user_manager).handle(
                "mine", "lookup", {"code": "SCAN-OC90"}, {}
            )

    def test_roles(self):
        names = {row["name"] for row in self.scan.get_modes()}
        self.assertGreater(names, {"receive", "pick", "count", "lookup"})
        for user in (self.user_technician, self.user_advisor):
            scan = self.env["auto.service.scan"].with_user(user)
            names = {row["name"] for row in scan.get_modes()}
            self.assertEqual(names, {"lookup", "tool"})
            with self.assertRaises(AccessError):
                scan.start("receive", {})
            with self.assertRaises(AccessError):
                scan.handle("x", "move", {"code": "SCAN-A-01"}, {})

    def test_technician_looks_up_everything_without_costs(self):
        self._receive(self.filter, 5, self.bin_a)
        order = self._create_order()
        purchase = self._order_from_vendor({self.filter: 1})
        tool = self.env["auto.service.tool"].create({"name": "Puller", "code": "T-901"})
        employee = self._create_employee(barcode="BADGE902")
        self._use(self.user_technician)
        self._start("lookup")
        for code in (
            "SCAN-OC90",
            "SCAN-A-01",
            order.name,
            purchase.name,
            purchase.picking_ids.name,
            tool.code,
            employee.barcode,
        ):
            with self.subTest(code=code):
                self._scan(code)
                self.assertNotIn("price", str(self.said["screen"]).lower())
        self._scan("SCAN-OC90")
        self.assertEqual(self.said["screen"]["facts"][0]["value"], "5")
        self.assertFalse(
            [button for button in self.said["screen"]["buttons"] if button.get("open")]
        )

    def test_other_company_is_not_scanned(self):
        other = self.env["res.company"].create({"name": "Other garage"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        self.env["stock.location"].create(
            {
                "name": "OTHER-BIN",
                "barcode": "OTHER-BIN",
                "usage": "internal",
                "location_id": warehouse.lot_stock_id.id,
                "company_id": other.id,
            }
        )
        self.assertEqual(self._resolve("OTHER-BIN"), (False, None))

    def test_a_scan_costs_few_queries(self):
        self._receive(self.filter, 5, self.bin_a)
        self._start("lookup")
        self._scan("SCAN-OC90")
        self.env.flush_all()
        with self.assertQueryCount(16):
            self._scan("SCAN-OC90")
        self._start("move")
        self._scan("SCAN-A-01", "SCAN-OC90")
        self.env.flush_all()
        with self.assertQueryCount(15):
            self._scan("SCAN-OC90")

    def test_name_of_a_part_is_a_question_before_it_counts(self):
        self._receive(self.filter, 5, self.bin_a)
        self._start("move")
        self._scan("SCAN-A-01")
        self._handle({"code": "oil filt"})
        self.assertEqual(self.said["tone"], "ask")
