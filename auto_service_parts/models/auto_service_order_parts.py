from odoo import api, fields, models


class AutoServiceOrder(models.Model):
    """What was asked about parts for a visit."""

    _inherit = "auto.service.order"

    parts_enquiry_ids = fields.One2many(
        "auto.service.parts.enquiry",
        "order_id",
        string="Parts enquiries",
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="Questions about parts that were asked for the visit.",
    )
    parts_enquiry_count = fields.Integer(
        string="Enquiries",
        compute="_compute_parts_enquiry_count",
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="How many questions about parts were asked for the visit.",
    )

    @api.depends("parts_enquiry_ids")
    def _compute_parts_enquiry_count(self):
        counts = dict(
            self.env["auto.service.parts.enquiry"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.parts_enquiry_count = counts.get(order._origin, 0)

    def action_view_parts_enquiries(self):
        """Open the enquiries of the visits.

        :return: act_window action
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enquiries"),
            "res_model": "auto.service.parts.enquiry",
            "view_mode": "list,form",
            "domain": [("order_id", "in", self.ids)],
        }
