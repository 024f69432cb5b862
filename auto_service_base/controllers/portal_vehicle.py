from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager


class VehiclePortal(CustomerPortal):
    """The customer's vehicles with their visits.

    Customers have no access to vehicles and work orders: the domain of the owner is
    checked here, then the page reads in sudo, as the host's portal pages do.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "vehicle_count" in counters:
            values["vehicle_count"] = (
                request.env["fleet.vehicle"]
                .sudo()
                .search_count(self._get_portal_vehicle_domain())
            )
        return values

    def _get_portal_partners(self):
        """The visitor and the company that he belongs to."""
        partner = request.env.user.partner_id
        return partner | partner.commercial_partner_id

    def _get_portal_vehicle_domain(self):
        """Domain of the visitor's own vehicles; extend it with your conditions."""
        return Domain("is_customer_vehicle", "=", True) & Domain(
            "owner_id", "in", self._get_portal_partners().ids
        )

    def _get_portal_visit_domain(self, vehicle_sudo):
        """Domain of the visits that the visitor may see on his vehicle.

        What a former owner had done, and paid, is nobody else's business.

        :param vehicle_sudo: fleet.vehicle record
        """
        company = request.env.user.partner_id.commercial_partner_id
        commercial = "partner_id.commercial_partner_id"
        is_customer = Domain(commercial, "=", company.id)
        is_payer = Domain(f"sale_order_ids.{commercial}", "=", company.id)
        return (
            Domain("vehicle_id", "=", vehicle_sudo.id)
            & Domain("state", "!=", "cancelled")
            & (is_customer | is_payer)
        )

    @route(
        ["/my/vehicles", "/my/vehicles/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_vehicles(self, page=1, **kwargs):
        """List of the visitor's vehicles."""
        vehicles_sudo = request.env["fleet.vehicle"].sudo()
        domain = self._get_portal_vehicle_domain()
        pager = portal_pager(
            url="/my/vehicles",
            total=vehicles_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="vehicle",
            default_url="/my/vehicles",
            pager=pager,
            vehicles=vehicles_sudo.search(
                domain,
                order="license_plate, id",
                limit=self._items_per_page,
                offset=pager["offset"],
            ),
        )
        return request.render("auto_service_base.portal_my_vehicles", values)

    @route("/my/vehicles/<int:vehicle_id>", type="http", auth="user", website=True)
    def portal_my_vehicle(self, vehicle_id, **kwargs):
        """A vehicle with its visits; home for anybody else's vehicle.

        Not read-only: links to documents may have to get their token.
        """
        vehicle_sudo = (
            request.env["fleet.vehicle"]
            .sudo()
            .search(self._get_portal_vehicle_domain() & Domain("id", "=", vehicle_id))
        )
        if not vehicle_sudo:
            return request.redirect("/my/vehicles")
        values = self._prepare_portal_layout_values()
        values.update(self._prepare_vehicle_values(vehicle_sudo))
        return request.render("auto_service_base.portal_my_vehicle", values)

    def _prepare_vehicle_values(self, vehicle_sudo):
        """Rendering values of the page of a vehicle.

        :param vehicle_sudo: fleet.vehicle record in sudo
        """
        company = request.env.user.partner_id.commercial_partner_id
        visits = vehicle_sudo.env["auto.service.order"].search(
            self._get_portal_visit_domain(vehicle_sudo), order="id desc"
        )
        return {
            "page_name": "vehicle",
            "vehicle": vehicle_sudo,
            "visits": [
                {"order": visit, **visit._get_portal_documents(company)}
                for visit in visits
            ],
            "recommendations": vehicle_sudo.recommendation_ids.filtered(
                lambda rec: rec.state == "open"
                and rec.partner_id.commercial_partner_id == company
            ),
        }
