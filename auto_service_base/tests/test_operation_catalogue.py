from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestOperationCatalogue(AutoServiceOrderCommon):
    """Categories, fixed prices and what is billed."""

    @classmethod
    def _create_category(cls, name, parent=None):
        return cls.env["auto.service.operation.category"].create(
            {"name": name, "parent_id": parent and parent.id}
        )

    def test_category_is_found_by_its_whole_path(self):
        brakes = self._create_category("Brakes")
        front = self._create_category("Front", brakes)
        self.assertEqual(front.display_name, "Brakes / Front")
        brakes.name = "Braking system"
        self.assertEqual(front.complete_name, "Braking system / Front")

    def test_category_cannot_stand_above_itself(self):
        engine = self._create_category("Engine")
        timing = self._create_category("Timing", engine)
        belt = self._create_category("Belt", timing)
        with self.assertRaisesRegex(ValidationError, "Engine → Belt → Timing → Engine"):
            engine.parent_id = belt
        with self.assertRaisesRegex(ValidationError, "Engine → Engine"):
            engine.parent_id = engine

    def test_branch_uses_the_catalogue_of_its_company(self):
        company = self.env.company
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": company.id}
        )
        branch.auto_service_labour_product_id = self.labour
        operation = self._create_operation(name="Bulb of the branch")
        package = self.env["auto.service.package"].create(
            {
                "name": "Light",
                "company_id": company.id,
                "line_ids": [Command.create({"operation_id": operation.id})],
            }
        )
        user = self.user_advisor
        user.write({"company_id": branch.id, "company_ids": [Command.set(branch.ids)]})
        vehicle = self._create_vehicle(
            company_id=False, owner_id=self._create_partner().id
        )
        order = self._create_order(vehicle_id=vehicle.id, company_id=branch.id)
        order = order.with_user(user).with_company(branch)
        found = order.search_labour_catalogue("Bulb of", "all")
        self.assertEqual([item["id"] for item in found["items"]], operation.ids)
        job = package.with_user(user).with_company(branch)._add_to_order(order)
        self.assertEqual(job.line_ids.operation_id, operation)
        self.assertEqual(job.hours_book, 2.0)

    def test_operation_by_hours_is_billed_as_labour(self):
        operation = self._create_operation(product_id=False)
        product = operation._get_billing_product(self.env.company)
        self.assertEqual(product, self.labour)

    def test_fixed_price_is_billed_by_the_piece(self):
        operation = self._create_operation(
            product_id=False, pricing="fixed", fixed_price=49.0
        )
        product = operation._get_billing_product(self.env.company)
        self.assertEqual(product.uom_id, self.env.ref("uom.product_uom_unit"))
        self.assertEqual(product.workshop_kind, "labour")
        wash = self._create_labour(
            name="Wash", uom_id=self.env.ref("uom.product_uom_unit").id
        )
        operation.product_id = wash
        self.assertEqual(operation._get_billing_product(self.env.company), wash)
        # Sold by the hour it would charge the hours after all.
        operation.product_id = self.labour
        self.assertEqual(operation._get_billing_product(self.env.company), product)

    def test_fixed_price_is_no_zero(self):
        with self.assertRaisesRegex(ValidationError, "enter the fixed price"):
            self._create_operation(pricing="fixed")

    def test_fixed_price_in_the_currency_of_the_estimate(self):
        company = self.env.company
        currency = self.env["res.currency"].create({"name": "TST", "symbol": "T"})
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "currency_id": currency.id,
                "company_id": company.id,
                "rate": 2.0,
            }
        )
        operation = self._create_operation(pricing="fixed", fixed_price=49.0)
        price = operation._get_fixed_price(currency, company, "2026-11-22")
        self.assertEqual(price, 98.0)
        hourly = self._create_operation(name="Other")
        self.assertIsNone(hourly._get_fixed_price(currency, company, "2026-11-22"))

    @mute_logger("odoo.sql_db")
    def test_negative_price_is_refused(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_operation(pricing="fixed", fixed_price=-1.0)
