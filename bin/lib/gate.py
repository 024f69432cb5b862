"""Decides whether a test run was a good one, from its log alone.

Odoo itself is content with a run without any test, with a browser test that was
skipped because there is no browser, and with warnings. We are not.
"""

import contextlib
import io
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import click
from checklog_odoo.checklog import do_checklog
from checklog_odoo.config import ChecklogConfig

ROOT = Path(__file__).resolve().parents[2]
LOG_CONFIG = ROOT / "checklog-odoo.cfg"
SKIPS = ROOT / "tests" / "allowed_skips.txt"

RESULT = re.compile(
    r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests"
)
SKIPPED = re.compile(r"INFO \S+ (\S+): skipped (.+?) : (.*)$", re.M)
STAMP = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d+ \d+ [A-Z]+ \S+ "


@dataclass
class Verdict:
    """What a run came to; ``problems`` are sentences for a person."""

    passed: int = 0
    failed: int = 0
    problems: list = field(default_factory=list)

    @property
    def good(self):
        return not self.failed and not self.problems

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.problems += other.problems


def allowed_skips(path=SKIPS):
    """Regular expressions of the tests that may be skipped, each under its reason."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def unexplained_skips(log, allowed):
    """Skipped tests that no line of the list allows.

    A browser test is never allowed to be skipped.
    """
    found = []
    for match in SKIPPED.finditer(log):
        _logger, test, reason = match.groups()
        text = f"{test} : {reason}"
        is_browser = re.search(r"chrom|browser|websocket", reason, re.I)
        if is_browser or not any(re.search(pattern, text) for pattern in allowed):
            found.append(f"skipped: {text}")
    return found


def log_problems(path, extra_ignore=(), config=LOG_CONFIG):
    """Warnings and errors of an Odoo log that the committed list does not explain."""
    ignore = ChecklogConfig(str(config)).get_default_map()["checklog"]["ignore"] or []
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            do_checklog(str(path), [*ignore, *extra_ignore], False)
        except click.ClickException as error:
            text = output.getvalue().split("that caused failure")[-1]
            return [f"{path}: {error.message}\n{digest(text)}"]
    return []


def digest(text, lines=14):
    """Records without their stamps, each once with its number, shortened."""
    head = r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?=[A-Z]+ )"
    records = re.split(head, text, flags=re.M)[1:]
    counts = Counter(record.strip() for record in records)
    return "\n".join(
        f"{count} times: " + "\n".join(shorten(record.splitlines(), lines))
        for record, count in counts.most_common()
    )


def shorten(lines, count):
    """The first line and the last ones, where a traceback says what happened."""
    return lines if len(lines) <= count else [lines[0], "...", *lines[2 - count :]]


def judge_odoo(path, exit_code, may_be_empty=False, extra_ignore=()):
    """Verdict on one run of Odoo's own test runner.

    :param Path path: its log
    :param exit_code: of the process
    :param bool may_be_empty: whether a run without tests is all right here
    :param extra_ignore: regular expressions of log records, for this run only
    """
    log = path.read_text(encoding="utf-8", errors="replace")
    verdict = Verdict()
    results = RESULT.findall(log)
    failures, errors, count = map(int, results[-1]) if results else (0, 0, 0)
    skips = SKIPPED.findall(log)
    verdict.failed = failures + errors
    verdict.passed = max(0, count - verdict.failed - len(skips))
    verdict.problems += unexplained_skips(log, allowed_skips())
    if not count and not may_be_empty:
        verdict.problems.append(f"{path}: no test ran")
    if exit_code and not verdict.failed:
        verdict.problems.append(f"{path}: exit code {exit_code}")
    verdict.problems += log_problems(path, extra_ignore)
    return verdict


def judge_pytest(report, exit_code):
    """Verdict on one run of pytest, from its JUnit report."""
    verdict = Verdict()
    if not report.exists():
        verdict.problems.append(f"{report}: pytest wrote no report ({exit_code})")
        return verdict
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            verdict.failed += 1
        elif (skip := case.find("skipped")) is not None:
            text = f"{name} : {skip.get('message')}"
            if not any(re.search(pattern, text) for pattern in allowed_skips()):
                verdict.problems.append(f"skipped: {text}")
        else:
            verdict.passed += 1
    if exit_code and not verdict.failed:
        verdict.problems.append(f"{report}: pytest's exit code {exit_code}")
    if not verdict.passed and not verdict.failed:
        verdict.problems.append(f"{report}: no test ran")
    return verdict


def main(arguments):
    """``gate.py LOG [EXIT CODE]``: judge a log by hand."""
    verdict = judge_odoo(Path(arguments[0]), int((arguments[1:] or ["0"])[0]))
    print(*verdict.problems, sep="\n")
    print(f"{verdict.passed} passed, {verdict.failed + len(verdict.problems)} failed")
    return not verdict.good


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
