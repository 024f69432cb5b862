from datetime import timedelta

import pytz

from odoo import api, fields, models

from ..tools import local_day

LEAD = timedelta(hours=1)  # nobody books by himself for the next minutes
HORIZON = timedelta(days=42)
PER_DAY = 16
LIMIT = 96


class AutoServicePlanner(models.AbstractModel):
    """Free times as a customer may see them: moments, no bays and no names."""

    _inherit = "auto.service.planner"

    @api.model
    def _get_public_offers(self, lines, company, first_day=None, **options):
        """Times that a customer can choose, by day. Made for links and public forms.

        :param list lines: what is needed, see :meth:`_find_slots`
        :param company: res.company record, the branch
        :param date first_day: local day of the branch from which to show
        :param options: of :meth:`_find_slots`
        :return: dict of "days": list of {"date": local date, "times": list of
            {"start", "stop": naive UTC datetimes, "ready": local date}}, "next_day":
            local date on which the following page begins, False on the last one,
            "problems": sentences for the garage
        """
        start, stop = self._get_public_window(company, first_day, options)
        if start >= stop:
            return {"days": [], "next_day": False, "problems": []}
        options.update(start=start, stop=stop, limit=LIMIT, per_day=PER_DAY)
        found = self._find_slots(lines, company=company, **options)
        days = self._group_public_times(found["offers"], company)
        return {**days, "problems": found["problems"]}

    @api.model
    def _get_public_offer_at(self, lines, company, moment, **options):
        """The offer that begins exactly at ``moment``.

        :param datetime moment: naive UTC
        :return: offer of :meth:`_find_slots`; None when that time cannot be had
        """
        first, stop = self._get_public_window(company, None, options)
        if not first <= moment < stop:
            return None
        options.update(start=moment, stop=stop, limit=1)
        found = self._find_slots(lines, company=company, **options)
        offer = next(iter(found["offers"]), None)
        return offer if offer and offer["start"] == moment else None

    @api.model
    def _get_public_window(self, company, first_day, options):
        """Moments between which a customer may choose.

        :return: (first, last) as naive UTC datetimes
        """
        start = fields.Datetime.now() + LEAD
        stop = start + HORIZON
        if first_day and first_day >= start.date():  # visitors send any date
            first_day = min(first_day, stop.date() + timedelta(days=2))
            tz = company._get_planning_tz()
            start = max(start, local_day.day_bounds(first_day, tz)[0])
        if options.get("start"):
            start = max(start, options["start"])
        if options.get("stop"):
            stop = min(stop, options["stop"])
        return start, stop

    @api.model
    def _group_public_times(self, offers, company):
        """Times by local day; a day that may be cut off begins the next page.

        :param list offers: of :meth:`_find_slots`, in order
        """
        days = {}
        for offer in offers:
            day = self._get_local_day(company, offer["start"])
            days.setdefault(day, []).append(self._prepare_public_time(offer, company))
        next_day = False
        if len(offers) >= LIMIT and len(days) > 1:
            next_day = max(days)
            del days[next_day]
        return {
            "days": [{"date": day, "times": times} for day, times in days.items()],
            "next_day": next_day,
        }

    @api.model
    def _prepare_public_time(self, offer, company):
        """What a customer may know of an offer: no bay and no name."""
        return {
            "start": offer["start"],
            "stop": offer["stop"],
            "ready": self._get_local_day(company, offer["stop"]),
        }

    @api.model
    def _get_local_day(self, company, moment):
        """Local date of the branch at ``moment`` (naive UTC)."""
        tz = company._get_planning_tz()
        return pytz.utc.localize(moment).astimezone(tz).date()
