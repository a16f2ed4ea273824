"""From the history to a fit: screening, best fit, profiles, sampling and scores, in this order."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from calibration import evidence, likelihood, observation, priors, targets
from calibration.diagnostics import Diagnostics, diagnose
from calibration.evidence import Evidence, Series
from calibration.forecast import Forecast, forecast
from calibration.likelihood import Posterior
from calibration.observation import Observation, Structure
from calibration.origins import Origin, Rolled, refitted, rolled
from calibration.priors import Priors
from calibration.profile import profiles
from calibration.recovery import recover
from calibration.sampler import Plan, sample
from calibration.scores import LEVELS
from calibration.screening import Screening, screen
from calibration.search import Found, Say, search
from calibration.simulation import Paths, Simulation, simulation
from calibration.weights import by_score, shared, weighed
from sim.run.model import Model
from sim.shapes import Float32, Float64

Places = Float64[np.ndarray, "draw parameter"]
Fewer = Float64[np.ndarray, "kept parameter"]

WORTH = 0.5  # below it, draws of another structure are not worth weighing: it is sampled itself
TRIAL = Plan(walkers=32, rounds=256, warm_up=160, thin=4, seed=0)  # of simulated data
FEW = 24  # constants that a trial varies: those that the data say most of
SOME = 10  # draws for each one kept, by which structures are weighed
TRACED = (8, 200)  # walkers and rounds of the chain that are kept to be looked at
# Memory, drift and level of errors, times those of the observation model.
LASTING = tuple(product((0.5, 1.0, 2.0), (0.5, 1.0), (0.5, 1.0)))
JUDGED = 0.05  # of their number the draws must be worth for errors to be judged by them


@dataclass(frozen=True)
class Effort:
    """How much work a fit is.

    Args:
        plan: of the sampler.
        starts: of the search.
        places: of the screening.
        profiled: constants with a profile.
        origins: of the sampler at each rolling origin.
        draws: kept in the end, of all structures together.
        short: whether runs of the fit end with its last year; else they go on to the last year
            observed, which is slower, but the engine is compiled once.
    """

    plan: Plan
    starts: int
    places: int
    profiled: int
    origins: Plan
    draws: int
    short: bool


def effort(*, quick: bool, seed: int) -> Effort:
    """The usual effort, or a hundredth of it to see that all works."""
    if quick:
        few = Plan(32, 64, 32, 2, seed)
        return Effort(few, 2, 6, 2, replace(few, rounds=16, warm_up=16, thin=8), 100, short=False)
    origins = Plan(64, 256, 192, 16, seed)
    return Effort(Plan(64, 32_000, 768, 48, seed), 8, 16, 16, origins, 400, short=True)


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
        origins: of rolling origins inside the fit.
        density: log density of the held-out figures; no weight hangs on it.
        traces: of some walkers; none where it was not sampled.
    """

    structure: Structure
    found: Found
    checks: Diagnostics
    kept: Places
    accepted: float
    worth: float
    origins: Rolled
    density: float
    traces: Float32[np.ndarray, "round walker parameter"]


