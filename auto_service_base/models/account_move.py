from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    work_order_id = fields.Many2one(
        "auto.service.order",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="Visit of the vehicle that the invoice is for.",
    )
    # Accountants without a role in the garage read the plate on the invoice.
    license_plate = fields.Char(
        related="work_order_id.license_plate", help="Plate of the vehicle."
    )
    # Advisors and salesmen open their invoices without being accountants: the host's
    # form counts payments and transactions, which they may not read, with their rights.
    payment_count = fields.Integer(
        compute_sudo=True, help="Payments that are matched with the invoice."
    )
    transaction_count = fields.Integer(
        compute_sudo=True, help="Online payments that were started for the invoice."
    )

    _open_by_customer_idx = models.Index(
        "(commercial_partner_id) "
        "WHERE state = 'posted' AND payment_state IN ('not_paid', 'partial')"
    )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """A credit note names the same visit as its invoice."""
        default_values_list = default_values_list or [{} for _move in self]
        for move, values in zip(self, default_values_list, strict=True):
            if move.work_order_id:
                values.setdefault("work_order_id", move.work_order_id.id)
        return super()._reverse_moves(default_values_list, cancel=cancel)
