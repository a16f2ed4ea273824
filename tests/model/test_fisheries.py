"""Landings, kelp and the residual raw material of fish."""

from __future__ import annotations

import pytest

from tests.model.conftest import Run

START = 1.96444444


def test_landings_follow_the_quota(run: Run) -> None:
    base, less = run(), run({"quota_factor": {2018: 1, 2019: 0.5}})
    ratio = less["landings"] / base["landings"]
    assert float(ratio.sel(time=2025)) == pytest.approx(0.5)
    assert float((less["marine_output_index"] / base["marine_output_index"]).sel(time=2025)) < 0.52
    assert float((less["marine_residual"] - base["marine_residual"]).sel(time=2025)) < 0


def test_no_kelp_appears_or_vanishes(run: Run) -> None:
    for settings in (None, {"sea_area_factor": {2017: 1, 2018: 0}}):
        assert abs(run(settings)["kelp_balance"]).max() < 1e-9


def test_kelp_is_as_small_as_it_was_and_stays_within_its_sea_area(run: Run) -> None:
    capacity = run()["kelp_capacity"]
    assert 30 < float(capacity.sel(time=2021)) < 110  # a third of the nation's 250 tonnes
    endless = run({"effort_plan": {2018: START, 2019: 1e6}})
    assert bool((endless["kelp_harvest"] <= endless["kelp_room"]).all())
    assert float(endless["kelp_capacity"].max()) > 10 * float(capacity.sel(time=2021))


def test_without_sea_area_kelp_dies_out(run: Run) -> None:
    none = run({"sea_area_factor": {2017: 1, 2018: 0}})
    assert float(none["kelp_harvest"].sel(time=2025)) < 1e-3 * float(
        none["kelp_harvest"].sel(time=2017)
    )
    assert float(none["kelp_capacity"].min()) >= 0


@pytest.mark.parametrize("area", ["bioeconomy", "ocean space"])
def test_effort_from_the_blue_and_the_green_side_grows_new_species_after_years(
    run: Run, area: str
) -> None:
    base, push = (
        run(),
        run({f"effort_plan[technology,{area}]": {2018: START, 2019: 40}}, scenario="baseline"),
    )
    gain = push["kelp_harvest"] - base["kelp_harvest"]
    assert float(gain.sel(time=2033)) > 0
    assert float(gain.sel(time=2020)) < 0.05 * float(gain.sel(time=2033))


def test_the_chapter_is_neutral_in_the_first_year(run: Run) -> None:
    assert float(run()["marine_output_index"].sel(time=2008)) == pytest.approx(1)
