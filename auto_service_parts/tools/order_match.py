"""Which position of a supplier's answer is which line of our order.

Suppliers send our reference back, or do not; they write brands their own way and split
a line into several positions. Plain Python.
"""

from .part_number import brand_key, number_key


def match_positions(lines, positions):
    """Give every position to a line: by reference, brand and number, then number.

    A number that stands on several lines is told apart by the brand, and by the
    quantity last. What fits no line is left over: it is never guessed.

    :param lines: list of OrderLine
    :param positions: list of OrderedPosition
    :return: pair of dict reference -> list of positions, and list of those left over
    """
    found = {line.reference: [] for line in lines}
    left = []
    for position in positions:
        if position.reference in found and position.reference:
            found[position.reference].append(position)
        else:
            left.append(position)
    for key_of in (_whole_key, _number_key):
        left = _match_by(key_of, lines, left, found)
    return found, left


def _whole_key(item):
    return brand_key(item.brand), number_key(item.number)


def _number_key(item):
    return number_key(item.number)


def _match_by(key_of, lines, positions, found):
    """Give positions to the lines of the same key; return those that fit none."""
    by_key = {}
    for line in lines:
        by_key.setdefault(key_of(line), []).append(line)
    left = []
    for position in positions:
        line = _choose(by_key.get(key_of(position), []), position, found)
        if line:
            found[line.reference].append(position)
        else:
            left.append(position)
    return left


def _choose(lines, position, found):
    """The line of several with the same number that has room for the position."""
    if len(lines) == 1:
        return lines[0]
    open_lines = [line for line in lines if not found[line.reference]]
    same = [line for line in open_lines if line.quantity == position.quantity]
    return (same or open_lines or [None])[0]
