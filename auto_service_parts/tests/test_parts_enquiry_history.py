from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestPartsEnquiryHistory(PartsCommon):
    """What was asked and offered stays, and is asked again, compared and linked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["auto.service.supplier.account"].search([]).active = False
        cls.order = cls._create_order()
        cls.job = cls._add_job(cls.order, parts=0)
        cls.enquiry = cls._create_enquiry(brand_name="MAHLE")
        cls.offer = cls._create_offer(cls.enquiry, warehouse="North")
        cls.enquiry = cls.enquiry.with_user(cls.user_advisor)

    def test_nobody_deletes_or_changes_history(self):
        for user in (self.user_advisor, self.user_parts, self.user_manager):
            enquiry = self.enquiry.with_user(user)
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    enquiry.unlink()
                with self.assertRaises(AccessError):
                    enquiry.offer_ids.unlink()
                with self.assertRaisesRegex(UserError, "history"):
                    enquiry.number = "OC 91"
        with self.assertRaises(UserError):
            self.env["auto.service.parts.enquiry"].browse(self.enquiry.id).unlink()

    def test_nobody_makes_up_what_was_offered(self):
        self.env["auto.service.parts.enquiry.source"].create(
            {"enquiry_id": self.enquiry.id, "kind": "own", "name": "Own stock"}
        )
        for user in (self.user_advisor, self.user_parts, self.user_manager):
            enquiry = self.enquiry.with_user(user)
            for rows in (enquiry.offer_ids, enquiry.source_ids):
                with self.subTest(user=user.name, model=rows._name):
                    self.assertTrue(rows.read(["enquiry_id"]))
                    values = rows[0].sudo().copy_data()[0]
                    with self.assertRaises(AccessError):
                        rows.create(values)
                    with self.assertRaisesRegex(UserError, "history|not allowed"):
                        rows.write({"enquiry_id": self.enquiry.id})
                    with self.assertRaises(AccessError):
                        rows.unlink()
                with self.assertRaises(AccessError):
                    enquiry.offer_ids.write({"product_id": False})

    def test_link_comes_later(self):
        work = self.enquiry.action_link(self.order.id, self.job.id)
        self.assertEqual(self.enquiry.vehicle_id, self.order.vehicle_id)
        self.assertEqual(
            (work["order_id"], work["job_id"]), (self.order.id, self.job.id)
        )
        self.assertEqual(self.order.parts_enquiry_count, 1)

    def test_link_is_to_one_visit_and_its_own_jobs(self):
        other = self._create_order()
        with self.assertRaisesRegex(UserError, "not of"):
            self.enquiry.action_link(other.id, self.job.id)
        self.enquiry.action_link(self.order.id)
        self.enquiry.action_link(other.id)  # nothing stands on an estimate yet
        self.enquiry.action_link(self.order.id, self.job.id)
        self.enquiry.offer_ids.add_to_job()
        with self.assertRaisesRegex(UserError, "another visit"):
            self.enquiry.action_link(other.id)

    def test_what_is_on_the_estimate_is_marked(self):
        self.enquiry.action_link(self.order.id, self.job.id)
        self.enquiry.offer_ids.add_to_job(quantity=2)
        answer = self.enquiry.get_enquiry()
        self.assertEqual(answer["added"], {self.offer.id: 2.0})

    def test_repeating_names_what_it_repeats(self):
        action = self.enquiry.action_repeat()
        self.assertEqual(action["tag"], "auto_service_parts_enquiry")
        answer = self.enquiry.start_enquiry(action["params"])
        self.assertEqual(answer["repeated_id"], self.enquiry.id)
        self.assertEqual(answer["number"], "OC 90")

    def test_comparison_tells_changed_prices_and_gone_offers(self):
        gone = self._create_offer(self.enquiry, warehouse="South")
        again = self._create_enquiry(brand_name="MAHLE", repeated_id=self.enquiry.id)
        same = self._create_offer(again, warehouse="North", price=12.0, cost=12.0)
        new = self._create_offer(again, warehouse="East")
        comparison = again.with_user(self.user_advisor).compare(self.enquiry.id)
        self.assertEqual(comparison["then"][same.id]["cost"], 10.0)
        self.assertNotIn(new.id, comparison["then"])
        self.assertEqual([row["id"] for row in comparison["gone"]], [gone.id])

    def test_offers_that_look_alike_are_compared_by_their_price(self):
        dear = self._create_offer(self.enquiry, warehouse="North", price=20.0)
        again = self._create_enquiry(brand_name="MAHLE", repeated_id=self.enquiry.id)
        now_dear = self._create_offer(again, warehouse="North", price=20.0)
        now = self._create_offer(again, warehouse="North")
        self.offer.sudo().product_id = self.part  # it was bought meanwhile
        comparison = again.with_user(self.user_advisor).compare(self.enquiry.id)
        then = {key: row["id"] for key, row in comparison["then"].items()}
        self.assertEqual(then, {now_dear.id: dear.id, now.id: self.offer.id})
        self.assertEqual(comparison["gone"], [])

    def test_history_is_found_by_number_in_any_spelling(self):
        enquiries = self.enquiry.search([("display_name", "ilike", "оc-9")])
        self.assertIn(self.enquiry, enquiries)
        enquiries = self.enquiry.search([("display_name", "ilike", "mahle")])
        self.assertIn(self.enquiry, enquiries)

    def test_list_of_the_history_is_cheap(self):
        for number in range(20):
            self._create_enquiry(number=f"X {number}", order_id=self.order.id)
        fields = {
            "number": {},
            "brand_name": {},
            "license_plate": {},
            "order_id": {"fields": {"display_name": {}}},
            "user_id": {"fields": {"display_name": {}}},
        }
        domain = [("order_id", "=", self.order.id)]
        self.enquiry.web_search_read(domain, fields, limit=80)  # caches
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            rows = self.enquiry.web_search_read(domain, fields, limit=80)["records"]
        self.assertEqual(len(rows), 20)
