"""Which addons are tested where."""

import manifests
import testrun

MANIFESTS = {
    "base_of_ours": {"depends": ["sale"]},
    "glue_with_app": {"depends": ["base_of_ours", "stock"], "auto_install": True},
    "on_the_glue": {"depends": ["glue_with_app", "purchase"]},
    "further_on": {"depends": ["on_the_glue"]},
    "beside": {"depends": ["base_of_ours", "resource"]},
    "glue_of_ours": {"depends": ["base_of_ours", "beside"], "auto_install": True},
}


def test_who_stands_on_an_app_of_the_host_needs_it_too():
    needs = [name for name in MANIFESTS if manifests.needs_app(name, MANIFESTS)]
    assert needs == ["glue_with_app", "on_the_glue", "further_on"]


def test_the_template_is_without_the_apps():
    modules = manifests.host_modules(MANIFESTS)
    assert {"resource", "sale"} < set(modules)
    assert not {"stock", "purchase"} & set(modules)


def test_every_shipped_addon_is_tested_once():
    shipped = manifests.read(tests=False)
    demos = [name for name in shipped if manifests.is_demo(name)]
    groups = [*manifests.suite(), *manifests.with_apps(), *demos]
    assert sorted(groups) == sorted(shipped)


def test_jobs_that_others_make_possible_run_too():
    runner, done = testrun.Runner(testrun.options([])), []
    verdict = testrun.gate.Verdict(passed=1)

    def job(name, then=None):
        def run():
            done.append(name)
            return verdict

        return testrun.Job(name, run, 1.0, then)

    runner.run_lanes([job("first", lambda: [job("second"), job("third")])])
    assert sorted(done) == ["first", "second", "third"]
    assert runner.total.passed == 3
