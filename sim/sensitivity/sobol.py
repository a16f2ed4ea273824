"""Sobol indices from a Saltelli sample, all columns at once.

First order as Saltelli et al. (2010), Computer Physics Communications 181, table 2 (b); total
as Jansen (1999); pairs as Saltelli (2002). The numbers are those of SALib.
"""

from __future__ import annotations

import numpy as np

from sim.sensitivity.estimate import Estimate, Outputs, Weights, quotient


def block_rows(groups: int, *, second_order: bool) -> int:
    """Members that hang on one base sample."""
    return 2 * groups + 2 if second_order else groups + 2


def estimate(values: Outputs, groups: int, weights: Weights, *, second_order: bool) -> Estimate:
    """First and total indices, and of pairs.

    Args:
        values: in the order of the design: A, groups with one changed, (the same of B), B.
        groups: how many.
        weights: of the base samples.
        second_order: whether the design has both halves.
    """
    spread = values.std(axis=0)
    # The estimator of the first order is better the nearer the mean is to nothing.
    values = (values - values.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    step = block_rows(groups, second_order=second_order)
    count, columns = len(values) // step, values.shape[1]
    blocks = values.reshape(count, step, columns)
    a, b, ab = blocks[:, 0], blocks[:, -1], blocks[:, 1 : 1 + groups]
    variance = weights @ ((a**2 + b**2) / 2.0) - (weights @ ((a + b) / 2.0)) ** 2
    variance = np.maximum(variance, 0.0)
    below = variance[:, None, :]
    flat = (-1, groups, columns)
    first = (weights @ (b[:, None] * (ab - a[:, None])).reshape(count, -1)).reshape(flat)
    total = (weights @ ((a[:, None] - ab) ** 2).reshape(count, -1)).reshape(flat) / 2.0
    measures = {"first": quotient(first, below), "total": quotient(total, below)}
    pairs: dict[str, np.ndarray] = {}
    if second_order:
        ba = blocks[:, 1 + groups : 1 + 2 * groups]
        both = np.full((len(weights), groups, groups, columns), np.nan)
        base = weights @ (a * b)
        for one in range(groups - 1):
            others = range(one + 1, groups)
            product = (ba[:, one, None] * ab[:, one + 1 :]).reshape(count, -1)
            mean = (weights @ product).reshape(-1, len(others), columns) - base[:, None]
            both[:, one, one + 1 :] = (
                quotient(mean, below)
                - measures["first"][:, one, None]
                - measures["first"][:, one + 1 :]
            )
        pairs["second"] = both
    return Estimate(measures, variance * spread**2, pairs)
