from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceRecommendation(models.Model):
    _name = "auto.service.recommendation"
    _description = "Recommended Work on a Vehicle"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "due_date, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True, help="Work that is recommended, in the customer's language."
    )
    description = fields.Text(
        help="What was seen, and what happens if nothing is done."
    )
    vehicle_id = fields.Many2one(
        "fleet.vehicle",
        required=True,
        index=True,
        ondelete="restrict",
        help="Vehicle that needs the work.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        help="Who was offered the work.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Company that recommends the work.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the amount.",
    )
    origin_job_id = fields.Many2one(
        "auto.service.job",
        string="Offered as",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Job of the visit in which the work was offered.",
    )
    origin_order_id = fields.Many2one(
        related="origin_job_id.order_id",
        string="Visit",
        help="Visit in which the work was offered.",
    )
    revived_job_id = fields.Many2one(
        "auto.service.job",
        string="Done as",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Job of a later visit that took the work up.",
    )
    reason = fields.Selection(
        [
            ("declined", "Declined by the customer"),
            ("not_answered", "Not answered"),
            ("deferred", "Put off"),
            ("found", "Found at inspection"),
        ],
        required=True,
        default="found",
        help="Why the work was not done at once.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("scheduled", "On a work order"),
            ("done", "Done"),
            ("dropped", "Dropped"),
        ],
        required=True,
        default="open",
        index=True,
        tracking=True,
        help="Open work is offered again at the next visit.",
    )
    due_date = fields.Date(
        index=True, help="When the work should be done at the latest."
    )
    hours = fields.Float(help="Hours of labour in the offer.")
    amount_total = fields.Monetary(
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="Price of the work when it was offered, taxes included.",
    )
    snapshot = fields.Json(
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="Lines of the offer, to take the work up again in one click.",
    )
    drop_reason = fields.Char(help="Why the recommendation no longer holds.")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A recommendation is never deleted: drop it, with the reason.")
        )

    def action_drop(self):
        """Drop open recommendations; the reason is asked for on the record."""
        missing = self.filtered(lambda rec: not rec.drop_reason)
        if missing:
            raise UserError(
                self.env._(
                    "Write why these recommendations are dropped: %(names)s.",
                    names=", ".join(missing.mapped("name")),
                )
            )
        self.write({"state": "dropped"})

    def action_reopen(self):
        """Offer dropped work again."""
        self.filtered(lambda rec: rec.state == "dropped").write(
            {"state": "open", "drop_reason": False}
        )

    def action_revive(self):
        """Put the work on the open visit of the vehicle, or on a new one.

        :return: action that opens the work order
        """
        orders = self.env["auto.service.order"]
        for vehicle, recommendations in self.grouped("vehicle_id").items():
            order = orders._get_open_visit(vehicle) or orders.create(
                recommendations[0]._prepare_order_values()
            )
            for recommendation in recommendations:
                recommendation._revive_on(order)
            orders |= order
        return orders._action_open()

    def _prepare_order_values(self):
        """Values of the visit that takes the recommendation up."""
        self.ensure_one()
        return {
            "vehicle_id": self.vehicle_id.id,
            "partner_id": (self.vehicle_id.owner_id or self.partner_id).id,
            "company_id": self.company_id.id,
        }

    def _revive_on(self, order):
        """Create the job with its priced lines on ``order``.

        Prices come from the host as of today: the old amount stays on the
        recommendation.

        :param order: auto.service.order record
        :return: auto.service.job record
        """
        self.ensure_one()
        if self.state != "open":
            raise UserError(
                self.env._(
                    "“%(name)s” is not open any more; reopen it first.",
                    name=self.name,
                )
            )
        job = self.env["auto.service.job"].create(self._prepare_job_values(order))
        job._add_snapshot_lines(self.snapshot or [])
        self.write({"state": "scheduled", "revived_job_id": job.id})
        return job

    def _prepare_job_values(self, order):
        """Values of the job that takes the recommendation up on ``order``."""
        self.ensure_one()
        return {
            "order_id": order.id,
            "name": self.name,
            "complaint": self.description,
            "package_id": self.origin_job_id.package_id.id,
        }
