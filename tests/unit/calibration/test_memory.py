"""Fans carry on the errors that the scored forecast carries on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration import evidence, memory, observation, targets
from calibration.forecast import forecast

YEARS = tuple(range(2008, 2031))
NAME = "population_total"
SAID = observation.load()


def history(until: int) -> pd.DataFrame:
    seen = targets.load()
    return seen[seen["year"] <= until]


def runs(factor: float, worlds: int = 400) -> np.ndarray:
    """Worlds near the record, all off by a factor."""
    random = np.random.default_rng(1)
    path = np.interp(YEARS, [2008, 2018, 2030], [412_849, 458_742, 490_000]) * factor
    return path * np.exp(0.002 * random.standard_normal((worlds, 1)))


def test_history_stays_as_the_model_has_it() -> None:
    given = runs(1.01)
    found = memory.carried(given, NAME, YEARS, history(2018), SAID)
    assert found is not None
    told, last = found
    assert last == 2018
    assert np.array_equal(told[:, :11], given[:, :11])


def test_a_known_error_is_carried_on_and_partly_forgotten() -> None:
    given = runs(1.004)
    found = memory.carried(given, NAME, YEARS, history(2018), SAID)
    assert found is not None
    ratio = np.median(found[0] / given, axis=0)
    assert ratio[11] < 0.9975  # the next year starts near the figures
    assert ratio[11] < ratio[-1] < 1.0  # what was drift is forgotten, what is definition stays


def test_the_fan_is_the_interval_that_is_scored() -> None:
    given = runs(1.002, worlds=20_000)
    series = evidence.scalar(history(2020), SAID, NAME, [float(year) for year in YEARS])
    assert series is not None
    random = np.random.default_rng(3)
    scored = forecast(series, given.T[:, :, None], {NAME: 0}, SAID.degrees, random)
    found = memory.carried(given, NAME, YEARS, history(2018), SAID)
    assert found is not None
    late = np.flatnonzero(series.held)
    assert series.years[late].tolist() == [2019, 2020]
    levels = [5, 25, 50, 75, 95]
    fan = np.percentile(found[0][:, 11:13], levels, axis=0)
    assert fan == pytest.approx(np.percentile(scored.told[:, late], levels, axis=0), rel=3e-4)


def test_what_was_never_observed_or_begins_later_has_no_such_fan() -> None:
    assert memory.carried(runs(1.0), "unheard_of", YEARS, history(2018), SAID) is None
    assert memory.carried(runs(1.0)[:, 5:], NAME, YEARS[5:], history(2018), SAID) is None
    assert memory.carried(runs(1.0), NAME, YEARS, history(2007), SAID) is None


def test_a_share_never_falls_below_nothing() -> None:
    low = np.full((300, len(YEARS)), 0.001)
    found = memory.carried(low, "unemployment_rate", YEARS, targets.load(), SAID)
    assert found is not None
    assert found[0].min() >= 0.0
