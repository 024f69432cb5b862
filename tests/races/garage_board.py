"""A garage with bays, whose board many people use at once."""

import itertools
import statistics
import time
from datetime import datetime, timedelta

import harness

#: A Monday; nothing else lies there.
MONDAY = datetime(2030, 1, 7)
NUMBERS = itertools.count(1)
ALLOCATION = "auto.service.allocation"


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
