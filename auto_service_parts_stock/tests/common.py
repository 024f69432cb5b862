from odoo.addons.auto_service_parts.tests.common import PartsCommon


class PartsStockCommon(PartsCommon):
    """A warehouse, and parts whose stock is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.part = cls._create_part("Mahle", "OC 90", is_storable=True)

    @classmethod
    def _stock(cls, product, quantity, location=None):
        """Put pieces into the stock; a negative quantity takes them out."""
        location = location or cls.warehouse.lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(product, location, quantity)

    @classmethod
    def _create_part_line(cls, quantity=2.0, part=None, order=None, **values):
        """Line of a part on the estimate of a visit, not approved yet.

        :return: sale.order.line record
        """
        order = order or cls._create_order()
        job = cls._add_job(order, hours=1.0, parts=0.0)
        return cls.env["sale.order.line"].create(
            {
                "order_id": order.sale_order_ids.id,
                "job_id": job.id,
                "product_id": (part or cls.part).id,
                "product_uom_qty": quantity,
                **values,
            }
        )

    @classmethod
    def _create_approved_line(cls, *args, **values):
        """Line of a part that the customer approved.

        :return: sale.order.line record
        """
        line = cls._create_part_line(*args, **values)
        cls._approve(line.work_order_id)
        return line

    @classmethod
    def _buy(cls, line, quantity, confirm=True, **values):
        """Purchase order for a line.

        :return: purchase.order.line record
        """
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.supplier.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": line.product_id.id,
                            "product_qty": quantity,
                            "price_unit": 10.0,
                            "sale_line_id": line.id,
                            "date_planned": "2026-12-01 09:00:00",
                            **values,
                        },
                    )
                ],
            }
        )
        if confirm:
            order.button_confirm()
        return order.order_line

    @classmethod
    def _receive(cls, purchase, quantity=None):
        """Receive what a purchase order line brings, all of it when omitted.

        :return: stock.picking records that were done
        """
        picking = purchase.order_id.picking_ids.filtered(
            lambda row: row.state not in ("done", "cancel")
        )[:1]
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        picking.with_context(cancel_backorder=False)._action_done()
        return picking
