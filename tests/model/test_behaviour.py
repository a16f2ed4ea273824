"""What must come out whatever the numbers: conservation, limits, extremes, delays, side effects."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr

import sim
from sim.scenario import bundled
from tests.model.conftest import HEADLINE, Run

BALANCES = ("people_balance", "fish_balance", "jobs_balance")
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


def stocks(model: sim.Model) -> list[str]:
    return [v.id for v in model.variables.values() if v.kind == "stock"]


def change(of: xr.Dataset, base: xr.Dataset, outcome: str, year: float) -> float:
    return float((of[outcome] - base[outcome]).sel(time=year))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_people_fish_and_jobs_add_up(run: Run, scenario: str) -> None:
    result = run(scenario=scenario)
    for balance in BALANCES:
        assert abs(result[balance]).max() < 1e-9, balance
    total = result["employment_total"]
    for part in ("employment_by_region", "employment_by_industry"):
        over = [d for d in result[part].dims if d != "time"]
        np.testing.assert_allclose(result[part].sum(over), total, rtol=1e-12)


# Sums that may be negative by what they mean: net of two flows since the first year.
NET = {"people_come_and_gone", "jobs_gained_and_lost", "fish_put_out_and_taken"}


@pytest.mark.parametrize("case", EXTREMES)
def test_no_stock_goes_negative_and_no_sum_breaks_in_the_extreme(
    model: sim.Model, run: Run, case: str
) -> None:
    result = run(EXTREMES[case])
    for name in stocks(model):
        assert bool(np.isfinite(result[name]).all()), name
        if name not in NET:
            assert float(result[name].min()) >= -1e-9, name
    for balance in BALANCES:
        assert abs(result[balance]).max() < 1e-9, balance


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_jobs_never_exceed_the_labour_force(run: Run, scenario: str) -> None:
    result = run(scenario=scenario)
    people = result["labour_force"].sum("region")
    assert bool((result["employment_total"] <= people).all())


def test_no_labour_means_no_value_added(run: Run) -> None:
    result = run(EXTREMES["no labour"])
    value = result["value_added_total"]
    assert abs(float(value.sel(time=2030))) < 0.001 * float(value.sel(time=2008))


def test_without_sea_sites_farming_dies_out_within_its_growing_time(run: Run) -> None:
    volume = run(EXTREMES["no sea sites"])["salmon_volume"]
    assert float(volume.sel(time=2022)) < 0.02 * float(volume.sel(time=2017))
    assert float(volume.sel(time=2030)) < 1e-6 * float(volume.sel(time=2017))


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


def test_without_effort_capability_falls_to_nothing(run: Run) -> None:
    capability = run(EXTREMES["no effort"])["capability"]
    quick = capability.sel(tool=["mobilisation", "connectivity", "public procurement"])
    assert float(quick.sel(time=2045).max()) < 0.02 * float(quick.sel(time=2017).max())
    assert bool((capability.sel(time=2050) < capability.sel(time=2017)).all())


def test_boundless_effort_has_a_bounded_effect(run: Run) -> None:
    bounded, base = run(EXTREMES["boundless effort"]), run()
    ratio = float(
        bounded["value_added_total"].sel(time=2050) / base["value_added_total"].sel(time=2050)
    )
    assert 1.0 < ratio < 1.5
    limit = float(bounded["absorption_limit"].max())
    assert float(bounded["effort_absorbed"].max()) <= limit * (1 + 1e-12)


def test_research_shows_in_value_added_after_years_not_months(run: Run) -> None:
    base = run(scenario="baseline")
    more = run(
        {"effort_plan[research,ocean space]": {2018: 1.96444444, 2019: 50}}, scenario="baseline"
    )
    outside = [i for i in base["industry"].values if i != "research and higher education"]

    def gain(year: int) -> float:
        """Outside research itself, whose own pay counts from the first day."""
        d = (more["value_added_by_industry"] - base["value_added_by_industry"]).sel(time=year)
        tradable = [i for i in outside if i not in {"local services", "public services"}]
        return float(d.sel(industry=tradable).sum())

    assert gain(2034) > 0
    assert gain(2021) < 0.15 * gain(2034)


def test_effort_stopped_after_one_period_loses_most_of_its_effect(run: Run) -> None:
    """What stays is people who moved in and what serves them; in the sea, room once granted."""
    base = run(scenario="baseline")
    start, push = 1.96444444, 15.0
    path = {2018: start, 2018.5: push, 2021.5: push, 2022: start}
    tools = ("mobilisation", "technology", "interaction")
    once = run({f"effort_plan[{tool},bioeconomy]": path for tool in tools}, scenario="baseline")
    serving = ["local services", "public services"]
    by_industry = once["value_added_by_industry"] - base["value_added_by_industry"]
    gains = by_industry.drop_sel(industry=serving).sum("industry").sel(time=slice(2018, 2050))
    assert float(gains.max()) > 0
    assert float(gains.sel(time=2045)) < 0.4 * float(gains.max())


def test_effort_for_the_city_alone_widens_the_gap(run: Run) -> None:
    base = run()
    city, districts = (
        run(EXTREMES["all effort to the city"]),
        run(EXTREMES["all effort to the districts"]),
    )
    share = "district_share_of_value_added"
    assert change(city, base, share, 2043) < 0 < change(districts, base, share, 2043)


def test_more_farming_without_technology_trips_the_traffic_light(run: Run) -> None:
    still = {"lice_treatment_trend": 0, "lice_knowledge_elasticity": 0}
    base = run(still)
    more = run({**still, "permit_growth_factor": 2, "sea_area_factor": 2})
    assert (
        float(more["traffic_light"].sel(time=2040))
        < float(base["traffic_light"].sel(time=2040)) - 0.05
    )


def test_a_price_slump_costs_value_but_not_fish(run: Run) -> None:
    base, slump = run(scenario="baseline"), run(scenario="salmon_slump")
    fall = (slump["value_added_by_industry"] - base["value_added_by_industry"]).sel(
        industry="aquaculture"
    )
    assert float(fall.min()) < -1000
    np.testing.assert_allclose(slump["salmon_volume"], base["salmon_volume"], rtol=0.01)


@pytest.mark.parametrize("scenario", ["baseline", "ocean_push"])
def test_half_the_step_changes_headline_outcomes_by_less_than_half_a_percent(
    run: Run, scenario: str
) -> None:
    whole, half = run(scenario=scenario), run({"time_step": 0.0625}, scenario=scenario)
    for outcome in HEADLINE:
        gap = abs(half[outcome] / whole[outcome] - 1)
        assert float(gap.max()) < 0.005, outcome


LOOPS = {
    # switch: (outcome, year, sign of the change when the loop is cut)
    "loop_switch_b1_lice_and_mortality": ("salmon_volume", 2043, +1),
    "loop_switch_b4_labour_shortage": ("employment_total", 2043, +1),
    "loop_switch_b7_knowledge_ageing": ("value_added_total", 2043, +1),
    "loop_switch_r1_investment": ("value_added_total", 2043, -1),
    "loop_switch_r2_knowledge_pays_for_research": ("value_added_total", 2043, -1),
    "loop_switch_r4_jobs_draw_people": ("population_total", 2043, -1),
    "loop_switch_r9_know_how": ("salmon_volume", 2043, -1),
}


@pytest.mark.parametrize("switch", LOOPS)
def test_cutting_a_loop_moves_a_headline_outcome_the_way_the_chapter_says(
    run: Run, switch: str
) -> None:
    outcome, year, sign = LOOPS[switch]
    moved = change(run({switch: 0}), run(), outcome, year)
    assert moved * sign > 0
