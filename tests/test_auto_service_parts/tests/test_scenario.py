from odoo.tests import HttpCase, tagged

from .common import AbcpCommon


@tagged("post_install", "-at_install")
class TestScenario(AbcpCommon, HttpCase):
    """A customer at the desk asks for a part; there is no work order yet.

    Own stock has the part under another maker's number, a price list and two shops
    have it, a third shop never answers.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_shop("alpha", timeout_seconds=4)
        cls._create_shop("beta", timeout_seconds=4)
        cls._create_shop("gamma", "garage+hang", timeout_seconds=1)
        cls.own = cls._create_part("BREMBO", "P 85 020", name="Brake pads, rear")
        cls._create_cross("TRW", "GDB1330", "BREMBO", "P85020")
        cls._create_price_list(
            [
                {"brand": "TRW", "number": "GDB1330", "price": 21.0, "quantity": 3.0},
                {"brand": "KRAFT", "number": "GDB 1330", "price": 0.5},
            ],
            name="Baltic list",
        )
        vehicle = cls._create_vehicle(
            license_plate="402 GDB", owner_id=cls._create_partner().id
        )
        cls.visit = cls._create_order(complaint="Brakes squeal", vehicle_id=vehicle.id)

    def _start(self, path, tour):
        self.start_tour(path, f"auto_service_parts_{tour}", login="test_advisor")
        self.env.invalidate_all()

    def _get_enquiry(self):
        return self.env["auto.service.parts.enquiry"].search([], limit=1)

    def test_price_query_without_a_work_order(self):
        self._start("/odoo/parts-enquiry", "price_query")
        enquiry = self._get_enquiry()
        self.assertRecordValues(
            enquiry,
            [
                {
                    "number": "gdв-1330",  # the third letter is Cyrillic
                    "number_key": "GDB1330",
                    "brand_name": "TRW",
                    "state": "done",
                    "order_id": False,
                    "user_id": self.user_advisor.id,
                }
            ],
        )
        states = {source.name: source.state for source in enquiry.source_ids}
        self.assertEqual(
            {name: states[name] for name in ("Alpha", "Beta", "Gamma")},
            {"Alpha": "done", "Beta": "done", "Gamma": "timeout"},
        )
        own = enquiry.offer_ids.filtered(lambda offer: offer.kind == "own")
        self.assertEqual(own.product_id, self.own)
        self.assertEqual(own.found_by, "cross")
        self.assertTrue(enquiry.offer_ids.filtered(lambda o: o.kind == "list"))
        self.assertNotIn("KRAFT", enquiry.offer_ids.mapped("brand_name"))
        # Later: the history is found again and belongs to a visit from now on.
        self._start("/odoo/parts-enquiries", "link_later")
        self.assertEqual(enquiry.order_id, self.visit)
        self.assertEqual(self.visit.parts_enquiry_count, 1)

    def test_number_of_many_makers(self):
        # Nobody here knows "402": the brands are the suppliers'.
        self._start("/odoo/parts-enquiry", "many_makers")
        enquiry = self._get_enquiry()
        self.assertEqual(enquiry.brand_name.upper(), "ASAM")
        self.assertEqual(set(enquiry.offer_ids.mapped("number_key")), {"402"})
