from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.local_day import day_bounds

WINDOW = timedelta(days=14)  # so far ahead replanned work may go
PROPOSALS = 3


def local_date(moment, tz):
    """Local day of a naive UTC moment."""
    return pytz.utc.localize(moment).astimezone(tz).date()


class Memo:
    """What many searches in a row need not read again: resources and working time."""

    def __init__(self):
        self.resources, self.work = {}, {}


def write_offer(data):
    """An offer of the planner with its datetimes as text, for JSON."""
    if isinstance(data, dict):
        return {key: write_offer(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [write_offer(value) for value in data]
    if isinstance(data, datetime):
        return fields.Datetime.to_string(data)
    return data


def read_offer(data):
    """The offer again that :func:`write_offer` wrote."""
    if isinstance(data, list):
        return [read_offer(value) for value in data]
    if isinstance(data, dict):
        return {
            key: fields.Datetime.to_datetime(value)
            if key in ("start", "stop")
            else read_offer(value)
            for key, value in data.items()
        }
    return data


class AutoServicePlanner(models.AbstractModel):
    """Proposals for work whose time cannot be kept, and taking them all at once."""

    _inherit = "auto.service.planner"

    @api.model
    def _read_company_resources(self, company):
        memo = self.env.context.get("auto_service_memo")
        if memo is None:
            return super()._read_company_resources(company)
        if company not in memo.resources:
            memo.resources[company] = super()._read_company_resources(company)
        return dict(memo.resources[company])

    @api.model
    def _get_work_masks(self, resources, grid, company):
        memo = self.env.context.get("auto_service_memo")
        if memo is None:
            return super()._get_work_masks(resources, grid, company)
        key = (company, grid)
        if key not in memo.work:
            memo.work[key] = super()._get_work_masks(resources, grid, company)
        return memo.work[key]

    # For the board and other screens ----------------------------------------------

    @api.model
    def replan_action(self, resource_id, date):
        """Dialog with proposals for a day of a technician or bay who is not there.

        :param int resource_id: resource.resource
        :param str date: local day of the branch, ISO
        :return: act_window action
        """
        rows = self._get_rows_of_day(resource_id, date)
        resource = self.env["resource.resource"].browse(resource_id).sudo()
        if resource.company_id - self.env.companies:
            raise AccessError(self.env._("You do not work in that branch now."))
        if not rows:
            raise UserError(
                self.env._(
                    "%(name)s has nothing planned on %(day)s.",
                    name=resource.name,
                    day=format_date(self.env, date),
                )
            )
        lost = self._get_lost_day(rows, resource_id, date)
        dialog = self.env["auto.service.replan.apply"]
        return dialog._open(rows, lost=lost, name=resource.name)

    @api.model
    def replan_preview(self, resource_id, date):
        """Proposals for a day of somebody who is not there, as plain data.

        :param int resource_id: resource.resource
        :param str date: local day of the branch, ISO
        :return: list of dict with what was planned and up to three proposals
        """
        rows = self._get_rows_of_day(resource_id, date)
        lost = self._get_lost_day(rows, resource_id, date)
        return [
            self._describe_unit(unit, proposals)
            for unit, proposals in self._get_proposals(rows, lost)
        ]

    @api.model
    def replan_apply(self, choices):
        """Take the chosen proposals in one transaction: all of them, or none.

        :param list choices: of dict as ``replan_preview`` gave them (``ids``,
            ``before``, ``title``) with the chosen one as ``proposal``
        :return: list of sentences: customers to be told
        """
        allocations = self.env["auto.service.allocation"]
        pairs = []
        for choice in choices:
            unit = allocations.browse(choice["ids"]).exists()
            if unit._get_label() != choice["before"]:
                raise UserError(unit._get_changed_message(choice["title"]))
            pairs.append((unit, read_offer(choice["proposal"]["offer"])))
        return allocations._replan(pairs)

    # Proposals --------------------------------------------------------------------

    @api.model
    def _get_rows_of_day(self, resource_id, date):
        """Time of a resource on a local day that is still to come, with a customer.

        :return: auto.service.allocation records
        """
        start, stop = self._get_day_of(date)
        return self.env["auto.service.allocation"].search(
            [
                *self.env["auto.service.allocation"]._get_flag_domain(
                    [resource_id], start, stop
                ),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    @api.model
    def _get_day_of(self, date):
        """Bounds of a local day of the branch, in naive UTC."""
        day = fields.Date.to_date(date)
        return day_bounds(day, self.env.company._get_planning_tz())

    @api.model
    def _get_lost_day(self, rows, resource_id, date):
        """The whole day counts as taken for who is not there.

        :return: dict of resource id -> list of (start, stop)
        """
        return {resource_id: [self._get_day_of(date)]} if rows else {}

    @api.model
    def _get_proposals(self, rows, lost=None):
        """Up to three proposals for every unit that ``rows`` belong to.

        Who waits in the garage and who was promised the earliest time comes first.
        Proposals of one unit do not take what the best proposal of another one takes:
        any of the best ones can be applied together.

        :param rows: auto.service.allocation records
        :param dict lost: resource id -> (start, stop) that cannot be used any more
        :return: list of (auto.service.allocation records, list of proposals)
        """
        taken = {key: list(spans) for key, spans in (lost or {}).items()}
        planner = self.with_context(auto_service_memo=Memo())
        result = []
        for unit in sorted(rows._get_replan_units(), key=lambda unit: unit._get_rank()):
            affected = unit.filtered("replan_reason") | (unit & rows)
            proposals = planner._get_unit_proposals(unit, affected, taken)
            if proposals:
                self._add_taken(taken, proposals[0]["offer"])
            result.append((unit, proposals))
        return result

    @api.model
    def _add_taken(self, taken, offer):
        """Add what ``offer`` takes to the dict ``taken``."""
        for line in offer["lines"]:
            for segment in line["segments"]:
                for resource in segment["resource_ids"]:
                    taken.setdefault(resource, []).append(
                        (segment["start"], segment["stop"])
                    )
        if offer.get("courtesy_resource_id"):
            taken.setdefault(offer["courtesy_resource_id"], []).append(
                (offer["start"], offer["stop"])
            )

    @api.model
    def _get_unit_proposals(self, unit, affected, taken):
        """The same time with somebody else, then the same day, then the next days.

        :return: list of dict: kind, start, stop, label, is_late, offer
        """
        request = unit._get_replan_request(affected)
        found = self._get_same_time(unit, request, taken)
        options = unit._get_replan_options(taken)
        options.update(limit=2 * PROPOSALS, per_day=2)
        for lines in request["variants"]:
            offers = self._find_slots(lines, **options)["offers"]
            if offers:
                found += self._pick_one_a_day(unit, offers, found)
                break
        return [unit._prepare_proposal(offer) for offer in found[:PROPOSALS]]

    @api.model
    def _pick_one_a_day(self, unit, offers, found):
        """The first offer of every day that is not at a time found already."""
        starts = {offer["start"] for offer in found}
        tz = unit.company_id[:1]._get_planning_tz()
        first = {}
        for offer in offers:
            if offer["start"] not in starts:
                first.setdefault(local_date(offer["start"], tz), offer)
        return list(first.values())

    @api.model
    def _get_same_time(self, unit, request, taken):
        """Offers at the time that was planned, with somebody else.

        :return: list of one offer, or of none
        """
        start = min(unit.mapped("start"))
        if start < fields.Datetime.now() or not request["can_stay"]:
            return []
        options = unit._get_replan_options(taken)
        options.update(start=start, stop=max(unit.mapped("stop")), limit=1)
        for lines in request["variants"]:
            offers = self._find_slots(lines, **options)["offers"]
            if offers and offers[0]["start"] == start:
                return offers[:1]
        return []

    # As plain data ----------------------------------------------------------------

    @api.model
    def _describe_unit(self, unit, proposals):
        """What a screen shows of a unit and its proposals."""
        return {
            "ids": unit.ids,
            "title": unit[:1]._get_holder_name(),
            "work": unit._get_work_label(),
            "before": unit._get_label(),
            "is_waiter": unit._is_waiter(),
            "proposals": [write_offer(proposal) for proposal in proposals],
        }
