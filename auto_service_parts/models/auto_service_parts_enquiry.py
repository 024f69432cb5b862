from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.part_number import number_key


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
        precompute=True,
        index="btree_not_null",
        help="Vehicle that the part is for.",
    )
    license_plate = fields.Char(
        related="order_id.license_plate", help="Plate of the vehicle."
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
    brand_hits = fields.Json(
        string="Brands with the number",
        export_string_translation=False,
        help="Brands that were found for the number, with what they call the part.",
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

    def write(self, vals):
        self._check_history(vals)
        return super().write(vals)

    def _check_history(self, vals):
        """What was asked and answered stays; only the visit may be named later."""
        if not self.env.su and set(vals) - {"order_id", "job_id"}:
            raise UserError(
                self.env._(
                    "Enquiries are history, nobody changes them: %(numbers)s. Ask "
                    "again instead.",
                    numbers=", ".join(self.mapped("number")),
                )
            )

    @api.depends("number", "brand_name")
    def _compute_display_name(self):
        for enquiry in self:
            parts = [enquiry.brand_name, enquiry.number]
            enquiry.display_name = " ".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        """Numbers are found in any spelling."""
        key = number_key(value) if isinstance(value, str) else ""
        if operator != "ilike" or not key:
            return super()._search_display_name(operator, value)
        return Domain("number_key", "like", key) | Domain("brand_name", "ilike", value)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(
            self.env._(
                "Enquiries are history, nobody deletes them: %(numbers)s. Ask again "
                "instead.",
                numbers=", ".join(self.mapped("number")),
            )
        )
