import csv
import io

from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.auto_service_base.tools.table_file import FileError

from ..tools.price_row import PriceRows
from .auto_service_price_list_load import LoadError

PREVIEW_ROWS = 6
#: What of a row is shown in the preview, in this order.
PREVIEW = ("brand", "number", "name", "price", "quantity", "term", "warehouse")


class AutoServicePriceList(models.Model):
    """What the screen shows of a list."""

    _inherit = "auto.service.price.list"

    preview = fields.Html(
        compute="_compute_preview",
        sanitize=False,
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="First rows of the last file as they will be understood.",
    )
    has_new_file = fields.Boolean(
        compute="_compute_has_new_file", help="A file waits for a look at its columns."
    )

    @api.depends("load_ids.state")
    def _compute_has_new_file(self):
        for price_list in self:
            price_list.has_new_file = price_list.state in ("new", "held", "failed")

    @api.depends(
        *("encoding", "delimiter", "has_quotes", "decimal", "sheet", "header_row"),
        *("zip_mask", "column_ids.meaning", "column_ids.name", "brand_name", "zero"),
        *("term_unit", "default_hours", "discount_percent", "tax_percent", "mode"),
        *("quantity_words", "load_ids.state"),
    )
    @api.depends_context("lang")
    def _compute_preview(self):
        for price_list in self:
            load = price_list._origin.last_load_id
            shown = load and load.state in ("new", "failed", "stopped", "held")
            is_there = shown and load._get_file().exists()
            price_list.preview = load._get_preview(price_list) if is_there else False

    def start_upload(self, filename):
        """Begin with a new file; its pieces follow over the controller.

        :param str filename: name of the file
        :return: number of the load
        """
        self.ensure_one()
        self.check_access("write")
        return self.load_ids.create({"list_id": self.id, "filename": filename}).id

    def get_running_load(self):
        """Load that is being worked on just now, for a screen that was closed.

        :return: dict of the progress bar with ``id``; ``False`` when there is none
        """
        self.ensure_one()
        load = self.last_load_id
        if load.state not in ("opening", "reading", "checking", "ready"):
            return False
        return {"id": load.id, **load._get_progress()}

    def action_open_refused(self):
        """Invoked when the refused rows of the last file are clicked."""
        self.ensure_one()
        return self.last_load_id.action_open_refused()


class AutoServicePriceListLoad(models.Model):
    """What the screen shows of a file."""

    _inherit = "auto.service.price.list.load"

    is_in_force = fields.Boolean(
        string="In force",
        compute="_compute_is_in_force",
        help="Its rows are what enquiries find.",
    )

    @api.depends("generation", "list_id.generation")
    def _compute_is_in_force(self):
        for load in self:
            load.is_in_force = bool(
                load.generation and load.generation == load.list_id.generation
            )

    def action_open_refused(self):
        """Invoked when the button Refused rows is clicked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_parts.auto_service_price_list_bad_action"
        )
        return {**action, "domain": [("load_id", "=", self.id)]}

    def action_download_refused(self):
        """Invoked when the button Download refused rows is clicked."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/auto_service_parts/price_list/{self.id}/refused",
            "target": "download",
        }

    def _write_refused_file(self):
        """Refused rows with the reason, as a spreadsheet reads it.

        :return: bytes
        """
        names = ("line", "meaning", "value", "reason", "text")
        bad = self.env["auto.service.price.list.bad"]
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";")
        described = bad.fields_get(names, ["string", "selection"])
        writer.writerow(described[name]["string"] for name in names)
        labels = {name: dict(described[name].get("selection") or ()) for name in names}
        for row in bad.search([("load_id", "=", self.id)]):
            cells = (labels[name].get(row[name], row[name]) for name in names)
            writer.writerow(_disarm(cell) for cell in cells)
        # Spreadsheets know UTF-8 by its mark.
        return stream.getvalue().encode("utf-8-sig")

    # ------------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------------

    def _get_preview(self, price_list):
        """First rows as they will be understood with the settings of the screen.

        :param price_list: auto.service.price.list record, perhaps not saved yet
        :return: Markup
        """
        try:
            rows, options = self._read_preview(price_list)
        except (FileError, LoadError, OSError) as error:
            text = (
                self._get_file_error(error)
                if isinstance(error, FileError)
                else str(error)
            )
            return Markup('<div class="alert alert-warning">%s</div>') % text
        labels = dict(self.env["auto.service.price.list.column"]._get_meaning_labels())
        shown = [name for name in PREVIEW if name in options.meanings]
        head = Markup().join(Markup("<th>%s</th>") % labels[name] for name in shown)
        body = Markup().join(self._show_row(row, options, shown) for row in rows)
        return Markup(
            '<table class="table table-sm o_price_list_preview">'
            "<thead><tr>%s<th>%s</th></tr></thead><tbody>%s</tbody></table>"
        ) % (head, self.env._("Remark"), body)

    def _show_row(self, row, options, shown):
        """A row of the preview: its cells, and why it would be refused."""
        reader = PriceRows(options)
        cells = Markup().join(
            Markup("<td>%s</td>") % _get_cell(row, options.meanings.index(name))
            for name in shown
        )
        reason = self.env["auto.service.price.list.bad"]._fields["reason"]
        labels = dict(reason._description_selection(self.env))
        remark = ""
        try:
            good, refused = reader.convert_all([list(row)])
            if refused:
                remark = labels[refused[0][1].code]
            elif not good:
                remark = self.env._("Left out")
        except KeyError:
            remark = self.env._("Say which columns hold number and price.")
        return Markup("<tr>%s<td>%s</td></tr>") % (cells, remark)

    def _read_preview(self, price_list):
        """Rows below the header, and what they mean.

        :return: pair (list of rows, PriceOptions)
        """
        found = self._detect()
        form = self._get_format(found, price_list)
        _header, rows = self._read_head(form, PREVIEW_ROWS)
        meanings = [
            column.meaning or None
            for column in price_list.column_ids.sorted("sequence")
        ]
        width = max([len(meanings), *map(len, rows)], default=0)
        meanings += [None] * (width - len(meanings))
        return rows, price_list._get_row_options(meanings, form.decimal)


def _get_cell(row, place):
    return row[place] if place < len(row) else ""


def _disarm(cell):
    """Spreadsheets take a text that begins like this for a formula."""
    text = "" if cell is None or cell is False else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "@") else text
