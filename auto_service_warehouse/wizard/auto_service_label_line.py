from odoo import api, fields, models

from ..tools.labels import Label


class AutoServiceLabelLine(models.TransientModel):
    """What stands on a label, and how often it is printed."""

    _name = "auto.service.label.line"
    _description = "Label"

    label_id = fields.Many2one(
        "auto.service.label",
        required=True,
        index=True,
        ondelete="cascade",
        help="Dialog that prints it.",
    )
    title = fields.Char(required=True, help="Largest line of the label.")
    text = fields.Char(help="Line below the title.")
    code = fields.Char(help="What a scanner reads.")
    price = fields.Char(help="Sales price, as printed.")
    is_big = fields.Boolean(string="Large", help="The title is read from afar.")
    quantity = fields.Integer(
        string="Copies",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        help="How many of this label; 0: none.",
    )

    @api.depends("label_id.quantity")
    def _compute_quantity(self):
        for line in self:
            line.quantity = max(line.label_id.quantity, 0)

    def _get_label(self):
        """The label, as the printer wants it."""
        self.ensure_one()
        return Label(
            title=self.title,
            text=self.text or "",
            note=self.label_id.has_price and self.price or "",
            code=self.code or "",
            is_big=self.is_big,
            is_qr=self.label_id.symbology == "qr",
            copies=self.quantity,
        )
