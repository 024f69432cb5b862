from datetime import timedelta

from odoo import Command, api, models
from odoo.exceptions import UserError

#: How far an offer may stretch over breaks and nights, in days.
STRETCH_DAYS = 30


class BoardQuestionError(Exception):
    """The dispatcher has to say how; nothing is kept of what was tried.

    :param list problems: sentences
    :param int minute: next time at which all is free together, None: none is known
    """

    def __init__(self, problems, minute=None):
        super().__init__(" ".join(problems))
        self.problems = problems
        self.minute = minute


class AutoServicePlanner(models.AbstractModel):
    """Booking at a place of the board that somebody clicked."""

    _inherit = "auto.service.planner"

    @api.model
    def book_on_board(self, values, window):
        """Keep a free place of the board for a new booking, a waiting one, or a job.

        :param dict values: ``resource`` (row), ``start`` and ``stop`` (minutes of the
            board), and one of: ``booking`` (id), ``job`` (id), ``event`` (name of what
            is no booking), else a new booking: ``plate``, ``phone``, ``customer``,
            ``vehicle``, ``partner``, ``type``, ``operation``, ``package``,
            ``service``, ``note``, ``is_waiter``, ``source``;
            ``alone`` (True: keep that row only), ``reserve`` (True: use the reserve)
        :param dict window: as ``get_board`` gave it
        :return: dict as of ``get_board_blocks``, with ``booking`` (id) if there is one;
            or ``problems`` and ``next`` (minute of the next possible time)
        """
        self._check_board_access("write")
        company, clock = self._get_window_clock(window)
        self = self.with_company(company)
        try:
            with self.env.cr.savepoint():
                rows = self._take_board_place(values, clock, company)
        except BoardQuestionError as question:
            return {"problems": question.problems, "next": question.minute}
        answer = self._get_changed_blocks(list(set(rows.mapped("block"))), window)
        return {**answer, "booking": rows.booking_id.id}

    @api.model
    def _take_board_place(self, values, clock, company):
        """Allocate what the values ask for.

        :return: auto.service.allocation records
        """
        start = clock.to_utc(values["start"])
        stop = clock.to_utc(values["stop"])
        resource = self.env["resource.resource"].browse(values["resource"])
        if values.get("event"):
            return self._take_event(values["event"], resource, start, stop, company)
        if values.get("job"):
            job = self.env["auto.service.job"].browse(values["job"])
            return self._take_job(job, resource, start, stop, values, clock)
        booking = self.env["auto.service.booking"].browse(values.get("booking") or [])
        if not booking:
            booking = booking.create(self._prepare_board_booking(values, start, stop))
        elif booking.state in ("done", "cancelled", "no_show"):
            raise UserError(
                self.env._(
                    "%(booking)s is closed. Copy it, and place the copy.",
                    booking=booking.display_name,
                )
            )
        if values.get("reserve"):
            booking.uses_reserve = True
        lines, options = booking._get_slot_request()
        minutes = (stop - start) / timedelta(minutes=1)
        offer = self._find_board_offer(
            lines, options, resource, (start, minutes), values, clock
        )
        return booking._book_offer(offer)

    @api.model
    def _take_event(self, name, resource, start, stop, company):
        """Time that is no booking: training, cleaning, a visit of the inspector."""
        return self.env["auto.service.allocation"].create(
            {
                "name": name,
                "resource_id": resource.id,
                "start": start,
                "stop": stop,
                "company_id": company.id,
                "is_overtime": True,
            }
        )

    @api.model
    def _take_job(self, job, resource, start, stop, values, clock):
        """Time for a job of a work order that has none yet."""
        minutes = (stop - start) / timedelta(minutes=1)
        line = self._prepare_job_line(job, minutes)
        options = {"use_reserve": True}  # the vehicle is here
        offer = self._find_board_offer(
            [line], options, resource, (start, minutes), values, clock
        )
        common = {"order_id": job.order_id.id, "company_id": job.company_id.id}
        by_line = {line["key"]: {"job_id": job.id}}
        return self.env["auto.service.allocation"]._allocate_offer(
            offer, common, by_line
        )

    @api.model
    def _prepare_job_line(self, job, minutes):
        """What a job needs of the board.

        :param float minutes: how long
        :return: dict, see ``_find_slots``
        """
        operations = job.sudo().line_ids.operation_id  # technicians see no prices
        return {
            "key": job.id,
            "minutes": minutes,
            "needs_bay": True,
            "bay_kind_id": operations.bay_kind_id[:1].id,
            "bay_resource_id": False,
            "needs_technician": True,
            "technician_resource_id": job.technician_id.sudo().resource_id.id,
            "skill_ids": operations.skill_ids.ids,
            "skill_level": False,
            "equipment_kind_ids": operations.equipment_kind_ids.ids,
            "keeps_bay": any(operations.mapped("keeps_bay")),
        }

    @api.model
    def _prepare_board_booking(self, values, start, stop):
        """Values of a booking that is made on the board."""
        booking = {
            "company_id": self.env.company.id,
            "plate_entry": values.get("plate"),
            "phone_entry": values.get("phone"),
            "customer_entry": values.get("customer"),
            "vehicle_id": values.get("vehicle"),
            "partner_id": values.get("partner"),
            "type_id": values.get("type"),
            "note": values.get("note"),
            "is_waiter": values.get("is_waiter"),
            "needs_courtesy_car": values.get("needs_courtesy_car"),
            "source_id": values.get("source"),
            "advisor_id": self.env.user.id,
        }
        service = self._prepare_board_service(values, start, stop)
        if service:
            booking["line_ids"] = [Command.create(service)]
        return {name: value for name, value in booking.items() if value}

    @api.model
    def _prepare_board_service(self, values, start, stop):
        """Values of the service; its hours are what was drawn on the board."""
        service = {
            "operation_id": values.get("operation"),
            "package_id": values.get("package"),
            "name": values.get("service"),
            "hours": (stop - start) / timedelta(hours=1),
        }
        return {name: value for name, value in service.items() if value}

    # The place ----------------------------------------------------------------------

    @api.model
    def _find_board_offer(self, lines, options, resource, place, values, clock):
        """Offer of the planner that begins exactly at the place.

        :param place: (start in naive UTC, minutes)
        :raise BoardQuestionError: what is needed is not free together then
        """
        start, minutes = place
        for line in lines:
            self._pin_line(line, resource)
        if len(lines) == 1:
            lines[0]["minutes"] = minutes
        if values.get("alone"):
            return self._prepare_lone_offer(lines, resource, start, minutes)
        found = self._find_slots(
            lines,
            company=self.env.company,
            **{
                **options,
                "start": start,
                "stop": start + timedelta(days=STRETCH_DAYS),
                "day_part": None,
                "any_start": True,
                "limit": 1,
                "step_minutes": int(self.env.company.auto_service_slot_minutes),
                "use_reserve": options.get("use_reserve") or values.get("reserve"),
            },
        )
        offer = next(iter(found["offers"]), None)
        if offer and offer["start"] == start:
            return offer
        minute = offer and clock.to_minute(offer["start"])
        raise BoardQuestionError(self._get_place_problems(found, offer), minute)

    @api.model
    def _get_place_problems(self, found, offer):
        """Why nothing can begin at the place that was clicked."""
        if found["problems"]:
            return found["problems"]
        time = offer and self.env["auto.service.allocation"]._format_time(
            offer["start"], self.env.company._get_planning_tz().zone
        )
        if time:
            return [
                self.env._(
                    "Not all that the work needs is free then. The next time is "
                    "%(time)s.",
                    time=time,
                )
            ]
        return [self.env._("Not all that the work needs is free then.")]

    @api.model
    def _pin_line(self, line, resource):
        """The service takes the row that was clicked."""
        role = resource.sudo().auto_service_role
        if role == "bay":
            line.update(needs_bay=True, bay_resource_id=resource.id)
        elif role == "technician":
            line.update(needs_technician=True, technician_resource_id=resource.id)

    @api.model
    def _prepare_lone_offer(self, lines, resource, start, minutes):
        """Offer that keeps the clicked row and nothing else, one service after another.

        :return: dict as the planner's offers
        """
        if len(lines) > 1:
            minutes = sum(line["minutes"] for line in lines)
        stop = start + timedelta(minutes=minutes)
        segment = {
            "start": start,
            "stop": stop,
            "gap": False,
            "resource_ids": [resource.id],
        }
        line = {
            "key": lines[0]["key"],
            "start": start,
            "stop": stop,
            "segments": [segment],
        }
        return {
            "start": start,
            "stop": stop,
            "lines": [line],
            "courtesy_resource_id": False,
        }
