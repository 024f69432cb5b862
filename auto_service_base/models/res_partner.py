from odoo import api, fields, models
from odoo.fields import Domain

GARAGE = "auto_service_base.group_user"


class ResPartner(models.Model):
    """Customer of the garage: what the desk must see before it says a word."""

    _inherit = "res.partner"

    vehicle_ids = fields.One2many(
        comodel_name="fleet.vehicle",
        inverse_name="owner_id",
        string="Vehicles",
        groups=GARAGE,
        help="Vehicles that the customer owns now.",
    )
    vehicle_count = fields.Integer(
        compute="_compute_vehicle_count",
        groups=GARAGE,
        help="Vehicles that the customer owns, drives or pays for now.",
    )
    open_work_order_count = fields.Integer(
        compute="_compute_open_work_order_count",
        groups=GARAGE,
        help="Visits of the customer that are not finished.",
    )
    open_recommendation_count = fields.Integer(
        compute="_compute_open_recommendation_count",
        groups=GARAGE,
        help="Work that was recommended to the customer and not done yet.",
    )
    unpaid_amount = fields.Monetary(
        compute="_compute_unpaid_amount",
        currency_field="unpaid_currency_id",
        groups="auto_service_base.group_advisor",
        help="Sum of the open invoices of the customer, less open credit notes.",
    )
    unpaid_currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_unpaid_amount",
        groups="auto_service_base.group_advisor",
        help="Currency of the company.",
    )
    has_conflict = fields.Boolean(
        string="Conflict",
        groups=GARAGE,
        help="There was a dispute: talk to the manager before promising anything.",
    )
    conflict_note = fields.Text(
        groups=GARAGE, help="What the dispute is about, and what was agreed."
    )

    _phone_sanitized_idx = models.Index(
        "(phone_sanitized) WHERE phone_sanitized IS NOT NULL"
    )

    def _compute_vehicle_count(self):
        groups = self.env["auto.service.vehicle.person"]._read_group(
            [
                ("partner_id", "in", self.ids),
                ("date_to", "=", False),
                ("vehicle_id.active", "=", True),
            ],
            ["partner_id"],
            ["vehicle_id:count_distinct"],
        )
        self._assign_counts("vehicle_count", groups)

    def _compute_open_work_order_count(self):
        groups = self.env["auto.service.order"]._read_group(
            [("partner_id", "in", self.ids), ("state", "=", "open")],
            ["partner_id"],
            ["__count"],
        )
        self._assign_counts("open_work_order_count", groups)

    def _compute_open_recommendation_count(self):
        groups = self.env["auto.service.recommendation"]._read_group(
            [("partner_id", "in", self.ids), ("state", "=", "open")],
            ["partner_id"],
            ["__count"],
        )
        self._assign_counts("open_recommendation_count", groups)

    def _assign_counts(self, field_name, groups):
        """Write the result of a grouped count into a computed field."""
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner[field_name] = counts.get(partner.id, 0)

    def _compute_unpaid_amount(self):
        amounts = self._get_unpaid_amounts()
        for partner in self:
            partner.unpaid_amount = amounts.get(partner.id, 0.0)
            partner.unpaid_currency_id = self.env.company.currency_id

    def _get_unpaid_amounts(self):
        """Open amount of each partner's commercial entity.

        :return: dict of partner id to amount in the currency of the current company
        """
        commercial = self.commercial_partner_id
        # Advisors may lack the rights to invoices; they see this sum only.
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                self._get_unpaid_domain(commercial),
                ["commercial_partner_id"],
                ["amount_residual_signed:sum"],
            )
        )
        amounts = {partner.id: amount for partner, amount in groups}
        return {
            partner.id: amounts.get(partner.commercial_partner_id.id, 0.0)
            for partner in self
        }

    @api.model
    def _get_unpaid_domain(self, commercial):
        """Domain of the customer invoices that are not paid yet.

        :param commercial: res.partner records, commercial entities
        :return: Domain
        """
        return (
            Domain("commercial_partner_id", "in", commercial.ids)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", "posted")
            & Domain("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))
            & Domain("payment_state", "in", ("not_paid", "partial"))
        )

    @api.depends_context("vehicle_glance", "partner_show_glance")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        context = self.env.context
        # Only in the search result: the chosen value in a form stays short.
        is_result = context.get("formatted_display_name") or context.get(
            "partner_show_glance"
        )
        is_wanted = context.get("vehicle_glance") and is_result
        if not is_wanted or not self.env.user.has_group(GARAGE):
            return result
        for partner in self:
            if notes := partner._get_glance_notes():
                separator = "\n--" if context.get("formatted_display_name") else " · "
                end = "--" if context.get("formatted_display_name") else ""
                name = partner.display_name or ""
                partner.display_name = f"{name}{separator}{' · '.join(notes)}{end}"
        return result

    def _get_glance_notes(self):
        """Short notes for the search result: vehicles, visits, debts, conflict.

        :return: list of translated strings
        """
        self.ensure_one()
        currency = self.env.company.currency_id
        # Technicians see no money; the field is not readable for them.
        sees_money = self.env.user.has_group("auto_service_base.group_advisor")
        unpaid = self.unpaid_amount if sees_money else 0.0
        notes = [
            self.vehicle_count
            and self.env._("vehicles: %(count)s", count=self.vehicle_count),
            self.open_work_order_count
            and self.env._("%(count)s in the garage", count=self.open_work_order_count),
            not currency.is_zero(unpaid)
            and self.env._("%(amount)s unpaid", amount=currency.format(unpaid)),
            self.has_conflict and self.env._("conflict"),
        ]
        return [note for note in notes if note]

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        if not self.env.context.get("vehicle_glance"):
            return super().name_search(name, domain, operator, limit)
        partners = self.with_context(partner_show_glance=True)
        result = super(ResPartner, partners).name_search(name, domain, operator, limit)
        if result:
            # The web client reads the formatted names one by one: fill the cache.
            ids = [partner_id for partner_id, _name in result]
            self.with_context(formatted_display_name=True).browse(ids).mapped(
                "display_name"
            )
        return result

    def action_view_vehicles(self):
        """Open the vehicles of the customer.

        :return: act_window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_vehicle_action"
        )
        people = [("partner_id", "in", self.ids), ("date_to", "=", False)]
        action["domain"] = [
            ("is_customer_vehicle", "=", True),
            ("person_ids", "any", people),
        ]
        action["context"] = {
            "default_is_customer_vehicle": True,
            "default_owner_id": self[:1].id,
        }
        return action

    def action_view_open_work_orders(self):
        """Open the customer's visits, the unfinished ones first.

        :return: act_window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_order_action"
        )
        action["domain"] = [("partner_id", "in", self.ids)]
        action["context"] = {"default_partner_id": self[:1].id}
        return action

    def action_view_recommendations(self):
        """Open what was recommended to the customer and not done.

        :return: act_window action
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recommendations"),
            "res_model": "auto.service.recommendation",
            "view_mode": "list,form",
            "domain": [("partner_id", "in", self.ids), ("state", "=", "open")],
        }

    def action_view_unpaid_invoices(self):
        """Open the unpaid invoices of the customer.

        :return: act_window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = list(self._get_unpaid_domain(self.commercial_partner_id))
        action["context"] = {"default_move_type": "out_invoice"}
        return action
