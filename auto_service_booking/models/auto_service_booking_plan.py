import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .auto_service_booking import OPEN_STATES


class AutoServiceBooking(models.Model):
    """Finding a time for a booking, taking it, giving it back."""

    _inherit = "auto.service.booking"

    # What the planner is asked ----------------------------------------------------

    def _get_slot_request(self):
        """What the booking needs, for ``auto.service.planner._find_slots``.

        :return: tuple of the list of lines and the dict of options
        """
        self.ensure_one()
        return self._get_slot_lines(), self._get_slot_options()

    def _get_slot_lines(self):
        """One dict for every service; without services what the type needs.

        :return: list of dicts, the key is the id of the service, 0 without one
        """
        if self.line_ids:
            return [line._get_slot_line() for line in self.line_ids]
        kind = self.type_id
        return [
            {
                "key": 0,
                "minutes": self._round_up(kind.default_hours * 60),
                "needs_bay": kind.needs_bay,
                "bay_kind_id": kind.bay_kind_id.id,
                "bay_resource_id": False,
                "needs_technician": kind.needs_technician,
                "technician_resource_id": False,
                "skill_ids": [],
                "skill_level": False,
                "equipment_kind_ids": [],
                "keeps_bay": False,
            }
        ]

    def _get_slot_options(self):
        """Wishes of the customer; what the booking keeps now counts as free."""
        now = fields.Datetime.now()
        start = max(self.wish_from or now, now)
        live = self._get_live_allocations()
        options = {
            "start": start,
            "stop": self._get_search_end(start),
            "day_part": self.wish_part or None,
            "courtesy_car": self._gets_courtesy_car(),
            "courtesy_kind_id": self.courtesy_kind_id.id,
            "use_reserve": self.uses_reserve,
            "exclude_blocks": list(set(live.mapped("block"))),
        }
        return options

    def _get_search_end(self, start):
        """Times are looked for until then: 30 days, or what the customer wants.

        :param datetime start: naive UTC
        :return: naive UTC datetime
        """
        if self.wish_to and self.wish_to > start:
            return self.wish_to
        return start + timedelta(days=30)

    def _gets_courtesy_car(self):
        self.ensure_one()
        return self.needs_courtesy_car or self.type_id.needs_courtesy_car

    @api.model
    def _get_grid_minutes(self):
        """Grid of the board, in minutes."""
        company = self.company_id[:1] or self.env.company
        return int(company.auto_service_slot_minutes or 15)

    def _round_up(self, minutes):
        """``minutes`` on the grid of the board, at least one step of it."""
        grid = self._get_grid_minutes()
        return max(grid, math.ceil(round(minutes / grid, 4)) * grid)

    def _find_offers(self, **options):
        """Times at which all that the booking needs is free together.

        :param options: of the planner; they go before the wishes of the booking
        :return: dict with ``offers`` and ``problems``, see ``_find_slots``
        """
        self.ensure_one()
        lines, wishes = self._get_slot_request()
        planner = self.env["auto.service.planner"]
        return planner._find_slots(
            lines, company=self.company_id, **{**wishes, **options}
        )

    # Taking and giving back -------------------------------------------------------

    def _get_live_allocations(self):
        """Time that is kept now and not worked in yet."""
        return self.allocation_ids.filtered(
            lambda row: row.state in ("held", "planned")
        )

    def _book_offer(self, offer, state="booked"):
        """Keep the time of an offer in place of what the booking kept before.

        :param dict offer: one of the planner's offers
        :param str state: state of the booking afterwards; ``waitlist``: the time is
            only held until ``held_until``
        :return: auto.service.allocation records
        :raise ValidationError: somebody was faster
        """
        self.ensure_one()
        self._lock()
        self._ensure_can_be_planned()
        before = self._get_time_label()
        quiet = self.with_context(auto_service_no_log=True)
        rows = self._get_live_allocations()
        with self.env.cr.savepoint():
            # Both at once: two who change places would wait for each other.
            rows._lock_spans(rows._get_replan_spans(offer))
            quiet._cancel_allocations()
            allocations = quiet._allocate(offer, state)
        self._log(
            "moved" if before else "booked",
            before=before,
            after=self._get_time_label(),
        )
        if state != self.state and (self.state not in ("confirmed", "arrived")):
            self._set_state(state)
        return allocations

    def _ensure_can_be_planned(self):
        """Only a booking that is still to come is given a time."""
        over = self.filtered(
            lambda booking: booking.state not in OPEN_STATES
            or booking.state == "in_work"
        )
        if over:
            raise UserError(
                self.env._(
                    "%(bookings)s is over or being worked on. Move what is left on the "
                    "board, reopen it, or copy it for a new time.",
                    bookings=", ".join(over.mapped("name")),
                )
            )

    def _allocate(self, offer, state):
        """Create the rows of an offer for this booking.

        :return: auto.service.allocation records
        """
        rows = self.env["auto.service.allocation"]._allocate_offer(
            offer, self._prepare_allocation_values(state), self._get_values_by_line()
        )
        if not rows:  # nothing is planned, only the time of the customer
            self.sudo().write({"start": offer["start"], "stop": offer["stop"]})
        return rows

    def _prepare_allocation_values(self, state):
        """Values of every row that is kept for the booking."""
        self.ensure_one()
        is_held = state == "waitlist"
        return {
            "booking_id": self.id,
            "company_id": self.company_id.id,
            "order_id": self.order_id.id,
            "state": "held" if is_held else "planned",
            "held_until": self.held_until if is_held else False,
        }

    def _get_values_by_line(self):
        """Values of the rows of every service.

        :return: dict of line id -> values
        """
        return {
            line.id: {"line_id": line.id, "job_id": line.job_id.id}
            for line in self.line_ids
        }

    def _cancel_allocations(self):
        """Give back what is kept and not worked in yet.

        :return: auto.service.allocation records that were given back
        """
        rows = self._get_live_allocations()
        rows.write({"state": "cancelled", "replan_reason": False})
        return rows

    def _free_allocations(self):
        """Give the time back; the waitlist hears of it."""
        for booking in self:
            before = booking._get_time_label()
            rows = booking.with_context(auto_service_no_log=True)._cancel_allocations()
            if rows:
                booking._log("freed", before=before)
            if booking.state in OPEN_STATES and not booking.allocation_ids.filtered(
                lambda row: row.state != "cancelled"
            ):
                booking.sudo().write({"start": False, "stop": False})

    def _retake_allocations(self):
        """Take the time again that was given back last, for a reopened booking.

        :raise ValidationError: somebody else has it now
        """
        self.ensure_one()
        rows = self.allocation_ids.filtered(lambda row: row.state == "cancelled")
        rows = rows.filtered(
            lambda row: row.start >= self.start and row.stop <= self.stop
        )
        newest = max(rows.mapped("write_date"), default=False)
        rows.filtered(lambda row: row.write_date == newest).write({"state": "planned"})

    def _needs_resources(self):
        """Whether the board keeps anything for the booking."""
        self.ensure_one()
        return self._gets_courtesy_car() or any(
            line["needs_bay"] or line["needs_technician"] or line["equipment_kind_ids"]
            for line in self._get_slot_lines()
        )

    def _lock(self):
        """Wait for, and then exclude, whoever else acts on the bookings.

        Writing the row makes the second of two transactions start again with what the
        first one did (REPEATABLE READ).
        """
        self.flush_recordset()
        for booking_id in sorted(self.ids):
            self.env.cr.execute(
                SQL(
                    "UPDATE auto_service_booking SET id = id WHERE id = %s", booking_id
                ),
                log_exceptions=False,
            )

    # The dialog "Find a time" -----------------------------------------------------

    def action_find_time(self):
        """Open the dialog with free times.

        :return: client action
        """
        self.ensure_one()
        self._ensure_can_be_planned()
        return {
            "type": "ir.actions.client",
            "tag": "auto_service_find_time",
            "name": self.env._("Find a time"),
            "target": "new",
            "params": {"model": self._name, "id": self.id},
        }

    def get_time_offers(self, filters=None):
        """Free times for the dialog.

        :param dict filters: see ``auto.service.planner._get_filter_options``
        :return: dict with days of offers, problems and what can be chosen
        """
        self.ensure_one()
        self.check_access("read")
        planner = self.env["auto.service.planner"]
        options = planner._get_filter_options(filters or {}, self.company_id)
        found = self._find_offers(**options)
        return {
            **planner._describe_offers(found, self.company_id),
            "next": planner._describe_next(
                found, self._find_offers, options, self.company_id
            ),
            "title": self.display_name,
            "hours": self.hours,
            "technicians": planner._get_technician_choices(self.company_id),
            "wish_part": self.wish_part or False,
            "uses_reserve": self.uses_reserve,
            "can_wait": self.state in ("requested", "booked", "confirmed"),
        }

    def book_time(self, start, filters=None):
        """Book the time that somebody clicked in the dialog.

        The planner is asked again for that very moment: what was shown may be gone.

        :param str start: naive UTC
        :param dict filters: as for ``get_time_offers``
        :return: True
        :raise ValidationError: it was taken meanwhile
        """
        self.ensure_one()
        self.check_access("write")
        planner = self.env["auto.service.planner"].with_company(self.company_id)
        options = planner._get_filter_options(filters or {}, self.company_id)
        moment = fields.Datetime.to_datetime(start)
        if options.get("use_reserve") and not self.uses_reserve:
            self.uses_reserve = True
        offer = planner._pick_offer(
            self._find_offers(**{**options, "start": moment, "limit": 1}), moment
        )
        self._book_offer(offer)
        return True

    def _get_time_label(self):
        """When, where and who: “Mon 2 Mar 09:00 – 10:00 · Lift 1, Toomas Mets”.

        :return: text, empty without a time
        """
        self.ensure_one()
        if not self.start:
            return ""
        rows = self.allocation_ids.filtered(lambda row: row.state != "cancelled")
        return rows._get_label(self.start, self.stop)
