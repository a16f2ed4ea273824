import numpy as np
import pytest
import xarray as xr

from reports import frames
from sim.errors import InputError


def test_a_run_becomes_one_long_table(datasets: dict[str, xr.Dataset]) -> None:
    frame = frames.tidy(datasets["baseline"], "baseline")
    assert list(frame.columns) == frames.COLUMNS
    assert set(frame["run"]) == {"baseline"}
    one = frame[
        (frame["variable"] == "value_added")
        & (frame["region"] == "Districts")
        & (frame["industry"] == "aquaculture")
        & (frame["year"] == 2031)
    ]
    given = datasets["baseline"]["value_added"].sel(
        region="Districts", industry="aquaculture", time=2031
    )
    assert one["value"].tolist() == [float(given)]
    assert one["unit"].tolist() == ["NOK million/year"]
    county = frame[frame["variable"] == "population_total"]
    assert set(county["region"]) == set(county["industry"]) == {""}
    assert len(county) == datasets["baseline"].sizes["time"]


def test_variables_over_other_ranges_are_left_out(datasets: dict[str, xr.Dataset]) -> None:
    frame = frames.tidy(datasets["baseline"], "baseline")
    assert "effort" not in set(frame["variable"])


def test_differences_are_absolute_and_per_cent_of_the_baseline(
    datasets: dict[str, xr.Dataset],
) -> None:
    found = frames.differences(frames.stack(datasets), "baseline", [2043])
    assert set(found["run"]) == set(datasets) - {"baseline"}
    row = found[(found["run"] == "ocean_push") & (found["variable"] == "value_added_total")].iloc[0]
    now, base = (
        float(datasets[run]["value_added_total"].sel(time=2043))
        for run in ("ocean_push", "baseline")
    )
    assert row["difference"] == pytest.approx(now - base)
    assert row["percent"] == pytest.approx(100 * (now - base) / base)


def test_a_share_of_nothing_is_unknown(datasets: dict[str, xr.Dataset]) -> None:
    base = datasets["baseline"].assign(salmon_volume=0 * datasets["baseline"]["salmon_volume"])
    frame = frames.stack({"baseline": base, "ocean_push": datasets["ocean_push"]})
    found = frames.differences(frame, "baseline", [2043])
    salmon = found[found["variable"] == "salmon_volume"].iloc[0]
    assert np.isnan(salmon["percent"])
    assert salmon["difference"] > 0


def test_a_year_without_results_is_wrong_input(datasets: dict[str, xr.Dataset]) -> None:
    with pytest.raises(InputError, match=r"no results for 2061, 2070.*2008 to 2050"):
        frames.differences(frames.stack(datasets), "baseline", [2022, 2061, 2070])
