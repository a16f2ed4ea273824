"""Infrastructure: kept per inhabitant, slow to add to, congested by growth, weak in Norway."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.model.conftest import Run

TODAY = 1.96444444
PUSH: dict[str, object] = {
    f"effort_plan[infrastructure,{area}]": {2018: TODAY, 2022: TODAY + 24}
    for area in (
        "bioeconomy",
        "circular economy",
        "smart communities",
        "ocean space",
        "experience industries",
    )
}


def gain(of: xr.Dataset, base: xr.Dataset, year: int) -> float:
    """Of the mean over the regions, as a logarithm."""
    change = of["infrastructure_log"] - base["infrastructure_log"]
    return float(change.sel(time=year).mean())


def test_the_baseline_keeps_up(run: Run) -> None:
    base = run(scenario="baseline")
    assert float(abs(base["infrastructure_log"]).max()) < 0.004
    assert float(abs(base["service_level"] - 1).max()) < 0.05


def test_capital_without_growth_stays_where_it_is(run: Run) -> None:
    still = run({"people_index": 1.0})
    capital = still["net_capital"]
    assert float(abs(capital / capital.isel(time=0) - 1).max()) < 1e-9


def test_effort_shows_after_more_than_a_decade(run: Run) -> None:
    base, more = run(scenario="baseline"), run(PUSH, scenario="baseline")
    assert gain(more, base, 2043) > 0
    assert gain(more, base, 2026) < 0.15 * gain(more, base, 2043)


@pytest.mark.parametrize(("weak", "strong"), [(0, 1), (1, 2)])
def test_the_road_cases_rank_as_the_evidence(run: Run, weak: int, strong: int) -> None:
    gains = [
        gain(
            run({**PUSH, "road_effect_case": case}, scenario="baseline"),
            run({"road_effect_case": case}, scenario="baseline"),
            2043,
        )
        for case in (weak, strong)
    ]
    assert gains[0] < gains[1]


def test_districts_that_get_the_effort_get_the_service(run: Run) -> None:
    aimed = run({**PUSH, "district_share_of_effort": {2018: 0.37, 2022: 1.0}}, scenario="baseline")
    level = aimed["service_level"].sel(time=2043, net="transport")
    assert float(level.sel(region="Districts")) > float(level.sel(region="Trondheim region"))


def test_growth_congests_and_cutting_the_loop_frees_it(run: Run) -> None:
    base = run()
    boom = run({"market_growth_future_share": 1.0})
    load = "net_load"
    assert float((boom[load] - base[load]).sel(time=2043).mean()) > 0
    cut = run({"loop_switch_b5_congestion": 0})
    assert float((cut["value_added_total"] - base["value_added_total"]).sel(time=2043)) > 0


def test_no_effort_and_boundless_effort_stay_finite(run: Run) -> None:
    for level in (0.0, 1e6):
        far = run({"effort_plan": {2017: TODAY, 2018: level}})
        assert bool(np.isfinite(far["infrastructure_log"]).all())
        assert float(abs(far["infrastructure_log"]).max()) < 0.15
        assert float(far["net_capital"].min()) > 0
