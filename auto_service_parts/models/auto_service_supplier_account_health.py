from odoo import api, fields, models

from ..tools.supplier_client import SupplierError

#: Errors whose message is ours, not the supplier's.
OUR_WORDS = ("connection", "timeout", "answer", "limit", "resting")


class AutoServiceSupplierAccount(models.Model):
    _inherit = "auto.service.supplier.account"

    health = fields.Selection(
        [
            ("new", "Never asked"),
            ("good", "Answers"),
            ("failing", "Fails"),
            ("resting", "Rests"),
        ],
        string="State",
        compute="_compute_health",
        compute_sudo=True,
        help="Whether the supplier's system answers. Resting: it failed too often and "
        "is left alone for a while.",
    )
    answered_at = fields.Datetime(
        string="Last answer",
        compute="_compute_health",
        compute_sudo=True,
        help="When it gave its last good answer.",
    )
    answer_milliseconds = fields.Integer(
        string="Took, milliseconds",
        compute="_compute_health",
        compute_sudo=True,
        help="How long the last good answer took.",
    )
    failure_count = fields.Integer(
        string="Failures in a row",
        compute="_compute_health",
        compute_sudo=True,
        help="How often it failed since its last answer.",
    )
    resting_until = fields.Datetime(
        compute="_compute_health",
        compute_sudo=True,
        help="It is not asked until then.",
    )
    last_error = fields.Char(
        compute="_compute_health",
        compute_sudo=True,
        help="What went wrong last, in one sentence.",
    )

    def _compute_health(self):
        rows = self.env["auto.service.supplier.health"].search(
            [("account_id", "in", self.ids)]
        )
        health = {row.account_id.id: row for row in rows}
        now = fields.Datetime.now()
        for account in self:
            row = health.get(account.id, self.env["auto.service.supplier.health"])
            account.answered_at = row.answered_at
            account.answer_milliseconds = row.milliseconds
            account.failure_count = row.failure_count
            is_resting = row.resting_until and row.resting_until > now
            account.resting_until = row.resting_until if is_resting else False
            account.health = self._get_health(row, is_resting)
            account.last_error = self._get_last_error(row)

    @api.model
    def _get_last_error(self, row):
        """Sentence about the last error, ``False`` when it has answered since."""
        if not row.failure_count:
            return False
        return self._get_error_text(
            SupplierError(row.error_code, row.error_message or "")
        )

    @api.model
    def _get_health(self, row, is_resting):
        if is_resting:
            return "resting"
        if row.failure_count:
            return "failing"
        return "good" if row.answered_at else "new"

    @api.model
    def _get_error_text(self, error):
        """One sentence for people about a SupplierError.

        :param error: SupplierError
        """
        text = self._get_error_texts().get(error.code, error.code)
        if not error.message:
            return text
        if error.code in OUR_WORDS:
            words = self._get_error_words().get(error.message, error.message)
            return f"{text} ({words})"
        return self.env._(
            "%(sentence)s The supplier says: %(message)s",
            sentence=text,
            message=error.message,
        )

    @api.model
    def _get_error_words(self):
        """What went wrong on the way, as clients name it, in the user's language."""
        return {
            "no such address": self.env._("no such address"),
            "refused": self.env._("nobody listens at the address"),
            "certificate not valid": self.env._("the certificate is not valid"),
            "no secure connection": self.env._("no secure connection"),
            "broken off": self.env._("it broke off"),
            "not to be read": self.env._("something else than expected"),
            "too big": self.env._("it is too big"),
            "moved": self.env._("the supplier has moved to another address"),
        }

    @api.model
    def _get_error_texts(self):
        """Sentences for the kinds of errors; override to word them otherwise."""
        return {
            "auth": self.env._("Login or password is refused."),
            "denied": self.env._("Access is denied; ask the supplier to open it."),
            "request": self.env._("The question is refused."),
            "locked": self.env._("The supplier is busy with our last request."),
            "limit": self.env._("Too many questions at once."),
            "server": self.env._("The supplier's system is out of order."),
            "timeout": self.env._("No answer in time."),
            "connection": self.env._("No connection."),
            "answer": self.env._("The answer cannot be read."),
            "unsupported": self.env._("The supplier's system cannot do that."),
            "resting": self.env._("Not asked: it failed too often just now."),
        }
