from odoo import models


class SaleOrderLine(models.Model):
    """Lines as the customer reads them on documents and on the portal."""

    _inherit = "sale.order.line"

    def _is_declined(self):
        """Whether the line, or the job of a section, is not wanted.

        Decided orders keep their lines as they were offered.
        """
        self.ensure_one()
        job_sudo = self.sudo().job_id  # customers and salespeople have no jobs
        return (
            job_sudo.authorisation in ("declined", "deferred")
            and self.state in ("draft", "sent")
            and (self.display_type == "line_section" or bool(self.declined_qty))
        )

    def _get_offered_subtotal(self):
        """Amount without taxes that was offered, also when the job was declined."""
        return self._get_offered_amounts()["total_excluded"]

    def _get_offered_section_subtotal(self):
        """Amount without taxes of a section as it was offered."""
        return sum(line._get_offered_subtotal() for line in self._get_section_lines())

    def _prepare_invoice_line(self, **optional_values):
        """An operation is invoiced under the text that the customer approved."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.operation_id and self.work_order_id:
            values["name"] = self.name
        return values
