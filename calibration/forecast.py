"""What the fit says of each row: the model alone, and with the errors that it remembers.

The errors of the years of the fit are known, and part of them lasts (a definition, a drift): the
forecast carries that part on. The naive forecasts, which start at the last figure, do the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from calibration.evidence import Series
from calibration.simulation import Paths
from calibration.student import given, log_density
from sim.shapes import Float64

Draws = Float64[np.ndarray, "draw row"]


@dataclass(frozen=True, eq=False)
class Forecast:
    """Draws for each row of a series, in the model's unit.

    Args:
        series: the series.
        model: what the model says.
        told: of the years of the fit: model and fresh errors; of later years: model, remembered
            and fresh errors.
        density: log density of the held-out rows together, the draws being equally likely.
    """

    series: Series
    model: Draws
    told: Draws
    density: float


def forecast(
    series: Series,
    paths: Paths,
    positions: Mapping[str, int],
    degrees: float,
    random: np.random.Generator,
) -> Forecast:
    """Make the draws.

    Args:
        series: what was observed.
        paths: a run for each draw.
        positions: of elements among the outcomes.
        degrees: of freedom of the errors' factor.
        random: for the errors.
    """
    said = series.predicted(paths, positions)
    late, early = np.flatnonzero(series.held), np.flatnonzero(~series.held)
    cover = series.covariance
    apart = series.measured[early] - said[:, early]
    told = np.empty_like(said)
    others = given(cover, early, late, apart, degrees)
    # What the errors of the fit teach about their own size.
    factor = others.scale * others.free / random.chisquare(others.free, size=len(said))
    fresh = random.standard_normal(said.shape) * np.sqrt(factor)[:, None]
    if len(early):
        inner = linalg.cholesky(cover[np.ix_(early, early)], lower=True)
        told[:, early] = said[:, early] + fresh[:, : len(early)] @ inner.T
    density = 0.0
    if len(late):
        middle = said[:, late] + others.middle
        told[:, late] = middle + fresh[:, len(early) :] @ others.lower.T
        each = log_density(series.measured[late] - middle, others.lower, others.scale, others.free)
        density = float(np.logaddexp.reduce(each) - np.log(len(each)))
    back = np.exp if series.scale == "log" else np.asarray
    return Forecast(series, back(said), back(told), density)
