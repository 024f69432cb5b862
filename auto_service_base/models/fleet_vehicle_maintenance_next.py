from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CRON_BATCH = 1000
CRON_POSITION = "auto_service_base.maintenance_cron_position"


class FleetVehicle(models.Model):
    """The next service of every vehicle, stored: for lists and reminders."""

    _inherit = "fleet.vehicle"

    next_maintenance_date = fields.Date(
        string="Next Service",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Day on which the next scheduled maintenance is due, as far as it can be "
        "told. Worked out every night, and whenever maintenance is entered.",
    )
    next_maintenance_item_id = fields.Many2one(
        "auto.service.maintenance.item",
        string="Next Work",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Scheduled maintenance that is due first.",
    )

    def _update_next_maintenance(self):
        """Work out and store when the vehicles are due next.

        Only what changed is written, and without touching who wrote last.
        """
        vehicles = self.exists().filtered("is_customer_vehicle")
        if not vehicles:
            return
        # The plans of every company count for a figure that all of them see.
        due = vehicles.sudo()._get_maintenance_due_by_vehicle()
        today = fields.Date.context_today(self)
        rows = [
            (vehicle.id, *self._get_next_maintenance(due[vehicle.id], today))
            for vehicle in vehicles
        ]
        names = ["next_maintenance_date", "next_maintenance_item_id"]
        self.flush_model(names)
        self.env.execute_query(self._get_next_update(rows))
        vehicles.invalidate_recordset(names, flush=False)

    @api.model
    def _get_next_maintenance(self, rows, today):
        """Day and item that come first, a pair of None when nothing can be told."""
        for row in rows:
            day = row["predicted_date"]
            if not day and row["state"] == "soon":
                day = today  # by the odometer, on a day that nobody can tell
            if day:
                return day, row["item"].id
        return None, None

    @api.model
    def _get_next_update(self, rows):
        """Query that stores (vehicle id, day, item id)."""
        return SQL(
            """
            UPDATE fleet_vehicle vehicle
               SET next_maintenance_date = new.day, next_maintenance_item_id = new.item
              FROM unnest(%s, %s::date[], %s::int[]) AS new (id, day, item)
             WHERE vehicle.id = new.id
               AND (vehicle.next_maintenance_date IS DISTINCT FROM new.day
                    OR vehicle.next_maintenance_item_id IS DISTINCT FROM new.item)
         RETURNING vehicle.id
            """,
            *(list(column) for column in zip(*rows, strict=True)),
        )

    @api.model
    def _cron_update_next_maintenance(self):
        """Every night: when each customer's vehicle is due next.

        Goes by id and remembers where it stopped, so that it can be interrupted.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        position = int(parameters.get_param(CRON_POSITION) or 0)
        domain = self._get_customer_domain()
        left = self.search_count(domain & Domain("id", ">", position))
        self.env["ir.cron"]._commit_progress(remaining=left)
        while vehicles := self.search(
            domain & Domain("id", ">", position), limit=CRON_BATCH, order="id"
        ):
            vehicles._update_next_maintenance()
            position = vehicles[-1].id
            parameters.set_param(CRON_POSITION, position)
            self.env.invalidate_all()
            if not self.env["ir.cron"]._commit_progress(len(vehicles)):
                return
        parameters.set_param(CRON_POSITION, 0)
