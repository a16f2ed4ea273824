"""High-dimensional model representation, by SALib: one column after the other, and slow."""

from __future__ import annotations

import warnings

import numpy as np

from sim.plan.design import Cube
from sim.sensitivity.estimate import Estimate, Outputs, constant

MOST_PAIRED = 12  # factors of which pairs are fitted too
FEWEST = 300  # members; SALib refuses fewer
MOST_COLUMNS = 6  # the others are left open


def estimate(values: Outputs, cube: Cube) -> Estimate:
    """First and total indices of a spline fit, at a few columns spread over all of them.

    Source: Li et al. (2010), Journal of Physical Chemistry A 114.
    """
    from SALib.analyze import hdmr

    factors, columns = cube.shape[1], values.shape[1]
    problem = {
        "num_vars": factors,
        "names": [str(number) for number in range(factors)],
        "bounds": [[0.0, 1.0]] * factors,
    }
    measures = {name: np.full((1, factors, columns), np.nan) for name in ("first", "total")}
    still = constant(values)
    chosen = np.unique(np.linspace(0, columns - 1, min(columns, MOST_COLUMNS)).round().astype(int))
    variance = np.zeros(columns)
    for column in chosen:
        if still[column]:
            continue
        with warnings.catch_warnings():
            # SALib 1.6 names a successor that 1.5 does not have.
            warnings.simplefilter("ignore", DeprecationWarning)
            found = hdmr.analyze(
                problem,
                cube,
                values[:, column].copy(),
                maxorder=2 if factors <= MOST_PAIRED else 1,
                K=1,
                R=len(values),
                seed=1,
            )
        measures["first"][0, :, column] = np.asarray(found["S"]).reshape(-1)[:factors]
        measures["total"][0, :, column] = np.asarray(found["ST"]).reshape(-1)[:factors]
        variance[column] = values[:, column].var()
    return Estimate(measures, variance[None])
