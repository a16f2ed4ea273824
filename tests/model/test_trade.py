"""Trade: exports as published, help that takes years, saturates and stays small where it should."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.model.conftest import Run

TODAY = 1.96444444
AREAS = (
    "bioeconomy",
    "circular economy",
    "smart communities",
    "ocean space",
    "experience industries",
)
GOODS = {2013: 22139, 2014: 22777, 2015: 22689, 2016: 23925, 2017: 25393, 2018: 27737}  # M14, M15
HELP: dict[str, object] = {
    f"effort_plan[internationalisation,{area}]": {2018: TODAY, 2022: TODAY + 24} for area in AREAS
}


def grown(of: xr.Dataset) -> xr.DataArray:
    """Exports but for farmed fish, which the sea limits."""
    return of["exports_by_industry"].drop_sel(industry="aquaculture").sum("industry")


def test_goods_exports_of_the_history_come_out_in_level(run: Run) -> None:
    model = run(scenario="baseline")["goods_exports_current_prices"].sel(time=list(GOODS)).values
    observed = np.array(list(GOODS.values()))
    assert abs((model - observed).mean()) / observed.mean() < 0.04
    assert abs(model / observed - 1).mean() < 0.11


def test_seafood_is_the_largest_leg(run: Run) -> None:
    share = run(scenario="baseline")["seafood_share_of_goods_exports"]
    assert float(share.sel(time=2018)) == pytest.approx(0.66, abs=0.08)
    assert float(share.sel(time=2014)) == pytest.approx(0.48, abs=0.08)


def test_parts_add_up(run: Run) -> None:
    base = run(scenario="baseline")
    parts = base["exports_by_industry"].sum("industry")
    np.testing.assert_allclose(parts, base["exports_total"], rtol=1e-12)
    np.testing.assert_allclose(
        base["goods_exports"] + base["service_exports"], base["exports_total"], rtol=1e-12
    )


def test_todays_help_changes_nothing(run: Run) -> None:
    base = run(scenario="baseline")
    assert float(abs(base["export_capability"] - 1).max()) < 1e-6
    assert float(abs(base["export_learning_log"]).max()) < 0.001
    # Dearer labour than in the nation costs some orders; no more than that.
    assert float(abs(base["export_demand_log"]).max()) < 0.02


def test_help_shows_in_exports_from_the_second_to_the_fourth_year(run: Run) -> None:
    path = {2018: TODAY, 2018.25: TODAY + 24}
    sudden = run(dict.fromkeys(HELP, path), scenario="baseline")
    gain = (sudden["export_capability"] - 1).mean("industry")
    assert float(gain.sel(time=2019)) < 0.1 * float(gain.sel(time=2030))
    assert float(gain.sel(time=2024)) > 0.4 * float(gain.sel(time=2030))


def test_a_krone_of_help_gives_what_evaluations_say(run: Run) -> None:
    """Munch and Schaur: about three kroner of value added in all; before the wider economy."""
    base, more = run(scenario="baseline"), run(HELP, scenario="baseline")
    change = float((grown(more) - grown(base)).sel(time=2033))
    value_added_in_exports = 0.4
    assert 1 < change * value_added_in_exports / (24 * len(AREAS)) < 4


def test_boundless_help_is_bounded_and_no_help_is_a_small_loss(run: Run) -> None:
    flood = run({"effort_plan": {2018: TODAY, 2019: 1e6}})
    assert float(flood["export_capability"].max()) < 1 + 0.179
    idle = run({"effort_plan": {2017: TODAY, 2018: 0}})
    least = float(idle["export_capability"].min())
    assert 0.95 < least < 1


def test_learning_by_exporting_adds_to_value(run: Run) -> None:
    cut = run({**HELP, "loop_switch_r6_export_learning": 0}, scenario="baseline")
    whole = run(HELP, scenario="baseline")
    assert float((cut["value_added_total"] - whole["value_added_total"]).sel(time=2043)) < 0


def test_scarce_labour_costs_competitiveness(run: Run) -> None:
    scarce = run({"net_migration_factor": 0.0})
    index = scarce["competitiveness_index"] - run()["competitiveness_index"]
    assert float(index.sel(industry="other manufacturing", time=2033)) < 0


def test_no_fish_and_no_price_leave_other_exports(run: Run) -> None:
    for settings in (
        {"sea_area_factor": {2017: 1.0, 2018: 0.0}},
        {"salmon_price_factor": {2017: 1.0, 2018: 0.0}},
    ):
        result = run(settings)
        assert float(result["exports_by_industry"].sel(industry="aquaculture", time=2050)) < 1
        assert float(grown(result).sel(time=2050)) > 10000
