from datetime import datetime

import pytz

from odoo import Command

from odoo.addons.auto_service_base.tests.common import AutoServiceOrderCommon

TZ = "Europe/Tallinn"
MONDAY = "2026-03-02"  # freeze the time at this day where dates matter
WORKDAYS = range(5)
HOURS = ((8, 12, "morning"), (13, 17, "afternoon"))


class BookingCommon(AutoServiceOrderCommon):
    """A garage that works Monday to Friday, 8-12 and 13-17 in Tallinn, and builders.

    No bay and no technician is planned until a test creates one.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = TZ
        (cls.user_advisor | cls.user_manager | cls.user_technician).tz = TZ
        cls.calendar = cls._create_calendar()
        cls.env.company.write(
            {
                "resource_calendar_id": cls.calendar.id,
                "auto_service_opening_calendar_id": False,
                "auto_service_slot_minutes": "15",
                "auto_service_reserve_percent": 0,
                "auto_service_break_minutes": 120,
            }
        )
        cls._put_aside_others()
        cls.type_repair = cls.env["auto.service.booking.type"].create(
            {"name": "Repair of the test", "sequence": -1}
        )
        cls.kind_lift = cls._create_kind(name="Lift of the test")

    @classmethod
    def _put_aside_others(cls):
        """Bays and technicians of the database are not planned in the test."""
        resources = cls.env["resource.resource"].search(
            [("auto_service_role", "!=", False)]
        )
        resources.auto_service_role = False

    @classmethod
    def _create_calendar(cls, hours=HOURS, days=WORKDAYS, **values):
        """Working hours; ``hours`` are (from, to, part of the day) of every day.

        :return: resource.calendar record
        """
        attendances = [
            Command.create(
                {
                    "name": f"{day} {hour_from}",
                    "dayofweek": str(day),
                    "hour_from": hour_from,
                    "hour_to": hour_to,
                    "day_period": period,
                }
            )
            for day in days
            for hour_from, hour_to, period in hours
        ]
        return cls.env["resource.calendar"].create(
            {
                "name": "Hours of the test",
                "tz": TZ,
                "company_id": cls.env.company.id,
                "attendance_ids": [Command.clear(), *attendances],
                **values,
            }
        )

    @classmethod
    def _create_kind(cls, **values):
        """Kind of bay; give ``role`` for another one.

        :return: auto.service.resource.kind record
        """
        return cls.env["auto.service.resource.kind"].create(
            {"name": "Kind of the test", "role": "bay", **values}
        )

    @classmethod
    def _create_bay(cls, **values):
        """Lift that is open whenever the garage is.

        :return: auto.service.bay record
        """
        return cls.env["auto.service.bay"].create(
            {"name": "Bay 1", "kind_id": cls.kind_lift.id, **values}
        )

    @classmethod
    def _create_equipment(cls, **values):
        """Equipment; give ``kind_id``.

        :return: auto.service.equipment record
        """
        return cls.env["auto.service.equipment"].create(
            {"name": "Diagnostic tester", **values}
        )

    @classmethod
    def _create_courtesy_car(cls, **values):
        """Courtesy car without a vehicle.

        :return: auto.service.courtesy.car record
        """
        return cls.env["auto.service.courtesy.car"].create(
            {"name": "Courtesy car", **values}
        )

    @classmethod
    def _create_technician(cls, **values):
        """Technician on the board with an employee of his own.

        :param values: of the technician; ``employee_id``, or ``name``, ``user`` and
            ``resource_calendar_id`` of a new employee
        :return: auto.service.technician record
        """
        values = dict(values)
        calendar = values.pop("resource_calendar_id", cls.calendar.id)
        name, user = values.pop("name", "Toomas Mets"), values.pop("user", None)
        if not values.get("employee_id"):
            employee = cls._create_employee(
                user, name=name, resource_calendar_id=calendar, tz=TZ
            )
            values["employee_id"] = employee.id
        employee = cls.env["hr.employee"].browse(values["employee_id"])
        values.setdefault("resource_id", employee.resource_id.id)
        technician = cls.env["auto.service.technician"].create(values)
        employee.resource_id.auto_service_role = "technician"
        return technician

    @classmethod
    def _create_booking(cls, lines=None, **values):
        """Booking of a customer with a vehicle for one hour of work, no time yet.

        :param list lines: values of the services
        :return: auto.service.booking record
        """
        if "partner_id" not in values:
            values["partner_id"] = cls._create_partner(phone="+372 5551 2345").id
        if "vehicle_id" not in values:
            vehicle = cls._create_vehicle(owner_id=values["partner_id"])
            values["vehicle_id"] = vehicle.id
        if lines is None:
            lines = [{"name": "Oil service", "hours": 1.0}]
        return cls.env["auto.service.booking"].create(
            {
                "type_id": cls.type_repair.id,
                "line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )

    @classmethod
    def _utc(cls, text, tz=TZ):
        """Local time of the garage as naive UTC: ``_utc("2026-03-02 09:00")``."""
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M")
        local = pytz.timezone(tz).localize(moment)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @classmethod
    def _allocate(cls, resource, start, stop, **values):
        """Keep a resource; ``is_overtime`` where it does not work then.

        :param resource: resource.resource, bay, technician, equipment or car record
        :param start: naive UTC datetime, or local time as text for ``_utc``
        :param stop: the same
        :return: auto.service.allocation record
        """
        if resource._name != "resource.resource":
            resource = resource.resource_id
        return cls.env["auto.service.allocation"].create(
            {
                "resource_id": resource.id,
                "start": cls._utc(start) if isinstance(start, str) else start,
                "stop": cls._utc(stop) if isinstance(stop, str) else stop,
                **values,
            }
        )
