from odoo import fields, models
from odoo.tools import float_compare

from .sale_order_line_labour import OPEN_STATES


class SaleOrderLine(models.Model):
    """Hours that somebody charges instead of those of the book, and who it was."""

    _inherit = "sale.order.line"

    def _note_judgement(self):
        """Keep who charges other hours than the book says; called after a change."""
        now = fields.Datetime.now()
        for line in self.filtered(lambda line: line._may_be_judged()):
            judged = bool(line._differs_from_book())
            if judged != bool(line.judged_by_id) or judged:
                line.with_context(auto_service_labour_sync=True).write(
                    {
                        "judged_by_id": judged and self.env.uid,
                        "judged_at": judged and now,
                    }
                )
            if judged:
                line._log_judgement()

    def _may_be_judged(self):
        """Whether the quantity of the line is the hours of an operation."""
        self.ensure_one()
        return bool(
            self.work_order_id
            and self.operation_id
            and self.sudo().operation_id.pricing != "fixed"
            and self.state in OPEN_STATES
            and not self.declined_qty
            and self._is_sold_by_time()
        )

    def _differs_from_book(self):
        """Whether other hours are charged than the book says."""
        self.ensure_one()
        book = self._get_quantity_of_hours(self.book_hours)
        return float_compare(self.product_uom_qty, book, precision_digits=2) != 0

    def _log_judgement(self):
        """Both numbers and their author stay in the chatter of the job."""
        self.ensure_one()
        # Parts people judge as well; the chatter of jobs is the advisors'.
        self.job_id.sudo()._message_log(
            body=self.env._(
                "%(operation)s: %(judged)s h charged, %(book)s h by the book.",
                operation=self.operation_id.name,
                judged=f"{self._get_hours():.2f}",
                book=f"{self.book_hours:.2f}",
            ),
            author_id=self.env.user.partner_id.id,
        )

    def action_follow_book(self):
        """Charge what the book says again, whoever judged otherwise."""
        lines = self.filtered(lambda line: line._may_be_judged())
        lines.with_context(auto_service_labour_sync=True).write(
            {"judged_by_id": False, "judged_at": False}
        )
        lines.work_order_id._sync_labour()
