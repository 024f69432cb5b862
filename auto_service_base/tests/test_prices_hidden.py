from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import AutoServiceOrderCommon

PRICES = ("list_price", "lst_price", "standard_price")


@tagged("post_install", "-at_install")
class TestPricesHidden(AutoServiceOrderCommon):
    """The host shows prices of products to every employee; not to technicians."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Regular customers",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 30.0,
                            "applied_on": "1_product",
                            "product_tmpl_id": cls.part.product_tmpl_id.id,
                        }
                    )
                ],
            }
        )
        cls.supplier = cls.env["product.supplierinfo"].create(
            {
                "partner_id": cls.partner.id,
                "product_tmpl_id": cls.part.product_tmpl_id.id,
                "price": 22.0,
            }
        )

    def _get_products(self, user):
        product = self.part.with_user(user)
        return product, product.product_tmpl_id

    def test_technician_reads_no_price_of_a_product(self):
        for product in self._get_products(self.user_technician):
            fields = product.fields_get()
            for name in set(PRICES) & set(product._fields):
                with self.subTest(model=product._name, name=name):
                    self.assertNotIn(name, fields)
                    with self.assertRaises(AccessError):
                        product.read([name])
                    with self.assertRaises(AccessError):
                        product.search([(name, ">", 0)])
                    with self.assertRaises(AccessError):
                        product.search([], order=name)
                    with self.assertRaises(AccessError):
                        product.mapped(name)
            self.assertEqual(product.read(["name"])[0]["name"], "Brake disc")

    def test_technician_sees_no_price_list_and_no_supplier_price(self):
        for records in (self.pricelist, self.pricelist.item_ids, self.supplier):
            theirs = records.with_user(self.user_technician)
            with self.subTest(model=records._name):
                self.assertFalse(theirs.search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    theirs.read(["display_name"])

    def test_screens_of_a_technician_come_without_prices(self):
        for product in self._get_products(self.user_technician):
            with self.subTest(model=product._name):
                form = Form(product)
                self.assertEqual(form.name, "Brake disc")
                for kind in ("form", "list", "kanban"):
                    arch = product.get_views([(False, kind)])["views"][kind]["arch"]
                    for name in PRICES:
                        self.assertNotIn(f'name="{name}"', arch)
        Form(self.partner.with_user(self.user_technician))
        operation = self._create_operation()
        self.assertEqual(
            operation.with_user(self.user_technician).web_read(
                {"product_id": {"fields": {"display_name": {}}}}
            )[0]["product_id"]["display_name"],
            self.labour.display_name,
        )

    def test_advisor_sees_prices_in_the_same_screens(self):
        for product in self._get_products(self.user_advisor):
            arch = product.get_views([(False, "form")])["views"]["form"]["arch"]
            self.assertIn(
                "list_price" if "template" in product._name else "lst_price", arch
            )

    def test_everybody_else_reads_prices_as_before(self):
        plain = new_test_user(self.env, login="test_plain", groups="base.group_user")
        users = {
            "plain employee": plain,
            "parts": self.user_parts,
            "advisor": self.user_advisor,
            "manager": self.user_manager,
        }
        for role, user in users.items():
            with self.subTest(role=role):
                product = self.part.with_user(user)
                self.assertEqual(product.list_price, 40.0)
                self.assertEqual(product.standard_price, 25.0)
                self.assertEqual(
                    self.pricelist.with_user(user).name, "Regular customers"
                )
                self.assertEqual(self.supplier.with_user(user).price, 22.0)

    def test_technician_with_another_business_role_keeps_what_it_shows(self):
        self.user_technician.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.assertEqual(self.part.with_user(self.user_technician).list_price, 40.0)
        self.assertEqual(
            self.pricelist.with_user(self.user_technician).name, "Regular customers"
        )

    def test_prices_are_computed_in_sudo_for_a_technician(self):
        product_sudo = self.part.with_user(self.user_technician).sudo()
        self.assertEqual(product_sudo.lst_price, 40.0)
        pricelist_sudo = self.pricelist.with_user(self.user_technician).sudo()
        self.assertEqual(pricelist_sudo._get_product_price(product_sudo, 1.0), 30.0)
