from odoo import models


class SaleOrderLine(models.Model):
    """From a line of an estimate to offers of its part."""

    _inherit = "sale.order.line"

    def action_find_parts(self):
        """Invoked when "Find parts" is clicked on a line: its number is asked for."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "auto_service_parts_enquiry_dialog",
            "params": self._prepare_enquiry_params(),
        }

    def _prepare_enquiry_params(self):
        """What the enquiry for the part of the line starts with.

        :return: dict of params of ``auto.service.parts.enquiry.start_enquiry``
        """
        product = self.product_id
        offer = self.parts_offer_id
        number = offer.number or product.part_number or product.default_code
        brand = offer.brand_id or product.part_brand_id
        return {
            "number": number or "",
            "brand_id": brand.id,
            "brand_name": brand.name or offer.brand_name or "",
            "order_id": self.work_order_id.id,
            "job_id": self.job_id.id,
        }
