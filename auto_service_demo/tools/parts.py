"""Parts of the demo garage: brands, stock, cross references, price lists."""

from io import BytesIO

from odoo.fields import Command

from .parts_list import SUPPLIERS, write_list

#: More than the visits of the garage use up; afterwards the shelves are counted.
PLENTY = 200.0
#: Not in stock: the visit that needs it waits for the supplier.
ON_ORDER = "VKBA 6556"


class PartsLoader:
    """Creates the parts and what is known about them.

    :param loader: GarageLoader
    :param read_rows: function that reads a table of the garage by its name
    """

    def __init__(self, loader, read_rows):
        self.loader = loader
        self.env = loader.env
        self.company = loader.company
        self.read_rows = read_rows
        self.parts = {}
        self.places = {}
        self.suppliers = {}

    def create_parts(self):
        """Products with brand and number, and what lies on the shelf.

        :return: dict of product.product records by the key of parts.csv
        """
        rows = self.read_rows("parts")
        products = self.env["product.product"].create(
            [self._prepare_part(row) for row in rows]
        )
        self.parts = {
            row["number"]: product for row, product in zip(rows, products, strict=True)
        }
        self.places = self.loader.warehouse.give_bins(products)
        self._fill_shelves(rows)
        return self.parts

    def _prepare_part(self, row):
        return {
            "name": row["name"],
            "default_code": row["number"],
            "type": "consu",
            "is_storable": True,
            "list_price": float(row["price"]),
            "standard_price": float(row["cost"]),
            "invoice_policy": "delivery",
            "part_brand_id": self._get_brand(row["maker"]),
            "part_number": row["maker"] and row["part_number"],
            "seller_ids": [
                Command.create(
                    {
                        "partner_id": self._get_supplier(SUPPLIERS[0]).id,
                        "price": float(row["cost"]),
                        "delay": 2,
                    }
                )
            ],
            "company_id": self.company.id,
        }

    def _fill_shelves(self, rows):
        """Enough for the visits of the last months."""
        for row in rows:
            if row["number"] != ON_ORDER:
                self._change_stock(self.parts[row["number"]], PLENTY)

    def count_shelves(self):
        """What is left today, beside what waits for a visit."""
        for row in self.read_rows("parts"):
            product = self.parts[row["number"]]
            if row["number"] != ON_ORDER:
                free = product.with_company(self.company).free_qty
                self._change_stock(product, float(row["stock"]) - free)

    def _change_stock(self, product, quantity):
        if quantity:
            self.env["stock.quant"]._update_available_quantity(
                product, self.places[product], quantity
            )

    def _get_brand(self, name):
        """ID of the brand, made when the garage does not know it yet."""
        if not name:
            return False
        brands = self.env["auto.service.part.brand"]
        return brands._resolve(name) or brands.create({"name": name}).id

    def create_crosses(self):
        """Which number stands for which."""
        source = self.env["auto.service.part.cross.source"].create(
            {"name": "Demo catalogue", "trust": 80}
        )
        self.env["auto.service.part.cross"].create(
            [
                {
                    "brand_id": self._get_brand(row["brand"]),
                    "number_key": row["number"],
                    "to_brand_id": self._get_brand(row["to_brand"]),
                    "to_number_key": row["to_number"],
                    "kind": row["kind"],
                    "source_id": source.id,
                }
                for row in self.read_rows("crosses")
            ]
        )

    def load_price_lists(self):
        """Three suppliers, each with a list that is read as it comes."""
        known = [
            (row["maker"], row["part_number"], row["name"], float(row["cost"]))
            for row in self.read_rows("parts")
            if row["maker"]
        ]
        others = [
            (row["brand"], row["number"], row["name"], float(row["cost"]))
            for row in self.read_rows("list_parts")
        ]
        for supplier in SUPPLIERS:
            price_list = self.env["auto.service.price.list"].create(
                self._prepare_price_list(supplier)
            )
            self._load_file(price_list, write_list(supplier, known + others))

    def _get_supplier(self, supplier):
        """Partner of one of SUPPLIERS.

        :return: res.partner record
        """
        key = supplier["key"]
        if key not in self.suppliers:
            self.suppliers[key] = self.env["res.partner"].create(
                self._prepare_supplier(supplier)
            )
        return self.suppliers[key]

    def _prepare_supplier(self, supplier):
        country = self.env["res.country"].search([("code", "=", supplier["country"])])
        return {
            "name": supplier["name"],
            "is_company": True,
            "supplier_rank": 1,
            "city": supplier["city"],
            "country_id": country.id,
            "email": f"sales@{supplier['key']}.example.com",
        }

    def _prepare_price_list(self, supplier):
        return {
            "name": supplier["list"],
            "partner_id": self._get_supplier(supplier).id,
            "company_id": self.company.id,
            "currency_id": self.company.currency_id.id,
            "user_id": self.loader.users["parts"].id,
            "term_unit": supplier["unit"],
        }

    def _load_file(self, price_list, content):
        load = self.env["auto.service.price.list.load"].create(
            {"list_id": price_list.id, "filename": "prices.csv"}
        )
        load._append_piece(0, BytesIO(content).read)
        load.finish_upload()
        load._run()

    def ask(self):
        """What was asked in the last days, and the part that a visit waits for."""
        enquiries = self._as("advisor")["auto.service.parts.enquiry"]
        enquiries.start_enquiry({"number": "GDB 1330", "brand_name": "TRW"})
        enquiries.start_enquiry({"number": "06A 115 561 B", "brand_name": "VAG"})
        self._order_missing()

    def _as(self, login):
        """Environment of somebody of the garage."""
        return self.env(user=self.loader.users[login].id)

    def _order_missing(self):
        """The visit that waits for a part: asked, and ordered from the cheapest."""
        product = self.parts[ON_ORDER]
        env = self._as("parts")
        line = env["sale.order.line"].search(
            [("product_id", "=", product.id), ("part_state", "=", "needed")], limit=1
        )
        enquiry = env["auto.service.parts.enquiry"].start_enquiry(
            {
                "number": product.part_number,
                "brand_id": product.part_brand_id.id,
                "order_id": line.work_order_id.id,
                "job_id": line.job_id.id,
            }
        )
        offers = env["auto.service.parts.offer"].search(
            [
                ("enquiry_id", "=", enquiry["id"]),
                ("kind", "=", "list"),
                ("found_by", "=", "number"),
                ("is_on_order", "=", False),
            ]
        )
        offer = offers.sorted("cost")[:1]
        offer._get_or_create_product()
        line.parts_offer_id = offer
        action = line.action_order_parts()
        env[action["res_model"]].browse(action["res_id"]).action_order()
