from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceReplanApply(models.TransientModel):
    """Old time and new time of everything that cannot be kept; one button takes all."""

    _name = "auto.service.replan.apply"
    _description = "Replan Work"

    name = fields.Char(help="Who or what is not there.")
    line_ids = fields.One2many(
        "auto.service.replan.apply.line",
        "apply_id",
        help="What is replanned, and where to.",
    )
    chosen_count = fields.Integer(
        compute="_compute_counts", string="Chosen", help="How many are to be moved."
    )
    hopeless_count = fields.Integer(
        compute="_compute_counts",
        string="Without proposal",
        help="How many fit nowhere in the next two weeks.",
    )
    told = fields.Text(readonly=True, help="Customers to be told of a new time.")

    @api.depends("line_ids.is_chosen", "line_ids.option_id", "line_ids.option_ids")
    def _compute_counts(self):
        for wizard in self:
            lines = wizard.line_ids
            wizard.chosen_count = len(
                lines.filtered(lambda line: line.is_chosen and line.option_id)
            )
            wizard.hopeless_count = len(lines.filtered(lambda line: not line.option_id))

    @api.model
    def _open(self, rows, lost=None, name=False):
        """Dialog with proposals for ``rows``.

        :param rows: auto.service.allocation records that cannot be kept
        :param dict lost: see ``auto.service.planner._get_proposals``
        :param str name: who or what is not there
        :return: act_window action
        """
        found = self.env["auto.service.planner"]._get_proposals(rows, lost)
        lines = self.env["auto.service.replan.apply.line"]
        wizard = self.create(
            {
                "name": name,
                "line_ids": [
                    fields.Command.create(lines._prepare_line(unit, proposals))
                    for unit, proposals in found
                ],
            }
        )
        wizard.line_ids._choose_best()
        return wizard._get_form_action()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replan"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_apply(self):
        """Take all chosen proposals in one transaction.

        :return: action that shows whom to tell, or closes the dialog
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.is_chosen and line.option_id)
        if not lines:
            raise UserError(self.env._("Choose what to replan first."))
        told = self.env["auto.service.allocation"]._replan(
            [line._get_pair() for line in lines]
        )
        return self._get_done_action(len(lines), told)

    def _get_done_action(self, count, told):
        """Close the dialog and say what was done."""
        message = self.env._("%(count)s replanned.", count=count)
        if told:
            message = self.env._(
                "%(count)s replanned; %(told)s customers to call: the advisors have it "
                "among their activities.",
                count=count,
                told=len(told),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {
                    "type": "ir.actions.act_window_close",
                    "infos": {"replanned": count},
                },
            },
        }
