"""Each suite passes a sound model and catches one that is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.check import behaviour, conservation, extremes, schema, suites, text
from sim.check.finding import Outcome
from sim.check.workbench import Workbench
from sim.errors import InputError
from sim.run.model import load_model
from tests.unit.check.conftest import TIMES, failures

SOUND = """
rate = 0.1 ~ 1/year [0,0.2] ~ Share of the people who leave in a year. [source: S1; grade: B] |
pause = 2 ~ year [1,3] ~ Time until the people are counted. [assumption: no figure; grade: D] |
people = INTEG(-leaving, 10) ~ person ~ All the people who are left. |
leaving = people * rate ~ person/year ~ People who leave in a year. |
counted = SMOOTH(people, pause) ~ person ~ People as they were counted. |
left = INTEG(leaving, 0) ~ person ~ People who left since the start. |
people balance = (people + left - INITIAL(people)) / INITIAL(people) ~ dmnl ~ Must be zero. |
"""


def bench(folder: Path, chapter: str = SOUND) -> Workbench:
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "sources.csv").write_text("source_id,title\nS1,A book\n", encoding="utf-8")
    (folder / "order.txt").write_text("people.mdl\ncontrol.mdl\n", encoding="utf-8")
    (folder / "people.mdl").write_text(chapter, encoding="utf-8")
    times = TIMES.replace("~ |", "~ A bound of the time. |").replace("0 ~ year", "0 ~ year")
    (folder / "control.mdl").write_text(times, encoding="utf-8")
    return Workbench(load_model(folder), own=False)


def test_a_sound_model_passes_every_suite_that_applies(tmp_path: Path) -> None:
    made = bench(tmp_path)
    names = suites.chosen([], made)
    assert names == ["units", "text", "conservation", "extremes"]
    for report in suites.run(names, made):
        assert [str(one) for one in failures(report)] == [], report.suite
        assert report.of(Outcome.PASSED), report.suite


@pytest.mark.parametrize(
    ("sound", "broken", "said"),
    [
        ("~ 1/year [0,0.2]", "~ [0,0.2]", "no unit"),
        ("All the people who are left.", "", "no sentence"),
        ("[source: S1; grade: B]", "", "neither a source nor an assumption"),
        ("[source: S1; grade: B]", "[source: S2; grade: B]", "does not have S2"),
        ("[0,0.2]", "", "no range"),
        ("[0,0.2]", "[0.2,0.3]", "outside its range"),
    ],
)
def test_what_the_text_lacks_is_named(tmp_path: Path, sound: str, broken: str, said: str) -> None:
    assert sound in SOUND
    (found,) = failures(text.check(bench(tmp_path, SOUND.replace(sound, broken))))
    assert said in found.sentence
    assert found.file.endswith("people.mdl")
    assert found.line > 1


def test_a_balance_that_does_not_close_is_found(tmp_path: Path) -> None:
    leak = SOUND.replace("INTEG(-leaving, 10)", "INTEG(-leaving - pause * rate, 10)")
    (found,) = failures(conservation.check(bench(tmp_path, leak)))
    assert "'people balance' is" in found.sentence


def test_a_balance_that_is_not_relative_is_found(tmp_path: Path) -> None:
    absolute = SOUND.replace(" / INITIAL(people) ~ dmnl", " ~ person")
    (found,) = failures(conservation.check(bench(tmp_path, absolute)))
    assert found.code == "balance-unit"


def test_the_ends_of_every_range_and_zero_are_tried(tmp_path: Path) -> None:
    report = extremes.check(bench(tmp_path))
    tried = {one.subject: one.outcome for one in report.findings}
    assert tried == {
        "rate at its low end": Outcome.PASSED,
        "rate at its high end": Outcome.PASSED,
        "rate at zero": Outcome.PASSED,
        "pause at its low end": Outcome.PASSED,
        "pause at its high end": Outcome.PASSED,
        "pause at zero": Outcome.SKIPPED,
    }


def test_a_stock_that_falls_below_zero_at_an_end_is_found(tmp_path: Path) -> None:
    broken = SOUND.replace("people * rate ~", "10 * rate ~").replace("[0,0.2]", "[0,0.09]")
    broken = broken.replace("rate = 0.1", "rate = 0.09").replace("[0,0.09]", "[0,0.5]")
    found = failures(extremes.check(bench(tmp_path, broken)))
    assert [one.subject for one in found] == ["rate at its high end"]
    assert "the stock 'people' falls to" in found[0].sentence


def test_a_net_sum_may_be_negative(tmp_path: Path) -> None:
    broken = SOUND.replace("people * rate ~", "10 * rate ~").replace("[0,0.2]", "[0,0.5]")
    marked = broken.replace("who are left.", "who are left (net sum).")
    assert failures(extremes.check(bench(tmp_path, broken)))
    assert failures(extremes.check(bench(tmp_path, marked))) == []


def test_numbers_that_are_no_longer_finite_are_found(tmp_path: Path) -> None:
    broken = SOUND.replace("people * rate ~", "people * rate / (0.2 - rate) * 0.01 ~")
    found = failures(extremes.check(bench(tmp_path, broken)))
    assert [one.subject for one in found] == ["rate at its high end"]
    assert "finite" in found[0].sentence


def test_an_unknown_suite_and_one_that_does_not_apply_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        suites.chosen(["unit", "loops"], bench(tmp_path))
    assert [one.code for one in caught.value.problems] == ["unknown-suite", "suite-does-not-apply"]
    assert "units" in caught.value.problems[0].hint


# --- check files --------------------------------------------------------------------------


def test_the_schema_beside_the_checks_is_that_of_the_classes() -> None:
    said = schema.SCHEMA.read_text(encoding="utf-8")
    assert said == schema.text(), "renew it: python -m sim.check.schema"


def checks(folder: Path, body: str) -> Path:
    (folder / "x.yaml").write_text(f"schema: checks/1\ndescribe: it\n{body}", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("checks:\n  - it: a\n    then: [{outcome: x}]\n", 5, "at least one of above"),
        ("checks:\n  - it: a\n    then: [{outcome: x, abov: 1}]\n", 5, "unknown key 'abov'"),
        ("checks:\n  - it: a\n    then: [{outcome: x, equals: 1}]\n", 5, "together"),
        ("checks:\n  - it: a\n    then: []\n", 5, "then"),
        ("checks:\n  - it: a\n    given: {levers: {which: some, at: [minimum]}}\n", 5, "'each'"),
        ("checks: 3\n", 3, "expected a list"),
    ],
)
def test_a_wrong_check_file_is_told_with_its_line(
    tmp_path: Path, body: str, line: int, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        behaviour.sentences(checks(tmp_path, body))
    assert any(said in one.sentence and one.line == line for one in caught.value.problems), (
        caught.value.problems
    )


@pytest.mark.parametrize(
    ("given", "claim", "said"),
    [
        ("{}", "{outcome: peple, above: 0}", "computes no 'peple'"),
        ("{}", "{outcome: people, elements: [north], above: 0}", "no element 'north'"),
        ("{settings: {rat: 1}}", "{outcome: people, above: 0}", "'rat'"),
        ("{scenario: nowhere}", "{outcome: people, above: 0}", "unknown scenario 'nowhere'"),
    ],
)
def test_what_the_model_does_not_have_is_told(
    small: Workbench, tmp_path: Path, given: str, claim: str, said: str
) -> None:
    folder = checks(tmp_path, f"checks:\n  - it: a\n    given: {given}\n    then: [{claim}]\n")
    with pytest.raises(InputError, match=said):
        behaviour.check(small, folder)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    made = bench(tmp_path_factory.mktemp("model"))
    # The text stands in for a scenario: this model has none.
    made.__dict__["scenarios"] = {"baseline": made.scenarios[""]}
    return made


@pytest.mark.parametrize(
    ("settings", "claim", "holds"),
    [
        ("{}", "{outcome: people, monotone: falling}", True),
        ("{}", "{outcome: people, monotone: rising}", False),
        ("{}", "{outcome: people, at: 0, equals: 10, within: 0}", True),
        ("{}", "{outcome: people, at: 0, equals: 9, within: 0.5}", False),
        ("{}", "{outcome: people, above: 3, below: 11}", True),
        ("{}", "{outcome: people, above: 4}", False),
        ("{}", "{outcome: people, until: 2, above: 8}", True),
        ("{}", "{outcome: people, since: 3, above: 8}", False),
        ("{}", "{outcome: people, at: 0.3, above: 0}", False),
        ("{}", "{outcome: leaving, per: people, equals: 0.1, within: 1.0e-12}", True),
        ("{}", "{outcome: people, relative_to: 0, at: 1, equals: 0.9, within: 1.0e-12}", True),
        ("{}", "{outcome: people, relative_to: greatest, at_most: 1}", True),
        ("{rate: 0}", "{outcome: people, against: difference, at: 1, at_least: 1}", True),
        ("{rate: 0}", "{outcome: people, against: ratio, at: 10, above: 2}", True),
        ("{rate: 0}", "{outcome: people, against: ratio, at: 10, above: 3}", False),
        ("{rate: 0}", "{outcome: leaving, against: difference, at: 0, at_most: -1}", True),
        # 0 / 0 is no number, of which nothing holds.
        ("{rate: 0}", "{outcome: leaving, relative_to: 0, at_most: 1}", False),
    ],
)
def test_a_claim_holds_or_is_broken(
    small: Workbench, tmp_path: Path, settings: str, claim: str, holds: bool
) -> None:
    body = f"checks:\n  - it: a\n    given: {{settings: {settings}}}\n    then:\n      - {claim}\n"
    report = behaviour.check(small, checks(tmp_path, body))
    assert [one.outcome for one in report.findings] == [Outcome.PASSED if holds else Outcome.FAILED]
    if not holds:
        assert report.findings[0].line == 7
