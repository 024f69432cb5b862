from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.order_match import match_positions
from ..tools.supplier_client import SupplierError
from .auto_service_supplier_order_place import LOST_AFTER

SYNC_MINUTES = 15  # of an order of today
SLOW_SYNC_MINUTES = 120  # of an older one
FRESH = timedelta(days=1)
BATCH = 200


class AutoServiceSupplierOrder(models.Model):
    """Where the parts are, as the supplier's system says, and cancelling there."""

    _inherit = "auto.service.supplier.order"

    def _get_next_sync(self):
        """When to ask for the statuses again; ``False`` when all parts are settled."""
        self.ensure_one()
        is_open = any(
            line._get_part_state() not in ("arrived", "refused")
            for line in self._get_lines()
        )
        if not is_open:
            return False
        now = fields.Datetime.now()
        is_fresh = now - (self.sent_at or now) < FRESH
        minutes = SYNC_MINUTES if is_fresh else SLOW_SYNC_MINUTES
        return now + timedelta(minutes=minutes)

    def _sync(self):
        """Ask for the statuses of the positions; commits."""
        self.ensure_one()
        numbers = self._get_supplier_numbers()
        if not numbers:
            return
        account = self.account_id
        self._commit()  # no transaction stays open while the supplier thinks
        try:
            positions = account._call("get_positions", numbers)
        except SupplierError as error:
            self._keep("_take_sync_error", error)
        else:
            self._keep("_take_positions", positions)

    def _get_supplier_numbers(self):
        """The supplier's numbers of the order, as a list."""
        return [
            number.strip()
            for number in (self.supplier_numbers or "").split(",")
            if number.strip()
        ]

    def _take_sync_error(self, error):
        """The supplier did not say: asked again later, with growing pauses."""
        count = self.check_count + 1
        self.write(
            {
                "check_count": count,
                "message": self._describe(error),
                "next_check_at": max(
                    self._get_next_time(count),
                    self._get_next_sync() or fields.Datetime.now(),
                ),
            }
        )

    def _take_positions(self, positions):
        """Give every line the state of its positions.

        :param positions: list of OrderedPosition
        """
        self.ensure_one()
        lines = self._get_lines()
        by_number = {number: line for line in lines for number in line._get_positions()}
        found = {line: [] for line in lines}
        unknown = []
        for position in positions:
            line = by_number.get(position.position)
            (found[line] if line else unknown).append(position)
        self._give_new_positions(found, unknown)
        for line, some in found.items():
            if some:
                line._take_positions(some, [], self.account_id)
        self.write(
            {"check_count": 0, "message": False, "next_check_at": self._get_next_sync()}
        )

    def _give_new_positions(self, found, positions):
        """Positions that were split off, or that were not recognised at first.

        :param dict found: positions of every line, completed in place
        :param positions: list of OrderedPosition without a line
        """
        order_lines = self._prepare_order_lines()
        matched, _left = match_positions(order_lines, positions)
        for line in found:
            found[line] += matched.get(self._get_reference(line), [])

    # Cancelling -------------------------------------------------------------------

    def action_cancel_at_supplier(self):
        """Ask the supplier to cancel what is not here yet; its answer is kept.

        :return: act_window action with the answers
        """
        self.ensure_one()
        self._ensure_parts_person()
        self.check_access("read")
        order_sudo = self.sudo()  # nobody writes the state by hand
        if order_sudo.state not in ("placed", "partial"):
            raise UserError(
                self.env._("%(order)s is not at the supplier.", order=self.name)
            )
        lines = order_sudo._get_lines().filtered(
            lambda line: line.supplier_position and line._is_part_coming()
        )
        if not lines:
            raise UserError(
                self.env._("Nothing of %(order)s can be cancelled.", order=self.name)
            )
        answers = order_sudo._ask_to_cancel(lines)
        order_sudo._keep("_take_cancel_answers", answers)
        order_sudo._sync()
        return order_sudo._get_dialog_action()

    def _ask_to_cancel(self, lines):
        """Ask for every position.

        :return: dict of line id to list of the supplier's sentences
        """
        account = self.account_id
        asks = [
            (account, (line.id, number), "cancel_position", (number,))
            for line in lines
            for number in line._get_positions()
        ]
        self._commit()  # no transaction stays open while the supplier thinks
        answers = {}
        for answer in account._ask(asks, use_cache=False):
            text = self._describe(answer.error) if answer.error else answer.result
            answers.setdefault(answer.key[0], []).append(text or "")
        return answers

    def _take_cancel_answers(self, answers):
        """Keep the supplier's words; what is cancelled the statuses tell."""
        texts = []
        for line in self._get_lines():
            words = " ".join(dict.fromkeys(filter(None, answers.get(line.id, []))))
            if line.id in answers:
                note = self.env._("Asked to cancel. %s", words).strip()
                line.supplier_note = note
                texts.append(f"{line.name}: {note}")
        self._post(" ".join(texts))

    def _get_dialog_action(self):
        """Show the order with what the supplier said.

        :return: act_window action
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order at the supplier"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # Scheduled ----------------------------------------------------------------------

    @api.model
    def _cron_sync_supplier_orders(self):
        """Place what was left over, look up what broke off, ask for statuses."""
        self._settle_lost()
        todo = self.search(
            self._get_due_domain(), order="next_check_at, id", limit=BATCH
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(todo))
        for order in todo:
            order._work_off()
            if not cron._commit_progress(1):
                break

    @api.model
    def _get_due_domain(self):
        """Orders that are to be tried or asked about now."""
        now = fields.Datetime.now()
        due = Domain("next_check_at", "=", False) | Domain("next_check_at", "<=", now)
        asked = Domain("next_check_at", "<=", now)
        return (Domain("state", "=", "waiting") & due) | (
            Domain("state", "in", ("unknown", "placed", "partial")) & asked
        )

    @api.model
    def _settle_lost(self):
        """Whoever placed these orders died on the way: nobody knows what became."""
        lost = self.search(
            [
                ("state", "=", "sending"),
                ("sent_at", "<", fields.Datetime.now() - LOST_AFTER),
            ],
            limit=BATCH,
        )
        for order in lost:
            order._keep("_take_lost")

    def _work_off(self):
        """Do what is next for the order; commits."""
        self.ensure_one()
        if self.state == "waiting":
            self._place()
        elif self.state == "unknown":
            self._reconcile()
        else:
            self._sync()