@dataclass(frozen=True, eq=False)
class Fit:
    """A whole fit.

    Args:
        priors: of all constants with a range.
        chosen: those fitted.
        screening: why.
        structures: each one's fit.
        weights: of the structures, by rolling origins.
        draws: over the fitted constants, all structures by weight.
        owner: of each draw, its structure's position.
        forecasts: of each series.
        profiled: see `profile.profiles`.
        lasting: memory, drift, level (times those of the observation model), score, worth,
            count, covered_50, covered_90, used: what rolling origins say of other errors, and
            which the forecast takes.
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
    lasting: pd.DataFrame
    runs: Mapping[str, int]
    failed: int


@dataclass(frozen=True, eq=False)
class Question:
    """What is fitted to what.

    Args:
        model: the model.
        said: the observation model.
        history: the observations as read.
        evidence: the observations as arrays.
        priors: all constants with a range that may be fitted.
        identity: content hash of all that the answer hangs on.
    """

    model: Model
    said: Observation
    history: pd.DataFrame
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
    return Question(model, said, seen, gathered, known, identity)


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
    runs = {
        "screening": screened.runs,
        "search": 0,
        "profiles": 0,
        "sampling": 0,
        "origins": 0,
        "scores": 0,
    }
    starts = 0.7 * random.standard_normal((work.starts, len(chosen)))
    starts[0] = 0.0
    fitted: list[Fitted] = []
    told: list[list[Forecast]] = []
    failed = 0
    bases = np.zeros((0, len(chosen)))
    base_scores = np.zeros(0)
    some = bases
    past: tuple[Origin, ...] = ()
    lasting, judged = pd.DataFrame(), seen.series
    for number, structure in enumerate(said.structures):
        target = _posterior(asked, chosen, structure, work)
        begin = starts if number == 0 else fitted[0].found.places[:1]
        found = search(target, begin, say=say)
        runs["search"] += found.runs
        worth = 0.0
        if number:
            some, worth = weighed(bases, base_scores, target, random)
            runs["sampling"] += len(bases)
        traces = np.zeros((0, 0, len(chosen)), dtype=np.float32)
        if worth < WORTH:
            where = None if folder is None else folder / structure.id
            chain = sample(target, found.shape, work.plan, folder=where, say=say)
            runs["sampling"] += work.plan.runs
            checks, accepted, worth = diagnose(chain.places), chain.accepted, 1.0
            traces = _traced(chain.places)
            flat = chain.places.reshape(-1, len(chosen))
            many = random.choice(len(flat), size=min(SOME * work.draws, len(flat)), replace=False)
            some = flat[np.sort(many)].astype(np.float64)
            if not number:
                bases, base_scores = some, target(some)
        else:
            checks, accepted = fitted[0].checks, fitted[0].accepted
        if not number:
            past = refitted(target, seen, found.shape, work.origins, folder=folder, say=say)
            runs["origins"] += len(past) * work.origins.runs
        paths = [target.simulation(each.places)[0] for each in past]
        runs["origins"] += sum(len(each.places) for each in past)
        at = target.simulation.positions
        told_before = rolled(seen.series, past, paths, at, seen.degrees)
        if not number:
            lasting, judged = _lasting(asked, past, paths, at)
        kept = some[np.sort(random.choice(len(some), size=work.draws, replace=False))]
        late = _late(asked, structure)
        kept, forecasts, lost = _foresee(asked, judged, late, screened.chosen, kept, random)
        runs["scores"] += len(kept) + lost
        failed += lost
        density = sum(each.density for each in forecasts)
        fitted.append(
            Fitted(structure, found, checks, kept, accepted, worth, told_before, density, traces)
        )
        told.append(forecasts)
        say(f"structure {number + 1} of {len(said.structures)}: {structure.id}")
    say("profiles")
    sharp = np.argsort(fitted[0].checks.spread, kind="stable")[: work.profiled]
    base = _posterior(asked, chosen, said.structures[0], work)
    profiled, runs["profiles"] = profiles(base, fitted[0].found.shape, sharp.tolist())
    weights = by_score([each.origins.score for each in fitted])
    counts = shared(weights, min(work.draws, *(len(each.kept) for each in fitted)))
    rows = [np.sort(random.choice(len(each.kept), size=count, replace=False))
            for each, count in zip(fitted, counts, strict=True)]  # fmt: skip
    draws = np.concatenate([each.kept[row] for each, row in zip(fitted, rows, strict=True)])
    owner = np.repeat(np.arange(len(fitted)), counts)
    whole = [_joined([each[place] for each in told], rows) for place in range(len(seen.series))]
    return Fit(
        asked.priors, chosen, screened, tuple(fitted), weights, draws, owner, tuple(whole),
        profiled, lasting, runs, failed,
    )  # fmt: skip


def simulated(
    asked: Question, work: Effort, trials: int, say: Say = lambda _: None
) -> pd.DataFrame:
    """Fit data made by the model with known constants; see `recovery.recover`.

    Of the constants, the `FEW` that the data say most of vary; the others stay as the model's
    text has them, so that many trials take minutes.
    """
    with threadpool_limits(1, user_api="blas"):
        random = np.random.default_rng(work.plan.seed)
        first = _posterior(asked, asked.priors, asked.said.structures[0], work)
        told = screen(first, random, places=work.places).information
        chosen = asked.priors.take(np.sort(np.argsort(-told, kind="stable")[:FEW]).tolist())
        plan = replace(TRIAL, seed=work.plan.seed)
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
    judged: Sequence[Series],
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
        for series in judged
    ]
    return kept[fine], told, int((~fine).sum())


def _lasting(
    asked: Question,
    past: Sequence[Origin],
    paths: Sequence[Paths],
    positions: Mapping[str, int],
) -> tuple[pd.DataFrame, tuple[Series, ...]]:
    """Rolling origins with other errors, and the series with the errors that they like best."""
    seen = asked.evidence
    rows: list[dict[str, float]] = []
    series: list[tuple[Series, ...]] = []
    for memory, drift, level in LASTING:
        said = asked.said.scaled(memory=memory, drift=drift, level=level)
        only = seen.outcomes
        other = evidence.gather(asked.history, said, asked.model.source, only=only).series
        made = rolled(other, past, paths, positions, seen.degrees)
        share = {f"covered_{each}": made.covered(each) for each in LEVELS}
        rows.append(
            {"memory": memory, "drift": drift, "level": level, "score": made.score,
             "worth": made.worth, "count": len(made.rows)} | share
        )  # fmt: skip
        series.append(other)
    table = pd.DataFrame(rows)
    own = LASTING.index((1.0, 1.0, 1.0))
    judged = table["score"].where(table["worth"] >= JUDGED, -np.inf)
    best = int(judged.argmax()) if past else own
    return table.assign(used=table.index == best), series[best]


def _traced(places: Float32[np.ndarray, "round walker parameter"]) -> (
    Float32[np.ndarray, "some few parameter"]
):  # fmt: skip
    walkers, rounds = TRACED
    every = max(1, -(-len(places) // rounds))
    return places[::every, :walkers].copy()


def _joined(told: Sequence[Forecast], rows: Sequence[np.ndarray]) -> Forecast:
    return Forecast(
        told[0].series,
        np.concatenate([each.model[row] for each, row in zip(told, rows, strict=True)]),
        np.concatenate([each.told[row] for each, row in zip(told, rows, strict=True)]),
        max(each.density for each in told),
    )
