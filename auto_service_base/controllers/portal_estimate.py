import math

from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request, route

from odoo.addons.sale_management.controllers.portal import CustomerPortal


class EstimatePortal(CustomerPortal):
    """The customer reads, chooses jobs of and signs an estimate of the garage."""

    def _get_estimate_sudo(self, order_id, access_token):
        """Estimate of a visit that the visitor may read.

        :param int order_id: id of the sale.order
        :param str access_token: token of the link, ``None`` for a customer logged in
        :return: sale.order record in sudo; empty when it is not his or no estimate of
            a visit, which is the host's to answer
        """
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.env["sale.order"].sudo()
        return order_sudo.filtered("work_order_id")

    def _get_portal_author(self, order_sudo):
        """Who acts: the customer of the link, or who is logged in."""
        user = request.env.user
        return order_sudo.partner_id if user._is_public() else user.partner_id

    @route(
        "/my/orders/<int:order_id>/job/<int:job_id>/decline",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_job_decline(self, order_id, job_id, access_token=None, **kwargs):
        """The customer does not want one job of the estimate."""
        return self._decide_job(order_id, job_id, access_token, is_wanted=False)

    @route(
        "/my/orders/<int:order_id>/job/<int:job_id>/accept",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_job_accept(self, order_id, job_id, access_token=None, **kwargs):
        """The customer takes a declined job of the estimate back in."""
        return self._decide_job(order_id, job_id, access_token, is_wanted=True)

    def _decide_job(self, order_id, job_id, access_token, is_wanted):
        """Check access, let the estimate decide, show it again.

        :return: response that redirects to the estimate, or home without access
        """
        order_sudo = self._get_estimate_sudo(order_id, access_token)
        if not order_sudo:
            return request.redirect("/my")
        job_sudo = order_sudo.order_line.job_id.filtered(lambda job: job.id == job_id)
        if not job_sudo or not order_sudo._can_decide_job_on_portal(job_sudo):
            url = order_sudo.get_portal_url(query_string="&message=cant_decide")
            return request.redirect(url)
        order_sudo._decide_job_on_portal(
            job_sudo, is_wanted, self._get_portal_author(order_sudo)
        )
        return request.redirect(order_sudo.get_portal_url(anchor="details"))

    @route()
    def portal_quote_accept(
        self, order_id, access_token=None, name=None, signature=None
    ):
        """Sign: on estimates of the garage a missing PDF engine loses no signature."""
        token = access_token or request.httprequest.args.get("access_token")
        order_sudo = self._get_estimate_sudo(order_id, token)
        if order_sudo and order_sudo._is_everything_declined():
            return {
                "error": request.env._(
                    "Every job is declined. Take a job back in, or reject the estimate."
                )
            }
        if order_sudo:
            request.update_context(auto_service_document_optional=True)
        result = super().portal_quote_accept(
            order_id, access_token=access_token, name=name, signature=signature
        )
        if order_sudo and "error" not in result:
            order_sudo._keep_signed_document()
        return result

    @route()
    def portal_quote_decline(
        self, order_id, access_token=None, decline_message=None, **kwargs
    ):
        """Reject: the jobs of the estimate become recommendations."""
        order_sudo = self._get_estimate_sudo(order_id, access_token)
        if order_sudo and order_sudo._has_to_be_signed() and decline_message:
            order_sudo._decline_offer()
        return super().portal_quote_decline(
            order_id,
            access_token=access_token,
            decline_message=decline_message,
            **kwargs,
        )

    @route()
    def portal_quote_option_update(
        self,
        order_id,
        line_id,
        access_token=None,
        remove=False,
        input_quantity=False,
        **kwargs,
    ):
        """Refuse quantities that no customer can order, on every sale order.

        The host writes whatever it gets: a negative quantity makes the order cheaper.
        """
        if input_quantity is not False:
            input_quantity = self._check_quantity(input_quantity)
        return super().portal_quote_option_update(
            order_id,
            line_id,
            access_token=access_token,
            remove=remove,
            input_quantity=input_quantity,
            **kwargs,
        )

    def _check_quantity(self, quantity):
        """Quantity as a finite number of zero or more.

        :param quantity: value out of the request
        :raise ValidationError: for everything else
        """
        try:
            number = None if isinstance(quantity, bool) else float(quantity)
        except (TypeError, ValueError, OverflowError):
            number = None
        if number is None or not math.isfinite(number) or number < 0:
            raise ValidationError(request.env._("Enter a quantity of zero or more."))
        return number
