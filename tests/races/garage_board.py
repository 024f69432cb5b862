"""A garage with bays, whose board many people use at once."""

import itertools
import statistics
import time
from datetime import datetime, timedelta

import harness
from crowd import at_once, slow_rows

#: A Monday; nothing else lies there.
MONDAY = datetime(2030, 1, 7)
NUMBERS = itertools.count(1)
ALLOCATION = "auto.service.allocation"
BOOKING = "auto.service.booking"


def moment(hour):
    """Time of that Monday as the server takes it; ``hour`` may be 9.5."""
    return (MONDAY + timedelta(hours=hour)).strftime("%Y-%m-%d %H:%M:%S")


class Board:
    """Drives the board over HTTP.

    :param list sessions: WebClient, one per person
    :param database: where the result is counted
    """

    def __init__(self, sessions, database):
        self.sessions = sessions
        self.database = database

    def call(self, model, method, *args, **kwargs):
        return self.sessions[0].call(model, method, *args, **kwargs)

    def write(self, rows, values):
        return self.call(ALLOCATION, "write", rows, values)

    def query(self, sql):
        return harness.query(self.database, sql)

    # What there is --------------------------------------------------------------

    def create_bays(self, count):
        """New lifts that nobody has booked; ids of their resources."""
        values = [{"name": f"Lift {next(NUMBERS)}"} for _bay in range(count)]
        bays = self.call("auto.service.bay", "create", values)
        rows = self.call("auto.service.bay", "read", bays, ["resource_id"])
        return [row["resource_id"][0] for row in rows]

    def prepare_rows(self, resources, start, hours=1.0):
        """Values of one block; outside of the working hours, that is not the point."""
        block = next(NUMBERS) + 1_000_000
        return [
            {
                "resource_id": resource,
                "start": moment(start),
                "stop": moment(start + hours),
                "block": block,
                "is_overtime": True,
                "name": "Race",
            }
            for resource in resources
        ]

    def book(self, resources, start, hours=1.0, session=None):
        """Keep the resources together; ids of the rows."""
        values = self.prepare_rows(resources, start, hours)
        return (session or self.sessions[0]).call(ALLOCATION, "create", values)

    # Clicks that are still to be made ----------------------------------------------

    def booking(self, session, resources, start, hours=1.0):
        """A click: keep the resources together."""
        return lambda: self.book(resources, start, hours, session)

    def moving(self, session, row, resource=None, start=None, hours=1.0):
        """A click: drag the row to another place, another time or both."""
        values = {}
        if resource:
            values["resource_id"] = resource
        if start is not None:
            values |= {"start": moment(start), "stop": moment(start + hours)}
        return lambda: session.call(ALLOCATION, "write", [row], values)

    # What came of it ------------------------------------------------------------

    def count_rows(self, resources):
        """Live allocations of the resources."""
        ids = ", ".join(map(str, resources))
        [[count]] = self.query(
            "SELECT count(*) FROM auto_service_allocation"
            f" WHERE state <> 'cancelled' AND resource_id IN ({ids})"
        )
        return int(count)

    def read_times(self, rows):
        """The different times at which the rows lie."""
        ids = ", ".join(map(str, rows))
        return self.query(
            "SELECT DISTINCT start, stop FROM auto_service_allocation"
            f" WHERE id IN ({ids})"
        )

    def patience(self, seconds, people):
        """``seconds``, or what the machine needs for the people one after the other.

        A machine that is busy with other things is slow even without any contention.
        """
        times = []
        for _try in range(3):
            start = time.monotonic()
            self.call("res.users", "read", [2], ["name"])
            times.append(time.monotonic() - start)
        return max(seconds, people * 8 * statistics.median(times))


