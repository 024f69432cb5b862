"""Bays, working hours and bookings of the demo garage."""

import json
from datetime import datetime, time, timedelta

import pytz

from odoo.fields import Command

from .labour import SETTINGS_PARAMETER

HOURS = [(8, 12, "morning"), (12, 13, "lunch"), (13, 18, "afternoon")]
BAYS = [
    # name, kind, colour
    ("Lift 1", "kind_lift", 0),
    ("Lift 2", "kind_lift", 0),
    ("Lift 3", "kind_lift", 0),
    ("Post 4", "kind_post", 0),
    ("Alignment stand", "kind_alignment", 0),
    ("Diagnostics", "kind_diagnostics", 0),
    ("Wash", "kind_wash", 0),
]
EQUIPMENT = [
    ("Diagnostic tester", "kind_tester"),
    ("Air conditioning station", "kind_air_conditioning"),
]
#: Level and skills of the technicians, in the order of ``TECHNICIANS``.
PROFILES = [
    ("master", ["Automatic gearboxes", "Diagnosis"]),
    ("specialist", ["Air conditioning", "Diagnosis"]),
    ("specialist", ["Wheel alignment", "Air conditioning"]),
    ("technician", ["Wheel alignment"]),
]
COURTESY_CAR = {
    "brand": "Skoda",
    "model": "Fabia",
    "plate": "555 LNR",
}
#: Bookings of the coming days: plate, working days from today, hour, services (codes
#: of packages and operations), state, what the customer says, more.
BOOKINGS = [
    ("123 ABC", 0, 15, ["PK-OIL"], "confirmed", "Oil service before the holidays.", {}),
    ("482 KTR", 0, 16, ["T-010"], "booked", "Winter wheels, they are in the boot.", {}),
    ("715 LHS", 1, 8, ["PK-BRAKE-F"], "confirmed", "It squeals at the front.", {}),
    ("772 BDH", 1, 8, ["D-010"], "booked", "The engine lamp is on.", {}),
    ("ABC-482", 1, 9, ["T-020"], "booked", "It pulls to the right.", {}),
    ("AA DK-604", 1, 10, ["E-040"], "confirmed", "Air conditioning smells.", {}),
    ("314 BKR", 1, 13, ["PK-OIL", "T-010"], "booked", "Oil and wheels.", {}),
    ("315 BKR", 1, 15, ["M-020"], "booked", "Brake pads, says the driver.", {}),
    ("339 AZM 02", 2, 8, ["PK-BELT"], "booked", "Belt by the book.", {"car": True}),
    ("820 SNM", 2, 9, ["E-011"], "booked", "Clicks, does not start.", {}),
    ("501 NWC", 2, 11, ["M-050"], "booked", "The clutch slips when loaded.", {}),
    ("504 NWC", 3, 8, ["M-036"], "booked", "White smoke, loses coolant.", {}),
    ("AA TX-012", 3, 8, ["D-031"], "confirmed", "Roadworthiness test next week.", {}),
    ("771 NUR 02", 3, 14, ["T-012"], "booked", "New tyres, he brings them.", {}),
    ("503 NWC", 4, 9, ["M-040", "T-020"], "booked", "Front shock absorbers.", {}),
    ("AA TX-011", None, 0, ["PK-OIL"], "waitlist", "As early as possible.", {}),
    ("376 MVP", None, 0, ["D-020"], "requested", "A noise at 90 km/h.", {}),
]
ABSENT = 3  # the technician who is ill tomorrow


