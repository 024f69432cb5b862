from odoo import api, fields, models
from odoo.tools import SQL

from .auto_service_allocation_replan import LIVE_STATES


class AutoServiceReplan(models.Model):
    """The replan queue: one row per visit whose time cannot be kept."""

    _name = "auto.service.replan"
    _description = "Work to Replan"
    _auto = False
    _order = "is_waiter desc, promised_at, start, id"
    _rec_names_search = ["license_plate", "partner_id.name"]
    _depends = {
        "auto.service.allocation": [
            "replan_reason",
            "replan_note",
            "replan_since",
            "state",
            "start",
            "stop",
            "booking_id",
            "order_id",
            "block",
            "company_id",
        ],
        "auto.service.booking": ["partner_id", "license_plate", "is_waiter", "stop"],
        "auto.service.order": ["partner_id", "license_plate", "promised_at"],
    }

    company_id = fields.Many2one("res.company", readonly=True, help="Branch.")
    reason = fields.Selection(
        selection=lambda self: self._selection_reason(),
        readonly=True,
        help="Why the time cannot be kept.",
    )
    note = fields.Char(readonly=True, help="What else is to be known of it.")
    since = fields.Datetime(
        readonly=True, help="Since when it waits; a blocked bay stands idle so long."
    )
    start = fields.Datetime(
        string="Planned from", readonly=True, help="First time that cannot be kept."
    )
    stop = fields.Datetime(
        string="Planned to", readonly=True, help="End of the time that cannot be kept."
    )
    booking_id = fields.Many2one(
        "auto.service.booking", readonly=True, help="Booking that it was kept for."
    )
    order_id = fields.Many2one(
        "auto.service.order",
        string="Work order",
        readonly=True,
        help="Work order that it was kept for.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="Whose vehicle it is."
    )
    phone = fields.Char(related="partner_id.phone", help="Telephone of the customer.")
    license_plate = fields.Char(
        string="Plate", readonly=True, help="Plate of the vehicle."
    )
    advisor_id = fields.Many2one(
        "res.users", readonly=True, help="Who looks after the customer."
    )
    is_waiter = fields.Boolean(
        string="Customer waits", readonly=True, help="The customer waits in the garage."
    )
    promised_at = fields.Datetime(
        string="Promised",
        readonly=True,
        help="When the customer was promised the vehicle; of a booking its end.",
    )
    work = fields.Char(compute="_compute_rows", help="What is to be done.")
    resources = fields.Char(
        string="Bay and technician",
        compute="_compute_rows",
        help="Who and what it was planned on.",
    )
    hours_waiting = fields.Float(
        string="Waits for, in hours",
        compute="_compute_hours_waiting",
        help="Hours since it came into the queue.",
    )

    @api.model
    def _selection_reason(self):
        field = self.env["auto.service.allocation"]._fields["replan_reason"]
        return field._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(a.id) AS id,
                   MIN(a.company_id) AS company_id,
                   (ARRAY_AGG(a.replan_reason ORDER BY a.replan_since, a.id))[1]
                       AS reason,
                   MIN(a.replan_note) AS note,
                   MIN(a.replan_since) AS since,
                   MIN(a.start) AS start,
                   MAX(a.stop) AS stop,
                   MIN(a.booking_id) AS booking_id,
                   MIN(a.order_id) AS order_id,
                   MIN(COALESCE(o.partner_id, b.partner_id)) AS partner_id,
                   MIN(COALESCE(o.license_plate, b.license_plate)) AS license_plate,
                   MIN(COALESCE(o.advisor_id, b.advisor_id)) AS advisor_id,
                   BOOL_OR(COALESCE(o.is_waiter, b.is_waiter, FALSE)) AS is_waiter,
                   MIN(COALESCE(o.promised_at, b.stop)) AS promised_at
              FROM auto_service_allocation a
              LEFT JOIN auto_service_booking b ON b.id = a.booking_id
              LEFT JOIN auto_service_order o ON o.id = a.order_id
             WHERE a.replan_reason IS NOT NULL AND a.state IN %s
             GROUP BY a.order_id,
                      CASE WHEN a.order_id IS NULL THEN a.booking_id END,
                      CASE WHEN COALESCE(a.order_id, a.booking_id) IS NULL
                           THEN a.block END
            """,
            LIVE_STATES,
        )

    @api.depends("license_plate", "partner_id")
    def _compute_display_name(self):
        for row in self:
            parts = (row.license_plate, row.partner_id.name)
            row.display_name = " · ".join(part for part in parts if part)

    @api.depends("since")
    def _compute_hours_waiting(self):
        now = fields.Datetime.now()
        for row in self:
            waited = (now - row.since).total_seconds() if row.since else 0.0
            row.hours_waiting = waited / 3600

    def _compute_rows(self):
        flagged = self._get_flagged()
        for row in self:
            rows = flagged[row]
            row.work = rows._get_work_label()
            row.resources = ", ".join(rows.resource_id.sudo().mapped("name"))

    def _get_flagged(self):
        """Time that cannot be kept, by row of the queue.

        :return: dict of auto.service.replan record -> auto.service.allocation records
        """
        allocations = self.env["auto.service.allocation"]
        visits = allocations.browse(self.ids)
        domain = [
            ("replan_reason", "!=", False),
            ("state", "in", LIVE_STATES),
            "|",
            ("order_id", "in", visits.order_id.ids),
            "|",
            ("booking_id", "in", visits.booking_id.ids),
            ("block", "in", visits.mapped("block")),
        ]
        found = allocations.search(domain).grouped(lambda row: row._get_visit_key())
        keys = {row: allocations.browse(row.id)._get_visit_key() for row in self}
        return {row: found.get(keys[row], allocations) for row in self}

    # Actions --------------------------------------------------------------------

    def action_replan(self):
        """Open the proposals for the selected rows.

        :return: act_window action
        """
        rows = self.env["auto.service.allocation"].union(*self._get_flagged().values())
        return self.env["auto.service.replan.apply"]._open(rows)

    def action_replan_all(self):
        """Open the proposals for the whole queue of the branch."""
        domain = [("company_id", "in", self.env.companies.ids)]
        return self.search(domain).action_replan()

    def action_keep(self):
        """Leave the time as it is: it will be done then all the same."""
        for rows in self._get_flagged().values():
            rows._keep_as_planned()

    def action_free(self):
        """Give the time back; the work waits to be placed again."""
        for rows in self._get_flagged().values():
            for unit in rows._get_replan_units():
                unit._take_off_board(self.env._("Taken off the board"))

    def action_arrived(self):
        """The customer has come after all."""
        return self.booking_id.action_arrive()

    def action_missed(self):
        """The customer did not come."""
        self.booking_id.action_no_show()

    def action_open(self):
        """Open the work order or the booking.

        :return: act_window action
        """
        self.ensure_one()
        return (self.order_id or self.booking_id).get_formview_action()
