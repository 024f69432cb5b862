from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestOfferEstimate(PartsCommon):
    """One click puts the part on the estimate, with the labour in one total."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._archive_markups()
        cls.markup = cls._create_markup((0, 50))
        # No taxes on products that are made of offers.
        cls.env.company.account_sale_tax_id = False
        cls.order = cls._create_order()
        cls.job = cls._add_job(cls.order, parts=0)
        cls.enquiry = cls._create_enquiry(order_id=cls.order.id, job_id=cls.job.id)
        cls.offer = cls._create_offer(cls.enquiry, sale_price=15.0)

    def _add(self, offer=None, **params):
        offer = (offer or self.offer).with_user(self.user_advisor)
        added = offer.add_to_job(**params)
        return added, self.env["sale.order.line"].browse(added["line_id"])

    def test_part_comes_below_its_job_with_labour_in_one_total(self):
        added, line = self._add(quantity=2)
        self.assertRecordValues(
            line,
            [
                {
                    "order_id": self.order.estimate_id.id,
                    "job_id": self.job.id,
                    "name": "MAHLE OC 90 Oil filter",
                    "product_uom_qty": 2.0,
                    "price_unit": 15.0,
                    "kind": "part",
                    "parts_offer_id": self.offer.id,
                    "part_state": "needed",
                }
            ],
        )
        self.assertEqual(added["job_labour"], 100.0)
        self.assertEqual(added["job_total"], 130.0)
        self.assertEqual(added["estimate_total"], 130.0)
        self.assertEqual(added["job_name"], "Brakes")

    def test_price_stays_when_the_quantity_changes(self):
        _added, line = self._add()
        line.product_id.list_price = 99.0
        line.product_uom_qty = 7.0
        self.assertEqual(line.price_unit, 15.0)

    def test_same_offer_again_raises_the_quantity(self):
        _added, line = self._add()
        added, again = self._add(quantity=3)
        self.assertEqual(again, line)
        self.assertEqual((added["quantity"], added["added"]), (4.0, 3.0))

    def test_quantity_is_what_the_supplier_sells(self):
        offer = self._create_offer(self.enquiry, multiplicity=4.0, min_quantity=5.0)
        self.assertEqual(self._add(offer)[0]["quantity"], 8.0)
        litres = self._create_offer(self.enquiry, multiplicity=0.1, number="OIL")
        self.assertEqual(self._add(litres, quantity=0.3)[0]["quantity"], 0.3)
        with self.assertRaisesRegex(UserError, "more than zero"):
            self._add(quantity=0)

    def test_extra_work_goes_on_an_estimate_of_its_own(self):
        self._approve(self.order)
        approved = self.order.sale_order_ids
        added, line = self._add()
        self.assertNotIn(line.order_id, approved)
        self.assertEqual(line.job_id, self.job)
        self.assertEqual(approved.authorisation_ids.mapped("state"), ["valid"])
        self.assertEqual(added["job_untaxed"], 15.0)

    def test_only_job_takes_the_part_else_a_new_one_is_made(self):
        order = self._create_order()
        enquiry = self._create_enquiry()
        offer = self._create_offer(enquiry)
        _added, line = self._add(offer, order_id=order.id)
        self.assertEqual(line.job_id.name, "Oil filter")
        self.assertEqual(line.job_id.order_id, order)
        _added, second = self._add(
            self._create_offer(enquiry, number="OC 91"), order_id=order.id
        )
        self.assertEqual(second.job_id, line.job_id)
        _added, third = self._add(
            self._create_offer(enquiry, number="OC 92"),
            order_id=order.id,
            job_name="Winter check",
        )
        self.assertEqual(third.job_id.name, "Winter check")
        _added, fourth = self._add(
            self._create_offer(enquiry, number="OC 93", name="Bulb"), order_id=order.id
        )
        self.assertEqual(fourth.job_id.name, "Bulb")

    def test_job_named_wins_over_the_one_of_the_enquiry(self):
        other = self._add_job(self.order, name="Air", parts=0)
        _added, line = self._add(job_id=other.id)
        self.assertEqual(line.job_id, other)

    def test_nothing_is_added_where_nothing_can_be(self):
        with self.assertRaisesRegex(UserError, "Choose the work order"):
            self._add(self._create_offer())
        free = self._create_offer(self.enquiry, number="FREE", cost=0.0)
        with self.assertRaisesRegex(UserError, "FREE has no price in"):
            self._add(free)
        self.job.authorisation = "declined"
        with self.assertRaisesRegex(UserError, "does not want it now"):
            self._add(job_id=self.job.id)
        company = self.env["res.company"].create({"name": "Other garage"})
        other = self._create_offer(self._create_enquiry(company_id=company.id))
        with self.assertRaisesRegex(UserError, "of another company"):
            other.add_to_job(order_id=self.order.id)

    def test_part_of_a_declined_job_goes_to_another_one(self):
        self.job.authorisation = "deferred"
        _added, line = self._add()
        self.assertNotEqual(line.job_id, self.job)
        self.assertEqual(line.job_id.name, "Oil filter")

    def test_technician_adds_nothing_and_parts_people_do(self):
        with self.assertRaises(AccessError):
            self.offer.with_user(self.user_technician).add_to_job()
        added = self.offer.with_user(self.user_parts).add_to_job()
        self.assertEqual(added["price_unit"], 15.0)

    def test_price_is_that_of_who_pays(self):
        tag = self.env["res.partner.category"].create({"name": "Gold"})
        self.markup.copy(
            {"name": "Gold", "sequence": 1, "customer_tag_id": tag.id}
        ).band_ids.percent = 10.0
        _added, line = self._add()
        _added, typed = self._add(self._create_offer(self.enquiry, number="OC 91"))
        typed.price_unit = 14.0
        payer = self._create_partner(name="Leasing", category_id=[tag.id])
        self.order.vehicle_id.payer_id = payer
        self.order.estimate_id._change_payer(payer)
        self.assertEqual(line.price_unit, 11.0)
        self.assertEqual(typed.price_unit, 14.0)

    def test_pricelist_of_the_estimate_counts_once(self):
        groups = self.env.ref("product.group_product_pricelist")
        groups |= self.env.ref("sale.group_discount_per_so_line")
        self.env.user.group_ids |= groups
        self.env.ref("base.group_user").implied_ids |= groups
        estimate = self.order.estimate_id
        estimate.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Less",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 20})
                ],
            }
        )
        _added, line = self._add()
        self.assertEqual((line.price_unit, line.discount), (12.0, 0.0))
        line.product_uom_qty = 3.0
        self.assertEqual((line.price_unit, line.discount), (12.0, 0.0))

    def test_update_prices_of_the_host_asks_our_rules(self):
        _added, line = self._add()
        line.product_id.list_price = 99.0
        line.price_unit = 14.0
        self.markup.band_ids.percent = 100.0
        self.order.estimate_id.action_update_prices()
        self.assertEqual(line.price_unit, 20.0)

    def test_another_part_on_the_line_is_no_offer_any_more(self):
        _added, line = self._add()
        line.product_id = self.part
        self.assertFalse(line.parts_offer_id)
        self.assertEqual(line._get_cost(), 25.0)

    def test_prices_of_products_with_taxes_in_them(self):
        tax = self.env["account.tax"].create(
            {"name": "20 in", "amount": 20.0, "price_include_override": "tax_included"}
        )
        self.env.company.account_sale_tax_id = tax
        _added, line = self._add()
        self.assertEqual(line.tax_ids, tax)
        self.assertEqual(line.price_unit, 18.0)
        self.assertEqual(line.price_subtotal, 15.0)
        self.order.estimate_id.action_update_prices()
        self.assertEqual(line.price_unit, 18.0)

    def test_cost_and_margin_are_those_of_the_offer(self):
        _added, line = self._add(quantity=2)
        line.product_id.standard_price = 1.0
        self.assertEqual(line._get_cost(), 20.0)
        self.assertEqual(line.with_user(self.user_manager).part_cost, 10.0)
        self.assertAlmostEqual(
            line.with_user(self.user_manager).part_margin_percent, 1 / 3
        )
        self.assertFalse(line.is_below_cost)
        line.price_unit = 9.99
        self.assertTrue(line.with_user(self.user_advisor).is_below_cost)
        with self.assertRaises(AccessError):
            line.with_user(self.user_advisor).read(["part_margin_percent"])
        # Labour of 100.00 that costs 40.00, and the part at 19.98 that costs 20.00.
        self.assertAlmostEqual(self.order.margin, 59.98)

    def test_ordered_part_costs_what_the_purchase_order_says(self):
        _added, line = self._add(quantity=2)
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.supplier.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_qty": 2.0,
                            "price_unit": 12.0,
                            "tax_ids": False,
                            "sale_line_id": line.id,
                        }
                    )
                ],
            }
        )
        self.assertEqual(line._get_cost(), 20.0)
        purchase.button_confirm()
        self.assertEqual(line._get_cost(), 24.0)
        purchase.button_cancel()
        self.assertEqual(line._get_cost(), 20.0)

    def test_part_of_own_stock_costs_what_the_product_costs(self):
        part = self._create_part("MAHLE", "OC 90")
        offer = self._create_offer(
            self.enquiry, kind="own", product_id=part.id, cost=1.0, price=1.0
        )
        _added, line = self._add(offer)
        self.assertEqual(line.product_id, part)
        self.assertEqual(line.price_unit, 40.0)
        self.assertEqual(line._get_cost(), 25.0)
        self.assertFalse(line.part_state)

    def test_costs_of_all_lines_are_read_together(self):
        names = ["part_cost", "part_margin_percent", "is_below_cost"]
        counts = []
        for start in (0, 3):
            for index in range(start, 3 + start * 4):
                self._add(self._create_offer(self.enquiry, number=f"OC 2{index}"))
            lines = self.env["sale.order.line"].browse(self.order.line_ids.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines.with_user(self.user_manager).read(names)
            counts.append(self.cr.sql_log_count - before)
        # The first time also fills caches that outlive the request.
        self.assertLessEqual(counts[1], counts[0])

    def test_number_of_queries_of_adding(self):
        self._add(self._create_offer(self.enquiry, number="OC 1"))
        offers = [
            self._create_offer(self.enquiry, number=f"OC 1{index}")
            for index in range(4)
        ]
        counts = []
        for offer in offers:
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._add(offer)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        # Lines that are there already cost nothing more.
        self.assertLessEqual(counts[3], counts[1] + 1)
        self.assertLess(counts[3], 220)


@tagged("post_install", "-at_install")
class TestCoreDeposit(PartsCommon):
    """The deposit for the old part: billed with the part, refunded for the old one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._archive_markups()
        cls._create_markup((0, 35))
        cls.env.company.account_sale_tax_id = False
        cls.core = cls.env.company._get_core_product()
        cls.core.taxes_id = False
        cls.order = cls._create_order()
        cls.job = cls._add_job(cls.order, parts=0)
        cls.enquiry = cls._create_enquiry(order_id=cls.order.id, job_id=cls.job.id)
        # The supplier's currency is worth half of ours.
        cls.offer = cls._create_offer(
            cls.enquiry,
            number="0 124 325 001",
            name="Alternator",
            price=200.0,
            cost=100.0,
            core_price=80.0,
        )

    def _add(self, **params):
        line_id = self.offer.with_user(self.user_advisor).add_to_job(**params)
        line = self.env["sale.order.line"].browse(line_id["line_id"])
        return line, line.core_line_ids

    def test_deposit_is_a_line_of_its_own_at_cost(self):
        line, core = self._add(quantity=2)
        self.assertRecordValues(
            core,
            [
                {
                    "product_id": self.core.id,
                    "kind": "fee",
                    "job_id": self.job.id,
                    "product_uom_qty": 2.0,
                    "price_unit": 40.0,
                }
            ],
        )
        self.assertEqual(core._get_cost(), 80.0)
        self.assertEqual(core.part_margin_percent, 0.0)
        self.assertEqual(line.price_unit, 135.0)

    def test_deposit_follows_the_part(self):
        line, core = self._add()
        self._add(quantity=2)
        self.assertEqual(core.product_uom_qty, 3.0)
        line.product_uom_qty = 1.0
        self.assertEqual(core.product_uom_qty, 1.0)
        line.unlink()
        self.assertFalse(core.exists())

    def test_declined_job_keeps_both_quantities(self):
        line, core = self._add(quantity=2)
        self.order.estimate_id._decline_job(self.job)
        self.assertEqual((line.product_uom_qty, core.product_uom_qty), (0.0, 0.0))
        self.assertEqual((line.declined_qty, core.declined_qty), (2.0, 2.0))
        self.order.estimate_id._accept_job(self.job)
        self.assertEqual((line.product_uom_qty, core.product_uom_qty), (2.0, 2.0))

    def test_job_that_was_put_off_comes_back_with_offer_price_and_deposit(self):
        self._add(quantity=2)
        self.job.action_defer()
        recommendation = self.env["auto.service.recommendation"].search(
            [("origin_job_id", "=", self.job.id)]
        )
        visit = self._create_order(vehicle_id=self.order.vehicle_id.id)
        job = recommendation._revive_on(visit)
        core = job.line_ids.filtered("core_of_line_id")
        line = core.core_of_line_id
        self.assertRecordValues(
            line | core,
            [
                {"price_unit": 135.0, "product_uom_qty": 2.0, "part_state": "needed"},
                {"price_unit": 40.0, "product_uom_qty": 2.0, "part_state": False},
            ],
        )
        self.assertEqual(line.parts_offer_id, self.offer)
        self.assertIn(line, job.line_ids)

    def test_old_part_before_the_invoice_means_no_deposit(self):
        line, core = self._add()
        with self.subTest("nothing to return before the approval"):
            self.assertFalse(core.can_be_core_returned)
        self._approve(self.order)
        self.assertTrue(core.can_be_core_returned)
        core.with_user(self.user_parts).action_core_returned()
        self._do_job(self.job)
        self.job._issue_parts()
        self.assertEqual(core.qty_delivered, 0.0)
        invoice = self.env["account.move"].browse(
            self.order.sale_order_ids._create_invoices(final=True).ids
        )
        self.assertEqual(invoice.amount_untaxed, 100.0 + 135.0)
        self.assertEqual(line.order_id.authorisation_ids.mapped("state"), ["valid"])

    def test_old_part_after_the_invoice_means_a_credit_note(self):
        _line, core = self._add()
        self._approve(self.order)
        self._do_job(self.job)
        self.job._issue_parts()
        sale = self.order.sale_order_ids
        invoice = sale._create_invoices(final=True)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 100.0 + 135.0 + 40.0)
        core.with_user(self.user_advisor).action_core_returned()
        self.assertEqual(core.qty_to_invoice, -1.0)
        refund = sale._create_invoices(final=True)
        self.assertEqual(refund.move_type, "out_refund")
        self.assertEqual(refund.amount_untaxed, 40.0)
        self.assertFalse(core.can_be_core_returned)

    def test_update_prices_leaves_the_deposit(self):
        _line, core = self._add()
        self.order.estimate_id.action_update_prices()
        self.assertEqual(core.price_unit, 40.0)

    def test_technician_returns_nothing(self):
        _line, core = self._add()
        self._approve(self.order)
        with self.assertRaises(AccessError):
            core.with_user(self.user_technician).action_core_returned()

    def test_deposit_service_of_the_settings_is_billed(self):
        own = self._create_labour(name="Old part", uom_id=self.part.uom_id.id)
        self.env.company.auto_service_core_product_id = own
        _line, core = self._add()
        self.assertEqual(core.product_id, own)
