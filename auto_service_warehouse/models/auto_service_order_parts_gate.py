from odoo import api, fields, models


class AutoServiceOrder(models.Model):
    """Nobody hands a vehicle over with parts that are neither issued nor settled."""

    _inherit = "auto.service.order"

    open_parts_note = fields.Char(
        string="Parts not issued",
        compute="_compute_open_parts_note",
        compute_sudo=True,
        help="Approved parts whose stock is kept and that are still to be issued.",
    )

    @api.depends(
        "step",
        "state",
        "authorised_line_ids.qty_delivered",
        "authorised_line_ids.product_uom_qty",
        "authorised_line_ids.qty_not_needed",
    )
    def _compute_open_parts_note(self):
        for order in self:
            late = order.state == "open" and order.step in ("quality_control", "ready")
            lines = order._get_open_part_lines() if late else ()
            order.open_parts_note = ", ".join(
                f"{line.product_id.display_name} ({quantity})"
                for line in lines
                if (quantity := line._format_quantity(line._get_open_quantity()))
            )

    def _get_open_part_lines(self):
        """Approved parts whose stock is kept and that are not issued in full."""
        return self.authorised_line_ids.filtered(
            lambda line: line.is_storable
            and line.qty_delivered_method == "stock_move"
            and line.job_id.state != "cancelled"
            and line._can_be_issued()
        )

    def _get_gate_errors(self, stage):
        """Parts that are fitted but not issued would never be billed."""
        errors = super()._get_gate_errors(stage)
        if stage.require_parts_issued:
            lines_sudo = self.sudo()._get_open_part_lines()
            if lines_sudo:
                errors.append(
                    self.env._(
                        "%(order)s: these parts are approved and not issued: "
                        "%(parts)s. Issue them, or say that they are not needed.",
                        order=self.name,
                        parts=", ".join(lines_sudo.product_id.mapped("display_name")),
                    )
                )
        return errors
