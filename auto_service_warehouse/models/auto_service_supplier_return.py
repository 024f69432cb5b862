from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceSupplierReturn(models.Model):
    """Parts that go back to a supplier, until the credit has come."""

    _name = "auto.service.supplier.return"
    _description = "Return to Supplier"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number",
        required=True,
        readonly=True,
        default="/",
        copy=False,
        index="trigram",
        help="Number of the return; write it on the parcel.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        help="Who takes the parts back.",
    )
    partner_ref = fields.Char(
        string="Supplier's number",
        copy=False,
        index="trigram",
        help="Number that the supplier gave to the return. A credit note that names it "
        "is found by it.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who sees to it that the credit comes.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("ready", "Packed"),
            ("sent", "Sent back"),
            ("credited", "Credited"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        tracking=True,
        copy=False,
        index=True,
        help="Packed: the parts are reserved for the return. Sent back: the parts are "
        "gone and the credit is awaited.",
    )
    line_ids = fields.One2many(
        "auto.service.supplier.return.line",
        "return_id",
        string="Parts",
        copy=True,
        help="What goes back.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        help="Company that sends the parts back.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Currency of the credit.",
    )
    note = fields.Text(help="What the supplier should know; it is on the slip.")
    date_sent = fields.Datetime(
        string="Sent on", readonly=True, copy=False, help="When the parts left."
    )
    picking_ids = fields.One2many(
        "stock.picking",
        "supplier_return_id",
        string="Transfers",
        readonly=True,
        help="Transfers that take the parts out of the stock.",
    )
    picking_count = fields.Integer(
        compute="_compute_picking_count",
        string="Number of transfers",
        help="How many transfers take the parts out of the stock.",
    )
    amount_expected = fields.Monetary(
        string="Expected",
        compute="_compute_amount_expected",
        store=True,
        help="Credit that should come, without taxes.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for record in self:
            partner = record.partner_id.with_company(record.company_id)
            record.currency_id = (
                partner.property_purchase_currency_id or record.company_id.currency_id
            )

    @api.depends("picking_ids")
    def _compute_picking_count(self):
        groups = self.env["stock.picking"]._read_group(
            [("supplier_return_id", "in", self.ids)],
            ["supplier_return_id"],
            ["__count"],
        )
        counts = dict(groups)
        for record in self:
            record.picking_count = counts.get(record, 0)

    @api.depends("line_ids.amount")
    def _compute_amount_expected(self):
        for record in self:
            record.amount_expected = sum(record.line_ids.mapped("amount"))

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            if values.get("name", "/") == "/":
                values["name"] = self._get_next_name(values)
        return super().create(vals_list)

    def _get_next_name(self, values):
        company = self.env["res.company"].browse(values.get("company_id") or [])
        sequences = self.env["ir.sequence"].with_company(company or self.env.company)
        return sequences.next_by_code("auto.service.supplier.return")

    def write(self, vals):
        if {"partner_id", "company_id"} & vals.keys():
            self._ensure_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._ensure_state("draft", "cancelled")

    def _ensure_state(self, *states):
        """Refuse what is too early or too late.

        :raise UserError: names the returns and what they are
        """
        others = self.filtered(lambda record: record.state not in states)
        if others:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Not possible any more, or not yet: %(returns)s.",
                    returns=", ".join(
                        f"{record.name} ({labels[record.state]})" for record in others
                    ),
                )
            )

    def _get_action(self):
        """Open the returns: one in its form, several in the list.

        :return: act_window action
        """
        action = self.env["ir.actions.actions"]._for_xml_id(
            "auto_service_warehouse.auto_service_supplier_return_action"
        )
        action.update(domain=[("id", "in", self.ids)], context={})
        if len(self) == 1:
            action.update(res_id=self.id, views=[(False, "form")], view_mode="form")
        return action

    def action_view_pickings(self):
        """Open the transfers of the return."""
        self.ensure_one()
        return self.picking_ids._get_records_action(name=self.env._("Transfers"))
