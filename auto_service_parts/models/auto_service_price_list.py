from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.auto_service_base.models.auto_service_labour_import import (
    DECIMALS,
    DELIMITERS,
    ENCODINGS,
)

from .auto_service_price_list_load import STATES


class AutoServicePriceList(models.Model):
    """A supplier's price list: how it is read, and which rows of it are in force.

    Rows lie outside the ORM, in ``auto_service_price_row``, a table partitioned by
    ``generation``. A reader follows ``generation`` of the list, so a new list comes
    into force with the write of one row: he sees yesterday's list or today's.
    """

    _name = "auto.service.price.list"
    _description = "Price List of a Supplier"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Who is told when a list cannot be taken over.",
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
    load_ids = fields.One2many(
        "auto.service.price.list.load",
        "list_id",
        string="Loads",
        readonly=True,
        help="Files of this list, the newest first.",
    )

    # How the file is read

    encoding = fields.Selection(
        ENCODINGS, help="Letters look wrong in the preview? Choose another one."
    )
    delimiter = fields.Selection(
        DELIMITERS, help="Sign between the columns of a text file."
    )
    has_quotes = fields.Boolean(
        string="Texts in quotation marks",
        default=True,
        help="Untick it where a quotation mark stands for inches.",
    )
    decimal = fields.Selection(
        DECIMALS, default="dot", help="Sign before the decimals of a price."
    )
    sheet = fields.Char(help="Sheet of the workbook that is read. Empty: the first.")
    zip_mask = fields.Char(
        string="File in the ZIP",
        help="Name of the file that is read when the ZIP holds several; * stands for "
        "anything: *moscow*.csv",
    )
    header_row = fields.Integer(
        string="Line of the header",
        default=1,
        help="Line with the names of the columns; what is above is not read. Zero: "
        "the file has no header.",
    )
    column_ids = fields.One2many(
        "auto.service.price.list.column",
        "list_id",
        string="Columns",
        copy=True,
        help="What each column of the file means.",
    )
    is_following_columns = fields.Boolean(
        string="Columns may move",
        help="Columns are found by their names. Untick it to be asked when they stand "
        "in another order than before.",
    )

    # What the rows mean

    brand_name = fields.Char(
        string="Brand of all parts",
        help="For a list of one brand, and for rows where the brand is missing.",
    )
    term_unit = fields.Selection(
        [("days", "Days"), ("hours", "Hours")],
        default="days",
        required=True,
        help="Unit of the terms of delivery where the file writes just a number.",
    )
    default_hours = fields.Integer(
        string="Usual term in hours",
        help="Term of delivery where the file says nothing, in hours. Zero: not known.",
    )
    discount_percent = fields.Float(
        string="Discount %", help="Taken off every price of the file."
    )
    tax_percent = fields.Float(
        string="Taxes in the prices %",
        help="Per cent of tax that the prices of the file contain; it is taken out.",
    )
    zero = fields.Selection(
        [
            ("skip", "Leave the part out"),
            ("order", "It comes to order"),
            ("keep", "Keep it as not in stock"),
        ],
        string="Quantity of nothing",
        default="skip",
        required=True,
        help="What it means when the supplier has none.",
    )
    quantity_words = fields.Text(
        string="Own words for quantities",
        help="One in a line, for example: few = 2, many = >10, soon = on order",
    )
    mode = fields.Selection(
        [
            ("full", "The file is the whole list"),
            ("incremental", "The file has only what changed"),
        ],
        default="full",
        required=True,
        help="With changes only, parts that the file does not name stay as they are, "
        "and a quantity of nothing takes a part out.",
    )

    # When a person has to look

    least_share = fields.Float(
        string="Least rows %",
        default=50.0,
        help="A file with fewer rows, in per cent of the list in force, is not taken "
        "over before somebody looked.",
    )
    most_refused = fields.Float(
        string="Most refused rows %",
        default=10.0,
        help="A file with more refused rows, in per cent of its rows, is not taken "
        "over before somebody looked.",
    )
    least_known = fields.Float(
        string="Least known parts %",
        default=20.0,
        help="A file that shares fewer parts with the list in force, in per cent, is "
        "not taken over before somebody looked: perhaps it is another list, or its "
        "columns are mixed up.",
    )
    price_change = fields.Float(
        string="Most change of prices %",
        default=60.0,
        help="When half of the prices change by more per cent, the file is not taken "
        "over before somebody looked: perhaps decimals are lost.",
    )
    stale_days = fields.Integer(
        string="Old after days",
        default=14,
        help="Days after which offers of the list are marked as old. Zero: never.",
    )
    is_hidden_when_stale = fields.Boolean(
        string="Hide when old", help="Offers of an old list are not shown at all."
    )
    age_days = fields.Integer(
        string="Age in days", compute="_compute_age", help="Days since the last load."
    )
    is_stale = fields.Boolean(
        string="Old",
        compute="_compute_age",
        search="_search_is_stale",
        help="The list is older than it should be.",
    )
    state = fields.Selection(
        STATES,
        string="Last file",
        compute="_compute_last_load_id",
        help="State of the last file.",
    )
    last_load_id = fields.Many2one(
        "auto.service.price.list.load",
        compute="_compute_last_load_id",
        export_string_translation=False,
        help="The last file.",
    )
    can_be_undone = fields.Boolean(
        compute="_compute_can_be_undone", help="The list before is still there."
    )

    @api.depends("loaded_at", "stale_days")
    def _compute_age(self):
        now = fields.Datetime.now()
        for price_list in self:
            age = (now - price_list.loaded_at).days if price_list.loaded_at else 0
            price_list.age_days = age
            limit = price_list.stale_days
            price_list.is_stale = bool(limit and price_list.loaded_at and age >= limit)

    def _search_is_stale(self, operator, value):
        if operator != "in":
            return NotImplemented
        old = self.with_context(active_test=False).search(
            [("stale_days", ">", 0), ("loaded_at", "!=", False)]
        )
        return [("id", "in", old.filtered("is_stale").ids)]

    @api.depends("load_ids.state")
    def _compute_last_load_id(self):
        rows = self.env["auto.service.price.list.load"]._read_group(
            [("list_id", "in", self.ids)], ["list_id"], ["id:max"]
        )
        last = {price_list.id: load_id for price_list, load_id in rows}
        for price_list in self:
            price_list.last_load_id = last.get(price_list.id, False)
            price_list.state = price_list.last_load_id.state

    @api.depends("generation", "previous_generation")
    def _compute_can_be_undone(self):
        for price_list in self:
            price_list.can_be_undone = bool(
                price_list.generation and price_list.previous_generation
            )

    def _is_hidden(self):
        """Whether offers of the list are not shown: it is too old for that."""
        self.ensure_one()
        return self.is_hidden_when_stale and self.is_stale

    def _get_offer_note(self, note):
        """Note of an offer, with the age of the list when it is old.

        :param str note: of the row, may be empty
        :return: str
        """
        self.ensure_one()
        if not self.is_stale:
            return note or ""
        age = self.env._("Old price list: %(days)s days", days=self.age_days)
        return f"{note} · {age}" if note else age

    # ------------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------------

    def _ensure_can_be_undone(self):
        for price_list in self:
            if not price_list.can_be_undone:
                raise UserError(
                    self.env._(
                        "“%(list)s” has no list before that could come back.",
                        list=price_list.name,
                    )
                )

    def action_undo(self):
        """Invoked when the button Back to the list before is clicked."""
        self._ensure_can_be_undone()
        for price_list in self:
            loads = price_list._get_loads_in_force()
            now, before = price_list.generation, price_list.previous_generation
            loads.get(now, loads.get(before)).state = "undone"
            price_list._point_to(before, now)
            loads[before].state = "done"
            price_list.message_post(
                body=self.env._(
                    "Back to the list of %(when)s, %(count)s rows.",
                    when=loads[before].loaded_at,
                    count=price_list.row_count,
                )
            )

    def _get_loads_in_force(self):
        """Loads of the rows in force and of those before.

        :return: dict of generation to auto.service.price.list.load record
        """
        self.ensure_one()
        numbers = [self.generation, self.previous_generation]
        loads = self.load_ids.search([("generation", "in", numbers)])
        return {load.generation: load for load in loads}

    def _point_to(self, generation, previous):
        """Bring rows into force: the one write that readers wait for nothing at.

        :param int generation: the new one, whose partition is attached
        :param int previous: rows that can come back
        """
        self.ensure_one()
        load = self.load_ids.search([("generation", "=", generation)], limit=1)
        self.write(
            {
                "generation": generation,
                "previous_generation": previous,
                "row_count": load.offer_count,
                "loaded_at": load.loaded_at,
            }
        )

    # ------------------------------------------------------------------
    # Columns
    # ------------------------------------------------------------------

    def _prepare_columns(self, header, rows, meanings):
        """Commands for the columns of a file that is seen for the first time."""
        return [Command.clear()] + [
            Command.create(
                {
                    "sequence": place,
                    "name": name or self.env._("Column %(number)s", number=place + 1),
                    "examples": " · ".join(
                        row[place].strip()
                        for row in rows[:3]
                        if place < len(row) and row[place].strip()
                    )[:120],
                    "meaning": meaning,
                }
            )
            for place, (name, meaning) in enumerate(zip(header, meanings, strict=True))
        ]

    def unlink(self):
        self.load_ids._remove_files()
        return super().unlink()
