"""Farmland, livestock and food: what is kept, what is lost, and what the levers do."""

from __future__ import annotations

import pytest

from tests.model.conftest import Run

START = 1.96444444
OBSERVED = {  # variable: {year: value}, from the sources that the chapter names
    "farmland_total": ({2012: 1604386, 2016: 1598458}, 0.02),
    "dairy_cows": ({2016: 48268, 2017: 47137}, 0.04),
    "beef_cows": ({2016: 12173, 2017: 13169}, 0.1),
    "farm_holdings": ({2009: 6937, 2010: 6737, 2015: 6092}, 0.02),
}


@pytest.mark.parametrize("name", OBSERVED)
def test_history_is_met(run: Run, name: str) -> None:
    values, tolerance = OBSERVED[name]
    for year, value in values.items():
        found = float(run()[name].sel(time=year))
        assert found == pytest.approx(value, rel=tolerance), (
            f"{name} {year}: {found / value - 1:+.1%}"
        )


def test_organic_farming_rises_and_falls_back_as_it_did(run: Run) -> None:
    share = run()["organic_share"]
    assert float(share.sel(time=2010)) == pytest.approx(0.096, abs=0.01)
    assert float(share.sel(time=2017)) == pytest.approx(0.06, abs=0.03)
    assert float(share.sel(time=2017)) < float(share.sel(time=2011))


def test_land_only_changes_its_use(run: Run) -> None:
    for settings in (None, {"farmland_protection": 1}, {"farmland_total_initial": 1650000}):
        assert abs(run(settings)["land_balance"]).max() < 1e-9


def test_all_farmland_protected_means_none_is_lost(run: Run) -> None:
    assert float(run({"farmland_protection": 1})["farmland_lost_to_building"].max()) == 0
    later = run({"farmland_protection": {2018: 0, 2019: 1}})["farmland_built_on"].sum("farming")
    assert float(later.sel(time=2040)) < 0.01 * float(later.sel(time=2018))


def test_half_protected_keeps_more_land_and_more_food(run: Run) -> None:
    base, half = run(), run({"farmland_protection": {2018: 0, 2019: 0.5}})
    for name in ("farmland_total", "farm_volume_index"):
        assert float((half[name] - base[name]).sel(time=2043)) > 0, name


def test_growth_of_the_county_takes_land_and_food_with_it(run: Run) -> None:
    """Loop B3: cut, building takes what it took in 2008, and more is grown."""
    base, cut = run(), run({"loop_switch_b3_farmland": 0})
    for name in ("farmland_total", "agriculture_output_index"):
        assert float((cut[name] - base[name]).sel(time=2043)) > 0, name


def test_milk_never_exceeds_the_quota(run: Run) -> None:
    for factor in (0.8, 1.0, 1.2):
        result = run({"milk_quota_factor": {2018: 1, 2019: factor}})
        assert bool((result["milk_delivered"] <= result["milk_limit"] * (1 + 1e-12)).all())
    less = run({"milk_quota_factor": {2018: 1, 2019: 0.8}})
    assert float((less["dairy_cows"] - run()["dairy_cows"]).sel(time=2030)) < -5000
    assert float((less["beef_cows"] - run()["beef_cows"]).sel(time=2022)) > 0


def test_effort_reaches_farms_and_never_more_than_there_are(run: Run) -> None:
    base = run()
    push = run(
        {"effort_plan[mobilisation,bioeconomy]": {2018: START, 2019: 40}}, scenario="baseline"
    )
    endless = run({"effort_plan": {2018: START, 2019: 1e6}})
    for name in ("farm_volume_index", "organic_share"):
        assert float((push[name] - base[name]).sel(time=2033)) > 0, name
    assert float(push["farms_engaged_share"].sel(time=2018)) == pytest.approx(0, abs=1e-9)
    assert float(endless["farms_engaged_share"].max()) <= 1
    assert float(endless["farm_volume_index"].max()) < 1.2


def test_more_local_processing_gives_factories_more_after_years(run: Run) -> None:
    base, more = run(), run({"local_processing": {2018: 0.8, 2018.125: 1}})
    gain = more["farm_goods_for_processing_index"] / base["farm_goods_for_processing_index"] - 1
    assert float(gain.sel(time=2019)) < 0.1 < float(gain.sel(time=2026)) < 0.25


def test_the_chapter_is_neutral_in_the_first_year(run: Run) -> None:
    assert float(run()["agriculture_output_index"].sel(time=2008)) == pytest.approx(1)
