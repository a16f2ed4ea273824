"""Climate: emissions as published, a price that bites, green effort that is bounded."""

from __future__ import annotations

import numpy as np
import pytest

from tests.model.conftest import Run

TODAY = 1.96444444
OBSERVED = {2009: 2982, 2022: 3295}  # TIT_GHG2022, TFK_GHG2023; 2009 was a crisis year
BY_SECTOR = {"farm sources": 778, "plants": 1002, "roads": 675}  # 2022, TFK_GHG2023


def test_emissions_of_the_history_come_out(run: Run) -> None:
    base = run(scenario="baseline")
    for year, observed in OBSERVED.items():
        total = float(base["emissions_total"].sel(time=year))
        assert total == pytest.approx(observed, rel=0.08), year
    for sector, observed in BY_SECTOR.items():
        part = float(base["emissions"].sel(sector=sector, time=2022))
        assert part == pytest.approx(observed, rel=0.15), sector


def test_the_planned_carbon_price_is_part_of_the_market(run: Run) -> None:
    assert float(abs(run(scenario="baseline")["carbon_cost_log"]).max()) < 1e-9


def test_a_dearer_carbon_price_cuts_emissions_and_costs_orders(run: Run) -> None:
    base, dear = run(), run({"carbon_price_factor": {2022: 1.0, 2026: 2.0}})
    fall = dear["emissions_total"] / base["emissions_total"]
    assert float(fall.sel(time=2043)) < 0.9
    assert float(fall.sel(time=2023)) > 0.99
    made = dear["value_added_by_industry"] - base["value_added_by_industry"]
    assert float(made.sel(industry="other manufacturing", time=2033)) < 0


def test_cutting_the_loop_leaves_emissions_higher(run: Run) -> None:
    cut, base = run({"loop_switch_b12_carbon_price": 0}), run()
    assert float((cut["emissions_total"] - base["emissions_total"]).sel(time=2043)) > 0


def test_green_effort_cuts_emissions_and_pays(run: Run) -> None:
    base = run(scenario="baseline")
    path = {2018: TODAY, 2022: TODAY + 24}
    green = run({"effort_plan[technology,circular economy]": path}, scenario="baseline")
    assert float(green["green_cut"].sel(time=2033).min()) > 0
    assert float(green["carbon_cost_log"].sel(industry="other manufacturing", time=2033)) < 0
    emitted = [float(r["emissions_total"].sel(time=2033)) for r in (green, base)]
    assert emitted[0] < emitted[1]


def test_effort_and_prices_without_bound_leave_emissions_positive(run: Run) -> None:
    flood = run({"effort_plan": {2018: TODAY, 2019: 1e6}, "carbon_price_factor": 100.0})
    assert float(flood["emissions"].min()) >= 0
    assert bool(np.isfinite(flood["carbon_cost_log"]).all())


def test_no_activity_no_emissions_from_it(run: Run) -> None:
    idle = run({"participation_initial": 0})
    assert float(idle["emissions"].sel(sector="plants", time=2050)) < 1


def test_land_is_taken_and_never_given_back(run: Run) -> None:
    land = run()["land_taken"]
    assert bool((land.diff("time") > 0).all())
    rate = float(land.sel(time=2018) - land.sel(time=2008)) / 10
    assert rate == pytest.approx(1650, rel=0.3)  # decares a year, BONDELAG2019
