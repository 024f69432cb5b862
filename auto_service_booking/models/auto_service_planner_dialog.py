from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

OFFERS = 60  # in the dialog at most
OFFERS_PER_DAY = 8


class AutoServicePlanner(models.AbstractModel):
    """What the dialog "Find a time" asks: filters in, days of offers out."""

    _inherit = "auto.service.planner"

    @api.model
    def _get_filter_options(self, filters, company):
        """Options of ``_find_slots`` for the filters of the dialog.

        :param dict filters: ``technician`` (id of a resource), ``week`` (0 this one,
            1 the next …), ``date`` (local day), ``day_part``, ``weekdays`` (list),
            ``use_reserve``, ``any_start``
        :param company: res.company record, the branch
        """
        options = {"limit": OFFERS, "per_day": OFFERS_PER_DAY}
        if filters.get("day_part"):
            options["day_part"] = filters["day_part"]
        if filters.get("weekdays"):
            options["weekdays"] = {int(day) for day in filters["weekdays"]}
        for name in ("use_reserve", "any_start"):
            if filters.get(name):
                options[name] = True
        days = self._get_filter_days(filters, company)
        if days:
            options.update(self._get_day_limits(*days, company))
        if filters.get("technician"):
            options["resource_ids"] = self._get_resources_with(
                filters["technician"], company
            )
        return options

    @api.model
    def _get_filter_days(self, filters, company):
        """First and last local day of the filters, None without."""
        if filters.get("date"):
            day = fields.Date.to_date(filters["date"])
            return day, day
        if filters.get("week") is None:
            return None
        today = company._get_planning_day()
        monday = today - timedelta(days=today.weekday(), weeks=-int(filters["week"]))
        return max(monday, today), monday + timedelta(days=6)

    @api.model
    def _get_day_limits(self, first, last, company):
        """Local days as naive UTC moments, not before now."""
        tz = company._get_planning_tz()
        start, stop = (
            tz.localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (first, last + timedelta(days=1))
        )
        return {"start": max(start, fields.Datetime.now()), "stop": stop}

    @api.model
    def _get_resources_with(self, technician, company):
        """All that may be planned, of the technicians only this one.

        :param int technician: id of a resource
        :return: list of ids
        """
        others = self.env["resource.resource"].search(
            [
                ("auto_service_role", "in", ("bay", "equipment", "courtesy_car")),
                ("company_id", "in", [False, company.id]),
            ]
        )
        return [technician, *others.ids]

    @api.model
    def _get_technician_choices(self, company):
        """Technicians of the branch for the filter.

        :return: list of dicts with the id of the resource and the name
        """
        technicians = self.env["auto.service.technician"].search(
            [("company_id", "=", company.id)]
        )
        return [
            {"id": technician.resource_id.id, "name": technician.name}
            for technician in technicians
        ]

    @api.model
    def _pick_offer(self, found, moment):
        """The offer that begins at ``moment``.

        :param dict found: result of ``_find_slots``
        :param datetime moment: naive UTC
        :raise ValidationError: there is none any more; names the next one
        """
        offers = found["offers"]
        if offers and offers[0]["start"] == moment:
            return offers[0]
        tz = self.env["auto.service.allocation"]._get_board_tz(self.env.company)
        write = self.env["auto.service.allocation"]._format_time
        if not offers:
            raise ValidationError(
                " ".join(
                    [
                        self.env._("That time was taken just now."),
                        *found["problems"],
                    ]
                )
            )
        raise ValidationError(
            self.env._(
                "%(time)s was taken just now. The next free time is %(next)s.",
                time=write(moment, tz),
                next=write(offers[0]["start"], tz),
            )
        )

    @api.model
    def _describe_offers(self, found, company):
        """Offers by local day, as the dialog and the customer's page show them.

        :param dict found: result of ``_find_slots``
        :return: dict with ``days`` (label, date, offers) and ``problems``
        """
        tz = company._get_planning_tz()
        names = self._get_resource_names(found["offers"])
        days = {}
        for offer in found["offers"]:
            start = pytz.utc.localize(offer["start"]).astimezone(tz)
            day = days.setdefault(start.date(), [])
            day.append(self._describe_offer(offer, tz, names))
        return {
            "days": [
                {
                    "date": fields.Date.to_string(date),
                    "label": format_date(self.env, date, date_format="EEEE d MMMM"),
                    "offers": offers,
                }
                for date, offers in days.items()
            ],
            "problems": found["problems"],
        }

    @api.model
    def _describe_next(self, found, search, options, company):
        """The next free time, where the day or week that was asked for has none.

        :param dict found: result of ``_find_slots`` for the filters
        :param search: function that calls ``_find_slots`` with other options
        :param dict options: options of the filters
        :return: dict as in ``_describe_offers`` with the label of its day, or False
        """
        if found["offers"] or "stop" not in options:
            return False
        others = {name: value for name, value in options.items() if name != "stop"}
        later = {
            **others,
            "start": options["stop"],
            "stop": options["stop"] + timedelta(days=30),
            "limit": 1,
        }
        days = self._describe_offers(search(**later), company)["days"]
        if not days:
            return False
        return {**days[0]["offers"][0], "label": days[0]["label"]}

    @api.model
    def _get_resource_names(self, offers):
        """Names of what the offers take.

        :return: dict of resource id -> name
        """
        ids = {
            resource_id
            for offer in offers
            for line in offer["lines"]
            for segment in line["segments"]
            for resource_id in segment["resource_ids"]
        }
        ids |= {offer["courtesy_resource_id"] for offer in offers} - {False, None}
        resources = self.env["resource.resource"].browse(sorted(ids)).sudo()
        return {resource.id: resource.name for resource in resources}

    @api.model
    def _describe_offer(self, offer, tz, names):
        """One offer: times as text, and what it takes."""
        start, stop = (
            pytz.utc.localize(offer[name]).astimezone(tz) for name in ("start", "stop")
        )
        taken = dict.fromkeys(
            resource_id
            for line in offer["lines"]
            for segment in line["segments"]
            for resource_id in segment["resource_ids"]
        )
        if offer.get("courtesy_resource_id"):
            taken[offer["courtesy_resource_id"]] = None
        return {
            "start": fields.Datetime.to_string(offer["start"]),
            "time": start.strftime("%H:%M"),
            "until": stop.strftime("%H:%M"),
            "until_day": (
                format_date(self.env, stop.date(), date_format="EEE d MMM")
                if stop.date() != start.date()
                else False
            ),
            "names": [names[resource_id] for resource_id in taken],
        }
