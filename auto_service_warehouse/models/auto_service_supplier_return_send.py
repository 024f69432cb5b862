from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AutoServiceSupplierReturn(models.Model):
    """From the draft to the parcel: the transfers of the host."""

    _inherit = "auto.service.supplier.return"

    def action_prepare(self):
        """Reserve the parts for the return, so that nobody else takes them."""
        self._ensure_may_return()
        self._ensure_state("draft")
        for record in self:
            record._ensure_lines()
            record.line_ids._ensure_returnable()
            record._create_pickings()
            record.state = "ready"

    def action_send(self):
        """The parcel leaves: the parts go out of the stock, the credit is awaited.

        :return: what the host's validation returns when it asks something
        """
        self._ensure_may_return()
        self.filtered(lambda record: record.state == "draft").action_prepare()
        self._ensure_state("ready")
        res = None
        for record in self:
            pickings = record._get_open_pickings()
            pickings.move_ids.picked = True
            answer = pickings._validate_supplier_return()
            res = answer if isinstance(answer, dict) else res
            if not record.picking_ids:
                record._set_sent()
        return res

    def action_cancel(self):
        """Nothing goes back; what was packed is free again."""
        self._ensure_may_return()
        self._ensure_state("draft", "ready")
        self._get_open_pickings().action_cancel()
        self.state = "cancelled"

    def action_draft(self):
        """Change what was packed, or go on with what was cancelled."""
        self._ensure_may_return()
        self._ensure_state("ready", "cancelled")
        self._get_open_pickings().action_cancel()
        self.state = "draft"

    def _ensure_may_return(self):
        self.env["auto.service.buy.proposal"]._ensure_may_buy()
        self.check_access("write")

    def _ensure_lines(self):
        if not self.line_ids:
            raise UserError(
                self.env._("%(name)s is empty. Add parts first.", name=self.name)
            )

    def _get_open_pickings(self):
        return self.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def _create_pickings(self):
        """One transfer for each warehouse; every line from its bin."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: not line.core_id)
        for warehouse, group in lines.grouped(
            lambda line: line._get_warehouse()
        ).items():
            picking = self.env["stock.picking"].create(
                self._prepare_picking_values(warehouse, group)
            )
            self.env["stock.move"].create(
                [line._prepare_move_values(picking) for line in group]
            )
            picking.action_confirm()
            group._reserve()

    def _prepare_picking_values(self, warehouse, lines):
        self.ensure_one()
        kind = warehouse.in_type_id.return_picking_type_id or warehouse.out_type_id
        receipts = lines._get_receipts().picking_id
        return {
            "partner_id": self.partner_id.id,
            "picking_type_id": kind.id,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": self._get_supplier_location().id,
            "origin": self.name,
            "company_id": self.company_id.id,
            "return_id": receipts.id if len(receipts) == 1 else False,
            "supplier_return_id": self.id,
            "user_id": False,
        }

    def _get_supplier_location(self):
        partner = self.partner_id.with_company(self.company_id)
        return partner.property_stock_supplier

    def _follow_pickings(self):
        """The state follows what was done in the Inventory app."""
        for record in self:
            states = set(record.picking_ids.mapped("state"))
            if record.state == "ready" and states == {"cancel"}:
                record.state = "draft"
            elif record.state == "ready" and states <= {"done", "cancel"}:
                record._set_sent()
            elif record.state in ("sent", "credited"):
                record._follow_credits()

    def _set_sent(self):
        """The parts are gone: the credit is awaited from now on."""
        self.ensure_one()
        self.write({"state": "sent", "date_sent": fields.Datetime.now()})
        self.line_ids._settle_cores()
        self._set_credit_due()
        self._follow_credits()

    def _get_blockers_domain(self, line):
        """Reservations of others in the place of a line."""
        return (
            Domain("product_id", "=", line.product_id.id)
            & Domain("location_id", "child_of", line.location_id.id)
            & Domain("state", "not in", ["done", "cancel"])
            & Domain("quantity", ">", 0)
            & Domain("move_id.supplier_return_line_id", "!=", line.id)
        )
