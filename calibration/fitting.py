"""From the history to a fit: screening, best fit, profiles, sampling and scores, in this order."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float64
from threadpoolctl import threadpool_limits

from calibration import evidence, likelihood, observation, priors, targets
from calibration.diagnostics import Diagnostics, diagnose
from calibration.evidence import Evidence
from calibration.forecast import Forecast, forecast
from calibration.likelihood import Posterior
from calibration.observation import Observation, Structure
from calibration.priors import Priors
from calibration.profile import profiles
from calibration.recovery import recover
from calibration.sampler import Plan, sample
from calibration.screening import Screening, screen
from calibration.search import Found, Say, search
from calibration.simulation import Simulation, simulation
from sim.run.model import Model

Places = Float64[np.ndarray, "draw parameter"]
Fewer = Float64[np.ndarray, "kept parameter"]

WORTH = 0.5  # below it, draws of another structure are not worth weighing: it is sampled itself
SIMULATED = 512  # rounds of a trial with simulated data


@dataclass(frozen=True)
class Effort:
    """How much work a fit is.

    Args:
        plan: of the sampler.
        starts: of the search.
        places: of the screening.
        profiled: constants with a profile.
        draws: kept in the end, of all structures together.
        short: whether runs of the fit end with its last year; else they go on to the last year
            observed, which is slower, but the engine is compiled once.
    """

    plan: Plan
    starts: int
    places: int
    profiled: int
    draws: int
    short: bool


def effort(*, quick: bool, seed: int) -> Effort:
    """The usual effort, or a hundredth of it to see that all works."""
    if quick:
        return Effort(Plan(32, 64, 32, 2, seed), 2, 6, 2, 100, short=False)
    return Effort(Plan(64, 20_000, 768, 32, seed), 8, 16, 16, 400, short=True)


@dataclass(frozen=True, eq=False)
class Fitted:
    """One structure's fit.

    Args:
        structure: its constants.
        found: the best fit.
        checks: of the walkers.
        kept: some draws, in standard normal numbers of the fitted constants.
        accepted: share of proposals; of a structure that was not sampled, that of the first.
        worth: 1 where it was sampled; else the draws of the first were weighed for it, and are
            worth this share of their number.
        density: log density of the held-out figures.
    """

    structure: Structure
    found: Found
    checks: Diagnostics
    kept: Places
    accepted: float
    worth: float
    density: float


@dataclass(frozen=True, eq=False)
class Fit:
    """A whole fit.

    Args:
        priors: of all constants with a range.
        chosen: those fitted.
        screening: why.
        structures: each one's fit.
        weights: of the structures, by held-out density.
        draws: over the fitted constants, all structures by weight.
        owner: of each draw, its structure's position.
        forecasts: of each series.
        profiled: see `profile.profiles`.
        runs: of the model, by step.
        failed: draws whose run left the finite numbers; they are left out of everything.
    """

    priors: Priors
    chosen: Priors
    screening: Screening
    structures: tuple[Fitted, ...]
    weights: Float64[np.ndarray, " structure"]
    draws: Places
    owner: np.ndarray
    forecasts: tuple[Forecast, ...]
    profiled: pd.DataFrame
    runs: Mapping[str, int]
    failed: int


@dataclass(frozen=True, eq=False)
class Question:
    """What is fitted to what.

    Args:
        model: the model.
        said: the observation model.
        evidence: the observations.
        priors: all constants with a range that may be fitted.
        identity: content hash of all that the answer hangs on.
    """

    model: Model
    said: Observation
    evidence: Evidence
    priors: Priors
    identity: str


def question(
    model: Model,
    work: Effort,
    *,
    history: Path = targets.HISTORY,
    said: Observation | None = None,
    only: Sequence[str] = (),
) -> Question:
    """Look everything up.

    Raises:
        InputError: everything wrong with history, observation model and targets.
    """
    said = said or observation.load()
    seen = targets.load(history)
    gathered = evidence.gather(seen, said, model.source, only=only)
    fixed = [*said.not_fitted, *(name for each in said.structures for name in each.set)]
    known = priors.gather(model.source, fixed=fixed)
    parts = (
        model.hash,
        seen.to_csv(),
        said.model_dump_json(),
        sorted(only),
        repr(asdict(work)),
        _method(),
    )
    identity = hashlib.sha256(repr(parts).encode()).hexdigest()
    return Question(model, said, gathered, known, identity)


def _method() -> str:
    """A hash of the calibration's own text: another method may find another fit."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def fit(
    asked: Question, work: Effort, *, folder: Path | None = None, say: Say = lambda _: None
) -> Fit:
    """Do all of it; what was sampled before in `folder` is not sampled again.

    Raises:
        InputError: see the steps.
    """
    # The matrices are small: threads of the linear algebra would wait for those of the engine,
    # and sums would hang on how many there are.
    with threadpool_limits(1, user_api="blas"):
        return _fit(asked, work, folder, say)


