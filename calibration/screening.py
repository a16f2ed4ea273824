"""Which constants the data can say anything of, before anything is fitted.

At places drawn around the middle of the prior, the slope of every answer with every constant is
taken, in units of the error of the answer and of the prior's spread. The sum of squares is the
information in the data: at 1 the data know as much of the constant as the prior.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.likelihood import Posterior
from calibration.search import slopes
from sim.shapes import Float64

PLACES = 16
SPREAD = 0.7  # of the places, in standard deviations of the prior
NOTHING = 1e-3  # less information leaves 99.95 % of the prior's spread


@dataclass(frozen=True, eq=False)
class Screening:
    """What was found.

    Args:
        information: of each constant by itself, at the place where it is the second highest.
        chosen: positions of those that are fitted.
        dimensions: how many combinations of constants the data know as much of as the prior.
        runs: of the model.
    """

    information: Float64[np.ndarray, " parameter"]
    chosen: tuple[int, ...]
    dimensions: int
    runs: int


def screen(target: Posterior, random: np.random.Generator, *, places: int = PLACES) -> Screening:
    """Take the slopes and choose."""
    size = len(target.simulation.priors)
    where = SPREAD * random.standard_normal((places, size))
    where[0] = 0.0
    side, rise = slopes(target, where)
    steep = rise * target.weighted(side)[:, :, None]
    each = np.einsum("srp,srp->sp", steep, steep)
    # The highest may lie beside a kink of the model, where a slope is no slope.
    information = np.sort(each, axis=0)[max(places - 2, 0)]
    strengths = np.linalg.svd(steep[0], compute_uv=False)
    chosen = np.flatnonzero(information >= NOTHING)
    return Screening(
        information, tuple(chosen.tolist()), int((strengths >= 1.0).sum()), places * (size + 1)
    )
