"""Distributions as functions of a number between 0 and 1, by which designs are laid out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from sim.scenario import distribution as d
from sim.shapes import Float64

Array = Float64[np.ndarray, " member"]

TAIL = 0.0005  # an endless distribution is cut here at both ends: designs ask for 0 and 1
LEAST = 1e-12  # taken as 0: SciPy's inverse of the beta distribution gives NaN far below
NINETY = float(special.ndtri(0.95))  # a range is where a normal distribution has 5 % beyond
WIDER = {"A": 1.0, "B": 1.0, "C": 1.25, "D": 1.5}
UNGRADED = WIDER["D"]


def values(given: d.Drawn, u: Array) -> Array:
    """The values at places in the unit interval; rising with them, finite everywhere.

    Args:
        given: any distribution but `by_grade`, which needs the constant: see `by_grade`.
        u: places, 0 to 1.
    """
    u = np.where(u < LEAST, 0.0, u)
    match given:
        case d.Uniform():
            return given.low + u * (given.high - given.low)
        case d.LogUniform():
            # Logarithms round: the ends are held.
            low, high = np.log(given.low), np.log(given.high)
            return np.clip(np.exp(low + u * (high - low)), given.low, given.high)
        case d.Triangular():
            return _triangular(given, u)
        case d.Pert():
            return _pert(given.low, given.mode, given.high, given.weight, u)
        case d.Beta():
            return given.low + (given.high - given.low) * special.betaincinv(given.a, given.b, u)
        case d.Normal():
            return _cut(given, u, lambda z: given.mean + given.sd * z)
        case d.LogNormal():
            return _cut(given, u, lambda z: np.exp(np.log(given.median) + given.sigma * z))
        case d.Integer():
            count = given.high - given.low + 1
            return given.low + np.minimum(np.floor(u * count), count - 1)
        case d.Category():
            return _category(given, u)
        case d.Date():
            low, high = given.years
            return low + u * (high - low)
        case d.Switch():
            return np.where(u >= 1.0 - given.probability, 1.0, 0.0)
        case _:
            raise TypeError(f"{type(given).__name__} has no values by itself")


def by_grade(value: float, low: float, high: float, grade: str, u: Array) -> Array:
    """What a constant's value, range and grade of evidence say of it.

    The value is the median and the range the whole: between its ends a distribution of which
    the range would hold the middle 90 % if it went on (of A and B; the flatter the weaker the
    evidence: its spread is 1.25 times as wide for C, 1.5 for D). It is normal in the log odds
    for a share, in the logarithm for what is positive, plainly for what may be negative, with a
    spread of its own to either side. Where the range ends at 0 or 1 or at the value itself, it
    is a PERT distribution with the value as mode.
    """
    u = np.where(u < LEAST, 0.0, u)
    wider = WIDER.get(grade, UNGRADED)
    inside = low < value < high
    tail = special.ndtr(-NINETY / wider)
    z = special.ndtri(tail + u * (1.0 - 2.0 * tail)) * wider / NINETY
    if inside and low > 0.0 and high < 1.0:
        there = special.expit(_sided(special.logit(np.array([low, value, high])), z))
        return np.clip(there, low, high)  # log odds and back round: the ends are held
    if inside and low > 0.0:
        return np.clip(np.exp(_sided(np.log(np.array([low, value, high])), z)), low, high)
    if inside and low < 0.0:
        return np.clip(_sided(np.array([low, value, high]), z), low, high)
    mode = min(max(value, low), high)
    # The variance of a symmetric PERT is 1 / (4 (weight + 3)): this makes it wider as asked.
    return _pert(low, mode, high, max(7.0 / wider**2 - 3.0, 0.0), u)


def _sided(ends: Float64[np.ndarray, " three"], z: Array) -> Array:
    """A normal distribution around the middle with a spread of its own to either side."""
    low, middle, high = ends
    return middle + np.where(z < 0.0, middle - low, high - middle) * z


def _triangular(given: d.Triangular, u: Array) -> Array:
    low, mode, high = given.low, given.mode, given.high
    width, turn = high - low, (mode - low) / (high - low)
    left = low + np.sqrt(u * width * (mode - low))
    right = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.clip(np.where(u < turn, left, right), low, high)


def _pert(low: float, mode: float, high: float, weight: float, u: Array) -> Array:
    width = high - low
    a = 1.0 + weight * (mode - low) / width
    b = 1.0 + weight * (high - mode) / width
    return np.clip(low + width * special.betaincinv(a, b, u), low, high)


def _cut(given: d.Normal | d.LogNormal, u: Array, back: Callable[[Array], Array]) -> Array:
    """Between two bounds of a (log-)normal distribution, of which no tail beyond `TAIL` is kept.

    A bound that is missing, or so far out that hardly anything lies beyond it, cuts off
    nothing; designs ask for 0 and 1, and must not be given what never happens.
    """

    def standard(x: float) -> float:
        if isinstance(given, d.Normal):
            return (x - given.mean) / given.sd
        return (np.log(x) - np.log(given.median)) / given.sigma if x > 0.0 else -np.inf

    least = -np.inf if given.low is None else standard(given.low)
    most = np.inf if given.high is None else standard(given.high)
    low, high = least, most
    # In logarithms: a bound may lie far out in a tail.
    least = max(low, float(special.ndtri_exp(np.log(TAIL) + special.log_ndtr(high))))
    most = min(high, -float(special.ndtri_exp(np.log(TAIL) + special.log_ndtr(-low))))
    if not least < most:  # so far out that all lies at a bound
        least, most = low, high
    from scipy import stats  # takes half a second to import

    z = np.asarray(stats.truncnorm.ppf(u, least, most), dtype=np.float64)
    bounds = (
        -np.inf if given.low is None else given.low,
        np.inf if given.high is None else given.high,
    )
    return np.clip(back(np.clip(z, max(least, -40.0), min(most, 40.0))), *bounds)


def _category(given: d.Category, u: Array) -> Array:
    weights = np.ones(len(given.values)) if given.weights is None else np.array(given.weights)
    ends = np.cumsum(weights) / weights.sum()
    place = np.searchsorted(ends, u, side="right")
    return np.array(given.values, dtype=np.float64)[np.minimum(place, len(ends) - 1)]
