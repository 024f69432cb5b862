from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AutoServiceStockCount(models.Model):
    """Counting of a place by scanning, until it is applied to the stock."""

    _name = "auto.service.stock.count"
    _description = "Stock Count"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        readonly=True,
        default="/",
        copy=False,
        help="Number of the count.",
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        required=True,
        index=True,
        domain=[("usage", "=", "internal")],
        check_company=True,
        ondelete="restrict",
        help="What is counted: a bin, a rack, or the whole warehouse.",
    )
    state = fields.Selection(
        [
            ("counting", "Counting"),
            ("done", "Applied"),
            ("cancelled", "Cancelled"),
        ],
        default="counting",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        copy=False,
        help="Nothing of the stock changes before the count is applied.",
    )
    line_ids = fields.One2many(
        "auto.service.stock.count.line",
        "count_id",
        string="Parts",
        copy=False,
        help="What was expected and what was found.",
    )
    is_blind = fields.Boolean(
        string="Blind",
        help="Who counts does not see what is expected.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Counted by",
        default=lambda self: self.env.user,
        index=True,
        help="Who counts.",
    )
    done_at = fields.Datetime(
        string="Applied on", readonly=True, copy=False, help="When it was applied."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Company whose stock is counted.",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", help="Currency of the values."
    )
    different_count = fields.Integer(
        string="Differences",
        compute="_compute_figures",
        help="How many parts are not as the system says.",
    )
    seen_count = fields.Integer(
        string="Counted parts",
        compute="_compute_figures",
        help="How many parts somebody has looked at.",
    )
    value_difference = fields.Monetary(
        string="Value of the differences",
        compute="_compute_value_difference",
        groups="auto_service_base.group_parts",
        help="What the differences are worth at cost, without taxes.",
    )

    @api.depends("line_ids.is_counted", "line_ids.is_different")
    def _compute_figures(self):
        lines = self.env["auto.service.stock.count.line"]
        counts = {}
        for field in ("is_counted", "is_different"):
            rows = lines._read_group(
                [("count_id", "in", self.ids), (field, "=", True)],
                ["count_id"],
                ["__count"],
            )
            counts[field] = dict(rows)
        for count in self:
            count.seen_count = counts["is_counted"].get(count._origin, 0)
            count.different_count = counts["is_different"].get(count._origin, 0)

    @api.depends("line_ids.value_difference")
    def _compute_value_difference(self):
        for count in self:
            count.value_difference = sum(count.line_ids.mapped("value_difference"))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self._get_next_name(vals.get("company_id"))
        return super().create(vals_list)

    def _get_next_name(self, company_id=None):
        company_id = company_id or self.env.company.id
        # whoever counts may not read sequences
        sequences_sudo = self.env["ir.sequence"].sudo().with_company(company_id)
        return sequences_sudo.next_by_code(self._name) or "/"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if any(count.state == "done" for count in self):
            raise UserError(self.env._("An applied count stays in the history."))

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    @api.model
    def _get_open(self, location):
        """Count of the user that a place belongs to, else a new one.

        :param location: stock.location record that is counted
        :return: auto.service.stock.count record
        """
        mine = self.search(
            [
                ("state", "=", "counting"),
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.env.company.id),
            ]
        )
        known = mine.filtered(
            lambda count: location.parent_path.startswith(count.location_id.parent_path)
        )
        return known[:1] or self.create({"location_id": location.id})

    def _enter_place(self, location):
        """Begin with a bin: what should be in it is on the list now.

        Going on with the bin later adds what came meanwhile.

        :param location: stock.location record
        """
        self.ensure_one()
        self._ensure_counting()
        if location.usage != "internal":
            raise UserError(
                self.env._("%(bin)s is no bin.", bin=location.complete_name)
            )
        self._ensure_alone(location)
        lines = self.line_ids.filtered(lambda line: line.location_id == location)
        known = {(line.product_id, line.lot_id) for line in lines}
        self.env["auto.service.stock.count.line"].create(
            [
                self._prepare_line_values(location, product, lot, quantity)
                for product, lot, quantity in self._get_shelf(location)
                if (product, lot) not in known
            ]
        )

    def _get_shelf(self, location):
        """What the system says of a bin.

        :return: list of tuples product, lot, quantity in the unit of the product
        """
        return self.env["stock.quant"]._read_group(
            [
                ("location_id", "=", location.id),
                ("quantity", "!=", 0.0),
                ("package_id", "=", False),
                ("owner_id", "=", False),
            ],
            ["product_id", "lot_id"],
            ["quantity:sum"],
        )

    def _prepare_line_values(self, location, product, lot, quantity):
        return {
            "count_id": self.id,
            "location_id": location.id,
            "product_id": product.id,
            "lot_id": lot.id,
            "quantity_expected": quantity,
        }

    def _ensure_alone(self, location):
        """Two people do not count one bin, not even when they come at once."""
        self.env["auto.service.entry.guard"].sudo()._enter(f"count {location.id}")
        others = self.env["auto.service.stock.count.line"].search(
            Domain("count_id", "!=", self.id)
            & Domain("count_id.state", "=", "counting")
            & Domain("location_id", "=", location.id),
            limit=1,
        )
        if others:
            raise UserError(
                self.env._(
                    "%(bin)s is being counted by %(name)s in %(count)s. Take another "
                    "bin, or cancel that count.",
                    bin=location.name,
                    name=others.count_id.user_id.name,
                    count=others.count_id.name,
                )
            )

    def _ensure_counting(self):
        over = self.filtered(lambda count: count.state != "counting")
        if over:
            raise UserError(
                self.env._(
                    "%(names)s is over. Begin a new count.",
                    names=", ".join(over.mapped("name")),
                )
            )

    def _add(self, location, product, quantity=1.0, lot_name=""):
        """Count pieces of a part; one that nobody expected gets a line.

        :param location: stock.location record that they lie in
        :param product: product.product record
        :param float quantity: in the unit of the product
        :param str lot_name: lot or serial number, where the part has one
        :return: auto.service.stock.count.line record
        """
        self.ensure_one()
        self._ensure_counting()
        lot = self._find_lot(product, lot_name)
        line = self.line_ids.filtered(
            lambda row: row.location_id == location
            and row.product_id == product
            and row.lot_id == lot
        )[:1]
        if not line:
            line = line.create(self._prepare_line_values(location, product, lot, 0.0))
        if product.tracking == "serial" and line.is_counted and line.quantity_counted:
            raise UserError(self.env._("%(lot)s is counted already.", lot=lot.name))
        line._set_counted(line.quantity_counted + quantity)
        return line

    def _find_lot(self, product, lot_name):
        """Lot of a counted part; one that was found on the shelf is made.

        :return: stock.lot record, empty for parts without
        """
        lots = self.env["stock.lot"]
        if product.tracking == "none":
            return lots
        if not lot_name:
            raise UserError(
                self.env._("Scan the number of %(part)s.", part=product.display_name)
            )
        company = self.company_id
        lot = lots.search(
            [
                ("product_id", "=", product.id),
                ("name", "=", lot_name),
                ("company_id", "in", [False, company.id]),
            ],
            limit=1,
        )
        return lot or lots.create({"product_id": product.id, "name": lot_name})

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_scan(self):
        """Go on counting with the scanner."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "auto_service_scan",
            "params": {"mode": "count", "count_id": self.id},
        }

    def action_apply(self):
        """Bring the stock to what was counted."""
        said = " ".join(filter(None, [count._apply() for count in self]))
        if not said:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": said,
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_cancel(self):
        """Forget what was counted; the stock stays as it is."""
        self._ensure_counting()
        self.state = "cancelled"

    def action_set_rest_missing(self):
        """What nobody has seen is not there."""
        self._ensure_counting()
        for line in self.line_ids.filtered(lambda row: not row.is_counted):
            line._set_counted(0.0)

    def action_view_differences(self):
        """List of what is not as the system says."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_warehouse.auto_service_stock_count_line_action"
        )
        action["domain"] = [("count_id", "=", self.id)]
        action["context"] = {"search_default_is_different": 1}
        return action

    # ------------------------------------------------------------------
    # Applying
    # ------------------------------------------------------------------

    def _apply(self):
        """Correct the stock by the differences, all of them or none.

        What moved after a part was counted stays moved: the difference at the moment of
        counting is applied, not the figure itself.

        :return: str, sentence about parts that moved meanwhile, empty if none did
        """
        self.ensure_one()
        self._lock()
        self._ensure_counting()
        lines = self.line_ids.filtered("is_different")
        moved = self.line_ids.filtered("is_counted")._get_moved_since()
        lines._correct_stock()
        self.write({"state": "done", "done_at": fields.Datetime.now()})
        said = self._say_moved(moved)
        if said:
            self.message_post(body=said)
        self._after_count()
        return said

    def _lock(self):
        """Of two who apply at once the second finds it applied."""
        self.flush_recordset()
        self.lock_for_update()
        self.invalidate_recordset(["state"])

    def _say_moved(self, moved):
        """Sentence about parts that moved between counting and applying.

        :param dict moved: line to the pieces that came (or went, below zero)
        """
        if not moved:
            return ""
        parts = ", ".join(
            f"{line.product_id.display_name} ({pieces:+.10g})"
            for line, pieces in moved.items()
        )
        return self.env._(
            "Moved after they had been counted, and taken into account: %(parts)s.",
            parts=parts,
        )

    def _after_count(self):
        """Called when the count is applied; others learn from the differences.

        :return: auto.service.stock.count.line records that were different
        """
        self.ensure_one()
        return self.line_ids.filtered("is_different")
