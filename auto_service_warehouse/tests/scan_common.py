from .common import WarehouseCommon


class ScanCommon(WarehouseCommon):
    """A scanner in the hands of the parts desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bin_a = cls._create_bin("SCAN-A-01")
        cls.bin_b = cls._create_bin("SCAN-B-01")
        cls.filter = cls._create_part(
            name="Oil filter", default_code="SCAN-OC90", barcode="4006381333931"
        )
        cls.pads = cls._create_part(name="Brake pads", default_code="SCAN-PADS")
        (cls.filter | cls.pads).is_storable = True
        cls.tokens = iter(range(10**6))

    def setUp(self):
        super().setUp()
        self._use()

    def _use(self, user=None):
        """Take the scanner as another user."""
        self.scan = self.env["auto.service.scan"].with_user(user or self.user_parts)
        self.said = None

    def _start(self, mode, **params):
        self.mode = mode
        self.said = self.scan.start(mode, params)
        return self.said

    def _handle(self, event, token=None):
        token = token or f"test-{next(self.tokens)}"
        self.token = token
        self.said = self.scan.handle(token, self.mode, event, self.said["state"])
        return self.said

    def _scan(self, *codes):
        """Scan codes one after the other; each must be taken.

        :return: dict, answer to the last one
        """
        for code in codes:
            self._handle({"code": code})
            self.assertIn(self.said["tone"], ("ok", "info"), self.said["message"])
        return self.said

    def _scan_wrong(self, code):
        """Scan a code that must be refused.

        :return: str, what the screen said
        """
        state = self.said["state"]
        self._handle({"code": code})
        self.assertEqual(self.said["tone"], "error", self.said["message"])
        self.assertEqual(self.said["state"], state, "a wrong scan changes nothing")
        return self.said["message"]

    def _press(self, action, **args):
        self._handle({"action": action, "args": args})
        self.assertNotEqual(self.said["tone"], "error", self.said["message"])
        return self.said

    def _undo(self):
        """Take the last scan back."""
        self._handle({"undo": self.token})
        self.assertNotEqual(self.said["tone"], "error", self.said["message"])
        return self.said

    def _lines(self):
        """What the screen shows: (number of the part, done, to do)."""
        return [
            (line["number"], line["done"], line["todo"])
            for line in self.said["screen"]["lines"]
        ]

    @classmethod
    def _order_from_vendor(cls, quantities):
        """Confirmed purchase order.

        :param dict quantities: product.product record to pieces
        :return: purchase.order record
        """
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "order_line": [
                    (0, 0, {"product_id": part.id, "product_qty": pieces})
                    for part, pieces in quantities.items()
                ],
            }
        )
        order.button_confirm()
        return order
