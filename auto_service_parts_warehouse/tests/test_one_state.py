from odoo.tests import tagged

from odoo.addons.auto_service_parts_stock.tests.common import PartsStockCommon


@tagged("post_install", "-at_install")
class TestOneState(PartsStockCommon):
    """The supplier's news and the stock's own make one state of a part."""

    def _get_states(self, line):
        self.env.cr.flush()
        return line.stock_state, line.job_id.parts_light

    def test_news_of_the_supplier(self):
        line = self._create_approved_line(2.0)
        self.assertEqual(self._get_states(line), ("needed", "missing"))
        purchase = self._buy(line, 2.0)
        self.assertEqual(self._get_states(line), ("ordered", "coming"))
        for state in ("confirmed", "transit"):
            purchase.part_state = state
            self.assertEqual(self._get_states(line), (state, "coming"))
            self.assertEqual(line.stock_eta, purchase.date_planned)
        purchase.part_state = "refused"
        self.assertEqual(self._get_states(line), ("refused", "missing"))
        self.assertEqual(line.stock_to_order, 2.0)

    def test_stock_outweighs_the_supplier(self):
        line = self._create_approved_line(1.0)
        purchase = self._buy(line, 1.0)
        purchase.part_state = "transit"
        self._receive(purchase)
        self.assertEqual(self._get_states(line), ("arrived", "ready"))
        line.job_id.action_issue_parts()
        self.assertEqual(self._get_states(line), ("fitted", "ready"))

    def test_parts_without_kept_stock_follow_the_supplier(self):
        part = self._create_part("Mahle", "OC 91")
        line = self._create_approved_line(1.0, part)
        self.assertEqual(self._get_states(line), (False, False))
        for state, light in (
            ("needed", "missing"),
            ("refused", "missing"),
            ("transit", "coming"),
            ("arrived", "ready"),
        ):
            line.part_state = state
            self.assertEqual(self._get_states(line), (state, light))

    def test_nothing_is_missing_before_the_approval(self):
        line = self._create_part_line(1.0, self._create_part("Mahle", "OC 92"))
        line.part_state = "needed"
        self.assertEqual(self._get_states(line), (False, False))
        line.part_state = "ordered"  # ordered early
        self.assertEqual(self._get_states(line), ("ordered", "coming"))

    def test_advisor_is_told_once(self):
        line = self._create_approved_line(1.0)
        purchase = self._buy(line, 1.0)
        order = line.work_order_id
        before = order.message_ids
        self._receive(purchase)
        said = (order.message_ids - before).mapped("preview")
        self.assertEqual(said, ["All parts are here for: Brakes"])

    def test_suppliers_are_asked_before_ordering(self):
        line = self._create_approved_line(1.0)
        action = line.work_order_id.action_order_missing_parts()
        self.assertEqual(action["res_model"], "auto.service.parts.order")
