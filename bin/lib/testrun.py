"""Runs all tests in two lanes and prints ``N passed, N failed`` at the end.

First the suite is installed once with its at_install tests; the result is the
template of everything after it. Then jobs run side by side, each on a clone of
its own: the post_install tests in two shards, the addons under ``tests/``, and pytest
over the folders of ``tests/``. The addons that need more of the host's apps go
together on top of the suite; what is tested on that follows when it is there.
"""

import argparse
import ast
import json
import os
import queue
import re
import shutil
import signal
import sys
import threading
import time
from dataclasses import dataclass
from datetime import datetime

import gate
import harness
import manifests

LANES = 2
RUNS = harness.CACHE / "test"
# A folder for each run: several may be at work in one checkout.
OUT = RUNS / f"{datetime.now():%m%d-%H%M%S}-{os.getpid()}"
KEEP_RUNS = 6
TIMES = harness.CACHE / "test-times.json"
JOB_SECONDS = 2400
TESTS = harness.ROOT / "tests"
# Their expected seconds.
PYTEST_FOLDERS = {"infra": 30.0, "install": 300.0, "races": 60.0}
# Races that want the database with the host's apps: they come when it is there.
RACES_WITH_APPS = "races/test_stock_*.py"
# Tests of the suite that run once more beside the host's apps that it can live without.
WITH_APPS = (
    "auto_service_base:TestClocking",
    "auto_service_base:TestDocuments",
    "auto_service_base:TestInvoicing",
    "auto_service_base:TestPackageEstimate",
    "auto_service_base:TestQueryCounts",
    "auto_service_base:TestVisitApi",
    "auto_service_base:TestVisitTour",
)
# Said by Odoo when a selection matched nothing; fine where a run may be empty.
NO_TESTS = r"odoo\.tests\.result: 0 failed, 0 error\(s\) of 0 tests"
BROWSER = re.compile(r"start_tour|browser_js")


@dataclass
class Job:
    """One process with its own database.

    :param name: of the log, and of the database after a prefix
    :param run: function without arguments that returns a verdict
    :param weight: expected seconds; the longest start first
    :param then: function that returns the jobs which a good verdict makes possible
    """

    name: str
    run: object
    weight: float = 60.0
    then: object = None


