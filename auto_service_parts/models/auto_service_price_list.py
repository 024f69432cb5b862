from odoo import fields, models


class AutoServicePriceList(models.Model):
    """A supplier's price list: how it is read, and which rows of it are in force.

    Rows lie outside the ORM, in ``auto_service_price_row``, a table partitioned by
    ``generation``. A reader follows ``generation`` of the list, so a new list comes into
    force with the write of one row: he sees yesterday's list or today's.
    """

    _name = "auto.service.price.list"
    _description = "Price List of a Supplier"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="Short name, shown beside the offers.")
    sequence = fields.Integer(default=10, help="Place in lists.")
    active = fields.Boolean(
        default=True, help="Offers of an archived list are not shown any more."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Company that buys by the list.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        help="Vendor who sells at these prices.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the prices, where the file names none.",
    )
    generation = fields.Integer(
        readonly=True,
        copy=False,
        index="btree_not_null",
        export_string_translation=False,
        help="Which rows are in force.",
    )
    previous_generation = fields.Integer(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Which rows were in force before; they can be taken back.",
    )
    row_count = fields.Integer(
        string="Rows", readonly=True, copy=False, help="Offers in force."
    )
    loaded_at = fields.Datetime(
        string="In force since",
        readonly=True,
        copy=False,
        help="When the rows in force were loaded.",
    )
