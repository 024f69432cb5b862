from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .auto_service_booking import OPEN_STATES

SHOWN = 3  # names in one note at most


class AutoServiceBooking(models.Model):
    """What must be in sight while a booking is being made."""

    _inherit = "auto.service.booking"

    @api.model
    @api.readonly
    def get_sight(self, partner_id, vehicle_id, booking_id=False):
        """Debts, disputes and open work of who is at the telephone.

        :param partner_id: id of a res.partner or False
        :param vehicle_id: id of a fleet.vehicle or False
        :param booking_id: the booking itself, which is not told of
        :return: list of dicts: ``kind`` (danger, warning or info), ``icon``, ``text``,
            ``model`` and ``ids`` to open; recommendations have ``add``
        """
        self.check_access("read")
        partner = self.env["res.partner"].browse(partner_id or []).exists()
        vehicle = self.env["fleet.vehicle"].browse(vehicle_id or []).exists()
        notes = []
        if partner:
            notes += self._get_partner_notes(partner)
        notes += self._get_other_bookings_notes(partner, vehicle, booking_id)
        if vehicle:
            notes += self._get_vehicle_notes(vehicle)
        return notes

    @api.model
    def _get_partner_notes(self, partner):
        """Disputes, debts and times that the customer missed."""
        notes = []
        if partner.has_conflict:
            text = self.env._("Conflict: %(note)s", note=partner.conflict_note or "…")
            notes.append(self._prepare_note("danger", "fa-bolt", text, partner))
        notes += self._get_debt_notes(partner)
        missed = self.search_count(
            [("partner_id", "=", partner.id), ("state", "=", "no_show")]
        )
        if missed:
            text = self.env._("did not come before: %(count)s", count=missed)
            notes.append(self._prepare_note("warning", "fa-user-times", text))
        return notes

    @api.model
    def _get_debt_notes(self, partner):
        """Unpaid invoices, and how much of it is overdue. Advisors see money."""
        if not self.env.user.has_group("auto_service_base.group_advisor"):
            return []
        commercial = partner.commercial_partner_id
        domain = partner._get_unpaid_domain(commercial)
        today = fields.Date.context_today(self)
        late = domain & Domain("invoice_date_due", "<", today)
        # Advisors may lack the rights to invoices; they see these sums only.
        moves = self.env["account.move"].sudo()
        [(amount, count)] = moves._read_group(
            domain, [], ["amount_residual_signed:sum", "__count"]
        )
        currency = self.env.company.currency_id
        if not count or currency.is_zero(amount or 0.0):
            return []
        [(overdue,)] = moves._read_group(late, [], ["amount_residual_signed:sum"])
        text = self.env._(
            "%(amount)s unpaid on %(count)s invoices",
            amount=currency.format(amount),
            count=count,
        )
        if not currency.is_zero(overdue or 0.0):
            text = self.env._(
                "%(text)s, %(overdue)s overdue",
                text=text,
                overdue=currency.format(overdue),
            )
        return [
            self._prepare_note("danger" if overdue else "warning", "fa-money", text)
        ]

    @api.model
    def _get_other_bookings_notes(self, partner, vehicle, booking_id):
        """Other bookings that are still to come."""
        who = Domain.FALSE
        if vehicle:
            who |= Domain("vehicle_id", "=", vehicle.id)
        if partner:
            who |= Domain("partner_id", "=", partner.id)
        domain = who & Domain("state", "in", OPEN_STATES)
        others = self.search(domain & Domain("id", "!=", booking_id or 0))
        if not others:
            return []
        texts = [other._get_short_label() for other in others[:SHOWN]]
        text = self.env._("Booked already: %(bookings)s", bookings="; ".join(texts))
        return [self._prepare_note("warning", "fa-calendar", text, others)]

    def _get_short_label(self):
        """“BK/2026/00012 · 123 ABC, Mon 2 Mar 09:00”."""
        self.ensure_one()
        if not self.start:
            return f"{self.display_name}, {self._get_state_label(self.state)}"
        allocations = self.env["auto.service.allocation"]
        tz = allocations._get_board_tz(self.company_id)
        return f"{self.display_name}, {allocations._format_time(self.start, tz)}"

    @api.model
    def _get_vehicle_notes(self, vehicle):
        """The vehicle is here already, is due for service, has open recommendations."""
        notes = []
        orders = self.env["auto.service.order"]
        visits = orders.search(orders._get_open_visit_domain(vehicle))
        if visits:
            text = self.env._(
                "In the garage: %(orders)s", orders=", ".join(visits.mapped("name"))
            )
            notes.append(self._prepare_note("info", "fa-wrench", text, visits))
        hint = vehicle._get_maintenance_hint(orders)
        if hint:
            notes.append(self._prepare_note("info", "fa-calendar-check-o", hint))
        return notes + self._get_recommendation_notes(vehicle)

    @api.model
    def _get_recommendation_notes(self, vehicle):
        """Work that was recommended and not done: one note each, to be added."""
        domain = [("vehicle_id", "=", vehicle.id), ("state", "=", "open")]
        recommendations = self.env["auto.service.recommendation"].search(domain)
        notes = []
        for recommendation in recommendations:
            text = recommendation.name
            if recommendation.due_date:
                date = format_date(self.env, recommendation.due_date)
                text = self.env._("%(name)s, until %(date)s", name=text, date=date)
            note = self._prepare_note("info", "fa-lightbulb-o", text, recommendation)
            notes.append({**note, "add": recommendation.id})
        return notes

    @api.model
    def _prepare_note(self, kind, icon, text, records=None):
        """One note of ``get_sight``."""
        note = {"kind": kind, "icon": icon, "text": text, "model": False, "ids": []}
        if records:
            note.update(model=records._name, ids=records.ids)
        return note

    def add_recommendation(self, recommendation_id):
        """Put recommended work on the booking as a service.

        :param int recommendation_id: id of an auto.service.recommendation
        :return: True
        """
        self.ensure_one()
        recommendation = self.env["auto.service.recommendation"].browse(
            recommendation_id
        )
        if recommendation not in self.line_ids.recommendation_id:
            self.env["auto.service.booking.line"].create(
                {
                    "booking_id": self.id,
                    "name": recommendation.name,
                    "recommendation_id": recommendation.id,
                    "package_id": recommendation.origin_job_id.package_id.id,
                    **({"hours": recommendation.hours} if recommendation.hours else {}),
                }
            )
        return True
