from odoo import api, fields, models


class AutoServiceStageLog(models.Model):
    _name = "auto.service.stage.log"
    _description = "Time of a Work Order in a Stage"
    _order = "entered_at desc, id desc"

    order_id = fields.Many2one(
        "auto.service.order",
        required=True,
        index=True,
        ondelete="cascade",
        help="Work order whose way through the garage is recorded.",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, help="Company of the work order."
    )
    stage_id = fields.Many2one(
        "auto.service.stage",
        required=True,
        index=True,
        ondelete="restrict",
        help="Stage in which the work order stood.",
    )
    waiting_reason_id = fields.Many2one(
        "auto.service.reason",
        ondelete="restrict",
        help="What the vehicle waited for during this time.",
    )
    user_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        help="Who moved the work order here.",
    )
    entered_at = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        help="When the work order came into the stage.",
    )
    left_at = fields.Datetime(help="When it left; empty while it still stands here.")
    hours = fields.Float(
        compute="_compute_hours",
        store=True,
        help="Elapsed hours in the stage, nights and weekends included.",
    )

    _open_uniq = models.UniqueIndex(
        "(order_id) WHERE left_at IS NULL",
        "A work order stands in one stage at a time. Reload the page and try again.",
    )

    @api.depends("entered_at", "left_at")
    def _compute_hours(self):
        for log in self:
            seconds = (
                (log.left_at - log.entered_at).total_seconds() if log.left_at else 0.0
            )
            log.hours = seconds / 3600.0
