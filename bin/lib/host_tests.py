"""Runs the host's own tests three times and compares them test by test.

First on a database with nothing of ours, then with our warehouse installed and its
guard off, where nothing may differ, and with ``--guard`` a third time with it on: what
differs then is explained in docs/host_tests.md.
"""

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field

import harness
import manifests

MODULES = ("stock", "sale_stock", "purchase_stock", "repair")
ADDON = "auto_service_warehouse"
OUT = harness.CACHE / "host-tests"
SECONDS = 7200
SERVER = harness.ROOT / "bin" / "lib" / "host_tests_server.py"
STAMP = r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ [A-Z]+ \S+ "
TEST = r"odoo\.addons\.(\w+)\.tests\.(\w+): "
STARTED = re.compile(STAMP + TEST + r"Starting (\w+\.\w+) \.\.\.", re.M)
BROKEN = re.compile(
    STAMP
    + TEST
    + r"(FAIL|ERROR): (?:Subtest )?(\w+\.\w+)(?:.*)\n((?:(?!\d{4}-).*\n)*)",
    re.M,
)
SKIPPED = re.compile(STAMP + TEST + r"skipped (\w+\.\w+) : ", re.M)
CLASS = re.compile(STAMP + TEST + r"ERROR: (\w+Class) \(.*\.(\w+)\)", re.M)
# The switch of companies that are there, and of those that a test creates.
SWITCH = """
    UPDATE res_company SET auto_service_stock_guard = {on};
    DELETE FROM ir_config_parameter WHERE key = 'auto_service_warehouse.guard';
    INSERT INTO ir_config_parameter (key, value)
    VALUES ('auto_service_warehouse.guard', '{on}');
"""


@dataclass
class Outcome:
    """Of one run: what each test came to, and why those that failed did.

    :param dict tests: ``passed``, ``failed``, ``skipped`` by ``module.Class.test``
    :param dict reasons: last line of what a failed test said
    """

    tests: dict = field(default_factory=dict)
    reasons: dict = field(default_factory=dict)

    def counts(self):
        counts = Counter(self.tests.values())
        return ", ".join(f"{counts[key]} {key}" for key in sorted(counts))


def read(log):
    """The outcome that a log tells of."""
    outcome = Outcome()
    for module, _file, test in STARTED.findall(log):
        outcome.tests[f"{module}.{test}"] = "passed"
    for module, _file, test in SKIPPED.findall(log):
        outcome.tests[f"{module}.{test}"] = "skipped"
    for module, _file, _kind, test, text in BROKEN.findall(log):
        name = f"{module}.{test}"
        outcome.tests[name] = "failed"
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        outcome.reasons.setdefault(name, lines[-1] if lines else "")
    for module, _file, step, test in CLASS.findall(log):
        outcome.tests[f"{module}.{test}.{step}"] = "failed"
    return outcome


def differences(before, after):
    """Names of the tests that did not come to the same, with both outcomes."""
    names = sorted({*before.tests, *after.tests})
    for name in names:
        pair = before.tests.get(name, "absent"), after.tests.get(name, "absent")
        if pair[0] != pair[1]:
            yield name, *pair


# --- the runs


def host_set(modules):
    """The host's modules that our warehouse needs, and those that are tested."""
    needed = manifests.host_modules_of(ADDON, manifests.read(tests=False))
    return ",".join(sorted({*needed, *modules}))


def run_tests(name, database, modules):
    """Run the host's tests of modules on a database; keep its log."""
    log = OUT / f"{name}.log"
    tags = ",".join(f"/{module}" for module in modules)
    command = [sys.executable, str(SERVER), "-d", database, "--test-tags", tags]
    command += ["--stop-after-init", "--http-port", harness.free_port()]
    command += ["--max-cron-threads", "0"]
    harness.run(list(map(str, command)), log, SECONDS)
    outcome = read(log.read_text(encoding="utf-8", errors="replace"))
    (OUT / f"{name}.json").write_text(json.dumps(vars(outcome), indent=1))
    print(f"{name}: {outcome.counts()}", flush=True)
    return outcome


def install(database):
    log = OUT / "install.log"
    arguments = ("-d", database, "-i", ADDON, "--stop-after-init", "--no-http")
    if harness.run_odoo(*arguments, log=log):
        raise SystemExit(f"{ADDON} does not install, see {log}")


def switch(database, on):
    harness.query(database, SWITCH.format(on="true" if on else "false"))


def tell(title, before, after):
    """Print what differs; return how much of it became worse."""
    found = list(differences(before, after))
    print(f"\n{title}: {len(found)} differ")
    for name, was, now in found:
        reason = after.reasons.get(name) or before.reasons.get(name, "")
        print(f"  {name}: {was} -> {now}\n      {reason}")
    return sum(now != "passed" for _name, _was, now in found)


def compare(options):
    modules = options.modules or MODULES
    template = harness.bin_db("host-template", host_set(modules)).strip()
    names = {key: f"host_tests_{key}" for key in ("plain", "off", "on")}
    try:
        if options.plain:
            plain = Outcome(**json.loads((OUT / "plain.json").read_text()))
        else:
            harness.clone(names["plain"], template)
            plain = run_tests("plain", names["plain"], modules)
        harness.clone(names["off"], template)
        install(names["off"])
        switch(names["off"], on=False)
        if options.guard:
            harness.clone(names["on"], names["off"])
            switch(names["on"], on=True)
        off = run_tests("off", names["off"], modules)
        differ = tell("guard off against the plain host", plain, off)
        if options.guard:
            on = run_tests("on", names["on"], modules)
            tell("guard on against guard off", off, on)
    finally:
        for name in names.values():
            harness.drop(name)
    return 1 if differ or not plain.tests else 0


def main():
    parser = argparse.ArgumentParser(prog="bin/host-tests", description=__doc__)
    parser.add_argument("modules", nargs="*", help=f"default: {' '.join(MODULES)}")
    parser.add_argument("--guard", action="store_true", help="with the guard on, too")
    parser.add_argument(
        "--plain", action="store_true", help="compare with the last run on a plain host"
    )
    OUT.mkdir(parents=True, exist_ok=True)
    return compare(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
