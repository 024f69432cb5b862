from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.part_number import number_key


class AutoServicePartNeed(models.Model):
    """A part that a technician needs, in his own words; without any prices.

    Whoever looks after parts gets a task, finds the part and puts it on the estimate.
    """

    _name = "auto.service.part.need"
    _description = "Part that a Technician Needs"
    _order = "id desc"
    _rec_name = "part"

    job_id = fields.Many2one(
        "auto.service.job",
        required=True,
        index=True,
        ondelete="cascade",
        help="Job that needs the part.",
    )
    order_id = fields.Many2one(
        related="job_id.order_id", store=True, index=True, help="Visit of the vehicle."
    )
    vehicle_id = fields.Many2one(
        related="job_id.vehicle_id", store=True, help="Vehicle that the part is for."
    )
    company_id = fields.Many2one(
        related="job_id.company_id", store=True, index=True, help="Company."
    )
    part = fields.Char(
        required=True,
        help="Number of the part, or what it is called.",
    )
    quantity = fields.Float(
        default=1.0, digits="Product Unit", help="How many are needed."
    )
    note = fields.Char(help="Side, size, what is broken.")
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
        ondelete="restrict",
        help="Who needs the part.",
    )
    asked_at = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        readonly=True,
        help="When it was asked for.",
    )
    state = fields.Selection(
        [("open", "Asked for"), ("found", "Found"), ("dropped", "Not needed")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        help="Found: the part is on the estimate.",
    )
    line_id = fields.Many2one(
        "sale.order.line",
        string="Line",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="Line of the estimate with the part.",
    )
    part_state = fields.Char(
        compute="_compute_part_state",
        compute_sudo=True,
        string="Where it is",
        help="Needed, ordered, on the way, here.",
    )
    activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        ondelete="set null",
        help="Task of who looks for the part.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity has to be more than zero."
    )

    @api.depends("line_id.part_state")
    @api.depends_context("lang")
    def _compute_part_state(self):
        field = self.env["sale.order.line"]._fields["part_state"]
        labels = dict(field._description_selection(self.env))
        for need in self:
            need.part_state = labels.get(need.line_id.part_state)

    @api.model_create_multi
    def create(self, vals_list):
        needs = super().create(vals_list)
        needs._tell()
        return needs

    def write(self, vals):
        self._check_write(vals)
        return super().write(vals)

    def _check_write(self, vals):
        """Words may be mended until somebody answered; answers come by buttons."""
        if self.env.su:
            return
        if set(vals) - {"part", "quantity", "note"} or self.filtered(
            lambda need: need.state != "open"
        ):
            raise UserError(
                self.env._(
                    "%(parts)s: only part, quantity and note are typed in, and only "
                    "until somebody answers.",
                    parts=", ".join(self.mapped("part")),
                )
            )

    def _tell(self):
        """Give a task to who looks after parts, one for each need."""
        for need in self:
            user = need._get_responsible()
            # Technicians need not have rights on the work order.
            need_sudo = need.sudo()
            need_sudo.activity_id = need_sudo.order_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Part needed: %(part)s", part=need._get_text()),
                note=need.note or False,
                user_id=user.id,
            )

    def _get_responsible(self):
        """Who looks for the part: by the settings, else the advisor of the visit.

        :return: res.users record
        """
        self.ensure_one()
        need_sudo = self.sudo()  # settings and work order are not the technicians'
        return (
            need_sudo.company_id.auto_service_parts_need_user_id
            or need_sudo.order_id.advisor_id
            or self.env.user
        )

    def _get_text(self):
        """Quantity, part and job in a few words."""
        self.ensure_one()
        return f"{self.quantity:g} × {self.part} ({self.job_id.name})"

    # Answers ------------------------------------------------------------------

    def action_find(self):
        """Ask own stock and every supplier for the part.

        What has no digit is a name; the number is yet to be found.

        :return: client action
        """
        self.ensure_one()
        is_number = any(char.isdigit() for char in self.part)
        return {
            "type": "ir.actions.client",
            "tag": "auto_service_parts_enquiry_dialog",
            "params": {
                "number": self.part if is_number else "",
                "order_id": self.order_id.id,
                "job_id": self.job_id.id,
            },
        }

    def action_done(self):
        """The part is on the estimate."""
        self._ensure_finder()
        self._close("found")

    def action_drop(self):
        """The part is not needed any more."""
        if self.filtered(lambda need: need.user_id != self.env.user):
            self._ensure_finder()
        self._close("dropped")

    def _ensure_finder(self):
        user = self.env.user
        if not self.env.su and not (
            user.has_group("auto_service_base.group_advisor")
            or user.has_group("auto_service_base.group_parts")
        ):
            raise AccessError(
                self.env._(
                    "Advisors and parts people do that with %(parts)s.",
                    parts=", ".join(self.mapped("part")),
                )
            )

    def _close(self, state, line=None):
        """Answer the needs and their tasks.

        :param str state: ``found`` or ``dropped``
        :param line: sale.order.line record with the part
        """
        needs = self.filtered(lambda need: need.state == "open")
        # Nobody writes states and tasks of other people by hand.
        needs_sudo = needs.sudo()
        needs_sudo.write({"state": state, "line_id": line and line.id})
        labels = dict(self._fields["state"]._description_selection(self.env))
        needs_sudo.activity_id.action_feedback(feedback=labels[state])

    @api.model
    def _answer(self, line, keys):
        """Needs of a job for a number that is on its estimate now.

        :param line: sale.order.line record of the part
        :param set keys: number asked for and number of the part, as they are compared
        """
        needs = self.search([("job_id", "=", line.job_id.id), ("state", "=", "open")])
        needs.filtered(lambda need: number_key(need.part) in keys)._close("found", line)
