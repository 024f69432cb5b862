"""How much of a part should lie on the shelf."""

from math import ceil, sqrt

#: Days that one order lasts, at least.
CYCLE_DAYS = 14


def propose_limits(used, times, days, lead_days, cycle_days=CYCLE_DAYS):
    """Least and most that should lie here, from what was used.

    The least is what is used until an order arrives, and a reserve for the days when
    more is needed than usual: the square root of it, and never less than what is
    usually taken at once. The most adds what is used between two orders.

    :param float used: pieces that were taken out
    :param int times: how many times something was taken out
    :param int days: days in which it was used
    :param float lead_days: days from the order to the receipt
    :return: pair (least, most) of whole pieces; (0, 0) when nothing was used
    """
    if used <= 0 or days <= 0:
        return 0, 0
    per_day = used / days
    until_receipt = per_day * max(lead_days, 1.0)
    at_once = used / max(times, 1)
    least = ceil(round(until_receipt + max(sqrt(until_receipt), at_once), 6))
    most = least + max(ceil(round(per_day * cycle_days, 6)), 1)
    return least, most
