from odoo import api, fields, models

from odoo.addons.auto_service_parts.models.sale_order_line_part_state import (
    COMING_STATES,
)


class AutoServiceOrder(models.Model):
    """A vehicle is not ready before its parts are here."""

    _inherit = "auto.service.order"

    @api.depends("job_ids.line_ids.part_state", "job_ids.line_ids.part_eta")
    def _compute_ready(self):
        return super()._compute_ready()

    def _get_ready_blockers(self):
        jobs_sudo = self._get_jobs_ahead().sudo()  # technicians see no estimates
        lines_sudo = jobs_sudo._get_missing_part_lines().sorted("part_eta")
        return super()._get_ready_blockers() + self._get_part_blockers(lines_sudo)

    def _get_part_blockers(self, lines):
        """What is to be said of parts that are not here.

        A part that is late has no date: whoever sends it did not keep his word.

        :param lines: sale.order.line records
        :return: list of (sentence, naive UTC datetime or None)
        """
        now = fields.Datetime.now()
        coming = lines.filtered(lambda line: line.part_state in COMING_STATES)
        dated = coming.filtered(lambda line: line.part_eta and line.part_eta > now)
        late = coming.filtered(lambda line: line.part_eta and line.part_eta <= now)
        groups = {
            "needed": lines.filtered(lambda line: line.part_state == "needed"),
            "refused": lines.filtered(lambda line: line.part_state == "refused"),
            "late": late,
            "unknown": coming - dated - late,
        }
        blockers = [
            (self._get_part_sentence(kind, rows._get_part_names()), None)
            for kind, rows in groups.items()
            if rows
        ]
        if dated:
            blockers.append(self._get_dated_blocker(dated))
        return blockers

    def _get_part_sentence(self, kind, parts):
        """What is to be said of parts without a date.

        :param str kind: ``needed``, ``refused``, ``late`` or ``unknown``
        :param str parts: their names
        """
        return {
            "needed": self.env._("Parts are not ordered: %(parts)s.", parts=parts),
            "refused": self.env._(
                "The supplier does not bring: %(parts)s.", parts=parts
            ),
            "late": self.env._("Parts are late: %(parts)s.", parts=parts),
            "unknown": self.env._(
                "Nobody knows when these parts come: %(parts)s.", parts=parts
            ),
        }[kind]

    def _get_dated_blocker(self, lines):
        """Sentence and time of the last of the parts that are on their way."""
        last = max(lines.mapped("part_eta"))
        allocations = self.env["auto.service.allocation"]
        sentence = self.env._(
            "Parts are expected until %(time)s: %(parts)s.",
            time=allocations._format_time(
                last, allocations._get_board_tz(self.company_id)
            ),
            parts=lines._get_part_names(),
        )
        return sentence, last
