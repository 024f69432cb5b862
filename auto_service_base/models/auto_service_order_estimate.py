from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from .auto_service_job import PRICE_GROUPS


class AutoServiceOrder(models.Model):
    """Estimates, approvals and invoices of a visit: the host's documents."""

    _inherit = "auto.service.order"

    sale_order_ids = fields.One2many(
        "sale.order",
        "work_order_id",
        string="Estimates",
        groups=PRICE_GROUPS,
        help="Estimates of the visit: one per payer and per approval.",
    )
    estimate_id = fields.Many2one(
        "sale.order",
        compute="_compute_estimate_id",
        groups=PRICE_GROUPS,
        help="Estimate that is being written now.",
    )
    estimate_count = fields.Integer(
        compute="_compute_estimate_id",
        groups=PRICE_GROUPS,
        help="Estimates that are not cancelled.",
    )
    show_labour_detail = fields.Boolean(
        string="Explain labour hours",
        compute="_compute_show_labour_detail",
        inverse="_inverse_show_labour_detail",
        groups=PRICE_GROUPS,
        help="The estimate shows under every operation what was deducted or added, "
        "and why. The settings of the company say what new estimates do.",
    )
    line_ids = fields.One2many(
        "sale.order.line",
        "work_order_id",
        string="Lines being estimated",
        domain=[("state", "in", ("draft", "sent"))],
        groups=PRICE_GROUPS,
        help="Jobs, labour and parts that the customer has not approved yet.",
    )
    authorised_line_ids = fields.One2many(
        "sale.order.line",
        "work_order_id",
        string="Approved lines",
        domain=[("state", "=", "sale")],
        groups=PRICE_GROUPS,
        help="Jobs, labour and parts that the customer has approved.",
    )
    authorisation_ids = fields.One2many(
        "auto.service.authorisation",
        "order_id",
        groups=PRICE_GROUPS,
        help="What the customer approved, when and how.",
    )
    amount_untaxed = fields.Monetary(
        compute="_compute_amounts",
        groups=PRICE_GROUPS,
        help="All estimates of the visit without taxes.",
    )
    amount_total = fields.Monetary(
        compute="_compute_amounts",
        groups=PRICE_GROUPS,
        help="All estimates of the visit with taxes.",
    )
    margin = fields.Monetary(
        compute="_compute_margin",
        groups="auto_service_base.group_margin",
        help="Amount without taxes less the cost of parts and labour.",
    )
    margin_percent = fields.Float(
        compute="_compute_margin",
        groups="auto_service_base.group_margin",
        help="Margin as a share of the amount without taxes.",
    )
    invoice_ids = fields.One2many(
        "account.move",
        "work_order_id",
        groups=PRICE_GROUPS,
        help="Invoices and credit notes of the visit.",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_state",
        groups=PRICE_GROUPS,
        help="Invoices and credit notes that are not cancelled.",
    )
    amount_due = fields.Monetary(
        compute="_compute_invoice_state",
        groups=PRICE_GROUPS,
        help="What is left to pay on posted invoices.",
    )
    has_to_invoice = fields.Boolean(
        compute="_compute_invoice_state",
        groups=PRICE_GROUPS,
        help="Something done or issued is not invoiced yet.",
    )
    has_to_approve = fields.Boolean(
        compute="_compute_has_to_approve",
        groups=PRICE_GROUPS,
        help="An estimate waits for the answer of the customer.",
    )
    has_void_approval = fields.Boolean(
        compute="_compute_has_to_approve",
        groups=PRICE_GROUPS,
        help="An approved estimate was changed; the customer has to be asked again.",
    )

    @api.depends("sale_order_ids.state")
    def _compute_estimate_id(self):
        for order in self:
            estimates = order.sale_order_ids.filtered(
                lambda sale: sale.state != "cancel"
            )
            order.estimate_count = len(estimates)
            order.estimate_id = estimates.filtered(
                lambda sale: sale.state in ("draft", "sent")
            ).sorted("id")[-1:]

    @api.depends("sale_order_ids.state", "sale_order_ids.show_labour_detail")
    def _compute_show_labour_detail(self):
        for order in self:
            order.show_labour_detail = order.estimate_id.show_labour_detail

    def _inverse_show_labour_detail(self):
        for order in self:
            order.estimate_id.show_labour_detail = order.show_labour_detail

    @api.depends("sale_order_ids.state", "sale_order_ids.authorisation_ids.state")
    def _compute_has_to_approve(self):
        for order in self:
            order.has_void_approval = bool(order._get_void_estimates())
            order.has_to_approve = order.has_void_approval or bool(order.estimate_id)

    @api.depends(
        "line_ids.price_subtotal",
        "line_ids.price_total",
        "authorised_line_ids.price_subtotal",
        "authorised_line_ids.price_total",
    )
    def _compute_amounts(self):
        saved = self.filtered(lambda order: isinstance(order.id, int))
        totals = saved._get_estimate_totals()
        for order in saved:
            order.amount_untaxed, order.amount_total = totals.get(order.id, (0.0, 0.0))
        for order in self - saved:  # being edited: add up the lines on the screen
            lines = order.line_ids | order.authorised_line_ids
            order.amount_untaxed = sum(
                line._to_company_currency(line.price_subtotal) for line in lines
            )
            order.amount_total = sum(
                line._to_company_currency(line.price_total) for line in lines
            )

    def _get_estimate_totals(self):
        """Totals of the estimates in company currency, one query.

        :return: dict of order id to (untaxed, total)
        """
        if not self:
            return {}
        self.env["sale.order"].flush_model(
            [
                "work_order_id",
                "state",
                "amount_untaxed",
                "amount_total",
                "currency_rate",
            ]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT work_order_id,
                       SUM(amount_untaxed / COALESCE(NULLIF(currency_rate, 0), 1)),
                       SUM(amount_total / COALESCE(NULLIF(currency_rate, 0), 1))
                  FROM sale_order
                 WHERE work_order_id IN %s AND state <> 'cancel'
              GROUP BY work_order_id
                """,
                tuple(self.ids),
            )
        )
        return {row[0]: (float(row[1]), float(row[2])) for row in rows}

    @api.depends(
        "line_ids.price_subtotal",
        "line_ids.product_uom_qty",
        "line_ids.product_id",
        "authorised_line_ids.price_subtotal",
        "authorised_line_ids.product_uom_qty",
    )
    def _compute_margin(self):
        for order in self.sudo():  # the right to see margins opens the lines as well
            lines = order.line_ids | order.authorised_line_ids
            untaxed = sum(
                line._to_company_currency(line.price_subtotal) for line in lines
            )
            order.margin = untaxed - sum(line._get_cost() for line in lines)
            order.margin_percent = order.margin / untaxed if untaxed else 0.0

    @api.depends(
        "invoice_ids.state",
        "invoice_ids.amount_residual_signed",
        "sale_order_ids.invoice_status",
    )
    def _compute_invoice_state(self):
        for order in self:
            invoices = order.invoice_ids.filtered(lambda move: move.state != "cancel")
            order.invoice_count = len(invoices)
            order.amount_due = sum(
                invoices.filtered(lambda move: move.state == "posted").mapped(
                    "amount_residual_signed"
                )
            )
            order.has_to_invoice = "to invoice" in order.sale_order_ids.filtered(
                lambda sale: sale.state == "sale"
            ).mapped("invoice_status")

    def _settle_unanswered(self):
        """The customer never answered: recommend the work for a later visit.

        Called when visits are closed, in sudo. Work that was done all the same keeps
        its estimate.
        """
        for order in self:
            jobs = order.job_ids.filtered(lambda job: job._is_unanswered())
            estimates = order.sale_order_ids.filtered(
                lambda sale: sale.state in ("draft", "sent")
            )
            for job in jobs:
                if job.line_ids:
                    estimates._recommend_job(job, job.line_ids)
                job.state = "cancelled"
            estimates.filtered(
                lambda sale: set(sale.order_line.job_id.mapped("state"))
                <= {"cancelled"}
            )._action_cancel()

    def _complete_line_commands(self, commands):
        """Lines of an import or the API belong to the estimate being written.

        :param list commands: x2many commands of ``line_ids``
        :return: list of commands in which every new line names its estimate
        """
        completed = []
        for command in commands:
            if command[0] == Command.CREATE and not command[2].get("order_id"):
                estimate = self._get_or_create_estimate()
                values = dict(command[2], order_id=estimate.id)
                command = Command.create(values)
            completed.append(command)
        return completed

    def _get_payers(self):
        """Who pays the customer's estimates of every visit now."""
        return {order: order._get_payer("customer") for order in self}

    def _follow_customer(self, payers):
        """Estimates that nobody has seen yet follow a change of the customer.

        Prices and taxes are the new customer's; prices typed by hand stay.

        :param dict payers: who paid before the change, by order
        """
        for order, former in payers.items():
            payer = order._get_payer("customer")
            estimates = order.sale_order_ids.filtered(
                lambda sale, former=former: sale.state == "draft"
                and sale.pay_type == "customer"
                and sale.partner_id == former
            )
            if payer != former:
                for estimate in estimates:
                    estimate._change_payer(payer)

    def _get_or_create_estimate(self, pay_type=None, partner=None):
        """Estimate that is being written for a payer; created when there is none.

        :param str pay_type: key of sale.order.pay_type; any open estimate when omitted
        :param partner: res.partner who pays; by default the payer of the vehicle
        :return: sale.order record
        """
        self.ensure_one()
        self._ensure_open()
        estimates = self.sale_order_ids.filtered(
            lambda sale: sale.state in ("draft", "sent")
            and (not pay_type or sale.pay_type == pay_type)
            and (not partner or sale.partner_id == partner)
        ).sorted("id")
        if estimates:
            return estimates[-1]
        return self.env["sale.order"].create(
            self._prepare_estimate_values(pay_type or "customer", partner)
        )

    def _prepare_estimate_values(self, pay_type, partner=None):
        """Values of a new estimate of the visit.

        :param str pay_type: key of sale.order.pay_type
        :param partner: res.partner who pays, may be empty
        """
        self.ensure_one()
        payer = partner or self._get_payer(pay_type)
        return {
            "work_order_id": self.id,
            "partner_id": payer.id,
            "pay_type": pay_type,
            "company_id": self.company_id.id,
            "user_id": self.advisor_id.id or self.env.uid,
            "origin": self.name,
        }

    def _get_payer(self, pay_type):
        """Who pays by default.

        :return: res.partner record
        """
        self.ensure_one()
        if pay_type == "internal":
            return self.company_id.partner_id
        return self.vehicle_id.payer_id or self.partner_id

    def action_write_estimate(self):
        """Start the estimate of the customer, or go on with the open one."""
        for order in self:
            estimate = order._get_or_create_estimate()
            estimate._add_job_sections(
                order.job_ids.filtered(
                    lambda job: job.authorisation in ("draft", "pending")
                    and job.state != "cancelled"
                    and not job._get_sections()
                )
            )

    def action_new_estimate(self):
        """Ask who pays, then open one more estimate of the visit.

        :return: act_window action of the dialog
        """
        self.ensure_one()
        self._ensure_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Estimate for another payer"),
            "res_model": "auto.service.order.estimate",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_send_estimate(self):
        """Open the host's composer with the estimate and its link.

        :return: act_window action
        :raise UserError: when nothing is there to be sent
        """
        self.ensure_one()
        estimate = self._get_offers()[:1]
        if not estimate:
            raise UserError(
                self.env._(
                    "%(order)s has no estimate to send: add labour or parts first.",
                    order=self.name,
                )
            )
        return estimate.action_quotation_send()

    def _get_offers(self):
        """Open estimates with something on them: unsent and the customer's own first.

        :return: sale.order records
        """
        offers = self.sale_order_ids.filtered(
            lambda sale: sale.state in ("draft", "sent") and sale._get_lines_of_offer()
        )
        return offers.sorted(
            lambda sale: (sale.state == "sent", sale.pay_type != "customer", sale.id)
        )

    def action_preview_estimate(self):
        """Open the estimate as the customer sees it.

        :return: act_url action
        """
        self.ensure_one()
        estimate = self._get_offers()[:1] or self.sale_order_ids[:1]
        if not estimate:
            raise UserError(
                self.env._("%(order)s has no estimate yet.", order=self.name)
            )
        return estimate.action_preview_sale_order()

    def action_record_approval(self):
        """Record that the customer approved by telephone, in person or by message.

        :return: act_window action of the dialog
        """
        self.ensure_one()
        estimates = self._get_void_estimates() | self._get_offers()
        if not estimates:
            raise UserError(
                self.env._(
                    "%(order)s has no estimate to approve: add labour or parts first.",
                    order=self.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record the approval"),
            "res_model": "auto.service.order.approve",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_sale_order_id": estimates[0].id,
                "default_estimate_ids": estimates.ids,
            },
        }

    def _get_void_estimates(self):
        """Confirmed estimates that were changed after the approval."""
        return self.sale_order_ids.filtered(
            lambda sale: sale.state == "sale"
            and "valid" not in sale.authorisation_ids.mapped("state")
        )

    def action_invoice(self):
        """Invoice what is done and issued, one invoice per payer.

        :return: action that opens the invoices
        :raise UserError: when nothing is left to invoice
        """
        orders = self.sale_order_ids.filtered(
            lambda sale: sale.state == "sale" and sale.invoice_status == "to invoice"
        )
        if not orders:
            raise UserError(
                self.env._(
                    "Nothing to invoice on %(orders)s: jobs are billed when they are "
                    "done, parts when they are issued.",
                    orders=", ".join(self.mapped("name")),
                )
            )
        self._lock()
        invoices = orders._create_invoices(final=True)
        for order in self.filtered("company_id.auto_service_post_invoices"):
            # Advisors may invoice their work orders without being accountants.
            invoices.filtered(
                lambda move, order=order: move.work_order_id == order
            ).sudo().action_post()
        return orders.action_view_invoice(invoices)

    def action_view_estimates(self):
        """Open the estimates in the host's own screens.

        :return: act_window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale.action_quotations_with_onboarding"
        )
        action["domain"] = [("work_order_id", "in", self.ids)]
        action["context"] = {"create": False}
        if len(self.sale_order_ids) == 1:
            action.update(
                res_id=self.sale_order_ids.id, view_mode="form", views=[(False, "form")]
            )
        return action

    def action_view_invoices(self):
        """Open the invoices in the host's own screens.

        :return: act_window action
        """
        return self.sale_order_ids.action_view_invoice(self.invoice_ids)
