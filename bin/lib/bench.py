"""Runs the figures under ``bench/`` and prints them as a table or as JSON lines.

A figure is a file with ``run(ctx)`` that yields dicts; see bench/README.md.
"""

import argparse
import contextlib
import functools
import hashlib
import importlib.util
import json
import statistics
import subprocess
import sys
import time

import harness
import manifests

BENCH = harness.ROOT / "bench"
sys.path.append(str(BENCH))  # what figures share: _screens, _timing
FIELDS = (
    *("name", "ours", "host", "limit", "unit", "ratio_host", "ratio_limit"),
    *("queries", "goal", "holds"),
)
# Not figures: what builds the data, and helpers.
NOT_FIGURES = {"volume", "conftest"}


class Context:
    """What a figure gets; it opens databases and servers, and measures."""

    def __init__(self):
        self._volume = None

    def volume_db(self):
        """The database with 100,000 vehicles, made by ``bench/volume.py`` and kept.

        :return: its name; leave in it what you found
        """
        if self._volume is None:
            self._volume = volume_database()
        return self._volume

    @contextlib.contextmanager
    def fresh_db(self, name, template=harness.TEMPLATE):
        """A clone for writing, dropped afterwards."""
        database = harness.clone(f"bench_{name}", template)
        try:
            yield database
        finally:
            close_connections(database)
            harness.drop(database)

    @contextlib.contextmanager
    def env(self, database, login=None):
        """An environment in this process; nothing of it is committed.

        :param login: whose; the superuser's when omitted
        """
        with environment(database) as env:
            if login:
                user = env["res.users"].search([("login", "=", login)])
                env = env(user=user.id)
            yield env
            env.cr.rollback()

    def server(self, database, workers=2):
        """A server as a context manager, with ``url``."""
        log = harness.CACHE / "log" / "bench-server.log"
        return harness.OdooServer(database, log, workers)

    def measure(self, env, function, repeat=15, warm=3):
        """Median time of a call on an empty cache, and its queries.

        :param function: called without arguments
        :return: (milliseconds, number of queries)
        """
        times, queries = [], 0
        for number in range(warm + repeat):
            env.invalidate_all()
            before, start = env.cr.sql_log_count, time.perf_counter()
            function()
            env.flush_all()
            if number >= warm:
                times.append((time.perf_counter() - start) * 1000)
                queries = env.cr.sql_log_count - before
        return statistics.median(times), queries


def complete(result):
    """A result with all fields: ratios worked out, ``None`` where there is none."""
    row = {field: result.get(field) for field in FIELDS}
    for other in ("host", "limit"):
        ratio = f"ratio_{other}"
        if row[ratio] is None and row["ours"] is not None and row[other]:
            row[ratio] = round(row["ours"] / row[other], 3)
    return row


# --- Odoo in this process


@functools.cache
def start_odoo():
    """Read our configuration; needs the host on PYTHONPATH, as bin/bench sets it."""
    import odoo.cli  # noqa: F401 - makes the namespace package complete
    from odoo.tools import config

    conf = str(harness.CACHE / "odoo.conf")
    config.parse_config(["-c", conf, "--log-level", "warn"], setup_logging=True)


@contextlib.contextmanager
def environment(database):
    start_odoo()
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    with Registry(database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def close_connections(database):
    """Forget a database in this process, so that it can be dropped or cloned."""
    start_odoo()
    from odoo import sql_db
    from odoo.modules.registry import Registry

    Registry.delete(database)
    sql_db.close_db(database)


# --- the volume database


def volume_stamp():
    """Changes with the builder and with the addons' code."""
    digest = hashlib.sha256((BENCH / "volume.py").read_bytes())
    for name, manifest in sorted(manifests.read(tests=False).items()):
        digest.update(name.encode())
        for path in sorted(manifest["path"].rglob("*")):
            inside = path.relative_to(manifest["path"]).parts
            if path.suffix in {".py", ".xml", ".csv"} and inside[0] != "tests":
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def volume_database(name="bench_volume"):
    """Build it, or take the one of an earlier run when the code is the same."""
    stamp = volume_stamp()
    stamps = dict(
        row
        for row in harness.query(
            "postgres",
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database",
        )
    )
    if stamps.get(name) == stamp:
        return name
    tell("building the volume database; it is kept for the next time")
    harness.clone(name)
    addons = manifests.suite()
    log = harness.CACHE / "log" / "bench-volume.log"
    arguments = ("-d", name, "-i", ",".join(addons), "--stop-after-init", "--no-http")
    if harness.run_odoo(*arguments, log=log):
        raise RuntimeError(f"the addons could not be installed; see {log}")
    volume = load(BENCH / "volume.py")
    with environment(name) as env:
        volume.build(env)
        env.cr.commit()  # pylint: disable=invalid-commit
    close_connections(name)
    harness.query(name, "VACUUM ANALYZE")
    harness.query("postgres", f"COMMENT ON DATABASE {name} IS '{stamp}'")
    return name


# --- the command


def figures():
    names = {path.stem for path in BENCH.glob("[a-z]*.py")}
    return sorted(names - NOT_FIGURES)


def load(path):
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def tell(text):
    print(text, file=sys.stderr, flush=True)


def show(value):
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def table(rows):
    """The rows as text, columns aligned."""
    lines = [FIELDS, *([show(row[field]) for field in FIELDS] for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(FIELDS))]
    return "\n".join(
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True))
        for line in lines
    )


def main():
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(figures()))
    parser.add_argument("--json", action="store_true", help="one object a line")
    options = parser.parse_args()
    unknown = set(options.names) - set(figures())
    if unknown:
        parser.error(f"no such figure: {', '.join(sorted(unknown))}")
    context, rows = Context(), []
    for name in options.names or figures():
        tell(f"{name} …")
        for result in load(BENCH / f"{name}.py").run(context):
            rows.append(complete(result))
            if options.json:
                print(json.dumps(rows[-1]), flush=True)
    if not options.json:
        print(table(rows))
    return int(not rows or any(row["holds"] is False for row in rows))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
