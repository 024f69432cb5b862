from odoo.tests import tagged

from .common import AutoServiceCommon


@tagged("post_install", "-at_install")
class TestVehicleSearch(AutoServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._create_partner(name="Jüri Õunapuu", phone="+372 5551 2345")
        cls.vehicle = cls._create_vehicle(
            license_plate="О777ОО 199",  # Cyrillic letters
            vin_sn="WVWZZZ1KZ6W123987",
            owner_id=cls.owner.id,
        )
        cls.other = cls._create_vehicle(
            license_plate="888 BBB",
            owner_id=cls._create_partner(name="Somebody Else", phone="+1 202 1").id,
        )
        cls.vehicles = cls.env["fleet.vehicle"].with_user(cls.user_advisor)

    def _search_box(self, text):
        """What the search box of the list does."""
        return self.vehicles.search([("display_name", "ilike", text)])

    def test_one_box_finds_by_any_part(self):
        """Plate in either script, VIN, owner's name, phone in any form."""
        table = [
            "O777OO199",
            "о777оо",  # Cyrillic, lower case
            "777",
            "77OO 1",
            "oo 199",
            "1KZ6W123",
            "wvwzzz",
            "123987",
            "jüri",
            "Juri",
            "õunap",
            "OUNAPUU JURI",
            "+372 5551 2345",
            "(372) 5551-2345",
            "05551 2345",
            "8 5551 2345",
            "5512345",
            "juri 777",
            "ju",
        ]
        for text in table:
            with self.subTest(text=text):
                self.assertEqual(self._search_box(text), self.vehicle)

    def test_what_does_not_fit_is_not_found(self):
        for text in ("juri 888", "O777OP", "%%%", "???", "ri", "_"):
            with self.subTest(text=text):
                self.assertFalse(self._search_box(text) & self.vehicle)

    def test_change_of_name_or_phone_is_found_at_once(self):
        self.owner.write({"name": "Jüri Kask", "phone": "+371 2999 0000"})
        self.assertEqual(self._search_box("kask"), self.vehicle)
        self.assertEqual(self._search_box("29990000"), self.vehicle)
        self.assertFalse(self._search_box("ounapuu"))

    def test_present_driver_finds_the_vehicle_former_owner_does_not(self):
        driver = self._create_partner(name="Chauffeur Zebra")
        self.env["auto.service.vehicle.person"].create(
            {"vehicle_id": self.vehicle.id, "partner_id": driver.id, "role": "driver"}
        )
        self.assertEqual(self._search_box("zebra"), self.vehicle)
        self.vehicle.owner_id = driver
        self.assertFalse(self._search_box("ounapuu"))

    def test_drop_down_shows_plate_model_and_owner(self):
        [(vehicle_id, name)] = self.vehicles.name_search("о777")
        self.assertEqual(vehicle_id, self.vehicle.id)
        self.assertEqual(name, "О777ОО 199 · Testford Focus · Jüri Õunapuu")
        self.assertEqual(self.vehicle.display_name, "О777ОО 199 · Testford Focus")

    def test_glance_names_conflict_and_unpaid_amount(self):
        self.owner.has_conflict = True
        found = self.vehicles.with_context(vehicle_glance=True)
        [(_id, name)] = found.name_search("о777")
        self.assertTrue(name.endswith("Jüri Õunapuu · conflict"), name)
        [values] = found.web_name_search("о777", {"display_name": {}})
        self.assertEqual(
            values["__formatted_display_name"],
            "О777ОО 199 · Testford Focus\n--Jüri Õunapuu · conflict--",
        )

    def test_exact_name_of_an_import_finds_by_plate_or_vin(self):
        for text in ("O777OO199", "WVWZZZ1KZ6W123987"):
            with self.subTest(text=text):
                [(vehicle_id, _name)] = self.vehicles.name_search(text, operator="=")
                self.assertEqual(vehicle_id, self.vehicle.id)

    def test_negated_search_leaves_the_vehicle_out(self):
        found = self.vehicles.search([("display_name", "not ilike", "o777oo")])
        self.assertIn(self.other, found)
        self.assertNotIn(self.vehicle, found)

    def test_search_text_has_its_index(self):
        """Without it every search reads the whole table."""
        if not self.env.registry.has_trigram:
            self.assertFalse(self.env.registry.has_trigram)
            return
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'fleet_vehicle' "
            "AND indexdef LIKE '%search_text%gin_trgm_ops%'"
        )
        self.assertTrue(self.env.cr.rowcount)


@tagged("post_install", "-at_install")
class TestVehicleQueries(AutoServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_fleet_of(0, 20)
        cls.vehicles = cls.env["fleet.vehicle"].with_user(cls.user_advisor)

    @classmethod
    def _create_fleet_of(cls, start, stop):
        """Vehicles with an owner each."""
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Query {i}", "phone": f"+37255{i:06}"}
                for i in range(start, stop)
            ]
        )
        cls.env["fleet.vehicle"].create(
            [
                {
                    "license_plate": f"QRY {i}",
                    "is_customer_vehicle": True,
                    "owner_id": partner.id,
                }
                for i, partner in enumerate(partners, start)
            ]
        )

    def _count_queries(self, view_type):
        """Queries of a screen with an empty cache.

        :return: number
        """
        view = self.env.ref(f"auto_service_base.auto_service_vehicle_view_{view_type}")
        arch = self.vehicles.with_context(lang=None).get_view(view.id, view_type)
        names = arch["models"]["fleet.vehicle"]
        fields = self.vehicles.fields_get(names, ["type"])
        specification = {
            name: {"fields": {"display_name": {}}} if info["type"] == "many2one" else {}
            for name, info in fields.items()
        }
        domain = [("display_name", "ilike", "QRY")]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = self.vehicles.web_search_read(domain, specification, limit=500)
        self.assertTrue(result["records"])
        return self.env.cr.sql_log_count - before

    def test_list_and_kanban_need_a_fixed_number_of_queries(self):
        """Twice the vehicles, the same number of queries."""
        for view_type in ("list", "kanban"):
            with self.subTest(view_type=view_type):
                self._count_queries(view_type)
                few = self._count_queries(view_type)
                self._create_fleet_of(100, 140)
                self._count_queries(view_type)
                self.assertEqual(self._count_queries(view_type), few)
                self.assertLessEqual(few, 15)

    def test_drop_down_needs_a_fixed_number_of_queries(self):
        found = self.vehicles.with_context(vehicle_glance=True)
        counts = []
        for limit in (2, 2, 8):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found.web_name_search("QRY", {"display_name": {}}, limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 12)
