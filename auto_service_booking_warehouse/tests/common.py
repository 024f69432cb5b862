from odoo import Command

from odoo.addons.auto_service_booking.tests.common import MONDAY, BookingCommon

TUESDAY = "2026-03-03"


class BookingWarehouseCommon(BookingCommon):
    """A lift, a technician, and an approved job with a part whose stock is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bay = cls._create_bay(name="Lift 1")
        cls.ann = cls._create_technician(name="Ann")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.vendor = cls.env["res.partner"].create({"name": "Parts Wholesale"})
        cls.part.write(
            {
                "is_storable": True,
                "seller_ids": [
                    Command.create({"partner_id": cls.vendor.id, "price": 20.0})
                ],
            }
        )
        cls.order = cls._create_order()
        cls.job = cls._add_job(cls.order, hours=2.0)
        cls.line = cls.job.line_ids.filtered(lambda line: line.kind == "part")
        cls._approve(cls.order)

    @classmethod
    def _buy(cls, when, line=None):
        """Purchase order for the part; ``when`` is local time of the garage.

        :return: purchase.order.line record
        """
        line = line or cls.line
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_qty": line.product_uom_qty,
                            "price_unit": 20.0,
                            "sale_line_id": line.id,
                            "date_planned": cls._utc(when),
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        return order.order_line

    @classmethod
    def _receive(cls, purchase):
        """Receive all that a purchase order line brings."""
        picking = purchase.order_id.picking_ids
        picking.move_ids.quantity = purchase.product_qty
        picking.move_ids.picked = True
        picking._action_done()


__all__ = ["MONDAY", "TUESDAY", "BookingWarehouseCommon"]
