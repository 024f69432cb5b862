"""The labour basket: rules that hold whatever is picked, and cases worked by hand."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_service_base.tools.labour_basket import (
    ACYCLIC,
    CycleError,
    Item,
    Relation,
    find_cycle,
    solve,
)

NAMES = "ABCDEFGH"
KINDS = ("includes", "excludes", "preliminary", "follow_up", "combination")
BELOW = 1e-5  # dust of binary fractions


# Baskets of any kind ---------------------------------------------------------------

hours = st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.75, 3.0])
maybe_hours = st.sampled_from([None, 0.0, 0.25, 0.5, 1.0, 1.75, 3.0])
name = st.sampled_from(NAMES)
extras = st.lists(st.tuples(name, hours, st.sampled_from([None, "rust"])), max_size=3)


def relations(kinds=KINDS):
    """Relations without a circle: they lead from A towards H."""
    edges = st.lists(
        st.tuples(name, name, st.sampled_from(kinds), hours).filter(
            lambda edge: edge[0] < edge[1]
        ),
        max_size=14,
    )
    return st.builds(_relate, edges, extras)


def _relate(edges, extras):
    found = [Relation(number, *edge) for number, edge in enumerate(edges)]
    for number, (operation, more, condition) in enumerate(extras, 100):
        found.append(Relation(number, operation, None, "additional", more, condition))
    return found


def items(fixed=(False, True), hours=maybe_hours, unique=False):
    """Up to eight picked operations."""
    picked = st.tuples(name, hours, st.sampled_from(fixed))
    by_name = (lambda item: item[0]) if unique else None
    lists = st.lists(picked, max_size=8, unique_by=by_name)
    return lists.map(
        lambda picked: [Item(key, *values) for key, values in enumerate(picked)]
    )


ticked = st.frozensets(st.sampled_from([100, 101, 102]))


@given(items=items(), relations=relations(), options=ticked)
def test_never_more_than_the_sum_of_the_parts(items, relations, options):
    basket = solve(items, relations, options)
    assert basket.total <= basket.alone_total + BELOW
    for line in basket.lines.values():
        assert line.hours is None or line.hours >= 0.0
        if line.alone is not None:
            assert line.hours <= line.alone + BELOW


@given(
    items=items(),
    relations=relations(),
    options=ticked,
    data=st.data(),
)
def test_order_does_not_matter(items, relations, options, data):
    shuffled = solve(
        data.draw(st.permutations(items)),
        data.draw(st.permutations(relations)),
        options,
    )
    assert shuffled == solve(items, relations, options)


@given(items=items(), relations=relations(), options=ticked)
def test_every_deduction_has_a_reason_and_they_sum_up(items, relations, options):
    basket = solve(items, relations, options)
    picked = {item.operation for item in items}
    by_id = {relation.id: relation for relation in relations}
    taken = 0.0
    for line in basket.lines.values():
        below = [step for step in line.steps if step.hours < 0.0]
        above = [step for step in line.steps if step.hours > 0.0]
        taken -= sum(step.hours for step in below)
        if line.alone is not None:
            changes = sum(step.hours for step in line.steps)
            assert line.item.hours + changes == pytest.approx(line.hours)
            assert line.item.hours + sum(s.hours for s in above) == pytest.approx(
                line.alone
            )
        for step in line.steps:
            assert step.operation in picked
            if step.kind != "duplicate":
                assert _is_told_by(step, line.item.operation, by_id)
    assert basket.deducted == pytest.approx(taken)
    assert basket.alone_total - basket.deducted == pytest.approx(basket.total)


def _is_told_by(step, operation, by_id):
    """Whether the relations really say what the step says, along its whole way."""
    relation = by_id[step.rule]
    if step.kind == "approved":
        return relation.other == step.operation
    if step.kind == "additional":
        return relation.operation == operation and relation.kind == "additional"
    way = [step.operation, *step.via, operation]
    told = {(relation.operation, relation.other): set() for relation in by_id.values()}
    for relation in by_id.values():
        told[relation.operation, relation.other].add(relation.kind)
    last = "includes" if step.kind == "included" else "combination"
    kinds = ["includes"] * (len(way) - 2) + [last]
    steps = zip(way, way[1:], kinds, strict=False)
    return by_id[step.rule].other == operation and all(
        kind in told.get((first, second), ()) for first, second, kind in steps
    )


@given(items=items(), relations=relations(), options=ticked)
def test_approved_work_never_changes(items, relations, options):
    for line in solve(items, relations, options).lines.values():
        if line.item.fixed:
            assert line.hours == line.item.hours
            assert not line.steps


@given(
    items=items(fixed=(False,)),
    relations=relations(),
    options=ticked,
    data=st.data(),
)
def test_approving_a_part_changes_nothing_else(items, relations, options, data):
    """What was approved together with the rest costs the rest nothing, nor saves it."""
    basket = solve(items, relations, options)
    approved = data.draw(st.sets(st.sampled_from(range(8))))
    later = [
        Item(
            item.key,
            item.operation,
            basket.lines[item.key].hours if item.key in approved else item.hours,
            item.key in approved,
            frozenset(step.operation for step in basket.lines[item.key].steps),
        )
        for item in items
    ]
    again = solve(later, relations, options)
    if len({item.operation for item in items}) == len(items):
        for key, line in again.lines.items():
            assert line.hours == basket.lines[key].hours


@given(items=items(), relations=relations(), options=ticked)
def test_all_approved_is_the_end(items, relations, options):
    basket = solve(items, relations, options)
    frozen = [
        Item(key, line.item.operation, line.hours, True)
        for key, line in basket.lines.items()
    ]
    assert solve(frozen, relations, options).total == pytest.approx(basket.total)


@given(items=items(), relations=relations())
def test_required_work_is_asked_for_once(items, relations):
    basket = solve(items, relations)
    picked = {item.operation for item in items}
    required = [operation for operation, _because in basket.required]
    assert len(required) == len(set(required))
    assert not picked & set(required)
    suggested = [operation for operation, _because, _kind in basket.suggested]
    assert len(suggested) == len(set(suggested))
    assert not (picked | set(required)) & set(suggested)


@given(items=items(), relations=relations())
def test_required_work_is_complete(items, relations):
    """Whoever adds what is required is not asked for more."""
    basket = solve(items, relations)
    added = [
        Item(f"added {operation}", operation, 1.0)
        for operation, _because in basket.required
    ]
    assert not solve([*items, *added], relations).required


@given(items=items(fixed=(False,)), relations=relations())
def test_what_is_not_known_is_not_nothing(items, relations):
    basket = solve(items, relations)
    for key, line in basket.lines.items():
        if line.item.hours is None:
            gone = {"included", "duplicate"} & {step.kind for step in line.steps}
            assert (line.hours is None) == (not gone)
            assert (key in basket.unknown) == (not gone)


@given(
    items=items(fixed=(False,), hours=hours, unique=True),
    relations=relations(kinds=("includes", "combination")),
)
def test_somebody_pays_for_what_was_deducted(items, relations):
    """What is part of something else is part of something that is charged in full."""
    basket = solve(items, relations)
    by_operation = {line.item.operation: line for line in basket.lines.values()}
    for line in basket.lines.values():
        for step in line.steps:
            if step.kind == "included":
                reasons = by_operation[step.operation].steps
                assert all(reason.kind != "included" for reason in reasons)


@given(edges=st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE"))))
def test_circles_are_found_with_their_path(edges):
    graph = [
        Relation(number, first, second, "includes")
        for number, (first, second) in enumerate(edges)
    ]
    path = find_cycle(graph)
    reachable = _close(edges)
    assert (path is not None) == any((name, name) in reachable for name in "ABCDE")
    if path:
        assert path[0] == path[-1]
        assert set(zip(path, path[1:], strict=False)) <= set(edges)
        with pytest.raises(CycleError, match=" → ".join(path)) as error:
            solve([], graph)
        assert error.value.path == path


def _close(edges):
    closure = set(edges)
    while True:
        more = {(a, d) for a, b in closure for c, d in closure if b == c} - closure
        if not more:
            return closure
        closure |= more


@pytest.mark.parametrize("kinds", ACYCLIC)
def test_circle_across_kinds(kinds):
    """Two operations cannot make each other cheaper, whichever way."""
    graph = [
        Relation(1, "A", "B", kinds[0], 1.0),
        Relation(2, "B", "A", kinds[-1], 1.0),
    ]
    assert find_cycle(graph) == ("A", "B", "A")


def test_work_before_and_after_is_no_circle():
    graph = [
        Relation(1, "belt", "shield off", "preliminary"),
        Relation(2, "shield off", "belt", "follow_up"),
        Relation(3, "belt", "shield off", "excludes"),
    ]
    assert find_cycle(graph) is None


# Cases worked by hand ------------------------------------------------------------

#: Hours of the operations alone, as a guide would give them.
HOURS = {
    "belt": 3.0,
    "pump": 2.0,
    "tensioner": 1.2,
    "coolant": 0.8,
    "engine": 9.0,
    "head": 6.5,
    "gasket": 1.5,
    "shield": 0.3,
    "wheels": 0.4,
    "pads": 1.0,
    "discs": 1.6,
    "fluid": 0.7,
    "align": 1.1,
    "arm": 1.4,
    "joint": 0.9,
    "plugs": 0.6,
    "scan": None,
}


class Case:
    """What is picked, what the guide says, and what it costs by hand.

    :param picked: names with blanks between them; ``!`` approved, ``*`` ticked option,
        ``name=1.5`` with these hours
    :param rules: lines ``operation kind other hours condition``
    :param hours: expected hours of the picked ones, in their order
    """

    def __init__(self, source, picked, rules, hours, **expected):
        self.source = source
        self.picked = picked
        self.rules = rules
        self.hours = hours
        self.expected = expected

    def get_items(self):
        for key, word in enumerate(self.picked.split()):
            name, _equals, hours = word.strip("!").partition("=")
            yield Item(
                key,
                name,
                float(hours) if hours else HOURS[name],
                word.startswith("!"),
            )

    def get_relations(self):
        for number, rule in enumerate(self.rules):
            operation, kind, other, *rest = rule.split(maxsplit=4)
            yield Relation(
                number,
                operation,
                None if other == "-" else other,
                kind,
                float(rest[0]) if rest else None,
                rest[1] if len(rest) > 1 else None,
            )


INCLUDED = "Haynes: includedList of an information group"
NOT_INCLUDED = "Haynes: notIncludedList of an information group"
PRELIMINARY = "Haynes: preliminaryList, must be done before"
FOLLOW_UP = "Haynes: followUpWorkList"
COMBINATION = "MOTOR, ALLDATA: combination time, cheaper with the main operation"
ADDITIONAL = "MOTOR, ALLDATA: additional time, only if the vehicle has it"
ONCE = "Collision guides: removing and refitting counted twice is charged once"
APPROVED = "Ours: what the customer approved stays; shared work is charged once"
UNKNOWN = "Ours: no time known is said plainly, it is never nothing"

CASES = [
    Case(INCLUDED, "belt tensioner", ["belt includes tensioner"], [3.0, 0.0]),
    Case(INCLUDED, "tensioner", ["belt includes tensioner"], [1.2]),
    # A chain through an operation that nobody picked.
    Case(
        INCLUDED,
        "engine gasket",
        ["engine includes head", "head includes gasket"],
        [9.0, 0.0],
        via={1: ("head",)},
    ),
    Case(
        INCLUDED,
        "engine head gasket",
        ["engine includes head", "head includes gasket"],
        [9.0, 0.0, 0.0],
        because={1: "engine", 2: "engine"},
    ),
    # A part that takes longer by itself than what contains it still costs nothing.
    Case(INCLUDED, "joint arm", ["joint includes arm"], [0.9, 0.0]),
    Case(
        NOT_INCLUDED,
        "belt",
        ["belt excludes coolant"],
        [3.0],
        suggested=[("coolant", "belt", "excludes")],
    ),
    Case(NOT_INCLUDED, "belt coolant", ["belt excludes coolant"], [3.0, 0.8]),
    # The guide says the engine's time does not contain the gasket, though the head's
    # does.
    Case(
        NOT_INCLUDED,
        "engine gasket",
        ["engine includes head", "head includes gasket", "engine excludes gasket"],
        [9.0, 1.5],
        suggested=[],
    ),
    # The head costs nothing here, so its time cannot pay for the gasket either.
    Case(
        NOT_INCLUDED,
        "engine head gasket",
        ["engine includes head", "head includes gasket", "engine excludes gasket"],
        [9.0, 0.0, 1.5],
    ),
    # Somebody else contains it.
    Case(
        NOT_INCLUDED,
        "engine belt gasket",
        ["engine excludes gasket", "belt includes gasket"],
        [9.0, 3.0, 0.0],
        because={2: "belt"},
    ),
    # What is excluded in the middle of a chain is excluded from there on only.
    Case(
        NOT_INCLUDED,
        "engine gasket",
        [
            "engine includes head",
            "head includes gasket",
            "head excludes gasket",
            "engine includes gasket",
        ],
        [9.0, 0.0],
        via={1: ()},
    ),
    Case(
        NOT_INCLUDED,
        "belt pump",
        ["belt combination pump 0.5", "belt excludes pump"],
        [3.0, 2.0],
    ),
    Case(
        PRELIMINARY,
        "belt",
        ["belt preliminary shield"],
        [3.0],
        required=[("shield", "belt")],
    ),
    # Needed by two, required once.
    Case(
        PRELIMINARY,
        "belt pump",
        ["belt preliminary shield", "pump preliminary shield"],
        [3.0, 2.0],
        required=[("shield", "belt")],
    ),
    Case(
        PRELIMINARY, "belt shield", ["belt preliminary shield"], [3.0, 0.3], required=[]
    ),
    # Already part of something that was picked.
    Case(
        PRELIMINARY,
        "pads engine",
        ["pads preliminary wheels", "engine includes head", "head includes wheels"],
        [1.0, 9.0],
        required=[],
    ),
    # Part of other work that is needed as well.
    Case(
        PRELIMINARY,
        "belt pump",
        [
            "belt preliminary coolant",
            "pump preliminary shield",
            "coolant includes shield",
        ],
        [3.0, 2.0],
        required=[("coolant", "belt")],
    ),
    # Work before the work before.
    Case(
        PRELIMINARY,
        "belt",
        ["belt preliminary pump", "pump preliminary coolant"],
        [3.0],
        required=[("coolant", "pump"), ("pump", "belt")],
    ),
    Case(
        FOLLOW_UP,
        "arm",
        ["arm follow_up align", "align follow_up scan"],
        [1.4],
        suggested=[("align", "arm", "follow_up")],
    ),
    Case(FOLLOW_UP, "arm align", ["arm follow_up align"], [1.4, 1.1], suggested=[]),
    Case(
        FOLLOW_UP,
        "arm engine",
        ["arm follow_up align", "engine includes align"],
        [1.4, 9.0],
        suggested=[],
    ),
    # Timing belt plus water pump is less than the sum.
    Case(
        COMBINATION,
        "belt pump",
        ["belt combination pump 0.6"],
        [3.0, 0.6],
        total=3.6,
        deducted=1.4,
        because={1: "belt"},
    ),
    Case(COMBINATION, "pump", ["belt combination pump 0.6"], [2.0]),
    # A combination time above the operation's own is a mistake of the guide.
    Case(COMBINATION, "belt plugs", ["belt combination plugs 0.9"], [3.0, 0.6]),
    Case(
        COMBINATION,
        "belt head pump",
        ["belt combination pump 0.6", "head combination pump 0.4"],
        [3.0, 6.5, 0.4],
        because={2: "head"},
    ),
    # The belt is part of the engine here, but it is done all the same.
    Case(
        COMBINATION,
        "engine belt pump",
        ["engine includes belt", "belt combination pump 0.6"],
        [9.0, 0.0, 0.6],
        because={2: "belt"},
    ),
    Case(
        COMBINATION,
        "engine pump",
        ["engine includes belt", "belt combination pump 0.6"],
        [9.0, 0.6],
        because={1: "engine"},
        via={1: ("belt",)},
    ),
    Case(
        COMBINATION,
        "engine pump",
        ["engine includes belt", "belt combination pump 0.6", "engine excludes pump"],
        [9.0, 2.0],
    ),
    # Part of one and cheaper with another: it costs nothing.
    Case(
        COMBINATION,
        "engine belt pump",
        ["engine includes pump", "belt combination pump 0.6"],
        [9.0, 3.0, 0.0],
    ),
    Case(ADDITIONAL, "belt", ["belt additional - 0.4"], [3.4], alone=3.4, deducted=0.0),
    Case(
        ADDITIONAL, "belt", ["belt additional - 0.4 rusted bolts"], [3.0], options=[0]
    ),
    Case(
        ADDITIONAL,
        "belt",
        ["belt additional - 0.4 rusted bolts"],
        [3.4],
        ticked=[0],
        options=[0],
    ),
    # Base + additional + combination, as the guides add up.
    Case(
        ADDITIONAL,
        "belt pump",
        ["belt combination pump 0.6", "pump additional - 0.2 four-wheel drive"],
        [3.0, 0.8],
        ticked=[1],
        deducted=1.4,
    ),
    # A part of something else costs nothing, additional times included.
    Case(
        ADDITIONAL,
        "belt tensioner",
        ["belt includes tensioner", "tensioner additional - 0.2 rusted bolts"],
        [3.0, 0.0],
        ticked=[1],
        options=[],
    ),
    Case(ONCE, "wheels wheels", [], [0.4, 0.0], total=0.4, because={1: "wheels"}),
    Case(ONCE, "wheels=0.4 wheels=0.5", [], [0.0, 0.5]),
    Case(ONCE, "wheels !wheels", [], [0.0, 0.4]),
    Case(ONCE, "!wheels !wheels", [], [0.4, 0.4]),
    Case(ONCE, "scan scan=0.5", [], [0.0, 0.5]),
    Case(
        ONCE, "belt belt pump pump", ["belt combination pump 0.6"], [3.0, 0.0, 0.6, 0.0]
    ),
    # Approved work carries the deductions of what comes later.
    Case(APPROVED, "!belt tensioner", ["belt includes tensioner"], [3.0, 0.0]),
    Case(APPROVED, "!belt pump", ["belt combination pump 0.6"], [3.0, 0.6]),
    # Approved at its full price: the later operation that contains it gets cheaper.
    Case(
        APPROVED,
        "!tensioner belt",
        ["belt includes tensioner"],
        [1.2, 1.8],
        total=3.0,
        because={1: "tensioner"},
    ),
    Case(
        APPROVED,
        "!pump belt",
        ["belt combination pump 0.6"],
        [2.0, 1.6],
        total=3.6,
        because={1: "pump"},
    ),
    # Approved at its price in combination: nothing more to take off.
    Case(APPROVED, "!pump=0.6 belt", ["belt combination pump 0.6"], [0.6, 3.0]),
    # Approved as part of something: nothing was paid for it.
    Case(APPROVED, "!tensioner=0 belt", ["belt includes tensioner"], [0.0, 3.0]),
    # Each approved hour comes off once, of the nearest.
    Case(
        APPROVED,
        "!tensioner belt engine",
        ["belt includes tensioner", "engine includes tensioner"],
        [1.2, 1.8, 9.0],
    ),
    Case(
        APPROVED,
        "!belt arm engine",
        ["arm includes belt", "engine includes belt"],
        [3.0, 0.0, 7.4],
        total=10.4,
    ),
    Case(UNKNOWN, "scan belt", [], [None, 3.0], total=3.0, unknown=[0]),
    Case(UNKNOWN, "belt scan", ["belt includes scan"], [3.0, 0.0], unknown=[]),
    Case(UNKNOWN, "scan belt", ["scan includes belt"], [None, 0.0], unknown=[0]),
    # Nobody knows whether the combination time is lower.
    Case(UNKNOWN, "belt scan", ["belt combination scan 0.3"], [3.0, None], unknown=[1]),
    Case(UNKNOWN, "scan pump", ["scan combination pump 0.6"], [None, 0.6]),
    Case(UNKNOWN, "scan", ["scan additional - 0.3"], [None]),
    Case(UNKNOWN, "!belt scan", ["scan includes belt"], [3.0, None]),
]


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{number} {case.picked}" for number, case in enumerate(CASES)]
)
def test_case_worked_by_hand(case):
    relations = list(case.get_relations())
    expected = case.expected
    options = frozenset(expected.get("ticked", ()))
    for items in list(permutations(case.get_items()))[:24]:
        basket = solve(items, relations, options)
        lines = [basket.lines[key] for key in range(len(items))]
        assert [line.hours for line in lines] == case.hours, case.source
        for key, operation in expected.get("because", {}).items():
            assert [lines[key].steps[-1].operation] == [operation]
        for key, way in expected.get("via", {}).items():
            assert lines[key].steps[-1].via == way
        if "options" in expected:
            assert [option.id for option in basket.options] == expected["options"]
        names = {"total": basket.total, "deducted": basket.deducted}
        names["alone"] = basket.alone_total
        for name, value in names.items():
            assert value == pytest.approx(expected.get(name, value))
        for name in ("required", "suggested", "unknown"):
            if name in expected:
                assert list(getattr(basket, name)) == expected[name]


def test_two_items_have_two_keys():
    with pytest.raises(ValueError, match="same key"):
        solve([Item(1, "A", 1.0), Item(1, "B", 1.0)], [])


def test_long_chains_are_quick():
    """A thousand operations within each other: neither depth nor time explodes."""
    chain = [Relation(number, number, number + 1, "includes") for number in range(1000)]
    chain += [Relation(f"x{n}", n, n + 2, "includes") for n in range(999)]
    basket = solve([Item("first", 0, 5.0), Item("last", 1000, 2.0)], chain)
    assert basket.total == 5.0
