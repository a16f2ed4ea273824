"""Rolling origins inside the years of the fit: fitted to what was known then, forecast what came.

At each origin the walkers see the figures up to that year only, and their draws forecast the
figures after it with the errors remembered then. The held-out years are never looked at: this is
how structures are weighed, how long errors last is judged, and intervals are checked before the
test. Other structures, and other errors, take the same draws, weighed for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from calibration import likelihood, weights
from calibration.evidence import Evidence, Series
from calibration.likelihood import Posterior
from calibration.priors import Places
from calibration.sampler import Plan, sample
from calibration.search import Say, Shape
from calibration.simulation import Paths
from calibration.student import given, log_density
from sim.shapes import Float64

ORIGINS = (2012, 2013, 2014, 2015, 2016, 2017)
AHEAD = 5  # years, as many as are held out in most series
Log = Float64[np.ndarray, " draw"]
Told = tuple[tuple[Series, Float64[np.ndarray, "draw row"]], ...]


@dataclass(frozen=True, eq=False)
class Origin:
    """A fit to the figures up to a year.

    Args:
        year: the last that it saw.
        places: draws.
        known: log density of what it saw, at each.
    """

    year: int
    places: Places
    known: Log


@dataclass(frozen=True, eq=False)
class Rolled:
    """What rolling origins say.

    Args:
        score: log density of the figures after the first origin, each year's given those before.
        worth: the least share of their number that the draws are worth at an origin.
        rows: outcome, element, origin, year, place (of the figure within its forecast, 0 to 1).
    """

    score: float
    worth: float
    rows: pd.DataFrame

    def covered(self, level: int) -> float:
        """Share of the figures within the central intervals of a level in per cent."""
        return float(((self.rows["place"] - 0.5).abs() <= level / 200).mean())


def refitted(
    target: Posterior,
    seen: Evidence,
    shape: Shape,
    plan: Plan,
    *,
    folder: Path | None = None,
    say: Say = lambda _: None,
) -> tuple[Origin, ...]:
    """Fit to the figures up to each origin that has figures before and after it.

    Args:
        target: the posterior of all figures of the fit.
        seen: the observations.
        shape: of that posterior.
        plan: of the walkers at each origin.
        folder: where to keep what was sampled; nothing is kept where None.
        say: hears of progress.
    """
    years = np.concatenate([each.years[~each.held] for each in seen.fitted])
    made: list[Origin] = []
    for year in ORIGINS:
        if not years.min() <= year < years.max():
            continue
        part = likelihood.posterior(target.simulation, seen, until=float(year))
        where = None if folder is None else folder / f"origin-{year}"
        say(f"fitted to {year} only")
        chain = sample(part, shape, replace(plan, seed=plan.seed + year), folder=where)
        places = chain.places.reshape(-1, chain.places.shape[2]).astype(np.float64)
        paths, _ = target.simulation(places)
        told = _told(seen.fitted, paths, target.simulation.positions)
        made.append(Origin(year, places, _until(told, float(year), seen.degrees)))
    return tuple(made)


def rolled(
    series: Sequence[Series],
    origins: Sequence[Origin],
    paths: Sequence[Paths],
    positions: Mapping[str, int],
    degrees: float,
) -> Rolled:
    """Score forecasts from each origin.

    Args:
        series: with the errors that are judged.
        origins: the draws.
        paths: runs of them, of the structure that is judged, through the years of the fit.
        positions: of elements among the outcomes.
        degrees: of freedom of the errors' factor.
    """
    score, worth = 0.0, 1.0
    rows: list[dict[str, object]] = []
    for origin, runs in zip(origins, paths, strict=True):
        told = _told(series, runs, positions)
        now = _until(told, float(origin.year), degrees)
        ratio = now - origin.known
        ratio -= np.logaddexp.reduce(ratio)
        weight = np.exp(ratio)
        worth = min(worth, weights.worth(weight))
        following = _until(told, origin.year + 1.0, degrees)
        score += float(np.logaddexp.reduce(ratio + following - now))
        for each, said in told:
            rows += _places(each, said, origin.year, weight, degrees)
    columns = ["outcome", "element", "origin", "year", "place"]
    return Rolled(score, worth, pd.DataFrame(rows, columns=columns))


def _told(series: Sequence[Series], paths: Paths, positions: Mapping[str, int]) -> Told:
    return tuple((each, each.predicted(paths, positions)) for each in series if not each.held.all())


def _until(told: Told, year: float, degrees: float) -> Log:
    """Log density of all figures of the fit up to a year."""
    total = np.zeros(len(told[0][1]))
    for series, said in told:
        rows = np.flatnonzero(~series.held & (series.years <= year))
        if len(rows):
            alone = given(series.covariance, rows[:0], rows, said[:, :0], degrees)
            off = series.measured[rows] - said[:, rows]
            total += log_density(off, alone.lower, alone.scale, alone.free)
    return total


def _places(
    series: Series,
    said: Float64[np.ndarray, "draw row"],
    origin: int,
    weight: Float64[np.ndarray, " draw"],
    degrees: float,
) -> list[dict[str, object]]:
    early = np.flatnonzero(~series.held & (series.years <= origin))
    late = np.flatnonzero(~series.held & (series.years > origin) & (series.years <= origin + AHEAD))
    if not len(early) or not len(late):
        return []
    apart = series.measured[early] - said[:, early]
    others = given(series.covariance, early, late, apart, degrees)
    width = np.sqrt(others.scale[:, None] * (others.lower**2).sum(axis=1))
    off = (series.measured[late] - said[:, late] - others.middle) / width
    place = weight @ stats.t.cdf(off, others.free)
    return [
        {"outcome": series.outcome, "element": series.element, "origin": origin,
         "year": int(year), "place": float(each)}
        for year, each in zip(series.years[late], place, strict=True)
    ]  # fmt: skip
