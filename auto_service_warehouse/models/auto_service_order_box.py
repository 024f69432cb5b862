from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AutoServiceOrder(models.Model):
    """The box or trolley in which the parts of a visit wait."""

    _inherit = "auto.service.order"

    box_id = fields.Many2one(
        "stock.location",
        string="Box",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('usage', '=', 'internal'), "
        "('company_id', 'in', [False, company_id])]",
        help="Box or trolley that the picked parts of the visit are put into. Without "
        "one they lie together in the place “Job boxes”.",
    )

    @api.constrains("box_id", "state")
    def _check_box_is_free(self):
        for order in self.filtered(lambda row: row.box_id and row.state == "open"):
            other = self.sudo().search(
                [
                    ("box_id", "=", order.box_id.id),
                    ("state", "=", "open"),
                    ("id", "!=", order.id),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "Box %(box)s is in use for %(order)s (%(plate)s). Take another "
                        "one, or empty it first.",
                        box=order.box_id.name,
                        order=other.name,
                        plate=other.license_plate,
                    )
                )

    def _take_box(self, box):
        """Put the parts of the visit into a box; what is picked already goes along.

        :param box: stock.location record
        """
        self.ensure_one()
        lines = self.env["sale.order.line"]
        lines._ensure_may_handle_parts()
        order_sudo = self.sudo()  # the parts desk may not write on visits
        order_sudo.box_id = box
        lines_sudo = lines.sudo().search([("work_order_id", "=", self.id)])
        for row in lines_sudo._get_reserved_lines():
            if row._is_boxed() and row.location_id != box:
                row._carry_to(box, self.name)._set_picked()

    def _get_box(self, warehouse):
        """Where picked parts of the visit are put.

        :param warehouse: stock.warehouse record that they are picked in
        :return: stock.location record
        """
        self.ensure_one()
        box = self.box_id
        if box and box.warehouse_id == warehouse:
            return box
        return warehouse._get_job_boxes()
