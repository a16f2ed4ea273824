"""Power and its surplus, minerals, reindeer, rural firms."""

from __future__ import annotations

import pytest

from tests.model.conftest import Run

START = 1.96444444


def test_power_follows_what_was_made_and_used(run: Run) -> None:
    base = run()
    for year, seen in {2019: 10001, 2022: 10761, 2023: 11100}.items():
        assert float(base["power_use"].sel(time=year)) == pytest.approx(seen, rel=0.07), year
    for year, seen in {2022: 4761, 2023: 4377}.items():
        assert float(base["wind_output"].sel(time=year)) == pytest.approx(seen, rel=0.2), year
    assert (
        float(base["power_surplus"].sel(time=2015))
        < 0
        < float(base["power_surplus"].sel(time=2023))
    )


def test_new_wind_takes_years_and_lets_more_users_in(run: Run) -> None:
    base, more = run(), run({"wind_permits": {2024: 50, 2025: 400}})
    made = more["wind_output"] - base["wind_output"]
    assert float(made.sel(time=2026)) < 0.1 * float(made.sel(time=2035))
    assert float((more["power_use"] - base["power_use"]).sel(time=2050)) > 0
    assert float((more["grazing_land"] - base["grazing_land"]).sel(time=2043)) < 0


def test_without_surplus_no_more_users_are_connected(run: Run) -> None:
    none = run({"hydro_output_initial": 6900, "wind_started_history": {2008: 0}, "wind_permits": 0})
    use = none["power_use"]
    assert float(use.sel(time=2050) / use.sel(time=2030)) < 1.05


def test_a_mine_takes_ten_years(run: Run) -> None:
    base, more = run(), run({"mineral_permits_factor": {2018: 1, 2019: 3}})
    gain = more["mine_capacity"] - base["mine_capacity"]
    assert float(gain.sel(time=2022)) < 0.25 * float(gain.sel(time=2040))
    assert float(run({"mineral_permits_factor": {2018: 1, 2019: 0}})["mine_capacity"].min()) >= 0


def test_reindeer_give_what_the_land_carries(run: Run) -> None:
    base = run()
    assert float(base["herd"].sel(time=2017)) == pytest.approx(25000, rel=0.05)
    meat = base["animals_slaughtered"] * 26.7 / 1000
    assert float(meat.sel(time=2020)) == pytest.approx(254, rel=0.12)
    fewer, land = run({"predator_factor": {2018: 1, 2019: 0.5}}), run({"grazing_loss_rate": 0.008})
    assert float((fewer["animals_slaughtered"] - base["animals_slaughtered"]).sel(time=2030)) > 0
    assert (
        abs(float((fewer["herd"] / base["herd"]).sel(time=2030)) - 1) < 0.02
    )  # the land is the limit
    assert float((land["reindeer_value"] - base["reindeer_value"]).sel(time=2040)) < 0
    assert float(run({"predator_factor": {2018: 1, 2019: 2}})["herd"].min()) >= 0


def test_effort_starts_rural_firms_within_their_market(run: Run) -> None:
    base, push = (
        run(),
        run({"effort_plan[mobilisation,bioeconomy]": {2018: START, 2019: 40}}, scenario="baseline"),
    )
    gain = push["rural_firm_stock"] - base["rural_firm_stock"]
    assert bool((gain.sel(time=2028) > 0).all())
    endless = run({"effort_plan": {2018: START, 2019: 1e6}})["rural_firm_stock"]
    assert float(endless.sel(rural_firm="local food").max()) < 600
    assert float(endless.sel(rural_firm="rural firms").max()) < 3050
    assert float(base["rural_firm_stock"].sel(time=2017, rural_firm="local food")) == pytest.approx(
        200, rel=0.1
    )
    assert (
        float(
            (push["rural_value_in_experience"] - base["rural_value_in_experience"]).sel(time=2028)
        )
        > 0
    )


@pytest.mark.parametrize("name", ["power_output_index", "mineral_output_index"])
def test_the_chapter_is_neutral_in_the_first_year(run: Run, name: str) -> None:
    assert float(run()[name].sel(time=2008)) == pytest.approx(1)
