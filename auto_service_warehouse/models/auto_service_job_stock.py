from odoo import api, fields, models

PARTS_LIGHTS = [
    ("missing", "Parts missing"),
    ("coming", "Parts on order"),
    ("ready", "Parts ready"),
]


class AutoServiceJob(models.Model):
    """Whether the parts of a job are here."""

    _inherit = "auto.service.job"

    parts_light = fields.Selection(
        PARTS_LIGHTS,
        string="Parts light",
        compute="_compute_parts_light",
        store=True,
        copy=False,
        help="Ready: every approved part is reserved for the job, picked or fitted.",
    )

    @api.depends("state", "line_ids.stock_state", "line_ids.product_uom_qty")
    def _compute_parts_light(self):
        states = self._get_stock_states_of_lines()
        for job in self:
            there = states.get(job._origin.id, set())
            job.parts_light = job.state != "cancelled" and self._get_light(there)

    def _get_stock_states_of_lines(self):
        """States of the parts that are wanted; one query for all jobs.

        :return: dict of job id to set of keys of STOCK_STATES
        """
        states = {}
        if not self._origin.ids:
            return states
        groups = self.env["sale.order.line"]._read_group(
            [
                ("job_id", "in", self._origin.ids),
                ("stock_state", "!=", False),
                ("state", "!=", "cancel"),
                ("product_uom_qty", ">", 0),
            ],
            ["job_id", "stock_state"],
        )
        for job, state in groups:
            states.setdefault(job.id, set()).add(state)
        return states

    @api.model
    def _get_light(self, states):
        """Light for parts that are in ``states``.

        :param set states: keys of STOCK_STATES
        :return: key of PARTS_LIGHTS, False without parts
        """
        if not states:
            return False
        if states & self._get_light_states("missing"):
            return "missing"
        if states & self._get_light_states("coming"):
            return "coming"
        return "ready"

    @api.model
    def _get_light_states(self, light):
        """States of a part that make the light ``missing`` or ``coming``.

        :return: set of keys of STOCK_STATES
        """
        return {"missing": {"needed"}, "coming": {"ordered", "in_stock"}}[light]

    def action_order_missing_parts(self):
        """Order the approved parts of the jobs that are neither here nor on order.

        :return: act_window action of the dialog
        """
        return self.line_ids.action_order_missing_parts()
