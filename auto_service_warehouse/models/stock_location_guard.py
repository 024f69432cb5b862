from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _is_stock_guarded(self, companies):
        """Whether nothing in this place may go below zero.

        Pieces at a subcontractor are his own as long as none were sent to him: the host
        books them below zero on purpose.

        :param companies: ids of the guarded companies
        """
        self.ensure_one()
        if self.company_id.id not in companies or self.should_bypass_reservation():
            return False
        is_subcontract = getattr(self, "is_subcontract", None)
        return not (is_subcontract and is_subcontract())
