"""Profiles: how the best attainable likelihood falls as one constant is held elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from calibration.likelihood import Posterior
from calibration.search import Shape, search

REACH = 2.4  # standard deviations of the prior, to both sides
POINTS = 9
ROUNDS = 3
SURE = 1.92  # fall of the log likelihood at the ends of a 95 % interval of one constant


def profiles(target: Posterior, shape: Shape, chosen: Sequence[int]) -> tuple[pd.DataFrame, int]:
    """Hold each chosen constant at points over its prior; the others climb to their best.

    The priors of the others count, that of the constant held does not: what falls is what the
    data say of it.

    Args:
        target: the posterior.
        shape: around the best fit.
        chosen: positions of constants.

    Returns:
        A table with constant, place (standard normal number), value (its own unit), fall (of the
        log likelihood from the highest point, ≥ 0); and the runs of the model that it took.
    """
    priors = target.simulation.priors
    grid = np.linspace(-REACH, REACH, POINTS)
    rows: list[dict[str, str | float]] = []
    runs = 0
    for position in chosen:
        unit = np.zeros(len(priors))
        unit[position] = 1.0
        # Where the others lie when this one is there, were the posterior normal.
        along = unit @ shape.directions
        told = shape.strengths**2 / (1.0 + shape.strengths**2)
        lean = unit - shape.directions @ (told * along)
        step = (grid - shape.middle[position]) / lean[position]
        starts = shape.middle + step[:, None] * lean
        starts[:, position] = grid
        free = unit == 0.0
        found = search(target, starts, rounds=ROUNDS, free=free, shaped=False)
        runs += found.runs
        order = np.argsort(found.places[:, position], kind="stable")
        score = found.scores[order] + 0.5 * grid**2
        values = priors.take([position]).at(grid[:, None])[0]
        fall = score.max() - score
        rows += [
            {"constant": priors.columns[position], "place": p, "value": v, "fall": f}
            for p, v, f in zip(grid.tolist(), values.tolist(), fall.tolist(), strict=True)
        ]
    return pd.DataFrame(rows, columns=["constant", "place", "value", "fall"]), runs


def verdicts(profiled: pd.DataFrame) -> dict[str, str]:
    """Of each constant: both (bounded on both sides), low or high (on one), none."""
    said: dict[str, str] = {}
    for name, part in profiled.groupby("constant", sort=False):
        falls = part["fall"].to_numpy()
        best = int(falls.argmin())
        below, above = falls[: best + 1].max() > SURE, falls[best:].max() > SURE
        said[str(name)] = {(1, 1): "both", (1, 0): "low", (0, 1): "high", (0, 0): "none"}[
            (int(below), int(above))
        ]
    return said
