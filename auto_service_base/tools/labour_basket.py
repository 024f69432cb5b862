"""What labour operations cost when they are done together, and why.

Plain Python, no ORM. Somebody picks operations for one vehicle; guides of labour times
say how operations hang together; :func:`solve` says what each one then costs.

What ``operation -kind-> other`` means:

``includes``
    ``other`` is part of ``operation`` and costs nothing beside it. Parts of parts are
    parts too, whether or not the operation between them was picked.
``excludes``
    The time of ``operation`` does not contain ``other``, whatever its parts contain:
    nothing is taken off ``other`` because of ``operation``, and ``other`` is suggested.
``preliminary``
    ``other`` must be done before ``operation``: required once, whoever asks for it.
``follow_up``
    ``other`` usually comes after ``operation``: suggested.
``combination``
    ``other`` costs ``hours`` when it is done together with ``operation``, if that is
    less than its own time. ``operation`` is also done where it is part of something
    that was picked.
``additional``
    ``operation`` itself costs ``hours`` more; with a condition only if it is ticked.

Two rules that no guide needs, because guides know no approved work and no second
estimate:

- The same operation picked twice is done once (step ``duplicate``).
- An item that is ``fixed`` was approved and never changes. What it cost is taken off
  the operation that contains it (step ``approved``): the sum is the same whether the
  two were picked together or one after the other.

Hours that are not known (``None``) stay unknown; only an operation that is part of
another one costs nothing whether or not its own time is known.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from math import fsum

#: Kinds of relations that must not go round in circles, checked together.
ACYCLIC = (("includes", "combination"), ("preliminary",), ("follow_up",))

#: Where an operation is suggested for two reasons, the first one is told.
SUGGESTING = ("excludes", "follow_up")


class CycleError(ValueError):
    """Relations go round in a circle.

    :ivar path: operations, the first one again at the end
    """

    def __init__(self, path):
        self.path = tuple(path)
        super().__init__(" → ".join(str(operation) for operation in self.path))


@dataclass(frozen=True)
class Item:
    """One operation that was picked.

    ``hours`` is its time alone, ``None`` when no time is known. A ``fixed`` item was
    approved with these hours; ``counted`` are the operations that made it cheaper
    then (those of its steps ``included`` and ``combination``), so that nothing is
    taken off twice.
    """

    key: object
    operation: object
    hours: float | None
    fixed: bool = False
    counted: frozenset = frozenset()


@dataclass(frozen=True)
class Relation:
    """``operation -kind-> other``; ``other`` means nothing to ``additional``."""

    id: object
    operation: object
    other: object
    kind: str
    hours: float | None = None
    condition: str | None = None


@dataclass(frozen=True)
class Step:
    """One change of the hours of an item, and its reason.

    ``kind`` is ``additional``, ``included``, ``combination``, ``duplicate`` or
    ``approved``; ``labour_adjust`` adds ``adjustment`` and ``rounding``. ``hours`` is
    what the step changes, below zero for a deduction. ``operation`` is the picked
    operation that is the reason, ``via`` the operations between it and this item,
    ``rule`` the id of the relation (or rule) that decides.
    """

    kind: str
    hours: float
    operation: object = None
    via: tuple = ()
    rule: object = None
    name: str | None = None


@dataclass(frozen=True)
class Line:
    """An item and what it costs: ``alone`` (with additional times) and in the basket.

    ``alone`` plus the steps below zero is ``hours``.
    """

    item: Item
    alone: float | None
    hours: float | None
    steps: tuple = ()


@dataclass(frozen=True)
class Basket:
    """Result of :func:`solve`; sums are of known hours only, see ``unknown``."""

    lines: dict
    required: tuple = ()
    suggested: tuple = ()
    options: tuple = ()
    total: float = 0.0
    alone_total: float = 0.0
    deducted: float = 0.0

    @property
    def unknown(self):
        """Keys of the items whose hours nobody knows."""
        return tuple(key for key, line in self.lines.items() if line.hours is None)


def solve(items, relations, options=frozenset()):
    """Cost of ``items`` when they are done together on one vehicle.

    The order of ``items`` and ``relations`` changes nothing but the order of the lines.

    :param items: iterable of :class:`Item`, keys all different
    :param relations: iterable of :class:`Relation` that hold for the vehicle; also
        those of operations between the picked ones
    :param options: ids of the additional times that were ticked
    :return: :class:`Basket`
    :raise CycleError: the relations contradict each other
    """
    relations = tuple(relations)
    if path := find_cycle(relations):
        raise CycleError(path)
    return _Solver(tuple(items), _Graph(relations), frozenset(options)).solve()


def find_cycle(relations):
    """Operations that form a circle which makes no sense, or ``None``.

    Parts and combination times are looked at together: two operations cannot make each
    other cheaper. Work before and work after are looked at each on their own.

    :param relations: iterable of :class:`Relation`
    :return: tuple of operations, the first one again at the end
    """
    relations = tuple(relations)
    for kinds in ACYCLIC:
        edges = defaultdict(set)
        for relation in relations:
            if relation.kind in kinds and relation.other is not None:
                edges[relation.operation].add(relation.other)
        if path := _find_circle(edges):
            return path
    return None


def _find_circle(edges):
    """First circle of a graph, walked without recursion in a fixed order."""
    finished = set()
    for start in _ordered(edges):
        if start in finished:
            continue
        # Operations on the way, in order, each with those still to be looked at.
        way = {start: iter(_ordered(edges[start]))}
        while way:
            operation = next(reversed(way))
            following = next(way[operation], None)
            if following is None:
                finished.add(operation)
                del way[operation]
            elif following in way:
                path = list(way)
                return (*path[path.index(following) :], following)
            elif following not in finished:
                way[following] = iter(_ordered(edges.get(following, ())))
    return None


def _ordered(values):
    """Values in a fixed order, whatever they are."""
    return sorted(values, key=_sort_key)


def _sort_key(value):
    """Makes whatever operations and items are named by comparable with each other."""
    if not isinstance(value, int | float | str):
        value = repr(value)
    return (type(value).__name__, value)


@dataclass(frozen=True)
class _Reach:
    """That ``operation`` is part of the work of ``root``, along ``via``.

    ``without`` are the operations that somebody on the way excludes.
    """

    root: object
    operation: object
    via: tuple = ()
    rule: object = None
    without: frozenset = frozenset()

    @property
    def sort_key(self):
        names = [_sort_key(operation) for operation in (self.root, *self.via)]
        return (len(self.via), names, _sort_key(self.rule))


class _Graph:
    """Relations of a basket, by what they mean for it."""

    def __init__(self, relations):
        self.by_kind = defaultdict(lambda: defaultdict(dict))
        for relation in sorted(relations, key=self._get_strength):
            known = self.by_kind[relation.kind][relation.operation]
            if relation.kind == "additional":
                known[relation.id] = relation
            elif relation.other is not None:
                known.setdefault(relation.other, relation)
        self.work = {}

    @staticmethod
    def _get_strength(relation):
        """The lowest time wins where a relation is given twice; then the first id."""
        hours = float("inf") if relation.hours is None else relation.hours
        return (hours, _sort_key(relation.id))

    def get(self, kind, operation):
        """Relations of a kind that start at ``operation``, in a fixed order."""
        known = self.by_kind[kind].get(operation, {})
        return [known[other] for other in _ordered(known)]

    def get_excluded(self, operation):
        return frozenset(self.by_kind["excludes"].get(operation, ()))

    def get_work(self, root):
        """Everything that is done when ``root`` is done, itself included.

        An operation appears once for every way that differs in what is excluded on it:
        one way may lead on to work that the other one excludes.

        :return: list of :class:`_Reach`, nearest first
        """
        if root not in self.work:
            self.work[root] = self._walk(root)
        return self.work[root]

    def _walk(self, root):
        start = _Reach(root, root, without=self.get_excluded(root))
        reached, ways = [start], {root: [start.without]}
        for reach in reached:  # grows while it is walked: nearest first
            for step in self._get_parts(reach):
                known = ways.setdefault(step.operation, [])
                if not any(without <= step.without for without in known):
                    known.append(step.without)
                    reached.append(step)
        return reached

    def _get_parts(self, reach):
        """Direct parts of the work, but for what is excluded on the way to it."""
        via = reach.via
        if reach.operation != reach.root:
            via = (*via, reach.operation)
        for relation in self.get("includes", reach.operation):
            if relation.other not in reach.without:
                yield _Reach(
                    reach.root,
                    relation.other,
                    via,
                    relation.id,
                    reach.without | self.get_excluded(relation.other),
                )

    def get_order(self, operations):
        """``operations`` so that nobody comes before what he is part of."""
        done, ordered = set(), []
        for start in _ordered(operations):
            stack = [(start, False)]
            while stack:
                operation, is_left = stack.pop()
                if is_left:
                    ordered.append(operation)
                elif operation not in done:
                    done.add(operation)
                    stack.append((operation, True))
                    parts = self.by_kind["includes"].get(operation, ())
                    stack += [(part, False) for part in _ordered(parts)]
        wanted = set(operations)
        return [operation for operation in reversed(ordered) if operation in wanted]


@dataclass
class _Cost:
    """Hours of one item while they are being worked out."""

    item: Item
    own: float | None
    extra: float = 0.0
    hours: float | None = None
    steps: list = field(default_factory=list)

    @property
    def alone(self):
        return None if self.own is None else _clean(self.own + self.extra)

    def set(self, hours, **reason):
        """Lower the hours to ``hours``, for a reason."""
        change = hours - (self.hours or 0.0)
        self.steps.append(Step(hours=_clean(change), **reason))
        self.hours = hours

    def as_line(self):
        hours = None if self.hours is None else _clean(self.hours)
        return Line(self.item, self.alone, hours, tuple(self.steps))


def _clean(hours):
    """Hours without the dust of binary fractions (a millionth is 4 ms); no ``-0.0``."""
    return round(hours, 6) + 0.0


class _Solver:
    """One calculation; its methods follow each other as :meth:`solve` calls them."""

    def __init__(self, items, graph, options):
        self.items = items
        self.graph = graph
        self.options = options
        self.costs = {item.key: _Cost(item, item.hours) for item in items}
        if len(self.costs) != len(items):
            raise ValueError("Two items have the same key.")
        self.carriers = self._choose_carriers()
        self.covered = {}
        self.payers = []
        self.combinations = {}

    def solve(self):
        self._add_additional_times()
        self._drop_duplicates()
        self._drop_parts()
        self._use_combination_times()
        self._take_off_approved()
        lines = {key: cost.as_line() for key, cost in self.costs.items()}
        total = fsum(line.hours or 0.0 for line in lines.values())
        alone = fsum(line.alone or 0.0 for line in lines.values())
        required = self._get_required()
        return Basket(
            lines,
            tuple(required.items()),
            self._get_suggested(required),
            self._get_options(),
            _clean(total),
            _clean(alone),
            _clean(alone - total),
        )

    # The same operation twice --------------------------------------------------------

    def _choose_carriers(self):
        """The one item of each operation that stands for it.

        Approved work first; then the item with the longest time, so that what is
        dropped never makes the whole cheaper than its dearest half.
        """
        groups = defaultdict(list)
        for item in self.items:
            groups[item.operation].append(item)
        return {
            operation: min(
                group,
                key=lambda item: (
                    not item.fixed,
                    item.hours is None,
                    -(item.hours or 0.0),
                    _sort_key(item.key),
                ),
            )
            for operation, group in groups.items()
        }

    def _drop_duplicates(self):
        for item in self.items:
            if not item.fixed and self.carriers[item.operation] is not item:
                self.costs[item.key].set(
                    0.0, kind="duplicate", operation=item.operation
                )

    # Additional times ----------------------------------------------------------------

    def _add_additional_times(self):
        for item in self.items:
            cost = self.costs[item.key]
            cost.hours = item.hours
            if item.fixed or item.hours is None:
                continue
            for relation in self._get_additional(item.operation):
                if not relation.condition or relation.id in self.options:
                    cost.extra += relation.hours
                    cost.steps.append(
                        Step(
                            "additional",
                            relation.hours,
                            item.operation,
                            rule=relation.id,
                            name=relation.condition or None,
                        )
                    )
            cost.hours = cost.own + cost.extra

    def _get_additional(self, operation):
        relations = self.graph.get("additional", operation)
        return [relation for relation in relations if (relation.hours or 0.0) > 0.0]

    def _get_options(self):
        """Additional times to tick: of whatever costs something of its own."""
        options = []
        for operation in _ordered(self.carriers):
            item = self.carriers[operation]
            if item.fixed or operation in self.covered:
                continue
            relations = self._get_additional(operation)
            options += [relation for relation in relations if relation.condition]
        return tuple(options)

    # Parts of other operations -------------------------------------------------------

    def _drop_parts(self):
        """What is part of another item costs nothing.

        The item that contains it must cost something itself. Where that one is part of
        a third item, the third one's time counts, and what that one excludes:
        otherwise nobody would pay for the excluded work.
        """
        reaches = {}
        for operation in self.graph.get_order(self.carriers):
            ways = reaches.get(operation)
            if ways:
                self.covered[operation] = min(ways, key=lambda way: way.sort_key)
            if not ways or self._was_paid_apart(operation, ways):
                self.payers.append(operation)
                for reach in self.graph.get_work(operation)[1:]:
                    if reach.operation in self.carriers:
                        reaches.setdefault(reach.operation, []).append(reach)
        for operation, reach in self.covered.items():
            item = self.carriers[operation]
            if not item.fixed:
                self.costs[item.key].set(0.0, **self._explain(reach, "included"))

    def _was_paid_apart(self, operation, ways):
        """Whether it was approved with a price of its own beside what contains it."""
        item = self.carriers[operation]
        return bool(
            item.fixed
            and item.hours
            and all(self.carriers[way.root].fixed for way in ways)
        )

    def _explain(self, reach, kind, rule=None):
        """Reason of a step: the nearest picked operation, and the way from it."""
        return {
            "kind": kind,
            "operation": reach.root,
            "via": reach.via,
            "rule": reach.rule if rule is None else rule,
        }

    # Combination times ---------------------------------------------------------------

    def _get_combinations(self):
        """Combination times of the picked operations, for work that is paid for.

        :return: dict of operation to list of (relation, reach of its other end)
        """
        found = defaultdict(list)
        for payer in self.payers:
            for reach in self.graph.get_work(payer):
                for relation in self.graph.get("combination", reach.operation):
                    if (
                        relation.hours is not None
                        and relation.other in self.carriers
                        and relation.other not in reach.without
                        and relation.other != payer
                    ):
                        found[relation.other].append((relation, reach))
        return found

    def _use_combination_times(self):
        self.combinations = self._get_combinations()
        for operation, pairs in self.combinations.items():
            item = self.carriers[operation]
            if item.fixed or item.hours is None or operation in self.covered:
                continue
            relation, reach = min(pairs, key=self._get_combination_key)
            if relation.hours < item.hours:
                cost = self.costs[item.key]
                cost.set(
                    max(relation.hours, 0.0) + cost.extra,
                    **self._explain_combination(relation, reach),
                )

    def _get_combination_key(self, pair):
        relation, reach = pair
        return (relation.hours, reach.sort_key, _sort_key(relation.id))

    def _explain_combination(self, relation, reach, kind="combination"):
        """Reason of a combination time, as somebody who looks at the basket sees it."""
        if relation.operation in self.carriers:
            return {"kind": kind, "operation": relation.operation, "rule": relation.id}
        way = (*reach.via, relation.operation)
        return {"kind": kind, "operation": reach.root, "via": way, "rule": relation.id}

    # Approved work -------------------------------------------------------------------

    def _take_off_approved(self):
        """What was approved at its full price is taken off what it is shared with.

        Each approved hour is taken off once, of the nearest operation first.
        """
        for operation in _ordered(self.carriers):
            item = self.carriers[operation]
            if item.fixed and item.hours:
                rest = item.hours - self._get_hours_if_new(operation, item)
                for payer, rule in self._get_sharers(operation):
                    rest -= self._take_off(payer, rest, operation, rule)

    def _get_hours_if_new(self, operation, item):
        """Hours of an approved item, had it been picked together with the new ones."""
        if self._get_new_ways(operation):
            return 0.0
        hours = [pair[0].hours for pair in self._get_new_combinations(operation)]
        return max(0.0, min([item.hours, *hours]))

    def _get_sharers(self, operation):
        """New operations that share work with an approved one, nearest first.

        :return: list of (operation, id of the relation)
        """
        ways = [(reach, reach.rule) for reach in self._get_new_ways(operation)]
        if not ways:
            pairs = self._get_new_combinations(operation)
            ways = [(reach, relation.id) for relation, reach in pairs]
        sharers = {}
        for reach, rule in ways:
            sharers.setdefault(reach.root, rule)
        return list(sharers.items())

    def _get_new_ways(self, operation):
        """Ways on which an approved operation is part of one that is not."""
        ways = [
            reach
            for payer in self.payers
            if self._is_new_to(payer, operation)
            for reach in self.graph.get_work(payer)[1:]
            if reach.operation == operation
        ]
        return sorted(ways, key=lambda way: way.sort_key)

    def _get_new_combinations(self, operation):
        """Combination times of an approved operation with some that are not."""
        pairs = [
            (relation, reach)
            for relation, reach in self.combinations.get(operation, ())
            if self._is_new_to(reach.root, operation)
            and relation.operation not in self.carriers[operation].counted
        ]
        return sorted(pairs, key=self._get_combination_key)

    def _is_new_to(self, payer, operation):
        """Whether ``payer`` is not approved and did not count for ``operation`` yet."""
        counted = self.carriers[operation].counted
        return not self.carriers[payer].fixed and payer not in counted

    def _take_off(self, payer, hours, operation, rule):
        """Take up to ``hours`` off ``payer``.

        :return: hours that were taken off
        """
        cost = self.costs[self.carriers[payer].key]
        taken = min(hours, cost.hours or 0.0)
        if taken <= 1e-9:
            return 0.0
        cost.set(cost.hours - taken, kind="approved", operation=operation, rule=rule)
        return taken

    # Required and suggested work -----------------------------------------------------

    def _get_done(self, operations):
        """Everything that is done when ``operations`` are done."""
        return {
            reach.operation
            for operation in operations
            for reach in self.graph.get_work(operation)
        }

    def _get_required(self):
        """Work that must be done before, and the reason; nothing that is done anyway.

        :return: dict of operation to the operation that asks for it
        """
        done = self._get_done(self.payers) | set(self.carriers)
        asking, required = _ordered(self.carriers), {}
        for operation in asking:  # grows: what must be done before the work before
            for relation in self.graph.get("preliminary", operation):
                if relation.other not in done and relation.other not in required:
                    required[relation.other] = operation
                    asking.append(relation.other)
        kept = []
        for operation in self.graph.get_order(required):
            if operation not in self._get_done(kept):
                kept.append(operation)
        return {operation: required[operation] for operation in _ordered(kept)}

    def _get_suggested(self, required):
        """Work that the customer may want too: each once, with the best reason.

        :return: tuple of (operation, because of, kind)
        """
        done = self._get_done([*self.payers, *required]) | set(self.carriers)
        reasons = {}
        for kind in SUGGESTING:
            for operation in _ordered(self.carriers):
                for relation in self.graph.get(kind, operation):
                    if relation.other not in done:
                        reasons.setdefault(relation.other, (operation, kind))
        return tuple((other, *reasons[other]) for other in _ordered(reasons))
