from odoo import api, models


class SaleOrderLine(models.Model):
    """The board is told when parts of a visit move."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered("part_state")._notify_board_of_parts()
        return lines

    def _tell_part_changes(self, order):
        res = super()._tell_part_changes(order)
        self._notify_board_of_parts()
        return res

    def _notify_board_of_parts(self):
        """Have every open board read the work of the lines again."""
        orders = self.work_order_id
        if not orders:
            return
        domain = [("order_id", "in", orders.ids), ("state", "!=", "cancelled")]
        rows_sudo = self.env["auto.service.allocation"].sudo().search(domain)
        rows_sudo._notify_board()  # numbers of blocks only

    def _get_part_names(self):
        """Names of the parts in one line; those of a long text are cut."""
        names = [(line.name or "").splitlines()[0] for line in self if line.name]
        return ", ".join(dict.fromkeys(names))
