"""The history that must come out: mean error, root mean square error and Theil's split."""

from __future__ import annotations

import numpy as np
import pytest

from calibration import targets
from calibration.scores import Errors, errors
from tests.model.conftest import Run

LAST = 2018  # later figures are kept out of the fit
# Series: largest mean absolute error in per cent, fit period. Salmon: means of two years.
SERIES = {
    "population_total": 1.5,
    "employment_total": 2.0,
    "value_added_total": 4.0,
    "salmon_volume": 6.0,
    "goods_exports": 6.0,
    "guest_nights": 3.0,
    "research_total": 5.0,
    "technology_firms": 8.0,
    "trade_certificates_total": 8.0,
    "farmland_total": 2.0,
    "emissions_total": 6.0,
}


def fit(run: Run, outcome: str) -> Errors:
    observed = targets.load()
    mine = observed[(observed["outcome"] == outcome) & observed["year"].between(2008, LAST)]
    path = run(scenario="baseline")[outcome].to_series()
    seen = mine.set_index("year")["value"]
    if outcome in targets.TWO_YEAR_MEANS:
        seen, path = seen.rolling(2).mean().dropna(), path.rolling(2).mean()
    return errors(path.loc[seen.index].to_numpy(), seen.to_numpy())


@pytest.mark.parametrize("outcome", SERIES)
def test_history_is_met_on_average(run: Run, outcome: str) -> None:
    found = fit(run, outcome)
    assert found.mape < SERIES[outcome], found
    assert found.bias + found.variation + found.covariation == pytest.approx(1)


def test_the_swing_of_salmon_between_even_and_odd_years_has_the_observed_size(run: Run) -> None:
    volume = run(scenario="baseline")["salmon_volume"].to_series()
    observed = targets.load()
    seen = observed[observed["outcome"] == "salmon_volume"].set_index("year")["value"]
    years = range(2012, LAST)

    def swing(series: object) -> float:
        path = np.array([series[float(year)] for year in [*years, LAST]])  # type: ignore[index]
        return float(np.mean(np.abs(np.diff(path))) / np.mean(path))

    assert 0.6 < swing(volume) / swing(seen) < 1.7
    even = [volume[float(year)] > volume[float(year) + 1] for year in range(2012, LAST, 2)]
    assert all(even)
