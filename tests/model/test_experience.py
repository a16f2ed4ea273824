"""Experience: guests tell, guests crowd, and the nights of the last decades come out."""

from __future__ import annotations

import numpy as np
import pytest

from tests.model.conftest import Run

TODAY = 1.96444444
FITTED = {2015: 2.551, 2016: 2.684, 2017: 2.684}  # M63, M44
KEPT_OUT = {2021: 2.33, 2022: 2.70}  # million nights; pandemic and after: scored, not fitted


def more(*tools: str) -> dict[str, object]:
    path = {2018: TODAY, 2022: TODAY + 24}
    return {f"effort_plan[{tool},experience industries]": path for tool in tools}


def nights(run: Run, settings: dict[str, object] | None = None) -> float:
    return float(run(settings, scenario="baseline")["guest_nights"].sel(time=2033))


def test_the_nights_of_the_history_come_out(run: Run) -> None:
    result = run(scenario="baseline")["guest_nights"]
    for year, observed in FITTED.items():
        assert float(result.sel(time=year)) == pytest.approx(observed, rel=0.02), year
    for year, observed in KEPT_OUT.items():
        assert float(result.sel(time=year)) == pytest.approx(observed, rel=0.15), year


def test_output_runs_near_the_trend_of_the_market(run: Run) -> None:
    base = run()
    trend = base["market_index"].sel(industry="experience") * base["labour_productivity_index"]
    ratio = (base["visitor_output_index"] / trend).sel(time=slice(2008, 2019))
    assert float(abs(ratio - 1).max()) < 0.06


@pytest.mark.parametrize(
    "tool", ["internationalisation", "mobilisation", "technology", "competence", "interaction"]
)
def test_each_tool_brings_guests(run: Run, tool: str) -> None:
    assert nights(run, more(tool)) > nights(run)


def test_quality_shows_after_years(run: Run) -> None:
    base = run(scenario="baseline")
    gap = run(more("competence"), scenario="baseline")["guest_nights"] - base["guest_nights"]
    assert float(gap.sel(time=2022)) < 0.1 * float(gap.sel(time=2040))


def test_word_of_mouth_lifts_and_crowds_hold_back(run: Run) -> None:
    base = run()["guest_nights"].sel(time=2043)
    silent = run({"loop_switch_r8_word_of_mouth": 0})["guest_nights"].sel(time=2043)
    roomy = run({"loop_switch_b9_crowding": 0})["guest_nights"].sel(time=2043)
    assert float(silent) < float(base) < float(roomy)


def test_joint_offers_spread_the_season(run: Run) -> None:
    season = run(more("interaction"), scenario="baseline")["season_share"]
    assert float(season.sel(time=2033)) < float(season.sel(time=2010))


def test_a_travel_stop_empties_the_beds_but_not_the_industry(run: Run) -> None:
    stop = run({"travel_demand_factor": {2019: 1.0, 2020: 0.0}})
    assert float(stop["guest_nights"].sel(time=2021)) == 0
    assert float(stop["visitor_output_index"].sel(time=2021)) > 0
    for stock in ("visitor_capacity", "brand", "product_quality", "provider_cooperation"):
        assert bool(np.isfinite(stop[stock]).all())
        assert float(stop[stock].min()) >= 0


def test_boundless_effort_has_a_bounded_effect(run: Run) -> None:
    flood = run({"effort_plan": {2018: TODAY, 2019: 1e6}})["guest_nights"]
    assert float((flood / run()["guest_nights"]).max()) < 1.8
