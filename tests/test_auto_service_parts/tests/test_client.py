from odoo.tests import tagged

from odoo.addons.auto_service_parts.tools.supplier_client import (
    OrderLine,
    SupplierError,
)

from .common import AbcpCommon


@tagged("post_install", "-at_install")
class TestClient(AbcpCommon):
    """What the client of ABCP makes of the answers of a faithful server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alpha = cls._create_shop("alpha")
        cls.beta = cls._create_shop("beta")
        cls.shops = cls.alpha | cls.beta

    def _assert_error(self, code, method, *args, account=None, timeout=None):
        with self.assertRaises(SupplierError) as caught:
            (account or self.alpha)._call(method, *args, timeout=timeout)
        self.assertEqual(caught.exception.code, code)
        return caught.exception

    def _get_offers(self, account=None, number="GDB1330", brand="TRW", crosses=True):
        return (account or self.alpha)._call("get_offers", number, brand, crosses)

    def _order(self, account, *offers, number="P00001", quantity=1):
        lines = [
            OrderLine(
                f"{number}-{index}",
                offer.brand,
                offer.number,
                quantity,
                offer.order_token,
            )
            for index, offer in enumerate(offers)
        ]
        return account._call("place_order", number, lines), lines

    # Questions ----------------------------------------------------------------------

    def test_namesakes_are_told_apart(self):
        for account in self.shops:
            with self.subTest(account=account.name):
                hits = account._call("get_brands", "gdb-1330")
                self.assertEqual([hit.brand for hit in hits], ["TRW", "KRAFT"])
                self.assertTrue(hits[0].name)

    def test_shops_say_the_same_in_their_own_ways(self):
        # One answers lists and numbers, the other objects and texts.
        def describe(offer):
            return (
                offer.brand,
                offer.number,
                offer.is_equivalent,
                offer.quantity_sign,
                offer.quantity,
                offer.is_on_order,
                offer.multiplicity,
                offer.hours_min,
                offer.hours_max,
                offer.probability,
                offer.is_no_return,
                offer.is_used,
            )

        alpha, beta = map(self._get_offers, self.shops)
        self.assertEqual(list(map(describe, alpha)), list(map(describe, beta)))
        for one, other in zip(alpha, beta, strict=True):
            self.assertAlmostEqual(one.price * 0.96, other.price, 2)

    def test_stock_is_read_in_all_its_spellings(self):
        offers = self._get_offers(crosses=False)
        found = {
            (offer.quantity_sign, offer.quantity, offer.is_on_order) for offer in offers
        }
        self.assertIn(("=", 5.0, False), found)
        on_order = [offer for offer in offers if offer.is_on_order]
        self.assertEqual({offer.hours_min for offer in on_order}, {96, 240})
        inexact = [
            offer
            for offer in offers
            if offer.quantity_sign != "=" and not offer.is_on_order
        ]
        self.assertEqual(len(inexact), 3, "-1, -2 and -3")
        self.assertTrue(all(offer.quantity >= 1 for offer in inexact))

    def test_flags_and_html_are_read(self):
        offers = self._get_offers(crosses=False)
        [strict] = [offer for offer in offers if offer.is_no_return]
        self.assertEqual((strict.multiplicity, strict.price_cap), (2.0, 2500.0))
        self.assertNotIn("<", strict.note)
        self.assertIn("до 14:00", strict.note)
        self.assertEqual(len([offer for offer in offers if offer.is_used]), 1)

    def test_stocks_of_partners_are_asked_when_wanted(self):
        before = len(self._get_offers(crosses=False))
        self.alpha.has_partner_stocks = True
        offers = self._get_offers(crosses=False)
        self.assertEqual(len(offers), before + 1)
        [other] = [offer for offer in offers if offer.multiplicity == 4]
        self.assertEqual(other.term_text, "завтра после 15:00")

    def test_offers_with_the_same_key_stay_two(self):
        keys = [
            offer.order_token["itemKey"] for offer in self._get_offers(crosses=False)
        ]
        self.assertEqual(len(keys), len(set(keys)) + 1)

    def test_equivalents_are_known_with_and_without_the_shops_flag(self):
        for account in self.shops:
            with self.subTest(account=account.name):
                offers = self._get_offers(account)
                numbers = {offer.number for offer in offers if offer.is_equivalent}
                self.assertEqual(
                    numbers, {"P 85 020", "FDB1083", "13.0460-2880.2", "1H0 698 451 A"}
                )
                self.assertFalse(
                    [
                        offer
                        for offer in self._get_offers(account, crosses=False)
                        if offer.is_equivalent
                    ]
                )

    def test_nothing_found_is_an_empty_list(self):
        self.assertEqual(self._get_offers(number="NO-SUCH-1"), [])
        self.assertEqual(self.alpha._call("get_brands", "NO-SUCH-1"), [])

    def test_many_parts_at_once(self):
        parts = [("GDB1330", "TRW"), ("333305", "Kayaba")] * 60
        offers = self.alpha._call("get_offers_of_many", parts)
        self.assertEqual({offer.brand for offer in offers}, {"TRW", "KYB"})
        asked = self.server.requests(operation="search/batch")
        self.assertEqual([len(row["params"]["search"]) for row in asked], [100, 20])

    # Lists --------------------------------------------------------------------------

    def test_statuses_choices_and_brands_are_loaded(self):
        for account in self.shops:
            with self.subTest(account=account.name):
                statuses = account._call("get_statuses")
                self.assertEqual(len({row["code"] for row in statuses}), len(statuses))
                self.assertTrue(any(row["is_final"] for row in statuses))
                self.assertFalse(all(row["is_final"] for row in statuses))
                self.assertIn(("KYB", ["KAYABA"]), account._call("get_brand_names"))
        kinds = {row["kind"] for row in self.alpha._call("get_order_options")}
        self.assertEqual(kinds, {"payment", "shipment", "address", "office"})

    def test_check_says_who_we_are(self):
        self.assertTrue(self.alpha._call("check"))
        self.alpha.password = "wrong"
        self._assert_error("auth", "check")
        self.alpha.write({"login": "denied", "password": "secret"})
        self._assert_error("denied", "check")

    # Orders -------------------------------------------------------------------------

    def _set_choices(self, account):
        options = self.env["auto.service.supplier.option"]
        options._load_options(account, account._call("get_order_options"))
        for kind in ("payment", "shipment", "address"):
            account[f"{kind}_option_id"] = options.search(
                [("account_id", "=", account.id), ("kind", "=", kind)], limit=1
            )

    def test_order_is_taken_and_found_again(self):
        for account in self.shops:
            with self.subTest(account=account.name):
                self._set_choices(account)
                offer = self._get_offers(account)[0]
                result, lines = self._order(account, offer, quantity=2)
                [position] = result.positions
                self.assertFalse(result.refused)
                self.assertEqual(position.reference, "P00001-0")
                self.assertEqual((position.quantity, position.price), (2, offer.price))
                found = account._call("find_order", "P00001", lines)
                self.assertEqual(found.positions[0].position, position.position)
                self.assertIsNone(account._call("find_order", "P00002", ()))

    def test_partial_success_is_read_position_by_position(self):
        self._set_choices(self.alpha)
        pads, cooler = self._get_offers()[0], self._get_offers(None, "01089", "Febi")[0]
        refuse = {"GDB1330": "Снято с продажи"}
        self.server.add_fault(operation="orders/instant", refuse=refuse)
        result, _lines = self._order(self.alpha, pads, cooler)
        self.assertEqual([p.reference for p in result.positions], ["P00001-1"])
        [refused] = result.refused
        self.assertEqual(refused.reference, "P00001-0")
        self.assertIn("Снято с продажи", refused.error)

    def test_nothing_taken_is_an_answer_too(self):
        self._set_choices(self.alpha)
        offer = self._get_offers()[0]
        result, _lines = self._order(self.alpha, offer, quantity=99)
        self.assertFalse(result.positions)
        self.assertEqual(len(result.refused), 1)
        self.assertFalse(self.server.orders("alpha"))

    def test_two_offers_with_the_same_key_are_told_apart_by_their_route(self):
        self._set_choices(self.alpha)
        offers = self._get_offers(crosses=False)
        keys = [offer.order_token["itemKey"] for offer in offers]
        twins = [o for o in offers if keys.count(o.order_token["itemKey"]) == 2]
        result, _lines = self._order(self.alpha, *twins)
        self.assertEqual(
            [position.price for position in result.positions],
            [offer.price for offer in twins],
        )

    def test_shop_with_days_of_delivery_gets_one(self):
        gamma = self._create_shop("gamma", has_partner_stocks=True)
        self._set_choices(gamma)
        offers = self._get_offers(gamma, crosses=False)
        other = next(offer for offer in offers if offer.multiplicity == 4)
        result, _lines = self._order(gamma, offers[0], other, quantity=4)
        numbers = {position.order_number for position in result.positions}
        self.assertEqual(len(numbers), 2, "an order for each supplier of the shop")
        self.assertEqual(len(result.positions), 2)
        self.assertTrue(self.server.orders("gamma")[0]["shipmentDate"])

    def test_after_a_timeout_the_order_can_be_looked_up(self):
        self._set_choices(self.alpha)
        offer = self._get_offers()[0]
        self.server.add_fault(operation="orders/instant", hang=True, after=True)
        line = OrderLine("P7-1", offer.brand, offer.number, 1, offer.order_token)
        error = self._assert_error("timeout", "place_order", "P7", [line], timeout=1)
        self.assertTrue(error.is_doubtful)
        found = self.alpha._call("find_order", "P7", [line])
        self.assertEqual([p.reference for p in found.positions], ["P7-1"])

    def test_order_behind_many_others_is_found(self):
        self._set_choices(self.alpha)
        offer = self._get_offers(None, "01089", "Febi")[0]
        self._order(self.alpha, offer, number="P-OLD")
        for number in range(120):
            self._order(self.alpha, offer, number=f"P-{number}")
        found = self.alpha._call("find_order", "P-OLD", ())
        self.assertEqual(len(found.positions), 1)

    def test_statuses_and_cancelling(self):
        self._set_choices(self.alpha)
        result, _lines = self._order(self.alpha, *self._get_offers()[:2])
        first, second = result.positions
        self.server.set_status("alpha", position=second.position, status="В пути")
        positions = self.alpha._call("get_positions", [first.order_number])
        self.assertEqual([p.status for p in positions], ["Новый", "В пути"])
        self.assertTrue(self.alpha._call("cancel_position", first.position))
        error = self._assert_error("request", "cancel_position", second.position)
        self.assertIn("невозможна", error.message)

    # What goes wrong ----------------------------------------------------------------

    def test_faults_are_errors_of_their_kind(self):
        kinds = {
            "hang": "timeout",
            "drip": "timeout",
            "huge": "answer",
            "reset": "connection",
            "html": "server",
            "gateway": "server",
            "unknown": "server",
            "locked": "locked",
            "denied": "denied",
            "auth": "auth",
            "broken": "answer",
            "empty": "answer",
            "redirect": "answer",
        }
        for word, code in kinds.items():
            with self.subTest(word=word):
                account = self._create_shop("alpha", f"garage+{word}")
                error = self._assert_error(
                    code, "get_brands", "GDB1330", account=account, timeout=1
                )
                self.assertNotIn("<", error.message)

    def test_truncated_answers_are_no_answers(self):
        account = self._create_shop("alpha", "garage+truncated")
        with self.assertRaises(SupplierError) as caught:
            account._call("get_offers", "GDB1330", "TRW", True)
        self.assertIn(caught.exception.code, ("answer", "connection"))

    def test_wrong_encoding_is_read_all_the_same(self):
        account = self._create_shop("alpha", "garage+cp1251")
        hits = account._call("get_brands", "GDB1330")
        self.assertEqual(hits[0].name, "Колодки тормозные задние")

    def test_locked_once_is_asked_once_more(self):
        self.server.add_fault(operation="search/brands", error=303, times=1)
        self.assertTrue(self.alpha._call("get_brands", "GDB1330"))
        self.assertEqual(len(self.server.requests(operation="search/brands")), 2)

    def test_locked_order_is_placed_once(self):
        # Error 303 says that nothing was done: the one more try makes one order.
        self._set_choices(self.alpha)
        offer = self._get_offers()[0]
        self.server.add_fault(operation="orders/instant", error=303, times=1)
        result, _lines = self._order(self.alpha, offer)
        self.assertEqual(len(result.positions), 1)
        self.assertEqual(len(self.server.orders("alpha")), 1)

    def test_too_many_requests_are_a_limit(self):
        self.server.add_fault(operation="search/brands", html=429)
        self._assert_error("limit", "get_brands", "GDB1330")

    def test_password_never_goes_over_the_net_in_plain(self):
        self.alpha._call("check")
        [request] = self.server.requests()
        self.assertEqual(request["params"]["userpsw"], "…")
        self.assertNotIn("secret", str(request))
