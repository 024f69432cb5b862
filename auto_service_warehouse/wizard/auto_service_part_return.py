from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.auto_service_job_return import RETURN_REASONS


class AutoServicePartReturn(models.TransientModel):
    """Parts of a job that were not fitted go back to the shelf."""

    _name = "auto.service.part.return"
    _description = "Return of Parts"

    job_id = fields.Many2one(
        "auto.service.job", required=True, help="Job that the parts were issued to."
    )
    company_id = fields.Many2one(related="job_id.company_id")
    employee_id = fields.Many2one(
        "hr.employee",
        string="Brought by",
        domain="[('company_id', 'in', [False, company_id])]",
        help="Technician who brings the parts back.",
    )
    line_ids = fields.One2many(
        "auto.service.part.return.line",
        "return_id",
        string="Parts",
        help="What was issued, and what comes back of it.",
    )

    has_lots = fields.Boolean(
        compute="_compute_has_lots", help="Some of the parts have serial numbers."
    )

    @api.depends("line_ids.lot_name")
    def _compute_has_lots(self):
        for dialog in self:
            dialog.has_lots = any(dialog.line_ids.mapped("lot_name"))

    def action_return(self):
        """Take back what is filled in.

        :return: act_window_close action
        """
        self.ensure_one()
        rows = self.line_ids.filtered("quantity")
        if not rows:
            raise UserError(
                self.env._("Fill in how many come back, at least of one part.")
            )
        self.job_id._check_floor_return()
        # A technician brings back what he was given, without rights on estimates.
        self.job_id.sudo()._return_parts([row._prepare_return() for row in rows])
        return {"type": "ir.actions.act_window_close"}


class AutoServicePartReturnLine(models.TransientModel):
    """A part that comes back."""

    _name = "auto.service.part.return.line"
    _description = "Returned Part"

    return_id = fields.Many2one(
        "auto.service.part.return",
        required=True,
        ondelete="cascade",
        help="Return that it is on.",
    )
    company_id = fields.Many2one(related="return_id.company_id")
    line_id = fields.Many2one(
        "sale.order.line",
        required=True,
        help="Line of the estimate that the part is on.",
    )
    name = fields.Char(string="Part", readonly=True, help="What was issued.")
    lot_ref = fields.Integer(
        string="Lot", readonly=True, help="Id of the lot or serial number."
    )
    lot_name = fields.Char(
        string="Lot or serial number", readonly=True, help="Which piece it is."
    )
    uom_name = fields.Char(string="Unit", readonly=True, help="Unit of the line.")
    quantity_issued = fields.Float(
        string="Issued",
        digits="Product Unit",
        readonly=True,
        help="How many the job has, in the unit of the line.",
    )
    quantity = fields.Float(
        string="Comes back",
        digits="Product Unit",
        help="How many come back, in the unit of the line.",
    )
    reason = fields.Selection(
        RETURN_REASONS,
        default="not_needed",
        required=True,
        help="Not needed: it is neither billed nor issued again. Wrong or defective: "
        "another one is wanted for the job. Defective ones wait apart.",
    )
    location_id = fields.Many2one(
        "stock.location",
        string="To",
        domain="[('usage', '=', 'internal'), "
        "('company_id', 'in', [False, company_id])]",
        help="Bin that it is put into. Empty: where it came from; a defective part "
        "goes to the place for defective parts.",
    )

    def _prepare_return(self):
        """Values of the row for ``_return_parts`` of auto.service.job."""
        self.ensure_one()
        return {
            "line_id": self.sudo().line_id.id,
            "quantity": self.quantity,
            "reason": self.reason,
            "location_id": self.location_id.id,
            "lot_id": self.lot_ref or False,
            "employee_id": self.return_id.employee_id.id,
        }
