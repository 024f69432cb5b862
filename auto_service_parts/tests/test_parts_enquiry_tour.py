from odoo.tests import HttpCase, tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestPartsEnquiryTour(PartsCommon, HttpCase):
    """Parts come to the estimate without leaving the work order."""

    def test_from_the_work_order_to_the_estimate(self):
        self.env["auto.service.supplier.account"].search([]).active = False
        own = self._create_part("Tourother", "EQ 7", name="Own filter")
        self._create_cross("Tourmaker", "TOUR 90", "Tourother", "EQ 7")
        self._create_price_list(
            [
                {
                    "brand": "Tourmaker",
                    "number": "TOUR 90",
                    "name": "Filter",
                    "price": 10.0,
                    "quantity": 3.0,
                    "hours_max": 24,
                }
            ],
            name="Baltic list",
        )
        order = self._create_order()
        job = self._add_job(order, parts=0)
        self.start_tour(
            f"/odoo/service-work-orders/{order.id}",
            "auto_service_parts_enquiry_order",
            login="test_advisor",
        )
        self.env.invalidate_all()
        lines = job.line_ids.filtered("parts_offer_id")
        found = {
            (line.parts_offer_id.kind, line.product_uom_qty, line.product_id == own)
            for line in lines
        }
        self.assertEqual(found, {("list", 1.0, False), ("own", 2.0, True)})
        self.assertEqual(order.parts_enquiry_count, 2)
