"""What the fit says of each row: the model alone, and with the errors that it remembers.

The errors of the years of the fit are known, and part of them lasts (a definition, a drift): the
forecast carries that part on. The naive forecasts, which start at the last figure, do the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy import linalg

from calibration.evidence import Series
from calibration.simulation import Paths

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
    inner = linalg.cholesky(cover[np.ix_(early, early)], lower=True)
    size = (linalg.solve_triangular(inner, apart.T, lower=True) ** 2).sum(axis=0)
    # What the errors of the fit teach about their own size.
    free = degrees + len(early)
    factor = (degrees + size) / random.chisquare(free, size=len(said))
    fresh = random.standard_normal(said.shape) * np.sqrt(factor)[:, None]
    told[:, early] = said[:, early] + fresh[:, : len(early)] @ inner.T
    density = 0.0
    if len(late):
        gain = linalg.solve(cover[np.ix_(early, early)], cover[np.ix_(early, late)]).T
        left = cover[np.ix_(late, late)] - gain @ cover[np.ix_(early, late)]
        outer = linalg.cholesky(left, lower=True)
        middle = said[:, late] + apart @ gain.T
        told[:, late] = middle + fresh[:, len(early) :] @ outer.T
        off = linalg.solve_triangular(outer, (series.measured[late] - middle).T, lower=True)
        density = _density((off**2).sum(axis=0), outer, (degrees + size) / free, free)
    back = np.exp if series.scale == "log" else np.asarray
    return Forecast(series, back(said), back(told), density)


def _density(
    size: Float64[np.ndarray, " draw"],
    outer: Float64[np.ndarray, "row row"],
    scale: Float64[np.ndarray, " draw"],
    free: float,
) -> float:
    """Log of the mean over draws of a multivariate t."""
    from scipy.special import gammaln, logsumexp

    rows = len(outer)
    each = (
        gammaln((free + rows) / 2)
        - gammaln(free / 2)
        - rows / 2 * np.log(free * np.pi * scale)
        - np.log(np.diag(outer)).sum()
        - (free + rows) / 2 * np.log1p(size / (free * scale))
    )
    return float(logsumexp(each) - np.log(len(each)))
