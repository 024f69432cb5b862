import logging
import threading
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.modules import module
from odoo.service.model import retrying
from odoo.tools import SQL

from ..tools.order_match import match_positions
from ..tools.supplier_client import SupplierError
from .auto_service_supplier_order import GRACE

_logger = logging.getLogger(__name__)

PLACE_SECONDS = 30  # limit of one order
PATIENCE_SECONDS = 6  # how long the user who orders waits for the suppliers
#: An order that is "being placed" for longer has lost the process that placed it.
LOST_AFTER = timedelta(seconds=4 * PLACE_SECONDS)
#: Minutes until the next attempt or look-up, the last for all further ones.
PAUSES = (1, 2, 5, 10, 20, 40, 60)


def _place_in_thread(registry, uid, context, ids):
    """Place orders with a cursor of their own; nobody waits for the end."""
    try:
        with registry.cursor() as cr:
            env = api.Environment(cr, uid, context)
            env["auto.service.supplier.order"].sudo().browse(ids)._place()
    except Exception:
        # The user's work is committed; the scheduled action goes on from here.
        _logger.exception("Orders could not be placed: %s", ids)


class AutoServiceSupplierOrder(models.Model):
    """Handing over: claim and commit, one call, then what became of it."""

    _inherit = "auto.service.supplier.order"

    def _place_after_commit(self):
        """Place the orders as soon as they are committed, outside this transaction.

        The user waits for a moment, not for a supplier that hangs. Should the process
        die, the scheduled action goes on from what is committed.
        """
        env = self.env
        args = (env.registry, env.uid, dict(env.context), self.ids)

        @env.cr.postcommit.add
        def place():
            if module.current_test:  # all cursors of a test are one: no threads
                _place_in_thread(*args)
                return
            thread = threading.Thread(target=_place_in_thread, args=args, daemon=True)
            thread.start()
            thread.join(PATIENCE_SECONDS)

        cron = env.ref("auto_service_parts.ir_cron_sync_supplier_orders", False)
        if cron:
            cron._trigger(fields.Datetime.now() + timedelta(minutes=1))

    def _place(self):
        """Place what waits; commits. Never in a transaction that wrote something."""
        claimed = self.filtered(lambda order: order._claim())
        doubtful = claimed.filtered("is_maybe_placed")
        for order in doubtful:
            order._place_after_look_up()
        fresh = claimed - doubtful
        fresh._mark_maybe_placed()
        fresh._send()

    def _claim(self):
        """Take the order over, for all to see: only who gets it may send it.

        :return: whether it is ours
        """
        self.ensure_one()
        self.flush_recordset()
        try:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE auto_service_supplier_order
                       SET state = 'sending', sent_at = %s,
                           attempt_count = COALESCE(attempt_count, 0) + 1
                     WHERE id = %s AND state = 'waiting'
                 RETURNING id
                    """,
                    fields.Datetime.now(),
                    self.id,
                ),
                log_exceptions=False,
            )
        except SerializationFailure:  # somebody else took it at the same moment
            self.env.cr.rollback()
            return False
        is_ours = bool(self.env.cr.fetchone())
        self.invalidate_recordset()
        self._commit()
        return is_ours

    def _mark_maybe_placed(self):
        """From here on the supplier may have the orders; said before it is sent."""
        if self:
            self.write({"is_maybe_placed": True})
            self._commit()

    def _commit(self):
        """What is written counts, whatever comes next; a hook for tests."""
        self.env["ir.cron"]._commit_progress()

    def _keep(self, method, *args):
        """Write what the supplier said; tried again when others write the same rows."""

        def keep():
            self.invalidate_recordset()
            return getattr(self, method)(*args)

        return retrying(keep, self.env)

    def _send(self):
        """Hand the orders over, side by side; each answer is kept at once."""
        accounts = self.account_id.with_context(supplier_seconds=PLACE_SECONDS)
        orders = {order.id: order for order in self}
        asks = [order._prepare_ask(accounts) for order in self]
        self._commit()  # no transaction stays open while the suppliers think
        for answer in accounts._ask(asks, PLACE_SECONDS, use_cache=False):
            order = orders.pop(answer.key)
            if answer.error:
                order._keep("_take_error", answer.error)
            else:
                order._keep("_take_result", answer.result)

    def _prepare_ask(self, accounts):
        """Question to the supplier, see ``auto.service.supplier.account._ask``."""
        self.ensure_one()
        account = accounts.browse(self.account_id.id)
        lines = self._prepare_order_lines()
        comment = account.comment or ""
        return (account, self.id, "place_order", (self.name, lines, comment))

    def _place_after_look_up(self):
        """An earlier attempt may have arrived: look first, place what is not there.

        A look-up that fails leaves the order "not known".
        """
        self.ensure_one()
        try:
            result = self._find()
        except SupplierError as error:
            self._keep("_take_unknown", error)
            return
        if result is None:
            self._send()
        else:
            self._keep("_take_result", result)

    def _find(self):
        """Ask the supplier for the order by our number.

        :return: OrderResult, ``None`` when the supplier does not have it
        """
        self.ensure_one()
        lines = self._prepare_order_lines()
        account = self.account_id
        self._commit()  # no transaction stays open while the supplier thinks
        return account._call("find_order", self.name, lines)

    # What became of it --------------------------------------------------------------

    def _take_error(self, error):
        """The order was not answered: refused, to be tried again, or not known.

        :param SupplierError error: of ``place_order``
        """
        self.ensure_one()
        if error.is_doubtful:
            self._take_unknown(error)
        elif error.is_passing or error.code == "resting":
            self.write(
                {
                    "state": "waiting",
                    "is_maybe_placed": False,
                    "message": self._describe(error),
                    "next_check_at": self._get_next_time(self.attempt_count),
                }
            )
        else:
            self._take_refusal(self._describe(error))

    def _take_unknown(self, error=None):
        """Nobody knows whether the order arrived: it is looked up, not sent again."""
        self.ensure_one()
        sentence = self._describe(error) if error else ""
        was_unknown = self.state == "unknown"
        self.write(
            {
                "state": "unknown",
                "message": sentence
                or self.env._("The connection broke while the order was placed."),
                "check_count": self.check_count + 1,
                "next_check_at": self._get_next_time(self.check_count + 1),
            }
        )
        if was_unknown:
            return
        self._get_lines().write(
            {
                "supplier_note": self.env._(
                    "Not known whether the supplier has the order."
                )
            }
        )
        self._post(
            self.env._("Not known whether the order arrived. %(why)s", why=sentence)
        )

    def _take_refusal(self, message):
        """The supplier has nothing of it: every part is needed again."""
        self.ensure_one()
        self.write(
            {
                "state": "refused",
                "is_maybe_placed": False,
                "message": message,
                "next_check_at": False,
            }
        )
        self._get_lines().write(
            {"part_state": "refused", "supplier_note": message or False}
        )
        self._post(self.env._("Refused. %(why)s", why=message or ""))

    def _take_result(self, result):
        """Read what the supplier took, position by position.

        :param result: OrderResult
        """
        self.ensure_one()
        if not result.positions:
            errors = [refusal.error for refusal in result.refused if refusal.error]
            self._take_refusal(" ".join(dict.fromkeys(errors)) or result.message)
            return
        order_lines = self._prepare_order_lines()
        found, left = match_positions(order_lines, result.positions)
        refusals, _rest = match_positions(order_lines, result.refused)
        partial_flags = [
            self._take_line(line, found.get(key, []), refusals.get(key, []), bool(left))
            for line in self._get_lines()
            for key in [self._get_reference(line)]
        ]
        self._finish_placed(result, any(partial_flags), left)

    def _take_line(self, line, positions, refusals, is_unclear):
        """Keep what became of one line.

        :param line: purchase.order.line record
        :param positions: list of OrderedPosition that the supplier took
        :param refusals: list of OrderedPosition that it did not take
        :param bool is_unclear: some positions could be given to no line
        :return: whether something of the line was not taken
        """
        if positions:
            return line._take_positions(positions, refusals, self.account_id)
        if is_unclear and not refusals:
            note = self.env._("Ask the supplier: the position was not recognised.")
            line.write({"part_state": "ordered", "supplier_note": note})
            return False
        errors = " ".join(
            dict.fromkeys(refusal.error for refusal in refusals if refusal.error)
        )
        line._take_refusal(errors or self.env._("The supplier did not take it."))
        return True

    def _finish_placed(self, result, is_partial, left):
        """The order is at the supplier: keep its numbers, ask for statuses soon."""
        numbers = dict.fromkeys(
            position.order_number
            for position in result.positions
            if position.order_number
        )
        self.write(
            {
                "state": "partial" if is_partial else "placed",
                "is_maybe_placed": False,
                "is_absent": False,
                "message": result.message or False,
                "supplier_numbers": ", ".join(numbers),
                "check_count": 0,
                "next_check_at": self._get_next_sync(),
            }
        )
        self._post(self._get_placed_text(is_partial, left))
        self._keep_partner_reference()

    def _get_placed_text(self, is_partial, left):
        """Note on the purchase order about what the supplier took."""
        number = self.supplier_numbers or self.env._("without a number")
        if is_partial:
            text = self.env._("Placed in part, %(number)s.", number=number)
        else:
            text = self.env._("Placed, %(number)s.", number=number)
        if left:
            text += " " + self.env._(
                "Positions that were not recognised: %(parts)s",
                parts=", ".join(f"{row.brand} {row.number}" for row in left),
            )
        return text

    def _keep_partner_reference(self):
        """The supplier's number stands on its bill: the host matches by it."""
        purchase = self.purchase_id
        if self.supplier_numbers and not purchase.partner_ref:
            purchase.partner_ref = self.supplier_numbers

    def _describe(self, error):
        """The error as a sentence for people.

        :param SupplierError error: what went wrong
        """
        return self.env["auto.service.supplier.account"]._get_error_text(error)

    @api.model
    def _get_next_time(self, count):
        """When to try again after ``count`` times: growing pauses."""
        minutes = PAUSES[min(max(count, 1), len(PAUSES)) - 1]
        return fields.Datetime.now() + timedelta(minutes=minutes)

    # Not known ------------------------------------------------------------------------

    def action_look_up(self):
        """Ask the supplier now what became of the orders."""
        self._ensure_parts_person()
        self.check_access("read")
        orders_sudo = self.sudo()  # nobody writes the state by hand
        for order in orders_sudo:
            if order.state == "unknown":
                order._reconcile()
            elif order.state in ("placed", "partial"):
                order._sync()

    def _reconcile(self):
        """Find out whether an order that broke off is at the supplier; commits."""
        self.ensure_one()
        try:
            result = self._find()
        except SupplierError as error:
            self._keep("_take_unknown", error)
            return
        if result is None:
            self._keep("_take_absence")
        else:
            self._keep("_take_found", result)

    def _take_found(self, result):
        """The order is at the supplier, unless somebody settled it meanwhile."""
        if self.state == "unknown":
            self._take_result(result)

    def _take_absence(self):
        """The supplier does not have it: believed only after a while."""
        self.ensure_one()
        if self.state != "unknown":
            return
        is_absent = fields.Datetime.now() - self.sent_at >= GRACE
        values = {
            "check_count": self.check_count + 1,
            "next_check_at": self._get_next_time(self.check_count + 1),
        }
        if is_absent and not self.is_absent:
            values["is_absent"] = True
            values["message"] = self.env._(
                "The supplier does not have it. Place it again, or cancel the "
                "purchase order."
            )
            self._tell_buyer(values["message"])
        self.write(values)

    def _tell_buyer(self, sentence):
        """A task for who ordered, on the purchase order."""
        purchase = self.purchase_id
        purchase.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Order at the supplier"),
            note=sentence,
            user_id=(purchase.user_id or self.env.user).id,
        )

    def _take_lost(self):
        """The process that placed it is gone."""
        if self.state == "sending":
            self._take_unknown()
