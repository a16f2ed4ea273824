"""Estimators that look at slopes: derivatives (DGSM), two-level contrasts, regression.

DGSM: Sobol' & Kucherenko (2009), Mathematics and Computers in Simulation 79. Contrasts:
Saltelli et al. (2008), Global Sensitivity Analysis: The Primer. The numbers are SALib's.
"""

from __future__ import annotations

import numpy as np

from sim.sensitivity.estimate import Estimate, Outputs, Weights, quotient
from sim.shapes import Float64

Cube = Float64[np.ndarray, "member factor"]


def dgsm(values: Outputs, cube: Cube, weights: Weights) -> Estimate:
    """Mean squared slopes through the variance: an upper bound of the total index."""
    factors, columns = cube.shape[1], values.shape[1]
    answers = values.reshape(-1, factors + 1, columns)
    base = answers[:, 0]
    places = cube.reshape(-1, factors + 1, factors)
    own = np.arange(factors)
    steps = places[:, own + 1, own] - places[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = (answers[:, 1:] - base[:, None]) / steps[:, :, None]
    slopes = np.where(steps[:, :, None] == 0.0, 0.0, slopes)  # a step out of the cube is none
    mean = (weights @ (slopes**2).reshape(len(base), -1)).reshape(-1, factors, columns)
    centred = base - base.mean(axis=0)
    variance = np.maximum(weights @ centred**2 - (weights @ centred) ** 2, 0.0)
    bound = quotient(mean, variance[:, None] * np.pi**2)
    return Estimate({"slope_squared": mean, "bound": bound}, variance)


def contrasts(values: Outputs, cube: Cube) -> Estimate:
    """Main effects of a two-level design: half the change from low to high."""
    signs = 2.0 * cube - 1.0
    effect = (signs.T @ values) / len(values)
    variance = values.var(axis=0)
    relative = quotient(np.abs(effect), np.sqrt(variance))
    return Estimate({"effect": effect[None], "effect_relative": relative[None]}, variance[None])


def regression(values: Outputs, cube: Cube) -> Estimate:
    """Standardised coefficients of a linear fit to the inputs' places, and its R².

    Needs more members than factors; the coefficients are NaN otherwise.
    """
    count, factors = cube.shape
    variance = values.var(axis=0)
    nothing = np.full((1, factors, values.shape[1]), np.nan)
    spread = cube.std(axis=0)
    if count <= factors + 2 or not (spread > 0.0).all():
        return Estimate({"slope": nothing, "explained": nothing}, variance[None])
    standard = (cube - cube.mean(axis=0)) / spread
    centred = values - values.mean(axis=0)
    fit, *_ = np.linalg.lstsq(standard, centred, rcond=None)
    rest = ((centred - standard @ fit) ** 2).mean(axis=0)
    explained = 1.0 - quotient(rest, variance)
    return Estimate(
        {
            "slope": quotient(fit, np.sqrt(variance))[None],
            "explained": np.broadcast_to(explained, nothing.shape).copy(),
        },
        variance[None],
    )
