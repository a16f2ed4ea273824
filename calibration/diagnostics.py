"""Whether the walkers agree, and how many independent draws they are worth (by ArviZ)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from arviz_stats.base.array import array_stats

from sim.shapes import Float32, Float64

AGREED = 1.01


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """Of each parameter.

    Args:
        rhat: split, rank-normalised.
        ess: effective number of draws, of the bulk.
        mean: in standard normal numbers.
        spread: standard deviation (1: that of the prior).
    """

    rhat: Float64[np.ndarray, " parameter"]
    ess: Float64[np.ndarray, " parameter"]
    mean: Float64[np.ndarray, " parameter"]
    spread: Float64[np.ndarray, " parameter"]


def diagnose(places: Float32[np.ndarray, "round walker parameter"]) -> Diagnostics:
    """Diagnose a chain; parameter by parameter, so that memory stays small."""
    rhat: list[float] = []
    ess: list[float] = []
    for position in range(places.shape[2]):
        one = places[:, :, position].astype(np.float64)
        stats: Any = array_stats
        rhat.append(float(stats.rhat(one, chain_axis=1, draw_axis=0)))
        ess.append(float(stats.ess(one, chain_axis=1, draw_axis=0)))
    flat = places.reshape(-1, places.shape[2])
    return Diagnostics(
        np.array(rhat),
        np.array(ess),
        flat.mean(axis=0, dtype=np.float64),
        flat.std(axis=0, dtype=np.float64),
    )
