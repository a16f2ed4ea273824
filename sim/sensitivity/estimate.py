"""What an estimator returns: measures with a leading axis of replicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.shapes import Float64

Outputs = Float64[np.ndarray, "member column"]
Weights = Float64[np.ndarray, "replicate block"]
Measure = Float64[np.ndarray, "replicate factor column"]
Variance = Float64[np.ndarray, "replicate column"]
Pairs = Float64[np.ndarray, "replicate factor factor column"]

NINETY_FIVE = 1.959963984540054  # half-widths are so many standard deviations
NOISE = 1e-12  # of the mean: a spread below it is rounding, not an answer


@dataclass(frozen=True, eq=False)
class Estimate:
    """Measures of every factor for every column of outputs, once or for many replicates.

    Args:
        measures: by name.
        variance: of the outputs, by which columns are weighted over time.
        pairs: of two factors, the upper triangle; by name.
    """

    measures: Mapping[str, Measure]
    variance: Variance
    pairs: Mapping[str, Pairs] = field(default_factory=dict[str, Pairs])


def constant(values: Outputs) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """The columns in which nothing happens but rounding."""
    return np.ptp(values, axis=0) <= NOISE * np.abs(values).max(axis=0, initial=0.0)


def plainly(blocks: int) -> Weights:
    """The weights of the sample itself: each block once."""
    return np.full((1, blocks), 1.0 / blocks)


def bootstrap(blocks: int, replicates: int, seed: int) -> Weights:
    """Weights of samples drawn from the sample, with putting back."""
    drawn = np.random.default_rng(seed).integers(blocks, size=(replicates, blocks))
    counts = np.zeros((replicates, blocks))
    np.add.at(counts, (np.arange(replicates)[:, None], drawn), 1.0)
    return counts / blocks


def quotient(above: np.ndarray, below: np.ndarray) -> np.ndarray:  # pyright: ignore[reportMissingTypeArgument,reportUnknownParameterType] - any shapes that fit
    """Above through below; NaN where nothing varies: nothing explains what is not there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0.0, above / below, np.nan)
