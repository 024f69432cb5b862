from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.package_price import spread


class AutoServicePackage(models.Model):
    """The package on an estimate: its lines, their quantities and prices."""

    _inherit = "auto.service.package"

    def _prepare_lines(self, vehicle):
        """What the package puts on an estimate for ``vehicle``.

        :param vehicle: fleet.vehicle record, may be empty
        :return: list of dicts in the order of the estimate: ``line`` (record),
            ``operation`` or ``product`` (record, the other one empty), ``quantity``,
            ``assumed`` (whether the quantity is a guess) and ``reason`` (why, or False)
        """
        self.ensure_one()
        types = self._get_types_of(vehicle)
        return [
            self._prepare_line(line, types)
            for line in self.line_ids
            if not line.vehicle_type_id or line.vehicle_type_id in types
        ]

    def _get_types_of(self, vehicle):
        """Vehicle types that fit, the most specific one first.

        Nothing is asked of the database when no line depends on them.

        :return: auto.service.vehicle.type records
        """
        lines = self.line_ids
        depends = lines.vehicle_type_id or lines.filtered(
            lambda line: line.quantity_from != "fixed"
        )
        found = vehicle._get_matching_types() if vehicle and depends else []
        return self.env["auto.service.vehicle.type"].browse(
            [type_id for type_id, _match in found]
        )

    def _prepare_line(self, line, types):
        quantity, reason = line._get_quantity(types)
        return {
            "line": line,
            "operation": line.operation_id,
            "product": line.product_id,
            "quantity": quantity,
            "assumed": bool(reason),
            "reason": reason,
        }

    def _add_to_order(self, order, estimate=None, job=None):
        """Add the whole package to a visit: one job, all lines at once.

        :param order: auto.service.order record
        :param estimate: sale.order record; the one being written when omitted
        :param job: auto.service.job record that takes the lines; a new one when omitted
        :return: auto.service.job record
        """
        self.ensure_one()
        estimate = estimate or order._get_or_create_estimate()
        values = self._prepare_estimate_lines(estimate)
        if not values:
            raise UserError(
                self.env._(
                    "“%(package)s” has nothing for this vehicle. Add operations or "
                    "parts to the package first.",
                    package=self.name,
                )
            )
        if job:
            values = [{**vals, "job_id": job.id} for vals in values]
        else:
            values.insert(0, self._prepare_section(estimate))
        lines = self.env["sale.order.line"]
        if self.pricing == "fixed":
            # The price is for everything, so nothing else is added to the bill.
            lines = lines.with_context(auto_service_no_required=True)
        job = lines.create(values)[0].job_id
        # Parts people write estimates as well; jobs are the advisors'.
        job_sudo = job.sudo()
        job_sudo.package_id = job_sudo.package_id or self
        return job

    def _prepare_section(self, estimate):
        """Values of the section that stands for the job."""
        self.ensure_one()
        package = self._in_language_of(estimate)
        return {
            "order_id": estimate.id,
            "display_type": "line_section",
            "name": package.name,
        }

    def _in_language_of(self, estimate):
        """The package with the texts that the customer reads."""
        return self.with_context(lang=estimate.partner_id.lang or self.env.lang)

    def _prepare_estimate_lines(self, estimate):
        """Values of the lines on ``estimate``.

        :return: list of dicts for ``sale.order.line``
        """
        self.ensure_one()
        rows = self._prepare_lines(estimate.vehicle_id)
        if rows and self.pricing == "fixed":
            return self._prepare_fixed_lines(rows, estimate)
        return [self._prepare_line_values(row, estimate) for row in rows]

    def _prepare_line_values(self, row, estimate):
        """Values of an estimate line; override to add some.

        :param dict row: see ``_prepare_lines``
        :param estimate: sale.order record
        """
        values = {"order_id": estimate.id}
        if row["operation"]:
            return {**values, "operation_id": row["operation"].id}
        return {
            **values,
            "product_id": row["product"].id,
            "product_uom_qty": row["quantity"],
        }

    # Fixed price ----------------------------------------------------------------

    def _prepare_fixed_lines(self, rows, estimate):
        """Values of the lines that together cost the fixed price.

        :param list rows: see ``_prepare_lines``
        :param estimate: sale.order record
        """
        currency, company = estimate.currency_id, estimate.company_id
        package_sudo = self.sudo().with_company(company)  # the catalogue's own price
        date = (estimate.date_order or fields.Datetime.now()).date()
        total = package_sudo.currency_id._convert(
            package_sudo.fixed_price, currency, company, date
        )
        weights = self._get_weights(rows, estimate)
        digits = self.env["decimal.precision"].precision_get("Product Price")
        shares = spread(
            total,
            [
                (row["quantity"], weight)
                for row, weight in zip(rows, weights, strict=True)
            ],
            10**-digits,
            currency.rounding,
        )
        return [
            self._prepare_fixed_values(rows[share.index], share, estimate)
            for share in shares
        ]

    def _prepare_fixed_values(self, row, share, estimate):
        """Values of one line with its share of the price.

        Labour is sold by the piece: the price stays when the hours turn out others.

        :param share: tools.package_price.Share
        """
        values = self._prepare_line_values(row, estimate)
        product = row["product"]
        if row["operation"]:
            product = self._get_fixed_product(row["operation"], estimate.company_id)
        price = product._get_tax_included_unit_price_from_price(
            share.price,
            product_taxes=product.taxes_id._filter_taxes_by_company(
                estimate.company_id
            ),
            fiscal_position=estimate.fiscal_position_id,
        )
        return {
            **values,
            "product_id": product.id,
            "product_uom_qty": share.quantity,
            "price_unit": price,
            "technical_price_unit": 0.0,  # a price by hand: it stays
            "discount": 0.0,
        }

    @api.model
    def _get_fixed_product(self, operation, company):
        """Service that is billed for ``operation`` within a fixed price."""
        product = operation._get_product_by_the_piece()
        return product or operation._get_billing_product(company)

    def _get_weights(self, rows, estimate):
        """What every line would cost by itself, in the currency of the company.

        Only the proportions count, so list prices will do.

        :return: list of floats
        """
        company = estimate.company_id
        operations = self.env["auto.service.operation"].concat(
            *(row["operation"] for row in rows)
        )
        times = operations._get_labour_times(
            estimate.vehicle_id, pay_type=estimate.pay_type, company=company
        )
        hourly = company.sudo().auto_service_labour_product_id.lst_price or 1.0
        return [self._get_weight(row, times, hourly) for row in rows]

    @api.model
    def _get_weight(self, row, times, hourly):
        """What one line would cost by itself.

        :param dict times: see ``auto.service.operation._get_labour_times``
        :param float hourly: labour price of an hour
        """
        operation_sudo = row["operation"].sudo()  # prices of the catalogue
        if not operation_sudo:
            return row["product"].sudo().lst_price * row["quantity"]
        if operation_sudo.pricing == "fixed":
            return operation_sudo.fixed_price
        choice = times.get(operation_sudo.id)
        hours = choice.chosen.hours if choice and choice.chosen else 1.0
        return hours * hourly
