from datetime import timedelta
from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError


class AutoServiceOrder(models.Model):
    """Giving a time to jobs that no booking has one for."""

    _inherit = "auto.service.order"

    def action_find_time(self):
        """Open the dialog with free times for the jobs without one.

        :return: client action
        """
        self.ensure_one()
        self._ensure_open()
        return {
            "type": "ir.actions.client",
            "tag": "auto_service_find_time",
            "name": self.env._("Plan the jobs"),
            "target": "new",
            "params": {"model": self._name, "id": self.id},
        }

    def _get_jobs_to_plan(self):
        """Jobs to do that have no time on the board.

        :raise UserError: all of them have one
        """
        self.ensure_one()
        jobs = self.job_ids.filtered("needs_time")
        if not jobs:
            raise UserError(
                self.env._(
                    "All jobs of %(order)s are on the board already. Move them there.",
                    order=self.name,
                )
            )
        return jobs.sorted("sequence")

    def _find_job_offers(self, jobs, **options):
        """Times at which the jobs can be done one after the other.

        The vehicle is here already, so opening hours do not count.

        :return: dict with ``offers`` and ``problems``, see ``_find_slots``
        """
        now = fields.Datetime.now()
        wishes = {
            "start": now,
            "stop": now + timedelta(days=30),
            "any_start": True,
            "use_reserve": True,
        }
        return self.env["auto.service.planner"]._find_slots(
            [job._get_slot_line() for job in jobs],
            company=self.company_id,
            **{**wishes, **options},
        )

    def get_time_offers(self, filters=None):
        """Free times for the dialog, see ``auto.service.booking.get_time_offers``."""
        self.ensure_one()
        self.check_access("read")
        planner = self.env["auto.service.planner"]
        jobs = self._get_jobs_to_plan()
        options = planner._get_filter_options(filters or {}, self.company_id)
        found = self._find_job_offers(jobs, **options)
        return {
            **planner._describe_offers(found, self.company_id),
            "next": planner._describe_next(
                found,
                partial(self._find_job_offers, jobs),
                options,
                self.company_id,
            ),
            "title": self.display_name,
            "hours": sum(job._get_hours_to_plan() for job in jobs),
            "technicians": planner._get_technician_choices(self.company_id),
            "wish_part": False,
            "uses_reserve": True,
            "can_wait": False,
        }

    def book_time(self, start, filters=None):
        """Keep the time that somebody clicked in the dialog for the jobs.

        :param str start: naive UTC
        :return: True
        """
        self.ensure_one()
        self.check_access("write")
        self._ensure_open()
        self._lock()
        planner = self.env["auto.service.planner"].with_company(self.company_id)
        jobs = self._get_jobs_to_plan()
        options = planner._get_filter_options(filters or {}, self.company_id)
        moment = fields.Datetime.to_datetime(start)
        found = self._find_job_offers(jobs, **{**options, "start": moment, "limit": 1})
        offer = planner._pick_offer(found, moment)
        self.env["auto.service.allocation"]._allocate_offer(
            offer,
            {"order_id": self.id, "company_id": self.company_id.id},
            {job.id: {"job_id": job.id} for job in jobs},
        )
        jobs._take_planned_technician()
        return True
