from odoo import api, fields, models
from odoo.exceptions import UserError

STEPS = [
    ("booked", "Booked"),
    ("prepared", "Prepared"),
    ("received", "Received"),
    ("in_repair", "In repair"),
    ("quality_control", "Quality control"),
    ("ready", "Ready"),
    ("delivered", "Delivered"),
    ("followed_up", "Followed up"),
]
STEP_INDEX = {key: index for index, (key, _label) in enumerate(STEPS)}


class AutoServiceStage(models.Model):
    _name = "auto.service.stage"
    _description = "Stage of a Work Order"
    _order = "sequence, id"

    name = fields.Char(
        required=True, translate=True, help="Name of the column on the board."
    )
    sequence = fields.Integer(default=10, help="Place of the column on the board.")
    step = fields.Selection(
        STEPS,
        required=True,
        default="in_repair",
        help="Step of the service process that the stage belongs to. Several stages "
        "may share one step, for example two waiting places within the repair.",
    )
    fold = fields.Boolean(
        string="Folded on the board",
        help="The column is closed until somebody opens it.",
    )
    is_closing = fields.Boolean(
        string="Closes the work order",
        help="A work order that enters this stage is closed: the vehicle is handed "
        "over and the figures are final.",
    )
    require_odometer = fields.Boolean(
        string="Odometer needed",
        help="A work order enters only when the odometer of this visit is noted.",
    )
    require_jobs_done = fields.Boolean(
        string="Approved jobs done",
        help="A work order enters only when every approved job is done or cancelled.",
    )
    require_quality_check = fields.Boolean(
        string="Quality check needed",
        help="A work order enters only when somebody who did not do the work "
        "has checked it.",
    )
    require_invoiced = fields.Boolean(
        string="Everything invoiced",
        help="A work order enters only when nothing delivered is left to invoice.",
    )
    active = fields.Boolean(
        default=True, help="An archived stage is kept in the history of visits."
    )
    order_count = fields.Integer(
        compute="_compute_order_count", help="Work orders that stand in this stage."
    )

    def _compute_order_count(self):
        counts = dict(
            self.env["auto.service.order"]._read_group(
                [("stage_id", "in", self.ids)], ["stage_id"], ["__count"]
            )
        )
        for stage in self:
            stage.order_count = counts.get(stage, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered("order_count")
        if used:
            raise UserError(
                self.env._(
                    "Work orders stand or stood in %(stages)s. Archive the stage "
                    "instead of deleting it.",
                    stages=", ".join(used.mapped("name")),
                )
            )

    @api.model
    def _get_first_of_step(self, step):
        """First active stage of ``step``.

        :param str step: a key of ``STEPS``
        :return: auto.service.stage record, empty when no stage has this step
        """
        return self.search([("step", "=", step)], limit=1)
