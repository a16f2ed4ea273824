"""Forest: growth, harvest and the wood that industry gets."""

from __future__ import annotations

import pytest

from tests.model.conftest import Run

START = 1.96444444
HARVEST = {2014: 1.009838, 2017: 0.832, 2018: 0.9, 2020: 0.823096, 2022: 0.842, 2023: 0.8}
STOCK = {2011: 93.754, 2017: 103.688}  # mid-years of the inventories


def test_growing_stock_follows_the_inventories(run: Run) -> None:
    stock = run()["forest_stock"]
    for year, value in STOCK.items():
        assert float(stock.sel(time=year)) == pytest.approx(value, rel=0.02), year


def test_harvest_is_near_what_was_felled(run: Run) -> None:
    """Single years swing with storms and quays; the mean of six does not."""
    harvest = run()["harvest"]
    found = [float(harvest.sel(time=year)) for year in HARVEST]
    assert sum(found) / sum(HARVEST.values()) == pytest.approx(1, abs=0.1)
    for value, (year, seen) in zip(found, HARVEST.items(), strict=True):
        assert value == pytest.approx(seen, rel=0.3), year


def test_no_wood_appears_or_vanishes(run: Run) -> None:
    for settings in (None, {"harvest_policy": {2018: 1, 2019: 5}}, {"harvest_policy": 0}):
        result = run(settings)
        assert abs(result["timber_balance"]).max() < 1e-9
        area = result["young_area"] + result["mature_area"]
        assert abs(area / area.isel(time=0) - 1).max() < 1e-9


def test_harvest_above_growth_lowers_the_mature_stock_and_then_the_harvest(run: Run) -> None:
    """Loop B2."""
    much = run({"harvest_policy": {2018: 1, 2019: 5}})
    growth = much["ripening"] + much["mature_growth"]
    assert float((much["harvest"] - growth).sel(time=2024)) > 0  # machines and crews take years
    stock, harvest = much["mature_stock"], much["harvest"]
    assert float(stock.sel(time=2040)) < 0.7 * float(stock.sel(time=2018))
    assert float(harvest.sel(time=2050)) < 0.8 * float(harvest.max())
    assert float(stock.min()) >= 0
    endless = run({"harvest_policy": {2018: 1, 2019: 1000}})
    assert float(endless["mature_stock"].min()) >= 0
    assert float(endless["young_stock"].min()) >= 0


def test_ripening_forest_lets_harvest_rise(run: Run) -> None:
    """Loop B2 cut: harvest misses the ripening stock, and its limit when too much is felled."""
    base, cut = run(), run({"loop_switch_b2_mature_forest": 0})
    assert float((cut["timber_output_index"] - base["timber_output_index"]).sel(time=2043)) < 0
    policy = {"harvest_policy": {2018: 1, 2019: 5}}
    held, free = run(policy), run({**policy, "loop_switch_b2_mature_forest": 0})
    # The stock first has to fall below that of 2008, from a fifth above it.
    assert float((free["mature_stock"] - held["mature_stock"]).sel(time=2050)) < 0


def test_a_higher_price_brings_more_wood(run: Run) -> None:
    base, dear = run(), run({"timber_price_factor": {2018: 1, 2018.125: 1.1}})
    gain = dear["harvest"] / base["harvest"] - 1
    # Six tenths of what lies between the elasticities of pulpwood and saw logs, less the stock.
    assert 0.6 * 0.04 < float(gain.sel(time=2030)) < 0.6 * 0.09
    assert float(gain.sel(time=2019)) < 0.2 * float(gain.sel(time=2030))


def test_effort_brings_wood_to_industry_and_is_bounded(run: Run) -> None:
    base = run()
    push = run(
        {"effort_plan[mobilisation,bioeconomy]": {2018: START, 2019: 40}}, scenario="baseline"
    )
    endless = run({"effort_plan": {2018: START, 2019: 1e6}})
    for name in ("harvest", "planted_share", "timber_output_index"):
        assert float((push[name] - base[name]).sel(time=2028)) > 0, name
    assert float((endless["harvest"] / base["harvest"]).max()) < 1.5
    assert bool((base["local_wood_used"] <= base["wood_need"]).all())


def test_planting_shows_after_a_generation(run: Run) -> None:
    base, more = run(), run({"planting_response": 4, "effort_plan": {2018: START, 2019: 20}})
    gain = more["regrowth_quality"] / base["regrowth_quality"] - 1
    assert 0 < float(gain.sel(time=2026)) < 0.02
    assert float(gain.sel(time=2050)) > 2 * float(gain.sel(time=2026))


def test_carbon_follows_the_wood(run: Run) -> None:
    base, none = run(), run({"harvest_policy": {2018: 1, 2019: 0}})
    assert float(base["carbon_in_forest"].sel(time=2017)) == pytest.approx(160000, rel=0.15)
    assert float((none["carbon_in_forest"] - base["carbon_in_forest"]).sel(time=2040)) > 0
    assert (
        float((none["carbon_in_wood_products"] - base["carbon_in_wood_products"]).sel(time=2040))
        < 0
    )


def test_the_chapter_is_neutral_in_the_first_year(run: Run) -> None:
    assert float(run()["timber_output_index"].sel(time=2008)) == pytest.approx(1)
