from odoo.addons.auto_service_base.tests.common import AutoServiceOrderCommon


class StockCommon(AutoServiceOrderCommon):
    """A warehouse, and a part whose stock is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.part = cls._create_part(is_storable=True)

    @classmethod
    def _receive(cls, product, quantity, location=None, **values):
        """Put pieces into the stock; a negative quantity takes them out.

        :param location: stock.location record; the main one of the warehouse if omitted
        """
        location = location or cls.warehouse.lot_stock_id
        lot = cls.env["stock.lot"].browse(values.get("lot_id") or [])
        cls.env["stock.quant"]._update_available_quantity(
            product, location, quantity, lot_id=lot
        )

    @classmethod
    def _in_stock(cls, product, location=None):
        """Pieces in the stock, whoever they are reserved for."""
        location = location or cls.warehouse.lot_stock_id
        quants = cls.env["stock.quant"]._gather(product, location)
        return sum(quants.mapped("quantity"))

    @classmethod
    def _create_approved_job(cls, quantity=2.0, part=None, **values):
        """Job with an hour of labour and a part, approved by the customer.

        :param float quantity: pieces of the part
        :param part: product.product record, ``cls.part`` when omitted
        :param values: more values of the part's line
        :return: auto.service.job record
        """
        order = cls._create_order()
        job = cls._add_job(order, hours=1.0, parts=0.0)
        cls.env["sale.order.line"].create(
            {
                "order_id": order.sale_order_ids.id,
                "job_id": job.id,
                "product_id": (part or cls.part).id,
                "product_uom_qty": quantity,
                **values,
            }
        )
        cls._approve(order)
        return job

    @staticmethod
    def _part_line(job):
        return job.line_ids.filtered(lambda line: line.kind == "part")
