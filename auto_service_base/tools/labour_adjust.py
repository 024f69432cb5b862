"""What the garage adds to a labour time or takes off it, and how it rounds.

Plain Python, no ORM. Guides give times for new cars; an old one takes longer, and a
customer under contract may pay less. The rules come after all deductions.
"""

from dataclasses import dataclass
from math import ceil, floor, fsum

from .labour_basket import Step

#: What is less than this part of a rounding step is dust of binary fractions.
DUST = 1e-6


@dataclass(frozen=True)
class Rule:
    """``percent`` of the time after deductions and ``hours`` beside; below zero too."""

    id: object
    name: str = ""
    percent: float = 0.0
    hours: float = 0.0


def adjust(hours, rules, rounding=0.0, method="nearest"):
    """Hours after ``rules``, and how they came about.

    Per cents are all of the hours that came in, so the order of the rules does not
    matter; then come the hours, then the rounding step. What costs nothing because it
    is part of something else still costs nothing; what nobody knows stays unknown.
    Rules never make a time negative, and rounding never makes it nothing.

    :param hours: hours after the deductions of the basket, ``None`` when unknown
    :param rules: iterable of :class:`Rule` that hold
    :param float rounding: rounding step in hours, 0 when nothing is rounded
    :param method: ``up`` or ``nearest`` (half a step goes up)
    :return: pair (hours, tuple of steps ``adjustment`` and ``rounding``)
    """
    if not hours:
        return hours, ()
    changes = [(rule, hours * rule.percent / 100.0 + rule.hours) for rule in rules]
    steps = [
        Step("adjustment", round(change, 6), rule=rule.id, name=rule.name)
        for rule, change in changes
        if round(change, 6)
    ]
    adjusted = round(fsum([hours, *(change for _rule, change in changes)]), 6)
    if adjusted < 0.0:
        steps.append(Step("rounding", -adjusted))
        adjusted = 0.0
    rounded = round_hours(adjusted, rounding, method)
    if rounded != adjusted:
        steps.append(Step("rounding", round(rounded - adjusted, 6)))
    return rounded, tuple(steps)


def round_hours(hours, rounding, method="nearest"):
    """``hours`` in steps of ``rounding``; at least one step, unless they are zero.

    :param float hours: zero or more
    :param float rounding: step in hours, 0 when nothing is rounded
    :param method: ``up`` or ``nearest``
    :return: hours as float
    """
    if not rounding or rounding < 0.0 or not hours:
        return hours
    count = hours / rounding
    count = ceil(count - DUST) if method == "up" else floor(count + 0.5 + DUST)
    return round(max(count, 1) * rounding, 6)
