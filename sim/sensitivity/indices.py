"""Indices of every factor for an outcome over time, each with its interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.plan.design import HARMONICS, Design
from sim.sensitivity import fourier, hdmr, morris, shapes, slopes, sobol
from sim.sensitivity.estimate import (
    NINETY_FIVE,
    Estimate,
    Outputs,
    bootstrap,
    constant,
    plainly,
)
from sim.sensitivity.guard import GIVEN_DATA, Fitting, Sample, fitting
from sim.shapes import Bool, Float64

REPLICATES = 200
GROUPS = 10  # of a jackknife
HEADLINE = {
    "sobol": "total",
    "morris": "mu_star_relative",
    "fast": "total",
    "rbd_fast": "first",
    GIVEN_DATA: "first",
    "pawn": "median",
    "delta": "delta",
    "dgsm": "bound",
    "ff": "effect_relative",
    "hdmr": "total",
}

Over = Float64[np.ndarray, "factor column"]


@dataclass(frozen=True, eq=False)
class Indices:
    """What an outcome hangs on.

    Args:
        estimator: that made them.
        names: of factors, or of groups where these were varied as one.
        measures: by name, over time.
        widths: half-widths of 95 % intervals; NaN where the estimator gives none.
        over_time: measures weighted over time by the outcome's variance (GS_i).
        over_time_widths: their half-widths.
        pairs: second-order indices over time, upper triangle, where asked for; else None.
        pairs_over_time: weighted likewise.
        variance: of the outcome at each time.
        constant: times at which it does not vary: indices are NaN there, not zero.
        floor: what the headline measure finds in inputs that do not exist; 0 where it is fair.
        members: that were used.
        left_out: that were not, because some failed.
        failed: how many failed.
        fallback: whether the design's own estimator gave way to one that needs no design.
    """

    estimator: str
    names: tuple[str, ...]
    measures: Mapping[str, Over]
    widths: Mapping[str, Over]
    over_time: Mapping[str, Float64[np.ndarray, " factor"]]
    over_time_widths: Mapping[str, Float64[np.ndarray, " factor"]]
    pairs: Float64[np.ndarray, "factor factor column"] | None
    pairs_over_time: Float64[np.ndarray, "factor factor"] | None
    variance: Float64[np.ndarray, " column"]
    constant: Bool[np.ndarray, " column"]
    floor: float
    members: int
    left_out: int
    failed: int
    fallback: bool

    @property
    def headline(self) -> str:
        """The measure by which factors are ranked."""
        return HEADLINE[self.estimator]

    @property
    def importance(self) -> Float64[np.ndarray, " factor"]:
        """The headline measure over time."""
        return self.over_time[self.headline]


def indices(
    sample: Sample,
    values: Outputs,
    failed: Bool[np.ndarray, " member"] | None = None,
    *,
    estimator: str | None = None,
    replicates: int = REPLICATES,
) -> Indices:
    """All indices of an outcome.

    Args:
        sample: of the run.
        values: the outcome, a row a member, a column a time (or several outcomes' times).
        failed: members that left the finite numbers.
        estimator: None for the design's own, or `given_data`.
        replicates: of the bootstrap.

    Raises:
        InputError: see `guard.fitting`.
    """
    gone = np.zeros(len(values), dtype=bool) if failed is None else failed
    return of(sample.design, fitting(sample, values, gone, estimator), replicates)


def of(design: Design, fit: Fitting, replicates: int = REPLICATES) -> Indices:
    """All indices of what the guard let through."""
    still = constant(fit.values)
    # A constant column must not turn into indices of its rounding.
    values = np.where(still, fit.values[:1], fit.values)
    names, once, spread = _estimated(design, fit, values, replicates)
    for each in once.measures.values():
        each[:, :, still] = np.nan
    floor = 0.0
    if fit.estimator in {"pawn", "delta"}:
        judge = shapes.pawn if fit.estimator == "pawn" else shapes.delta
        dummies = judge(values, shapes.dummies(len(values), design.seed))
        own = _over_time(dummies.measures[HEADLINE[fit.estimator]], dummies.variance)
        floor = float(np.nanmean(own)) if not still.all() else 0.0
    weighted = {name: _over_time(each, once.variance)[0] for name, each in once.measures.items()}
    wide: dict[str, np.ndarray] = {}
    wide_over: dict[str, np.ndarray] = {}
    for name, each in once.measures.items():
        if spread is None:
            wide[name] = np.full(each.shape[1:], np.nan)
            wide_over[name] = np.full(each.shape[1], np.nan)
        else:
            many, deviation = spread
            wide[name] = NINETY_FIVE * deviation(many.measures[name])
            over = _over_time(many.measures[name], many.variance)
            wide_over[name] = NINETY_FIVE * deviation(over)
    second = once.pairs.get("second")
    return Indices(
        estimator=fit.estimator,
        names=names,
        measures={name: each[0] for name, each in once.measures.items()},
        widths=wide,
        over_time=weighted,
        over_time_widths=wide_over,
        pairs=None if second is None else second[0],
        pairs_over_time=None if second is None else _over_time(second, once.variance)[0],
        variance=once.variance[0],
        constant=still,
        floor=floor,
        members=len(fit.values),
        left_out=fit.left_out,
        failed=fit.failed,
        fallback=fit.fallback,
    )


Deviation = Callable[[np.ndarray], np.ndarray]  # pyright: ignore[reportMissingTypeArgument]


def _estimated(
    design: Design, fit: Fitting, values: Outputs, replicates: int
) -> tuple[tuple[str, ...], Estimate, tuple[Estimate, Deviation] | None]:
    """Names, the estimate, and many of it with the way to their standard deviation."""
    factors = tuple(factor.id for factor in design.factors)
    groups = design.groups
    match fit.estimator:
        case "sobol":
            blocks = len(values) // design.block
            count, drawn = len(groups), bootstrap(blocks, replicates, design.seed)
            second = design.second_order
            once = sobol.estimate(values, count, plainly(blocks), second_order=second)
            # Pairs get no interval: their number times that of replicates would fill memory.
            rows = np.r_[0 : 1 + count, -1 % design.block]
            short = values.reshape(blocks, -1, values.shape[1])[:, rows]
            short = short.reshape(-1, values.shape[1])
            many = sobol.estimate(short, count, drawn, second_order=False)
            return groups, once, (many, _bootstrapped)
        case "morris":
            place = {group: at for at, group in enumerate(groups)}
            membership = [place[factor.group] for factor in design.factors]
            found = morris.effects(values, fit.cube, membership, len(groups), design.levels)
            single = [membership.count(at) == 1 for at in range(len(groups))]
            once = morris.estimate(values, found, single, plainly(len(found)))
            drawn = bootstrap(len(found), replicates, design.seed)
            return groups, once, (morris.estimate(values, found, single, drawn), _bootstrapped)
        case "fast":
            return factors, fourier.fast(values, len(factors), HARMONICS), None
        case "dgsm":
            blocks = len(values) // design.block
            once = slopes.dgsm(values, fit.cube, plainly(blocks))
            drawn = bootstrap(blocks, replicates, design.seed)
            return factors, once, (slopes.dgsm(values, fit.cube, drawn), _bootstrapped)
        case "ff":
            return factors, slopes.contrasts(values, fit.cube), None
        case "hdmr":
            return factors, hdmr.estimate(values, fit.cube), None
        case "pawn":
            return factors, shapes.pawn(values, fit.cube), None
        case "delta":
            return factors, shapes.delta(values, fit.cube), None
        case "rbd_fast":
            once = fourier.rbd_fast(values, fit.cube)
            return factors, once, (_cut(fourier.rbd_fast, values, fit, design.seed), _jackknifed)
        case _:
            once = _given_data(values, fit.cube)
            return factors, once, (_cut(_given_data, values, fit, design.seed), _jackknifed)


def _given_data(values: Outputs, cube: Float64[np.ndarray, "member factor"]) -> Estimate:
    one, other = fourier.rbd_fast(values, cube), slopes.regression(values, cube)
    return Estimate({**one.measures, **other.measures}, one.variance)


def _cut(
    estimate: Callable[[Outputs, Float64[np.ndarray, "member factor"]], Estimate],
    values: Outputs,
    fit: Fitting,
    seed: int,
) -> Estimate:
    """The estimate with each tenth of the members left out."""
    parts = np.random.default_rng(seed).permutation(len(values)) % GROUPS
    each = [estimate(values[parts != part], fit.cube[parts != part]) for part in range(GROUPS)]
    measures = {
        name: np.concatenate([one.measures[name] for one in each]) for name in each[0].measures
    }
    return Estimate(measures, np.concatenate([one.variance for one in each]))


def _bootstrapped(many: np.ndarray) -> np.ndarray:  # pyright: ignore[reportMissingTypeArgument]
    return many.std(axis=0, ddof=1)


def _jackknifed(many: np.ndarray) -> np.ndarray:  # pyright: ignore[reportMissingTypeArgument]
    return np.sqrt((len(many) - 1) * many.var(axis=0))


def _over_time(measure: np.ndarray, variance: np.ndarray) -> np.ndarray:  # pyright: ignore[reportMissingTypeArgument]
    """Weighted over the last axis by variance; columns without an answer weigh nothing.

    Args:
        measure: [replicate, …, column].
        variance: [replicate, column].
    """
    weights = variance.reshape(len(variance), *[1] * (measure.ndim - 2), -1)
    there = np.isfinite(measure)
    below = np.where(there, weights, 0.0).sum(axis=-1)
    above = np.where(there, measure, 0.0) * weights
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0.0, above.sum(axis=-1) / below, np.nan)


def convergence(
    sample: Sample,
    values: Outputs,
    failed: Bool[np.ndarray, " member"] | None = None,
    *,
    estimator: str | None = None,
    parts: Sequence[float] = (0.125, 0.25, 0.5, 1.0),
) -> list[Indices]:
    """The indices from the first members only, more and more of them.

    Args:
        sample: of the run.
        values: the outcome, [member, column].
        failed: members that left the finite numbers.
        estimator: as for `indices`.
        parts: of the members; where blocks are too few, fewer parts.
    """
    gone = np.zeros(len(values), dtype=bool) if failed is None else failed
    fit = fitting(sample, values, gone, estimator)
    own = fit.estimator == sample.design.estimator
    step = sample.design.block if own and fit.estimator not in {"pawn", "delta"} else 1
    if step == 0:
        return [of(sample.design, fit)]
    count, fewest = len(fit.values) // step, 8 if step > 1 else 64
    if fit.estimator == "hdmr":
        fewest = hdmr.FEWEST
    sizes = sorted({int(count * part) for part in parts if count * part >= fewest} | {count})
    return [
        of(sample.design, Fitting(fit.estimator, fit.values[: size * step], fit.cube[: size * step],
                                  fit.left_out, fit.failed, fit.fallback))
        for size in sizes
    ]  # fmt: skip
