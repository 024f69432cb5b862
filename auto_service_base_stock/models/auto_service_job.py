from odoo import models
from odoo.exceptions import UserError


class AutoServiceJob(models.Model):
    _inherit = "auto.service.job"

    def action_issue_parts(self):
        """Issue what is in stock, and say what is not.

        Nothing there at all is an error. A part of it is issued, the rest stays open in
        the host's backorder and the button stays with it.
        """
        lines = self._get_lines_to_issue()
        before = {line: line.qty_delivered for line in lines}
        res = super().action_issue_parts()
        missing = lines.filtered(lambda line: line._can_be_issued())
        if not missing:
            return res
        sentence = missing._get_missing_sentence()
        if all(line._is_issued_alike(quantity) for line, quantity in before.items()):
            raise UserError(sentence)
        return self._prepare_missing_notification(sentence)

    def _prepare_missing_notification(self, sentence):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": sentence,
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _issue_parts_when_done(self):
        """A technician can always finish; what is missing is said on the visit."""
        self.ensure_one()
        res = sentence = None
        try:
            with self.env.cr.savepoint():
                res = super()._issue_parts_when_done()
        except UserError as error:
            sentence = str(error)
        else:
            missing = self._get_lines_to_issue()
            sentence = missing and missing._get_missing_sentence()
        if sentence:
            self.order_id.message_post(body=sentence)
        return res
