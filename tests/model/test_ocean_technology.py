"""Ocean technology: orders are kept count of, people cross between markets slowly and at a loss."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.model.conftest import Run

TODAY = 1.96444444
OIL_ENDS: dict[str, object] = {"oil_activity_factor": {2018: 1.0, 2019: 0.0}}


def index(of: xr.Dataset, year: int) -> float:
    return float(of["ocean_technology_order_index"].sel(time=year))


def more(*tools: str) -> dict[str, object]:
    return {f"effort_plan[{t},ocean space]": {2018: TODAY, 2022: TODAY + 24} for t in tools}


@pytest.mark.parametrize("settings", [{}, OIL_ENDS, {"effort_plan": {2018: TODAY, 2019: 1e6}}])
def test_no_order_appears_or_vanishes(run: Run, settings: dict[str, object]) -> None:
    result = run(settings)
    assert float(abs(result["order_book_balance"]).max()) < 1e-9
    for stock in ("order_book", "competence_by_market"):
        assert float(result[stock].min()) >= 0


def test_history_follows_the_trend_of_jobs_with_the_oil_price_in_it(run: Run) -> None:
    """The trend: market growth and productivity 2008-2019, which jobs and productivity gave."""
    base = run()
    trend = (
        base["market_index"].sel(industry="ocean technology") * base["labour_productivity_index"]
    )
    ratio = (base["ocean_technology_order_index"] / trend).sel(time=slice(2008, 2019))
    assert float(abs(ratio - 1).max()) < 0.05
    oil = base["work_delivered"].sel(market="petroleum")
    assert float(oil.sel(time=2018)) < 0.9 * float(oil.sel(time=2014))


def test_when_oil_ends_half_is_lost_at_first_and_part_comes_back(run: Run) -> None:
    base, ends = run(), run(OIL_ENDS)
    left = {year: index(ends, year) / index(base, year) for year in (2019, 2024, 2040)}
    assert left[2024] < left[2019]
    assert left[2024] < 0.75
    assert left[2024] < left[2040] < 1


def test_connectivity_makes_the_crossing_better(run: Run) -> None:
    slow = run(OIL_ENDS, scenario="baseline")
    quick = run({**OIL_ENDS, **more("connectivity")}, scenario="baseline")
    assert index(quick, 2030) > index(slow, 2030)
    missing = [float(r["competence_missing"].sel(time=2030).sum()) for r in (quick, slow)]
    assert missing[0] < missing[1]


def test_hub_and_laboratories_win_work_up_to_a_limit(run: Run) -> None:
    base = run(scenario="baseline")
    hub = run(more("technology", "interaction"), scenario="baseline")
    assert index(base, 2033) < index(hub, 2033)
    flood = run({"effort_plan": {2018: TODAY, 2019: 1e6}})
    assert float(flood["hub_gain"].max()) <= 0.25
    idle = run({"effort_plan": {2017: TODAY, 2018: 0}})
    assert index(idle, 2033) < index(base, 2033)


def test_suppliers_know_how_starts_at_one_and_follows_the_countys_fish(run: Run) -> None:
    base, more_fish = run(), run({"sea_area_factor": {2018: 1.0, 2022: 2.0}})
    know = "supplier_know_how"
    assert float(base[know].isel(time=0)) == pytest.approx(1.0)
    gap = more_fish[know] - base[know]
    assert float(gap.sel(time=2043)) > 0
    none = run({"sea_area_factor": {2017: 1.0, 2018: 0.0}})[know]
    assert float(none.sel(time=2050)) < 0.05
    assert bool(np.isfinite(none).all())
