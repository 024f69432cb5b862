"""Calendar files of bookings, and tokens in the log."""

import logging
from dataclasses import replace
from datetime import datetime, timezone

import pytest
import vobject

from auto_service_booking.tools import log_mask
from auto_service_booking.tools.booking_ics import Visit, write_calendar

NOW = datetime(2026, 3, 2, 12, 0)
VISIT = Visit(
    uid="booking-1@example",
    sequence=3,
    start=datetime(2026, 3, 29, 6, 0),
    stop=datetime(2026, 3, 29, 7, 30),
    summary="Autoteenindus; Õli, filtrid",
    description="Õlivahetus\nMove or cancel: https://example.com/booking/1-a",
    location="Riia 130, 50411 Tartu",
    url="https://example.com/booking/1-a",
    organizer_name="Tartu Autoteenindus",
    organizer_email="info@example.com",
)


def read(visit):
    content = write_calendar(visit, NOW)
    return content, vobject.readOne(content.decode())


def test_what_is_written_is_read_again():
    _content, calendar = read(VISIT)
    event = calendar.vevent
    assert calendar.method.value == "PUBLISH"
    assert event.uid.value == VISIT.uid
    assert event.sequence.value == "3"
    assert event.summary.value == VISIT.summary
    assert event.description.value == VISIT.description
    assert event.location.value == VISIT.location
    assert event.dtstart.value == VISIT.start.replace(tzinfo=timezone.utc)
    assert event.dtend.value == VISIT.stop.replace(tzinfo=timezone.utc)
    assert event.organizer.value == "mailto:info@example.com"


def test_moments_need_no_zone():
    """Calendars without our zones, and the days of clock change, read it right."""
    content, _calendar = read(VISIT)
    assert b"DTSTART:20260329T060000Z" in content
    assert b"TZID" not in content


def test_cancelled_visit_leaves_the_calendar():
    _content, calendar = read(replace(VISIT, is_cancelled=True, sequence=4))
    assert calendar.method.value == "CANCEL"
    assert calendar.vevent.status.value == "CANCELLED"
    assert calendar.vevent.uid.value == VISIT.uid


def test_customer_is_busy_only_when_he_waits():
    _content, calendar = read(VISIT)
    assert calendar.vevent.transp.value == "TRANSPARENT"
    _content, calendar = read(replace(VISIT, is_busy=True))
    assert calendar.vevent.transp.value == "OPAQUE"


def test_lines_are_folded_and_text_cannot_add_lines():
    text = "x" * 200 + "\nBEGIN:VEVENT\nEND:VEVENT"
    content, calendar = read(replace(VISIT, description=text))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert len(calendar.vevent_list) == 1
    assert calendar.vevent.description.value == text


def test_without_an_address_nobody_organises():
    _content, calendar = read(replace(VISIT, organizer_email=""))
    assert not hasattr(calendar.vevent, "organizer")


@pytest.mark.parametrize(
    "text, masked",
    [
        ("GET /booking/12-0af9 HTTP/1.1", "GET /booking/12-*** HTTP/1.1"),
        ("POST /et/booking/12-0af9/pick", "POST /et/booking/12-***/pick"),
        ("/booking/12-0af9?message=taken", "/booking/12-***?message=taken"),
        ("GET /web/login", "GET /web/login"),
    ],
)
def test_tokens_are_masked(text, masked):
    assert log_mask.mask(text) == masked


def test_mask_is_installed_once():
    log_mask.install()
    log_mask.install()
    filters = logging.getLogger("werkzeug").filters
    assert sum(isinstance(it, log_mask.TokenMask) for it in filters) == 1


def test_masked_record_keeps_its_other_values():
    record = logging.LogRecord(
        "werkzeug",
        logging.INFO,
        "",
        0,
        '"%s" %s %d',
        ("GET /booking/1-abc", "200", 7),
        None,
    )
    assert log_mask.TokenMask().filter(record)
    assert record.getMessage() == '"GET /booking/1-***" 200 7'
