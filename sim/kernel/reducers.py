"""Figures taken from an outcome while it is computed, so that its trajectory need not be kept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean
from sim.ir import Element
from sim.kernel.grid import NEAR, Grid


class Kind(IntEnum):
    """How a value joins the figure so far."""

    LAST = 0
    MINIMUM = 1
    MAXIMUM = 2
    SUM = 3
    DISTANCE = 4
    LOG_DISTANCE = 5


START = {Kind.LAST: math.nan, Kind.MINIMUM: math.inf, Kind.MAXIMUM: -math.inf}


@dataclass(frozen=True)
class Reducer:
    """One figure of one outcome per member: what the formula gives on the saved moments.

    Args:
        kind: "last", "minimum", "maximum"; "integral" (each saved value times the time to the
            next saved moment); "distance" (weighted sum of squared differences to `target`).
        outcome: the element's name, as in the text.
        target: for "distance": moment → value observed, each at a saved moment.
        weights: for "distance": moment → weight; 1 where not given.
        logs: for "distance": compare natural logarithms.
        since, until: only saved moments within these bounds count.
    """

    kind: Literal["last", "minimum", "maximum", "integral", "distance"]
    outcome: str
    target: Mapping[float, float] | None = None
    weights: Mapping[float, float] | None = None
    logs: bool = False
    since: float = -math.inf
    until: float = math.inf


@dataclass(frozen=True)
class Reduction:
    """Reducers as tables that a kernel reads.

    Args:
        kinds: [reducer] a `Kind`.
        outcomes: [reducer] position of the outcome.
        weights: [save, reducer]; 0 leaves the moment out.
        targets: [save, reducer] the values to compare with (logarithms for LOG_DISTANCE).
    """

    kinds: NDArray[np.int64]
    outcomes: NDArray[np.int64]
    weights: NDArray[np.float64]
    targets: NDArray[np.float64]

    @property
    def start(self) -> NDArray[np.float64]:
        """[reducer] the figure before the first moment."""
        return np.array([START.get(Kind(kind), 0.0) for kind in self.kinds], dtype=np.float64)


def tables(reducers: Sequence[Reducer], outcomes: Sequence[Element], grid: Grid) -> Reduction:
    """Turn reducers into tables.

    Raises:
        InputError: an outcome that is not computed, an observation that is not saved or not
            positive where logarithms are asked for, or a window without a saved moment.
    """
    problems: list[Problem] = []
    places = {element.name: place for place, element in enumerate(outcomes)}
    saved = grid.times[grid.saved]
    shape = (len(saved), len(reducers))
    weights, targets = np.zeros(shape), np.zeros(shape)
    kinds: list[Kind] = []
    for column, reducer in enumerate(reducers):
        if reducer.outcome not in places:
            problems.append(
                Problem(
                    "unknown-outcome",
                    f"'{reducer.outcome}' is not among the outcomes computed",
                    hint=did_you_mean(reducer.outcome, list(places)),
                )
            )
        inside = (saved >= reducer.since) & (saved <= reducer.until)
        if reducer.kind == "distance":
            kinds.append(Kind.LOG_DISTANCE if reducer.logs else Kind.DISTANCE)
            problems += _observe(reducer, grid, weights[:, column], targets[:, column])
        elif reducer.kind == "integral":
            kinds.append(Kind.SUM)
            weights[:-1, column] = np.diff(saved)
        elif reducer.kind == "last":
            kinds.append(Kind.LAST)
            weights[np.flatnonzero(inside)[-1:], column] = 1.0
        else:
            kinds.append(Kind[reducer.kind.upper()])
            weights[:, column] = 1.0
        weights[~inside, column] = 0.0
        if not weights[:, column].any():
            sentence = f"no saved moment counts for '{reducer.kind}' of '{reducer.outcome}'"
            problems.append(Problem("empty-window", sentence))
    if problems:
        raise InputError(problems)
    return Reduction(
        kinds=np.array(kinds, dtype=np.int64),
        outcomes=np.array([places[reducer.outcome] for reducer in reducers], dtype=np.int64),
        weights=weights,
        targets=targets,
    )


def _observe(
    reducer: Reducer, grid: Grid, weights: NDArray[np.float64], targets: NDArray[np.float64]
) -> list[Problem]:
    saved = grid.times[grid.saved]
    problems: list[Problem] = []
    for moment, value in (reducer.target or {}).items():
        place = int(np.argmin(np.abs(saved - moment))) if len(saved) else -1
        if place < 0 or abs(saved[place] - moment) > NEAR * grid.width:
            sentence = f"'{reducer.outcome}' was observed at {moment:g}, which is not saved"
            problems.append(Problem("observation", sentence))
        elif not math.isfinite(value) or (reducer.logs and value <= 0):
            sentence = f"'{reducer.outcome}' cannot be {value:g} at {moment:g}"
            problems.append(Problem("observation", sentence))
        else:
            weights[place] = (reducer.weights or {}).get(moment, 1.0)
            targets[place] = math.log(value) if reducer.logs else value
    return problems


def join(
    kind: Kind,
    figure: NDArray[np.float64],
    value: NDArray[np.float64],
    weight: float,
    target: float,
) -> None:
    """Join `value` to `figure` ([member] each), in place."""
    match kind:
        case Kind.LAST:
            np.copyto(figure, value)
        case Kind.MINIMUM:
            np.minimum(figure, value, out=figure)
        case Kind.MAXIMUM:
            np.maximum(figure, value, out=figure)
        case Kind.SUM:
            figure += weight * value
        case Kind.DISTANCE | Kind.LOG_DISTANCE:
            apart = (np.log(value) if kind is Kind.LOG_DISTANCE else value) - target
            figure += weight * (apart * apart)
