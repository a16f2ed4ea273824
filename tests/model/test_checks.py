"""Every sentence of `model/checks/*.yaml`, one test each; and the other suites of `check`."""

from __future__ import annotations

import pytest

import sim
from sim.check import balance_of_units, behaviour, conservation, extremes, loops, steps
from sim.check.finding import Finding, Outcome, Report
from sim.check.workbench import Workbench


@pytest.fixture(scope="session")
def bench(model: sim.Model) -> Workbench:
    return Workbench(model, own=True)


@pytest.fixture(scope="session")
def judged(bench: Workbench) -> dict[str, Finding]:
    return {one.subject: one for one in behaviour.check(bench).findings}


SENTENCES = [sentence.subject for sentence in behaviour.sentences()]


def sound(report: Report) -> bool:
    assert [str(one) for one in report.of(Outcome.FAILED)] == []
    return bool(report.of(Outcome.PASSED))


def test_no_two_sentences_are_the_same() -> None:
    assert len(set(SENTENCES)) == len(SENTENCES)


@pytest.mark.parametrize("subject", SENTENCES)
def test_behaviour(judged: dict[str, Finding], subject: str) -> None:
    assert judged[subject].outcome is Outcome.PASSED, str(judged[subject])


def test_units_balance_in_every_equation_and_no_number_lacks_one(bench: Workbench) -> None:
    report = balance_of_units.check(bench.model.source)
    assert sound(report)
    assert [str(one) for one in report.of(Outcome.NOTED)] == []


def test_balances_are_zero_in_every_scenario(bench: Workbench) -> None:
    assert sound(conservation.check(bench))


def test_every_constant_and_lever_holds_at_its_extremes(bench: Workbench) -> None:
    report = extremes.check(bench)
    assert sound(report)
    # Zero may have no meaning for a duration, but most constants are tried there.
    assert len(report.of(Outcome.SKIPPED)) < 0.2 * len(report.findings)


def test_half_the_step_moves_headline_outcomes_by_less_than_half_a_percent(
    bench: Workbench,
) -> None:
    assert sound(steps.check(bench))


def test_every_loop_moves_an_outcome_in_a_stated_direction(bench: Workbench) -> None:
    assert sound(loops.check(bench))
