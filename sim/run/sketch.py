"""What is kept of many members' values: moments and quantiles, in memory that does not grow.

A sketch of n values at one moment holds n, their mean, their sum of squared deviations, the
least, the greatest, and at most `POINTS` points: the sorted values are cut into buckets of
equal size and each bucket's middle is kept. Sketches of parts are joined: moments as Chan,
Golub and LeVeque (1979) have it, quantiles from all points, each with its bucket's weight.

Error of a quantile: its rank is off by at most half a bucket, 1 in 2·POINTS of the members
(0.2 percentage points at 256), and by nothing while no part holds more than POINTS members;
then it is what `numpy.quantile` gives. Everything else is exact but for rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

POINTS = 256
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Sketch:
    """Of one outcome's values at each moment, over the members of one part or of all.

    Args:
        count: members.
        mean: [time]; not a number where there are no members, as all that follows.
        squares: [time] the sum of squared deviations from the mean.
        least: [time].
        greatest: [time].
        points: [time, point] the middles of the buckets, ascending.
    """

    count: int
    mean: Float64[np.ndarray, " time"]
    squares: Float64[np.ndarray, " time"]
    least: Float64[np.ndarray, " time"]
    greatest: Float64[np.ndarray, " time"]
    points: Float64[np.ndarray, "time point"]


@dataclass(frozen=True)
class Figures:
    """What a summary says of one outcome at each moment.

    Args:
        count: members that finished.
        mean: [time].
        deviation: [time] standard deviation, of a sample (n - 1).
        least: [time].
        greatest: [time].
        quantiles: [time, quantile] at `QUANTILES`.
    """

    count: int
    mean: Float64[np.ndarray, " time"]
    deviation: Float64[np.ndarray, " time"]
    least: Float64[np.ndarray, " time"]
    greatest: Float64[np.ndarray, " time"]
    quantiles: Float64[np.ndarray, "time quantile"]


def sketch(values: Float64[np.ndarray, "time member"], points: int = POINTS) -> Sketch:
    """The sketch of values that are all finite; they are sorted in place."""
    times, count = values.shape
    if not count:
        nothing = np.full(times, np.nan)
        return Sketch(0, nothing, nothing, nothing, nothing, np.empty((times, 0)))
    values.sort(axis=1)
    with np.errstate(over="ignore", invalid="ignore"):  # 1e300 squared is inf, and says so
        mean = values.mean(axis=1)
        squares = np.square(values - mean[:, None]).sum(axis=1)
    edges = _edges(count, points)
    low, high = (edges[:-1] + edges[1:] - 1) // 2, (edges[:-1] + edges[1:]) // 2
    middles = 0.5 * values[:, low] + 0.5 * values[:, high]
    return Sketch(count, mean, squares, values[:, 0].copy(), values[:, -1].copy(), middles)


def figures(parts: Sequence[Sketch], points: int = POINTS) -> Figures:
    """Join the sketches of parts, in their order.

    Args:
        parts: at least one.
        points: what they were made with.
    """
    some = [part for part in parts if part.count]
    if not some:
        nothing = parts[0].mean
        quantiles = np.full((len(nothing), len(QUANTILES)), np.nan)
        return Figures(0, nothing, nothing, nothing, nothing, quantiles)
    count, mean, squares = some[0].count, some[0].mean, some[0].squares
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for part in some[1:]:
            both = count + part.count
            apart = part.mean - mean
            mean = mean + apart * (part.count / both)
            squares = squares + part.squares + np.square(apart) * (count * part.count / both)
            count = both
        deviation = np.sqrt(squares / (count - 1)) if count > 1 else np.full(len(mean), np.nan)
    return Figures(
        count,
        mean,
        deviation,
        np.min([part.least for part in some], axis=0),
        np.max([part.greatest for part in some], axis=0),
        _quantiles(some, count, points),
    )


def _edges(count: int, points: int) -> Int64[np.ndarray, " edge"]:
    """Where the buckets of `count` sorted values begin, and the end."""
    buckets = min(count, points)
    return np.arange(buckets + 1, dtype=np.int64) * count // buckets


def _quantiles(
    parts: Sequence[Sketch], count: int, points: int
) -> Float64[np.ndarray, "time quantile"]:
    values = np.concatenate([part.points for part in parts], axis=1)
    weights = np.concatenate([np.diff(_edges(part.count, points)) for part in parts])
    order = np.argsort(values, axis=1, kind="stable")
    values = np.take_along_axis(values, order, axis=1)
    heavy = weights[order].astype(np.float64)
    ranks = np.cumsum(heavy, axis=1) - 0.5 * (heavy + 1)  # of the middle of each bucket, from 0
    wanted = np.array(QUANTILES) * (count - 1)
    rows = [np.interp(wanted, own, row) for own, row in zip(ranks, values, strict=True)]
    return np.stack(rows)
