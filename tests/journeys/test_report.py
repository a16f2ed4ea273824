"""A planner asks for the page: of the bundled programmes, of a plan of their own, of a kept run."""

import json
from pathlib import Path

import pytest

from reports.pages import sources
from sim import plan, project
from sim.__main__ import main
from sim.scenario.experiment import Experiment

Capture = pytest.CaptureFixture[str]
MINE = """schema: scenario/1
id: mine
name: {en: My plan, nb: Min plan}
extends: [ocean_push]
levers:
  district_share_of_effort: 0.6
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of runs of its own, and fewer worlds, for a quick answer."""
    monkeypatch.setattr(project, "RUNS", tmp_path / "runs")
    load = plan.load

    def fewer(name: str) -> Experiment:
        found = load(name)
        return found.model_copy(update={"design": found.design.model_copy(update={"n": 30})})

    monkeypatch.setattr(sources.plan, "load", fewer)
    return tmp_path


def test_a_plan_of_ones_own_is_compared_in_the_same_worlds(place: Path, capsys: Capture) -> None:
    (place / "mine.yaml").write_text(MINE, "utf-8")
    words = ["report", "baseline", str(place / "mine.yaml"), "--lang", "nb"]
    assert main([*words, "--format", "html,xlsx"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("- Med «Min plan» blir ")
    page = Path(said[-1])
    assert page.name == "page-nb.html"
    assert "«Min plan»" in page.read_text("utf-8")
    assert Path(said[-2]).name == "tables-nb.xlsx"
    # Asked again, nothing is run, and the bytes are the same.
    before = page.read_bytes()
    assert main([*words, "--json"]) == 0
    again = capsys.readouterr()
    assert "looking up" not in again.err
    record = json.loads(again.out)
    assert page.read_bytes() == before
    assert record["scenarios"] == ["baseline", "mine"]
    assert record["worlds"] == 30
    assert len(record["sentences"]["en"]) == len(record["sentences"]["nb"])
    # The other way round, and from the kept run.
    assert main(["report", str(page.parent), "--baseline", "mine", "--to", str(place / "x")]) == 0
    other = capsys.readouterr().out.splitlines()
    assert other[-1] == str(place / "x" / "page-en.html")
    assert "“Today's effort goes on”" in other[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["baseline"], ["a page compares", "trondelag report baseline balanced"]),
        (["planer"], ["no sweep or experiment 'planer'", "planners"]),
        (["baseline", "ocean_psh", "nosuch"], ["'ocean_psh'", "ocean_push", "'nosuch'"]),
        (["baseline", "baseline"], ["two of the scenarios are called 'baseline'"]),
        (["--format", "pdf"], ["--format has 'pdf'", "html, xlsx"]),
    ],
)
def test_wrong_names_are_told_and_nothing_is_written(
    words: list[str], said: list[str], place: Path, capsys: Capture
) -> None:
    assert main(["report", *words]) == 2
    told = capsys.readouterr().err
    assert all(each in told for each in said)
    assert not (place / "runs").exists()


def test_a_sweep_that_cannot_be_compared_says_why(place: Path, capsys: Capture) -> None:
    experiment = place / "one.yaml"
    experiment.write_text(
        "schema: experiment/1\nid: one\nname: {en: One}\nscenarios: [baseline]\n"
        "design: {kind: lhs, n: 30}\ninputs:\n"
        "  salmon_price_factor: {distribution: uniform, low: 0.5, high: 1.5}\n"
        "outputs: [value_added_total]\n",
        "utf-8",
    )
    assert main(["report", str(experiment)]) == 2
    assert "a page compares scenarios" in capsys.readouterr().err
    experiment.write_text(
        experiment.read_text("utf-8")
        .replace("[baseline]", "[baseline, ocean_push]")
        .replace("value_added_total", "salmon_volume"),
        "utf-8",
    )
    assert main(["report", str(experiment)]) == 2
    assert "kept no 'value_added_total'" in capsys.readouterr().err


def test_a_page_of_one_result_leaves_out_what_was_not_kept(place: Path, capsys: Capture) -> None:
    experiment = place / "few.yaml"
    experiment.write_text(
        "schema: experiment/1\nid: few\nname: {en: Few}\nscenarios: [baseline, ocean_push]\n"
        "design: {kind: lhs, n: 30}\ninputs:\n"
        "  salmon_price_factor: {distribution: uniform, low: 0.5, high: 1.5}\n"
        "outputs: [value_added_total]\n",
        "utf-8",
    )
    assert main(["report", str(experiment)]) == 0
    page = Path(capsys.readouterr().out.splitlines()[-1]).read_text("utf-8")
    assert "Not measured in this run" in page
    assert 'id="costs"' not in page
