from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceResourceRow(models.AbstractModel):
    """Sick, on a course, out of order: the row is not there for some time."""

    _inherit = "auto.service.resource.row"

    is_away = fields.Boolean(
        string="Away now",
        compute="_compute_away",
        search="_search_is_away",
        help="Absent or out of order at this moment.",
    )
    away_until = fields.Datetime(
        compute="_compute_away", help="When the absence that is on now ends."
    )

    @api.depends_context("uid")
    def _compute_away(self):
        until = self._get_away_until()
        for row in self:
            row.away_until = until.get(row.sudo().resource_id.id, False)
            row.is_away = bool(row.away_until)

    def _get_away_until(self):
        """Ends of what keeps the rows away now.

        :return: dict of resource id -> naive UTC datetime
        """
        now = fields.Datetime.now()
        domain = [
            ("resource_id", "in", self.sudo().resource_id.ids),
            ("time_type", "=", "leave"),
            ("date_from", "<=", now),
            ("date_to", ">", now),
        ]
        # sudo: that somebody is away is for everybody to see, why is not
        leaves_sudo = self.env["resource.calendar.leaves"].sudo()
        groups = leaves_sudo._read_group(domain, ["resource_id"], ["date_to:max"])
        return {resource.id: until for resource, until in groups}

    def _search_is_away(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        leaves_sudo = self.env["resource.calendar.leaves"].sudo()  # see _get_away_until
        resources = leaves_sudo.search(
            [
                ("resource_id.auto_service_role", "!=", False),
                ("time_type", "=", "leave"),
                ("date_from", "<=", now),
                ("date_to", ">", now),
            ]
        ).resource_id
        return [("resource_id", "in", resources.ids)]

    def action_set_away(self):
        """Ask from when to when, and why."""
        return {
            "type": "ir.actions.act_window",
            "name": self._get_away_title(),
            "res_model": "auto.service.absence",
            "view_mode": "form",
            "target": "new",
            "context": {"default_resource_ids": self.sudo().resource_id.ids},
        }

    def _get_away_title(self):
        role = self.sudo().resource_id[:1].auto_service_role
        if role == "technician":
            return self.env._("Absent")
        return self.env._("Out of order")

    def action_back(self):
        """He is back, it works again: the absence ends now."""
        now = fields.Datetime.now()
        domain = [
            ("resource_id", "in", self.sudo().resource_id.ids),
            ("date_from", "<=", now),
            ("date_to", ">", now),
        ]
        leaves = self.env["resource.calendar.leaves"].search(domain)
        foreign = leaves.filtered(lambda leave: not leave.auto_service_absence)
        if foreign:
            raise UserError(
                self.env._(
                    "%(names)s: this time off was not entered in the garage. Change it "
                    "where it was entered, in the Time Off app for example.",
                    names=", ".join(foreign.resource_id.mapped("name")),
                )
            )
        new = leaves.filtered(lambda leave: leave.date_from == now)
        new.unlink()
        (leaves - new).write({"date_to": now})

    def action_open_time_off(self):
        """All time off of the rows, past and to come."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Time off"),
            "res_model": "resource.calendar.leaves",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("auto_service_booking.time_off_view_list").id, "list"),
            ],
            "domain": [("resource_id", "in", self.sudo().resource_id.ids)],
            "context": {"default_resource_id": self.sudo().resource_id[:1].id},
        }

    def action_open_work(self):
        """What is planned with the rows from now on."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Planned work"),
            "res_model": "auto.service.allocation",
            "view_mode": "list",
            "domain": [
                ("resource_id", "in", self.sudo().resource_id.ids),
                ("state", "!=", "cancelled"),
                ("stop", ">", fields.Datetime.to_string(fields.Datetime.now())),
            ],
        }
