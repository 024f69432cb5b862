from bisect import bisect_right
from collections import defaultdict, namedtuple
from dataclasses import replace
from functools import cache
from itertools import pairwise

from odoo import api, models

from odoo.addons.auto_service_base.models.auto_service_skill import SKILL_LEVELS

from ..tools import local_day
from ..tools.slot_grid import (
    day_bounds,
    keep_stretches,
    longest_stretch,
    span,
    work_mask,
)
from ..tools.slot_search import Need, Task, search
from .auto_service_planner import HORIZON
from .auto_service_planner_work import OPENING

LEVELS = [level for level, _label in SKILL_LEVELS]
NOON = 12.0
#: Work of that many minutes may be interrupted by other work; its shortest pieces.
LONG_WORK, PIECE = 240, 60

#: Everything that one search looks at: ``grid``, ``company``, ``tz`` of the branch,
#: ``resources`` by id, masks ``work`` and ``busy`` by id, minutes ``load`` by id and
#: ``rows`` of the allocations, and ``at``, which tells the moment of a slot.
Scene = namedtuple("Scene", "grid company tz resources work busy load rows options at")


class AutoServicePlanner(models.AbstractModel):
    """Finds times at which all that a visit needs is free together."""

    _inherit = "auto.service.planner"

    @api.model
    def _find_slots(self, lines, company=None, **options):
        """First times at which the services can be done, one after the other.

        :param list lines: dicts, see ``_get_needs``; ``minutes`` of work and a ``key``
        :param company: res.company of the branch, the current one when omitted
        :param options: ``start``, ``stop`` (naive UTC; now and 30 days later): nothing
            is planned outside; ``day_part`` ("morning" or "afternoon") and
            ``weekdays`` (0 is Monday) of the start; ``resource_ids``: of a role that is
            among them, only these; ``courtesy_car``, ``courtesy_kind_id``;
            ``exclude_blocks``: blocks that count as free; ``extra_busy``: resource id
            -> list of (start, stop); ``use_reserve``; ``limit`` (3, None for all);
            ``per_day``; ``step_minutes`` (30): offers at multiples of it;
            ``any_start``: also when the garage is closed
        :return: dict: ``offers``, each with ``start``, ``stop``, ``lines`` (``key``,
            ``start``, ``stop``, ``segments`` with ``start``, ``stop``, ``gap``,
            ``resource_ids``) and ``courtesy_resource_id``; ``problems``: sentences
        """
        company = company or self.env.company
        scene, problems = self._get_scene(company, options)
        needs, missing = self._get_all_needs(lines, scene)
        problems += missing
        if missing or not lines:
            return {"offers": [], "problems": problems}
        offers = self._search_offers(lines, needs, scene)
        if not offers:
            problems += self._get_search_problems(lines, needs, scene)
        return {
            "offers": [self._format_offer(offer, scene) for offer in offers],
            "problems": problems,
        }

    # What is there --------------------------------------------------------------

    @api.model
    def _get_scene(self, company, options):
        """Reads resources, their working time and what is taken of them.

        :return: :class:`Scene` and sentences on what cannot be planned at all
        """
        start = options.get("start") or self._get_now()
        stop = options.get("stop") or start + HORIZON
        options = dict(options, start=start, stop=stop)
        grid = self._get_grid(company, start, max(stop, start))
        resources = self._read_company_resources(company)
        resources[OPENING] = self._get_opening_resource(company)
        work, flexible = self._get_work_masks(resources, grid, company)
        busy, rows = self._read_busy(
            resources, grid, options.get("exclude_blocks") or ()
        )
        for resource, spans in (options.get("extra_busy") or {}).items():
            for span_start, span_stop in spans:
                busy[resource] |= grid.cover(span_start, span_stop)
        tz = resources[OPENING].tz
        load = {key: mask.bit_count() for key, mask in busy.items()}
        at = cache(grid.at)
        scene = Scene(grid, company, tz, resources, work, busy, load, rows, options, at)
        return scene, self._get_flexible_problems(flexible)

    @api.model
    def _get_flexible_problems(self, calendar_ids):
        """One sentence on working hours that say no times of the day."""
        if not calendar_ids:
            return []
        # sudo: only the names of working hours, for people who may not open them
        calendars_sudo = self.env["resource.calendar"].sudo().browse(calendar_ids)
        return [
            self.env._(
                "The board cannot plan “%(names)s”: these working hours say how long, "
                "not from when to when. Choose working hours with fixed times.",
                names="”, “".join(calendars_sudo.mapped("name")),
            )
        ]

    # What is needed -------------------------------------------------------------

    @api.model
    def _get_all_needs(self, lines, scene):
        """Needs of every line and of the visit, and what nobody can do.

        :return: list of tuples of ``Need``, those of the whole visit last; sentences
        """
        needs = [self._get_needs(line, scene) for line in lines]
        needs.append(self._get_whole_needs(scene))
        problems = [
            self._get_missing_sentence(need, line, scene)
            for line, line_needs in zip([*lines, {}], needs, strict=True)
            for need in line_needs
            if not need.candidates
        ]
        return needs, list(dict.fromkeys(problems))

    @api.model
    def _get_needs(self, line, scene):
        """What a line needs at the same time; extend for other kinds of resources.

        :param dict line: ``needs_bay``, ``bay_kind_id``, ``bay_resource_id``,
            ``needs_technician``, ``technician_resource_id``, ``skill_ids``,
            ``skill_level``, ``equipment_kind_ids``, ``keeps_bay``; what is missing is
            not needed
        :return: tuple of ``Need``
        """
        needs = []
        if line.get("needs_bay") or line.get("bay_resource_id"):
            needs.append(self._get_bay_need(line, scene))
        if line.get("needs_technician") or line.get("technician_resource_id"):
            needs.append(self._get_technician_need(line, scene))
        for kind in line.get("equipment_kind_ids") or ():
            rows = self._get_candidates(scene, "equipment", kind=kind)
            needs.append(Need(f"equipment {kind}", tuple(row.id for row in rows)))
        return tuple(needs) or (Need("opening", (OPENING,)),)

    @api.model
    def _get_whole_needs(self, scene):
        """What is needed from the arrival to the end of the visit."""
        options = scene.options
        if not options.get("courtesy_car"):
            return ()
        kind = options.get("courtesy_kind_id")
        rows = self._get_candidates(scene, "courtesy_car", kind=kind)
        return (Need("courtesy_car", tuple(row.id for row in rows)),)

    @api.model
    def _get_candidates(self, scene, role, kind=None, wanted=None):
        """Resources of a role and a kind; of those in the options only, if there are
        any of the role; ``wanted`` is the id of the only one.

        :return: list of ``PlannedResource``
        """
        rows = [row for row in scene.resources.values() if row.role == role]
        if wanted:
            return [row for row in rows if row.id == wanted]
        asked = set(scene.options.get("resource_ids") or ())
        rows = [row for row in rows if row.id in asked] or rows
        return [row for row in rows if not kind or row.kind_id == kind]

    @api.model
    def _get_bay_need(self, line, scene):
        """Bays of the kind, or any: the most common kind first, so that work that may
        be done anywhere does not take the only alignment stand."""
        rows = self._get_candidates(
            scene, "bay", line.get("bay_kind_id"), line.get("bay_resource_id")
        )
        rows.sort(key=lambda row: (row.kind_sequence, row.sequence, row.id))
        return Need("bay", tuple(row.id for row in rows), bool(line.get("keeps_bay")))

    @api.model
    def _get_technician_need(self, line, scene):
        """Technicians who can do it: the lowest level first, then who has least to do,
        so that the master stays free for what only he can do."""
        skills = set(line.get("skill_ids") or ())
        level = self._get_level_index(line.get("skill_level"))
        wanted = line.get("technician_resource_id")
        rows = [
            (self._get_level_index(row.skill_level), scene.load.get(row.id, 0), row)
            for row in self._get_candidates(scene, "technician", wanted=wanted)
            if wanted or skills <= set(row.skill_ids)
        ]
        rows = [row for row in rows if wanted or row[0] >= level]
        rows.sort(key=lambda row: (*row[:2], row[2].sequence, row[2].id))
        return Need("technician", tuple(row.id for _level, _load, row in rows))

    @api.model
    def _get_level_index(self, level):
        return LEVELS.index(level) if level else 0

    # What nobody can do ---------------------------------------------------------

    @api.model
    def _get_missing_sentence(self, need, line, scene):
        """Why a need has no candidates."""
        if need.name == "technician":
            return self._get_missing_technician(line)
        if need.name == "courtesy_car":
            kind, what = (
                scene.options.get("courtesy_kind_id"),
                self.env._("Courtesy car"),
            )
        elif need.name == "bay":
            kind, what = line.get("bay_kind_id"), self.env._("Bay")
        else:
            kind, what = int(need.name.split()[1]), self.env._("Equipment")
        return self.env._(
            "The board has none of these: %(what)s. Add one, or choose another kind.",
            what=self.env["auto.service.resource.kind"].browse(kind).name or what,
        )

    @api.model
    def _get_missing_technician(self, line):
        skills = self.env["auto.service.skill"].browse(line.get("skill_ids") or ())
        names = skills.mapped("name")
        if line.get("skill_level"):
            labels = self.env["auto.service.technician"].fields_get(["skill_level"])
            names.append(dict(labels["skill_level"]["selection"])[line["skill_level"]])
        if not names:
            return self.env._("No technician is on the board. Add one first.")
        return self.env._(
            "No technician on the board has: %(skills)s. Enter the skill of somebody "
            "who can do it.",
            skills=", ".join(names),
        )

    @api.model
    def _get_search_problems(self, lines, needs, scene):
        """Why there is no offer although everything exists."""
        if self._get_quota(scene) and self._search_offers(
            lines, needs, scene, quota=(), limit=1
        ):
            return [
                self.env._(
                    "What is free is held back for walk-ins and extra work: "
                    "%(percent)s %% of the technicians' hours. Look further ahead, or "
                    "use the reserve.",
                    percent=scene.company.auto_service_reserve_percent,
                )
            ]
        return [self.env._("Nothing is free in that time. Look further ahead.")]

    # The search -----------------------------------------------------------------

    @api.model
    def _search_offers(self, lines, needs, scene, **changes):
        """Offers of the first way of working that leads to any.

        :param changes: arguments of ``slot_search.search`` that differ
        """
        arguments = self._get_search_arguments(needs, scene) | changes
        tasks = self._get_tasks(lines, needs, scene, arguments["bridge"])
        for ways, work in self._get_ways_of_working(tasks, scene):
            offers = search(scene.grid, ways, work, scene.busy, **arguments)
            if offers:
                return offers
        return []

    @api.model
    def _get_ways_of_working(self, tasks, scene):
        """In one day if it fits in one; over several days; interrupted by what is
        booked already, in pieces of an hour at least, if it is long.

        :return: pairs of the tasks and the working time that the engine is given
        """
        yield tasks, scene.work
        if any(task.split != "days" for task in tasks):
            yield [replace(task, split="days") for task in tasks], scene.work
        minutes = scene.grid.minutes
        if any(task.slots * minutes >= LONG_WORK for task in tasks):
            work = {
                key: keep_stretches(mask & ~scene.busy[key], PIECE // minutes)
                for key, mask in scene.work.items()
            }
            yield [self._get_interrupted(task) for task in tasks], work

    @api.model
    def _get_interrupted(self, task):
        """The task over several days; of many candidates only the first ones, because
        everybody's free time is another."""
        needs = [replace(need, candidates=need.candidates[:8]) for need in task.needs]
        return replace(task, needs=tuple(needs), split="days")

    @api.model
    def _get_tasks(self, lines, needs, scene, bridge):
        """Lines as the engine wants them; over several days what fits in no day."""
        tasks = []
        for line, line_needs in zip(lines, needs[:-1], strict=True):
            slots = max(1, -(-int(round(line["minutes"])) // scene.grid.minutes))
            longest = self._get_longest_day(line_needs, scene, bridge)
            split = "days" if slots > longest else "breaks"
            tasks.append(Task(line["key"], slots, line_needs, split))
        return tasks

    @api.model
    def _get_longest_day(self, needs, scene, bridge):
        """Slots of the longest stretch of work without a long break, when all that is
        needed is free."""
        longest = scene.grid.size
        for need in needs:
            masks = {scene.work[resource] for resource in need.candidates}
            longest = min(longest, max(longest_stretch(mask, bridge) for mask in masks))
        return longest

    @api.model
    def _get_search_arguments(self, needs, scene):
        """Keyword arguments of ``slot_search.search``."""
        grid, options = scene.grid, scene.options
        per_day = options.get("per_day")
        return {
            "starts": self._get_starts(scene),
            "bridge": scene.company.auto_service_break_minutes // grid.minutes,
            "whole": needs[-1],
            "quota": self._get_quota(scene),
            "limit": options.get("limit", 3),
            "per_day": per_day and (per_day, day_bounds(scene.tz, grid)),
            "stop_by": grid.floor(options["stop"]),
        }

    @api.model
    def _get_starts(self, scene):
        """Slots at which the customer may come."""
        grid, options = scene.grid, scene.options
        starts = grid.inside(options["start"], options["stop"])
        step = max(1, (options.get("step_minutes") or 30) // grid.minutes)
        starts &= grid.multiples(step, grid.number)  # it begins at local midnight
        if not options.get("any_start"):
            starts &= scene.work[OPENING]
        weekdays, part = options.get("weekdays"), options.get("day_part")
        if weekdays is None and not part:
            return starts
        hours = {"morning": (0.0, NOON), "afternoon": (NOON, 24.0)}
        lines = tuple(
            (weekday, None, *hours.get(part, (0.0, 24.0)))
            for weekday in (range(7) if weekdays is None else sorted(weekdays))
        )
        return starts & work_mask(lines, scene.tz, grid)

    @api.model
    def _get_quota(self, scene):
        """What may still be booked of the technicians' time on the coming days.

        :return: tuple of (first slot, slot after the last, slots left)
        """
        percent = 100 - scene.company.auto_service_reserve_percent
        if percent == 100 or scene.options.get("use_reserve"):
            return ()
        technicians = [
            row.id for row in scene.resources.values() if row.role == "technician"
        ]
        today = scene.grid.ceil(self._get_day_end(scene.company))
        booked = self._get_booked_slots(scene)
        quota = []
        for lo, hi in pairwise(day_bounds(scene.tz, scene.grid)):
            day = span(lo, hi)
            capacity = sum((scene.work[key] & day).bit_count() for key in technicians)
            if capacity and lo >= today:
                quota.append((lo, hi, capacity * percent // 100 - booked[lo]))
        return tuple(quota)

    @api.model
    def _get_day_end(self, company):
        """End of today in the branch, naive UTC."""
        today = company._get_planning_day()
        return local_day.day_bounds(today, company._get_planning_tz())[1]

    @api.model
    def _get_booked_slots(self, scene):
        """Slots that are booked of the branch's technicians.

        :return: dict of first slot of the day -> slots
        """
        first = scene.grid.number
        days = day_bounds(scene.tz, scene.grid)
        bounds = [-1, *(first + bound for bound in days)]
        booked = defaultdict(int)
        for _resource, company, counts, los, his in scene.rows:
            if counts and company == scene.company.id:
                for lo, hi in zip(los, his, strict=True):
                    self._add_slots(booked, bounds, lo, hi)
        return {bound: booked[first + bound] for bound in days}

    @api.model
    def _add_slots(self, booked, bounds, lo, hi):
        """Count the slots ``lo`` to ``hi - 1`` on the days that begin at ``bounds``."""
        day = bisect_right(bounds, lo) - 1
        while lo < hi and day < len(bounds) - 1:
            stop = min(hi, bounds[day + 1])
            booked[bounds[day]] += stop - lo
            lo, day = stop, day + 1

    # Offers ---------------------------------------------------------------------

    @api.model
    def _format_offer(self, offer, scene):
        """An offer of the engine with moments and ids of resources."""
        at = scene.at
        return {
            "start": at(offer.start),
            "stop": at(offer.stop),
            "lines": [
                self._format_placement(placement, at) for placement in offer.placements
            ],
            "courtesy_resource_id": dict(offer.whole).get("courtesy_car", False),
        }

    @api.model
    def _format_placement(self, placement, at):
        return {
            "key": placement.key,
            "start": at(placement.start),
            "stop": at(placement.stop),
            "segments": [
                {
                    "start": at(segment.lo),
                    "stop": at(segment.hi),
                    "gap": segment.gap,
                    "resource_ids": [
                        resource
                        for _name, resource in segment.resources
                        if resource != OPENING
                    ],
                }
                for segment in placement.segments
            ],
        }
