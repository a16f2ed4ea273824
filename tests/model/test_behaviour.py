"""What must come out whatever the numbers, as far as `model/checks/*.yaml` does not say it."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sim
from sim.check.workbench import NET
from sim.scenario import bundled
from tests.model.conftest import Run

BALANCES = ("people_balance", "fish_balance", "jobs_balance", "effort_balance")
SCENARIOS = sorted(bundled())
FROM_2018 = {2017: 1.0, 2018: 0.0}

EXTREMES: dict[str, dict[str, object]] = {
    "no labour": {"participation_initial": 0},
    "no sea sites": {"sea_area_factor": FROM_2018},
    "no research": {"public_research": {2017: 6000, 2018: 0}, "business_research_intensity": 0},
    "no effort": {"effort_plan": {2017: 1.96444444, 2018: 0}},
    "boundless effort": {"effort_plan": {2018: 1.96444444, 2019: 1e6}},
    "no migration": {"net_migration_factor": 0, "migration_response": 0},
    "salmon price zero": {"salmon_price_factor": FROM_2018},
    "all effort to the districts": {"district_share_of_effort": 1},
    "all effort to the city": {"district_share_of_effort": 0},
    "oil ends": {"oil_activity_factor": FROM_2018},
}


@pytest.mark.parametrize("case", EXTREMES)
def test_no_stock_goes_negative_and_no_sum_breaks_in_the_extreme(
    model: sim.Model, run: Run, case: str
) -> None:
    result = run(EXTREMES[case])
    for stock in model.variables.values():
        if stock.kind != "stock":
            continue
        assert bool(np.isfinite(result[stock.id]).all()), stock.name
        if NET not in stock.description:
            assert float(result[stock.id].min()) >= -1e-9, stock.name
    for balance in BALANCES:
        assert abs(result[balance]).max() < 1e-9, balance


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_jobs_never_exceed_the_labour_force(run: Run, scenario: str) -> None:
    result = run(scenario=scenario)
    people = result["labour_force"].sum("region")
    assert bool((result["employment_total"] <= people).all())


def test_without_research_knowledge_decays_at_its_own_rate(model: sim.Model, run: Run) -> None:
    result = run(
        {"public_research": {2017: 6000, 2018: 0}, "business_research": {2017: 3000, 2018: 0}}
    )
    knowledge = result["knowledge"].sel(area="ocean space")
    yearly = float(knowledge.sel(time=2050) / knowledge.sel(time=2049))
    rate = model.variables["knowledge_ageing_rate"].value
    assert rate is not None
    # Effort of the tool research goes on at today's level, which the reference takes out.
    assert yearly == pytest.approx(math.exp(-float(rate)), rel=0.02)


def test_boundless_effort_is_absorbed_up_to_the_limit(run: Run) -> None:
    bounded = run(EXTREMES["boundless effort"])
    limit = float(bounded["absorption_limit"].max())
    assert float(bounded["effort_absorbed"].max()) <= limit * (1 + 1e-12)


def test_mobilisation_before_research_is_better_than_after(run: Run) -> None:
    """Added up until 2043: those who have taken part can make use of what research brings."""
    today, more = 1.96444444, 17.96444444

    def added(first: str, second: str) -> float:
        settings: dict[str, object] = {}
        for area in ("bioeconomy", "circular economy", "smart communities", "ocean space"):
            early = {2018: today, 2018.5: more, 2026: more, 2026.5: today}
            late = {2026: today, 2026.5: more, 2034: more, 2034.5: today}
            settings[f"effort_plan[{first},{area}]"] = early
            settings[f"effort_plan[{second},{area}]"] = late
        result = run(settings, scenario="baseline")
        gain = result["value_added_total"] - run(scenario="baseline")["value_added_total"]
        return float(gain.sel(time=slice(2018, 2043)).sum())

    assert added("mobilisation", "research") > added("research", "mobilisation") > 0


def test_every_krone_of_effort_works_in_one_place(run: Run) -> None:
    result = run(scenario="balanced_programme")
    both = result["tool_work"] + result["area_work"]
    apart = abs(both - result["capability_above_reference"]).max()
    assert float(apart) < 1e-9 * float(abs(both).max())
    assert abs(result["effort_balance"]).max() < 1e-9
