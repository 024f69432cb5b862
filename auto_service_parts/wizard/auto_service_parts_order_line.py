from datetime import timedelta
from functools import partial
from math import ceil

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_compare

from ..tools.part_number import brand_key, number_key
from ..tools.supplier_client import SupplierError

PRICE_GROUPS = "auto_service_base.group_advisor,auto_service_base.group_parts"


class AutoServicePartsOrderLine(models.TransientModel):
    """One part in the dialog: offered then, offered now, ordered from whom."""

    _name = "auto.service.parts.order.line"
    _description = "Part to Order"
    _order = "partner_id, id"

    order_id = fields.Many2one(
        "auto.service.parts.order",
        string="Dialog",
        required=True,
        ondelete="cascade",
        help="Dialog that the line is in.",
    )
    state = fields.Selection(related="order_id.state", help="State of the dialog.")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        required=True,
        readonly=True,
        ondelete="cascade",
        string="Line of the estimate",
        help="Line that needs the part.",
    )
    work_order_id = fields.Many2one(
        related="sale_line_id.work_order_id", help="Visit that needs the part."
    )
    name = fields.Text(related="sale_line_id.name", string="Part", help="The part.")
    enquiry_id = fields.Many2one(
        "auto.service.parts.enquiry",
        compute="_compute_enquiry_id",
        help="Enquiry whose offers can be chosen.",
    )
    is_ordered = fields.Boolean(
        string="Order", default=True, help="Whether the part is ordered now."
    )
    offer_id = fields.Many2one(
        "auto.service.parts.offer",
        domain="[('enquiry_id', '=', enquiry_id), ('kind', 'in', ('list', 'live')), "
        "('product_id', 'in', (False, product_id)), ('number_key', '=', number_key)]",
        ondelete="cascade",
        help="Offer that is ordered. Another supplier's offer of the same part can be "
        "chosen.",
    )
    product_id = fields.Many2one(
        related="sale_line_id.product_id", help="Product of the part."
    )
    number_key = fields.Char(
        compute="_compute_enquiry_id", help="Number as it is compared."
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Vendor who gets the order.",
    )
    account_id = fields.Many2one(
        "auto.service.supplier.account",
        compute="_compute_account_id",
        help="Account by which it is placed; empty: the order goes by mail.",
    )
    quantity_needed = fields.Float(
        digits="Product Unit", readonly=True, help="How many are not ordered yet."
    )
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        help="How many are ordered; suppliers sell in multiples.",
    )
    multiplicity = fields.Float(
        digits="Product Unit", help="Sold in multiples of this quantity."
    )
    currency_id = fields.Many2one("res.currency", help="Currency of the prices.")
    price_then = fields.Float(
        digits="Product Price", help="Price of one piece in the offer, without taxes."
    )
    price_now = fields.Float(
        digits="Product Price",
        help="Price of one piece by the supplier's answer of now, without taxes.",
    )
    rise_percent = fields.Float(
        string="Rise (%)",
        compute="_compute_rise",
        help="How much the price rose since the offer, in per cent.",
    )
    has_to_be_accepted = fields.Boolean(
        compute="_compute_rise", help="Somebody has to accept the change first."
    )
    is_below_cost = fields.Boolean(
        compute="_compute_is_below_cost",
        compute_sudo=True,
        help="The part costs more now than the customer pays for it.",
    )
    is_accepted = fields.Boolean(
        string="Accepted", help="The change is accepted; it may be ordered so."
    )
    check_state = fields.Selection(
        [
            ("same", "As offered"),
            ("cheaper", "Cheaper"),
            ("dearer", "Dearer"),
            ("short", "Too few left"),
            ("gone", "Not offered any more"),
            ("unanswered", "Supplier did not answer"),
            ("unchecked", "By the vendor's price"),
            ("stale", "To be asked"),
        ],
        default="stale",
        required=True,
        help="What the supplier says now.",
    )
    check_note = fields.Char(
        string="What changed", help="What the supplier says now, in one sentence."
    )
    date_planned = fields.Datetime(
        string="Expected", help="When the part would be here, ordered now."
    )
    order_token = fields.Json(
        export_string_translation=False,
        help="What the supplier wants to see again in the order.",
    )

    @api.depends("sale_line_id", "offer_id")
    def _compute_enquiry_id(self):
        for line in self:
            offer = line.offer_id or line.sale_line_id.parts_offer_id
            line.enquiry_id = offer.enquiry_id
            line.number_key = offer.number_key

    @api.depends("offer_id")
    def _compute_partner_id(self):
        for line in self:
            line.partner_id = line.offer_id.partner_id or line.partner_id

    @api.depends("offer_id")
    def _compute_account_id(self):
        for line in self:
            account = line.offer_id.account_id
            line.account_id = account if account.is_ordering else False

    @api.depends("price_then", "price_now", "check_state", "order_id.company_id")
    def _compute_rise(self):
        for line in self:
            then, now = line.price_then, line.price_now
            line.rise_percent = (now - then) / then * 100.0 if then else 0.0
            limit = line.order_id.company_id.sudo().auto_service_parts_price_limit
            line.has_to_be_accepted = line.check_state in ("short", "unanswered") or (
                line.check_state == "dearer"
                and float_compare(line.rise_percent, limit, precision_digits=4) > 0
            )

    @api.depends("price_now", "currency_id", "sale_line_id.price_subtotal")
    def _compute_is_below_cost(self):
        today = fields.Date.context_today(self)
        for line in self:
            sale_line = line.sale_line_id
            company = sale_line.company_id
            cost = line.currency_id._convert(
                line.price_now, company.currency_id, company, today, round=False
            )
            pieces = sale_line.product_uom_id._compute_quantity(
                sale_line.product_uom_qty, line.product_id.uom_id, round=False
            )
            price = sale_line._to_company_currency(sale_line.price_subtotal)
            line.is_below_cost = (
                company.currency_id.compare_amounts(cost * pieces, price) > 0
            )

    @api.onchange("offer_id")
    def _onchange_offer_id(self):
        """Another offer was chosen: its supplier is asked before the order."""
        offer = self.offer_id
        if offer:
            self.update(self._prepare_offer_values(offer, self.quantity_needed))
            self.check_state = "stale"
            self.check_note = self.env._("The supplier is asked when you order.")

    # Values ---------------------------------------------------------------------------

    @api.model
    def _prepare_values(self, sale_line):
        """Values of the line for a part that is needed.

        :param sale_line: sale.order.line record
        """
        needed = sale_line.product_uom_id._compute_quantity(
            sale_line.qty_to_order, sale_line.product_id.uom_id
        )
        values = {"sale_line_id": sale_line.id, "quantity_needed": needed}
        offer = sale_line.parts_offer_id
        if offer and offer.kind in ("list", "live"):
            return {**values, **self._prepare_offer_values(offer, needed)}
        return {**values, **self._prepare_vendor_values(sale_line, needed)}

    @api.model
    def _prepare_offer_values(self, offer, needed):
        """Values from the offer that the line of the estimate was made of."""
        offer_sudo = offer.sudo()  # the price fields and the token
        return {
            "offer_id": offer.id,
            "partner_id": offer.partner_id.id,
            "currency_id": (offer.currency_id or offer.company_id.currency_id).id,
            "price_then": offer_sudo.price,
            "price_now": offer_sudo.price,
            "multiplicity": offer.multiplicity or 1.0,
            "quantity": self._round_up(needed, offer.multiplicity, offer.min_quantity),
            "order_token": offer_sudo.order_token,
            "is_accepted": False,
        }

    @api.model
    def _prepare_vendor_values(self, sale_line, needed):
        """Values of a part without an offer: the vendor's price of the host."""
        # Advisors and parts people have few rights on vendor prices.
        product_sudo = sale_line.product_id.sudo().with_company(sale_line.company_id)
        seller = product_sudo._select_seller(
            quantity=needed, uom_id=product_sudo.uom_id
        ) or product_sudo._select_seller(quantity=None)
        now = fields.Datetime.now()
        return {
            "offer_id": False,
            "partner_id": seller.partner_id.id,
            "currency_id": (seller.currency_id or sale_line.company_id.currency_id).id,
            "price_then": seller.price,
            "price_now": seller.price,
            "multiplicity": 1.0,
            "quantity": max(needed, seller.min_qty),
            "date_planned": now + timedelta(days=seller.delay),
        }

    @api.model
    def _round_up(self, quantity, multiplicity, minimum):
        """The least quantity that the supplier sells and that is enough."""
        step = multiplicity or 1.0
        quantity = max(quantity, minimum or 0.0)
        if float_compare(step, 1.0, precision_digits=6) == 0 and quantity % 1:
            return quantity  # sold by weight or volume
        return ceil(round(quantity / step, 6)) * step

    # What the supplier says now -------------------------------------------------------

    @api.model
    def _prepare_check(self, offer, quantity, answer):
        """Values of the line from what the supplier says now.

        :param offer: auto.service.parts.offer record, may be empty
        :param float quantity: pieces that are to be ordered
        :param answer: list of PlainOffer, SupplierError, or ``None`` when nobody was
            asked
        """
        if not offer:
            return {"check_state": "unchecked"}
        if isinstance(answer, SupplierError):
            orders = self.env["auto.service.supplier.order"]
            return {
                "check_state": "unanswered",
                "check_note": orders._describe(answer),
                "date_planned": offer.eta,
            }
        found = self._find_same(offer, answer or [])
        if not found:
            return {
                "check_state": "gone",
                "check_note": self.env._(
                    "%(supplier)s does not offer it any more.",
                    supplier=offer.source_name or offer.partner_id.name,
                ),
                "is_ordered": False,
            }
        return self._prepare_found(offer, quantity, found)

    @api.model
    def _find_same(self, offer, plains):
        """The offer of now that is the one of then.

        Suppliers offer a part many times over: from here tomorrow, from abroad next
        week. Keys change with every price, so what has most in common counts: token,
        warehouse, term, price.

        :param plains: list of PlainOffer
        :return: PlainOffer, ``None`` when the part is not offered any more
        """
        brands = {
            brand_key(offer.brand_name),
            offer.brand_id.name_key,
            *offer.brand_id.alias_ids.mapped("name_key"),
        }
        same = [
            plain
            for plain in plains
            if number_key(plain.number) == offer.number_key
            and brand_key(plain.brand) in brands
            and plain.is_used == offer.is_used
        ]
        offer_sudo = offer.sudo()  # the price fields and the token
        return min(same, key=partial(self._get_distance, offer_sudo), default=None)

    @api.model
    def _get_distance(self, offer, plain):
        """How far an offer of now is from the one of then, smaller is nearer.

        :return: tuple that sorts
        """
        known = offer.order_token or {}
        token = plain.order_token or {}
        equal = sum(1 for key, value in known.items() if token.get(key) == value)
        return (
            -equal,
            (plain.warehouse or "") != (offer.warehouse or ""),
            abs((plain.hours_max or 0) - (offer.hours_max or 0)),
            self._get_currency_now(offer, plain) != offer.currency_id,
            abs(plain.price - offer.price),
            plain.price,
        )

    @api.model
    def _prepare_found(self, offer, quantity, plain):
        """Values of the line from the offer of now.

        :param PlainOffer plain: the same part, as the supplier offers it now
        """
        prices = self._prepare_prices(offer, plain)
        then = prices["price_then"]
        change = float_compare(plain.price, then, precision_digits=4)
        state = {-1: "cheaper", 0: "same", 1: "dearer"}[change]
        notes = []
        left = plain.quantity
        if plain.quantity_sign == "=" and not plain.is_on_order and left < quantity:
            state = "short"
            notes.append(self.env._("Only %(count)g left.", count=left))
        if (plain.warehouse or "") != (offer.warehouse or ""):
            notes.append(
                self.env._("From %(warehouse)s.", warehouse=plain.warehouse or "–")
            )
        date = self._get_date(offer, plain)
        if date and offer.eta and date - offer.eta > timedelta(hours=24):
            notes.append(self.env._("Later than offered."))
        return {
            "check_state": state,
            "check_note": " ".join(notes) or False,
            **prices,
            "multiplicity": plain.multiplicity or 1.0,
            "quantity": self._round_up(
                quantity, plain.multiplicity, plain.min_quantity
            ),
            "date_planned": date or offer.eta,
            "order_token": plain.order_token or None,
            "is_ordered": True,
        }

    @api.model
    def _get_currency_now(self, offer, plain):
        """Currency of an offer of now, by default that of the account or list."""
        source = offer.account_id or offer.price_list_id
        known = source.currency_id or offer.currency_id
        if not plain.currency or plain.currency == known.name:
            return known
        currencies = self.env["res.currency"].with_context(active_test=False)
        return currencies.search([("name", "=", plain.currency)], limit=1) or known

    @api.model
    def _prepare_prices(self, offer, plain):
        """Prices of then and now, both in the currency of now.

        :return: dict with ``currency_id``, ``price_then`` and ``price_now``
        """
        company = offer.company_id
        before = offer.currency_id or company.currency_id
        now = self._get_currency_now(offer, plain) or before
        then = offer.sudo().price  # the price fields
        if now != before:
            today = fields.Date.context_today(self)
            then = before._convert(then, now, company, today, round=False)
        return {"currency_id": now.id, "price_then": then, "price_now": plain.price}

    @api.model
    def _get_date(self, offer, plain):
        """When the part would be here, ordered now.

        :return: datetime, ``None`` when the supplier names no term
        """
        hours = plain.hours_max if plain.hours_max is not None else plain.hours_min
        if hours is None:
            return None
        account = offer.account_id
        extra = account._get_extra_hours() if account and hours else 0
        return fields.Datetime.now() + timedelta(hours=hours + extra)

    def _take_check(self, check):
        """Keep what the supplier says now; what was accepted at this price stays so."""
        self.ensure_one()
        price = check.get("price_now", self.price_now)
        is_same = (
            check["check_state"] == self.check_state
            and float_compare(price, self.price_now, precision_digits=4) == 0
        )
        values = dict(check, is_accepted=self.is_accepted and is_same)
        if check["check_state"] != "gone":
            values["is_ordered"] = self.is_ordered
        self.write(values)

    # Ordering -------------------------------------------------------------------------

    def _ensure_can_be_ordered(self):
        """Say everything that is in the way, not only the first thing."""
        errors = [error for line in self for error in line._get_errors()]
        if errors:
            raise UserError("\n".join(errors))

    def _get_errors(self):
        """What keeps the line from being ordered.

        :return: list of sentences
        """
        self.ensure_one()
        part = self._get_text()
        multiples = self.quantity / (self.multiplicity or 1.0)
        checks = [
            (
                not self.partner_id,
                self.env._("%(part)s: choose the supplier.", part=part),
            ),
            (
                self.quantity <= 0,
                self.env._("%(part)s: the quantity has to be above zero.", part=part),
            ),
            (
                float_compare(multiples, round(multiples), precision_digits=4) != 0
                and self.multiplicity > 1.0,
                self.env._(
                    "%(part)s: sold in multiples of %(step)g.",
                    part=part,
                    step=self.multiplicity,
                ),
            ),
            (
                self.check_state == "gone",
                self.env._(
                    "%(part)s is not offered any more: choose another offer.", part=part
                ),
            ),
            (
                self.has_to_be_accepted and not self.is_accepted,
                self.env._("%(part)s: accept the change first.", part=part),
            ),
        ]
        return [sentence for failed, sentence in checks if failed]

    def _get_text(self):
        """Quantity and part for messages: “2 × MAHLE OC 90”."""
        self.ensure_one()
        name = (self.name or self.product_id.display_name or "").split("\n")[0]
        return f"{self.quantity:g} × {name}"

    def _get_needed(self):
        """How many were needed when the dialog opened, in the unit of the estimate."""
        self.ensure_one()
        return self.product_id.uom_id._compute_quantity(
            self.quantity_needed, self.sale_line_id.product_uom_id, round=False
        )

    def _group(self):
        """Lines by supplier, account and currency.

        :return: dict of (partner, account, currency) to lines
        """
        return self.grouped(
            lambda line: (line.partner_id, line.account_id, line.currency_id)
        )

    def _create_purchase(self, partner, account, currency):
        """Purchase order of the lines, not confirmed yet.

        :return: purchase.order record
        """
        company = self.order_id.company_id
        purchases = self.env["purchase.order"].with_company(company)
        purchase = purchases.with_context(mail_create_nosubscribe=True).create(
            self._prepare_purchase_values(partner, account, currency)
        )
        purchase.write(
            {
                "order_line": [
                    Command.create(line._prepare_purchase_line_values(purchase))
                    for line in self
                ]
            }
        )
        return purchase

    def _prepare_purchase_values(self, partner, account, currency):
        """Values of the purchase order; extend in your addon."""
        company = self.order_id.company_id
        partner = partner.with_company(company)
        position = self.env["account.fiscal.position"].with_company(company)
        origins = self.sale_line_id.work_order_id.mapped("name")
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            "currency_id": currency.id,
            "origin": ", ".join(dict.fromkeys(origins)),
            "user_id": self.env.uid,
            "fiscal_position_id": position._get_fiscal_position(partner).id,
            "payment_term_id": partner.property_supplier_payment_term_id.id,
            "supplier_account_id": account.id,
        }

    def _prepare_purchase_line_values(self, purchase):
        """Values of the line of the purchase order; extend in your addon."""
        self.ensure_one()
        product = self.product_id
        taxes = purchase.fiscal_position_id.map_tax(
            product.supplier_taxes_id._filter_taxes_by_company(purchase.company_id)
        )
        price = taxes._adapt_price_unit_to_another_taxes(
            self.price_now, product, taxes.browse(), taxes
        )
        return {
            "product_id": product.id,
            "name": self._get_purchase_text(),
            "product_qty": self.quantity,
            "product_uom_id": product.uom_id.id,
            "price_unit": price,
            "discount": 0.0,
            "tax_ids": [Command.set(taxes.ids)],
            "date_planned": self.date_planned or fields.Datetime.now(),
            "sale_line_id": self.sale_line_id.id,
            "parts_offer_id": self.offer_id.id,
            "order_token": self.order_token,
        }

    def _get_purchase_text(self):
        """What the supplier reads: brand, number, name."""
        self.ensure_one()
        offer = self.offer_id
        words = [offer.brand_name, offer.number, offer.name]
        return " ".join(filter(None, words)) or self.product_id.display_name

    def _give_up_refused(self):
        """Purchase orders of which the supplier took nothing are over."""
        # Parts people are no buyers of the company.
        refused_sudo = self.sudo().sale_line_id.purchase_line_ids.order_id.filtered(
            lambda order: order.supplier_order_id.state == "refused"
            and order.state == "purchase"
            and all(line.part_state == "refused" for line in order.order_line)
        )
        covered = refused_sudo.filtered(
            lambda order: order.order_line.sale_line_id <= self.sale_line_id
        )
        covered.button_cancel()

    def action_find_another(self):
        """Look for another offer of the part.

        :return: client action of the enquiry
        """
        self.ensure_one()
        return self.sale_line_id.action_find_parts()
