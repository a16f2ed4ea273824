"""A planner reads what is wrong in Norwegian, with the same names and numbers."""

import re
import string
from pathlib import Path

import pytest

from sim import bokmal
from sim.__main__ import main
from sim.errors import InputError, Problem
from sim.scenario import load

WRONG = [
    "levers: {efort: 1, farmland_protecton: 1, effort: {reserch.ocean_space: 3, 'x': 1}}",
    "levers:\n  effort:\n    research.ocean_space: 30,5\n    '*.*': {2050: 1, 2060: 2}",
    "levers: {effort: [1], harvest_policy: {en: 3}, wind_permits: {}}\nexternal: 7\ngoals: {a: b}",
    "extends: [nosuch, baseline]\nfoo: 1\nbudget: {per_year_max: -4, funds: []}",
    "extends: [baseline]\nlevers: {effort: {'*.*': 300}, farmland_protection: 1.5}",
    "extends: [ocean_push]\nlevers: {effort: {research.ocean_space: 400}}\ngoals: strategi",
    "levers: !!python/object {a: 1}\nlevers: {sea_area_factor: .nan}",
    "extends: [baseline, baseline]\nexternal: {farmland_protection: 1, salmon_price_factor: x}",
    "budget: {funds: [{id: A, covers: [], per_year_max: .inf}]}",
    "levers: {effort: {a: {interp: step}}}",
    "story: {no: hei}\nexternal: {quota_factor: {add: 1, scale: 2}}",
    "levers: [[[[[[[[[[[[[1]]]]]]]]]]]]]",
    "levers: *x",
    "levers:\n\teffort: 1",
    "x: 1\n---\ny: 1",
]
NAMES = re.compile(r"'([^']*)'|\\d+")


@pytest.mark.parametrize("body", WRONG)
def test_every_problem_of_a_scenario_file_is_said_in_norwegian(tmp_path: Path, body: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(f"schema: scenario/1\nid: wrong\nname: {{en: Wrong}}\n{body}\n")
    with pytest.raises(InputError) as error:
        load(file)
    for problem in error.value.problems:
        said = bokmal.said(problem)
        assert said.sentence != problem.sentence
        assert not problem.hint or said.hint != problem.hint
        assert (said.code, said.file, said.line) == (problem.code, problem.file, problem.line)
        for name in NAMES.findall(problem.sentence):
            assert name in said.sentence


@pytest.mark.parametrize(
    "table",
    [bokmal.SENTENCES, bokmal.HINTS, bokmal.THINGS, bokmal.PROGRESS, bokmal.PURSES, bokmal.RESTS],
)
def test_both_languages_have_the_same_places(table: dict[str, str]) -> None:
    for english, norwegian in table.items():
        places = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (english, norwegian)
        ]
        assert places[1] <= places[0]


def test_problems_of_an_experiment_are_said_in_norwegian(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(
        "schema: experiment/1\nid: wrong\nname: {en: Wrong}\nn: 4\ndesign: {kind: lhs}\n"
        "scenarios: [baselin, baselin]\nconstants: [growout_tim]\noutputs: [value_aded_total]\n"
    )
    assert main(["sweep", str(file), "--dry-run", "--lang", "nb"]) == 2
    said = capsys.readouterr().err
    for words in (
        "6 feil",
        "ukjent nøkkel «n» (det hører hjemme under design)",
        "design: lhs må ha n",
        "scenarios: nevner «baselin» to ganger",
        "modellen har ingen konstant «growout_tim» (mente du «growout_time»?)",
        "modellen har ingen variabel «value_aded_total»",
        "ukjent scenario «baselin» (mente du «baseline»?)",
    ):
        assert words in said


def test_what_has_no_words_stays_english() -> None:
    problem = Problem("other", "the stock 'x' has no start", "m.mdl", 3, "strange hint")
    assert bokmal.said(problem) == problem


def test_numbers_have_a_decimal_comma_and_names_are_left_alone() -> None:
    said = bokmal.said(Problem("x", "a.b is 1.5, outside its range 0 to 1e+06"))
    assert said.sentence == "a.b er 1,5, utenfor spennet 0 til 1e+06"
    odd = bokmal.said(Problem("x", "unknown lever '{0} {x}'", hint="did you mean '{y}'?"))
    assert (odd.sentence, odd.hint) == ("ukjent grep «{0} {x}»", "mente du «{y}»?")


def test_the_command_answers_in_norwegian(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "baseline", "ocean_psh", "--by", "2060,x", "--lang", "nb"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "3 feil i det du oppga; ingenting er skrevet:"
    assert "ukjent scenario «ocean_psh» (mente du «ocean_push»?)" in lines[1]
    assert "ingen resultater for 2060 (resultatene dekker 2008 til 2050)" in lines[2]
    assert "«x», som ikke er noe år" in lines[3]
