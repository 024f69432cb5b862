"""Warehouse of the demo garage: bins, rules, tools, consumables, parts that go back."""

from datetime import timedelta

from odoo.fields import Command

#: Rack, levels and places of each; brake parts and what is long lie in B.
RACKS = {"A": (3, 5), "B": (2, 5), "C": (2, 4)}
#: (number of the part, at least, at most)
RULES = [
    ("OC 1063", 10, 20),
    ("WK 853/3", 4, 8),
    ("GDB1763", 2, 6),
    ("5W30-504-5L", 18, 30),
    ("DOT4-1L", 20, 40),
]
#: (name, kind, serial number, place, calibrated so many days ago or None)
TOOLS = [
    ("Torque wrench 20-200 Nm", "torque", "TW-55120", "Cabinet 1", 120),
    ("Torque wrench 40-400 Nm", "torque", "TW-77031", "Cabinet 1", 380),
    ("Diagnostic tester", "diagnostic", "DX-90812", "Trolley D", None),
    ("Timing tool set EA288", "special", None, "Cabinet 2", None),
    ("Brake piston reset set", "special", None, "Cabinet 2", None),
    ("Ball joint puller", "special", None, "Cabinet 2", None),
    ("Battery tester", "measuring", "BT-1147", "Counter", 200),
]
#: (name of the tool, technician by place in the list, out since hours, due in hours)
LOANS = [
    ("Torque wrench 20-200 Nm", 0, 2, 6),
    ("Timing tool set EA288", 1, 5, 4),
    ("Ball joint puller", 2, 26, -18),
]
#: (code of the operation or None, number of the part, quantity, basis)
CONSUMABLES = [
    (None, "CLEANER-500", 0.1, "hour"),
    (None, "RAGS", 1.0, "hour"),
]


class WarehouseLoader:
    """Gives every part its bin, and the counter something to do.

    :param loader: GarageLoader
    """

    def __init__(self, loader):
        self.loader = loader
        self.env = loader.env
        self.company = loader.company
        self.bins = []

    def get_warehouse(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )

    # Bins -----------------------------------------------------------------------

    def create_bins(self):
        """Racks of the garage, with an address on every shelf."""
        stock = self.get_warehouse().lot_stock_id
        names = [
            f"{rack}-{level:02d}-{place:02d}"
            for rack, (levels, places) in RACKS.items()
            for level in range(1, levels + 1)
            for place in range(1, places + 1)
        ]
        self.bins = self.env["stock.location"].create(
            [self._prepare_bin(name, stock) for name in names]
        )

    def _prepare_bin(self, name, stock):
        return {
            "name": name,
            "location_id": stock.id,
            "usage": "internal",
            "barcode": f"DEMO-{name}",
            "company_id": self.company.id,
        }

    def give_bins(self, products):
        """Where each part lies, and where its next receipt is put."""
        places = {
            product: self.bins[number % len(self.bins)]
            for number, product in enumerate(products)
        }
        stock = self.get_warehouse().lot_stock_id
        self.env["stock.putaway.rule"].create(
            [
                {
                    "product_id": product.id,
                    "location_in_id": stock.id,
                    "location_out_id": place.id,
                    "company_id": self.company.id,
                }
                for product, place in places.items()
            ]
        )
        return places

    # The counter ----------------------------------------------------------------

    def load(self):
        """Everything beside the shelves."""
        self._create_rules()
        self._create_tools()
        self._create_consumables()
        self._await_receipt()

    def _create_rules(self):
        """Some parts are reordered before they are gone; some are below that now."""
        warehouse = self.get_warehouse()
        self.env["stock.warehouse.orderpoint"].create(
            [
                {
                    "product_id": self.loader.parts[number].id,
                    "warehouse_id": warehouse.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "product_min_qty": least,
                    "product_max_qty": most,
                    "trigger": "manual",
                    "company_id": self.company.id,
                }
                for number, least, most in RULES
            ]
        )

    def _create_tools(self):
        today = self.loader.now.date()
        tools = self.env["auto.service.tool"].create(
            [
                {
                    "name": name,
                    "kind_id": self._get_kind(kind),
                    "serial_number": serial,
                    "place": place,
                    "calibrated_on": days and today - timedelta(days=days),
                    "company_id": self.company.id,
                    "user_id": self.loader.users["parts"].id,
                }
                for name, kind, serial, place, days in TOOLS
            ]
        )
        by_name = {tool.name: tool for tool in tools}
        self.env["auto.service.tool.loan"].create(
            [self._prepare_loan(by_name[name], *row) for name, *row in LOANS]
        )

    def _get_kind(self, key):
        kind = self.env.ref(
            f"auto_service_warehouse.tool_kind_{key}", raise_if_not_found=False
        )
        return kind.id if kind else False

    def _prepare_loan(self, tool, number, since, due):
        return {
            "tool_id": tool.id,
            "employee_id": self.loader.technicians[number].id,
            "out_at": self.loader.now - timedelta(hours=since),
            "due_at": self.loader.now + timedelta(hours=due),
        }

    def _create_consumables(self):
        """What every hour of work takes, drawn when a job is done."""
        self.env["auto.service.consumable"].create(
            [
                {
                    "operation_id": code and self.loader.operations[code].id,
                    "product_id": self.loader.parts[number].id,
                    "quantity": quantity,
                    "basis": basis,
                    "company_id": self.company.id,
                }
                for code, number, quantity, basis in CONSUMABLES
            ]
        )

    def _await_receipt(self):
        """A delivery that stands at the door, for whoever tries the scanner."""
        supplier = next(iter(self.loader.garage_parts.suppliers.values()))
        numbers = ("WK 853/3", "GDB1763", "6PK1070")
        order = self.env["purchase.order"].create(
            {
                "partner_id": supplier.id,
                "user_id": self.loader.users["parts"].id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.loader.parts[number].id,
                            "product_qty": 4.0,
                            "price_unit": self.loader.parts[number].standard_price,
                            "date_planned": self.loader.now,
                        }
                    )
                    for number in numbers
                ],
            }
        )
        order.button_confirm()
