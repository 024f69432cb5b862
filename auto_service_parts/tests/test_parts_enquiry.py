from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.offer import PlainOffer
from ..tools.offer_place import OfferPlace
from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestPartsEnquiry(PartsCommon):
    """A number is asked for: own stock and price lists answer at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["auto.service.supplier.account"].search([]).active = False
        cls.maker = cls._create_brand("Eqmaker")
        cls.own = cls._create_part("Eqother", "EQW 712/75", name="Oil filter")
        cls._create_cross("Eqmaker", "HOC 90", "Eqother", "EQW71275")
        cls.price_list = cls._create_price_list(
            [
                {
                    "brand": "EQMAKER",
                    "number": "HOC90",
                    "name": "Filter, oil",
                    "price": 10.0,
                    "quantity": 3.0,
                    "hours_min": 2,
                    "hours_max": 24,
                },
                {"brand": "EQMAKER", "number": "HOC90", "price": 8.0, "quantity": 1.0},
            ],
            name="Baltic list",
        )
        cls.order = cls._create_order()

    def setUp(self):
        super().setUp()
        self.enquiries = self.env["auto.service.parts.enquiry"].with_user(
            self.user_advisor
        )

    def _search(self, number="HOC 90", **params):
        answer = self.enquiries.search_brands(number, params)
        return answer, self.enquiries.browse(answer["id"])

    def test_one_brand_goes_on_by_itself_to_offers(self):
        answer, enquiry = self._search("НоС-90")  # Cyrillic letters
        self.assertRecordValues(
            enquiry,
            [
                {
                    "number": "НоС-90",
                    "number_key": "HOC90",
                    "brand_id": self.maker.id,
                    "state": "done",
                    "part_name": "Filter, oil",
                    "offer_count": 3,
                    "user_id": self.user_advisor.id,
                }
            ],
        )
        offers = [(row["kind"], row["number"]) for row in answer["offers"]]
        self.assertCountEqual(
            offers, [("list", "HOC90"), ("list", "HOC90"), ("own", "EQW 712/75")]
        )
        own = next(row for row in answer["offers"] if row["kind"] == "own")
        self.assertEqual((own["found_by"], own["product_id"]), ("cross", self.own.id))
        self.assertIn("Catalogue of the test", own["found_note"])
        states = {row["kind"]: row["state"] for row in answer["sources"]}
        self.assertEqual(states, {"own": "done", "list": "done"})

    def test_namesakes_wait_for_a_choice(self):
        self._load_rows(
            self.price_list, [{"brand": "Eqkraft", "number": "HOC90", "price": 1.0}]
        )
        answer, enquiry = self._search()
        names = [row["brand_name"].upper() for row in answer["brands"]]
        self.assertCountEqual(names, ["EQMAKER", "EQKRAFT"])
        self.assertEqual((answer["state"], answer["offers"]), ("brand", []))
        chosen = self.enquiries.start_enquiry(
            {"enquiry_id": enquiry.id, "brand_name": "eqkraft"}
        )
        self.assertEqual(chosen["id"], enquiry.id)
        self.assertEqual([row["cost"] for row in chosen["offers"]], [1.0])
        with self.assertRaisesRegex(UserError, "asked for already"):
            self.enquiries.start_enquiry(
                {"enquiry_id": enquiry.id, "brand_id": self.maker.id}
            )

    def test_own_product_without_a_brand_is_offered(self):
        product = self._create_part(name="Old filter", default_code="ZZ 77-7")
        found = self.enquiries.search_brands("zz777")
        self.assertEqual(found["state"], "done")
        [offer] = found["offers"]
        self.assertEqual((offer["kind"], offer["product_id"]), ("own", product.id))
        self.assertEqual((offer["brand"], offer["number"]), ("", "ZZ 77-7"))

    def test_own_product_without_a_brand_waits_for_brands_of_suppliers(self):
        self._create_part(name="Old filter", default_code="ZZ 77-7")
        self._create_account()
        found = self.enquiries.search_brands("zz777")
        self.assertEqual(found["state"], "brand")
        [brand] = found["brands"]
        self.assertEqual(brand["brand_name"], "Without brand")
        params = {**brand, "enquiry_id": found["id"]}
        [offer] = self.enquiries.start_enquiry(params)["offers"]
        self.assertEqual(offer["number"], "ZZ 77-7")

    def test_number_may_come_as_a_number_and_with_signs_of_scanners(self):
        self.assertEqual(self._search(12345)[0]["number"], "12345")
        self.assertEqual(self._search("HOC\x00 90")[0]["number"], "HOC 90")

    def test_nobody_has_it(self):
        answer, enquiry = self._search("ZZ 4711 X")
        self.assertEqual((answer["state"], answer["brands"]), ("done", []))
        self.assertEqual(enquiry.offer_count, 0)

    def test_without_equivalents_the_part_itself_only(self):
        answer, _enquiry = self._search(with_crosses=False)
        self.assertEqual({row["kind"] for row in answer["offers"]}, {"list"})

    def test_too_short_a_number_is_refused(self):
        for number in ("", " - ", "1"):
            with self.subTest(number), self.assertRaisesRegex(UserError, "two letters"):
                self._search(number)

    def test_job_tells_the_visit(self):
        job = self._add_job(self.order)
        answer, enquiry = self._search(job_id=job.id)
        self.assertEqual(enquiry.order_id, self.order)
        self.assertEqual(enquiry.vehicle_id, self.order.vehicle_id)
        self.assertEqual(answer["work"]["job_id"], job.id)
        self.assertIn({"id": job.id, "name": "Brakes"}, answer["work"]["jobs"])

    def test_term_becomes_a_moment(self):
        _answer, enquiry = self._search()
        offer = enquiry.offer_ids.filtered(lambda offer: offer.price == 10.0)
        hours = (offer.eta - offer.fetched_at).total_seconds() / 3600
        self.assertEqual(hours, 24)
        unknown = enquiry.offer_ids.filtered(lambda offer: offer.price == 8.0)
        self.assertFalse(unknown.eta)

    def test_term_beyond_the_calendar_is_not_known(self):
        offers = self.env["auto.service.parts.offer"]
        plain = PlainOffer(brand="B", number="1", hours_max=10**9)
        self.assertFalse(offers._get_eta(plain, 0, fields.Datetime.now()))

    def test_prices_in_other_currencies_are_compared(self):
        euro = self._get_currency("EUR", 0.5)
        self.price_list.currency_id = euro
        _answer, enquiry = self._search(with_crosses=False)
        self.assertEqual(set(enquiry.offer_ids.mapped("cost")), {20.0, 16.0})
        self.assertEqual(enquiry.offer_ids.currency_id, euro)

    def _get_currency(self, name, rate):
        """Currency of which one piece costs ``1 / rate`` of the company's."""
        currency = self.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", name)])
        if currency == self.env.company.currency_id:
            currency = currency.search([("name", "=", "USD")])
        currency.active = True
        currency.rate_ids = [(5,), (0, 0, {"name": "2020-01-01", "rate": rate})]
        return currency

    def test_currency_that_nobody_knows_has_no_price(self):
        enquiry = self._create_enquiry()
        source = enquiry._create_local_source("list", 1, 0)
        plain = PlainOffer("EQMAKER", "HOC 90", price=5.0, currency="XQX")
        store = self.env["auto.service.parts.offer"]._store
        store(source, [(OfferPlace("number", 0), self.price_list, plain)])
        offer = enquiry.offer_ids
        self.assertEqual((offer.cost, offer.sale_price), (0.0, 0.0))
        self.assertIn("XQX", offer.note)

    def test_texts_of_suppliers_cannot_break_anything(self):
        enquiry = self._create_enquiry()
        source = enquiry._create_local_source("list", 1, 0)
        plain = PlainOffer("EQMAKER\x00", "HOC 90", name="x" * 5000, note="a\x00b")
        store = self.env["auto.service.parts.offer"]._store
        store(source, [(OfferPlace("number", 0), self.price_list, plain)])
        offer = enquiry.offer_ids
        self.assertEqual((offer.brand_name, offer.note), ("EQMAKER", "ab"))
        self.assertEqual(len(offer.name), 250)

    def test_hundreds_of_offers_cost_as_many_queries_as_one(self):
        def store(count):
            enquiry = self._create_enquiry()
            source = enquiry._create_local_source("list", count, 0)
            plain = PlainOffer("EQMAKER", "HOC 90", price=5.0)
            found = [(OfferPlace("number", 0), self.price_list, plain)] * count
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self.env["auto.service.parts.offer"]._store(source, found)
            queries = self.env.cr.sql_log_count - start
            self.assertEqual(len(enquiry.offer_ids), count)
            return queries

        store(1)  # caches
        self.assertEqual(store(500), store(1))

    def test_question_is_cheap(self):
        self._search()  # caches
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(45):
            self._search()

    def test_technician_asks_nothing(self):
        technician = self.enquiries.with_user(self.user_technician)
        with self.assertRaises(AccessError):
            technician.search_brands("HOC 90")
        with self.assertRaises(AccessError):
            technician.get_start()
        _answer, enquiry = self._search()
        with self.assertRaises(AccessError):
            enquiry.with_user(self.user_technician).get_enquiry()

    def test_other_company_sees_neither_question_nor_lists(self):
        other = self.env["res.company"].create({"name": "Other garage"})
        self.user_advisor.company_ids += other
        enquiries = self.enquiries.with_company(other).with_context(
            allowed_company_ids=other.ids
        )
        answer = enquiries.search_brands("HOC 90")
        self.assertNotIn("list", [row["kind"] for row in answer["offers"]])
        _answer, enquiry = self._search()
        with self.assertRaises(AccessError):
            enquiries.browse(enquiry.id).get_enquiry()

    def test_latest_numbers_come_once_each_and_newest_first(self):
        self._search()
        self._search("EQW 712/75")
        self._search("HOC-90")
        recent = self.enquiries.get_start()["recent"]
        self.assertEqual([row["number"] for row in recent], ["HOC-90", "EQW 712/75"])
        other = self.enquiries.with_user(self.user_manager).get_start()["recent"]
        self.assertEqual(other, [])

    def test_line_of_an_estimate_asks_for_its_number(self):
        job = self._add_job(self.order, parts=0)
        line = self.env["sale.order.line"].create(
            {
                "order_id": job.line_ids.order_id.id,
                "job_id": job.id,
                "product_id": self.own.id,
            }
        )
        params = line.with_user(self.user_advisor).action_find_parts()["params"]
        self.assertEqual(
            (params["number"], params["brand_name"], params["job_id"]),
            ("EQW 712/75", self.own.part_brand_id.name, job.id),
        )
        answer = self.enquiries.start_enquiry(params)
        self.assertEqual(answer["work"]["order_id"], self.order.id)
