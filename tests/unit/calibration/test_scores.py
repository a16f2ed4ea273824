import math

import numpy as np
import pandas as pd
import pytest

from calibration import evidence, scores
from calibration.evidence import Evidence, Series
from calibration.forecast import Forecast, forecast
from calibration.likelihood import Posterior
from calibration.observation import Observation
from calibration.verdict import verdict
from sim.run.model import Model


def test_theils_shares_sum_to_one_and_name_the_error() -> None:
    seen = np.array([1.0, 2.0, 3.0, 4.0])
    level = scores.errors(seen + 1, seen)
    assert (level.bias, level.variation, level.covariation) == pytest.approx((1, 0, 0))
    slope = scores.errors(2.5 + 2 * (seen - 2.5), seen)
    assert (slope.bias, slope.variation, slope.covariation) == pytest.approx((0, 1, 0))
    phase = scores.errors(seen[::-1].copy(), seen)
    assert (phase.bias, phase.variation, phase.covariation) == pytest.approx((0, 0, 1))
    assert level.mape == pytest.approx(100 * (1 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert level.rmse == 1
    assert math.isnan(scores.errors(seen[:1], seen[:1]).bias)


def series(growth: Model, said: Observation, *rows: tuple[float, float]) -> Series:
    frame = pd.DataFrame(
        [
            {"outcome": "people", "element": "", "year": year, "value": value, "unit": "persons",
             "source_id": "S", "grade": "A", "note": ""}
            for year, value in rows
        ]
    )  # fmt: skip
    return evidence.gather(frame, said, growth.source).series[0]


def test_naive_forecasts_know_the_years_of_the_fit_only(growth: Model, said: Observation) -> None:
    made = series(growth, said, (2016, 10), (2017, 12), (2018, 14), (2020, 99), (2022, 99))
    told = scores.naive(made)
    assert told["last"].tolist() == [14, 14]
    assert told["trend"] == pytest.approx([18, 22])
    single = series(growth, said, (2018, 14), (2020, 99))
    assert set(scores.naive(single)) == {"last"}


def test_naive_forecasts_allow_for_another_definition(growth: Model, said: Observation) -> None:
    told = [("S", 2016, 10), ("S", 2017, 12), ("X", 2017, 22), ("S", 2018, 14), ("X", 2020, 99)]
    frame = pd.DataFrame(
        [
            {"outcome": "people", "element": "", "year": year, "value": value, "unit": "persons",
             "source_id": source, "grade": "A", "note": ""}
            for source, year, value in told
        ]
    )  # fmt: skip
    (made,) = evidence.gather(frame, said, growth.source).series
    forecasts = scores.naive(made)
    assert forecasts["last"].tolist() == [24]
    assert forecasts["trend"] == pytest.approx([28])


def row(**given: object) -> pd.Series:
    return pd.Series({"period": "held", "last_rmse": 3.0, "trend_rmse": 2.0} | given)


def test_a_verdict_is_against_the_better_naive_forecast() -> None:
    assert verdict(row(forecast_rmse=1.9)) == "better"
    assert verdict(row(forecast_rmse=2.0)) == "same"
    assert verdict(row(forecast_rmse=2.1)) == "worse"
    assert verdict(row(forecast_rmse=2.1, trend_rmse=math.nan)) == "better"
    nothing = row(forecast_rmse=1.0, last_rmse=math.nan, trend_rmse=math.nan)
    assert verdict(nothing) == ""


def test_intervals_are_counted(growth: Model, said: Observation) -> None:
    made = series(growth, said, (2016, 10), (2018, 14), (2020, 50))
    draws = np.tile(np.linspace(0, 20, 101)[:, None], (1, 3))
    found = scores.table([Forecast(made, draws, draws, 0.0)])
    assert found["covered_50"].tolist() == [2, 0]
    assert found["covered_90"].tolist() == [2, 0]
    both = scores.coverage(found).set_index("period")
    assert both.loc["fit", "covered_50"] == 1
    assert both.loc["held", "count"] == 1


def test_a_forecast_carries_remembered_errors_on(target: Posterior, seen: Evidence) -> None:
    places = np.zeros((4000, 4))
    paths, _ = target.simulation(places)
    longer = np.concatenate([paths, np.repeat(paths[-1:], 6, axis=0)])
    (mine,) = seen.series
    told = mine.predicted(longer, target.simulation.positions)[0]
    off = Series(**{**mine.__dict__, "measured": told + 0.1})
    made = forecast(off, longer, target.simulation.positions, 8.0, np.random.default_rng(0))
    late = np.log(np.median(made.told[:, off.held], axis=0) / made.model[0, off.held])
    assert (late > 0).all()
    assert late[0] > late[-1]
    assert math.isfinite(made.density)
