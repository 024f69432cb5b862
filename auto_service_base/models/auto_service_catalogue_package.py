from odoo import api, fields, models
from odoo.fields import Command

from .auto_service_catalogue import PRICE_CURRENCY


class AutoServiceCatalogue(models.AbstractModel):
    """Fluids, packages and maintenance plans of the starter catalogue."""

    _inherit = "auto.service.catalogue"

    # Fluids ---------------------------------------------------------------------

    @api.model
    def _load_products(self):
        """Fluids that packages use; prices are examples in euro."""
        rate = self._get_price_rate()
        new, _known = self._create_missing(
            "product.product",
            self._read_rows("products"),
            lambda row: self._prepare_product(row, rate),
            "default_code",
        )
        return new

    @api.model
    def _get_price_rate(self):
        """What one unit of the file's currency is in the currency of the company.

        The database's rate where it has one, else a round one: the prices are examples.

        :return: float, 0.0 when nobody knows the rate
        """
        currency = self.env.company.currency_id
        currencies = self.env["res.currency"].with_context(active_test=False)
        euro = currencies.search([("name", "=", PRICE_CURRENCY)], limit=1)
        if currency != euro and (euro.rate_ids or currency.rate_ids):
            return euro._get_conversion_rate(
                euro, currency, self.env.company, fields.Date.context_today(self)
            )
        rates = {row["currency"]: row for row in self._read_rows("currencies")}
        row = rates.get(currency.name)
        return self._get_number(row, "rate") if row else 0.0

    @api.model
    def _prepare_product(self, row, rate):
        """Values of a new product.

        :param float rate: of the file's currency in the company's
        """
        currency = self.env.company.currency_id
        return {
            "default_code": row["code"],
            "name": row["name"],
            "type": "consu",
            "uom_id": self.env.ref(row["uom"]).id,
            "list_price": currency.round(self._get_number(row, "price") * rate),
            "standard_price": currency.round(self._get_number(row, "cost") * rate),
            "invoice_policy": "delivery",
        }

    # Packages -------------------------------------------------------------------

    @api.model
    def _load_packages(self):
        rows = self._read_rows("packages")
        related = self._find_related_of_packages(rows)
        new, known = self._create_missing(
            "auto.service.package",
            rows,
            lambda row: self._prepare_package(row, related),
        )
        self._create_package_lines(new, known, related)
        self._create_package_vehicles(new, known)
        return new

    @api.model
    def _find_related_of_packages(self, rows):
        """Records that packages and their lines name.

        :return: dict of ``category``, ``operation``, ``product``: records by code
        """
        lines = self._read_rows("package_lines")
        return {
            "category": self._find(
                "auto.service.operation.category", {row["category"] for row in rows}
            ),
            "operation": self._find(
                "auto.service.operation", {row["operation"] for row in lines}
            ),
            "product": self._find(
                "product.product", {row["product"] for row in lines}, "default_code"
            ),
        }

    @api.model
    def _prepare_package(self, row, related):
        """Values of a new package, without its lines."""
        category = related["category"].get(row["category"])
        lines = [
            line
            for line in self._read_rows("package_lines")
            if line["package"] == row["code"]
        ]
        used = [
            related[name].get(line[name])
            for line in lines
            for name in ("operation", "product")
        ]
        return {
            "code": row["code"],
            "name": row["name"],
            "company_id": self._get_company(used),
            "category_id": category and category.id,
            "kind": row["kind"],
            "coverage": row["coverage"],
            "is_favourite": bool(row["favourite"]),
        }

    @api.model
    def _get_company(self, used):
        """Company of what names the records ``used``: theirs, where they have one.

        :param list used: records, or None
        :return: ID, or False for every company
        """
        companies = {record.company_id.id for record in used if record}
        return next(iter(companies - {False}), False)

    @api.model
    def _create_package_lines(self, new, known, related):
        """Lines of the new packages; what is archived is left out."""
        values = []
        for sequence, row in enumerate(self._read_rows("package_lines")):
            package = known[row["package"]]
            operation = related["operation"].get(row["operation"])
            product = related["product"].get(row["product"])
            if package in new and (operation or product):
                values.append(
                    {
                        "package_id": package.id,
                        "sequence": sequence,
                        "operation_id": operation and operation.id,
                        "product_id": product and product.id,
                        "quantity": self._get_number(row, "quantity"),
                        "quantity_from": row["quantity_from"],
                        "factor": self._get_number(row, "factor"),
                        "rounding_step": self._get_number(row, "rounding_step"),
                    }
                )
        return self.env["auto.service.package.line"].create(values)

    @api.model
    def _create_package_vehicles(self, new, known):
        """Conditions of the new packages."""
        return self.env["auto.service.package.condition"].create(
            [
                {
                    "package_id": known[row["package"]].id,
                    "exclude": row["exclude"] == "1",
                    "fuel_type": row["fuel_type"] or False,
                    "transmission": row["transmission"] or False,
                    "body": row["body"] or False,
                }
                for row in self._read_rows("package_vehicles")
                if known[row["package"]] in new
            ]
        )

    # Plans ----------------------------------------------------------------------

    @api.model
    def _load_plans(self):
        rows = self._read_rows("plan_items")
        operations = self._find(
            "auto.service.operation", {row["operation"] for row in rows}
        )
        items = {}
        for row in rows:
            if row["operation"] in operations:
                items.setdefault(row["plan"], []).append(row)
        new, _known = self._create_missing(
            "auto.service.maintenance.plan",
            self._read_rows("plans"),
            lambda row: self._prepare_plan(row, items.get(row["code"], []), operations),
        )
        return new

    @api.model
    def _prepare_plan(self, row, items, operations):
        """Values of a new plan with its works.

        :param list items: rows of its works
        :param dict operations: records by code
        """
        used = [operations[item["operation"]] for item in items]
        return {
            "code": row["code"],
            "name": row["name"],
            "company_id": self._get_company(used),
            "fuel_type": row["fuel_type"] or False,
            "item_ids": [
                Command.create(self._prepare_plan_item(item, operations))
                for item in items
            ],
        }

    @api.model
    def _prepare_plan_item(self, row, operations):
        """Values of one work of a plan.

        :param dict operations: records by code
        """
        return {
            "operation_id": operations[row["operation"]].id,
            "interval_km": int(row["interval_km"]),
            "interval_months": int(row["interval_months"]),
            "first_km": int(row["first_km"]),
            "first_months": int(row["first_months"]),
        }
