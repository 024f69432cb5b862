import base64

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import file_path

from ..models.res_company_label import LABEL_CODES, LABEL_SIZES
from ..tools.labels import SIZES, Printer, use_fonts

FONTS = "web/static/fonts/google/Open_Sans/Open_Sans-%s.ttf"
MAX_LABELS = 5000


class AutoServiceLabel(models.TransientModel):
    """Labels of bins, parts, boxes, tools and badges, as a PDF.

    A model has labels when it has ``_get_label_values``: call ``_open(records)``.
    """

    _name = "auto.service.label"
    _description = "Print Labels"

    size = fields.Selection(
        LABEL_SIZES,
        default=lambda self: self.env.company.auto_service_label_size,
        required=True,
        help="Paper of the printer.",
    )
    symbology = fields.Selection(
        LABEL_CODES,
        string="Code",
        default=lambda self: self.env.company.auto_service_label_symbology,
        required=True,
        help="A plain laser scanner reads barcodes only; a camera reads both.",
    )
    quantity = fields.Integer(
        string="Labels of each",
        default=1,
        help="Copies of every label; change single ones in the list.",
    )
    start = fields.Integer(
        string="First label",
        default=1,
        help="First free label of the sheet: 1 for a new one.",
    )
    is_sheet = fields.Boolean(
        compute="_compute_is_sheet", help="Several labels are on one page."
    )
    has_price = fields.Boolean(
        string="With price",
        default=lambda self: self.env.company.auto_service_label_price,
        help="The sales price is printed on labels of parts.",
    )
    can_have_price = fields.Boolean(
        compute="_compute_can_have_price", help="There are parts among the labels."
    )
    line_ids = fields.One2many(
        "auto.service.label.line", "label_id", string="Labels", help="What is printed."
    )
    total = fields.Integer(
        string="Labels in all",
        compute="_compute_total",
        help="Number of labels that are printed.",
    )
    document = fields.Binary(readonly=True, attachment=False, help="The labels.")

    @api.depends("size")
    def _compute_is_sheet(self):
        for record in self:
            record.is_sheet = SIZES[record.size].per_page > 1 if record.size else False

    @api.depends("line_ids.price")
    def _compute_can_have_price(self):
        for record in self:
            record.can_have_price = any(record.line_ids.mapped("price"))

    @api.depends("line_ids.quantity")
    def _compute_total(self):
        for record in self:
            record.total = sum(record.line_ids.mapped("quantity"))

    @api.model
    def _open(self, records, quantities=None):
        """Dialog that prints the labels of records.

        :param records: records of a model with ``_get_label_values``
        :param dict quantities: copies by id of the record, 1 each when omitted
        :return: action
        """
        records.check_access("read")
        if not records:
            raise UserError(self.env._("Choose what the labels are for first."))
        quantities = quantities or {}
        lines = [
            Command.create({**vals, "quantity": quantities.get(record.id, 1)})
            for record, vals in zip(records, records._get_label_values(), strict=True)
        ]
        # the dialog is of the user, whoever had to read what is on the labels
        label = self.create({"line_ids": lines})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Labels"),
            "res_model": self._name,
            "res_id": label.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_print(self):
        """Make the PDF and show it."""
        self.ensure_one()
        self.document = base64.b64encode(self._render())
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/document/labels.pdf",
            "target": "new",
        }

    def _render(self):
        """The labels.

        :return: PDF as bytes
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.quantity > 0)
        if not lines:
            raise UserError(self.env._("Say how many labels are to be printed."))
        if self.total > MAX_LABELS:
            raise UserError(
                self.env._(
                    "%(total)s labels are too many for one document. Print at most "
                    "%(most)s at once.",
                    total=self.total,
                    most=MAX_LABELS,
                )
            )
        printer = Printer(SIZES[self.size], self._get_fonts(), self.start)
        return printer.render(line._get_label() for line in lines)

    @api.model
    def _get_fonts(self):
        """Names of a regular and a bold font that know our alphabets."""
        paths = []
        for style in ("Regular", "Bold"):
            try:
                paths.append(file_path(FONTS % style))
            except FileNotFoundError:
                paths.append("")
        return use_fonts(*paths)

    @api.model
    def _check_badges(self):
        """Badges open doors elsewhere: only managers print them."""
        if not self.env.user.has_group("auto_service_base.group_manager"):
            raise AccessError(
                self.env._("Badges are printed by a manager: ask yours for them.")
            )
