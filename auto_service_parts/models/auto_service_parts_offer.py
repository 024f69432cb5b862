from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServicePartsOffer(models.Model):
    """One offer of one source, frozen at the moment of the enquiry."""

    _name = "auto.service.parts.offer"
    _description = "Offer of a Part"
    _log_access = False
    _order = "rank, hours_max, cost, id"
    _rec_name = "number"

    enquiry_id = fields.Many2one(
        "auto.service.parts.enquiry",
        required=True,
        index=True,
        ondelete="cascade",
        help="The question.",
    )
    source_id = fields.Many2one(
        "auto.service.parts.enquiry.source",
        required=True,
        index=True,
        ondelete="cascade",
        help="Who offered it.",
    )
    company_id = fields.Many2one(
        related="enquiry_id.company_id",
        store=True,
        precompute=True,
        help="Company that asked.",
    )
    kind = fields.Selection(
        [("own", "Own stock"), ("list", "Price list"), ("live", "Supplier")],
        required=True,
        help="Own stock, a price list, or the live answer of a supplier.",
    )
    account_id = fields.Many2one(
        "auto.service.supplier.account",
        index="btree_not_null",
        ondelete="set null",
        help="Account that answered.",
    )
    price_list_id = fields.Many2one(
        "auto.service.price.list",
        index="btree_not_null",
        ondelete="set null",
        help="Price list that the offer is from.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        index="btree_not_null",
        ondelete="restrict",
        help="Vendor who offers it; empty for own stock.",
    )
    source_name = fields.Char(help="Name of stock, list or supplier at that time.")
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="set null",
        help="Own product of this brand and number.",
    )
    # --- the part
    brand_name = fields.Char(help="Brand as the source writes it.")
    brand_id = fields.Many2one(
        "auto.service.part.brand",
        index="btree_not_null",
        ondelete="restrict",
        help="Brand, when the garage knows it.",
    )
    number = fields.Char(required=True, help="Number as the source writes it.")
    number_key = fields.Char(
        required=True,
        export_string_translation=False,
        help="Number as it is compared: letters and digits only.",
    )
    name = fields.Char(help="What the part is, as the source says.")
    found_by = fields.Selection(
        [
            ("number", "Number asked for"),
            ("alternate", "Other number of the same part"),
            ("supersession", "Newer number"),
            ("cross", "Cross reference"),
            ("supplier", "Equivalent by the supplier"),
            ("kit", "Kit with the part"),
        ],
        default="number",
        required=True,
        help="How the offer was found.",
    )
    found_note = fields.Char(
        string="Found through",
        help="The numbers between the one asked for and this one, and who says so.",
    )
    rank = fields.Integer(
        help="Order of kinds: 0 the number asked for, then closer matches first."
    )
    is_used = fields.Boolean(string="Used part", help="A used or rebuilt part.")
    # --- how many
    quantity = fields.Float(
        digits="Product Unit", help="How many there are; see the sign before it."
    )
    quantity_sign = fields.Selection(
        [("=", "exactly"), (">", "more than"), ("<", "less than"), ("~", "about")],
        default="=",
        help="How exact the quantity is.",
    )
    is_on_order = fields.Boolean(
        string="On order only", help="The supplier orders it himself first."
    )
    multiplicity = fields.Float(
        default=1.0, digits="Product Unit", help="Sold in multiples of this quantity."
    )
    min_quantity = fields.Float(
        string="Least quantity", digits="Product Unit", help="Sold from this on."
    )
    # --- how much
    price = fields.Float(
        digits="Product Price",
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="Price of one piece as the source says, in its currency, without taxes.",
    )
    currency_id = fields.Many2one("res.currency", help="Currency of the price.")
    cost = fields.Float(
        digits="Product Price",
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="Price of one piece in the currency of the company.",
    )
    core_price = fields.Float(
        string="Core deposit",
        digits="Product Price",
        help="Deposit of one piece for the old part, in the currency of the price.",
    )
    price_cap = fields.Float(
        digits="Product Price",
        help="Highest price for the customer that the supplier allows, in the currency "
        "of the price; 0 for none.",
    )
    sale_price = fields.Float(
        digits="Product Price",
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="Price of one piece for the customer, without taxes, in the currency of "
        "the company.",
    )
    sale_note = fields.Char(
        string="How the price came about",
        groups="auto_service_base.group_advisor,auto_service_base.group_parts",
        help="The rule and the pricelist that made the price for the customer.",
    )
    # --- how soon
    hours_min = fields.Integer(
        string="Hours, at least", help="Hours until the part is here, at best."
    )
    hours_max = fields.Integer(
        string="Hours, at most", help="Hours until the part is here, at worst."
    )
    term_text = fields.Char(string="Term", help="The term in the supplier's words.")
    eta = fields.Datetime(
        string="Expected", help="When the part would be here, ordered at that moment."
    )
    probability = fields.Float(
        help="How often the supplier keeps his word, in per cent; 0 when not known."
    )
    is_no_return = fields.Boolean(
        string="No return", help="The supplier does not take it back."
    )
    warehouse = fields.Char(help="Warehouse or route of the source.")
    note = fields.Char(help="What the source says besides.")
    order_token = fields.Json(
        groups="base.group_no_one",
        export_string_translation=False,
        help="What the supplier wants to see again in an order.",
    )
    fetched_at = fields.Datetime(help="When the source said so.")
    # --- what became of it
    sale_line_ids = fields.One2many(
        "sale.order.line",
        "parts_offer_id",
        string="Lines of estimates",
        help="Lines of estimates that were made of this offer.",
    )

    def write(self, vals):
        self._check_history(vals)
        return super().write(vals)

    def _check_history(self, vals):
        """What was offered stays as it was; only the product comes later."""
        if not self.env.su and set(vals) - {"product_id"}:
            raise UserError(
                self.env._("Offers are the history of an enquiry, nobody changes them.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(
            self.env._("Offers are the history of an enquiry, nobody deletes them.")
        )
