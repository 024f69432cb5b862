from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.supplier_client import SupplierError

#: Prices that were asked longer ago are asked once more before the order.
FRESH = timedelta(minutes=3)


class AutoServicePartsOrder(models.TransientModel):
    """What is ordered from whom, at the prices of this minute."""

    _name = "auto.service.parts.order"
    _description = "Order Parts"

    company_id = fields.Many2one("res.company", required=True, help="Company.")
    state = fields.Selection(
        [("check", "To be checked"), ("done", "Ordered")],
        default="check",
        help="Whether the parts are ordered already.",
    )
    line_ids = fields.One2many(
        "auto.service.parts.order.line", "order_id", help="Parts that are ordered."
    )
    purchase_ids = fields.Many2many(
        "purchase.order", string="Purchase orders", help="What was ordered."
    )
    checked_at = fields.Datetime(
        string="Prices of", help="When the suppliers were asked for these prices."
    )
    supplier_count = fields.Integer(
        compute="_compute_counts", help="Suppliers that something is ordered from."
    )
    accept_count = fields.Integer(
        compute="_compute_counts",
        help="Lines that are not ordered before somebody accepts their change.",
    )
    missing_count = fields.Integer(
        compute="_compute_counts", help="Lines that nobody offers any more."
    )
    change_count = fields.Integer(
        compute="_compute_counts", help="Lines whose change has to be accepted."
    )
    loss_count = fields.Integer(
        compute="_compute_counts",
        help="Lines that cost more than the customer pays.",
    )
    note_count = fields.Integer(
        compute="_compute_counts", help="Lines of which there is something to say."
    )
    mail_count = fields.Integer(
        compute="_compute_mail_count", help="Purchase orders that go by mail."
    )
    sending_count = fields.Integer(
        compute="_compute_mail_count", help="Orders that suppliers have not answered."
    )

    @api.depends(
        "line_ids.is_ordered",
        "line_ids.partner_id",
        "line_ids.is_accepted",
        "line_ids.has_to_be_accepted",
        "line_ids.check_state",
        "line_ids.check_note",
        "line_ids.is_below_cost",
    )
    def _compute_counts(self):
        for wizard in self:
            lines = wizard.line_ids.filtered("is_ordered")
            wizard.supplier_count = len(lines.partner_id)
            wizard.accept_count = len(
                lines.filtered(
                    lambda line: line.has_to_be_accepted and not line.is_accepted
                )
            )
            wizard.missing_count = len(
                wizard.line_ids.filtered(lambda line: line.check_state == "gone")
            )
            wizard.change_count = len(wizard.line_ids.filtered("has_to_be_accepted"))
            wizard.loss_count = len(lines.filtered("is_below_cost"))
            wizard.note_count = len(wizard.line_ids.filtered("check_note"))

    @api.depends("purchase_ids.supplier_account_id", "purchase_ids.supplier_order_ids")
    def _compute_mail_count(self):
        for wizard in self:
            wizard.mail_count = len(wizard._get_mailed_purchases())
            wizard.sending_count = len(
                wizard.purchase_ids.filtered(
                    lambda order: order.supplier_order_state in ("waiting", "sending")
                )
            )

    def _get_mailed_purchases(self):
        """Purchase orders that no supplier's system takes."""
        return self.purchase_ids.filtered(lambda order: not order.supplier_account_id)

    # Opening ------------------------------------------------------------------------

    @api.model
    def _open(self, sale_lines):
        """Ask the suppliers once more, then show the dialog.

        Nothing is written before the suppliers have answered: no lock is held while
        they think.

        :param sale_lines: sale.order.line records of one company
        :return: act_window action
        """
        company = sale_lines.company_id
        if len(company) > 1:
            raise UserError(self.env._("Order the parts of one company at a time."))
        wizard = self.new({"company_id": company.id})
        rows = [
            wizard.line_ids._prepare_values(line)
            for line in sale_lines.filtered(lambda line: line.qty_to_order > 0)
        ]
        if not rows:
            raise UserError(sale_lines._get_nothing_to_order_sentence())
        checks = self._check_rows(rows)
        values = {
            "company_id": company.id,
            "checked_at": fields.Datetime.now(),
            "line_ids": [
                Command.create({**row, **check})
                for row, check in zip(rows, checks, strict=True)
            ],
        }
        return self.create(values)._get_action()

    def _get_action(self):
        """Show the dialog.

        :return: act_window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order parts"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # Prices of this minute --------------------------------------------------------

    @api.model
    def _check_rows(self, rows):
        """What the suppliers say now about the offers of the rows.

        :param rows: list of dicts with ``offer_id``
        :return: list of dicts of values of wizard lines, in the order of the rows
        """
        offers = self.env["auto.service.parts.offer"].browse(
            [row["offer_id"] for row in rows if row.get("offer_id")]
        )
        answers = {
            **self._ask_live(offers.filtered(lambda offer: offer.kind == "live")),
            **self._ask_lists(offers.filtered(lambda offer: offer.kind == "list")),
        }
        by_id = {offer.id: offer for offer in offers}
        lines = self.env["auto.service.parts.order.line"]
        return [
            lines._prepare_check(offer, row["quantity"], answers.get(offer))
            for row in rows
            for offer in [by_id.get(row.get("offer_id"), offers.browse())]
        ]

    @api.model
    def _ask_live(self, offers):
        """Ask every supplier for the very part again, side by side.

        :param offers: auto.service.parts.offer records of live suppliers
        :return: dict of offer to list of PlainOffer, or to SupplierError
        """
        answers = {}
        asks = []
        for offer in offers:
            if not offer.account_id.active:
                answers[offer] = SupplierError("unsupported", was_sent=False)
                continue
            number, brand = self._get_asked(offer)
            asks.append(
                (offer.account_id, offer.id, "get_offers", (number, brand, False))
            )
        accounts = offers.account_id
        for answer in accounts._ask(asks, use_cache=False):
            offer = offers.browse(answer.key)
            answers[offer] = answer.error or answer.result
        return answers

    @api.model
    def _get_asked(self, offer):
        """Number and brand as the supplier writes them.

        :return: tuple of number and brand
        """
        return offer.number, offer.brand_name or offer.brand_id.name or ""

    @api.model
    def _ask_lists(self, offers):
        """What the price lists in force say.

        :return: dict of offer to list of PlainOffer
        """
        return {
            offer: offer.price_list_id._get_offers_of(offer)
            for offer in offers
            if offer.price_list_id
        }

    def action_check(self):
        """Ask the suppliers once more.

        :return: act_window action of the dialog
        """
        self.ensure_one()
        rows = [
            {"offer_id": line.offer_id.id, "quantity": line.quantity}
            for line in self.line_ids
        ]
        checks = self._check_rows(rows)
        for line, check in zip(self.line_ids, checks, strict=True):
            line._take_check(check)
        self.checked_at = fields.Datetime.now()
        return self._get_action()

    # Ordering ------------------------------------------------------------------------

    def action_order(self):
        """Make the purchase orders, confirm them, and hand them to the suppliers.

        :return: act_window action of the dialog, with what was ordered
        """
        self.ensure_one()
        self.line_ids.sale_line_id._ensure_may_order()
        if self.state == "done":
            return self._get_action()
        lines = self._get_ordered_lines()
        if self._is_stale(lines):
            self.action_check()
            if self.accept_count or lines.filtered(
                lambda line: line.check_state == "gone"
            ):
                return self._get_action()
        lines._ensure_can_be_ordered()
        self._order_lines(lines)
        return self._get_action()

    def _get_ordered_lines(self):
        lines = self.line_ids.filtered("is_ordered")
        if not lines:
            raise UserError(self.env._("Choose what is to be ordered."))
        return lines

    def _is_stale(self, lines):
        """Whether the prices are too old to be ordered at, or were never asked."""
        if lines.filtered(lambda line: line.check_state == "stale"):
            return True
        live = lines.filtered(lambda line: line.offer_id.kind == "live")
        limit = fields.Datetime.now() - FRESH
        return bool(live) and (not self.checked_at or self.checked_at < limit)

    def _order_lines(self, lines):
        """One purchase order for each supplier, currency and way of ordering.

        The lines of the estimates are locked first: of two people who order the same
        part the second one is told so.
        """
        sale_lines = lines.sale_line_id
        sale_lines._lock_for_order()
        sale_lines._ensure_still_to_order(
            {line.sale_line_id: line._get_needed() for line in lines}
        )
        # Parts people order without being buyers of the company.
        purchases_sudo = self.env["purchase.order"].sudo()
        for (partner, account, currency), some in lines._group().items():
            purchases_sudo |= some.sudo()._create_purchase(partner, account, currency)
        lines._give_up_refused()
        self.write({"state": "done", "purchase_ids": [Command.set(purchases_sudo.ids)]})
        with sale_lines._telling_part_changes():
            purchases_sudo.button_confirm()
        self._tell_work_orders(lines, purchases_sudo)

    def _tell_work_orders(self, lines, purchases):
        """Note on every work order: what was ordered from whom."""
        for order, some in lines.grouped(
            lambda line: line.sale_line_id.work_order_id
        ).items():
            mine = purchases.filtered(
                lambda rec, some=some: rec.order_line.sale_line_id & some.sale_line_id
            )
            order.message_post(
                body=self.env._(
                    "Ordered by %(purchases)s: %(parts)s",
                    purchases=", ".join(
                        f"{rec.name} ({rec.partner_id.name})" for rec in mine
                    ),
                    parts=", ".join(line._get_text() for line in some),
                )
            )

    def action_refresh(self):
        """Show what became of the orders meanwhile.

        :return: act_window action of the dialog
        """
        return self._get_action()

    def action_send_mails(self):
        """Write the mail of the purchase orders that no system takes.

        :return: act_window action of the host's composer, or of the list
        """
        self.ensure_one()
        purchases = self._get_mailed_purchases()
        if len(purchases) == 1:
            return purchases.action_rfq_send()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase orders"),
            "res_model": "purchase.order",
            "view_mode": "list,form",
            "domain": [("id", "in", purchases.ids)],
        }
