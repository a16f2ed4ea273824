"""Digital use: only the lead over the nation counts, it takes time, it ends when effort ends."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.model.conftest import Run

TODAY = 1.96444444
CLOUD = {2014: 0.29, 2016: 0.40, 2017: 0.48}  # CloudNO: share of firms that bought cloud services


def more(*tools: str, until: int = 2050) -> dict[str, object]:
    """24 million a year more in smart communities, until a year."""
    path = {2018: TODAY, 2022: TODAY + 24, until: TODAY + 24, until + 0.5: TODAY}
    return {f"effort_plan[{tool},smart communities]": path for tool in tools}


def lead(of: xr.Dataset, year: int) -> float:
    return float(of["digital_lead"].sel(time=year).mean())


def here(of: xr.Dataset, tool: str) -> float:
    """The part of the effort that works in this chapter; the rest works in the tool's own."""
    cell = {"tool": tool, "area": "smart communities", "time": 2033}
    beyond = of["capability_above_reference"].sel(cell).sum()
    share = float(of["area_work"].sel(cell).sum() / beyond)
    assert 0 < share < 1
    return share


def test_todays_effort_gives_no_lead(run: Run) -> None:
    base = run(scenario="baseline")
    for outcome in ("digital_lead", "digital_log"):
        assert float(abs(base[outcome]).max()) < 1e-6, outcome


def test_the_nation_takes_up_tools_as_observed(run: Run) -> None:
    share = run(scenario="baseline")["national_share"]
    for year, observed in CLOUD.items():
        assert float(share.sel(time=year)) == pytest.approx(observed, abs=0.02), year


def test_effort_on_firms_skills_and_services_each_gives_a_lead(run: Run) -> None:
    base = run(scenario="baseline")
    assert lead(run(more("mobilisation"), scenario="baseline"), 2030) > 0.001
    taught = run(more("competence"), scenario="baseline")
    assert lead(taught, 2033) > 0.005 * here(taught, "competence")
    bought = run(more("public procurement"), scenario="baseline")
    services = float((bought["digital_services"] - base["digital_services"]).sel(time=2033))
    assert services > 0.005 * here(bought, "public procurement")


def test_the_lead_comes_after_the_effort_and_is_lost_again(run: Run) -> None:
    once = run(more("mobilisation", until=2026), scenario="baseline")
    top = float(once["digital_lead"].mean("region").max())
    assert lead(once, 2019) < 0.1 * top
    assert lead(once, 2045) < 0.2 * top


def test_boundless_effort_cannot_make_more_users_than_firms(run: Run) -> None:
    flood = run({"effort_plan": {2018: TODAY, 2019: 1e6}})
    assert bool((flood["digital_users"] <= flood["firms"] * (1 + 1e-9)).all())
    assert float(flood["digital_services"].max()) < 1
    assert float(flood["digital_log"].max()) < 0.05


def test_a_second_test_arena_helps_and_a_lost_one_hurts(run: Run) -> None:
    base = run()
    value = "value_added_total"
    for arena, sign in ((2.0, 1), (0.0, -1)):
        moved = run({"test_arena": {2018: 1.0, 2022: arena}})[value] - base[value]
        assert sign * float(moved.sel(time=2033)) > 0
        assert abs(float(moved.sel(time=2019))) < 0.1 * abs(float(moved.sel(time=2033)))


def test_without_contact_the_county_falls_behind(run: Run) -> None:
    cut, base = run({"loop_switch_r7_digital_contact": 0}), run()
    assert lead(cut, 2030) < -0.1
    assert float((cut["value_added_total"] - base["value_added_total"]).sel(time=2043)) < 0


def test_without_effort_no_firm_is_lost_that_was_not_there(run: Run) -> None:
    idle = run({"effort_plan": {2017: TODAY, 2018: 0}})
    assert bool(np.isfinite(idle["digital_users"]).all())
    assert float(idle["digital_users"].min()) >= 0
    assert lead(idle, 2030) < 0
