from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestOfferProduct(PartsCommon):
    """A product is made once per brand and number, with the vendor's price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._archive_markups()
        cls._create_markup((0, 50))
        cls.mahle = cls._create_brand("MAHLE")

    def _get_products(self):
        return self.env["product.product"].search(
            [("part_brand_id", "=", self.mahle.id), ("part_number", "!=", False)]
        )

    def test_offer_becomes_a_product_with_the_vendors_price(self):
        offer = self._create_offer(
            price=20.0, cost=10.0, sale_price=15.0, hours_max=30, min_quantity=2.0
        )
        product = offer._get_or_create_product()
        self.assertRecordValues(
            product,
            [
                {
                    "name": "Oil filter",
                    "part_brand_id": self.mahle.id,
                    "part_number": "OC 90",
                    "default_code": "OC 90",
                    "workshop_kind": "part",
                    "list_price": 15.0,
                    "standard_price": 10.0,
                    "company_id": False,
                }
            ],
        )
        self.assertRecordValues(
            product.seller_ids,
            [
                {
                    "partner_id": self.supplier.id,
                    "price": 20.0,
                    "product_code": "OC 90",
                    "delay": 2,
                    "min_qty": 2.0,
                    "company_id": self.env.company.id,
                }
            ],
        )
        self.assertEqual(offer.product_id, product)

    def test_same_number_in_any_spelling_is_the_same_product(self):
        first = self._create_offer()._get_or_create_product()
        other = self._create_offer(number="ос-90", brand_name="Mahle")
        self.assertEqual(other._get_or_create_product(), first)
        namesake = self._create_offer(brand_name="Namesake Works")
        self.assertNotEqual(namesake._get_or_create_product(), first)

    def test_vendor_price_follows_the_last_offer_and_other_vendors_stay(self):
        product = self._create_offer()._get_or_create_product()
        second = self._create_partner(name="Second Wholesale")
        self._create_offer(price=9.0, partner_id=second.id)._get_or_create_product()
        self._create_offer(price=11.0)._get_or_create_product()
        self.assertEqual(
            {seller.partner_id: seller.price for seller in product.seller_ids},
            {self.supplier: 11.0, second: 9.0},
        )

    def test_unchanged_vendor_price_is_not_written_again(self):
        product = self._create_offer()._get_or_create_product()
        seller = product.seller_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_supplierinfo SET write_date = '2020-01-01' WHERE id = %s",
            [seller.id],
        )
        seller.invalidate_recordset()
        self._create_offer()._get_or_create_product()
        self.env.flush_all()
        self.assertEqual(str(seller.write_date), "2020-01-01 00:00:00")

    def test_archived_product_is_revived(self):
        product = self._create_offer()._get_or_create_product()
        product.product_tmpl_id.active = False
        self.env.flush_all()
        again = self._create_offer()._get_or_create_product()
        self.assertEqual(again, product)
        self.assertTrue(product.active and product.product_tmpl_id.active)

    def test_offer_of_own_stock_is_its_product(self):
        part = self._create_part("MAHLE", "OC 90")
        offer = self._create_offer(kind="own", product_id=part.id)
        self.assertEqual(offer._get_or_create_product(), part)
        self.assertFalse(part.seller_ids)

    def test_brand_that_nobody_knew_is_known_from_then_on(self):
        offer = self._create_offer(brand_name="Newcomer & Sons")
        product = offer.with_user(self.user_advisor)._get_or_create_product()
        self.assertEqual(product.sudo().part_brand_id.name, "Newcomer & Sons")

    def test_alias_of_the_supplier_comes_before_a_brand_of_the_name(self):
        kyb = self._create_brand("KYB")
        self.env["auto.service.part.brand.alias"].create(
            {
                "brand_id": kyb.id,
                "name": "Kayaba test",
                "partner_id": self.supplier.id,
            }
        )
        offer = self._create_offer(brand_name="KAYABA TEST", number="339078")
        self.assertEqual(offer._get_or_create_product().part_brand_id, kyb)

    def test_offer_without_a_brand_makes_no_product(self):
        offer = self._create_offer(brand_name=False)
        with self.assertRaisesRegex(UserError, "names no brand"):
            offer._get_or_create_product()

    def test_category_comes_from_the_company(self):
        category = self.env["product.category"].create({"name": "Car parts"})
        self.env.company.auto_service_parts_category_id = category
        product = self._create_offer()._get_or_create_product()
        self.assertEqual(product.categ_id, category)

    def test_category_of_the_group_of_parts_comes_first(self):
        category = self.env["product.category"].create({"name": "Filters"})
        group = self.env["auto.service.part.group"].create(
            {"name": "Oil filter", "product_category_id": category.id}
        )
        operation = self._create_operation(part_group_ids=[group.id])
        order = self._create_order()
        job = self._add_job(order, parts=0)
        job.line_ids.operation_id = operation
        enquiry = self._create_enquiry(order_id=order.id, job_id=job.id)
        offers = [
            self._create_offer(enquiry, name="OIL FILTER, spin-on"),
            self._create_offer(enquiry, name="Drain plug", number="N 1"),
        ]
        products = [offer._get_or_create_product() for offer in offers]
        self.assertEqual(products[0].categ_id, category)
        self.assertNotEqual(products[1].categ_id, category)
