from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.auto_service_planner_replan import read_offer


class AutoServiceReplanApplyLine(models.TransientModel):
    _name = "auto.service.replan.apply.line"
    _description = "Visit to Replan"
    _order = "id"

    apply_id = fields.Many2one(
        "auto.service.replan.apply",
        required=True,
        ondelete="cascade",
        index=True,
        help="Dialog that shows it.",
    )
    is_chosen = fields.Boolean(
        string="Move", default=True, help="Tick what is to be moved."
    )
    allocation_ids = fields.Json(help="Ids of the time on the board that moves.")
    title = fields.Char(string="Plate", help="Plate, or number of the booking.")
    customer = fields.Char(help="Name of the customer.")
    phone = fields.Char(help="Telephone of the customer.")
    work = fields.Char(help="What is to be done.")
    reason = fields.Char(help="Why the time cannot be kept.")
    before = fields.Char(string="Was planned", help="When, where and who until now.")
    is_waiter = fields.Boolean(
        string="Customer waits", help="The customer waits in the garage."
    )
    option_ids = fields.One2many(
        "auto.service.replan.apply.option", "line_id", help="Proposals, best first."
    )
    option_id = fields.Many2one(
        "auto.service.replan.apply.option",
        string="New time",
        domain="[('line_id', '=', id)]",
        ondelete="set null",
        help="Where it goes; the best proposal is chosen.",
    )
    kind = fields.Selection(
        related="option_id.kind", help="How much changes for the customer."
    )
    is_late = fields.Boolean(
        related="option_id.is_late", help="Later than the customer was promised."
    )
    warning = fields.Char(
        compute="_compute_warning", help="What speaks against the chosen time."
    )

    @api.depends(
        "option_id", "is_chosen", "apply_id.line_ids.option_id", "apply_id.line_ids"
    )
    def _compute_warning(self):
        for line in self:
            others = line.apply_id.line_ids.filtered(
                lambda other, line=line: other != line
                and other.is_chosen
                and other.option_id._collides(line.option_id)
            )
            if not line.option_id:
                line.warning = self.env._("Fits nowhere in the next two weeks")
            elif line.is_chosen and others:
                line.warning = self.env._(
                    "Takes the same time as %(title)s", title=others[0].title
                )
            else:
                line.warning = line.is_late and self.env._("Later than promised")

    @api.model
    def _prepare_line(self, unit, proposals):
        """Values of the line of a unit, with its proposals.

        :param unit: auto.service.allocation records that move together
        :param list proposals: see ``auto.service.planner._get_proposals``
        """
        source = unit.order_id[:1] or unit.booking_id[:1]
        option = self.env["auto.service.replan.apply.option"]
        return {
            "allocation_ids": unit.ids,
            "title": source and (source.license_plate or source.name),
            "customer": source and source.partner_id.name,
            "phone": source and source.phone,
            "work": unit._get_work_label(),
            "reason": unit._get_reason_label(),
            "before": unit._get_label(),
            "is_waiter": unit._is_waiter(),
            "is_chosen": bool(proposals),
            "option_ids": [
                fields.Command.create(option._prepare_option(proposal))
                for proposal in proposals
            ],
        }

    def _choose_best(self):
        """The first proposal of every line is chosen."""
        for line in self:
            line.option_id = line.option_ids[:1]

    def _get_pair(self):
        """What is moved and where to, for ``_replan``.

        :return: (auto.service.allocation records, offer)
        """
        self.ensure_one()
        rows = self.env["auto.service.allocation"].browse(self.allocation_ids).exists()
        if rows._get_label() != self.before:
            raise UserError(rows._get_changed_message(self.title or self.work))
        return rows, read_offer(self.option_id.offer)
