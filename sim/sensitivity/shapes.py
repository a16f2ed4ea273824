"""Estimators that look at whole distributions: PAWN and Borgonovo's delta, all columns at once.

PAWN: Pianosi & Wagener (2018), Environmental Modelling & Software 108. Delta: Plischke,
Borgonovo & Smith (2013), European Journal of Operational Research 226. Both find something
in any finite sample: `floor` says how much they find in an input that does not exist.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.sensitivity.estimate import Estimate, Outputs, quotient
from sim.shapes import Float64

Cube = Float64[np.ndarray, "member factor"]
SLICES = 10
GRID = 100
DUMMIES = 5


def pawn(values: Outputs, cube: Cube) -> Estimate:
    """Kolmogorov-Smirnov distances between an outcome and the outcome in slices of an input."""
    count, columns = values.shape
    order = np.argsort(values, axis=0, kind="stable")
    ranked = np.take_along_axis(values, order, axis=0)
    # Among equal values only the last has them all below or at it.
    last = np.vstack([ranked[1:] != ranked[:-1], np.ones((1, columns), dtype=bool)])
    whole = np.arange(1, count + 1)[:, None] / count
    places = np.arange(SLICES + 1) * (1 / SLICES)
    distances = np.full((SLICES, cube.shape[1], columns), np.nan)
    for factor in range(cube.shape[1]):
        own = cube[:, factor]
        edges = np.quantile(own, np.minimum(places, 1.0))
        for part in range(SLICES):
            inside = (own >= edges[part]) & (own < edges[part + 1])
            if inside.any():
                below = np.cumsum(inside[order], axis=0) / inside.sum()
                apart = np.where(last, np.abs(below - whole), 0.0)
                distances[part, factor] = apart.max(axis=0)
    measures = {
        "median": np.nanmedian(distances, axis=0)[None],
        "mean": np.nanmean(distances, axis=0)[None],
        "greatest": np.nanmax(distances, axis=0)[None],
    }
    return Estimate(measures, values.var(axis=0)[None])


def delta(values: Outputs, cube: Cube) -> Estimate:
    """Half the area between the densities of an outcome and of it within classes of an input."""
    count, columns = values.shape
    exponent = 2.0 / (7.0 + np.tanh((1500.0 - count) / 500.0))
    classes = round(min(int(np.ceil(count**exponent)), 48))
    edges = np.linspace(0, count, classes + 1)
    grid = np.linspace(values.min(axis=0), values.max(axis=0), GRID)
    whole = _density(values, grid)
    found = np.zeros((1, cube.shape[1], columns))
    for factor in range(cube.shape[1]):
        order = np.argsort(cube[:, factor], kind="stable")
        ranks = np.arange(1, count + 1)
        for low, high in pairwise(edges):
            rows = order[(ranks > low) & (ranks <= high)]
            apart = np.abs(whole - _density(values[rows], grid))
            # Where a class has but one value, its density stands apart from all others.
            lone = np.ptp(values[rows], axis=0) == 0.0
            apart = np.where(lone, whole, apart)
            area = np.trapezoid(apart, grid, axis=0)
            found[0, factor] += len(rows) / (2.0 * count) * area
    variance = values.var(axis=0)
    found[:, :, variance == 0.0] = np.nan
    return Estimate({"delta": found}, variance[None])


def dummies(count: int, seed: int) -> Cube:
    """Inputs that do not exist."""
    rng = np.random.default_rng(seed)
    return np.stack([rng.permutation(count) / count for _ in range(DUMMIES)], axis=1)


def _density(
    values: Outputs, grid: Float64[np.ndarray, "place column"]
) -> Float64[np.ndarray, "place column"]:
    """Gaussian kernel density with Silverman's width."""
    count = len(values)
    width = values.std(axis=0, ddof=1) * (count * 0.75) ** -0.2
    density = np.empty_like(grid)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for column in range(values.shape[1]):
            apart = (grid[:, column, None] - values[:, column]) / width[column]
            density[:, column] = np.exp(-0.5 * apart**2).sum(axis=1)
        return quotient(density, count * width * np.sqrt(2.0 * np.pi))
