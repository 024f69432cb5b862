from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, float_compare

from ..tools.vehicle_match import engine_key

#: An adopted time that differs by more than this share is proposed anew.
TOLERANCE = 0.05


class AutoServiceLabourProposal(models.Model):
    """Hours that finished jobs really took, by operation, model and engine.

    Only jobs with one single operation that is sold by the hour count: in others
    nobody can tell which work took which part of the clocked time. The median is
    proposed, because a clock that was forgotten overnight must not move it.
    """

    _name = "auto.service.labour.proposal"
    _description = "Labour Time Proposed from Finished Jobs"
    _auto = False
    _order = "case_count desc, id"
    _rec_name = "operation_id"
    _depends = {
        "auto.service.job": [
            "state",
            "done_at",
            "hours_clocked",
            "vehicle_id",
            "technician_id",
        ],
        "auto.service.order": ["state"],
        "auto.service.operation": ["pricing"],
        "auto.service.labour.time": ["hours", "kind", "active", "vehicle_type_id"],
        "auto.service.labour.source": ["origin", "company_id"],
        "auto.service.vehicle.type": ["engine_key", "model_id", "active"],
        "fleet.vehicle": ["model_id", "engine_code"],
        "fleet.vehicle.model": ["brand_id"],
        "res.company": ["auto_service_labour_proposal_cases"],
        "sale.order.line": [
            "job_id",
            "kind",
            "operation_id",
            "book_hours",
            "state",
            "product_uom_qty",
            "display_type",
        ],
    }

    operation_id = fields.Many2one(
        "auto.service.operation", readonly=True, help="Operation that was done."
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, help="Company whose technicians did it."
    )
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand",
        string="Make",
        readonly=True,
        help="Make of the vehicles.",
    )
    model_id = fields.Many2one(
        "fleet.vehicle.model",
        string="Model",
        readonly=True,
        help="Model of the vehicles.",
    )
    engine_code = fields.Char(
        readonly=True,
        help="Engine code of the vehicles. Empty: nobody has entered one.",
    )
    vehicle_id = fields.Many2one(
        "fleet.vehicle",
        string="For example",
        readonly=True,
        help="One of the vehicles; the present hours are those of this one.",
    )
    case_count = fields.Integer(
        string="Jobs",
        readonly=True,
        help="Finished jobs with this operation alone.",
    )
    technician_count = fields.Integer(
        string="Technicians",
        readonly=True,
        aggregator=None,
        help="How many technicians did the jobs. One alone may be quick or slow.",
    )
    lower_hours = fields.Float(
        string="Quickest quarter",
        readonly=True,
        aggregator="avg",
        help="A quarter of the jobs took no longer than this.",
    )
    median_hours = fields.Float(
        string="Median",
        readonly=True,
        aggregator="avg",
        help="Half of the jobs took no longer than this. It is what you adopt.",
    )
    upper_hours = fields.Float(
        string="Slowest quarter",
        readonly=True,
        aggregator="avg",
        help="A quarter of the jobs took this long or longer.",
    )
    book_hours = fields.Float(
        string="Sold as",
        readonly=True,
        aggregator="avg",
        help="Average of the book hours of these jobs, when they were estimated.",
    )
    last_done = fields.Datetime(
        string="Last job", readonly=True, help="When the latest of the jobs was done."
    )
    adopted_hours = fields.Float(
        string="Adopted",
        readonly=True,
        aggregator="avg",
        help="Observed time that a manager adopted for these vehicles.",
    )
    is_open = fields.Boolean(
        string="To decide",
        readonly=True,
        help="No observed time was adopted yet, or the jobs tell otherwise by now.",
    )
    current_hours = fields.Float(
        string="Present hours",
        compute="_compute_current_hours",
        compute_sudo=True,
        help="What an estimate takes today for such a vehicle. Zero: no time is known.",
    )
    deviation = fields.Float(
        string="Difference (%)",
        compute="_compute_current_hours",
        compute_sudo=True,
        help="How much longer the jobs took than the present hours, in per cent of "
        "them. Below zero: they were quicker.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT jobs.*, adopted.hours AS adopted_hours,
                   (adopted.hours IS NULL OR abs(jobs.median_hours - adopted.hours)
                    > %(tolerance)s * adopted.hours) AS is_open
              FROM (%(groups)s) jobs
              LEFT JOIN LATERAL (%(adopted)s) adopted ON TRUE
            """,
            tolerance=TOLERANCE,
            groups=self._get_groups_query(),
            adopted=self._get_adopted_query(),
        )

    @api.model
    def _get_groups_query(self):
        """Figures by company, operation, model and engine."""
        return SQL(
            """
            SELECT figures.*, model.brand_id
              FROM (
                SELECT MIN(one.job_id) AS id, one.company_id, one.operation_id,
                       one.model_id, one.engine_code,
                       MAX(one.vehicle_id) AS vehicle_id, COUNT(*) AS case_count,
                       COUNT(DISTINCT one.technician_id) AS technician_count,
                       percentile_cont(0.25) WITHIN GROUP (ORDER BY one.hours)
                           AS lower_hours,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY one.hours)
                           AS median_hours,
                       percentile_cont(0.75) WITHIN GROUP (ORDER BY one.hours)
                           AS upper_hours,
                       AVG(NULLIF(one.book_hours, 0)) AS book_hours,
                       MAX(one.done_at) AS last_done
                  FROM (%(cases)s) one
                 GROUP BY one.company_id, one.operation_id, one.model_id,
                          one.engine_code
              ) figures
              JOIN fleet_vehicle_model model ON model.id = figures.model_id
              JOIN res_company company ON company.id = figures.company_id
             WHERE figures.case_count
                   >= COALESCE(company.auto_service_labour_proposal_cases, 1)
            """,
            cases=self._get_cases_query(),
        )

    @api.model
    def _get_cases_query(self):
        """Finished jobs with exactly one operation that is sold by the hour."""
        return SQL(
            """
            SELECT job.id AS job_id, job.company_id, job.done_at, vehicle.model_id,
                   job.vehicle_id, job.hours_clocked AS hours,
                   %(engine)s AS engine_code,
                   MIN(line.operation_id) AS operation_id,
                   MIN(line.book_hours) AS book_hours,
                   job.technician_id
              FROM auto_service_job job
              JOIN auto_service_order visit ON visit.id = job.order_id
              JOIN fleet_vehicle vehicle ON vehicle.id = job.vehicle_id
              JOIN sale_order_line line ON line.job_id = job.id
              LEFT JOIN auto_service_operation operation
                ON operation.id = line.operation_id
             WHERE job.state = 'done' AND job.hours_clocked > 0
               AND visit.state <> 'cancelled' AND vehicle.model_id <> %(unknown)s
               AND line.kind = 'labour' AND line.display_type IS NULL
               AND line.product_uom_qty > 0
               AND (line.state = 'sale'
                    OR line.state <> 'cancel' AND job.authorisation <> 'approved')
             GROUP BY job.id, vehicle.id
            HAVING COUNT(*) = 1 AND MIN(operation.pricing) = 'hours'
            """,
            engine=self._get_engine_query(),
            unknown=self.env["fleet.vehicle"]._get_unknown_model().id or 0,
        )

    @api.model
    def _get_engine_query(self):
        """Engine codes of a vehicle as ``split_codes`` reads them, with commas."""
        return SQL(
            """
            NULLIF(upper(regexp_replace(
                btrim(regexp_replace(vehicle.engine_code, '[[:space:],;/|]+', ',', 'g'),
                      ','),
                '[^[:alnum:],]', '', 'g')), '')
            """
        )

    @api.model
    def _get_adopted_query(self):
        """Observed time in force on the type of just this model and engine."""
        return SQL(
            """
            SELECT time.hours
              FROM auto_service_vehicle_type type
              JOIN auto_service_labour_time time ON time.vehicle_type_id = type.id
              JOIN auto_service_labour_source source ON source.id = time.source_id
             WHERE type.active AND type.model_id = jobs.model_id
               AND type.engine_key IS NOT DISTINCT FROM
                   '|' || replace(jobs.engine_code, ',', '|') || '|'
               AND COALESCE(type.ktype, type.generation, type.fuel_type,
                            type.transmission, type.drive, type.body) IS NULL
               AND COALESCE(type.capacity_from, 0) + COALESCE(type.capacity_to, 0)
                   + COALESCE(type.power_from, 0) + COALESCE(type.power_to, 0)
                   + COALESCE(type.year_from, 0) + COALESCE(type.year_to, 0) = 0
               AND time.operation_id = jobs.operation_id AND time.active
               AND time.kind = 'observed' AND source.origin = 'own'
               AND COALESCE(source.company_id, jobs.company_id) = jobs.company_id
             ORDER BY source.company_id NULLS LAST, time.id DESC LIMIT 1
            """
        )

    def _compute_current_hours(self):
        """Look the present hours up once for each vehicle that stands for others."""
        for (vehicle, company), proposals in self.grouped(
            lambda proposal: (proposal.vehicle_id, proposal.company_id)
        ).items():
            choices = proposals.operation_id._get_labour_times(vehicle, company=company)
            for proposal in proposals:
                chosen = choices[proposal.operation_id.id].chosen
                hours = chosen.hours if chosen else 0.0
                proposal.current_hours = hours
                proposal.deviation = (
                    (proposal.median_hours - hours) / hours * 100.0 if hours else 0.0
                )

    # Adopt --------------------------------------------------------------------

    def action_adopt(self):
        """Make the medians the garage's own observed times.

        What the garage had decided or adopted for the same vehicles before is archived
        and stays for the record: an own time would go before the adopted one.

        :return: action that says how many, and reads the list again
        """
        times = self.env["auto.service.labour.time"]
        times.check_access("create")
        for proposal in self:
            times |= proposal._adopt()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Adopted as observed times: %(count)s.", count=len(times)
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _adopt(self):
        """Create the observed time of one proposal.

        :return: auto.service.labour.time record
        """
        self.ensure_one()
        if float_compare(self.median_hours, 0.01, precision_digits=2) < 0:
            raise UserError(
                self.env._(
                    "%(operation)s: less than half a minute was clocked. Correct the "
                    "clocked time of these jobs first.",
                    operation=self.operation_id.display_name,
                )
            )
        values = self._prepare_time_values()
        key = ("operation_id", "vehicle_type_id", "source_id")
        times = self.env["auto.service.labour.time"]
        domain = Domain.AND(Domain(name, "=", values[name]) for name in key)
        before = times.search(domain & Domain("kind", "in", ["own", "observed"]))
        before.write({"active": False})
        before.flush_recordset(["active"])
        return times.create(values)

    def _prepare_time_values(self):
        """Values of the observed time that the proposal becomes."""
        self.ensure_one()
        return {
            "operation_id": self.operation_id.id,
            "vehicle_type_id": self._get_or_create_type().id,
            "kind": "observed",
            "source_id": self._get_own_source().id,
            "hours": round(self.median_hours, 2),
            "case_count": self.case_count,
            "note": self.env._(
                "Half of the jobs between %(lower)s and %(upper)s hours",
                lower=f"{self.lower_hours:.2f}",
                upper=f"{self.upper_hours:.2f}",
            ),
        }

    def _get_or_create_type(self):
        """Vehicle type of just this model and engine."""
        self.ensure_one()
        types = self.env["auto.service.vehicle.type"]
        values = {"model_id": self.model_id.id, "engine_code": self.engine_code}
        # Somebody may have written the code of the engine with blanks or small letters.
        same_engine = Domain("engine_key", "=", engine_key(self.engine_code))
        domain = types._get_same_type_domain(values).map_conditions(
            lambda condition: (
                same_engine if condition.field_expr == "engine_code" else condition
            )
        )
        return types.search(domain, limit=1) or types.create(values)

    def _get_own_source(self):
        """Source of the garage's own times: that of the company, or the common one."""
        self.ensure_one()
        own = self.env["auto.service.labour.source"].search(
            [("origin", "=", "own"), ("company_id", "=", self.company_id.id)], limit=1
        )
        return own or self.env.ref("auto_service_base.labour_source_own")

    # The jobs behind it -------------------------------------------------------

    def action_view_jobs(self):
        """Open the jobs that the proposal was learned from.

        :return: act_window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_job_action"
        )
        action["domain"] = [("id", "in", self._get_job_ids())]
        action["context"] = {}
        return action

    def _get_job_ids(self):
        """Ids of the jobs that the proposal was learned from."""
        self.ensure_one()
        for name, names in self._depends.items():
            self.env[name].flush_model(names)
        query = SQL(
            """
            SELECT one.job_id FROM (%(cases)s) one
             WHERE one.company_id = %(company)s AND one.operation_id = %(operation)s
               AND one.model_id = %(model)s
               AND one.engine_code IS NOT DISTINCT FROM %(engine)s
            """,
            cases=self._get_cases_query(),
            company=self.company_id.id,
            operation=self.operation_id.id,
            model=self.model_id.id,
            engine=self.engine_code or None,
        )
        return [job_id for (job_id,) in self.env.execute_query(query)]
