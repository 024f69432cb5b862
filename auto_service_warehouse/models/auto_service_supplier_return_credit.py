from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AutoServiceSupplierReturn(models.Model):
    """The credit of a return is followed up until it has come."""

    _inherit = "auto.service.supplier.return"

    credit_ids = fields.One2many(
        "auto.service.supplier.credit",
        "return_id",
        string="Credits",
        copy=False,
        help="Credit notes of the supplier, and how much of them is for this return.",
    )
    credit_due = fields.Date(
        string="Credit due",
        copy=False,
        index=True,
        tracking=True,
        help="When the credit note should be here.",
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        string="Overdue",
        help="The parts are gone, and the credit did not come in time.",
    )
    amount_credited = fields.Monetary(
        string="Credited",
        compute="_compute_amount_credited",
        store=True,
        help="What posted credit notes give, without taxes.",
    )
    amount_open = fields.Monetary(
        string="Awaited",
        compute="_compute_amount_credited",
        store=True,
        help="What is still to come, without taxes.",
    )
    is_settled = fields.Boolean(
        string="Difference accepted",
        readonly=True,
        copy=False,
        tracking=True,
        help="Less came than was expected, and nobody waits for the rest.",
    )
    amount_difference = fields.Monetary(
        string="Difference",
        compute="_compute_amount_difference",
        help="Credited less expected.",
    )
    proposed_credit_ids = fields.Many2many(
        "account.move",
        compute="_compute_proposed_credit_ids",
        string="Possible credit notes",
        help="Credit notes of the supplier that may be for this return.",
    )

    @api.depends(
        "amount_expected",
        "state",
        "is_settled",
        "credit_ids.amount",
        "credit_ids.move_id.state",
    )
    def _compute_amount_credited(self):
        for record in self:
            posted = record.credit_ids.filtered(
                lambda credit: credit.move_id.state == "posted"
            )
            credited = sum(posted.mapped("amount"))
            is_awaited = record.state == "sent" and not record.is_settled
            record.amount_credited = credited
            record.amount_open = (
                max(record.amount_expected - credited, 0.0) if is_awaited else 0.0
            )

    @api.depends("amount_credited", "amount_expected")
    def _compute_amount_difference(self):
        for record in self:
            record.amount_difference = record.amount_credited - record.amount_expected

    @api.depends("state", "credit_due")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for record in self:
            record.is_overdue = (
                record.state == "sent"
                and bool(record.credit_due)
                and record.credit_due < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domain = Domain("state", "=", "sent") & Domain("credit_due", "<", today)
        return domain if True in value else ~domain

    @api.depends("state", "partner_id", "amount_open", "credit_ids")
    def _compute_proposed_credit_ids(self):
        for record in self:
            record.proposed_credit_ids = record._find_credit_notes()

    def _set_credit_due(self):
        """Term of the supplier, else of the company."""
        today = fields.Date.context_today(self)
        for record in self.filtered(lambda record: not record.credit_due):
            partner = record.partner_id.commercial_partner_id
            days = (
                partner.auto_service_credit_days
                or record.company_id.auto_service_credit_days
            )
            record.credit_due = today + timedelta(days=days)

    def _follow_credits(self):
        """Credited when the sum has come; awaited again when a credit note is gone."""
        for record in self:
            is_enough = record.is_settled or (
                record.currency_id.compare_amounts(
                    record.amount_credited, record.amount_expected
                )
                >= 0
            )
            if record.state == "sent" and is_enough:
                record.state = "credited"
                record._close_reminders()
            elif record.state == "credited" and not is_enough:
                record.state = "sent"

    def action_accept_difference(self):
        """Nobody waits for the rest of the credit any more."""
        self._ensure_may_return()
        self._ensure_state("sent")
        for record in self:
            record.is_settled = True
            record.message_post(
                body=self.env._(
                    "The difference of %(amount)s is accepted.",
                    amount=record.currency_id.format(record.amount_difference),
                )
            )
        self._follow_credits()

    def action_wait_again(self):
        """The rest of the credit is awaited after all."""
        self._ensure_may_return()
        self._ensure_state("credited")
        self.is_settled = False
        self._follow_credits()

    # Credit notes ---------------------------------------------------------------

    def _get_credit_total(self, move):
        """Total of a credit note without taxes, in the currency of the return."""
        self.ensure_one()
        return move.currency_id._convert(
            move.amount_untaxed,
            self.currency_id,
            self.company_id,
            move.invoice_date or fields.Date.context_today(self),
        )

    def _get_credit_domain(self):
        """Credit notes that may be for the return; extend in your addon.

        :return: Domain
        """
        self.ensure_one()
        since = (self.date_sent or self.create_date) - timedelta(days=7)
        return (
            Domain("move_type", "=", "in_refund")
            & Domain("state", "!=", "cancel")
            & Domain("company_id", "=", self.company_id.id)
            & Domain(
                "commercial_partner_id", "=", self.partner_id.commercial_partner_id.id
            )
            & Domain("create_date", ">=", since)
            & Domain("id", "not in", self.credit_ids.move_id.ids)
        )

    def _find_credit_notes(self):
        """Credit notes with something left, the surest first.

        :return: account.move records
        """
        self.ensure_one()
        moves = self.env["account.move"]
        if self.state != "sent" or not moves.has_access("read"):
            return moves
        found = moves.search(self._get_credit_domain(), limit=40)
        free = found.filtered(lambda move: self._get_left_of(move) > 0)
        return free.sorted(lambda move: -self._get_likeness(move))[:5]

    def _get_left_of(self, move):
        """What of a credit note is on no return yet, in the currency of the return."""
        # returns of other users count as well
        taken = sum(move.sudo().supplier_credit_ids.mapped("amount"))
        left = self._get_credit_total(move) - taken
        return left if self.currency_id.compare_amounts(left, 0.0) > 0 else 0.0

    def _get_likeness(self, move):
        """How sure it is that a credit note is for the return.

        :return: 3 same purchase, 2 its number, 1 same amount, 0 only the supplier
        """
        self.ensure_one()
        bought = self.line_ids.purchase_line_id
        if bought & move.invoice_line_ids.purchase_line_id:
            return 3
        words = " ".join(filter(None, (move.ref, move.invoice_origin))).lower()
        numbers = [self.name, self.partner_ref]
        if any(number and number.lower() in words for number in numbers):
            return 2
        same = self.currency_id.compare_amounts(
            self._get_left_of(move), self.amount_open
        )
        return 0 if same else 1

    def _take_credit_note(self, move):
        """Use what is left of a credit note for the return, as far as it is needed.

        :return: auto.service.supplier.credit record, may be empty
        """
        self.ensure_one()
        amount = min(self._get_left_of(move), self.amount_open)
        if self.currency_id.compare_amounts(amount, 0.0) <= 0:
            return self.env["auto.service.supplier.credit"]
        return self.env["auto.service.supplier.credit"].create(
            {"return_id": self.id, "move_id": move.id, "amount": amount}
        )

    def action_take_credit_note(self):
        """Use the surest of the possible credit notes."""
        self.ensure_one()
        self._ensure_may_return()
        moves = self._find_credit_notes()
        if not moves:
            raise UserError(
                self.env._(
                    "No credit note of %(supplier)s is free. Enter it first.",
                    supplier=self.partner_id.display_name,
                )
            )
        self._take_credit_note(moves[0])

    def action_enter_credit_note(self):
        """Draft of the supplier's credit note with what went back, made once.

        :return: act_window action of the credit note
        """
        self.ensure_one()
        self._ensure_may_return()
        self._ensure_state("sent")
        drafts = self.credit_ids.move_id.filtered(lambda row: row.state == "draft")
        move = drafts[:1]
        if not move:
            move = self.env["account.move"].create(self._prepare_credit_note_values())
            self._take_credit_note(move)
        return move._get_records_action(name=self.env._("Credit note"))

    def _prepare_credit_note_values(self):
        self.ensure_one()
        return {
            "move_type": "in_refund",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_origin": self.name,
            "ref": self.partner_ref or False,
            "invoice_line_ids": [
                Command.create(line._prepare_credit_line_values())
                for line in self.line_ids
                if line.uom_id.compare(line.quantity_sent, 0.0) > 0
            ],
        }

    # Reminders ------------------------------------------------------------------

    def _cron_remind_of_credits(self):
        """One activity for each credit that did not come in time."""
        kind = self.env.ref("auto_service_warehouse.mail_activity_type_credit")
        records = self.search(
            [
                ("is_overdue", "=", True),
                ("activity_ids", "not any", [("activity_type_id", "=", kind.id)]),
            ]
        )
        for record in records:
            record._remind(kind)

    def _remind(self, kind):
        self.ensure_one()
        user = self.user_id.filtered("active") or self.company_id.auto_service_buyer_id
        if self.activity_ids.filtered(lambda row: row.activity_type_id == kind):
            return
        self.activity_schedule(
            activity_type_id=kind.id,
            user_id=user.id or self.create_uid.id,
            note=self.env._(
                "%(supplier)s owes a credit of %(amount)s since %(date)s.",
                supplier=self.partner_id.display_name,
                amount=self.currency_id.format(self.amount_open),
                date=fields.Date.to_string(self.credit_due),
            ),
        )

    def _close_reminders(self):
        """The credit came: nobody has to ask for it."""
        # the accountant who posts the credit note does not own the activities
        self.sudo().activity_unlink(
            ["auto_service_warehouse.mail_activity_type_credit"]
        )
