import lxml.html

from odoo.tests import HttpCase, new_test_user, tagged

from .common_documents import AutoServiceDocumentsCommon


@tagged("post_install", "-at_install")
class TestPortalVehicle(AutoServiceDocumentsCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_mari = new_test_user(
            cls.env, login="test_mari", groups="base.group_portal"
        )
        cls.user_mari.partner_id.name = "Mari Tamm"
        cls.mari = cls.user_mari.partner_id
        cls.vehicle.owner_id = cls.mari
        cls.order.partner_id = cls.mari
        cls.estimate.partner_id = cls.mari
        cls.stranger = cls._create_partner(name="Peeter Kask")
        cls.foreign = cls._create_vehicle(
            license_plate="999 XYZ", owner_id=cls.stranger.id
        )

    def _open(self, url):
        self.authenticate("test_mari", "test_mari")
        response = self.url_open(url)
        response.raise_for_status()
        return response, lxml.html.fromstring(response.text).text_content()

    def test_list_shows_own_vehicles_only(self):
        _response, text = self._open("/my/vehicles")
        self.assertIn("777 DOC", text)
        self.assertNotIn("999 XYZ", text)

    def test_vehicle_shows_visits_and_documents(self):
        self._do_the_work()
        self.order.action_invoice()
        invoice = self.order.invoice_ids
        _response, text = self._open(f"/my/vehicles/{self.vehicle.id}")
        for expected in (
            self.order.name,
            "184,320",
            "Front brakes",
            "Discs and pads replaced",
            self.estimate.name,
            invoice.name,
        ):
            self.assertIn(expected, text)

    def test_links_lead_to_the_documents(self):
        response, _text = self._open(f"/my/vehicles/{self.vehicle.id}")
        page = lxml.html.fromstring(response.text)
        [link] = page.xpath(
            f"//a[contains(@href, '/my/orders/{self.estimate.id}')]/@href"
        )
        self.assertEqual(self.url_open(link).status_code, 200)

    def test_vehicle_of_another_customer_is_refused(self):
        response, text = self._open(f"/my/vehicles/{self.foreign.id}")
        self.assertTrue(response.url.endswith("/my/vehicles"))
        self.assertNotIn("999 XYZ", text)

    def test_company_vehicle_of_the_fleet_app_is_refused(self):
        self.vehicle.is_customer_vehicle = False
        response, _text = self._open(f"/my/vehicles/{self.vehicle.id}")
        self.assertTrue(response.url.endswith("/my/vehicles"))

    def test_visits_of_a_former_owner_are_not_shown(self):
        self.foreign.owner_id = self.mari
        foreign_order = self.env["auto.service.order"].create(
            {"vehicle_id": self.foreign.id, "partner_id": self.stranger.id}
        )
        _response, text = self._open(f"/my/vehicles/{self.foreign.id}")
        self.assertNotIn(foreign_order.name, text)

    def test_people_of_a_company_see_its_vehicles(self):
        company = self._create_partner(name="Leasing AS", is_company=True)
        self.mari.parent_id = company
        self.foreign.owner_id = company
        _response, text = self._open("/my/vehicles")
        self.assertIn("999 XYZ", text)

    def test_without_login_there_is_nothing(self):
        response = self.url_open(f"/my/vehicles/{self.vehicle.id}")
        self.assertIn("/web/login", response.url)
        self.assertNotIn("777 DOC", response.text)

    def test_home_counts_the_vehicles(self):
        self.authenticate("test_mari", "test_mari")
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["vehicle_count"]}
        )
        self.assertEqual(counters["vehicle_count"], 1)
        self.assertIn("/my/vehicles", self.url_open("/my/home").text)
