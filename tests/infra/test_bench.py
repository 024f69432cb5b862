"""The dispatcher of the figures: what it prints, and when it fails."""

import json

import pytest

import bench

FIGURE = """
def run(ctx):
    yield {"name": "quick.list", "ours": 10.0, "host": 40.0, "limit": 5.0,
           "unit": "ms", "queries": 3, "goal": "at most 20 ms", "holds": %s}
"""


@pytest.fixture
def figure(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "BENCH", tmp_path)
    (tmp_path / "volume.py").touch()
    (tmp_path / "_shared.py").touch()

    def figure(holds=True):
        (tmp_path / "quick.py").write_text(FIGURE % holds)

    figure()
    return figure


def call(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["bench.py", *arguments])
    return bench.main()


def test_json_has_every_field_and_the_ratios(figure, monkeypatch, capsys):
    assert call(monkeypatch, "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert list(row) == list(bench.FIELDS)
    assert (row["ratio_host"], row["ratio_limit"]) == (0.25, 2.0)


def test_table_shows_what_is_not_measured_as_a_dash(figure, monkeypatch, capsys):
    assert bench.table([bench.complete({"name": "x", "ours": 1.0})]).count("-") == 8
    assert call(monkeypatch, "quick") == 0
    assert "at most 20 ms  yes" in capsys.readouterr().out


def test_goal_that_is_not_met_fails(figure, monkeypatch):
    figure(holds=False)
    assert call(monkeypatch, "quick") == 1


def test_builders_and_helpers_are_no_figures(figure):
    assert bench.figures() == ["quick"]


def test_unknown_figure_is_refused(figure, monkeypatch, capsys):
    with pytest.raises(SystemExit):
        call(monkeypatch, "nothing")
    assert "no such figure: nothing" in capsys.readouterr().err


@pytest.mark.parametrize("name", bench.figures())
def test_every_figure_can_be_loaded(name):
    """Also what it shares with others is found."""
    assert bench.load(bench.BENCH / f"{name}.py").run
