import base64
import csv
import io

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..tools.labour_column import fold_header


class AutoServiceLabourImport(models.Model):
    """What the screen says and offers."""

    _inherit = "auto.service.labour.import"

    result = fields.Html(
        compute="_compute_result",
        sanitize=False,
        help="What the check found, or what the load did.",
    )
    bad_file = fields.Binary(
        compute="_compute_bad_file", help="The bad rows as a CSV file."
    )

    @api.depends(
        *("state", "row_count", "bad_count", "counts", "seconds", "is_partial"),
        *("loaded_at", "author_id"),
    )
    @api.depends_context("lang", "tz")
    def _compute_result(self):
        for record in self:
            lines = record._get_result_lines()
            color = {"done": "success", "checked": "success"}.get(record.state, "info")
            if record.bad_count and record.state == "checked":
                color = "warning"
            text = Markup("<br/>").join(lines[1:])
            record.result = lines and Markup(
                '<div class="alert alert-%s mb-2" role="status">'
                "<strong>%s</strong><div>%s</div></div>"
            ) % (color, lines[0], text)

    def _get_result_lines(self):
        """Sentences about the state, the most important one first.

        :return: list of str
        """
        if self.state == "checked":
            return [self._get_check_line(), *self._get_change_lines()]
        if self.state == "done":
            return [self._get_done_line(), *self._get_change_lines()]
        if self.state == "undone":
            return [self.env._("Undone: everything is as it was before the import.")]
        if self.state == "stopped":
            return [self.env._("Stopped. Nothing has been changed.")]
        return []

    def _get_check_line(self):
        counts = {
            "rows": self._count(self.row_count),
            "bad": self._count(self.bad_count),
        }
        if not self.bad_count:
            return self.env._("All %(rows)s rows are good.", **counts)
        if self.is_partial:
            return self.env._(
                "%(bad)s of %(rows)s rows are bad and will be left out.", **counts
            )
        return self.env._(
            "%(bad)s of %(rows)s rows are bad. Correct the file and choose it again, "
            "or load the good rows only.",
            **counts,
        )

    def _get_done_line(self):
        return self.env._(
            "Loaded %(when)s by %(who)s: %(rows)s rows in %(seconds)s seconds, "
            "%(speed)s rows per second.",
            when=format_datetime(self.env, self.loaded_at),
            who=self.author_id.name,
            rows=self._count(self.row_count),
            seconds=f"{self.seconds:.1f}",
            speed=self._count(self.rows_per_second),
        )

    def _get_change_lines(self):
        """What changes, or has changed, in the database."""
        counts = self.counts or {}
        texts = {
            "new": self.env._("new times: %s"),
            "changed": self.env._("times replaced: %s"),
            "unchanged": self.env._("as before: %s"),
            "gone": self.env._("not in the file, archived: %s"),
            "relations": self.env._("relations: %s"),
            "operations": self.env._("new operations: %s"),
            "types": self.env._("new vehicle types: %s"),
            "makes": self.env._("new makes: %s"),
            "models": self.env._("new models: %s"),
        }
        if self.existing == "keep":
            texts["changed"] = self.env._("kept as they are: %s")
        found = [
            text.replace("%s", self._count(counts[name]))
            for name, text in texts.items()
            if counts.get(name)
        ]
        return [" · ".join(found)] if found else []

    def _count(self, number):
        """Number with groups of thousands as the user's language has them."""
        lang = self.env["res.lang"]._lang_get(self.env.user.lang or "en_US")
        return lang.format("%d", number, grouping=True)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open_times(self):
        """Invoked when the button Show the times is clicked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_labour_time_action"
        )
        return {
            **action,
            "domain": [("import_number", "=", self.id)],
            "context": {"active_test": False},
        }

    def action_group_bad(self):
        """Invoked when the button Group by reason is clicked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_labour_import_bad_action"
        )
        return {**action, "domain": [("import_id", "=", self.id)]}

    def action_download_bad(self):
        """Invoked when the button Download as CSV is clicked."""
        self.ensure_one()
        name = self.env._("bad rows")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/bad_file"
            f"?download=true&filename={name}.csv",
            "target": "download",
        }

    @api.depends("bad_ids")
    @api.depends_context("lang")
    def _compute_bad_file(self):
        names = ("line", "column", "value", "message")
        for record in self:
            text = io.StringIO()
            writer = csv.writer(text, delimiter=";")
            described = record.bad_ids._fields
            writer.writerow(
                described[name]._description_string(self.env) for name in names
            )
            for bad in record.bad_ids:
                # Spreadsheets take a text that begins like this for a formula.
                cells = [str(bad[name] or "") for name in names]
                writer.writerow(
                    f"'{cell}" if cell[:1] in "=+@" and cell else cell for cell in cells
                )
            # Spreadsheets know UTF-8 by its mark.
            record.bad_file = base64.b64encode(text.getvalue().encode("utf-8-sig"))

    def action_save_preset(self):
        """Invoked when the button Keep as preset is clicked."""
        self.ensure_one()
        header, _rows = self._read_head(1)
        columns = self.column_ids.sorted("sequence")
        values = {
            "source_id": self.source_id.id,
            "unit": self.unit,
            "meanings": {
                fold_header(text): column.meaning or None
                for text, column in zip(header, columns, strict=False)
                if text
            },
        }
        if self.preset_id:
            self.preset_id.write(values)
        else:
            name = self.source_id.name or self.filename
            self.preset_id = self.preset_id.create({"name": name, **values})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Kept as “%(preset)s”: the next file with this header is mapped "
                    "by itself.",
                    preset=self.preset_id.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
