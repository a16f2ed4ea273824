"""Money is counted in every year before anything runs."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.errors import Problem
from sim.scenario import Scenario, load
from sim.scenario.budget import spending

Found = Callable[[str], tuple[Problem, ...]]
Loaded = Callable[[str], Scenario]


def body(effort: str, budget: str) -> str:
    return f"levers:\n  effort:\n    '*.*': 0\n{effort}budget: {{{budget}}}\n"


def test_spending_is_the_sum_of_all_cells(loaded: Loaded) -> None:
    scenario = loaded(
        body("    research.*: 2\n    technology.bioeconomy: {2020: 0, 2030: 5}\n", "")
    )
    assert scenario.spending(np.array([2018.0, 2025, 2040])).tolist() == [10, 12.5, 15]
    some = spending(scenario.values, scenario.known, np.array([2040.0]), ["technology.*"])
    assert some.tolist() == [5]


def test_a_cell_that_nobody_set_costs_its_default(loaded: Loaded) -> None:
    scenario = loaded("levers: {effort: {research.bioeconomy: 10}}")
    default = scenario.known.levers["effort"].default
    assert scenario.spending(np.array([2030.0]))[0] == pytest.approx(10 + 44 * default, abs=1e-6)


def test_only_money_is_spent(loaded: Loaded) -> None:
    scenario = loaded(body("", "") + "external: {salmon_price_factor: 2}\n")
    assert scenario.spending(np.array([2030.0])).tolist() == [0]


def test_spending_up_to_the_limit_is_allowed(loaded: Loaded) -> None:
    scenario = loaded(body("    research.*: {2020: 0, 2030: 28}\n", "per_year_max: 140"))
    assert scenario.limits[0].per_year_max == 140


def test_the_first_year_above_is_told_with_amount_limit_and_line(problems: Found) -> None:
    [problem] = problems(body("    research.*: {2020: 0, 2030: 30}\n", "per_year_max: 140"))
    assert problem.code == "over-budget"
    assert problem.line == 8
    assert "2030 spends 150 NOK million altogether, above the limit of 140" in problem.sentence
    assert problem.sentence.endswith("; so do 20 more years")


@pytest.mark.parametrize("interp", ["linear", "step"])
def test_a_single_year_above_is_found(problems: Found, interp: str) -> None:
    path = f"{{2033: 0, 2034: 9, 2035: 0, interp: {interp}}}"
    [problem] = problems(body(f"    research.bioeconomy: {path}\n", "per_year_max: 8"))
    assert "2034 spends 9 NOK million" in problem.sentence
    assert "more years" not in problem.sentence


def test_what_is_spent_before_the_strategy_does_not_count(loaded: Loaded) -> None:
    path = "{2008: 100, 2017: 100, 2018: 1}"
    assert loaded(body(f"    research.bioeconomy: {path}\n", "per_year_max: 1")).limits


def test_a_fund_limits_what_it_covers(problems: Found) -> None:
    effort = "    research.bioeconomy: 6\n    research.ocean_space: {2018: 6, 2020: 8}\n"
    fund = "funds: [{id: r, covers: [research.*], per_year_max: 11}]"
    [problem] = problems(body(effort, fund))
    assert "2018 spends 12 NOK million from fund 'r', above the limit of 11" in problem.sentence
    assert problem.sentence.endswith("; so do 32 more years, 2020 the most with 14")


def test_a_cell_that_two_patterns_of_a_fund_cover_is_paid_once(loaded: Loaded) -> None:
    fund = "funds: [{id: r, covers: [research.*, '*.bioeconomy'], per_year_max: 6}]"
    assert loaded(body("    research.bioeconomy: 6\n", fund)).limits


def test_a_later_file_takes_the_limit_of_its_id_anew(wrote: Callable[..., Path]) -> None:
    fund = "funds: [{id: r, covers: [research.*], per_year_max: %d}]"
    wrote("root", body("", f"per_year_max: 5, {fund % 5}"))
    child = wrote("child", f"extends: [root]\nbudget: {{per_year_max: 7, {fund % 6}}}\n")
    limits = {limit.id: limit.per_year_max for limit in load(child).limits}
    assert limits == {"": 7, "r": 6}


def test_two_funds_of_one_id_are_refused(problems: Found) -> None:
    fund = "{id: r, covers: [research.*], per_year_max: 9}"
    found = problems(body("", f"funds: [{fund}, {fund}]"))
    assert [problem.code for problem in found] == ["duplicate-fund"]
