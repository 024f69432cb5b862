from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import format_date

from .common import WarehouseCommon


@tagged("post_install", "-at_install")
class TestStockHint(WarehouseCommon):
    """Where an offered part would come from, while the estimate is written."""

    def _get_hint(self, quantity=1.0, part=None):
        line = self._create_part_line(quantity, part or self.part)
        return line.with_user(self.user_advisor).stock_hint

    def _get_day_in(self, days):
        day = fields.Date.today() + timedelta(days=days)
        return format_date(self.env, day, date_format="d MMM")

    def test_free_here(self):
        self._receive(self.part, 2.0)
        self.assertEqual(self._get_hint(2.0), "2 free here")

    def test_elsewhere_and_to_order(self):
        self._receive(self.part, 2.0)
        tartu = self._create_warehouse()
        self._receive(self.part, 3.0, tartu.lot_stock_id)
        self.assertEqual(self._get_hint(4.0), "2 free here / 3 in Tartu")
        self.assertEqual(
            self._get_hint(6.0),
            "2 free here / 3 in Tartu / 1 to order, about 3 days "
            f"({self._get_day_in(3)})",
        )

    def test_reserved_is_not_free(self):
        self._receive(self.part, 2.0)
        self._create_approved_line(2.0)
        self.assertEqual(
            self._get_hint(), f"to order, about 3 days ({self._get_day_in(3)})"
        )

    def test_other_of_two_sees_the_day_it_would_be_here(self):
        self._receive(self.part, 1.0)
        first = self._create_approved_line(1.0)
        other = self._create_approved_line(1.0).with_user(self.user_advisor)
        self.assertEqual(first.stock_state, "reserved")
        self.assertFalse(first.stock_note)
        self.assertEqual(other.stock_state, "needed")
        self.assertEqual(other.stock_note, f"≈ {self._get_day_in(3)}")

    def test_no_vendor(self):
        part = self._create_part(is_storable=True)
        self.assertEqual(self._get_hint(part=part), "to order, no vendor yet")

    def test_nothing_is_said_of_other_lines(self):
        part = self._create_part(is_storable=False)
        self.assertFalse(self._get_hint(part=part))
        self.assertFalse(self._create_approved_line(1.0).stock_hint)

    def test_queries_do_not_grow_with_the_lines(self):
        counts = []
        for size in (2, 2, 20):  # the first one fills caches
            order = self._create_order()
            lines = self.env["sale.order.line"]
            job = self._add_job(order, hours=1.0, parts=0.0)
            for _number in range(size):
                part = self._create_part(is_storable=True)
                part.seller_ids = [(0, 0, self._prepare_seller_values())]
                lines |= self._create_part_line(1.0, part, order, job_id=job.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(
                set(lines.mapped("stock_hint")),
                {f"to order, about 3 days ({self._get_day_in(3)})"},
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
