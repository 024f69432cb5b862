from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import labour_unit
from .auto_service_labour_source import LABOUR_UNITS

LABOUR_TIME_KINDS = [
    ("standard", "Standard"),
    ("warranty", "Warranty"),
    ("own", "Own"),
    ("observed", "Observed"),
]
#: Number of the advisory locks that are taken here; any other number would do.
LOCK_CLASS = 19031


class AutoServiceLabourTime(models.Model):
    """Hours of an operation on a type of vehicles, said by a source.

    There may be millions of them: the table has few foreign keys, few indexes and no
    columns about who wrote it (files have an author, see the imports).
    """

    _name = "auto.service.labour.time"
    _description = "Labour Time"
    _order = "id desc"
    _log_access = False
    _rec_name = "operation_id"

    operation_id = fields.Many2one(
        "auto.service.operation",
        required=True,
        ondelete="cascade",
        help="Operation that takes the time.",
    )
    vehicle_type_id = fields.Many2one(
        "auto.service.vehicle.type",
        index="btree_not_null",
        ondelete="cascade",
        help="Vehicles that the time holds for. Empty: every vehicle.",
    )
    kind = fields.Selection(
        LABOUR_TIME_KINDS,
        required=True,
        default="standard",
        help="Standard: as published. Warranty: what the maker pays, used for warranty "
        "work only. Own: decided by the garage. Observed: learned from finished jobs.",
    )
    source_id = fields.Many2one(
        "auto.service.labour.source",
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_source_id(),
        help="Who says so.",
    )
    hours = fields.Float(
        required=True,
        compute="_compute_hours",
        store=True,
        readonly=False,
        precompute=True,
        aggregator="avg",
        help="Hours of one technician. Worked out of the original value when there is "
        "one.",
    )
    original_value = fields.Float(
        aggregator=None,
        digits=(12, 4),
        help="Number as it was published, in the original unit. Zero: the hours were "
        "entered directly.",
    )
    original_unit = fields.Selection(
        LABOUR_UNITS, help="Unit of the original value; an AW has 5 or 6 minutes."
    )
    valid_from = fields.Date(help="First day of the time. Empty: from the beginning.")
    valid_to = fields.Date(help="Last day of the time. Empty: until further notice.")
    case_count = fields.Integer(
        string="Cases",
        aggregator=None,
        help="Number of finished jobs that an observed time was learned from.",
    )
    import_number = fields.Integer(
        string="Import",
        aggregator=None,
        help="Number of the import that brought the time. Zero: entered by hand.",
    )
    replaced_by_number = fields.Integer(
        string="Replaced by import",
        aggregator=None,
        help="Number of the import that put another time in the place of this one.",
    )
    note = fields.Char(help="What is contained, or under which circumstances.")
    active = fields.Boolean(
        default=True, help="Archived times are kept for the record and not used."
    )

    # Serves the look-up too: operation and vehicle type come first.
    _key_uniq = models.UniqueIndex(
        "(operation_id, COALESCE(vehicle_type_id, 0), kind, source_id,"
        " COALESCE(valid_from, DATE '0001-01-01')) WHERE active",
        "This source has a time of this kind for the operation and vehicles already. "
        "Change that one, or say from when the new one is valid.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (operation_id WITH =, (COALESCE(vehicle_type_id, 0))"
        " WITH =, kind WITH =, source_id WITH =,"
        " daterange(valid_from, valid_to, '[]') WITH &&)"
        " WHERE (active AND (valid_from IS NOT NULL OR valid_to IS NOT NULL))",
        "Two times of one kind and source for the same operation and vehicles are "
        "valid on the same days. End the one before the other begins.",
    )
    _hours_positive = models.Constraint(
        "CHECK (hours > 0)",
        "Hours must be more than zero. Where no time is known, leave the line out.",
    )
    _valid_range = models.Constraint(
        "CHECK (valid_to >= valid_from)",
        "A time cannot end before it begins: check the days of validity.",
    )

    def _auto_init(self):
        # The exclusion constraint compares numbers and texts inside a GiST index.
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        return super()._auto_init()

    def init(self):
        result = super().init()
        self._ensure_no_overlap_guarded()
        return result

    @api.model
    def _ensure_no_overlap_guarded(self):
        """Refuse to install or upgrade without the guard against overlaps.

        The host only logs that a constraint could not be created.
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT 1 FROM pg_constraint
                 WHERE conrelid = %s::regclass AND conname = %s AND contype = 'x'
                """,
                self._table,
                f"{self._table}_no_overlap",
            )
        )
        if not found:
            raise UserError(
                self.env._(
                    "The guard against overlapping labour times could not be created. "
                    "Archive times of one operation, vehicle type, kind and source "
                    "that are valid on the same days, and upgrade again."
                )
            )

    @api.model
    def _default_source_id(self):
        return self.env.ref(
            "auto_service_base.labour_source_own", raise_if_not_found=False
        )

    @api.depends("original_value", "original_unit")
    def _compute_hours(self):
        for time in self:
            if time.original_value and time.original_unit:
                time.hours = labour_unit.to_hours(
                    time.original_value, time.original_unit
                )
            else:
                time.hours = time.hours

    @api.depends("operation_id", "vehicle_type_id")
    def _compute_display_name(self):
        for time in self:
            names = (time.operation_id.display_name, time.vehicle_type_id.display_name)
            time.display_name = " · ".join(name for name in names if name)

    @api.model_create_multi
    def create(self, vals_list):
        self._lock_operations(
            {
                vals.get("operation_id")
                for vals in vals_list
                if vals.get("valid_from") or vals.get("valid_to")
            }
        )
        return super().create(vals_list)

    def write(self, vals):
        if {"valid_from", "valid_to", "active"} & vals.keys():
            self._lock_operations(set(self.operation_id.ids))
        result = super().write(self._complete_hours(vals))
        if "active" in vals:
            # A new record is in the database before older changes: the time that is
            # archived must not stand in the way of the one that takes its place.
            self.flush_recordset(["active"])
        return result

    @api.model
    def _complete_hours(self, vals):
        """Hours that somebody writes by hand are not those of the source any more."""
        if "hours" in vals and not {"original_value", "original_unit"} & vals.keys():
            return dict(vals, original_value=0, original_unit=False)
        return vals

    @api.model
    def _lock_operations(self, operation_ids):
        """Write dated times of an operation one after the other.

        The constraint guards; the lock only keeps two inserts from a deadlock inside
        its index, which costs the host a second and a retry.
        """
        for operation_id in sorted(number for number in operation_ids if number):
            self.env.cr.execute(
                SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK_CLASS, operation_id)
            )
