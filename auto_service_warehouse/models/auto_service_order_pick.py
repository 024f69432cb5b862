from odoo import api, fields, models


class AutoServiceOrder(models.Model):
    """When the parts of a visit have to lie ready."""

    _inherit = "auto.service.order"

    parts_wanted_at = fields.Datetime(
        string="Parts wanted",
        compute="_compute_parts_wanted_at",
        store=True,
        help="When the work begins: by then the parts lie in their box. The "
        "appointment where there is one, else when the vehicle came, else the time "
        "that the customer was promised.",
    )

    @api.depends("received_at", "promised_at", "create_date")
    def _compute_parts_wanted_at(self):
        for order in self:
            order.parts_wanted_at = order._get_pick_time()

    def _get_pick_time(self):
        """When the work on the vehicle begins; extend where somebody knows better.

        :return: datetime, UTC
        """
        self.ensure_one()
        return self.received_at or self.promised_at or self.create_date

    def action_pick_parts(self):
        """Open what is to be picked for the visits.

        :return: act_window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_warehouse.auto_service_pick_line_action"
        )
        action["domain"] = [("order_id", "in", self.ids)]
        action["context"] = {"search_default_to_pick": 1}
        return action

    def _get_pick_rows(self):
        """What the pick list of the visit shows, in the order of the bins.

        :return: auto.service.pick.line records
        """
        self.ensure_one()
        return self.env["auto.service.pick.line"].search([("order_id", "=", self.id)])

    def _get_unpicked_lines(self):
        """Parts of the visit that cannot be picked: nothing is reserved for them.

        :return: list of (sale.order.line record, quantity in its unit)
        """
        self.ensure_one()
        # Who prints the list may have no rights on estimates.
        lines_sudo = self.env["sale.order.line"].sudo()
        lines_sudo = lines_sudo.search([("work_order_id", "=", self.id)])
        missing = []
        for line in lines_sudo.filtered(lambda row: row._can_be_issued()):
            reserved = sum(line._get_reserved_lines().mapped("quantity_product_uom"))
            quantity = line._get_open_quantity() - line._from_product_unit(reserved)
            if line.product_uom_id.compare(quantity, 0.0) > 0:
                missing.append((line, quantity))
        return missing
