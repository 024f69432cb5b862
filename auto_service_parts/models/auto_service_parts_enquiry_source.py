from odoo import fields, models


class AutoServicePartsEnquirySource(models.Model):
    """One of those who are asked, and what became of it."""

    _name = "auto.service.parts.enquiry.source"
    _description = "Source of an Enquiry"
    _log_access = False
    _order = "sequence, id"

    enquiry_id = fields.Many2one(
        "auto.service.parts.enquiry",
        required=True,
        index=True,
        ondelete="cascade",
        help="The question.",
    )
    company_id = fields.Many2one(
        related="enquiry_id.company_id", store=True, help="Company that asked."
    )
    sequence = fields.Integer(default=10, help="Place in lists.")
    kind = fields.Selection(
        [("own", "Own stock"), ("list", "Price lists"), ("live", "Supplier")],
        required=True,
        help="Own stock, all loaded price lists, or a supplier who answers live.",
    )
    account_id = fields.Many2one(
        "auto.service.supplier.account",
        index="btree_not_null",
        ondelete="set null",
        help="Account that was asked.",
    )
    name = fields.Char(required=True, help="Name of the source at that time.")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Asked"),
            ("done", "Answered"),
            ("empty", "Nothing found"),
            ("error", "Error"),
            ("timeout", "Too slow"),
            ("resting", "Not asked"),
        ],
        default="waiting",
        required=True,
        help="What became of the question.",
    )
    message = fields.Char(help="What went wrong, in one sentence.")
    offer_count = fields.Integer(
        string="Number of offers", help="How many offers the source had."
    )
    milliseconds = fields.Integer(help="How long the answer took, in milliseconds.")
    is_cached = fields.Boolean(
        string="From a moment ago", help="The answer was still fresh from before."
    )
