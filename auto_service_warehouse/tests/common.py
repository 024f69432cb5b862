from odoo import Command

from odoo.addons.auto_service_base_stock.tests.common import StockCommon


class WarehouseCommon(StockCommon):
    """Bins, a vendor and parts that are bought, received and issued for jobs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock = cls.warehouse.lot_stock_id
        cls.vendor = cls.env["res.partner"].create({"name": "Parts Wholesale"})
        cls.part.seller_ids = [Command.create(cls._prepare_seller_values())]

    @classmethod
    def _prepare_seller_values(cls, price=20.0, days=3, **values):
        """Values of a vendor's price: 20.00 within three days."""
        return {"partner_id": cls.vendor.id, "price": price, "delay": days, **values}

    @classmethod
    def _create_bin(cls, name, parent=None, **values):
        """Bin in the main place of the warehouse; its name is its barcode.

        :param parent: stock.location record
        :return: stock.location record
        """
        return cls.env["stock.location"].create(
            {
                "name": name,
                "usage": "internal",
                "location_id": (parent or cls.stock).id,
                "barcode": name,
                **values,
            }
        )

    @classmethod
    def _create_warehouse(cls, name="Tartu", code="TRT", **values):
        """Another warehouse of the company.

        :return: stock.warehouse record
        """
        return cls.env["stock.warehouse"].create(
            {
                "name": name,
                "code": code,
                "company_id": cls.env.company.id,
                **values,
            }
        )

    @classmethod
    def _create_part_line(cls, quantity=2.0, part=None, order=None, **values):
        """Part on the estimate of a visit, not approved yet.

        :return: sale.order.line record
        """
        order = order or cls._create_order()
        job = cls._add_job(order, hours=1.0, parts=0.0)
        return cls.env["sale.order.line"].create(
            {
                "order_id": order.sale_order_ids[-1:].id,
                "job_id": job.id,
                "product_id": (part or cls.part).id,
                "product_uom_qty": quantity,
                **values,
            }
        )

    @classmethod
    def _create_approved_line(cls, quantity=2.0, part=None, **values):
        """Part that the customer approved.

        :return: sale.order.line record
        """
        return cls._part_line(cls._create_approved_job(quantity, part, **values))

    @classmethod
    def _buy(cls, line, quantity, confirm=True, **values):
        """Purchase order that brings parts for a line of an estimate.

        :return: purchase.order.line record
        """
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_qty": quantity,
                            "price_unit": 20.0,
                            "sale_line_id": line.id,
                            "tax_ids": [Command.clear()],
                            **values,
                        }
                    )
                ],
            }
        )
        if confirm:
            order.button_confirm()
        return order.order_line

    @classmethod
    def _receive_purchase(cls, purchase, quantity=None):
        """Receive what a line of a purchase order brings, all of it when omitted.

        :param purchase: purchase.order.line record
        :return: stock.picking record that was done
        """
        picking = purchase.order_id.picking_ids.filtered(
            lambda row: row.state not in ("done", "cancel")
        )[:1]
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        picking.with_context(cancel_backorder=False)._action_done()
        return picking
