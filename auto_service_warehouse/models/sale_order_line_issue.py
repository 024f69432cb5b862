from odoo import api, fields, models
from odoo.exceptions import UserError

# Pick, pack, quality, out: a route of more steps than this is a circle.
MAX_STEPS = 8


class SaleOrderLine(models.Model):
    """Parts of jobs on their way from the shelf to the car, and back."""

    _inherit = "sale.order.line"

    qty_not_needed = fields.Float(
        string="Not needed",
        digits="Product Unit",
        copy=False,
        readonly=True,
        help="How many of the approved pieces were not fitted: they came back, or "
        "never left the shelf. They are not issued again and not billed.",
    )
    issue_ids = fields.One2many(
        "auto.service.part.issue",
        "line_id",
        string="Issued and returned",
        readonly=True,
        help="Who had the part when.",
    )

    # What is open --------------------------------------------------------------

    def _can_be_issued(self):
        """What is not needed any more is not issued either."""
        if not super()._can_be_issued():
            return False
        return self.product_uom_id.compare(self._get_open_quantity(), 0.0) > 0

    def _get_open_quantity(self):
        """What is still to be issued, in the unit of the line."""
        self.ensure_one()
        return self.product_uom_qty - self.qty_delivered - self._get_not_needed()

    def _to_product_unit(self, quantity):
        """Quantity of the line's unit in the unit of its product."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            quantity, self.product_id.uom_id, round=False
        )

    def _from_product_unit(self, quantity):
        """Quantity of the product's unit in the unit of the line."""
        self.ensure_one()
        return self.product_id.uom_id._compute_quantity(
            quantity, self.product_uom_id, round=False
        )

    def _get_reserved_lines(self):
        """Reservations of the line on the shelf, in a box, or at the gate."""
        return self._get_moves_to_issue().move_line_ids.filtered(
            lambda row: row.quantity_product_uom > 0
        )

    def _is_line_put_aside(self, row):
        """Whether a reserved stock.move.line is picked already."""
        return row._is_boxed() or not row.move_id._is_from_shelf()

    def _get_picked_quantity(self):
        """What waits for the job in its box or at the gate, in the line's unit."""
        self.ensure_one()
        rows = self._get_reserved_lines().filtered(self._is_line_put_aside)
        return self._from_product_unit(sum(rows.mapped("quantity_product_uom")))

    # Picking -------------------------------------------------------------------

    def _pick(self, quantity=None, lot=None):
        """Put reserved pieces aside: into the box of the work order.

        Deliveries in several steps take the pieces through the host's own step.

        :param float quantity: in the unit of the line; all that is there if omitted
        :param lot: stock.lot record that is picked, where lots are kept
        :return: dict of sale.order.line to the quantity that was picked
        :raise UserError: nothing is there, or less than ``quantity``
        """
        self._ensure_may_handle_parts()
        picked = {}
        for line_sudo in self.sudo():  # advisors hand out parts as well
            line_sudo = line_sudo.with_company(line_sudo.company_id)
            taken = line_sudo._pick_pieces(quantity, lot)
            picked[line_sudo.sudo(False)] = line_sudo._from_product_unit(taken)
        return picked

    def _ensure_can_be_picked(self, rows, quantity):
        """Say what is not there instead of picking less than somebody holds."""
        taken = sum(rows.mapped("quantity_product_uom"))
        wanted = self._to_product_unit(quantity) if quantity else 0.0
        unit = self.product_id.uom_id
        if unit.compare(taken, 0.0) > 0 and unit.compare(taken, wanted) >= 0:
            return
        raise UserError(
            self.env._(
                "%(part)s for %(order)s: %(taken)s reserved on the shelf, nothing more "
                "to pick. Receive or order what is missing first.",
                part=self.product_id.display_name,
                order=self.work_order_id.name,
                taken=self._format_quantity(self._from_product_unit(taken)),
            )
        )

    def _pick_pieces(self, quantity=None, lot=None):
        """Pick what is reserved.

        :return: float, in the unit of the product
        """
        self.ensure_one()
        self._reserve_open_moves()
        rows = self._get_reserved_lines().filtered(
            lambda row: not self._is_line_put_aside(row)
        )
        left = self._to_product_unit(quantity) if quantity else None
        rows = rows._swap_lot(lot)
        self._ensure_can_be_picked(rows, quantity)
        rows = rows._take(left)
        values = rows._prepare_pick_rows()
        rows._put_aside()
        self.env["auto.service.part.issue"].create(values)
        return sum(row["quantity"] for row in values)

    def _pick_rows(self, rows):
        """Put just these reservations of the line aside.

        :param rows: stock.move.line records
        """
        self._ensure_may_handle_parts()
        rows_sudo = rows.sudo().filtered(  # advisors hand out parts as well
            lambda row: not self.sudo()._is_line_put_aside(row)
        )
        values = rows_sudo._prepare_pick_rows()
        rows_sudo._put_aside()
        self.env["auto.service.part.issue"].sudo().create(values)

    def _reserve_open_moves(self):
        """Reserve what the open moves still want, as far as it is there."""
        self._get_moves_to_issue().filtered(
            lambda move: move.state != "assigned"
        )._action_assign()

    def _unpick(self, place=None):
        """Put picked pieces back to where they came from; they stay reserved.

        :param place: stock.location record, the bin that they go to instead
        """
        self._ensure_may_handle_parts()
        for line_sudo in self.sudo():  # advisors hand out parts as well
            rows = line_sudo._get_reserved_lines().filtered(lambda row: row._is_boxed())
            for row in rows:
                row._carry_to(
                    place or row._get_shelf(), line_sudo.work_order_id.name
                )._set_picked(False)

    # Issuing -------------------------------------------------------------------

    def _prepare_handout(self):
        """Values of the row of the dialog that asks what is issued."""
        self.ensure_one()
        rows = self._get_reserved_lines()
        open_quantity = self._get_open_quantity()
        here = self._from_product_unit(sum(rows.mapped("quantity_product_uom")))
        if self.qty_delivered_method != "stock_move":
            here = open_quantity
        return {
            "line_id": self.id,
            "name": self.product_id.display_name,
            "place": ", ".join(rows.location_id.mapped("name")),
            "uom_name": self.product_uom_id.name,
            "quantity_open": open_quantity,
            "quantity_here": min(here, open_quantity),
            "quantity": min(here, open_quantity),
        }

    def _issue(self):
        """Parts without stock moves leave their record here."""
        before = {line: line.qty_delivered for line in self}
        res = super()._issue()
        rows = [
            line._prepare_issue_values("issue", line._to_product_unit(quantity))
            for line in self
            if line.qty_delivered_method != "stock_move"
            and line.work_order_id
            and (quantity := line.qty_delivered - before[line]) > 0
        ]
        # Nobody writes these rows by hand.
        self.env["auto.service.part.issue"].sudo().create(rows)._after_create()
        return res

    def _issue_from_stock(self):
        """What was not needed is not procured anew, only what is open is."""
        lines = self.filtered(lambda line: line._can_be_issued())
        lines._draw_parts(self._get_employee_of_context())
        return super(SaleOrderLine, lines)._issue_from_stock()

    def _get_employee_of_context(self):
        """Technician who was named for this issue.

        :return: hr.employee record, maybe empty
        """
        return self.env["hr.employee"].browse(
            self.env.context.get("auto_service_employee_id") or []
        )

    def _issue_pieces(self, quantity, lot=None):
        """Issue just ``quantity`` of the line; what is picked goes first.

        :param float quantity: in the unit of the line
        :param lot: stock.lot record that is handed over, where lots are kept
        :return: float, what was issued, in the unit of the line
        """
        self.ensure_one()
        if self.qty_delivered_method != "stock_move":
            return self._issue_by_hand(quantity)
        if not self._get_moves_to_issue():
            self._action_launch_stock_rule()
        self._draw_parts(self._get_employee_of_context())
        before = self.qty_delivered
        left = self._to_product_unit(quantity)
        for _step in range(MAX_STEPS):
            self._reserve_open_moves()
            rows = self._get_rows_to_issue(lot)._take(left)
            if not rows:
                break
            is_last = rows.move_id._is_last_step()
            quantity_moved = sum(rows.mapped("quantity_product_uom"))
            rows.move_id._split_for(rows)._issue_to_job()
            left -= quantity_moved if is_last else 0.0
            if self.product_id.uom_id.compare(left, 0.0) <= 0:
                break
        return self.qty_delivered - before

    def _get_rows_to_issue(self, lot=None):
        """Reservations of one move: the most advanced one, boxed pieces first."""
        rows = self._get_reserved_lines()
        rows = rows.sorted(
            lambda row: (
                not row.move_id._is_last_step(),
                not row._is_boxed(),
                -row.move_id.id,
                row.id,
            )
        )
        rows = rows._swap_lot(lot)
        return rows.filtered(lambda row: row.move_id == rows[:1].move_id)

    def _issue_by_hand(self, quantity):
        """Issue a part whose stock is not kept.

        :return: float, what was issued
        """
        issued = min(quantity, self._get_open_quantity())
        self.qty_delivered += issued
        values = self._prepare_issue_values("issue", self._to_product_unit(issued))
        self.env["auto.service.part.issue"].create(values)._after_create()
        return issued

    # Records -------------------------------------------------------------------

    def _prepare_issue_values(self, kind, quantity):
        """Values of the auto.service.part.issue row that says what happened.

        :param str kind: pick, issue or return
        :param float quantity: in the unit of the product
        """
        self.ensure_one()
        context = self.env.context
        employee_id = context.get("auto_service_employee_id")
        if employee_id is None and kind != "pick":
            employee_id = self.job_id._get_issue_employee().id
        return {
            "kind": kind,
            "line_id": self.id,
            "job_id": self.job_id.id,
            "order_id": self.work_order_id.id,
            "product_id": self.product_id.id,
            "quantity": quantity,
            "employee_id": employee_id or False,
            "user_id": self.env.uid,
            "company_id": self.company_id.id,
            "reason": kind == "return" and context.get("auto_service_return_reason"),
        }

    @api.model
    def _ensure_may_handle_parts(self):
        """Parts are picked, issued and taken back by the parts desk and advisors."""
        user = self.env.user
        if self.env.su or any(
            user.has_group(f"auto_service_base.group_{role}")
            for role in ("parts", "advisor")
        ):
            return
        raise UserError(
            self.env._("Only the parts desk or an advisor hands out parts. Ask them.")
        )

    def _issue_each(self, quantities, lot=None):
        """Issue the lines, each its own quantity.

        :param dict quantities: line id to quantity; all that is open if not in it
        :return: dict of line id to the quantity that was issued
        """
        before = {line.id: line.qty_delivered for line in self}
        whole = self.filtered(lambda line: line.id not in quantities and not lot)
        if whole:
            whole._issue()
        for line in self - whole:
            asked = quantities.get(line.id) or line._get_open_quantity()
            line._ensure_not_more(asked)
            line._issue_pieces(asked, lot)
        return {line.id: line.qty_delivered - before[line.id] for line in self}

    def _ensure_not_more(self, quantity):
        """No more goes to a job than the customer approved."""
        self.ensure_one()
        if self.product_uom_id.compare(quantity, self._get_open_quantity()) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: only %(open)s more of %(ordered)s are approved for "
                    "%(order)s. Raise the quantity of the estimate first.",
                    part=self.product_id.display_name,
                    open=self._format_quantity(self._get_open_quantity()),
                    ordered=self._format_quantity(self.product_uom_qty),
                    order=self.work_order_id.name,
                )
            )

    def _lacks(self, issued, quantities):
        """Whether less was issued than was asked for."""
        self.ensure_one()
        asked = quantities.get(self.id)
        if asked:
            return self.product_uom_id.compare(issued, asked) < 0
        return self._can_be_issued()
