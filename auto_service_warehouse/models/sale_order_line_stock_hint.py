from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime


class SaleOrderLine(models.Model):
    """Where the part of a line lies, and where an offered part would come from."""

    _inherit = "sale.order.line"

    stock_note = fields.Char(
        string="Pieces",
        compute="_compute_stock_note",
        help="How many pieces are here, and when the rest is expected.",
    )
    stock_place = fields.Char(
        string="Bin",
        compute="_compute_stock_place",
        compute_sudo=True,
        help="Where the pieces that are reserved for the job lie.",
    )
    stock_hint = fields.Char(
        string="Availability",
        compute="_compute_stock_hint",
        compute_sudo=True,
        help="Free pieces here and in other warehouses, and how long it takes to get "
        "what is missing.",
    )

    @api.depends(
        "stock_state",
        "stock_here_qty",
        "stock_eta",
        "stock_to_order",
        "product_uom_qty",
    )
    @api.depends_context("tz", "lang")
    def _compute_stock_note(self):
        for line in self:
            texts = [line._get_pieces_text(), line._get_expected_text()]
            line.stock_note = ", ".join(filter(None, texts)) or False

    def _get_pieces_text(self):
        """How many pieces are here, when that is some of them."""
        unit = self.product_uom_id
        here, wanted = self.stock_here_qty, self.product_uom_qty
        if not self.stock_state or unit.compare(here, 0.0) <= 0:
            return ""
        if unit.compare(here, wanted) >= 0:
            return ""
        return self.env._(
            "%(here)s of %(wanted)s here",
            here=self._format_quantity(here),
            wanted=self._format_quantity(wanted),
        )

    def _get_expected_text(self):
        """When the rest comes, or since when it is late."""
        if not self.stock_eta:
            return self._get_soonest_text()
        now = fields.Datetime.now()
        is_soon = abs(self.stock_eta - now) < timedelta(hours=20)
        when = format_datetime(
            self.env, self.stock_eta, dt_format="HH:mm" if is_soon else "d MMM"
        )
        if self.stock_eta < now:
            return self.env._("late since %(when)s", when=when)
        return when

    def _get_soonest_text(self):
        """When a part that nobody ordered would be here if it was ordered now."""
        if not self.stock_state or self.stock_to_order <= 0.0:
            return ""
        days = self.sudo()._get_days_to_order()  # vendors are not everybody's
        return "" if days is None else f"≈ {self._format_day_in(days)}"

    @api.depends("stock_state", "move_ids.move_line_ids.location_id")
    def _compute_stock_place(self):
        reserved = self.filtered(
            lambda line: line.stock_state
            and line.stock_state not in ("fitted", "needed")
        )
        (self - reserved).stock_place = False
        reserved.move_ids.move_line_ids.location_id.mapped("name")  # all at once
        for line in reserved:
            places = line._get_delivery_moves().move_line_ids.location_id
            line.stock_place = ", ".join(places.mapped("name")) or False

    # While the estimate is written ---------------------------------------------

    @api.depends(
        "product_id", "product_uom_qty", "product_uom_id", "state", "warehouse_id"
    )
    def _compute_stock_hint(self):
        asked = self.filtered(lambda line: line._is_asking_for_stock())
        (self - asked).stock_hint = False
        free = asked._get_free_by_product()
        for line in asked:
            texts = line._get_stock_hint_texts(free.get(line.product_id._origin.id, []))
            line.stock_hint = " / ".join(texts)

    def _is_asking_for_stock(self):
        """Whether the line is a part that is offered, and whose stock is kept."""
        self.ensure_one()
        return bool(
            self.state in ("draft", "sent")
            and self.kind == "part"
            and self.is_storable
            and self.work_order_id
        )

    def _get_free_by_product(self):
        """Free pieces of the products of the lines.

        :return: dict of product id to list of (warehouse id, name, pieces)
        """
        free = {}
        for product_id, *row in self._query_free_stock(
            self.product_id._origin, self.company_id
        ):
            free.setdefault(product_id, []).append(row)
        return free

    def _get_stock_hint_texts(self, rows):
        """Where as many as the line wants would come from.

        :param list rows: of ``_get_free_by_product``
        :return: list of texts
        """
        self.ensure_one()
        unit = self.product_uom_id
        rest = self.product_uom_qty
        texts = []
        for warehouse_id, name, quantity in sorted(
            rows, key=lambda row: row[0] != self.warehouse_id.id
        ):
            free = self.product_id.uom_id._compute_quantity(
                max(quantity, 0.0), unit, round=False
            )
            if unit.compare(free, 0.0) <= 0:
                continue
            texts.append(
                self._get_free_text(free, warehouse_id != self.warehouse_id.id and name)
            )
            rest -= free
        if unit.compare(rest, 0.0) > 0 or not texts:
            texts.append(self._get_to_order_text(rest, bool(texts)))
        return texts

    def _get_free_text(self, quantity, warehouse=None):
        """How many lie free here, or in another warehouse."""
        free = self._format_quantity(quantity)
        if warehouse:
            return self.env._(
                "%(free)s in %(warehouse)s", free=free, warehouse=warehouse
            )
        return self.env._("%(free)s free here", free=free)

    def _get_to_order_text(self, quantity, is_rest):
        """What has to be ordered, and how long that takes.

        :param float quantity: in the unit of the line
        :param bool is_rest: whether the others are there
        """
        days = self._get_days_to_order()
        count = f"{self._format_quantity(quantity)} " if is_rest else ""
        if days is None:
            return self.env._("%(count)sto order, no vendor yet", count=count)
        return f"{self._get_delay_text(count, days)} ({self._format_day_in(days)})"

    def _get_delay_text(self, count, days):
        """How long it takes to get what is missing.

        :param str count: how many, when others are there
        """
        if days <= 0:
            return self.env._("%(count)sto order", count=count)
        if days == 1:
            return self.env._("%(count)sto order, about a day", count=count)
        return self.env._(
            "%(count)sto order, about %(days)s days", count=count, days=days
        )

    def _format_day_in(self, days):
        """The day that is so many days ahead, short, as text."""
        day = fields.Date.context_today(self) + timedelta(days=max(days, 0))
        return format_date(self.env, day, date_format="d MMM")

    def _get_days_to_order(self):
        """Days until the part is here when it is ordered now.

        Extend it where somebody knows better than the list of vendors.

        :return: int, None when there is no vendor
        """
        self.ensure_one()
        vendors = self._get_part_vendors()
        return vendors[:1].delay if vendors else None
