from odoo import fields, models


class AccountMove(models.Model):
    """Credit notes of suppliers, and the returns that they are for."""

    _inherit = "account.move"

    supplier_credit_ids = fields.One2many(
        "auto.service.supplier.credit",
        "move_id",
        string="Credited returns",
        help="Returns to the supplier that the credit note is for.",
    )

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        # accountants may have no rights on returns
        posted.sudo()._credit_supplier_returns()
        return posted

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            # as above
            self._get_refunds().sudo().supplier_credit_ids.return_id._follow_credits()
        return res

    def _get_refunds(self):
        return self.filtered(lambda move: move.move_type == "in_refund")

    def _credit_supplier_returns(self):
        """Find the returns that a credit note names, by purchase or by number.

        Equal amounts alone are only proposed: a person decides.
        """
        for move in self._get_refunds():
            returns = self.env["auto.service.supplier.return"].search(
                [
                    ("state", "=", "sent"),
                    ("company_id", "=", move.company_id.id),
                    ("partner_id", "child_of", move.commercial_partner_id.id),
                    ("credit_ids", "not any", [("move_id", "=", move.id)]),
                ],
                order="id",
            )
            for record in returns:
                if record._get_likeness(move) >= 2:
                    record._take_credit_note(move)
