from odoo import api, fields, models

from ..models.auto_service_planner_replan import read_offer, write_offer


class AutoServiceReplanApplyOption(models.TransientModel):
    _name = "auto.service.replan.apply.option"
    _description = "Proposal for Work to Replan"
    _order = "id"

    line_id = fields.Many2one(
        "auto.service.replan.apply.line",
        required=True,
        ondelete="cascade",
        index=True,
        help="What it is proposed for.",
    )
    name = fields.Char(required=True, help="When, where and who.")
    kind = fields.Selection(
        [
            ("same_time", "Same time"),
            ("same_day", "Same day"),
            ("later", "Another day"),
        ],
        string="Change",
        help="How much changes for the customer.",
    )
    is_late = fields.Boolean(
        string="Late", help="Later than the customer was promised."
    )
    offer = fields.Json(help="What the planner offered.")

    @api.model
    def _prepare_option(self, proposal):
        """Values of a proposal."""
        return {
            "name": proposal["label"],
            "kind": proposal["kind"],
            "is_late": proposal["is_late"],
            "offer": write_offer(proposal["offer"]),
        }

    def _collides(self, other):
        """Whether both proposals take the same resource at the same time."""
        if not self or not other:
            return False
        theirs = other._get_taken()
        return any(
            start < stop2 and start2 < stop
            for resource, spans in self._get_taken().items()
            for start, stop in spans
            for start2, stop2 in theirs.get(resource, ())
        )

    def _get_taken(self):
        """What the proposal takes, by resource."""
        taken = {}
        self.env["auto.service.planner"]._add_taken(taken, read_offer(self.offer))
        return taken
