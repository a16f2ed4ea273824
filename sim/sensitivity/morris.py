"""Elementary effects (Morris 1991; mu* after Campolongo et al. 2007), all columns at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.sensitivity.estimate import Estimate, Outputs, Weights, quotient
from sim.shapes import Float64


def effects(
    values: Outputs,
    cube: Float64[np.ndarray, "member factor"],
    membership: Sequence[int],
    groups: int,
    levels: int,
) -> Float64[np.ndarray, "trajectory group column"]:
    """What a step of a group does, per step through the whole range; of one factor upwards.

    Args:
        values: trajectory after trajectory.
        cube: the sample.
        membership: of each factor, the group's position.
        groups: how many.
        levels: of the grid.
    """
    step = levels / (2.0 * (levels - 1.0))
    columns = values.shape[1]
    walks = np.diff(values.reshape(-1, groups + 1, columns), axis=1)
    moves = np.diff(cube.reshape(-1, groups + 1, cube.shape[1]), axis=1)
    moved = np.abs(moves) > step / 2.0
    which = np.asarray(membership)[moved.argmax(axis=2)]  # the group that moved in each step
    direction = np.take_along_axis(moves, moved.argmax(axis=2)[:, :, None], axis=2)
    found = np.empty_like(walks)
    rows = np.arange(len(walks))[:, None]
    found[rows, which] = walks * np.sign(direction) / step
    return found


def estimate(
    values: Outputs,
    found: Float64[np.ndarray, "trajectory group column"],
    single: Sequence[bool],
    weights: Weights,
) -> Estimate:
    """Mean, mean size and spread of the effects, in the unit of the outcome; and mu*/sd.

    Args:
        values: trajectory after trajectory.
        found: effects.
        single: of each group, whether it is one factor; only then has its mean a sign.
        weights: of the trajectories.
    """
    count, groups, columns = found.shape
    shape = (-1, groups, columns)

    def mean(numbers: Float64[np.ndarray, "trajectory group column"]) -> np.ndarray:
        return (weights @ numbers.reshape(count, -1)).reshape(shape)

    mu, star = mean(found), mean(np.abs(found))
    # Two passes' worth of care: effects are taken around their own mean before squaring.
    middle = found.mean(axis=0)
    squares, shifted = mean((found - middle) ** 2), mu - middle
    sigma = np.sqrt(np.maximum(squares - shifted**2, 0.0) * count / max(count - 1, 1))
    mu[:, ~np.asarray(single)] = np.nan
    centred = (values - values.mean(axis=0)).reshape(count, -1, columns)
    variance = np.maximum(
        weights @ (centred**2).mean(axis=1) - (weights @ centred.mean(axis=1)) ** 2, 0.0
    )
    relative = quotient(star, np.sqrt(variance)[:, None])
    return Estimate(
        {"mu": mu, "mu_star": star, "sigma": sigma, "mu_star_relative": relative}, variance
    )
