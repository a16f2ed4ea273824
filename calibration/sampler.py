"""Draws from the posterior: an ensemble of walkers (emcee), each round one call of the engine.

Two kinds of moves. One steps from where the walker is towards a fresh draw from the normal shape
of the posterior (preconditioned Crank and Nicolson: it keeps that normal distribution unchanged,
in any number of dimensions), by strides of their own along the informed directions and across
them, where the prior rules, and along all of them or a few. The other adds the difference of two
other walkers along the informed directions (differential evolution). Both are exact, however
rough the shape.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from emcee import EnsembleSampler, State
from emcee.moves import MHMove, RedBlueMove

from calibration.likelihood import Posterior
from calibration.priors import Places
from calibration.search import Say, Shape, around
from sim.errors import wrong
from sim.project import shown
from sim.shapes import Float32, Float64
from sim.store.files import put

# Of the first kind: the share of the informed directions that are drawn afresh, the part of a
# fresh draw taken along them and across them, and how often. Most at once are a third of the
# directions: where many move, a walker in a tail that the shape lacks stands still for long.
STRIDES = (
    ((0.3, 1.0, 0.9), 0.1),
    ((0.15, 1.0, 0.9), 0.45),
    ((0.06, 1.0, 0.9), 0.25),
    ((1.0, 0.3, 0.9), 0.15),
)
ACROSS = 0.05  # how often the second
SLOPES = 48  # walkers whose slopes make the shape
BLOCK = 64  # rounds kept together, so that work that is stopped is gone on with
WIDER = 1.5  # how much wider than the posterior's shape the walkers start
INFORMED = 0.05  # directions of less strength are the prior's


@dataclass(frozen=True)
class Plan:
    """How long to sample.

    Args:
        walkers: an even number.
        rounds: kept in the end, before thinning.
        warm_up: rounds before them, in two halves: after the first the shape is taken anew.
        thin: every so many rounds are kept.
        seed: the same seed, the same draws.
    """

    walkers: int
    rounds: int
    warm_up: int
    thin: int
    seed: int

    @property
    def runs(self) -> int:
        """Runs of the model."""
        return self.walkers * (1 + self.rounds + self.warm_up)


@dataclass(frozen=True, eq=False)
class Chain:
    """Kept states of all walkers.

    Args:
        places: of each kept round and walker.
        scores: log posterior.
        accepted: share of proposals after the warm-up.
    """

    places: Float32[np.ndarray, "round walker parameter"]
    scores: Float64[np.ndarray, "round walker"]
    accepted: float


class Across(RedBlueMove):
    """Adds the difference of two other walkers along the informed directions."""

    def __init__(self, directions: Float64[np.ndarray, "parameter direction"]) -> None:
        super().__init__(live_dangerously=True)  # the other move leaves no direction out
        self.directions = directions

    def get_proposal(self, sample: Any, complement: Any, random: Any) -> tuple[Any, Any]:
        """New places; symmetric, so without a correction."""
        others = np.concatenate(complement)
        count = len(sample)
        first = random.randint(len(others), size=count)
        second = (first + random.randint(1, len(others), size=count)) % len(others)
        # At times a whole difference, which leaps between modes.
        usual = 2.38 / np.sqrt(2.0 * self.directions.shape[1])
        stride = np.where(random.rand(count) < 0.1, 1.0, usual * random.uniform(0.3, 1.0, count))
        apart = ((others[first] - others[second]) @ self.directions) * stride[:, None]
        return sample + apart @ self.directions.T, np.zeros(count)


def _towards(shape: Shape, share: float, along: float, across: float) -> MHMove:
    narrow = 1.0 / np.sqrt(1.0 + shape.strengths**2)
    keep, stay = np.sqrt(1.0 - along**2), np.sqrt(1.0 - across**2)

    def propose(places: Places, random: Any) -> tuple[Places, Any]:
        fresh = random.standard_normal(places.shape)
        apart = places - shape.middle
        known, new = apart @ shape.directions, fresh @ shape.directions
        chosen = random.random_sample(known.shape) < share
        inner = np.where(chosen, keep * known + along * narrow * new, known)
        inner -= stay * known + across * new
        moved = shape.middle + stay * apart + across * fresh + inner @ shape.directions.T
        return moved, shape.depth(places) - shape.depth(moved)

    return MHMove(propose)


def informed(shape: Shape) -> Shape:
    """The shape without the directions that say next to nothing."""
    told = shape.strengths > INFORMED
    if not told.any():
        told = np.arange(len(told)) == 0
    return Shape(shape.middle, shape.directions[:, told], shape.strengths[told])


def reshaped(shape: Shape, places: Places) -> Shape:
    """The shape with the walkers' own middle, and as wide as they are where they are wider.

    Only widths along known directions are taken from them: a whole covariance from so few would
    be too narrow somewhere, and what is too narrow holds walkers fast.
    """
    along = places @ shape.directions
    wide = np.maximum(along.var(axis=0), 1.0 / (1.0 + shape.strengths**2))
    strengths = np.sqrt(np.maximum(1.0 / np.minimum(wide, 1.0) - 1.0, 0.0))
    return Shape(shape.directions @ along.mean(axis=0), shape.directions, strengths)


def sample(
    target: Posterior,
    shape: Shape,
    plan: Plan,
    *,
    folder: Path | None = None,
    say: Say = lambda _: None,
) -> Chain:
    """Sample; what was done before in `folder` is gone on with, to the same draws.

    Args:
        target: the posterior.
        shape: near the best fit.
        plan: how long.
        folder: where to keep each block of rounds; nothing is kept where None.
        say: hears of progress.

    Raises:
        InputError: files in `folder` that are no blocks of this plan, or cannot be written.
    """
    shape = informed(shape)
    random = np.random.default_rng(plan.seed)
    wide = Shape(shape.middle, shape.directions, shape.strengths / WIDER)
    places = wide.draw(random, plan.walkers)
    scores = target(places)
    lost = ~np.isfinite(scores)
    if lost.all():
        raise wrong("no-start", "no walker has a run that stays finite")
    good = np.flatnonzero(~lost)
    places[lost] = places[good[np.arange(lost.sum()) % len(good)]]
    scores[lost] = scores[good[np.arange(lost.sum()) % len(good)]]
    state = State(
        places, log_prob=scores, random_state=np.random.RandomState(plan.seed).get_state()
    )
    kept: list[Float32[np.ndarray, "walker parameter"]] = []
    told: list[Float64[np.ndarray, " walker"]] = []
    accepted = 0.0
    half = plan.warm_up // 2
    stages = [(half, False), (plan.warm_up - half, False), (plan.rounds, True)]
    done, whole = 0, plan.warm_up + plan.rounds
    for number, (rounds, keep) in enumerate(stages):
        block = _Block(folder, number)
        seen: list[Places] = []
        for start in range(0, rounds, BLOCK):
            count = min(BLOCK, rounds - start)
            made = block.read(start, plan)
            if made is None:
                made = _walk(target, shape, state, count, plan, start)
                block.write(start, made)
            state = State(made["last"], log_prob=made["last_scores"], random_state=_unpacked(made))
            done += count
            seen.append(made["last"])
            if keep:
                kept += list(made["kept"])
                told += list(made["scores"])
                accepted += float(made["accepted"]) * count / rounds
            middle = float(np.median(made["last_scores"]))
            say(f"sampling, round {done} of {whole}: {middle:.1f}")
        if not keep and rounds:
            late = np.concatenate(seen[len(seen) // 2 :])
            few = late[random.choice(len(late), size=min(SLOPES, len(late)), replace=False)]
            shape = reshaped(informed(around(target, few)), late)
    return Chain(np.array(kept), np.array(told), accepted)


def _walk(
    target: Posterior, shape: Shape, state: Any, rounds: int, plan: Plan, start: int
) -> dict[str, Any]:
    moves: list[tuple[Any, float]] = [
        (_towards(shape, *stride), share) for stride, share in STRIDES
    ]
    moves.append((Across(shape.directions), ACROSS))
    walkers, size = state.coords.shape
    sampler = EnsembleSampler(walkers, size, target, moves=moves, vectorize=True)
    kept: list[Any] = []
    told: list[Any] = []
    moved = 0
    states: Any = sampler.sample(
        state, iterations=rounds, store=False, skip_initial_state_check=True
    )
    for number, now in enumerate(states):
        moved += int((now.log_prob != state.log_prob).sum())
        state = State(now, copy=True)
        if (start + number + 1) % plan.thin == 0:
            kept.append(now.coords.astype(np.float32))
            told.append(now.log_prob.copy())
    _, keys, position, has, cached = sampler.random_state
    return {
        "kept": np.array(kept, dtype=np.float32).reshape(-1, walkers, size),
        "scores": np.array(told, dtype=np.float64).reshape(-1, walkers),
        "accepted": np.float64(moved / (rounds * walkers)),
        "last": state.coords.copy(),
        "last_scores": state.log_prob.copy(),
        "keys": keys,
        "random": np.array([position, has, cached], dtype=np.float64),
    }


def _unpacked(made: dict[str, Any]) -> tuple[Any, ...]:
    position, has, cached = made["random"].tolist()
    return ("MT19937", made["keys"], int(position), int(has), cached)


class _Block:
    """Rounds that are kept together, so that work that is stopped is gone on with."""

    def __init__(self, folder: Path | None, stage: int) -> None:
        self.folder, self.stage = folder, stage

    def read(self, start: int, plan: Plan) -> dict[str, Any] | None:
        """What was done before, or None."""
        if self.folder is None or not self._path(start).exists():
            return None
        try:
            with np.load(self._path(start), allow_pickle=False) as file:
                made = {key: file[key] for key in file.files}
            if made["last"].shape[0] != plan.walkers or "keys" not in made:
                raise ValueError
        except (OSError, ValueError, KeyError, EOFError):
            file = shown(self._path(start))
            raise wrong(
                "no-block", "this is no block of this sampling", file=file, hint="delete it"
            ) from None
        return made

    def write(self, start: int, made: dict[str, Any]) -> None:
        """Keep a block."""
        if self.folder is not None:
            buffer = io.BytesIO()
            np.savez(buffer, **made)
            put(self._path(start), buffer.getvalue(), lost="the sampling is not kept")

    def _path(self, start: int) -> Path:
        assert self.folder is not None  # noqa: S101 -- asked only where there is one
        return self.folder / f"block-{self.stage}-{start:06d}.npz"
