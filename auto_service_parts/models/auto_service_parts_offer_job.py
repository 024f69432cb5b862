from math import ceil

from odoo import models
from odoo.exceptions import UserError


class AutoServicePartsOffer(models.Model):
    """From offer to work: the part on the estimate of a visit, below its job."""

    _inherit = "auto.service.parts.offer"

    def add_to_job(self, job_id=None, order_id=None, quantity=1.0, job_name=None):
        """Put the part on the estimate, with the deposit for the old part.

        What the customer approved already stays: the part goes on an estimate of extra
        work then. The same offer again raises the quantity.

        :param int job_id: job that needs the part; when omitted that of the enquiry,
            else the only one of the visit, else a new one
        :param int order_id: work order, when no job is given; by default that of the
            enquiry
        :param float quantity: pieces; raised to the least that the supplier sells
        :param str job_name: title of a new job
        :return: dict, see ``_get_added``
        """
        self.ensure_one()
        self.check_access("read")
        order, job = self._get_target(job_id, order_id)
        product = self._get_or_create_product()
        estimate = order._get_or_create_estimate()
        if not job:
            job = self._find_job(order, estimate, job_name)
        quantity = self._round_quantity(quantity)
        line = self._find_line(estimate, job)
        if line:
            line.product_uom_qty += quantity
        else:
            line = self._create_line(estimate, job, product, quantity)
        keys = {self.enquiry_id.number_key, self.number_key}
        self.env["auto.service.part.need"]._answer(line, keys)
        return self._get_added(line, quantity)

    def _get_target(self, job_id, order_id):
        """Visit and job that the part is for.

        :return: pair (auto.service.order, auto.service.job); the job may be empty
        :raise UserError: when there is no visit, or nothing can be added to it
        """
        job = self.env["auto.service.job"].browse(job_id or []).exists()
        order = self.env["auto.service.order"].browse(order_id or []).exists()
        order = job.order_id or order or self.enquiry_id.order_id
        if not order:
            raise UserError(
                self.env._(
                    "Choose the work order that %(number)s is for.", number=self.number
                )
            )
        own = self.enquiry_id.job_id
        if not job and own.order_id == order and own._is_wanted():
            job = own
        self._ensure_can_be_added(order, job)
        return order, job

    def _ensure_can_be_added(self, order, job):
        if order.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "%(order)s is of another company than the offer. Ask again there.",
                    order=order.name,
                )
            )
        if job and not job._is_wanted():
            raise UserError(
                self.env._(
                    "“%(job)s” is cancelled, or the customer does not want it now. "
                    "Choose another job.",
                    job=job.name,
                )
            )
        if self.kind != "own" and not self.sudo().cost:  # the price fields
            raise UserError(
                self.env._(
                    "%(number)s has no price in %(currency)s. Ask the supplier, or "
                    "enter a rate for his currency, and ask again.",
                    number=self.number,
                    currency=self.company_id.currency_id.name,
                )
            )
        order._ensure_open()

    def _find_job(self, order, estimate, job_name):
        """The only job of the visit that goes on, else a new one.

        :return: auto.service.job record
        """
        jobs = order.job_ids.filtered(
            lambda job: job.state != "done" and job._is_wanted()
        )
        if len(jobs) == 1 and not job_name:
            return jobs
        section = self.env["sale.order.line"].create(
            {
                "order_id": estimate.id,
                "display_type": "line_section",
                "name": job_name or self.name or self.env._("Parts"),
            }
        )
        return section.job_id

    def _round_quantity(self, quantity):
        """The least quantity that the supplier sells and that is enough."""
        self.ensure_one()
        if quantity <= 0:
            raise UserError(self.env._("The quantity has to be more than zero."))
        quantity = max(quantity, self.min_quantity)
        step = self.multiplicity or 1.0
        if self.kind == "own" or step <= 0:
            return quantity
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return round(ceil(round(quantity / step, 6)) * step, digits)

    def _find_line(self, estimate, job):
        """Line of this very offer that is being estimated already."""
        return estimate.order_line.filtered(
            lambda line: line.parts_offer_id == self
            and line.job_id == job
            and not line.declined_qty
        )[:1]

    def _create_line(self, estimate, job, product, quantity):
        """Line of the part, and one of the deposit for the old part.

        :return: sale.order.line record of the part
        """
        lines = self.env["sale.order.line"]
        line = lines.create(self._prepare_line_values(estimate, job, product, quantity))
        if self.core_price:
            lines.create(self._prepare_core_values(line))
        return line

    def _prepare_line_values(self, estimate, job, product, quantity):
        """Values of the estimate line; extend in your addon."""
        self.ensure_one()
        return {
            "order_id": estimate.id,
            "job_id": job.id,
            "product_id": product.id,
            "name": self._get_line_text(),
            "product_uom_qty": quantity,
            "price_unit": self._get_unit_price(estimate, product),
            "technical_price_unit": 0.0,  # a price of its own: it stays
            "discount": 0.0,
            "parts_offer_id": self.id,
        }

    def _get_line_text(self):
        """Brand, number and name, as the customer reads them."""
        self.ensure_one()
        brand = self.brand_id.name or self.brand_name
        return " ".join(filter(None, (brand, self.number, self.name)))

    def _get_unit_price(self, estimate, product):
        """Price of one piece for who pays the estimate, as it stands on a line.

        :param product: product.product record of the offer
        :return: float in the currency of the estimate
        """
        price = self._get_prices_for(estimate)[0]
        return estimate._get_unit_price_of_part(product, price)

    def _get_prices_for(self, estimate):
        """Prices of the offers for who pays an estimate, by the rules of today.

        :return: list of floats, in company currency, without taxes
        """
        if not self:
            return []
        prices = self.env["auto.service.parts.markup"]._get_sale_prices(
            self._prepare_price_rows(),
            estimate.company_id,
            estimate.partner_id,
            estimate.pricelist_id,
        )
        return [price for price, _rule, _text in prices]

    def _prepare_price_rows(self):
        """The offers as ``_get_sale_prices`` of the markups wants them.

        :return: list of dicts
        """
        names = ("kind", "cost", "price", "price_cap", "number_key")
        return [
            {
                **{name: offer[name] for name in names},
                "partner_id": offer.partner_id.id,
                "brand_id": offer.brand_id.id,
                "product_id": offer.product_id.id,
            }
            for offer in self.sudo()  # the price fields
        ]

    def _prepare_core_values(self, line):
        """Values of the line of the deposit for the old part of ``line``."""
        self.ensure_one()
        estimate = line.order_id
        product = self.company_id._get_core_product()
        price = self._to_company_currency(self.core_price)
        return {
            "order_id": estimate.id,
            "job_id": line.job_id.id,
            "product_id": product.id,
            "name": self.env._(
                "Core deposit, %(part)s",
                part=self._get_line_text(),
            ),
            "product_uom_qty": line.product_uom_qty,
            "price_unit": estimate._get_unit_price_of_part(product, price),
            "technical_price_unit": 0.0,  # what the supplier asks: it stays
            "discount": 0.0,
            "core_of_line_id": line.id,
        }

    def _to_company_currency(self, amount):
        """Amount of the offer's currency, by the rate at which it was offered."""
        offer_sudo = self.sudo()  # the price fields
        rate = offer_sudo.cost / offer_sudo.price if offer_sudo.price else 1.0
        return amount * rate

    def _get_added(self, line, quantity):
        """What the screen shows after a part was added: job and labour in one total.

        :return: dict; amounts in the currency of the estimate, ``*_untaxed`` without
            and ``*_total`` with taxes, ``job_*`` of the job on this estimate
        """
        estimate = line.order_id
        lines = line.job_id.line_ids.filtered(lambda row: row.order_id == estimate)
        labour = lines.filtered(lambda row: row.kind == "labour")
        return {
            "line_id": line.id,
            "product_id": line.product_id.id,
            "quantity": line.product_uom_qty,
            "added": quantity,
            "price_unit": line.price_unit,
            "price_subtotal": line.price_subtotal,
            "order_id": line.work_order_id.id,
            "order_name": line.work_order_id.display_name,
            "job_id": line.job_id.id,
            "job_name": line.job_id.name,
            "job_labour": sum(labour.mapped("price_subtotal")),
            "job_untaxed": sum(lines.mapped("price_subtotal")),
            "job_total": sum(lines.mapped("price_total")),
            "estimate_id": estimate.id,
            "estimate_name": estimate.name,
            "estimate_untaxed": estimate.amount_untaxed,
            "estimate_total": estimate.amount_total,
            "currency_id": estimate.currency_id.id,
        }
