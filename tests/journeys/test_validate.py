"""A planner checks a file before running it."""

import json
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.project import SCENARIOS
from sim.scenario import bundled
from sim.scenario.catalogues import CATALOGUE_CLASSES

FIVE = """\
schema: scenario/1
id: five
name: {en: Five mistakes, nb: Fem feil}
extends: [ocean_puch]
levers:
  farmland: 0.9
  district_share_of_effort: 1.4
  effort:
    research.ocean_space: plenty
    technology.*: 60
budget: {per_year_max: 140}
"""


def test_everything_bundled_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out == [f"{name} is sound" for name in (*CATALOGUE_CLASSES, *bundled())]


def test_five_mistakes_are_one_message_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("five.yaml").write_text(FIVE)
    assert main(["validate", "five.yaml"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("5 problems in the input; nothing written:")
    for line, words in (
        (4, "unknown parent 'ocean_puch' (did you mean 'ocean_push'?)"),
        (6, "unknown lever 'farmland'"),
        (7, "district_share_of_effort is 1.4, outside its range 0 to 1"),
        (9, "expected a number, found the text 'plenty'"),
        (11, "2018 spends 378.577778 NOK million altogether, above the limit of 140"),
    ):
        assert f"five.yaml:{line}: " in captured.err
        assert words in captured.err
    assert [path.name for path in tmp_path.iterdir()] == ["five.yaml"]


def test_problems_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "five.yaml"
    file.write_text(FIVE)
    assert main(["validate", "--json", str(file)]) == 2
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [problem["line"] for problem in problems] == [4, 6, 7, 9, 11]


def test_problems_of_several_files_come_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("levers: {}\n")
    assert (
        main(["validate", str(tmp_path / "one.yaml"), str(tmp_path / "two.yaml"), "basline"]) == 2
    )
    err = capsys.readouterr().err
    assert err.startswith("7 problems")
    assert "did you mean 'baseline'?" in err


def test_a_catalogue_is_checked_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "goals.yaml"
    file.write_text("schema: goals/1\nsets: {a: {name: {en: A}, source: x, goal: {}}}\n")
    assert main(["validate", str(file)]) == 2
    assert "did you mean 'goals'?" in capsys.readouterr().err


def test_norwegian(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "baseline", "--lang", "nb"]) == 0
    assert capsys.readouterr().out == "baseline er i orden\n"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("outcomes", "variable: value_added_total", "variable: value_aded_total",
         "the model has no variable 'value_aded_total' (did you mean 'value_added_total'?)"),
        ("outcomes", "units: NOK million/year", "units: NOK/year", "is in NOK/year here"),
        ("outcomes", "over: [region]", "over: [industry]", "is over ['industry'] here"),
        ("levers", "variable: effort_plan", "variable: efort_plan", "the model has no variable"),
        ("goals", "outcome: value_added_total", "outcome: value_aded_total",
         "there is no outcome 'value_aded_total' (did you mean 'value_added_total'?)"),
    ],
)  # fmt: skip
def test_a_catalogue_that_names_what_is_not_there_is_not_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, said: str
) -> None:
    text = (SCENARIOS / f"{name}.yaml").read_text("utf-8")
    line = text[: text.index(old)].count("\n") + 1
    file = tmp_path / f"{name}.yaml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    assert main(["validate", str(file)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert f"{name}.yaml:{line}: " in told


def test_an_experiment_is_checked_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    text = (SCENARIOS / "experiments" / "screening.yaml").read_text("utf-8")
    own = text.replace("id: screening", "id: mine").replace("n: 40", "n: 2")
    file.write_text(own.replace("constants: all", "constants: [growout_time]"), "utf-8")
    assert main(["validate", str(file)]) == 0
    assert "is sound" in capsys.readouterr().out
    file.write_text(own.replace("constants: all", "constants: [growout_tim]"), "utf-8")
    assert main(["validate", str(file), "ocean_psh"]) == 2
    said = capsys.readouterr().err
    assert "the model has no constant 'growout_tim' (did you mean 'growout_time'?)" in said
    assert "unknown scenario 'ocean_psh'" in said