class Runner:
    def __init__(self, options):
        self.options = options
        self.total = gate.Verdict()
        self.started = time.monotonic()
        self.print_lock = threading.Lock()
        self.databases = set()
        self.prefix = f"t_{os.getpid()}_"
        self.manifests = manifests.read()
        self.suite = None
        self.apps = None
        self.stopping = False
        self.waiting = queue.PriorityQueue()

    # --- databases and processes

    def clone(self, name, template=harness.TEMPLATE):
        database = harness.clone(self.prefix + name, template)
        self.databases.add(database)
        return database

    def drop_all(self):
        for database in sorted(self.databases):
            harness.drop(database)
        self.databases.clear()

    def odoo_job(self, name, template, install=(), tags="", may_be_empty=False):
        """Run Odoo's tests on a clone and judge the log."""
        database = self.clone(re.sub(r"\W+", "_", name), template)
        arguments = ["-d", database, "--http-port", harness.free_port()]
        arguments += ["--stop-after-init", "--max-cron-threads", "0"]
        arguments += ["--screenshots", OUT / "screenshots" / name]
        if install:
            arguments += ["-i", ",".join(install)]
        arguments += ["--test-tags", tags] if tags else ["--no-http"]
        log = OUT / f"{name}.log"
        exit_code = harness.run_odoo(*arguments, log=log, timeout=JOB_SECONDS)
        extra = [NO_TESTS] if may_be_empty else []
        return database, gate.judge_odoo(log, exit_code, may_be_empty, extra)

    def pytest_job(self, name, *places):
        """Run pytest over files or folders of ``tests/``, and judge its report."""
        report = OUT / f"{name}.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p"]
        command += ["no:cacheprovider", f"--junitxml={report}", *map(str, places)]
        env = {**os.environ, "AUTO_SERVICE_TEST_LOGS": str(OUT)}
        env["AUTO_SERVICE_SUITE_DB"] = self.suite or ""
        env["AUTO_SERVICE_APPS_DB"] = self.apps or ""
        log = OUT / f"{name}.log"
        exit_code = harness.run(command, log, JOB_SECONDS, env=env)
        return gate.judge_pytest(report, exit_code)

    # --- telling

    def tell(self, text):
        minutes, seconds = divmod(int(time.monotonic() - self.started), 60)
        with self.print_lock:
            print(f"{minutes:3d}:{seconds:02d}  {text}", flush=True)

    def take(self, name, verdict):
        self.total.add(verdict)
        mark = "ok    " if verdict.good else "FAILED"
        self.tell(f"{mark} {name}: {verdict.passed} passed, {verdict.failed} failed")
        for problem in verdict.problems:
            self.tell("       " + problem.replace("\n", "\n             "))
        if verdict.failed:
            self.tell(failures(OUT / f"{name}.log"))

    # --- what to run

    def test_addons(self):
        """Addons under tests/."""
        shipped = manifests.read(tests=False)
        return [n for n in manifests.in_order(self.manifests) if n not in shipped]

    def build_suite(self, tested):
        """Install the suite once; run its at_install tests while at it."""
        addons = manifests.suite()
        tags = at_install(addons) if tested else ""
        name = "suite"
        self.tell(f"installing {', '.join(addons)}")
        database, verdict = self.odoo_job(
            name, harness.TEMPLATE, addons, tags, may_be_empty=True
        )
        self.take(name, verdict)
        self.suite = database
        return verdict.good

    def build_apps(self):
        """Those that need more of the host's apps, together on top of the suite."""
        addons = manifests.with_apps()
        tags = at_install(addons) if self.options.only != "tests" else ""
        self.apps, verdict = self.odoo_job(
            "apps", self.suite, addons, tags, may_be_empty=True
        )
        return verdict

    def apps_jobs(self):
        """What builds them, and what follows on clones of the result."""
        if manifests.with_apps():
            yield Job("apps", self.build_apps, 900.0, self.jobs_with_apps)

    def jobs_with_apps(self):
        only = self.options.only
        if only in (None, "odoo"):
            yield from self.odoo_jobs_with_apps()
        if only in (None, "tests"):
            files = files_with_apps()
            yield self.pytest_folder("races_with_apps", 300.0, *files)

    def odoo_jobs_with_apps(self):
        yield from self.shards("apps", manifests.with_apps(), "apps")
        tags = ",".join(f"post_install/{test}" for test in WITH_APPS)
        yield self.suite_job("suite_with_apps", "apps", (), tags, 150.0)
        for name in filter(manifests.is_demo, manifests.read(tests=False)):
            yield self.suite_job(name, "apps", (name,), f"/{name}", 120.0)

    def post_install_jobs(self):
        yield from self.shards("post_install", manifests.suite(), "suite")
        for name in self.test_addons():
            if has_tests(self.manifests[name]["path"]):
                yield self.suite_job(name, "suite", (name,), f"/{name}", 120.0)

    def shards(self, name, addons, template):
        """The post_install tests of addons, in shards of about the same length."""
        files = test_files(addons, self.manifests)
        for number, shard in enumerate(split(files, LANES), 1):
            tags = ",".join(f"post_install{path}" for path in sorted(shard))
            weight = sum(shard.values())
            yield self.suite_job(f"{name}_{number}", template, (), tags, weight)

    def suite_job(self, name, template, install, tags, weight):
        """Job on a clone of the database that the attribute ``template`` names."""

        def run():
            source = getattr(self, template)
            database, verdict = self.odoo_job(name, source, install, tags)
            remember_times(OUT / f"{name}.log")
            harness.drop(database)
            self.databases.discard(database)
            return verdict

        return Job(name, run, weight)

    def pytest_jobs(self):
        """The folders of ``tests/``, but for what needs the host's apps."""
        late = [f"--ignore={path}" for path in files_with_apps()]
        for folder, weight in PYTEST_FOLDERS.items():
            if any((TESTS / folder).glob("test_*.py")):
                yield self.pytest_folder(folder, weight, TESTS / folder, *late)

    def pytest_folder(self, name, weight, *places):
        return Job(name, lambda: self.pytest_job(name, *places), weight)

    def run_lanes(self, jobs):
        """Longest first, in as many lanes as there are cores to keep busy."""
        self.add(jobs)
        lanes = [threading.Thread(target=self.lane, daemon=True) for _n in range(LANES)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()

    def add(self, jobs):
        for job in jobs:
            self.waiting.put((-job.weight, job.name, job))

    def lane(self):
        while not self.stopping and self.waiting.unfinished_tasks:
            try:
                *_order, job = self.waiting.get(timeout=1)
            except queue.Empty:  # another lane's job may be followed by more
                continue
            self.run_job(job)
            self.waiting.task_done()

    def run_job(self, job):
        try:
            verdict = job.run()
            if job.then and verdict.good:
                self.add(job.then())
        except Exception as error:
            verdict = gate.Verdict(problems=[f"{job.name}: {error!r}"])
        self.take(job.name, verdict)

    # --- the whole

    def everything(self):
        only = self.options.only
        if only in (None, "unit"):
            self.take("unit", self.pytest_job("unit", TESTS / "unit"))
        if only == "unit" or not self.build_suite(tested=only != "tests"):
            return
        jobs = [*self.apps_jobs()]
        if only in (None, "odoo"):
            jobs += self.post_install_jobs()
        if only in (None, "tests"):
            jobs += self.pytest_jobs()
        self.run_lanes(jobs)

    def selection(self):
        """``--addon`` or ``--tags``: one run on a fresh clone of the host modules."""
        addons = self.options.addon or manifests.suite()
        tags = self.options.tags or ",".join(f"/{name}" for name in addons)
        _database, verdict = self.odoo_job("selection", harness.TEMPLATE, addons, tags)
        self.take("selection", verdict)

    def run(self):
        harness.drop_leftovers()
        make_room()
        if not harness.browser():
            self.total.problems.append("there is no browser, so the tours cannot run")
        try:
            if self.options.addon or self.options.tags:
                self.selection()
            else:
                self.everything()
        finally:
            self.stopping = True
            harness.end_all()
            self.drop_all()
        return self.close()

    def close(self):
        failed = self.total.failed + len(self.total.problems)
        if not self.total.passed:
            failed += 1
            print("no test ran")
        self.tell(f"logs and screenshots: {OUT}")
        print(f"{self.total.passed} passed, {failed} failed", flush=True)
        return 1 if failed else 0


def make_room():
    """The folder of this run; ``latest`` points to it, the oldest ones go."""
    OUT.mkdir(parents=True, exist_ok=True)
    runs = sorted(path for path in RUNS.glob("*-*-*") if path.is_dir())
    for path in runs[:-KEEP_RUNS]:
        shutil.rmtree(path, ignore_errors=True)
    latest = RUNS / "latest"
    latest.unlink(missing_ok=True)
    latest.symlink_to(OUT.name)


def at_install(addons):
    """Tags of the tests that run while the addons are installed."""
    return ",".join(f"at_install/{name}" for name in addons)


def files_with_apps():
    return sorted(TESTS.glob(RACES_WITH_APPS))


def has_tests(path):
    return any((path / "tests").glob("test_*.py"))


def test_files(addons, known):
    """Expected seconds of every test file, by the path that --test-tags wants."""
    times = json.loads(TIMES.read_text()) if TIMES.exists() else {}
    files = {}
    for name in addons:
        for path in sorted((known[name]["path"] / "tests").glob("test_*.py")):
            key = f"/{name}/tests/{path.name}"
            files[key] = times.get(key) or guess_seconds(path)
    return files


def guess_seconds(path):
    """Half a second a test, twenty for each use of the browser."""
    source = path.read_text(encoding="utf-8")
    tests = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    return 1 + 0.5 * len(tests) + 20 * len(BROWSER.findall(source))


def split(weights, count):
    """Share out keys so that the sums are about equal; empty shares are left out."""
    shares = [{} for _number in range(count)]
    for key in sorted(weights, key=lambda key: -weights[key]):
        lightest = min(shares, key=lambda share: sum(share.values()))
        lightest[key] = weights[key]
    return [share for share in shares if share]


def remember_times(log):
    """How long each test file took, for the next run's shards."""
    pattern = re.compile(gate.STAMP + r"odoo\.addons\.(\w+)\.tests\.(test_\w+): ", re.M)
    spans = {}
    for stamp, addon, module in pattern.findall(log.read_text(errors="replace")):
        at = datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S")
        spans.setdefault(f"/{addon}/tests/{module}.py", []).append(at)
    times = json.loads(TIMES.read_text()) if TIMES.exists() else {}
    for key, stamps in spans.items():
        seconds = (max(stamps) - min(stamps)).total_seconds() + 1
        if seconds < JOB_SECONDS:  # tests that freeze the time tell odd stamps
            times[key] = seconds
        else:
            times.pop(key, None)
    TIMES.write_text(json.dumps(times, indent=1, sort_keys=True))


def failures(log, lines=12):
    """The first lines of each failure in a log."""
    found = []
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    pattern = r"^\S+ \S+ \d+ ERROR .*(?:FAIL|ERROR): .*$|^(?:FAILED|ERROR) .*$"
    for match in re.finditer(pattern, text, re.M):
        found.append("\n".join(text[match.start() :].splitlines()[:lines]))
    return f"{log}:\n" + "\n".join(found[:10])


def options(arguments):
    parser = argparse.ArgumentParser(prog="bin/test", description=__doc__)
    parser.add_argument("--addon", action="append", help="only this addon's tests")
    parser.add_argument("--tags", help="as Odoo's --test-tags, over the suite")
    parser.add_argument("--only", choices=("unit", "odoo", "tests"))
    return parser.parse_args(arguments)


def main():
    # A killed run (a CI's time limit) ends its servers and drops its databases too.
    signal.signal(signal.SIGTERM, lambda *_details: sys.exit(143))
    return Runner(options(sys.argv[1:])).run()


if __name__ == "__main__":
    sys.exit(main())
