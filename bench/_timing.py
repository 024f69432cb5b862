"""What the figures about calls share: how long one takes, and how many queries."""

import statistics
import time


def percentiles(env, values, function):
    """Median and 95th percentile in milliseconds, each on an empty record cache.

    A first round, which does not count, brings the pages into memory.
    """
    times = []
    for value in values:
        function(value)
    for value in values:
        env.invalidate_all()
        start = time.perf_counter()
        function(value)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def count_queries(env, value, function):
    env.invalidate_all()
    before = env.cr.sql_log_count
    function(value)
    return env.cr.sql_log_count - before