class Garage(Board):
    """A garage with hours, technicians and customers.

    Each test has a day of its own, so that none sees what another one left.
    """

    def __init__(self, sessions, database):
        super().__init__(sessions, database)
        self.company = self.call("res.users", "read", [2], ["company_id"])[0][
            "company_id"
        ][0]
        company = self.call("res.company", "read", [self.company], [])[0]
        self.calendar = company["resource_calendar_id"][0]
        self.call("resource.calendar", "write", [self.calendar], {"tz": "UTC"})
        opening = {"auto_service_opening_calendar_id": False}  # of other tests
        self.call("res.company", "write", [self.company], opening)
        self.set_reserve(0)
        today = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        monday = today + timedelta(days=7 - today.weekday())
        self.days = itertools.cycle(
            monday + timedelta(days=7 * week + day)
            for week in range(3)
            for day in range(5)
        )

    def set_reserve(self, percent):
        values = {"auto_service_reserve_percent": percent}
        self.call("res.company", "write", [self.company], values)

    def close_all(self):
        """Nothing that is there is planned any more."""
        self.query(
            "UPDATE resource_resource SET auto_service_role = NULL;"
            "DELETE FROM auto_service_allocation"
        )

    def create_technicians(self, count):
        """New technicians; ids of their resources."""
        employees = [
            {
                "name": f"Technician {next(NUMBERS)}",
                "resource_calendar_id": self.calendar,
                "tz": "UTC",
            }
            for _technician in range(count)
        ]
        ids = self.call("hr.employee", "create", employees)
        technicians = self.call(
            "auto.service.technician", "create", [{"employee_id": id_} for id_ in ids]
        )
        rows = self.call(
            "auto.service.technician", "read", technicians, ["resource_id"]
        )
        return [row["resource_id"][0] for row in rows]

    def create_bookings(self, count, hours=1.0):
        """Bookings that have no time yet; each of another customer."""
        customers = self.call(
            "res.partner",
            "create",
            [{"name": f"Customer {next(NUMBERS)}"} for _number in range(count)],
        )
        brand = self.call("fleet.vehicle.model.brand", "create", {"name": "Testford"})
        model = self.call(
            "fleet.vehicle.model", "create", {"name": "Focus", "brand_id": brand}
        )
        vehicles = self.call(
            "fleet.vehicle",
            "create",
            [
                {
                    "license_plate": f"BKG {next(NUMBERS):05}",
                    "model_id": model,
                    "is_customer_vehicle": True,
                    "owner_id": customer,
                }
                for customer in customers
            ],
        )
        line = {
            "name": "Oil service",
            "hours": hours,
            "needs_bay": True,
            "needs_technician": True,
        }
        return self.call(
            BOOKING,
            "create",
            [
                {
                    "partner_id": customer,
                    "vehicle_id": vehicle,
                    "line_ids": [[0, 0, line]],
                }
                for customer, vehicle in zip(customers, vehicles, strict=True)
            ],
        )

    def timing(self, session, booking, day, hour):
        """A click: this booking at that hour of the day."""
        start = (day + timedelta(hours=hour)).strftime("%Y-%m-%d %H:%M:%S")
        return lambda: session.call(BOOKING, "book_time", [booking], start)

    def give_time(self, booking, day, hour):
        """Book it while nobody else does anything; the seconds it took."""
        start = time.monotonic()
        self.timing(self.sessions[0], booking, day, hour)()
        return time.monotonic() - start

    def read_rows(self, booking):
        """Live rows of a booking."""
        domain = [("booking_id", "=", booking), ("state", "!=", "cancelled")]
        return self.call("auto.service.allocation", "search", domain)

    def read_reasons(self, booking):
        """Why the time of a booking cannot be kept.

        :return: dict of role -> reason, empty where there is none
        """
        return dict(
            self.query(
                "SELECT role, COALESCE(replan_reason, '') FROM auto_service_allocation"
                f" WHERE booking_id = {booking} AND state <> 'cancelled'"
            )
        )

    def run_cron(self, name, session=None):
        """Run a job now, as its form's button does."""
        [[cron]] = self.query(
            "SELECT res_id FROM ir_model_data"
            f" WHERE module = 'auto_service_booking' AND name = '{name}'"
        )
        session = session or self.sessions[0]
        return session.call("ir.cron", "method_direct_trigger", [int(cron)])

    def create_waitlist_action(self):
        """Server action that looks at the waitlist, as the job does."""
        [[model]] = self.query(
            "SELECT id FROM ir_model WHERE model = 'auto.service.freed'"
        )
        values = {
            "name": "Look at the waitlist",
            "model_id": int(model),
            "state": "code",
            "code": "model.sudo()._cron_offer_waitlist()",
        }
        return self.call("ir.actions.server", "create", values)

    def read_states(self, bookings):
        rows = self.call(BOOKING, "read", bookings, ["state"])
        return sorted(row["state"] for row in rows)

    def count_live(self, bookings):
        """Live rows of each of the bookings."""
        ids = ", ".join(map(str, bookings))
        rows = self.query(
            "SELECT booking_id, count(*) FROM auto_service_allocation"
            f" WHERE state <> 'cancelled' AND booking_id IN ({ids}) GROUP BY 1"
        )
        return {int(booking): int(count) for booking, count in rows}

    # The reserve ------------------------------------------------------------------

    def contend_for_reserve(self, day):
        """Two take the last four hours that may be booked, at the same moment.

        Four technicians, 32 hours, three quarters of them held back.

        :return: answers of the two, and all three bookings
        """
        self.create_bays(4)
        self.create_technicians(4)
        self.set_reserve(75)
        first, second, third = bookings = self.create_bookings(3, hours=4.0)
        try:
            self.give_time(first, day, 8)
            # Both have looked at the sum before the first one is committed.
            with slow_rows(self.database, 0.6, "auto_service_booking_log"):
                answers = at_once(
                    self.timing(self.sessions[0], second, day, 8),
                    self.timing(self.sessions[1], third, day, 13),
                )
        finally:
            self.set_reserve(0)
        return answers, bookings

    # The board --------------------------------------------------------------------

    def read_blocks(self, bookings):
        """Block and bay of each of the bookings.

        :return: list of (block, resource id)
        """
        ids = ", ".join(map(str, bookings))
        rows = self.query(
            "SELECT block, resource_id FROM auto_service_allocation"
            f" WHERE role = 'bay' AND state <> 'cancelled' AND booking_id IN ({ids})"
            " ORDER BY block"
        )
        return [(int(block), int(resource)) for block, resource in rows]

    def drag(self, session, block, target, day, hour, hours=1.0):
        """A click: drop a block on another row and time, as the board does."""
        number, source = block
        change = {
            "start": int(hour * 60),
            "stop": int((hour + hours) * 60),
            "source": source,
            "target": target,
        }
        return lambda: session.call(
            "auto.service.planner", "move_block", number, change, self.get_window(day)
        )

    def click(self, session, bay, day, hour, plate):
        """A click: enter a new customer on a free hour of the board."""
        values = {
            "resource": bay,
            "start": hour * 60,
            "stop": (hour + 1) * 60,
            "plate": plate,
            "customer": f"Owner of {plate}",
            "service": "Oil service",
        }
        return lambda: session.call(
            "auto.service.planner", "book_on_board", values, self.get_window(day)
        )

    def get_window(self, day):
        """The day as it is on everybody's screen."""
        return {
            "company_id": self.company,
            "first": day.strftime("%Y-%m-%d"),
            "days": 1,
            "wall": False,
        }
