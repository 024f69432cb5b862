from odoo import api, models
from odoo.exceptions import UserError


class AutoServiceSupplierReturn(models.Model):
    """Parts are put on a return one by one: by a scanner, from lists, by a job."""

    _inherit = "auto.service.supplier.return"

    @api.model
    def _get_or_create_draft(self, partner, company=None, user=None):
        """The return to a supplier that is being written, else a new one.

        The user's own comes first, then one that nobody is responsible for.

        :param partner: res.partner record
        :param company: res.company record, the user's when omitted
        :param user: res.users record, empty for nobody; the user when omitted
        :return: auto.service.supplier.return record
        """
        company = company or self.env.company
        user = self.env.user if user is None else user
        # the same person may scan with two devices
        guard_sudo = self.env["auto.service.entry.guard"].sudo()
        guard_sudo._enter(f"return:{company.id}:{partner.id}")
        drafts = self.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("user_id", "in", [user.id, False]),
                ("state", "=", "draft"),
            ]
        )
        draft = drafts.sorted(lambda row: not row.user_id)[:1]
        return draft or self.create(
            {"partner_id": partner.id, "company_id": company.id, "user_id": user.id}
        )

    @api.model
    def _scan_add(self, product, quantity=1.0, lot=None, location=None):
        """Put a part on the return that the user is writing for its last supplier.

        :param product: product.product record
        :param float quantity: in the unit of the product
        :param lot: stock.lot record where lots or serial numbers are kept
        :param location: stock.location record that it lies in, found when omitted
        :return: auto.service.supplier.return.line record, with the draft
        :raise UserError: when nobody is known to have sold the part
        """
        self.env["auto.service.buy.proposal"]._ensure_may_buy()
        partner = self._find_supplier(product)
        if not partner:
            raise UserError(
                self.env._(
                    "Nobody is known to have sold %(part)s. Make a return under "
                    "Supplier returns, choose the supplier there and add the part.",
                    part=product.display_name,
                )
            )
        draft = self._get_or_create_draft(partner)
        values = {"lot_id": lot.id if lot else False}
        if location:
            values["location_id"] = location.id
        return draft._raise_or_create(product, quantity, values)

    @api.model
    def _find_supplier(self, product, company=None):
        """Who sold the part last, else its first supplier.

        :return: res.partner record, may be empty
        """
        company = company or self.env.company
        last = self.env["purchase.order.line"].search(
            [
                ("product_id", "=", product.id),
                ("company_id", "=", company.id),
                ("order_id.state", "=", "purchase"),
                ("qty_received", ">", 0),
            ],
            order="id desc",
            limit=1,
        )
        sellers = product.with_company(company)._prepare_sellers(False)
        return last.order_id.partner_id or sellers[:1].partner_id

    def _raise_or_create(self, product, quantity, values=None):
        """More of what is on the return already, else a new line.

        :param dict values: ``location_id``, ``lot_id``, ``purchase_line_id``
        :return: auto.service.supplier.return.line record
        """
        self.ensure_one()
        values = {"reason": "surplus", **(values or {})}
        same = self.line_ids.filtered(
            lambda line: line.product_id == product
            and not line.core_id
            and all(
                (line[name].id if name.endswith("_id") else line[name]) == value
                for name, value in values.items()
            )
        )[:1]
        if same and product.tracking != "serial":
            same.quantity += quantity
            if "location_id" not in values:
                same.location_id = same._find_location()
            return same
        return self.env["auto.service.supplier.return.line"].create(
            {
                "return_id": self.id,
                "product_id": product.id,
                "quantity": quantity,
                **values,
            }
        )

    def _add_part(self, product, quantity, warehouse):
        """Free pieces of a part, each with the purchase that brought it.

        What came last goes back first; what nobody can tell a purchase of goes on a
        line without one.

        :param float quantity: in the unit of the product
        :param warehouse: stock.warehouse record that the pieces lie in
        """
        self.ensure_one()
        for location, lot, free in self._get_free_pieces(product, quantity, warehouse):
            values = {"location_id": location.id, "lot_id": lot.id}
            for bought, share in self._share_among_purchases(product, free):
                self._raise_or_create(
                    product, share, {**values, "purchase_line_id": bought.id}
                )

    def _get_free_pieces(self, product, quantity, warehouse):
        """Places with free pieces.

        :return: list of (stock.location, stock.lot, quantity)
        """
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id.warehouse_id", "=", warehouse.id),
                ("location_id.usage", "=", "internal"),
                ("quantity", ">", 0),
            ]
        )
        quants = quants.filtered(lambda row: not row.location_id._is_for_defective())
        pieces = []
        for quant in quants.sorted(lambda quant: -quant.available_quantity):
            taken = min(quant.available_quantity, quantity)
            if product.uom_id.compare(taken, 0.0) > 0:
                pieces.append((quant.location_id, quant.lot_id, taken))
                quantity -= taken
        return pieces

    def _share_among_purchases(self, product, quantity):
        """Purchases from the supplier that pieces came by, the latest first.

        :return: list of pairs (purchase.order.line record, quantity); the last one may
            be empty
        """
        self.ensure_one()
        lines = self.env["auto.service.supplier.return.line"].new(
            {"return_id": self.id, "product_id": product.id}
        )
        shares = []
        for bought in lines._get_purchase_lines(self.partner_id):
            left = (
                bought.product_uom_id._compute_quantity(
                    bought.qty_received, product.uom_id, round=False
                )
                - bought._get_quantity_on_drafts()
            )
            share = min(left, quantity)
            if product.uom_id.compare(share, 0.0) > 0:
                shares.append((bought, share))
                quantity -= share
        if product.uom_id.compare(quantity, 0.0) > 0:
            shares.append((self.env["purchase.order.line"], quantity))
        return shares

    @api.model
    def _take_defective(self, product, quantity, location, lot=None, note=None):
        """A part of a job is defective: it goes on a return to its supplier.

        :param float quantity: in the unit of the product
        :param location: stock.location record that it waits in by now
        :param str note: what the parts desk should know
        :return: auto.service.supplier.return.line record; empty when no supplier is
            known
        """
        company = location.company_id or self.env.company
        # technicians and advisors bring defective parts; the parts desk sends them back
        returns_sudo = self.sudo().with_company(company)
        partner = returns_sudo._find_supplier(product, company)
        if not partner:
            return self.env["auto.service.supplier.return.line"]
        buyer = company.sudo().auto_service_buyer_id
        draft_sudo = returns_sudo._get_or_create_draft(partner, company, buyer)
        values = {"reason": "defective", "location_id": location.id}
        if lot:
            values["lot_id"] = lot.id
        line_sudo = draft_sudo._raise_or_create(product, quantity, values)
        if note:
            draft_sudo.message_post(body=note)
        return line_sudo.sudo(self.env.su)
