from odoo import api, fields, models


class AutoServiceOrder(models.Model):
    """A vehicle is not ready before its parts are here."""

    _inherit = "auto.service.order"

    @api.depends("job_ids.line_ids.stock_state", "job_ids.line_ids.stock_eta")
    def _compute_ready(self):
        return super()._compute_ready()

    def _get_ready_blockers(self):
        jobs_sudo = self._get_jobs_ahead().sudo()  # technicians see no estimates
        lines_sudo = jobs_sudo.line_ids._get_unready_parts()
        return super()._get_ready_blockers() + self._get_stock_blockers(lines_sudo)

    def _get_stock_blockers(self, lines):
        """What is to be said of parts that are not here.

        What should be here by now has no date: whoever sends it did not keep his word.

        :param lines: sale.order.line records
        :return: list of (sentence, naive UTC datetime or None)
        """
        now = fields.Datetime.now()
        needed = lines.filtered(lambda line: line.stock_state == "needed")
        coming = lines - needed
        dated = coming.filtered(lambda line: line.stock_eta and line.stock_eta > now)
        blockers = []
        if needed:
            sentence = self.env._(
                "Parts are not ordered: %(parts)s.", parts=needed._get_part_titles()
            )
            blockers.append((sentence, None))
        if coming - dated:
            sentence = self.env._(
                "Parts are late: %(parts)s.", parts=(coming - dated)._get_part_titles()
            )
            blockers.append((sentence, None))
        if dated:
            blockers.append(self._get_dated_stock_blocker(dated))
        return blockers

    def _get_dated_stock_blocker(self, lines):
        """Sentence and time of the last of the parts that are on their way."""
        last = max(lines.mapped("stock_eta"))
        allocations = self.env["auto.service.allocation"]
        sentence = self.env._(
            "Parts are expected until %(time)s: %(parts)s.",
            time=allocations._format_time(
                last, allocations._get_board_tz(self.company_id)
            ),
            parts=lines._get_part_titles(),
        )
        return sentence, last
