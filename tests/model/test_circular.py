"""Residual raw material, reuse and what they replace."""

from __future__ import annotations

import numpy as np
import pytest

from tests.model.conftest import Run

START = 1.96444444
PUSH = {"effort_plan[technology,circular economy]": {2018: START, 2019: 40}}
ENDLESS = {"effort_plan": {2018: START, 2019: 1e6}}
# The nation's use of marine residuals; the county's salmon is used at least as well.
MARINE_USE = {2012: 0.72, 2015: 0.76, 2018: 0.815, 2020: 0.861, 2023: 0.88}


def test_use_of_marine_residuals_rises_as_it_did(run: Run) -> None:
    share = run()["residual_use_share"].sel(stream="marine")
    for year, seen in MARINE_USE.items():
        assert float(share.sel(time=year)) == pytest.approx(seen, abs=0.08), year


@pytest.mark.parametrize("settings", [None, PUSH, ENDLESS])
def test_no_more_is_used_than_arises_and_goods_add_up(
    run: Run, settings: dict[str, object] | None
) -> None:
    result = run(settings, scenario="baseline")
    assert bool((result["residual_used"] <= result["usable_residual"] * (1 + 1e-12)).all())
    assert bool((result["residual_left"] >= 0).all())
    np.testing.assert_allclose(
        result["residual_used"] + result["residual_left"], result["residual_arising"], rtol=1e-12
    )
    assert abs(result["material_balance"]).max() < 1e-9


def test_effort_closes_the_gap_sooner_but_the_material_is_limited(run: Run) -> None:
    base, push, endless = run(), run(PUSH, scenario="baseline"), run(ENDLESS)
    gain = push["residual_used"].sum("stream") - base["residual_used"].sum("stream")
    assert float(gain.sel(time=2033)) > 0
    assert float(gain.sel(time=2020)) < 0.1 * float(gain.sel(time=2033))
    assert float(gain.sel(time=2050)) < float(gain.max())  # what others would have used later
    assert float(endless["upgrading"].max()) < 1
    assert float((endless["circular_output_index"] / base["circular_output_index"]).max()) < 3


def test_the_gain_ends_where_the_material_does(run: Run) -> None:
    """Loop B10: cut, plants go on being built, more is used and more is made."""
    base, cut = run(), run({"loop_switch_b10_residual_runs_out": 0})
    assert float((cut["residual_used"] - base["residual_used"]).sum("stream").sel(time=2033)) > 0
    assert float((cut["circular_output_index"] - base["circular_output_index"]).sel(time=2033)) > 0


@pytest.mark.parametrize("area", ["bioeconomy", "ocean space"])
def test_blue_and_green_together_use_more_of_fish_and_farm(run: Run, area: str) -> None:
    base, push = (
        run(),
        run({f"effort_plan[connectivity,{area}]": {2018: START, 2019: 40}}, scenario="baseline"),
    )
    # Tonnes of fish, not their share: know-how at sea also means more fish, and more that arises.
    fish = (push["residual_used"] - base["residual_used"]).sel(time=2028, stream="marine")
    assert float(fish) > 0
    gain = (push["residual_use_share"] - base["residual_use_share"]).sel(time=2028)
    assert float(gain.sel(stream="food and farm")) > 0
    assert float(gain.sel(stream="household and industry waste")) == pytest.approx(0, abs=1e-3)


def test_reuse_spreads_and_less_is_thrown_away(run: Run) -> None:
    base, push = (
        run(),
        run(
            {"effort_plan[mobilisation,circular economy]": {2018: START, 2019: 40}},
            scenario="baseline",
        ),
    )
    assert float((push["reuse_firms"] - base["reuse_firms"]).sel(time=2030)) > 0
    assert float((push["waste_per_inhabitant"] - base["waste_per_inhabitant"]).sel(time=2033)) < 0
    endless = run(ENDLESS)
    assert bool((endless["reuse_firms"] <= 1500).all())
    assert float(base["waste_per_inhabitant"].sel(time=2018)) == pytest.approx(413, rel=0.07)


def test_more_bio_based_products_leave_less_fossil_input(run: Run) -> None:
    base, push = run(), run(PUSH, scenario="baseline")
    assert float((push["fossil_inputs"] - base["fossil_inputs"]).sel(time=2033)) < 0
    assert float(run(ENDLESS)["fossil_inputs"].min()) > 0


def test_effort_below_todays_does_not_tear_plants_down(run: Run) -> None:
    none = run({"effort_plan": {2017: START, 2018: 0}})
    assert float(none["plants_started"].min()) >= 0
    assert float(none["residual_use_capacity"].min()) > 0


def test_the_chapter_is_neutral_in_the_first_year(run: Run) -> None:
    assert float(run()["circular_output_index"].sel(time=2008)) == pytest.approx(1)
