from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServicePartsEnquiry(models.Model):
    """One question "how much, how soon, from whom", and what was offered then."""

    _name = "auto.service.parts.enquiry"
    _description = "Parts Enquiry"
    _order = "id desc"
    _rec_name = "number"
    _check_company_auto = True

    number = fields.Char(
        required=True, help="The number as it was typed, in any spelling."
    )
    number_key = fields.Char(
        required=True,
        index=True,
        export_string_translation=False,
        help="The number as it was searched: letters and digits only.",
    )
    brand_id = fields.Many2one(
        "auto.service.part.brand",
        index="btree_not_null",
        ondelete="restrict",
        help="Brand that was chosen among those that have the number.",
    )
    brand_name = fields.Char(
        string="Brand as chosen",
        help="Name of the brand, also of one that the garage does not know yet.",
    )
    part_name = fields.Char(help="What the part is, as the first source said.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Company that asked.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="Who asked.",
    )
    asked_at = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        index=True,
        help="When it was asked.",
    )
    order_id = fields.Many2one(
        "auto.service.order",
        string="Work order",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Visit that the part is for. It can be linked later.",
    )
    job_id = fields.Many2one(
        "auto.service.job",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        domain="[('order_id', '=', order_id)]",
        help="Job that the part is for.",
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id",
        store=True,
        index="btree_not_null",
        help="Vehicle that the part is for.",
    )
    state = fields.Selection(
        [
            ("brand", "Brand to be chosen"),
            ("running", "Suppliers are asked"),
            ("done", "Answered"),
            ("stopped", "Stopped"),
        ],
        default="running",
        required=True,
        help="How far the question is.",
    )
    is_with_crosses = fields.Boolean(
        string="With equivalents",
        default=True,
        help="Equivalent parts were asked for, too.",
    )
    repeated_id = fields.Many2one(
        "auto.service.parts.enquiry",
        string="Repeats",
        index="btree_not_null",
        ondelete="restrict",
        help="Earlier enquiry that this one repeats.",
    )
    source_ids = fields.One2many(
        "auto.service.parts.enquiry.source",
        "enquiry_id",
        string="Who was asked",
        help="Own stock, price lists and suppliers, with what became of the question.",
    )
    offer_ids = fields.One2many(
        "auto.service.parts.offer",
        "enquiry_id",
        string="Offers",
        help="What was offered then.",
    )
    offer_count = fields.Integer(
        string="Number of offers", readonly=True, help="How many offers there were."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(
            self.env._(
                "Enquiries are history, nobody deletes them: %(numbers)s. Ask again "
                "instead.",
                numbers=", ".join(self.mapped("number")),
            )
        )
