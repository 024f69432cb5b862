"""Spread the fixed price of a package over its lines, exact to the cent.

Plain Python, no ORM. An estimate multiplies a quantity by a unit price that has few
decimals and rounds the result, so the price of a package rarely comes out by itself:
three discs at 33.33 make 99.99. One line therefore takes what rounding leaves over; a
line of several pieces is split when no single line can.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Share:
    """What one line gets of the price.

    :ivar index: place of the line among the given ones
    :ivar quantity: quantity; smaller than the given one where the line is split
    :ivar price: price of one unit
    """

    index: int
    quantity: float
    price: float


def spread(total, lines, price_step=0.01, step=0.01):
    """Unit prices of lines that together cost ``total``.

    :param float total: price of all lines together
    :param list lines: pairs (quantity, weight); the weight is what the line would cost
        by itself. Weights that are all zero count as equal ones
    :param float price_step: smallest step of a unit price
    :param float step: smallest coin of the currency
    :return: list of Share in the order of the lines; every amount
        ``round(quantity * price)`` is a multiple of ``step`` and they add up to
        ``total``
    """
    total = _to_step(_decimal(total), _decimal(step), ROUND_HALF_UP)
    steps = _decimal(price_step), _decimal(step)
    quantities = [_decimal(quantity) for quantity, _weight in lines]
    wanted = _get_wanted(total, [_decimal(weight) for _quantity, weight in lines])
    prices = [
        _to_step(amount / quantity, steps[0], ROUND_DOWN) if quantity else Decimal(0)
        for amount, quantity in zip(wanted, quantities, strict=True)
    ]
    amounts = [
        _get_amount(price, quantity, steps[1])
        for price, quantity in zip(prices, quantities, strict=True)
    ]
    left = total - sum(amounts)
    pairs = zip(quantities, prices, strict=True)
    rows = [(index, *pair) for index, pair in enumerate(pairs)]
    if left:
        rows = _place_rest(rows, amounts, left, steps)
    return [Share(index, float(qty), float(price)) for index, qty, price in rows]


def _place_rest(rows, amounts, left, steps):
    """Put what rounding left over on one line, on the dearest that can take it.

    :return: rows with that line changed, or split
    """
    for index in sorted(range(len(rows)), key=lambda place: -amounts[place]):
        price = _get_price(amounts[index] + left, rows[index][1], steps)
        if price is not None:
            return [
                (place, quantity, price if place == index else own)
                for place, quantity, own in rows
            ]
    return _split(rows, left, steps)


def _split(rows, left, steps):
    """Take one piece off the line with most pieces, for the sake of the last cent.

    Every line has more than one piece here: one of a single piece takes any amount.
    """
    index = max(range(len(rows)), key=lambda place: rows[place][1])
    _place, quantity, price = rows[index]
    rest = quantity - 1
    before = _get_amount(price, quantity, steps[1])
    last = before + left - _get_amount(price, rest, steps[1])
    pair = [(index, rest, price), (index, Decimal(1), last)]
    return rows[:index] + pair + rows[index + 1 :]


def _get_wanted(total, weights):
    """Share of the total that every line would get without any rounding."""
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    whole = sum(weights)
    return [total * weight / whole for weight in weights]


def _get_price(amount, quantity, steps):
    """Unit price that makes ``amount``, None when there is none."""
    if not quantity:
        return None
    price = _to_step(amount / quantity, steps[0], ROUND_HALF_UP)
    for candidate in (price, price - steps[0], price + steps[0]):
        if candidate >= 0 and _get_amount(candidate, quantity, steps[1]) == amount:
            return candidate
    return None


def _get_amount(price, quantity, step):
    return _to_step(price * quantity, step, ROUND_HALF_UP)


def _to_step(value, step, rounding):
    return (value / step).quantize(Decimal(1), rounding=rounding) * step


def _decimal(value):
    return Decimal(str(value))
