from odoo import api, models
from odoo.fields import Domain

PACKAGES = 6
OPERATIONS = 10


class AutoServiceBookingLine(models.Model):
    """The one box in which a service is typed."""

    _inherit = "auto.service.booking.line"

    @api.model
    @api.readonly
    def search_services(self, text, vehicle_id=False):
        """Packages that fit the vehicle, then operations; what is sold most first.

        :param str text: words of a name or code; empty: what is sold most
        :param vehicle_id: id of a fleet.vehicle or False
        :return: list of dicts with ``kind`` (package or operation), ``id``, ``name``
            and ``hours`` (None where they are not known)
        """
        vehicle = self.env["fleet.vehicle"].browse(vehicle_id or []).exists()
        domain = self._get_service_domain(text or "")
        packages = self.env["auto.service.package"].search(
            domain, order="is_favourite desc, sold_count desc, sequence, id", limit=100
        )
        fit = packages._get_fit(vehicle)
        packages = packages.filtered(lambda package: fit[package.id][0])[:PACKAGES]
        operations = self.env["auto.service.operation"].search(
            domain,
            order="is_favourite desc, sold_count desc, sequence, code, name, id",
            limit=OPERATIONS,
        )
        hours = self._get_search_hours(operations, vehicle)
        rows = [
            {"kind": "package", "id": rec.id, "name": rec.name, "hours": None}
            for rec in packages
        ]
        return rows + [
            {
                "kind": "operation",
                "id": rec.id,
                "name": rec.name,
                "hours": hours[rec.id],
            }
            for rec in operations
        ]

    @api.model
    def _get_service_domain(self, text):
        """Operations or packages whose name or code has all the words."""
        companies = self.env.company.sudo().parent_ids  # with itself
        domain = Domain("company_id", "in", [False, *companies.ids])
        for word in text.split():
            domain &= Domain("name", "ilike", word) | Domain("code", "ilike", word)
        return domain

    @api.model
    def _get_search_hours(self, operations, vehicle):
        """Hours of the operations on ``vehicle``.

        :return: dict of operation id -> hours or None
        """
        times = operations._get_labour_times(vehicle)
        return {
            operation.id: operation.booking_hours
            or (times[operation.id].chosen and times[operation.id].chosen.hours)
            or None
            for operation in operations
        }
