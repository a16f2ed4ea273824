"""The best fit from many starts, and the shape of the posterior around it.

Least squares with damping (Levenberg and Marquardt), reweighted for the t: all starts, all
slopes and all trial steps of a round go through the engine in one call each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.likelihood import Posterior
from calibration.priors import Places
from sim.shapes import Float64

STEP = 0.02  # of a slope, in standard normal numbers
ROUNDS = 25
DAMPINGS = 10.0 ** np.arange(-2.0, 5.0)
SETTLED = 0.01  # gain of a round below which a start is at its summit
Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Shape:
    """The posterior near a summit: a normal distribution.

    Only as many directions as there are observations can be informed; across them it is the
    prior.

    Args:
        middle: the summit.
        directions: informed directions, orthonormal.
        strengths: singular values of the whitened slopes along them; 1: as much from the
            data as from the prior.
    """

    middle: Float64[np.ndarray, " parameter"]
    directions: Float64[np.ndarray, "parameter direction"]
    strengths: Float64[np.ndarray, " direction"]

    def spread(self) -> Float64[np.ndarray, " parameter"]:
        """Standard deviation of each parameter (1: that of the prior)."""
        told = self.strengths**2 / (1.0 + self.strengths**2)
        return np.sqrt(1.0 - (self.directions**2) @ told)

    def stretched(self, noise: Places) -> Places:
        """Standard normal numbers with this shape."""
        shrink = 1.0 - 1.0 / np.sqrt(1.0 + self.strengths**2)
        return noise - ((noise @ self.directions) * shrink) @ self.directions.T

    def depth(self, places: Places) -> Float64[np.ndarray, " member"]:
        """Log density, but for a constant."""
        apart = places - self.middle
        along = apart @ self.directions
        return -0.5 * (
            np.einsum("mp,mp->m", apart, apart) + np.einsum("md,d->m", along**2, self.strengths**2)
        )

    def draw(self, random: np.random.Generator, count: int) -> Places:
        """Members from the shape."""
        noise = random.standard_normal((count, len(self.middle)))
        return self.middle + self.stretched(noise)


@dataclass(frozen=True, eq=False)
class Found:
    """What the search found.

    Args:
        places: summits, the best first.
        scores: their log posterior.
        shape: of the best.
        runs: of the model.
    """

    places: Places
    scores: Float64[np.ndarray, " start"]
    shape: Shape
    runs: int


def slopes(
    target: Posterior, places: Places
) -> tuple[Float64[np.ndarray, "start row"], Float64[np.ndarray, "start row parameter"]]:
    """Whitened deviations, and how the model's answers rise with each parameter."""
    count, size = places.shape
    trials = np.repeat(places, size + 1, axis=0).reshape(count, size + 1, size)
    each = np.arange(size)
    # Towards the prior's middle, where the quantile tables do not end.
    step = np.where(places > 0.0, -STEP, STEP)
    trials[:, 1 + each, each] += step
    side = target.residuals(trials.reshape(-1, size)).reshape(count, size + 1, -1)
    rise = -(side[:, 1:] - side[:, :1]) / step[:, :, None]
    # A member that fails just beside a good one says nothing of that parameter.
    return side[:, 0], np.nan_to_num(rise, nan=0.0, posinf=0.0, neginf=0.0).transpose(0, 2, 1)


def search(
    target: Posterior,
    starts: Places,
    *,
    rounds: int = ROUNDS,
    free: np.ndarray | None = None,
    shaped: bool = True,
    say: Say = lambda _: None,
) -> Found:
    """Climb from every start.

    Args:
        target: the posterior.
        starts: where to begin.
        rounds: at most.
        free: True for the parameters that may move; all where None.
        shaped: whether the shape around the best is wanted; else it knows nothing.
        say: hears of progress.
    """
    at = starts.copy()
    score = target(at)
    runs = len(at)
    size = at.shape[1]
    moving = np.ones(size, dtype=bool) if free is None else free
    active = np.isfinite(score)
    for number in range(rounds):
        if not active.any():
            break
        who = np.flatnonzero(active)
        side, rise = slopes(target, at[who])
        runs += len(who) * (size + 1)
        weights = target.weighted(side)
        trials = np.empty((len(who), len(DAMPINGS), size))
        for place, (member, apart, steep, weight) in enumerate(
            zip(at[who], side, rise, weights, strict=True)
        ):
            trials[place] = _steps(member, apart * weight, steep * weight[:, None], moving)
        told = target(trials.reshape(-1, size)).reshape(len(who), -1)
        runs += told.size
        best = told.argmax(axis=1)
        gain = told[np.arange(len(who)), best] - score[who]
        up = gain > 0.0
        at[who[up]] = trials[np.flatnonzero(up), best[up]]
        score[who[up]] += gain[up]
        active[who[gain < SETTLED]] = False
        say(f"best fit, round {number + 1}: {score.max():.2f}")
    order = np.argsort(-score, kind="stable")
    best = at[order[0]]
    if not shaped:
        return Found(at[order], score[order], Shape(best, np.zeros((size, 1)), np.zeros(1)), runs)
    return Found(at[order], score[order], shape(target, best), runs + size + 1)


def _steps(
    member: Float64[np.ndarray, " parameter"],
    apart: Float64[np.ndarray, " row"],
    steep: Float64[np.ndarray, "row parameter"],
    moving: np.ndarray,
) -> Float64[np.ndarray, "damping parameter"]:
    """Where steps with each damping lead; through the rows, which are fewer than parameters."""
    steep = np.where(moving, steep, 0.0)
    pull = np.where(moving, steep.T @ apart - member, 0.0)
    inner = steep @ steep.T
    values, vectors = np.linalg.eigh(inner)
    across = vectors.T @ (steep @ pull)
    ways: list[Float64[np.ndarray, " parameter"]] = []
    for damping in DAMPINGS:
        ridge = 1.0 + damping
        ways.append(member + (pull - steep.T @ (vectors @ (across / (ridge + values)))) / ridge)
    return np.array(ways)


def around(target: Posterior, places: Places) -> Shape:
    """The normal distribution with the mean slopes over several places.

    Args:
        target: the posterior.
        places: draws from it, roughly. Some may lie beside a kink of the model, where a slope is
            no slope: those far steeper than the others are left out.
    """
    side, rise = slopes(target, places)
    steep = rise * target.weighted(side)[:, :, None]
    size = np.sqrt(np.einsum("srp,srp->s", steep, steep))
    steep = steep[size <= 2.5 * np.median(size)]
    flat = steep.reshape(-1, places.shape[1]) / np.sqrt(len(steep))
    _, strengths, directions = np.linalg.svd(flat, full_matrices=False)
    return Shape(places.mean(axis=0), directions.T.copy(), strengths)


def shape(target: Posterior, place: Float64[np.ndarray, " parameter"]) -> Shape:
    """The normal distribution that touches the posterior at a place."""
    side, rise = slopes(target, place[None, :])
    weight = target.weighted(side)[0]
    _, strengths, directions = np.linalg.svd(rise[0] * weight[:, None], full_matrices=False)
    return Shape(place, directions.T.copy(), strengths)
