"""Free times for work that needs several resources at once.

Plain Python, no ORM. A :class:`Task` needs one resource of every :class:`Need`, all at
the same time and all different; :func:`search` finds where tasks that follow each other
can be placed. Sets of slots are bit masks, see :mod:`.slot_grid`.

What an offer means:

- A task uses slots that are in the working time of all its resources, one after the
  other from its start on, until it has as many as it needs; it stops after the last.
  Slots between them that somebody does not work are gaps. ``split`` says which gaps are
  allowed: ``none``, ``breaks`` (none longer than ``bridge``) or ``days`` (any). No used
  slot is taken. A resource that is held is not taken in the gaps either.
- Tasks follow each other: each starts at the earliest slot where it is feasible once
  the one before is done.
- Of the combinations of resources the one with the earliest stop wins; then the order
  of preference, need by need. A task that follows prefers the resources of the one
  before, but never for a later stop.
- Choices are made task by task and are not taken back: a start whose first choice leads
  nowhere is not offered. The same holds for what is needed the whole time, chosen last.
- A start that the quota of a day forbids for one combination may still be allowed for
  another one. A period of which a task uses nothing never forbids it, however full.
- Everything offered can be booked exactly as it is.

How it works. A task without gaps can start where, for every need, some candidate has a
run of free slots: an *and* over needs of an *or* over candidates, never a walk over
combinations. For gaps, candidates with the same working time in the next days are one
group; for each combination of groups the slots of the common working time are packed
together, so that gaps vanish (one empty slot remains of a gap that is too long) and the
task is again without gaps. That is done day by day, and only for starts that have no
better offer, so the first offers do not pay for the last ones.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from itertools import chain, islice, product
from operator import and_, or_
from typing import NamedTuple

from .slot_grid import bits, intervals, runs, span


@dataclass(frozen=True)
class Need:
    """One resource of several.

    ``candidates`` are ids of resources in order of preference. A resource that is
    ``hold`` is kept through the gaps of a task, as a vehicle on the lift keeps the bay.
    """

    name: str
    candidates: tuple
    hold: bool = False


@dataclass(frozen=True)
class Task:
    """Work of ``slots`` slots that needs one resource of each of ``needs``.

    ``split`` is ``none``, ``breaks`` or ``days``; ``counted`` is the name of the need
    whose slots count against the quota, ``None`` for work that does not count.
    """

    key: object
    slots: int
    needs: tuple
    split: str = "none"
    counted: str | None = "technician"

    def __post_init__(self):
        if self.slots < 1:
            raise ValueError(f"Task {self.key} takes no time.")
        if self.split not in ("none", "breaks", "days"):
            raise ValueError(f"Task {self.key} cannot be split by {self.split}.")

    @property
    def is_counted(self):
        return any(need.name == self.counted for need in self.needs)


class Segment(NamedTuple):
    """Slots ``lo`` to ``hi - 1`` with ``resources``, pairs of (need name, id).

    A gap has only the resources that are held.
    """

    lo: int
    hi: int
    resources: tuple
    gap: bool = False


class Placement(NamedTuple):
    """Where the task ``key`` goes; ``segments`` in order of time."""

    key: object
    start: int
    stop: int
    segments: tuple


class Offer(NamedTuple):
    """Tasks in their order; ``whole`` are pairs of (need name, id)."""

    start: int
    stop: int
    placements: tuple
    whole: tuple = ()


def search(
    grid,
    tasks,
    work,
    busy,
    *,
    starts,
    bridge=8,
    max_wait=None,
    whole=(),
    quota=(),
    step=1,
    limit=3,
    per_day=None,
    stop_by=None,
):
    """First offers for ``tasks`` done one after the other, in order of their start.

    All indexes and masks are slots of ``grid``; all lengths are in slots.

    :param Grid grid: window; nothing is used outside of it
    :param tasks: :class:`Task` in their order
    :param dict work: resource id -> mask of its working time; none when it is missing
    :param dict busy: resource id -> mask of what is taken; nothing when it is missing
    :param int starts: mask of the slots at which the first task may start
    :param int bridge: longest gap that ``split="breaks"`` crosses
    :param max_wait: longest wait between two tasks, ``None`` for any
    :param whole: :class:`Need` from the first start to the last stop, whatever its
        working time; different from all other resources
    :param quota: tuples ``(lo, hi, remaining)``: counted slots of the tasks in
        ``[lo, hi)`` are at most ``remaining``
    :param int step: offers only at multiples of so many slots since the epoch
    :param limit: most offers, ``None`` for all
    :param per_day: ``(most offers a day, ascending indexes where days start)``
    :param stop_by: index that no offer stops after
    :return: list of :class:`Offer`, at most one per start
    """
    placers = [_Placer(grid, task, work, busy, bridge, bool(quota)) for task in tasks]
    offers = _Offers(grid, placers, busy, tuple(whole), _Quota(quota))
    offers.max_wait = grid.size if max_wait is None else max_wait
    offers.stop_by = grid.size if stop_by is None else stop_by
    offers.starts = offers.get_starts(starts & grid.multiples(step))
    found = offers.iterate(*(per_day or (None, ())))
    return list(islice(found, limit))


class _Offers:
    """Tasks placed one after the other from a start."""

    def __init__(self, grid, placers, busy, whole, quota):
        self.grid = grid
        self.placers = placers
        self.busy = busy
        self.whole = whole
        self.quota = quota
        self.is_direct = len(placers) == 1 and placers[0].is_distinct and not whole
        self.max_wait = self.stop_by = grid.size

    def iterate(self, most, bounds):
        """Offers in order of their start, at most ``most`` in a day."""
        placer, position, counts = self.placers[0], 0, Counter()
        while (start := placer.find_start(position, self.starts)) is not None:
            day = bisect_right(bounds, start)
            if most is not None and counts[day] >= most:
                position = bounds[day] if day < len(bounds) else self.grid.size
            else:
                position = start + 1
                if offer := self.get(start):
                    counts[day] += 1
                    yield offer

    def get_starts(self, starts):
        """Those of ``starts`` that may lead to an offer."""
        starts &= self.grid.full & self.placers[0].can_start
        for need in self.whole:
            free = [~self.busy.get(resource, 0) for resource in need.candidates]
            starts &= reduce(or_, free, 0)
        return starts

    def get(self, start):
        """The offer at ``start``, ``None`` when there is none."""
        if self.is_direct and (placement := self.placers[0].get_direct(start)):
            stop = placement.stop
            if stop <= self.stop_by and self._fits(start, stop):
                return Offer(start, stop, (placement,))
        return self._get_step_by_step(start)

    def _fits(self, start, stop):
        """Whether the quota allows for the first task there."""
        return not self.placers[0].is_counted or self.quota.fits(((start, stop),))

    def _get_step_by_step(self, start):
        quota, placements, resources = self.quota, [], ()
        earliest, latest = start, start
        for placer in self.placers:
            way = placer.place(earliest, latest, quota, resources)
            if way is None or way.stop > self.stop_by:
                return None
            placements.append(placer.format(way))
            if placer.is_counted:
                quota = quota.take(way.used)
            resources = way.chosen
            earliest, latest = way.stop, way.stop + self.max_wait
        chosen = self._choose_whole(start, earliest, placements)
        if chosen is None:
            return None
        return Offer(start, earliest, tuple(placements), chosen)

    def _choose_whole(self, start, stop, placements):
        """Resources that are free all the time, as pairs of (need name, id)."""
        if not self.whole:
            return ()
        taken = {
            resource
            for placement in placements
            for segment in placement.segments
            for _name, resource in segment.resources
        }
        wanted = span(start, stop)
        choices = [
            {
                resource: not self.busy.get(resource, 0) & wanted
                for resource in need.candidates
                if resource not in taken
            }
            for need in self.whole
        ]
        chosen = _choose(choices, 0, ())
        if chosen is None:
            return None
        names = [need.name for need in self.whole]
        return tuple(zip(names, chosen, strict=True))


class _Quota:
    """Counted slots that are left in periods, and what the tasks have used so far."""

    def __init__(self, periods, taken=()):
        self.periods = tuple(periods)
        self.taken = taken

    def fits(self, used):
        """Whether ``used``, a list of (lo, hi), may be taken as well."""
        start, stop = used[0][0], used[-1][1]
        for lo, hi, remaining in self.periods:
            if lo < stop and hi > start:
                wanted = _get_overlap(used, lo, hi)
                if wanted and wanted + _get_overlap(self.taken, lo, hi) > remaining:
                    return False
        return True

    def take(self, used):
        return _Quota(self.periods, (*self.taken, *used)) if self.periods else self


def _get_overlap(spans, lo, hi):
    """Slots of ``spans`` in ``[lo, hi)``."""
    return sum(max(0, min(stop, hi) - max(start, lo)) for start, stop in spans)


class _Way(NamedTuple):
    """Slots that a task uses from a start on, and who can do it.

    ``choices`` are, need by need, dicts of resource -> mask of the positions it can
    start at; ``position`` is that of this start. ``chosen`` are the resources.
    """

    used: tuple
    choices: tuple
    position: int
    chosen: tuple = ()

    @property
    def stop(self):
        return self.used[-1][1]


def _choose(choices, position, preferred, taken=()):
    """First combination of different resources, need by need.

    :param choices: for every need a dict of resource -> mask, in order of preference
    :param int position: bit that tells whether the resource will do
    :param preferred: resources that come before all others
    :param taken: resources that were chosen for the needs before
    :return: tuple of resources, ``None`` when there are not enough
    """
    if not choices:
        return taken
    masks, others = choices[0], choices[1:]
    first = [resource for resource in preferred if resource in masks]
    if len(first) > 1:
        first = [resource for resource in masks if resource in preferred]
    for resource in chain(first, masks) if first else masks:
        if masks[resource] >> position & 1 and resource not in taken:
            found = (*taken, resource)
            if others:
                found = _choose(others, position, preferred, found)
            if found is not None:
                return found
    return None


class _Placer:
    """Where one task can go."""

    def __init__(self, grid, task, work, busy, bridge, has_quota):
        self.grid = grid
        self.task = task
        self.is_counted = task.is_counted
        candidates = [resource for need in task.needs for resource in need.candidates]
        self.is_distinct = 0 < len(candidates) == len(set(candidates))
        # Whether a run for each need is all that it takes to go without gaps.
        self.is_simple = self.is_distinct and not (has_quota and self.is_counted)
        self.bridge = grid.size if task.split == "days" else bridge
        resources = {resource for need in task.needs for resource in need.candidates}
        self.work = {resource: work.get(resource, 0) for resource in resources}
        self.busy = {resource: busy.get(resource, 0) for resource in resources}
        self.free = {
            resource: mask & ~self.busy[resource] & grid.full
            for resource, mask in self.work.items()
        }
        # Narrowed down while starts prove to be impossible.
        self.can_start = self._join(self.free)
        self.choices = tuple(
            {
                resource: runs(self.free[resource], task.slots)
                for resource in need.candidates
            }
            for need in task.needs
        )
        if task.split == "none":
            self.can_start &= self._join_choices(self.choices)
        self.chunks = {}
        self.names = [need.name for need in task.needs]
        self.held = {need.name for need in task.needs if need.hold}

    def _join(self, masks):
        """Slots where every need has somebody in ``masks``, resource -> mask."""
        return reduce(
            and_,
            (
                reduce(or_, (masks[resource] for resource in need.candidates), 0)
                for need in self.task.needs
            ),
            self.grid.full,
        )

    def _join_choices(self, choices):
        everybody = (reduce(or_, masks.values(), 0) for masks in choices)
        return reduce(and_, everybody, self.grid.full)

    @cached_property
    def contiguous(self):
        """Starts without a gap, but for resources that two needs may both want."""
        full = runs(self.grid.full, self.task.slots)
        return self._join_choices(self.choices) & full

    def place(self, earliest, latest, quota, preferred):
        """First feasible way of the task.

        :param int earliest: first slot to start at
        :param int latest: last slot to start at
        :param _Quota quota: what may be used
        :param preferred: resources that come before all others
        :return: :class:`_Way` with its ``chosen``, or ``None``
        """
        start = earliest
        while (start := self.find_start(start)) is not None and start <= latest:
            if way := self._place_at(start, quota, preferred):
                return way
            if not quota.taken or not self._place_at(start, _Quota(quota.periods), ()):
                self.can_start &= ~(1 << start)
            start += 1
        return None

    def find_start(self, position, starts=-1):
        """First slot from ``position`` on that is worth a try, ``None`` without."""
        mask = (self.can_start & starts) >> position
        return position + (mask & -mask).bit_length() - 1 if mask else None

    def _place_at(self, start, quota, preferred):
        for ways in self._get_ways(start):
            chosen = []
            for way in ways:
                if not self.is_counted or quota.fits(way.used):
                    resources = _choose(way.choices, way.position, preferred)
                    if resources is not None:
                        chosen.append(way._replace(chosen=resources))
            if len(chosen) > 1:
                return min(chosen, key=lambda way: self._get_rank(way, preferred))
            if chosen:
                return chosen[0]
        return None

    def get_direct(self, start):
        """Placement without a gap, if there is one and no need wants what another one
        wants: the preferred of each."""
        if resources := self.firsts.get(start):
            stop = start + self.task.slots
            segments = (Segment(start, stop, resources),)
            return Placement(self.task.key, start, stop, segments)
        return None

    @cached_property
    def firsts(self):
        """Start without a gap -> the preferred resources, as (need name, id)."""
        columns = []
        for name, masks in zip(self.names, self.choices, strict=True):
            left, column = self.contiguous, {}
            for resource, mask in masks.items():
                column.update(dict.fromkeys(bits(left & mask), (name, resource)))
                left &= ~mask
            columns.append([column[start] for start in sorted(column)])
        resources = zip(*columns, strict=True)
        return dict(zip(bits(self.contiguous), resources, strict=True))

    def _get_rank(self, way, preferred):
        """Sorts ways with the same stop, need by need."""
        return [
            (resource not in preferred, need.candidates.index(resource))
            for need, resource in zip(self.task.needs, way.chosen, strict=True)
        ]

    def _get_ways(self, start):
        """Lists of ways from a start, those with the same stop together, in order."""
        if self.contiguous >> start & 1:
            used = ((start, start + self.task.slots),)
            yield (_Way(used, self.choices, start),)
        if self.task.split != "none":
            yield from self._get_split_ways(start)

    def format(self, way):
        """The way as a :class:`Placement`."""
        resources = tuple(zip(self.names, way.chosen, strict=True))
        start, stop = way.used[0][0], way.used[-1][1]
        if len(way.used) == 1:
            segments = (Segment(start, stop, resources),)
            return Placement(self.task.key, start, stop, segments)
        kept = tuple(pair for pair in resources if pair[0] in self.held)
        segments, last = [], None
        for lo, hi in way.used:
            if last is not None and kept:
                segments.append(Segment(last, lo, kept, True))
            segments.append(Segment(lo, hi, resources))
            last = hi
        return Placement(self.task.key, start, stop, tuple(segments))

    # Work with gaps ------------------------------------------------------------------

    @cached_property
    def pieces(self):
        """Stretches that a task can never leave, as lists of their starts and stops."""
        spans = []
        for lo, hi in intervals(self._join(self.work) & self.grid.full):
            if spans and lo - spans[-1][1] <= self.bridge:
                spans[-1][1] = hi
            else:
                spans.append([lo, hi])
        return [lo for lo, _hi in spans], [hi for _lo, hi in spans]

    def _get_split_ways(self, start):
        """Ways with a gap; worked out for all starts of a day when first asked."""
        los, his = self.pieces
        number = bisect_right(los, start) - 1
        piece, limit = los[number], his[number]
        lo = start - (start - piece) % self.grid.day
        if lo not in self.chunks:
            hi = min(lo + self.grid.day, limit)
            ways = self.chunks[lo] = _Chunk(self, lo, hi, limit).get_ways()
            hopeless = span(lo, hi) & ~self.contiguous
            self.can_start &= ~hopeless | sum(1 << slot for slot in ways)
        return self.chunks[lo].get(start, ())


class _Chunk:
    """Ways with gaps that start in ``[lo, hi)``, slots of one piece up to ``limit``."""

    def __init__(self, placer, lo, hi, limit):
        self.placer = placer
        self.task = placer.task
        self.lo = lo
        self.hi = hi
        self.limit = limit
        can_start = placer.can_start
        if placer.is_simple:
            can_start &= ~placer.contiguous
        self.can_start = (can_start >> lo) & span(0, hi - lo)
        self.starts = {}

    def get_ways(self):
        """Dict of start -> lists of :class:`_Way`, same stops together, in order."""
        by_stop = defaultdict(lambda: defaultdict(list))
        starting = span(self.lo, self.hi)
        candidates = [
            [
                resource
                for resource in need.candidates
                if self.placer.free[resource] & starting
            ]
            for need in self.task.needs
        ]
        horizon = min(self.limit, self.hi + 2 * self.task.slots)
        for packing, members in self._get_packings(candidates, horizon):
            for way in self._get_ways(packing, members):
                by_stop[way.used[0][0]][way.stop].append(way)
        return {
            start: [ways[stop] for stop in sorted(ways)]
            for start, ways in by_stop.items()
        }

    def _get_packings(self, candidates, horizon):
        """Combinations of groups with the same working time.

        Looks ahead only as far as the work from the last start can reach: the further
        one looks, the more the working times differ.

        :param candidates: for every need a list of resources
        :param int horizon: slot up to which working times are compared
        :return: pairs of :class:`_Packing` and, for every need, a list of resources
        """
        groups = [self._get_groups(resources, horizon) for resources in candidates]
        for combination in product(*(group.items() for group in groups)):
            window = span(0, horizon - self.lo)
            work = reduce(and_, (mask for mask, _resources in combination), window)
            if not work & span(0, self.hi - self.lo):
                continue
            members = [resources for _mask, resources in combination]
            ahead = (work >> (self.hi - self.lo)).bit_count()
            if horizon == self.limit or ahead >= self.task.slots:
                bridge = self.placer.bridge
                yield _get_packing(work, self.task.slots, bridge), members
            else:
                further = min(self.limit, 2 * horizon - self.lo)
                yield from self._get_packings(members, further)

    def _get_groups(self, resources, horizon):
        """Dict of working time, relative to ``lo`` -> resources."""
        groups = defaultdict(list)
        window = span(0, horizon - self.lo)
        for resource in resources:
            groups[self.placer.work[resource] >> self.lo & window].append(resource)
        return groups

    def _get_ways(self, packing, members):
        starts = packing.pack(self.can_start) & packing.crossing
        choices = []
        for need, resources in zip(self.task.needs, members, strict=True):
            masks = {}
            for resource in resources if starts else ():
                mask = self._get_starts(packing, resource, need.hold)
                if mask & starts:
                    masks[resource] = mask
            choices.append(masks)
            starts &= reduce(or_, masks.values(), 0)
        for position in bits(starts):
            used = packing.get_used(position, self.lo)
            yield _Way(used, tuple(choices), position)

    def _get_starts(self, packing, resource, hold):
        key = (packing, resource, hold)
        if key not in self.starts:
            busy = (self.placer.busy[resource] >> self.lo) & packing.window
            self.starts[key] = packing.get_starts(busy, hold)
        return self.starts[key]


@lru_cache(maxsize=1024)
def _get_packing(work, slots, bridge):
    """A :class:`_Packing`; most days of a calendar share one."""
    return _Packing(work, slots, bridge)


class _Packing:
    """Slots of a working time moved together, so that gaps vanish; it never changes.

    One empty position remains of a gap that is longer than ``bridge``.

    :param int work: mask, as all masks here relative to the first slot of the chunk
    :param int slots: length of the task
    :param int bridge: longest gap that the task crosses
    """

    def __init__(self, work, slots, bridge):
        self.slots = slots
        self.window = span(0, work.bit_length())
        #: lo, hi and the position of lo
        self.parts = []
        #: starts that cross a gap, the slots before and after it, the gap with them
        self.gaps = []
        position, last = 0, None
        for lo, hi in intervals(work):
            if last is not None and lo - last > bridge:
                position += 1
            elif last is not None:
                crossing = span(max(0, position + 1 - slots), position)
                edges = 1 << (last - 1) | 1 << lo
                self.gaps.append((crossing, edges, span(last - 1, lo + 1)))
            self.parts.append((lo, hi, position))
            position += hi - lo
            last = hi
        self.positions = [position for _lo, _hi, position in self.parts]
        self.windows = [(lo, span(0, hi - lo), first) for lo, hi, first in self.parts]
        self.full = self.pack(work)
        #: starts with a gap
        crossings = [crossing for crossing, _edges, _gap in self.gaps]
        self.crossing = runs(self.full, slots) & reduce(or_, crossings, 0)

    def pack(self, mask):
        """Bits of ``mask`` in the working time."""
        packed = 0
        for lo, window, position in self.windows:
            packed |= (mask >> lo & window) << position
        return packed

    def get_starts(self, busy, hold):
        """Positions at which the task can start and cross a gap, as far as one
        resource goes.

        :param int busy: mask of what is taken of it
        :param bool hold: whether it is needed in the gaps, too
        """
        crossed = blocked = 0
        for crossing, edges, gap in self.gaps:
            if busy & (gap if hold else edges):
                blocked |= crossing
            else:
                crossed |= crossing
        crossed &= ~blocked
        return crossed and crossed & runs(self.full & ~self.pack(busy), self.slots)

    def get_used(self, position, base):
        """Slots used from a position on.

        :param int base: first slot of the chunk
        :return: tuple of ``(lo, hi)``, slots of the grid
        """
        number = bisect_right(self.positions, position) - 1
        left, used = self.slots, []
        while left > 0:
            lo, hi, first = self.parts[number]
            lo += max(0, position - first)
            hi = min(hi, lo + left)
            used.append((base + lo, base + hi))
            left -= hi - lo
            number += 1
        return tuple(used)
