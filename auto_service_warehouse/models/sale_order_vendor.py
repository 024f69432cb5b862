from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """No estimate with a part to be bought that nobody sells."""

    _inherit = "sale.order"

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or self._get_vendor_sentence()

    def action_quotation_send(self):
        """What nobody can bring is not offered either."""
        self._ensure_vendors()
        return super().action_quotation_send()

    def action_quotation_sent(self):
        self._ensure_vendors()
        return super().action_quotation_sent()

    def _ensure_vendors(self):
        """Refuse to offer what nobody sells, while it can still be mended."""
        for order in self.filtered(lambda order: order.state in ("draft", "sent")):
            sentence = order._get_vendor_sentence()
            if sentence:
                raise UserError(sentence)

    def _get_vendor_sentence(self):
        """Which parts have no vendor, and what to do about it.

        :return: text, False when nothing stands against the estimate, or when it is
            the customer who signs: he is never told, see ``_action_confirm``
        """
        if self._is_decided_by_customer():
            return False
        lines = self._get_lines_without_vendor()
        if not lines:
            return False
        return self.env._(
            "%(estimate)s: nobody sells %(parts)s to you, and there are not enough in "
            "stock. Enter a vendor on the “Purchase” page of the part, or take another "
            "part.",
            estimate=self.name,
            parts=lines._get_names_of_parts(),
        )

    def _is_decided_by_customer(self):
        """Whether the portal, or a payment that came in, confirms the estimate."""
        user = self.env.user
        return user.id == SUPERUSER_ID or not user._is_internal()

    def _get_lines_without_vendor(self):
        """Parts of the estimate of a visit that nobody sells.

        :return: sale.order.line records in sudo
        """
        order_sudo = self.sudo()  # advisors have no rights on stock and purchases
        required = order_sudo.company_id.auto_service_vendor_required
        if not order_sudo.work_order_id or not required:
            return order_sudo.order_line.browse()
        lines = order_sudo._get_lines_of_offer()
        return lines.with_company(order_sudo.company_id)._get_lines_without_vendor()

    def _action_confirm(self):
        """The customer's signature counts; the advisor learns what is to be mended."""
        signed = self.filtered(lambda order: order._is_decided_by_customer())
        missing = {order: order._get_lines_without_vendor() for order in signed}
        res = super()._action_confirm()
        for order, lines in missing.items():
            if lines:
                order.sudo()._tell_missing_vendor(lines)  # the customer has no rights
        return res

    def _tell_missing_vendor(self, lines):
        """A task for the advisor: find somebody who sells the parts."""
        self.ensure_one()
        order = self.work_order_id
        order.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Approved, but nobody sells a part"),
            note=lines._get_names_of_parts(),
            user_id=(order.advisor_id or self.user_id).id or SUPERUSER_ID,
        )
