"""Calendar files of bookings (RFC 5545), plain Python."""

import dataclasses
from datetime import datetime

import vobject
from vobject.icalendar import utc  # the only one that it writes with a Z


@dataclasses.dataclass(frozen=True)
class Visit:
    """What a customer's calendar shows.

    Moments are naive UTC. ``sequence`` rises with every change, so that calendars
    replace the old entry of the same ``uid``.
    """

    uid: str
    sequence: int
    start: datetime
    stop: datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    organizer_name: str = ""
    organizer_email: str = ""
    is_busy: bool = False
    is_cancelled: bool = False


def get_method(visit):
    """Method of the file: PUBLISH sets the entry, CANCEL takes it away."""
    return "CANCEL" if visit.is_cancelled else "PUBLISH"


def write_calendar(visit, now):
    """Calendar file of one visit.

    Moments are written in UTC: right in every zone, on the days of daylight saving
    change as well.

    :param Visit visit: what to write
    :param datetime now: naive UTC moment of writing
    :return: bytes
    """
    calendar = vobject.iCalendar()
    calendar.add("prodid").value = "-//Auto Service for Odoo//Booking//EN"
    calendar.add("method").value = get_method(visit)
    event = calendar.add("vevent")
    event.add("uid").value = visit.uid
    event.add("dtstamp").value = now.replace(tzinfo=utc)
    event.add("dtstart").value = visit.start.replace(tzinfo=utc)
    event.add("dtend").value = visit.stop.replace(tzinfo=utc)
    event.add("sequence").value = str(visit.sequence)
    event.add("status").value = "CANCELLED" if visit.is_cancelled else "CONFIRMED"
    event.add("transp").value = "OPAQUE" if visit.is_busy else "TRANSPARENT"
    for name in ("summary", "description", "location", "url"):
        if value := getattr(visit, name):
            event.add(name).value = value
    _add_organizer(event, visit)
    return calendar.serialize().encode()


def _add_organizer(event, visit):
    if visit.organizer_email:
        organizer = event.add("organizer")
        organizer.value = f"mailto:{visit.organizer_email}"
        organizer.cn_param = _get_param(visit.organizer_name)


def _get_param(text):
    """``text`` as a parameter may be: without double quotes and control characters."""
    text = " ".join((text or "").replace('"', "'").split())
    return "".join(char for char in text if char.isprintable())
