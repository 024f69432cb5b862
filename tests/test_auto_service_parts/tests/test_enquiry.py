from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import AbcpCommon


@tagged("post_install", "-at_install")
class TestEnquiry(AbcpCommon):
    """Enquiries at shops that answer as real ones do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alpha = cls._create_shop(
            "alpha", currency_id=cls.env.company.currency_id.id
        )
        cls.beta = cls._create_shop("beta")
        cls.hanging = cls._create_shop("gamma", "garage+hang", timeout_seconds=1)

    def test_brands_of_suppliers_are_offered_for_choice(self):
        enquiries = self.env["auto.service.parts.enquiry"]
        answer = enquiries.search_brands("402")
        self.assertEqual(answer["state"], "brand")
        enquiry = enquiries.browse(answer["id"])
        enquiry.run_live()
        self.env.invalidate_all()
        names = {row["brand_name"] for row in enquiry.brand_hits}
        self.assertLessEqual({"LYNX", "ASAM", "STELLOX"}, {n.upper() for n in names})

    def test_brand_may_be_chosen_after_a_while(self):
        enquiries = self.env["auto.service.parts.enquiry"]
        enquiry = enquiries.browse(enquiries.search_brands("402")["id"])
        enquiry.run_live()
        enquiry.sudo().asked_at -= timedelta(minutes=10)
        enquiries.start_enquiry(
            {"number": "402", "enquiry_id": enquiry.id, "brand_name": "ASAM"}
        )
        self.assertEqual(enquiry.get_progress()["state"], "running")
        enquiry.run_live()
        self.env.invalidate_all()
        self.assertEqual(self._get_source(enquiry, self.alpha).state, "done")

    def test_one_that_hangs_does_not_spoil_the_others(self):
        enquiry = self._enquire()
        self.assertEqual(enquiry.state, "done")
        self.assertEqual(self._get_source(enquiry, self.alpha).state, "done")
        self.assertEqual(self._get_source(enquiry, self.beta).state, "done")
        late = self._get_source(enquiry, self.hanging)
        self.assertEqual(late.state, "timeout")
        self.assertTrue(late.message)
        self.assertTrue(enquiry.offer_ids)

    def test_both_shops_offer_the_same_parts(self):
        enquiry = self._enquire()
        for account in self.alpha | self.beta:
            offers = enquiry.offer_ids.filtered(lambda o, a=account: o.account_id == a)
            asked = offers.filtered(lambda o: o.found_by == "number")
            self.assertEqual(set(asked.mapped("number_key")), {"GDB1330"})
            self.assertEqual(set(asked.mapped("rank")), {0})
            others = offers - asked
            self.assertEqual(len(set(others.mapped("number_key"))), 4)
            self.assertEqual(set(others.mapped("found_by")), {"supplier"})

    def test_namesake_is_not_mixed_in(self):
        enquiry = self._enquire()
        self.assertNotIn("KRAFT", enquiry.offer_ids.mapped("brand_name"))

    def test_without_equivalents_there_are_none(self):
        enquiry = self._enquire(with_crosses=False)
        self.assertEqual(set(enquiry.offer_ids.mapped("number_key")), {"GDB1330"})

    def test_brand_is_asked_in_any_of_its_names(self):
        brand = self._create_brand("KYB")
        if not self.env["auto.service.part.brand"]._resolve("Kayaba"):
            brand.alias_ids = [Command.create({"name": "Kayaba"})]
        enquiry = self._enquire("333305", "Kayaba")
        self.assertTrue(enquiry.offer_ids)
        self.assertEqual(set(enquiry.offer_ids.mapped("found_by")), {"number"})

    def test_what_was_offered_stays_when_the_supplier_forgets_it(self):
        enquiry = self._enquire()
        before = enquiry.offer_ids.mapped("price")
        self.server.change("alpha", "GDB1330", gone=True)
        again = self._enquire(repeated_id=enquiry.id)
        self.assertEqual(enquiry.offer_ids.mapped("price"), before)
        self.assertLess(again.offer_count, enquiry.offer_count)
        comparison = again.compare(enquiry.id)
        gone = {row["account_id"] for row in comparison["gone"]}
        self.assertEqual(gone, {self.alpha.id})

    def test_supplier_that_refuses_us_is_told_apart_from_one_without_the_part(self):
        self.server.control(
            "POST", "users", {"shop": "beta", "login": "garage", "is_denied": True}
        )
        self.server.change("alpha", "GDB1330", gone=True)
        enquiry = self._enquire(with_crosses=False)
        self.assertEqual(self._get_source(enquiry, self.alpha).state, "empty")
        refused = self._get_source(enquiry, self.beta)
        self.assertEqual(refused.state, "error")
        self.assertIn("Not allowed", refused.message)

    def test_five_hundred_offers_are_kept(self):
        data = {"shop": "alpha", "brand": "TRW", "number": "GDB1330", "many": 500}
        self.server.control("POST", "offers", data)
        enquiry = self._enquire(with_crosses=False)
        source = self._get_source(enquiry, self.alpha)
        self.assertGreaterEqual(source.offer_count, 500)
        self.assertLess(source.milliseconds, 5000)
