from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.offer import BrandHit, PlainOffer
from ..tools.supplier_client import SupplierError
from .common_supplier import SupplierCommon

LIVE = "odoo.addons.auto_service_parts.models.auto_service_parts_enquiry_live"


@tagged("post_install", "-at_install")
class TestPartsEnquiryLive(SupplierCommon):
    """Suppliers are asked side by side; each answer is kept as it comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["auto.service.supplier.account"].search([]).active = False
        cls.first = cls._create_account(name="First", cache_minutes=0)
        cls.second = cls._create_account(
            name="Second", cache_minutes=0, extra_hours=6, timeout_seconds=1
        )

    def setUp(self):
        super().setUp()
        self.enquiries = self.env["auto.service.parts.enquiry"].with_user(
            self.user_advisor
        )
        for account in self.first | self.second:
            self.stage.set(account, "get_brands", [])
            self.stage.set(account, "get_offers", [])

    def _start(self, brand="EQMAKER", **params):
        answer = self.enquiries.start_enquiry(
            {"number": "HOC 90", "brand_name": brand, **params}
        )
        return self.enquiries.browse(answer["id"])

    def _get_source(self, enquiry, account):
        return enquiry.source_ids.filtered(lambda row: row.account_id == account)

    def test_answers_stand_beside_errors(self):
        plain = PlainOffer("Eqmaker", "hoc90", price=5.0, quantity=2.0, hours_max=10)
        self.stage.set(self.first, "get_offers", SupplierError("auth"))
        self.stage.set(self.second, "get_offers", [plain])
        enquiry = self._start()
        self.assertEqual(enquiry.state, "running")
        self.assertEqual(enquiry.run_live(), "done")
        self.assertEqual(self._get_source(enquiry, self.first).state, "error")
        self.assertIn("refused", self._get_source(enquiry, self.first).message)
        offer = enquiry.offer_ids
        self.assertRecordValues(
            offer,
            [
                {
                    "kind": "live",
                    "account_id": self.second.id,
                    "partner_id": self.supplier.id,
                    "source_name": "Second",
                    "found_by": "number",
                    "cost": 5.0,
                }
            ],
        )
        hours = (offer.eta - offer.fetched_at).total_seconds() / 3600
        self.assertEqual(hours, 16)  # with the safety of the account
        self.assertEqual(enquiry.offer_count, 1)

    def test_late_supplier_is_not_waited_for(self):
        plain = PlainOffer("Eqmaker", "HOC 90", price=5.0)
        self.stage.set(self.first, "get_offers", [plain])
        self.stage.set(self.second, "get_offers", self.stage.after(20, [plain]))
        enquiry = self._start()
        enquiry.run_live()
        self.assertEqual(self._get_source(enquiry, self.second).state, "timeout")
        self.assertEqual(enquiry.offer_ids.account_id, self.first)
        self.assertEqual(enquiry.state, "done")

    def test_namesakes_are_left_out_and_told(self):
        plains = [
            PlainOffer("Eqmaker", "HOC 90", price=5.0),
            PlainOffer("Kraft", "HOC-90", price=1.0),
            PlainOffer("Sct", "SM 101", price=2.0, is_equivalent=True),
        ]
        self.stage.set(self.first, "get_offers", plains)
        enquiry = self._start()
        enquiry.run_live()
        self.assertCountEqual(
            enquiry.offer_ids.mapped("brand_name"), ["Eqmaker", "Sct"]
        )
        equivalent = enquiry.offer_ids.filtered("rank")
        self.assertEqual(equivalent.found_by, "supplier")
        self.assertIn(
            "1 of the same number", self._get_source(enquiry, self.first).message
        )

    def test_brand_is_asked_in_the_words_of_the_supplier(self):
        brand = self._create_brand("Enquiry Brand")
        brand.alias_ids = [
            (0, 0, {"name": "EB Filters", "partner_id": self.supplier.id})
        ]
        self.stage.set(
            self.first, "get_offers", [PlainOffer("EB Filters", "HOC90", price=3.0)]
        )
        enquiry = self._start(brand="Enquiry Brand")
        enquiry.run_live()
        asked = {
            args[1] for _id, method, args in self.stage.calls if "offers" in method
        }
        self.assertEqual(asked, {"EB Filters"})
        self.assertEqual(enquiry.offer_ids.brand_id, brand)

    def test_brands_of_suppliers_are_added_to_ours(self):
        self.stage.set(
            self.first, "get_brands", [BrandHit("Lynx", "402"), BrandHit("ASAM", "402")]
        )
        self.stage.set(
            self.second, "get_brands", [BrandHit("LYNX", "402", name="Oil filter")]
        )
        answer = self.enquiries.search_brands("402")
        enquiry = self.enquiries.browse(answer["id"])
        self.assertEqual(enquiry.run_live(), "brand")
        hits = {row["brand_name"].upper(): row for row in enquiry.brand_hits}
        self.assertCountEqual(hits, ["LYNX", "ASAM"])
        self.assertEqual(hits["LYNX"]["name"], "Oil filter")
        self.assertCountEqual(hits["LYNX"]["found_in"], ["First", "Second"])
        # The brand is chosen: the same suppliers are asked for offers.
        self.stage.set(self.first, "get_offers", [PlainOffer("Lynx", "402", price=2.0)])
        self.enquiries.start_enquiry({"enquiry_id": enquiry.id, "brand_name": "lynx"})
        enquiry.run_live()
        self.assertEqual(enquiry.offer_ids.cost, 2.0)

    def test_nobody_has_a_brand(self):
        answer = self.enquiries.search_brands("ZZ 4711 X")
        enquiry = self.enquiries.browse(answer["id"])
        self.assertEqual(enquiry.run_live(), "done")

    def test_second_call_asks_nobody(self):
        enquiry = self._start()
        enquiry.run_live()
        calls = len(self.stage.calls)
        enquiry.run_live()
        self.assertEqual(len(self.stage.calls), calls)

    def test_after_a_stop_nothing_comes_any_more(self):
        enquiry = self._start()

        def stop_first(*_args):
            return [PlainOffer("Eqmaker", "HOC 90", price=5.0)]

        self.stage.set(self.first, "get_offers", stop_first)
        progress = enquiry.stop()
        self.assertEqual(progress["state"], "stopped")
        self.assertEqual(enquiry.run_live(), "stopped")
        self.assertFalse(enquiry.offer_ids)

    @mute_logger(LIVE)
    def test_answer_that_cannot_be_kept_does_not_spoil_the_others(self):
        plain = PlainOffer("Eqmaker", "HOC 90", price=5.0)
        self.stage.set(
            self.first, "get_offers", [PlainOffer("Eqmaker", None, price=1.0)]
        )
        self.stage.set(self.second, "get_offers", [plain])
        offers = self.env.registry["auto.service.parts.offer"]
        keep = offers._prepare_row

        def prepare_row(self, source, *args):
            if source.name == "First":
                raise ValueError("broken")
            return keep(self, source, *args)

        self.stage.set(self.first, "get_offers", [plain])
        with patch.object(offers, "_prepare_row", prepare_row):
            enquiry = self._start()
            enquiry.run_live()
        self.assertEqual(self._get_source(enquiry, self.first).state, "error")
        self.assertEqual(enquiry.offer_ids.account_id, self.second)

    def test_progress_tells_what_is_new_only(self):
        plain = PlainOffer("Eqmaker", "HOC 90", price=5.0)
        self.stage.set(self.first, "get_offers", [plain])
        enquiry = self._start()
        enquiry.run_live()
        progress = enquiry.get_progress(0)
        self.assertEqual(len(progress["offers"]), 1)
        again = enquiry.get_progress(progress["last_offer_id"])
        self.assertEqual(again["offers"], [])
        self.assertEqual(again["last_offer_id"], progress["last_offer_id"])

    def test_lost_process_is_not_waited_for_for_ever(self):
        enquiry = self._start()
        enquiry.sudo().asked_at = fields.Datetime.now() - timedelta(minutes=10)
        self.assertEqual(enquiry.get_progress()["state"], "done")
        self.assertEqual(
            set(enquiry.source_ids.filtered("account_id").mapped("state")), {"timeout"}
        )

    def test_accounts_that_are_not_in_enquiries_are_left_out(self):
        self.first.is_asked = False
        other = self.env["res.company"].create({"name": "Other garage"})
        self._create_account(name="Theirs", company_id=other.id, partner_id=1)
        enquiry = self._start()
        self.assertEqual(enquiry.source_ids.account_id, self.second)

    def test_progress_is_cheap(self):
        enquiry = self._start()
        enquiry.get_progress()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            enquiry.get_progress()