def _fit(asked: Question, work: Effort, folder: Path | None, say: Say) -> Fit:
    said, seen = asked.said, asked.evidence
    random = np.random.default_rng(work.plan.seed)
    first = _posterior(asked, asked.priors, said.structures[0], work)
    say(f"{len(asked.priors)} constants, {len(seen.series)} series; which do the data inform?")
    screened = screen(first, random, places=work.places)
    chosen = asked.priors.take(screened.chosen)
    say(f"{len(chosen)} are worth fitting")
    runs = {"screening": screened.runs, "search": 0, "profiles": 0, "sampling": 0, "scores": 0}
    starts = 0.7 * random.standard_normal((work.starts, len(chosen)))
    starts[0] = 0.0
    fitted: list[Fitted] = []
    told: list[list[Forecast]] = []
    failed = 0
    bases = np.zeros((0, len(chosen)))
    base_scores = np.zeros(0)
    kept = bases
    for number, structure in enumerate(said.structures):
        target = _posterior(asked, chosen, structure, work)
        begin = starts if number == 0 else fitted[0].found.places[:1]
        found = search(target, begin, say=say)
        runs["search"] += found.runs
        worth = 0.0
        if number:
            kept, worth = _weighed(bases, base_scores, target, work, random)
            runs["sampling"] += len(bases)
        if worth < WORTH:
            where = None if folder is None else folder / structure.id
            chain = sample(target, found.shape, work.plan, folder=where, say=say)
            runs["sampling"] += work.plan.runs
            checks, accepted, worth = diagnose(chain.places), chain.accepted, 1.0
            flat = chain.places.reshape(-1, len(chosen))
            many = random.choice(len(flat), size=min(10 * work.draws, len(flat)), replace=False)
            some = flat[np.sort(many)].astype(np.float64)
            kept = some[np.sort(random.choice(len(some), size=work.draws, replace=False))]
            if not number:
                bases, base_scores = some, target(some)
        else:
            checks, accepted = fitted[0].checks, fitted[0].accepted
        late = _late(asked, structure)
        kept, forecasts, lost = _foresee(asked, late, screened.chosen, kept, random)
        runs["scores"] += len(kept) + lost
        failed += lost
        density = sum(each.density for each in forecasts)
        fitted.append(Fitted(structure, found, checks, kept, accepted, worth, density))
        told.append(forecasts)
    say("profiles")
    sharp = np.argsort(fitted[0].checks.spread, kind="stable")[: work.profiled]
    base = _posterior(asked, chosen, said.structures[0], work)
    profiled, runs["profiles"] = profiles(base, fitted[0].found.shape, sharp.tolist())
    weights = _weights([each.density for each in fitted])
    counts = _shared(weights, min(work.draws, *(len(each.kept) for each in fitted)))
    rows = [np.sort(random.choice(len(each.kept), size=count, replace=False))
            for each, count in zip(fitted, counts, strict=True)]  # fmt: skip
    draws = np.concatenate([each.kept[row] for each, row in zip(fitted, rows, strict=True)])
    owner = np.repeat(np.arange(len(fitted)), counts)
    whole = [_joined([each[place] for each in told], rows) for place in range(len(seen.series))]
    return Fit(
        asked.priors, chosen, screened, tuple(fitted), weights, draws, owner, tuple(whole),
        profiled, runs, failed,
    )  # fmt: skip


def simulated(
    asked: Question, work: Effort, trials: int, say: Say = lambda _: None
) -> pd.DataFrame:
    """Fit data made by the model with known constants; see `recovery.recover`."""
    with threadpool_limits(1, user_api="blas"):
        random = np.random.default_rng(work.plan.seed)
        first = _posterior(asked, asked.priors, asked.said.structures[0], work)
        chosen = asked.priors.take(screen(first, random, places=work.places).chosen)
        plan = replace(work.plan, rounds=SIMULATED, warm_up=SIMULATED // 2, thin=4)
        return recover(first.of(chosen), asked.evidence, plan, trials=trials, say=say)


def _posterior(asked: Question, chosen: Priors, structure: Structure, work: Effort) -> Posterior:
    seen = asked.evidence
    until = float(seen.fit_until) if work.short else seen.times[-1]
    made = simulation(asked.model, chosen, seen, until=until, switches=structure.set)
    return likelihood.posterior(made, seen)


def _late(asked: Question, structure: Structure) -> Simulation:
    """The model to the last year observed, with all constants varied."""
    seen = asked.evidence
    return simulation(asked.model, asked.priors, seen, until=seen.times[-1], switches=structure.set)


def _foresee(
    asked: Question,
    late: Simulation,
    chosen: Sequence[int],
    kept: Places,
    random: np.random.Generator,
) -> tuple[Fewer, list[Forecast], int]:
    """Run draws to the end; those that fail are left out and counted."""
    whole = random.standard_normal((len(kept), len(asked.priors)))
    whole[:, list(chosen)] = kept
    paths, fine = late(whole)
    told = [
        forecast(series, paths[:, fine], late.positions, asked.evidence.degrees, random)
        for series in asked.evidence.series
    ]
    return kept[fine], told, int((~fine).sum())


def _weighed(
    bases: Places,
    scores: Float64[np.ndarray, " draw"],
    target: Posterior,
    work: Effort,
    random: np.random.Generator,
) -> tuple[Fewer, float]:
    """Draws of one structure weighed and drawn again for another, and what they are worth."""
    apart = target(bases) - scores
    weight = np.exp(apart - apart.max())
    weight /= weight.sum()
    worth = float(1.0 / (weight**2).sum() / len(weight))
    # Systematic: each draw about as often as its weight says.
    marks = (np.arange(work.draws) + random.random()) / work.draws
    chosen = np.minimum(np.searchsorted(np.cumsum(weight), marks), len(weight) - 1)
    return bases[chosen], worth


def _weights(densities: Sequence[float]) -> Float64[np.ndarray, " structure"]:
    score = np.array(densities)
    share = np.exp(score - score.max())
    return share / share.sum()


def _shared(weights: Float64[np.ndarray, " structure"], count: int) -> list[int]:
    """Whole numbers in these shares that sum to `count`."""
    exact = weights * count
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: count - int(whole.sum())]] += 1
    return whole.tolist()


def _joined(told: Sequence[Forecast], rows: Sequence[np.ndarray]) -> Forecast:
    return Forecast(
        told[0].series,
        np.concatenate([each.model[row] for each, row in zip(told, rows, strict=True)]),
        np.concatenate([each.told[row] for each, row in zip(told, rows, strict=True)]),
        max(each.density for each in told),
    )
