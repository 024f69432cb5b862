"""What bin/test lets pass: logs of good and of bad runs."""

import gate
import pytest
import testrun

HEAD = "2026-11-21 10:00:00,000 1 {level} db {logger}: {message}\n"
RESULT = (
    "{failed} failed, {errors} error(s) of {count} tests when loading database 'db'"
)


def record(message, level="INFO", logger="odoo.addons.x.tests.test_x"):
    return HEAD.format(level=level, logger=logger, message=message)


def result(count, failed=0, errors=0):
    level = "ERROR" if failed or errors else "INFO"
    message = RESULT.format(count=count, failed=failed, errors=errors)
    return record(message, level, "odoo.tests.result")


@pytest.fixture
def judge(tmp_path):
    def judge(text, exit_code=0, **options):
        path = tmp_path / "run.log"
        path.write_text(text)
        return gate.judge_odoo(path, exit_code, **options)

    return judge


def test_good_run(judge):
    verdict = judge(record("Starting TestX.test_a ...") + result(3))
    assert (verdict.passed, verdict.failed, verdict.problems) == (3, 0, [])


def test_failures_and_errors_count_as_failed(judge):
    verdict = judge(result(10, failed=2, errors=1), exit_code=1)
    assert (verdict.passed, verdict.failed) == (7, 3)
    assert not verdict.good


def test_only_the_last_result_counts(judge):
    assert judge(result(2) + result(5)).passed == 5


def test_run_without_tests_is_no_good_run(judge):
    verdict = judge(record("nothing to do"))
    assert "no test ran" in verdict.problems[0]


def test_run_that_may_be_empty(judge):
    assert judge(record("installed"), may_be_empty=True).good


@pytest.mark.parametrize(
    "reason",
    ["websocket-client module is not installed", "Chrome executable not found"],
)
def test_skipped_browser_test_fails_whatever_the_list_says(judge, reason, monkeypatch):
    monkeypatch.setattr(gate, "allowed_skips", lambda: [".*"])
    verdict = judge(record(f"skipped TestTour.test_visit : {reason}") + result(2))
    assert verdict.passed == 1
    assert reason in verdict.problems[0]


def test_other_skips_need_a_line_in_the_list(judge, monkeypatch):
    log = record("skipped TestX.test_a : no network here") + result(2)
    assert not judge(log).good
    monkeypatch.setattr(gate, "allowed_skips", lambda: [r"test_a : no network"])
    assert judge(log).good


@pytest.mark.parametrize("level", ["WARNING", "ERROR", "CRITICAL"])
def test_record_that_nobody_explained_fails(judge, level):
    verdict = judge(record("field is strange", level, "odoo.fields") + result(2))
    assert "field is strange" in verdict.problems[0]


def test_explained_warning_passes(judge):
    message = "x.py:1: DeprecationWarning: 'werkzeug.urls.url_encode' is deprecated"
    assert judge(record(message, "WARNING", "py.warnings") + result(2)).good


def test_process_that_died_fails_although_all_tests_passed(judge):
    assert "exit code 137" in judge(result(2), exit_code=137).problems[0]


def test_junit_report(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase classname="a" name="good"/>'
        '<testcase classname="a" name="bad"><failure message="no"/></testcase>'
        '<testcase classname="a" name="later"><skipped message="why"/></testcase>'
        "</testsuite></testsuites>"
    )
    verdict = gate.judge_pytest(report, 1)
    assert (verdict.passed, verdict.failed) == (1, 1)
    assert verdict.problems == ["skipped: a.later : why"]


def test_missing_or_empty_junit_report_fails(tmp_path):
    report = tmp_path / "report.xml"
    assert not gate.judge_pytest(report, 2).good
    report.write_text("<testsuites><testsuite/></testsuites>")
    assert not gate.judge_pytest(report, 0).good


def test_closing_line_and_exit_code(capsys):
    runner = testrun.Runner(testrun.options([]))
    runner.total = gate.Verdict(passed=5)
    assert runner.close() == 0
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 0 failed"
    runner.total.problems = ["a warning"]
    assert runner.close() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 1 failed"


def test_nothing_ran_at_all(capsys):
    runner = testrun.Runner(testrun.options([]))
    assert runner.close() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


def test_shards_are_even_and_hold_everything():
    files = {"/a.py": 60, "/b.py": 30, "/c.py": 20, "/d.py": 10}
    shards = testrun.split(files, 2)
    assert sorted(sum(shard.values()) for shard in shards) == [60, 60]
    assert {key for shard in shards for key in shard} == set(files)
    assert testrun.split({"/a.py": 1}, 2) == [{"/a.py": 1}]
