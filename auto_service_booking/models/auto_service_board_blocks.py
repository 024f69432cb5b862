from odoo import api, models
from odoo.tools import SQL

#: What the screen gets of a block, in this order.
BLOCK_FIELDS = (
    "block",
    "start",
    "stop",
    "resources",
    "replans",
    "state",
    "is_gap",
    "is_overtime",
    "is_foreign",
    "type",
    "operation",
    "booking_state",
    "booking",
    "order",
    "number",
    "plate",
    "vehicle",
    "customer",
    "service",
    "label",
    "has_note",
    "is_waiter",
    "has_car",
    "is_waiting",
    "held_until",
    "job",
    "line",
)
#: Where a screen without personal data ends.
WALL_FIELDS = BLOCK_FIELDS[: BLOCK_FIELDS.index("booking")]


class AutoServicePlanner(models.AbstractModel):
    """Blocks of the board, read in one query."""

    _inherit = "auto.service.planner"

    @api.model
    @api.readonly
    def get_board_blocks(self, blocks, window):
        """Some blocks of a board that is on the screen; those that are missing in the
        answer are not on it any more.

        :param list blocks: numbers of blocks
        :param dict window: as ``get_board`` gave it
        :return: dict as of ``get_board``, with ``block_fields`` and ``blocks``
        """
        self._check_board_access()
        company, clock = self._get_window_clock(window)
        resources_sudo = self.env["resource.resource"].sudo()  # the garage plans them
        domain = self._get_board_resource_domain(company, window["wall"])
        resources = resources_sudo._search(domain)
        ids = [row[0] for row in self.env.execute_query(resources.select())]
        return self._get_board_blocks(window, clock, ids, blocks)

    @api.model
    def _get_board_blocks(self, window, clock, resource_ids, blocks=None):
        """What lies on the rows in the window.

        :param list resource_ids: resources that are rows
        :param list blocks: only these; None: all
        :return: dict with ``block_fields``, ``blocks`` and ``services``, names of the
            operations that occur
        """
        wall = window["wall"]
        names = self._get_block_fields(wall)
        self.env["auto.service.allocation"].flush_model()
        self.env["auto.service.booking"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "WITH part AS (%s) SELECT %s %s ORDER BY part.start, part.block",
                self._get_board_part_query(window, clock, resource_ids, blocks),
                SQL(", ").join(self._get_board_columns(clock)[name] for name in names),
                self._get_board_from(),
            )
        )
        position = names.index("operation")
        operations = {row[position] for row in rows if row[position]}
        return {
            "block_fields": names,
            "blocks": rows,
            "services": self._get_board_services(operations),
        }

    @api.model
    def _get_block_fields(self, wall):
        """What the screen gets of a block, in this order.

        Extend it together with ``_get_board_columns``.

        :param bool wall: for a screen in the hall, without personal data
        """
        return WALL_FIELDS if wall else BLOCK_FIELDS

    @api.model
    def _get_board_services(self, operation_ids):
        operations_sudo = self.env["auto.service.operation"].sudo()  # names only
        return {
            operation.id: operation.name
            for operation in operations_sudo.browse(operation_ids)
        }

    @api.model
    def _get_board_part_query(self, window, clock, resource_ids, blocks=None):
        """One line per block, with the resources that it keeps.

        :return: SQL
        """
        start, stop = clock.get_bounds(window["days"])
        only = SQL("AND a.block = ANY(%s)", blocks) if blocks is not None else SQL()
        return SQL(
            """
            SELECT a.block,
                   MIN(a.start) AS start,
                   MAX(a.stop) AS stop,
                   array_agg(a.resource_id ORDER BY a.id) AS resources,
                   array_agg(COALESCE(a.replan_reason, '') ORDER BY a.id) AS replans,
                   MAX(a.state) AS state,
                   COALESCE(bool_and(a.is_gap), FALSE) AS is_gap,
                   COALESCE(bool_or(a.is_overtime), FALSE) AS is_overtime,
                   NOT bool_or(a.company_id = ANY(%(companies)s)) AS is_foreign,
                   MAX(a.booking_id) AS booking_id,
                   MAX(a.line_id) AS line_id,
                   MAX(a.order_id) AS order_id,
                   MAX(a.job_id) AS job_id,
                   MAX(a.name) AS name,
                   MAX(a.held_until) AS held_until
              FROM unnest(%(resources)s) AS shown
              JOIN auto_service_allocation a
                ON a.resource_id = shown
               AND tsrange(a.start, a.stop) && tsrange(%(start)s, %(stop)s)
               AND a.state <> 'cancelled'
               %(only)s
             GROUP BY a.block
            """,
            companies=self.env.companies.ids,
            resources=resource_ids,
            start=start,
            stop=stop,
            only=only,
        )

    @api.model
    def _get_board_from(self):
        """Tables beside the blocks. Another branch's business is not told.

        :return: SQL
        """
        return SQL(
            """
              FROM part
              LEFT JOIN auto_service_booking booking
                ON booking.id = part.booking_id AND NOT part.is_foreign
              LEFT JOIN auto_service_booking_line line
                ON line.id = part.line_id AND NOT part.is_foreign
              LEFT JOIN auto_service_order work_order
                ON work_order.id = COALESCE(part.order_id, booking.order_id)
               AND NOT part.is_foreign
              LEFT JOIN auto_service_job job
                ON job.id = part.job_id AND NOT part.is_foreign
              LEFT JOIN fleet_vehicle vehicle
                ON vehicle.id = COALESCE(booking.vehicle_id, work_order.vehicle_id)
              LEFT JOIN fleet_vehicle_model vehicle_model
                ON vehicle_model.id = vehicle.model_id
              LEFT JOIN res_partner partner
                ON partner.id = COALESCE(booking.partner_id, work_order.partner_id)
            """
        )

    @api.model
    def _get_board_columns(self, clock):
        """Expression of each of ``_get_block_fields``.

        :return: dict of SQL by name
        """
        return {
            "block": SQL("part.block"),
            "start": self._get_minute_column(SQL("part.start"), clock),
            "stop": self._get_minute_column(SQL("part.stop"), clock),
            "resources": SQL("part.resources"),
            "replans": SQL("part.replans"),
            "state": SQL("part.state"),
            "is_gap": SQL("part.is_gap"),
            "is_overtime": SQL("part.is_overtime"),
            "is_foreign": SQL("part.is_foreign"),
            "type": SQL("booking.type_id"),
            "operation": SQL("line.operation_id"),
            "booking_state": SQL("booking.state"),
            "booking": SQL("booking.id"),
            "order": SQL("work_order.id"),
            "number": SQL("COALESCE(booking.name, work_order.name)"),
            "plate": SQL("COALESCE(booking.license_plate, vehicle.license_plate)"),
            "vehicle": SQL("vehicle_model.name"),
            "customer": SQL("partner.name"),
            "service": SQL("COALESCE(line.name, job.name)"),
            "label": SQL("CASE WHEN NOT part.is_foreign THEN part.name END"),
            "has_note": SQL("COALESCE(booking.note, '') <> ''"),
            "is_waiter": SQL("COALESCE(booking.is_waiter, work_order.is_waiter)"),
            "has_car": SQL("booking.needs_courtesy_car"),
            "is_waiting": SQL("work_order.waiting_reason_id IS NOT NULL"),
            "held_until": self._get_minute_column(SQL("part.held_until"), clock),
            "job": SQL("job.id"),
            "line": SQL("line.id"),
        }

    @api.model
    def _get_minute_column(self, column, clock):
        """A time as a minute of the board, see ``BoardClock``."""
        return SQL(
            "(EXTRACT(EPOCH FROM (%s AT TIME ZONE 'UTC' AT TIME ZONE %s)"
            " - %s::timestamp) / 60)::int",
            column,
            clock.tz.zone,
            clock.first,
        )
