from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .auto_service_resource_kind import ROLES

DAYS_BEFORE = 28
DAYS_AHEAD = 56
#: The chart takes its colours in the order of the keys: what is free is green.
PARTS = [
    ("booked", "Booked"),
    ("buffer", "Held back"),
    ("free", "Free"),
    ("overtime", "Overtime"),
]
COLUMNS = {
    "id": "int",
    "date": "date",
    "company_id": "int",
    "role": "varchar",
    "kind_id": "int",
    "resource_id": "int",
    "part": "varchar",
    "hours": "float",
}


class AutoServiceCapacity(models.Model):
    """Hours of every day and resource: booked, held back and free.

    No table: SQL knows nothing of working hours, shifts and leaves. The planner works
    the rows out whenever somebody looks at them, so they are never old.
    """

    _name = "auto.service.capacity"
    _description = "Capacity"
    _auto = False
    _order = "date, role, resource_id, id"
    _table_query = "see _table_sql"  # so that no table is looked for

    date = fields.Date(readonly=True, help="Day in the branch.")
    company_id = fields.Many2one("res.company", readonly=True, help="Branch.")
    role = fields.Selection(
        ROLES, string="What", readonly=True, help="What the resource is in the garage."
    )
    kind_id = fields.Many2one(
        "auto.service.resource.kind",
        readonly=True,
        help="Kind of bay, equipment or courtesy car.",
    )
    resource_id = fields.Many2one(
        "resource.resource",
        readonly=True,
        help="Bay, technician, equipment or courtesy car.",
    )
    part = fields.Selection(
        PARTS,
        readonly=True,
        help="What becomes of the hours. Booked, held back and free make up the "
        "working hours; overtime comes on top. Held back: what the branch keeps for "
        "walk-ins and extra work on coming days, spread over the technicians.",
    )
    hours = fields.Float(readonly=True, help="In hours.")

    @property
    def _table_sql(self):
        rows = self._get_rows(self.env.companies)
        numbered = [(number, *row) for number, row in enumerate(rows, 1)]
        columns = zip(*numbered, strict=True) if numbered else [()] * len(COLUMNS)
        return SQL(
            "(SELECT * FROM unnest(%s) AS capacity(%s))",
            SQL(", ").join(
                SQL("%s::%s[]", _write_array(column), SQL(kind))
                for column, kind in zip(columns, COLUMNS.values(), strict=True)
            ),
            SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
        )

    @api.model
    def _get_rows(self, companies):
        """Rows of the branches, without their number.

        :param companies: res.company records
        :return: list of tuples in the order of ``COLUMNS``
        """
        if not self.env.registry.ready:
            return []  # the registry asks whether there is a table
        rows = []
        for company in companies:
            rows += self._get_company_rows(company)
        return rows

    @api.model
    def _get_company_rows(self, company):
        planner = self.env["auto.service.planner"]
        today = company._get_planning_day()
        days = planner._get_days(
            company,
            today - timedelta(days=DAYS_BEFORE),
            today + timedelta(days=DAYS_AHEAD),
        )
        grid = planner._get_exact_grid(days[0][1], days[-1][2])
        resources = planner._read_company_resources(company)
        work, _flexible = planner._get_work_masks(resources, grid, company)
        busy, _rows = planner._read_busy(list(resources), grid)
        rows = []
        for day, start, stop in days:
            first, last = grid.floor(start), grid.floor(stop)
            hours = {
                resource.id: self._get_hours(
                    _cut(work[resource.id], first, last),
                    _cut(busy.get(resource.id, 0), first, last),
                    resource,
                )
                for resource in resources.values()
            }
            if day > today:
                self._hold_back(hours, resources, company)
            rows += [
                (day, company.id, resource.role, resource.kind_id, key, part, value)
                for key, resource in resources.items()
                for part, value in hours[key].items()
                if value
            ]
        return rows

    @api.model
    def _get_hours(self, work, busy, resource):
        """Hours of a resource on a day.

        :param int work: mask of the minutes in which it works
        :param int busy: mask of the minutes that are taken
        :return: dict of part -> hours
        """
        extra = (busy & ~work).bit_count() if resource.role == "technician" else 0
        return {
            "booked": (work & busy).bit_count() / 60,
            "buffer": 0.0,
            "free": (work & ~busy).bit_count() / 60,
            "overtime": extra / 60,
        }

    @api.model
    def _hold_back(self, hours, resources, company):
        """Move from free to held back what bookings may not take on a coming day.

        :param dict hours: parts of every resource, changed here
        """
        parts = [
            hours[key] for key, row in resources.items() if row.role == "technician"
        ]
        free = sum(part["free"] for part in parts)
        booked = sum(part["booked"] for part in parts)
        share = company.auto_service_reserve_percent / 100
        bookable = max(0.0, (free + booked) * (1 - share) - booked)
        if not free or bookable >= free:
            return
        for part in parts:
            part["buffer"] = part["free"] * (1 - bookable / free)
            part["free"] -= part["buffer"]


def _cut(mask, first, last):
    """Slots ``first`` to ``last - 1`` of a mask."""
    return (mask >> first) & ((1 << (last - first)) - 1)


def _write_array(values):
    """PostgreSQL's text of an array: ten thousand parameters would take their time."""
    words = ("NULL" if value is None else str(value) for value in values)
    return "{" + ",".join(words) + "}"
