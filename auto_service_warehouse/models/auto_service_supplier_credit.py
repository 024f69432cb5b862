from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceSupplierCredit(models.Model):
    """How much of a supplier's credit note is for which return."""

    _name = "auto.service.supplier.credit"
    _description = "Credit of a Return"
    _order = "id"
    _rec_name = "move_id"
    _check_company_auto = True

    return_id = fields.Many2one(
        "auto.service.supplier.return",
        required=True,
        index=True,
        ondelete="cascade",
        help="Return that is credited.",
    )
    company_id = fields.Many2one(related="return_id.company_id", store=True)
    currency_id = fields.Many2one(
        related="return_id.currency_id", help="Currency of the return."
    )
    move_id = fields.Many2one(
        "account.move",
        string="Credit note",
        required=True,
        index=True,
        domain="[('move_type', '=', 'in_refund'), ('state', '!=', 'cancel'), "
        "('company_id', '=', company_id)]",
        ondelete="cascade",
        check_company=True,
        help="Credit note of the supplier.",
    )
    move_state = fields.Selection(
        related="move_id.state",
        string="State",
        help="Only a posted credit note counts.",
    )
    date = fields.Date(related="move_id.invoice_date", help="Date of the credit note.")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="How much of the credit note is for the return, without taxes.",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "The amount of a credit must be above zero."
    )
    _once = models.UniqueIndex(
        "(return_id, move_id)", "The credit note is on this return already."
    )

    @api.depends("return_id", "move_id")
    def _compute_amount(self):
        for credit in self:
            if not credit.amount:
                left = credit._get_left_of_move()
                wanted = credit.return_id.amount_open
                credit.amount = min(left, wanted) if wanted > 0 else left

    @api.constrains("move_id", "amount", "return_id")
    def _check_move(self):
        """A credit note is of the supplier and is given away once."""
        guard_sudo = self.env["auto.service.entry.guard"].sudo()  # nobody's table
        for move in self.move_id.sorted("id"):
            guard_sudo._enter(f"credit:{move.id}")
        for credit in self:
            credit._check_kind()
            if credit.currency_id.compare_amounts(credit._get_left_of_move(), 0) < 0:
                raise UserError(
                    credit.env._(
                        "%(credit)s is smaller than what is taken from it for "
                        "%(returns)s. Enter a smaller amount.",
                        credit=credit.move_id.display_name,
                        returns=", ".join(
                            credit.move_id.sudo().supplier_credit_ids.return_id.mapped(
                                "name"
                            )
                        ),
                    )
                )

    def _check_kind(self):
        self.ensure_one()
        supplier = self.return_id.partner_id.commercial_partner_id
        if self.move_id.move_type != "in_refund" or (
            self.move_id.commercial_partner_id != supplier
        ):
            raise UserError(
                self.env._(
                    "%(move)s is not a credit note of %(supplier)s. Choose another.",
                    move=self.move_id.display_name,
                    supplier=supplier.display_name,
                )
            )

    def _get_left_of_move(self):
        """What of the credit note is on no return yet, in the return's currency."""
        self.ensure_one()
        if not self.move_id:
            return 0.0
        # other companies' or users' returns count as well
        credits_sudo = self.move_id.sudo().supplier_credit_ids
        taken = sum(credits_sudo.filtered("id").mapped("amount"))
        return self.return_id._get_credit_total(self.move_id) - taken

    @api.model_create_multi
    def create(self, vals_list):
        credits = super().create(vals_list)
        credits.return_id._follow_credits()
        return credits

    def write(self, vals):
        returns = self.return_id
        res = super().write(vals)
        (returns | self.return_id)._follow_credits()
        return res

    def unlink(self):
        returns = self.return_id
        res = super().unlink()
        returns._follow_credits()
        return res
