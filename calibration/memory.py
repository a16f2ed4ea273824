"""Fans that start at the published figures: errors that a run is known to make are carried on.

The scored forecast (`forecast.py`) knows the figures to the end of the fit. A reader of today knows
all of them: the same errors are carried on from the last one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from calibration import evidence
from calibration.evidence import Series
from calibration.observation import Observation
from calibration.student import given
from sim.project import ACCEPTED_FIT
from sim.shapes import Float64

# Read as a file: `fits` brings all of the fitting along, and a second with it.
LASTING = ACCEPTED_FIT / "lasting.csv"

Runs = Float64[np.ndarray, "world year"]


def judged(said: Observation) -> Observation:
    """The errors that the accepted fit's forecast takes; as stated where there is no fit."""
    try:
        lasting = pd.read_csv(LASTING)
    except FileNotFoundError:
        return said
    used = lasting[lasting["used"].astype(str) == "True"]
    if used.empty:
        return said
    first = used.iloc[0]
    return said.scaled(
        memory=float(first["memory"]), drift=float(first["drift"]), level=float(first["level"])
    )


def carried(
    runs: Runs,
    outcome: str,
    years: Sequence[int],
    history: pd.DataFrame,
    said: Observation,
    seed: int = 2018,
) -> tuple[Runs, int] | None:
    """Runs with the errors that they are known to make, from the last figure on.

    Args:
        runs: what the model says, in its own unit; from the model's first year on.
        outcome: id of a variable without elements.
        years: of the runs, one after the other.
        history: as from `targets.load`.
        said: see `judged`.
        seed: of the errors.

    Returns:
        The same years, those after the last figure as it would be published (with remembered and
        fresh errors; never below nothing), and the year of that figure. None where the outcome
        was not observed, or the runs begin later than the model.
    """
    if not len(years) or years[0] != evidence.FIRST or years[-1] - years[0] != len(years) - 1:
        return None
    series = evidence.scalar(history, said, outcome, [float(year) for year in years])
    if series is None:
        return None
    last = int(series.years.max())
    later = np.array([float(year) for year in years if year > last])
    if not len(later):
        return None
    told = series.predicted(runs.T[:, :, None], {outcome: 0})
    random = np.random.default_rng([seed, *outcome.encode()])
    known = np.arange(len(series.years))
    wanted = len(known) + np.arange(len(later))
    apart = series.measured - told
    others = given(_joint(series, later), known, wanted, apart, said.degrees)
    factor = others.scale * others.free / random.chisquare(others.free, size=len(runs))
    fresh = random.standard_normal((len(runs), len(later))) * np.sqrt(factor)[:, None]
    off = others.middle + fresh @ others.lower.T
    found = runs.copy()
    tail = found[:, -len(later) :]
    if series.scale == "log":
        tail *= np.exp(off)
    else:
        tail[:] = np.where(tail >= 0.0, np.maximum(tail + off, 0.0), tail + off)
    return found, last


def _joint(series: Series, later: Float64[np.ndarray, " year"]) -> Float64[np.ndarray, "both both"]:
    """Covariance of the errors of all rows and of figures in later years, counted as the last."""
    errors = series.errors
    newest = series.counted[int(np.argmax(series.figures))]

    def drift(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        lag = np.abs(one[:, None] - other[None, :])
        return errors.drift**2 * np.exp(-lag / errors.memory)

    same = np.array([float(each == newest) for each in series.counted])[:, None]
    across = series.means @ (errors.level**2 * same + drift(series.figures, later))
    new = errors.level**2 + drift(later, later) + np.diag(np.full(len(later), errors.error**2))
    return np.block([[series.covariance, across], [across.T, new]])