class PlanningLoader:
    """What the board of the demo garage shows.

    :param loader: GarageLoader
    """

    def __init__(self, loader):
        self.loader = loader
        self.env = loader.env
        self.company = loader.company

    # Before the people --------------------------------------------------------

    def create_calendar(self):
        """Open every day, so that the board is never empty."""
        self.calendar = self.env["resource.calendar"].create(
            {
                "name": "Demo garage",
                "company_id": self.company.id,
                "tz": self.loader.timeline.zone.zone,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": f"{start}-{stop}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": stop,
                            "day_period": period,
                        }
                    )
                    for day in range(7)
                    for start, stop, period in HOURS
                ],
            }
        )

    def change_settings(self):
        """The garage's hours are its opening hours; the remover sets it back."""
        name = "auto_service_opening_calendar_id"
        if not self.company[name]:
            self.company[name] = self.calendar
            parameters = self.env["ir.config_parameter"]
            note = json.loads(parameters.get_param(SETTINGS_PARAMETER))
            note[name] = self.calendar.id
            parameters.set_param(SETTINGS_PARAMETER, json.dumps(note))

    def create_resources(self):
        """Bays, equipment, a courtesy car and the profiles of the technicians."""
        self._create_plannable("auto.service.bay", BAYS)
        self._create_plannable("auto.service.equipment", EQUIPMENT)
        self._create_courtesy_car()
        skills = self.env["auto.service.skill"].search([("name", "!=", False)])
        ids = {skill.name: skill.id for skill in skills}
        self.technicians = self.env["auto.service.technician"].create(
            [
                {
                    "employee_id": employee.id,
                    "company_id": self.company.id,
                    "skill_level": level,
                    "skill_ids": [Command.set([ids[name] for name in names])],
                    "sequence": number,
                }
                for number, (employee, (level, names)) in enumerate(
                    zip(self.loader.technicians, PROFILES, strict=True)
                )
            ]
        )

    def _create_plannable(self, model, rows):
        self.env[model].create(
            [
                {
                    "name": name,
                    "kind_id": self.env.ref(f"auto_service_booking.{kind}").id,
                    "sequence": number,
                    "company_id": self.company.id,
                    "resource_calendar_id": self.calendar.id,
                }
                for number, (name, kind, *_rest) in enumerate(rows)
            ]
        )

    def _create_courtesy_car(self):
        model = self.loader.get_model(COURTESY_CAR)
        vehicle = self.env["fleet.vehicle"].create(
            {
                "license_plate": COURTESY_CAR["plate"],
                "model_id": model.id,
                "company_id": self.company.id,
            }
        )
        self.env["auto.service.courtesy.car"].create(
            {
                "name": f"{model.name} {COURTESY_CAR['plate']}",
                "kind_id": self.env.ref("auto_service_booking.kind_courtesy_car").id,
                "vehicle_id": vehicle.id,
                "company_id": self.company.id,
                "resource_calendar_id": self.calendar.id,
            }
        )

    # After the visits -----------------------------------------------------------

    def plan(self):
        """Today's work on the board, bookings of the coming days, one absence."""
        self.change_settings()
        self._plan_visits()
        for row in BOOKINGS:
            self._book(*row)
        self._report_sick()

    def _get_moment(self, days, hour):
        """``days`` days from today at ``hour`` of the garage's clock, naive UTC."""
        zone = self.loader.timeline.zone
        today = pytz.utc.localize(self.loader.now).astimezone(zone).date()
        local = datetime.combine(today + timedelta(days=days), time(hour))
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _plan_visits(self):
        """Jobs that are open lie on the board of today."""
        jobs = self.env["auto.service.job"].search(
            [
                (
                    "vehicle_id",
                    "in",
                    [v.id for v, _row in self.loader.vehicles.values()],
                ),
                ("order_id.step", "in", ["received", "in_repair"]),
                ("state", "in", ["todo", "in_progress", "paused"]),
                ("technician_id", "in", self.loader.technicians.ids),
            ],
            order="state, id",
        )
        for job in jobs:
            self._plan_job(job)

    def _plan_job(self, job):
        resource = job.technician_id.resource_id
        found = self.env["auto.service.planner"]._find_slots(
            [self._prepare_slot_line(job, resource)],
            company=self.company,
            start=self._get_moment(0, 8),
            use_reserve=True,
            any_start=True,
            limit=1,
        )
        for offer in found["offers"]:
            rows = self.env["auto.service.allocation"]._allocate_offer(
                offer,
                {"order_id": job.order_id.id, "company_id": self.company.id},
                {job.id: {"job_id": job.id}},
            )
            if job.state == "in_progress":
                rows.write({"state": "started"})

    def _prepare_slot_line(self, job, resource):
        return {
            "key": job.id,
            "minutes": max(30, round(job.hours_book * 4) * 15),
            "needs_bay": True,
            "bay_kind_id": False,
            "bay_resource_id": False,
            "needs_technician": True,
            "technician_resource_id": resource.id,
            "skill_ids": [],
            "skill_level": False,
            "equipment_kind_ids": [],
            "keeps_bay": False,
        }

    def _book(self, plate, days, hour, services, state, note, more):
        vehicle, _row = self.loader.vehicles[plate]
        bookings = self.env["auto.service.booking"].with_user(
            self.loader.users["advisor"]
        )
        booking = bookings.with_context(
            self.env.context, allowed_company_ids=self.company.ids
        ).create(
            {
                "vehicle_id": vehicle.id,
                "partner_id": vehicle.owner_id.id,
                "advisor_id": self.loader.users["advisor"].id,
                "note": note,
                "needs_courtesy_car": more.get("car", False),
                "line_ids": [
                    Command.create(self._prepare_service(code)) for code in services
                ],
            }
        )
        if state == "waitlist":
            booking.action_to_waitlist()
        elif state != "requested":
            self._take_time(booking, self._get_moment(days, hour), state)

    def _prepare_service(self, code):
        if code in self.loader.operations:
            return {"operation_id": self.loader.operations[code].id}
        package = self.env["auto.service.package"].search(
            [("code", "=", code)], limit=1
        )
        return {"package_id": package.id}

    def _take_time(self, booking, moment, state):
        """The first time at or after the one that the customer asked for."""
        found = booking._find_offers(start=moment, limit=1)
        for offer in found["offers"][:1]:
            booking._book_offer(offer)
            if state == "confirmed":
                booking.action_confirm()

    def _report_sick(self):
        """One technician is ill tomorrow: his work waits in the replan queue."""
        employee = self.loader.technicians[ABSENT]
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": employee.resource_id.id,
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": self._get_moment(1, 0),
                "date_to": self._get_moment(2, 0),
            }
        )
