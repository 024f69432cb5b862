from odoo import api, models


class AutoServicePlanner(models.AbstractModel):
    """Answers questions about free time: one place for everybody who plans."""

    _name = "auto.service.planner"
    _description = "Planner"

    @api.model
    def _get_next_free(self, resource_id, start, length):
        """First moment at or after ``start`` when the resource is free for ``length``.

        :param int resource_id: resource.resource
        :param datetime start: naive UTC
        :param timedelta length: how long
        :return: naive UTC datetime, None when there is none within 30 days
        """
        return None

    @api.model
    def _check_working_time(self, spans):
        return []

    @api.model
    def _get_day_capacity(self, company, first_day, last_day):
        return {}
