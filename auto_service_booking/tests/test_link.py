import logging
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import lxml.html
import vobject

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.auto_service_booking.models.auto_service_booking_link import (
    AutoServiceBookingLink as LinkModel,
)
from odoo.addons.auto_service_booking.tools.log_mask import TokenMask

from .common import BookingCommon


class LinkCommon(BookingCommon, HttpCase):
    """A garage with one bay and one technician, and a customer with a link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(
            {
                "auto_service_change_hours": 24,
                "auto_service_link_days": 7,
                "email": "garage@example.com",
                "phone": "+372 600 1234",
            }
        )
        cls.bay = cls._create_bay()
        cls.technician = cls._create_technician()
        cls.mari = cls._create_partner(name="Mari Tamm", email="mari@example.com")
        cls.booking = cls._create_booking(
            partner_id=cls.mari.id, advisor_id=cls.user_advisor.id
        )
        cls.link = cls.env["auto.service.booking.link"]._make(cls.booking)

    def _open(self, page="", link=None, **params):
        """Page of the link.

        :return: response, and its tree
        """
        query = "&".join(f"{key}={value}" for key, value in params.items())
        path = (link or self.link)._get_path(page)
        response = self.url_open(f"{path}?{query}" if query else path)
        self.env.invalidate_all()
        return response, lxml.html.fromstring(response.text or "<p/>")

    def _post(self, page, link=None, **data):
        """Post a form of the page.

        :return: tree of the page that follows
        """
        link = link or self.link
        _response, tree = self._open(link=link)
        token = tree.xpath("//script[contains(., 'csrf_token')]/text()")[0]
        data["csrf_token"] = token.split('csrf_token: "')[1].split('"')[0]
        response = self.url_open(link._get_path(page), data=data)
        self.env.invalidate_all()
        return lxml.html.fromstring(response.text)

    def _get_times(self, tree):
        """Moments that a page offers, naive UTC."""
        return [
            fields.Datetime.to_datetime(value)
            for value in tree.xpath("//a[@name='time']/@data-start")
        ]

    def _get_time(self, days=3, link=None):
        """A free time at least so many days ahead, so that it can still be moved."""
        _response, tree = self._open("times", link=link)
        earliest = fields.Datetime.now() + timedelta(days=days)
        return next(time for time in self._get_times(tree) if time > earliest)

    def _get_two_times(self):
        """Two free times that do not touch each other, whatever day it is."""
        times = self._get_times(self._open("times")[1])
        second = times[-1]
        return max(t for t in times if second - t >= timedelta(hours=3)), second

    def _pick(self, start, link=None, **data):
        return self._post("pick", link, start=start.isoformat(), **data)

    def _get_mails(self):
        """Mails to the customer, oldest first."""
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", self.mari.ids)], order="id"
        )


@tagged("post_install", "-at_install")
class TestLinkPage(LinkCommon):
    def test_page_offers_times_and_shows_no_names(self):
        response, tree = self._open()
        self.assertEqual(response.status_code, 200)
        self.assertTrue(self._get_times(tree))
        text = tree.text_content()
        for shown in (self.booking.name, "123 ABC", "Oil service", "1 h"):
            self.assertIn(shown, text)
        for hidden in ("Toomas Mets", "Bay 1", "+372 5551 2345", "mari@example.com"):
            self.assertNotIn(hidden, response.text)

    def test_offered_times_lie_in_the_opening_hours(self):
        for time in self._get_times(self._open()[1]):
            local = self.env["auto.service.planner"]._get_local_day(
                self.env.company, time
            )
            self.assertLess(local.weekday(), 5)

    def test_mornings_only(self):
        _response, tree = self._open("times", part="morning")
        tz = self.env.company._get_planning_tz()
        times = self._get_times(tree)
        self.assertTrue(times)
        for time in times:
            local = time.replace(tzinfo=timezone.utc).astimezone(tz)
            self.assertLess(local.hour, 12)

    def test_nonsense_in_the_address_is_ignored(self):
        for params in ({"from": "x'"}, {"part": "night"}, {"from": "2999-99-99"}):
            with self.subTest(**params):
                response, tree = self._open("times", **params)
                self.assertEqual(response.status_code, 200)
                self.assertTrue(self._get_times(tree))
        response, _tree = self._open("time", start="yesterday")
        self.assertIn("/times", response.url)

    def test_opening_a_page_changes_nothing(self):
        """Scanners of mails open every address they find."""
        start = self._get_time()
        for page in ("", "times", "leave", "booking.ics"):
            self._open(page)
        self._open("time", start=start.isoformat())
        for page in ("pick", "cancel", "confirm", "answer"):
            with mute_logger("odoo.http"):
                response, _tree = self._open(page, start=start.isoformat())
            self.assertEqual(response.status_code, 405)
        self.assertEqual(self.booking.state, "requested")
        self.assertFalse(self.booking.allocation_ids)
        self.assertTrue(self.link.opened_at)
        self.assertFalse(self.link.used_at)

    def test_customer_picks_a_time(self):
        start = self._get_time()
        _response, tree = self._open("time", start=start.isoformat())
        self.assertEqual(
            tree.xpath("//form[@name='pick']/input[@name='start']/@value"),
            [start.isoformat()],
        )
        page = self._pick(start, note="The brakes squeal")
        self.assertIn("the time is yours", page.text_content())
        self.assertRecordValues(
            self.booking,
            [{"state": "booked", "start": start, "note": "The brakes squeal"}],
        )
        self.assertEqual(
            self.booking.allocation_ids.resource_id,
            self.bay.resource_id | self.technician.resource_id,
        )
        self.assertTrue(self.link.used_at)
        self.assertGreaterEqual(self.link.expires_at, self.booking.stop)

    def test_advisor_is_told_by_the_customer(self):
        self._pick(self._get_time())
        message = self.booking.message_ids.filtered(
            lambda message: self.user_advisor.partner_id in message.partner_ids
        )
        self.assertEqual(message.author_id, self.mari)
        self.assertIn("chose", message.body)

    def test_only_offered_moments_can_be_had(self):
        """What is posted is not believed: closed hours, the past, next year."""
        free = self._get_time()
        now = fields.Datetime.now()
        for start in (
            free.replace(hour=0),
            free + timedelta(minutes=7),
            now - timedelta(days=7),
            now + timedelta(days=400),
        ):
            with self.subTest(start=start):
                self._pick(start)
                self.assertEqual(self.booking.state, "requested")
        self._post("pick", start="yesterday")
        self.assertFalse(self.booking.allocation_ids)

    def test_customer_moves(self):
        first, second = self._get_times(self._open("times")[1])[-2:]
        self._pick(first)
        page = self._pick(second)
        self.assertIn("moved to the new time", page.text_content())
        self.assertEqual(self.booking.start, second)
        live = self.booking.allocation_ids.filtered(lambda row: row.state == "planned")
        self.assertEqual(len(live), 2)
        self.assertEqual(set(live.mapped("start")), {second})

    def test_moved_booking_stays_confirmed(self):
        first, second = self._get_times(self._open("times")[1])[-2:]
        self._pick(first)
        self._post("confirm")
        self.assertEqual(self.booking.state, "confirmed")
        self._pick(second)
        self.assertEqual(self.booking.state, "confirmed")

    def test_customer_cancels(self):
        self._pick(self._get_time())
        page = self._post("cancel", note="Sold the car")
        self.assertIn("Cancelled", page.text_content())
        self.assertRecordValues(
            self.booking,
            [
                {
                    "state": "cancelled",
                    "cancel_reason_id": self.env.ref(
                        "auto_service_base.reason_cancel_customer"
                    ).id,
                    "cancel_note": "Sold the car",
                }
            ],
        )
        self.assertEqual(
            set(self.booking.allocation_ids.mapped("state")), {"cancelled"}
        )
        page = self._pick(self._get_time(link=self._create_other_link()))
        self.assertEqual(self.booking.state, "cancelled")

    def test_no_change_after_the_deadline(self):
        start = self._get_time()
        self._pick(start)
        hours = (start - fields.Datetime.now()).total_seconds() / 3600
        self.env.company.auto_service_change_hours = int(hours) + 1
        _response, tree = self._open()
        self.assertFalse(tree.xpath("//a[@name='move']|//a[@name='leave']"))
        self.assertIn("Please call us", tree.text_content())
        later = self._get_time(days=5, link=self._create_other_link())
        page = self._pick(later)
        self.assertIn("cannot be changed here", page.text_content())
        self._post("cancel")
        self.assertRecordValues(self.booking, [{"state": "booked", "start": start}])

    def test_work_that_goes_on_next_day_is_marked(self):
        self.booking.line_ids = [Command.create({"name": "Wheels", "hours": 3.0})]
        _response, tree = self._open("times")
        marks = {
            bool(link.xpath(".//small[@name='ready_later']"))
            for link in tree.xpath("//a[@name='time']")
        }
        self.assertEqual(marks, {True, False})

    def test_customer_waits_for_an_earlier_time(self):
        self.assertEqual(
            self._open()[1].xpath("//form[@name='wait']/@method"), ["POST"]
        )
        self._post("wait")
        self.assertEqual(self.booking.state, "waitlist")
        self._pick(self._get_time())
        self.assertRecordValues(
            self.booking, [{"state": "booked", "is_waitlisted": False}]
        )
        self._post("wait")
        self.assertTrue(self.booking.is_waitlisted)
        self.assertFalse(self._open("times")[1].xpath("//form[@name='wait']"))

    def test_closed_bookings_show_their_state_only(self):
        self.booking._cancel()
        response, tree = self._open()
        self.assertEqual(response.status_code, 200)
        self.assertFalse(tree.xpath("//form|//a[@name='time']"))

    def test_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("et_EE")
        self.mari.lang = "et_EE"
        _response, tree = self._open()
        self.assertEqual(tree.get("lang"), "et-EE")
        weekdays = " ".join(tree.xpath("//section[@name='day']/h2/text()")).lower()
        self.assertRegex(weekdays, "esmaspäev|teisipäev|kolmapäev|neljapäev|reede")

    def _create_other_link(self):
        other = self._create_booking()
        return self.env["auto.service.booking.link"]._make(other)


@tagged("post_install", "-at_install")
class TestLinkToken(LinkCommon):
    def _get_status(self, token, page=""):
        response = self.url_open(f"/booking/{token}/{page}".rstrip("/"))
        self.env.invalidate_all()
        return response

    def test_expired(self):
        self.link.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        response, tree = self._open()
        self.assertEqual(response.status_code, 410)
        self.assertNotIn("123 ABC", response.text)
        self.assertIn("+372 600 1234", tree.text_content())
        for page in ("times", "leave", "booking.ics"):
            self.assertEqual(self._open(page)[0].status_code, 410)

    def test_expired_link_changes_nothing(self):
        start = self._get_time()
        self.link.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self._pick(start)
        self.assertEqual(self.booking.state, "requested")

    def test_revoked(self):
        self.booking.with_user(self.user_advisor).action_revoke_links()
        response, _tree = self._open()
        self.assertEqual(response.status_code, 410)
        self.assertFalse(self.booking.with_user(self.user_advisor).link_url)
        new = self.env["auto.service.booking.link"]._make(self.booking)
        self.assertNotEqual(new, self.link)
        self.assertEqual(self._open(link=new)[0].status_code, 200)

    def test_guessed_and_foreign_tokens_get_one_answer(self):
        """Numbers that exist, and numbers that do not, cannot be told apart."""
        token = self.link._get_token()
        number, signature = token.split("-")
        with patch.object(LinkModel, "_sign", lambda self, number, nonce: "a" * 64):
            foreign = self.link._get_token()
        last = "0" if token[-1] != "0" else "1"
        guesses = {
            "wrong signature": token[:-1] + last,
            "other number": f"{int(number) + 1}-{signature}",
            "foreign database": foreign,
            "too large": f"9999999999-{signature}",
            "nothing": "x",
            "number": number,
            "empty signature": f"{number}-",
            "long": token * 50,
            "other digits": "١" + token[1:],
        }
        texts = set()
        for name, guess in guesses.items():
            with self.subTest(name):
                response = self._get_status(guess)
                self.assertEqual(response.status_code, 404)
                main = lxml.html.fromstring(response.text).xpath("//main")[0]
                texts.add(" ".join(main.text_content().split()))
        self.assertEqual(len(texts), 1)

    def test_token_of_a_link_does_not_open_another_booking(self):
        other = self._create_booking(
            partner_id=self._create_partner(name="Peeter Kask").id
        )
        other_link = self.env["auto.service.booking.link"]._make(other)
        signature = self.link._get_token().split("-")[1]
        response = self._get_status(f"{other_link.id}-{signature}")
        self.assertEqual(response.status_code, 404)
        self.assertNotIn(other.name, self._open()[0].text)

    def test_secret_of_the_database_changes_every_token(self):
        token = self.link._get_token()
        self.env["ir.config_parameter"].set_param("database.secret", "another one")
        self.assertEqual(self._get_status(token).status_code, 404)

    def test_another_customer_makes_the_links_void(self):
        peeter = self._create_partner(name="Peeter Kask")
        self.booking.with_user(self.user_advisor).partner_id = peeter
        self.assertEqual(self._open()[0].status_code, 410)

    def test_answers_are_not_kept_and_not_passed_on(self):
        for response in (self._open()[0], self._get_status("1-x")):
            self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
            self.assertIn("no-store", response.headers["Cache-Control"])
            self.assertIn("noindex", response.headers["X-Robots-Tag"])

    def test_token_is_not_in_the_log(self):
        record = logging.LogRecord(
            "werkzeug",
            logging.INFO,
            "",
            0,
            'GET %s HTTP/1.1" 200',
            (self.link._get_path("times"),),
            None,
        )
        self.assertTrue(TokenMask().filter(record))
        signature = self.link._get_token().split("-")[1]
        self.assertNotIn(signature, record.getMessage())
        self.assertIn("/times", record.getMessage())
        for name in ("werkzeug", "odoo.http"):
            filters = logging.getLogger(name).filters
            self.assertEqual(sum(isinstance(it, TokenMask) for it in filters), 1)

    def test_link_lives_on_until_an_agreed_visit(self):
        self.env.company.auto_service_link_days = 1
        link = self.env["auto.service.booking.link"]._make(self._create_booking())
        self._pick(self._get_time(days=5, link=link), link=link)
        self.assertGreaterEqual(link.expires_at, link.booking_id.stop)

    def test_nobody_reads_or_writes_the_secret_part(self):
        link = self.link.with_user(self.user_advisor)
        with self.assertRaises(AccessError):
            link.read(["nonce"])
        with self.assertRaises(AccessError):
            link.write({"revoked_at": False})
        with self.assertRaises(AccessError):
            self.link.with_user(self.user_technician).read(["expires_at"])

    def test_technicians_neither_send_nor_withdraw(self):
        booking = self.booking.with_user(self.user_technician)
        for method in ("action_send_link", "action_make_link", "action_revoke_links"):
            with self.assertRaises(AccessError):
                getattr(booking, method)()
        self.assertEqual(self.link.state, "live")


@tagged("post_install", "-at_install")
class TestLinkLimits(LinkCommon):
    def _limit(self, **limits):
        """Allow so many requests of a kind in ten minutes."""
        known = {kind: (100, 10) for kind in ("address", "unknown", "link", "change")}
        known.update({kind: (count, 10) for kind, count in limits.items()})
        hits = type(self.env["auto.service.link.hit"])
        patcher = patch.object(hits, "_get_limits", lambda self: known)
        patcher.start()
        self.addCleanup(patcher.stop)

    def _get_codes(self, count, path):
        return [self.url_open(path).status_code for _number in range(count)]

    def test_pages_of_a_link(self):
        self._limit(link=3)
        path = self.link._get_path()
        self.assertEqual(self._get_codes(5, path), [200] * 3 + [429] * 2)
        response = self.url_open(path)
        self.assertEqual(response.headers["Retry-After"], "600")
        self.assertNotIn("123 ABC", response.text)

    def test_guesses(self):
        """Too many guesses are refused; the customer at the same address is not."""
        self._limit(unknown=2)
        codes = self._get_codes(4, f"/booking/{self.link.id}-{'0' * 64}")
        self.assertEqual(codes, [404, 404, 429, 429])
        self.assertEqual(self._open()[0].status_code, 200)

    def test_everything_from_an_address(self):
        self._limit(address=2)
        codes = self._get_codes(2, "/booking/x") + self._get_codes(
            1, self.link._get_path()
        )
        self.assertEqual(codes, [404, 404, 429])

    def test_changes_by_a_link(self):
        self._limit(change=1)
        first, second = self._get_times(self._open("times")[1])[-2:]
        self._pick(first)
        page = self._pick(second)
        self.assertIn("Too many requests", page.text_content())
        self.assertEqual(self.booking.start, first)

    def test_it_is_over_after_a_while(self):
        self._limit(link=1)
        path = self.link._get_path()
        self.assertEqual(self._get_codes(2, path), [200, 429])
        long_ago = fields.Datetime.now() - timedelta(minutes=11)
        self.env["auto.service.link.hit"].search([("kind", "!=", "")]).at = long_ago
        self.env.flush_all()
        self.assertEqual(self._get_codes(1, path), [200])

    def test_households_count_as_one_and_addresses_are_not_kept(self):
        hits = self.env["auto.service.link.hit"]
        for first, second, is_same in (
            ("2001:db8::1", "2001:db8::2", True),
            ("2001:db8::1", "2001:db8:0:1::1", False),
            ("192.0.2.1", "192.0.2.2", False),
            ("", None, True),
        ):
            with self.subTest(first=first, second=second):
                one, two = (
                    hits._get_hash("address", first),
                    hits._get_hash("address", second),
                )
                self.assertEqual(one == two, is_same)
        hits._take("address", "192.0.2.1")
        self.env.cr.execute("SELECT who FROM auto_service_link_hit")
        self.assertNotIn("192.0.2.1", str(self.env.cr.fetchall()))

    def test_old_counts_are_removed(self):
        hits = self.env["auto.service.link.hit"]
        hits._take("link", "1")
        old = hits.search([("kind", "=", "link")])
        old.at = fields.Datetime.now() - timedelta(days=2)
        hits._take("link", "1")
        hits._gc_hits()
        self.assertFalse(old.exists())
        self.assertTrue(hits.search_count([("kind", "=", "link")]))


@tagged("post_install", "-at_install")
class TestLinkRace(LinkCommon):
    def test_two_customers_want_the_same_time(self):
        """The second one is told so at once and gets other times."""
        other = self._create_booking()
        other_link = self.env["auto.service.booking.link"]._make(other)
        start = self._get_time()
        self.assertEqual(self._get_time(link=other_link), start)
        self._pick(start)
        page = self._pick(start, link=other_link)
        self.assertIn("just taken", page.text_content())
        times = self._get_times(page)
        self.assertTrue(times)
        self.assertNotIn(start, times)
        self.assertRecordValues(
            self.booking | other,
            [
                {"state": "booked", "start": start},
                {"state": "requested", "start": False},
            ],
        )

    def test_taken_between_the_look_and_the_hand(self):
        """The planner still saw it free; the database says no."""
        start = self._get_time()
        offer = self.booking._get_public_offer_at(start)
        self._allocate(self.bay, start, start + timedelta(hours=1))
        bookings = type(self.booking)
        with patch.object(bookings, "_get_public_offer_at", lambda self, at: offer):
            page = self._pick(start)
        self.assertIn("just taken", page.text_content())
        self.assertEqual(self.booking.state, "requested")
        self.assertFalse(self.booking.allocation_ids)

    def test_lost_move_keeps_the_old_time(self):
        first, second = self._get_two_times()
        self._pick(first)
        offer = self.booking._get_public_offer_at(second)
        self._allocate(self.bay, second, second + timedelta(minutes=30))
        bookings = type(self.booking)
        with patch.object(bookings, "_get_public_offer_at", lambda self, at: offer):
            self._pick(second)
        self.assertEqual(self.booking.start, first)
        live = self.booking.allocation_ids.filtered(lambda row: row.state == "planned")
        self.assertEqual(len(live), 2)


@tagged("post_install", "-at_install")
class TestLinkWaitlist(LinkCommon):
    def _hold(self):
        """Hold a time for the booking, as the waitlist does.

        :return: start of the time, naive UTC
        """
        self.booking._set_state("waitlist")
        start = self._get_time()
        offer = self.booking._get_public_offer_at(start)
        self.assertTrue(self.booking._hold_waitlist_offer(offer))
        return start

    def test_customer_accepts(self):
        start = self._hold()
        _response, tree = self._open()
        self.assertTrue(tree.xpath("//form[@name='answer']"))
        page = self._post("answer", answer="yes")
        self.assertIn("the time is yours", page.text_content())
        self.assertRecordValues(self.booking, [{"state": "booked", "start": start}])
        self.assertEqual(set(self.booking.allocation_ids.mapped("state")), {"planned"})

    def test_customer_declines(self):
        self._hold()
        self._post("answer", answer="no")
        self.assertEqual(self.booking.state, "waitlist")
        self.assertEqual(
            set(self.booking.allocation_ids.mapped("state")), {"cancelled"}
        )

    def test_answer_comes_too_late(self):
        self._hold()
        self.booking.allocation_ids.held_until = fields.Datetime.now() - timedelta(
            minutes=1
        )
        page = self._post("answer", answer="yes")
        self.assertIn("just taken", page.text_content())
        self.assertEqual(self.booking.state, "waitlist")

    def test_earlier_offer_leaves_the_agreed_time_alone(self):
        first, second = self._get_two_times()
        self._pick(second)
        self.booking.is_waitlisted = True
        offer = self.booking._find_offers(
            start=first, limit=1, exclude_blocks=[], day_part=None
        )["offers"][0]
        self.booking._hold_waitlist_offer(offer)
        _response, tree = self._open()
        self.assertTrue(tree.xpath("//form[@name='answer']"))
        agreed = tree.xpath("//div[@name='agreed_time']")[0].text_content()
        self.assertIn(self.booking._format_hour(second), agreed)
        self.assertFalse(self.booking.has_untold_change)
        self.assertEqual(self.booking._prepare_ics_visit().start, second)
        self._post("answer", answer="yes")
        self.assertEqual(self.booking._get_agreed_start(), first)
        live = self.booking.allocation_ids.filtered(
            lambda row: row.state != "cancelled"
        )
        self.assertEqual(set(live.mapped("start")), {first})

    def test_picking_another_time_gives_the_held_one_back(self):
        held = self._hold()
        later = next(
            time for time in self._get_times(self._open("times")[1]) if time > held
        )
        self._pick(later)
        self.assertRecordValues(self.booking, [{"state": "booked", "start": later}])
        self.assertNotEqual(self.booking.offer_ids.state, "held")
        live = self.booking.allocation_ids.filtered(
            lambda row: row.state != "cancelled"
        )
        self.assertEqual(set(live.mapped("state")), {"planned"})

    def test_offer_is_mailed_with_the_link(self):
        self._hold()
        mail = self._get_mails()
        self.assertIn("became free", mail.subject)
        self.assertIn(self.link._get_path(), mail.body_html)


@tagged("post_install", "-at_install")
class TestLinkMail(LinkCommon):
    def _read_calendar(self, content):
        return vobject.readOne(content.decode())

    def _get_attached(self, mail):
        [attachment] = mail.attachment_ids
        self.assertEqual(attachment.mimetype, "text/calendar")
        return self._read_calendar(attachment.raw)

    def test_asked_to_choose(self):
        self.booking.with_user(self.user_advisor).action_send_link()
        mail = self._get_mails()
        self.assertEqual(mail.recipient_ids, self.mari)
        self.assertIn(self.link._get_path(), mail.body_html)
        self.assertEqual(mail.reply_to, self.user_advisor.email_formatted)
        self.assertFalse(mail.attachment_ids)

    def test_history_names_the_mail_without_the_link(self):
        self.booking.action_send_link()
        self.assertTrue(self._get_mails().auto_delete)
        bodies = " ".join(self.booking.message_ids.mapped("body"))
        self.assertIn("mari@example.com", bodies)
        self.assertNotIn("/booking/", bodies)

    def test_customer_without_address(self):
        self.mari.email = False
        booking = self.booking.with_user(self.user_advisor)
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            booking.action_send_link()
        booking.action_make_link()
        self.assertIn(self.link._get_path(), booking.link_url)
        self._pick(self._get_time())  # nothing to mail, nothing to fail
        self.assertEqual(self.booking.state, "booked")

    def test_confirmation_has_the_visit_for_the_calendar(self):
        start = self._get_time()
        self._pick(start)
        event = self._get_attached(self._get_mails()).vevent
        self.assertEqual(event.dtstart.value, start.replace(tzinfo=timezone.utc))
        self.assertEqual(
            event.dtend.value, self.booking.stop.replace(tzinfo=timezone.utc)
        )
        self.assertEqual(event.status.value, "CONFIRMED")
        self.assertIn("123 ABC", event.summary.value)
        self.assertIn("Oil service", event.description.value)
        self.assertEqual(event.organizer.value, "mailto:garage@example.com")

    def test_calendar_entry_follows_moves_and_goes_with_the_booking(self):
        first, second = self._get_times(self._open("times")[1])[-2:]
        self._pick(first)
        self._pick(second)
        self._post("cancel")
        calendars = [self._get_attached(mail) for mail in self._get_mails()]
        self.assertEqual(
            [calendar.method.value for calendar in calendars],
            ["PUBLISH", "PUBLISH", "CANCEL"],
        )
        events = [calendar.vevent for calendar in calendars]
        self.assertEqual(len({event.uid.value for event in events}), 1)
        numbers = [int(event.sequence.value) for event in events]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertEqual(
            [event.dtstart.value for event in events],
            [moment.replace(tzinfo=timezone.utc) for moment in (first, second, second)],
        )
        self.assertEqual(events[2].status.value, "CANCELLED")

    def test_file_of_the_page(self):
        response, _tree = self._open("booking.ics")
        self.assertNotIn("text/calendar", response.headers["Content-Type"])
        start = self._get_time()
        self._pick(start)
        response = self.url_open(self.link._get_path("booking.ics"))
        self.assertIn("text/calendar", response.headers["Content-Type"])
        event = self._read_calendar(response.content).vevent
        self.assertEqual(event.dtstart.value, start.replace(tzinfo=timezone.utc))

    def test_visit_of_several_days_does_not_fill_the_calendar(self):
        self.booking.line_ids.hours = 20.0
        self._pick(self._get_time())
        event = self._read_calendar(self.booking._get_ics()).vevent
        length = event.dtend.value - event.dtstart.value
        self.assertEqual(length, timedelta(minutes=30))

    def test_moment_on_the_day_of_the_clock_change(self):
        """29 March 2026, Tallinn: half past three in the night is 00:30 UTC."""
        for local, utc in (
            ("2026-03-28 09:00", datetime(2026, 3, 28, 7)),
            ("2026-03-29 09:00", datetime(2026, 3, 29, 6)),
        ):
            start = self._utc(local)
            self.assertEqual(start, utc)
            self.booking.allocation_ids.unlink()
            self._allocate(
                self.bay,
                start,
                start + timedelta(hours=1),
                booking_id=self.booking.id,
                is_overtime=True,
            )
            event = self._read_calendar(self.booking._get_ics()).vevent
            self.assertEqual(event.dtstart.value, utc.replace(tzinfo=timezone.utc))
            self.assertIn("9:00", self.booking._format_for_customer(start))

    def test_told_again_after_the_garage_moved_it(self):
        first, second = self._get_times(self._open("times")[1])[-2:]
        self._pick(first)
        self.assertFalse(self.booking.has_untold_change)
        self.booking._book_offer(self.booking._get_public_offer_at(second))
        self.assertTrue(self.booking.has_untold_change)
        self.booking.with_user(self.user_advisor).action_send_link()
        self.assertFalse(self.booking.has_untold_change)
        self.assertIn("new time", self._get_mails()[-1].subject)


@tagged("post_install", "-at_install")
class TestPortalBooking(LinkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_mari = new_test_user(
            cls.env, login="test_mari", groups="base.group_portal"
        )
        cls.booking.partner_id = cls.user_mari.partner_id
        cls.foreign = cls._create_booking(
            partner_id=cls._create_partner(name="Peeter Kask").id
        )

    def test_own_bookings_only(self):
        self.authenticate("test_mari", "test_mari")
        text = self.url_open("/my/bookings").text
        self.assertIn(self.booking.name, text)
        self.assertNotIn(self.foreign.name, text)
        response = self.url_open(f"/my/bookings/{self.foreign.id}")
        self.assertTrue(response.url.endswith("/my/bookings"))
        response = self.url_open(f"/my/bookings/{self.booking.id}")
        self.assertIn("/booking/", response.url)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["booking_count"]}
        )
        self.assertEqual(counters["booking_count"], 1)

    def test_without_login(self):
        response = self.url_open(f"/my/bookings/{self.booking.id}")
        self.assertIn("/web/login", response.url)


@tagged("post_install", "-at_install")
class TestLinkTour(LinkCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_customer_picks_moves_and_cancels_on_a_phone(self):
        self.booking.line_ids = [Command.create({"name": "Wheels", "hours": 1.5})]
        self.start_tour(self.link._get_path(), "auto_service_booking_link", login=None)
        self.env.invalidate_all()
        self.assertEqual(self.booking.state, "cancelled")
        self.assertEqual(self.booking.note, "Please call before")
        whats = self.booking.log_ids.sorted("id").mapped("what")
        self.assertIn("booked", whats)
        self.assertIn("moved", whats)
