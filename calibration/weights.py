"""Structures side by side: draws of one weighed for another, and how many each gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calibration.likelihood import Posterior
from sim.shapes import Float64

Places = Float64[np.ndarray, "draw parameter"]


def weighed(
    bases: Places,
    scores: Float64[np.ndarray, " draw"],
    target: Posterior,
    random: np.random.Generator,
) -> tuple[Places, float]:
    """Draws of one structure weighed and drawn again for another, and what they are worth.

    Args:
        bases: draws of the one.
        scores: their log posterior there.
        target: the posterior of the other.
        random: for the drawing.

    Returns:
        As many draws as before, and the share of their number that they are worth.
    """
    apart = target(bases) - scores
    weight = np.exp(apart - apart.max())
    weight /= weight.sum()
    # Systematic: each draw about as often as its weight says.
    marks = (np.arange(len(bases)) + random.random()) / len(bases)
    chosen = np.minimum(np.searchsorted(np.cumsum(weight), marks), len(weight) - 1)
    return bases[chosen], worth(weight)


def worth(weight: Float64[np.ndarray, " draw"]) -> float:
    """The share of their number that draws of these weights, which sum to one, are worth."""
    return float(1.0 / (weight**2).sum() / len(weight))


def by_score(scores: Sequence[float]) -> Float64[np.ndarray, " structure"]:
    """Weights that sum to one, from log densities."""
    score = np.array(scores)
    share = np.exp(score - score.max())
    return share / share.sum()


def shared(weights: Float64[np.ndarray, " structure"], count: int) -> list[int]:
    """Whole numbers in these shares that sum to `count`."""
    exact = weights * count
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: count - int(whole.sum())]] += 1
    return whole.tolist()
