from odoo import fields, models

LABEL_SIZES = [
    ("roll_57x32", "Roll 57 × 32 mm"),
    ("roll_100x50", "Roll 100 × 50 mm"),
    ("a4_24", "A4 sheet, 24 labels of 70 × 36 mm"),
    ("a4_65", "A4 sheet, 65 labels of 38 × 21 mm"),
]
LABEL_CODES = [("bars", "Barcode"), ("qr", "QR code")]


class ResCompany(models.Model):
    _inherit = "res.company"

    auto_service_label_size = fields.Selection(
        LABEL_SIZES,
        string="Paper of labels",
        default="roll_57x32",
        required=True,
        help="What labels are printed on, unless somebody chooses otherwise.",
    )
    auto_service_label_symbology = fields.Selection(
        LABEL_CODES,
        string="Code on labels",
        default="bars",
        required=True,
        help="A plain laser scanner reads barcodes only; a camera reads both.",
    )
    auto_service_label_price = fields.Boolean(
        string="Price on labels",
        help="The sales price is printed on labels of parts.",
    )
