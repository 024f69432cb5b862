from odoo import models


class SaleOrderLine(models.Model):
    """Where the parts of a job are taken from: warehouse, van or another warehouse."""

    _inherit = "sale.order.line"

    def write(self, vals):
        if "product_uom_qty" in vals:
            # The host lowers moves that start where it would have them start.
            self.sudo()._get_drawn_moves()._draw_back()
        return super().write(vals)

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        res = super()._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        self.filtered("work_order_id").sudo()._draw_parts()  # advisors approve
        return res

    def _get_moves_to_issue(self):
        """What is taken from a van or another warehouse is issued as well."""
        return super()._get_moves_to_issue() | self._get_drawn_moves()

    def _get_drawn_moves(self):
        """Open moves that take parts elsewhere than in the warehouse of their line."""
        return self.move_ids.filtered(
            lambda move: move.state not in ("draft", "done", "cancel")
            and move.picking_id
            and move.location_id.usage == "internal"
            and not move.move_orig_ids
            and move._is_last_step()
            and move.location_id != move.sale_line_id.warehouse_id.lot_stock_id
            and move._is_from_shelf()
        )

    def _draw_parts(self, employee=None):
        """Take what is open from where the company, or the job, has it taken from.

        :param employee: hr.employee record that gets the parts, where he is known
        """
        for line in self:
            if not line._may_be_drawn():
                continue
            for move in line._get_moves_to_draw():
                place = line._get_draw_place(move, employee)
                if place != move.location_id:
                    move._draw_from(place)

    def _may_be_drawn(self):
        """Whether parts of the line may come from elsewhere than its warehouse."""
        self.ensure_one()
        return bool(
            self.is_storable
            and self.kind == "part"
            and self.work_order_id
            and (
                self.job_id.draw_location_id
                or self.company_id.auto_service_draw_policy != "order"
                or self._get_drawn_moves()
            )
        )

    def _get_moves_to_draw(self):
        """Open moves in one step that wait for nothing and are not picked."""
        return self._get_moves_to_issue().filtered(
            lambda move: move._is_last_step()
            and move._is_from_shelf()
            and move.procure_method == "make_to_stock"
            and not move.move_orig_ids
            and not move.created_purchase_line_ids
            and not any(row._is_boxed() for row in move.move_line_ids)
        )

    def _get_draw_place(self, move, employee=None):
        """First place that has all of the move; the line's warehouse when none has.

        :return: stock.location record
        """
        home = self.warehouse_id.lot_stock_id
        for place in self._get_draw_places(employee):
            if move._is_all_in(place):
                return place
        return home

    def _get_draw_places(self, employee=None):
        """Places that are asked one after the other.

        :return: stock.location records
        """
        self.ensure_one()
        job = self.job_id
        if job.draw_location_id:
            return job.draw_location_id
        home = self.warehouse_id.lot_stock_id
        policy = self.company_id.auto_service_draw_policy
        if policy == "technician":
            employee = employee or job._get_issue_employee()
            return employee.sudo().auto_service_location_id | home
        if policy == "any":
            warehouses = self.env["stock.warehouse"].search(
                [("company_id", "=", self.company_id.id)]
            )
            return home | warehouses.lot_stock_id
        return home
