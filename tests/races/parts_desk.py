"""A parts desk that many people use at once, and shops that they order from."""

import itertools
import sys
import time
from pathlib import Path

import harness
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fake_abcp.process import FakeAbcp  # noqa: E402, F401

ACCOUNT = "auto.service.supplier.account"
ENQUIRY = "auto.service.parts.enquiry"
OFFER = "auto.service.parts.offer"
LINE = "sale.order.line"
DIALOG = "auto.service.parts.order"
PLACED = "auto.service.supplier.order"
CRON = "auto_service_parts.ir_cron_sync_supplier_orders"
NUMBERS = itertools.count(1)


class Desk:
    """Drives enquiries and orders over HTTP.

    :param list sessions: WebClient of managers, one per person
    :param server: harness.OdooServer
    :param shops: FakeAbcp
    """

    def __init__(self, sessions, server, shops):
        self.sessions = sessions
        self.server = server
        self.shops = shops
        self.partner = self.create("res.partner", name="Alpha Parts")

    def call(self, model, method, *args, **kwargs):
        return self.sessions[0].call(model, method, *args, **kwargs)

    def create(self, model, **values):
        """Id of a new record."""
        return self.call(model, "create", [values])[0]

    def read(self, model, record, name):
        return self.call(model, "read", [record], [name])[0][name]

    def query(self, sql):
        return harness.query(self.server.database, sql)

    def patience(self, seconds):
        """``seconds``, longer on a machine that is busy with other things."""
        start = time.monotonic()
        self.call("res.users", "read", [2], ["name"])
        return max(seconds, 8 * (time.monotonic() - start))

    # What there is --------------------------------------------------------------

    def create_account(self, shop, **values):
        """Account at a shop of our own server, with its lists loaded."""
        account = self.create(
            ACCOUNT,
            name=shop.title(),
            partner_id=self.partner,
            handler="auto.service.supplier.handler.abcp",
            url=self.shops.url_of(shop),
            login="garage",
            password="secret",
            cache_minutes=0,
            is_ordering=True,
            **values,
        )
        self.call(ACCOUNT, "action_load_options", [account])
        self.call(ACCOUNT, "action_load_statuses", [account])
        for kind in ("payment", "shipment", "address"):
            domain = [("account_id", "=", account), ("kind", "=", kind)]
            found = self.call("auto.service.supplier.option", "search", domain)
            self.call(ACCOUNT, "write", [account], {f"{kind}_option_id": found[0]})
        return account

    def create_visit(self):
        """Open work order of a vehicle of its own."""
        number = next(NUMBERS)
        owner = self.create("res.partner", name=f"Owner {number}")
        brand = self.create("fleet.vehicle.model.brand", name="Testford")
        model = self.create("fleet.vehicle.model", name="Focus", brand_id=brand)
        vehicle = self.create(
            "fleet.vehicle",
            license_plate=f"PRT {number:05}",
            model_id=model,
            is_customer_vehicle=True,
            owner_id=owner,
        )
        return self.create("auto.service.order", vehicle_id=vehicle)

    def enquire(self, number="GDB1330", brand="TRW", **params):
        """Offers of the number asked for, as the suppliers make them now."""
        params |= {"number": number, "brand_name": brand}
        started = self.call(ENQUIRY, "start_enquiry", params)
        self.call(ENQUIRY, "run_live", [started["id"]])
        self.wait_for_answers(started["id"])
        return self.call(
            OFFER,
            "search_read",
            [("enquiry_id", "=", started["id"]), ("found_by", "=", "number")],
            ["brand_name", "number", "cost", "quantity", "is_on_order"],
        )

    def wait_for_answers(self, enquiry, seconds=20):
        """Until all suppliers have answered."""
        deadline = time.monotonic() + seconds
        while self.call(ENQUIRY, "get_progress", [enquiry])["state"] == "running":
            assert time.monotonic() < deadline, "the suppliers never answered"
            time.sleep(0.1)

    def find_offer(self, **params):
        """Offer of a part that is in stock at the supplier, in any quantity."""
        offers = [
            offer
            for offer in self.enquire(**params)
            if not offer["is_on_order"] and offer["quantity"] >= 4
        ]
        return min(offers, key=lambda offer: offer["cost"])["id"]

    def create_line(self, visit=None, quantity=1):
        """Line of an estimate that the customer approved; its part is to be ordered."""
        visit = visit or self.create_visit()
        offer = self.find_offer(order_id=visit)
        added = self.call(OFFER, "add_to_job", [offer], None, visit, quantity, "Brakes")
        line = added["line_id"]
        estimate = self.read(LINE, line, "order_id")[0]
        self.call("sale.order", "action_confirm", [estimate])
        return line

    def open_dialog(self, line, session=None):
        """The dialog of somebody who is about to order the line."""
        session = session or self.sessions[0]
        return session.call(LINE, "action_order_parts", [line])["res_id"]

    # Clicks that are still to be made ----------------------------------------------

    def ordering(self, session, dialog):
        """A click: order what the dialog shows."""
        return lambda: session.call(DIALOG, "action_order", [dialog])

    def adding(self, session, offer, visit):
        """A click: put the offer on the estimate of the visit."""
        return lambda: session.call(
            OFFER, "add_to_job", [offer], None, visit, 1, "Brakes"
        )

    def looking_up(self, session, order):
        """A click: ask the supplier what became of the order."""
        return lambda: session.call(PLACED, "action_look_up", [order])

    def run_cron(self, session=None):
        """What the scheduled action does, at once."""
        [[cron]] = self.query(
            f"SELECT res_id FROM ir_model_data WHERE module || '.' || name = '{CRON}'"
        )
        session = session or self.sessions[0]
        return session.call("ir.cron", "method_direct_trigger", [int(cron)])

    # What came of it ------------------------------------------------------------

    def read_purchases(self, line):
        """Live lines of purchase orders for the line of the estimate."""
        return self.query(
            "SELECT id, order_id, product_qty FROM purchase_order_line"
            f" WHERE sale_line_id = {line}"
            " AND order_id IN (SELECT id FROM purchase_order WHERE state <> 'cancel')"
        )

    def read_order(self, line):
        """Order at the supplier that brings the line: id, our number, state."""
        [row] = self.query(
            "SELECT o.id, o.name, o.state FROM auto_service_supplier_order o"
            " JOIN purchase_order_line l ON l.order_id = o.purchase_id"
            f" WHERE l.sale_line_id = {line}"
        )
        return int(row[0]), row[1], row[2]

    def age_order(self, order, minutes=60):
        """As if it had been handed over so many minutes earlier."""
        self.query(
            f"UPDATE auto_service_supplier_order SET sent_at = sent_at - interval"
            f" '{minutes} minutes', next_check_at = next_check_at - interval"
            f" '{minutes} minutes' WHERE id = {order}"
        )

    def read_placed(self, shop="alpha", name=None):
        """Orders that the shop has, by our number."""
        return [
            order
            for order in self.shops.orders(shop)
            if name in (None, order["clientOrderNumber"])
        ]

    # Workers ----------------------------------------------------------------------

    def find_talking_workers(self):
        """Processes of the Odoo server that hold a connection to the shops."""
        port = int(self.shops.url.rpartition(":")[2])
        parent = psutil.Process(self.server.process.pid)
        return [
            worker
            for worker in parent.children(recursive=True)
            if any(
                link.raddr and link.raddr.port == port and link.status == "ESTABLISHED"
                for link in worker.connections(kind="tcp")
            )
        ]
