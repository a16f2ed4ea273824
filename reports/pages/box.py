"""Where things go wrong: a few inputs' ranges that hold most failures (scenario discovery).

The patient rule induction method of Friedman and Fisher (1999), as Bryant and Lempert (2010) use
it, kept small: a few steps of peeling, on half of the worlds, judged on the other half.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim.shapes import Bool, Float64

PEEL = 0.05  # share of the worlds in the box that a step leaves out
LEAST = 0.10  # share of all worlds that a box must hold
CANDIDATES = 10  # inputs tried; what only chance put there is found out by the other half
FEWEST = 15  # failures, and successes, in each half: of fewer nothing can be learnt
SURE = 1.645  # one-sided 95 per cent
WORTH = 2  # standard errors that a second condition must add to be told


@dataclass(frozen=True)
class Edge:
    """One side of a box: the input is at least, or at most, this."""

    column: int
    above: bool
    value: float


@dataclass(frozen=True)
class Box:
    """A part of the worlds in which failures are more frequent.

    All figures are of the half of the worlds that the box was not made from.

    Args:
        edges: its sides.
        density: share of failures in the box.
        overall: share of failures anywhere.
        coverage: share of all failures that lie in the box.
        worlds: how many worlds lie in the box.
    """

    edges: tuple[Edge, ...]
    density: float
    overall: float
    coverage: float
    worlds: int


def find(
    inputs: Float64[np.ndarray, "world input"], failed: Bool[np.ndarray, " world"]
) -> Box | None:
    """The box in which failures stand out most; None where none stands out from chance.

    Every other world makes the box, the rest judges it.
    """
    one, other = slice(0, None, 2), slice(1, None, 2)
    counts = [int(failed[half].sum()) for half in (one, other)]
    sizes = [len(failed[half]) for half in (one, other)]
    if min(*counts, sizes[0] - counts[0], sizes[1] - counts[1]) < FEWEST:
        return None
    return _judged(_peeled(inputs[one], failed[one]), inputs[other], failed[other])


def _judged(
    edges: list[Edge],
    inputs: Float64[np.ndarray, "world input"],
    failed: Bool[np.ndarray, " world"],
) -> Box | None:
    """A box by worlds that it was not made from; None where it may be chance there."""
    inside = within(inputs, edges)
    held = int(inside.sum())
    if not edges or held == 0:
        return None
    overall, density = float(failed.mean()), float(failed[inside].mean())
    # Chance: as many worlds drawn from all of them would hold so many failures.
    spread = float(np.sqrt(overall * (1 - overall) / held))
    if density < overall + SURE * spread:
        return None
    coverage = float(failed[inside].sum() / failed.sum())
    return Box(tuple(edges), density, overall, coverage, held)


def within(
    inputs: Float64[np.ndarray, "world input"], edges: tuple[Edge, ...] | list[Edge]
) -> Bool[np.ndarray, " world"]:
    """The worlds inside all edges."""
    inside = np.ones(len(inputs), dtype=bool)
    for edge in edges:
        column = inputs[:, edge.column]
        inside &= column >= edge.value if edge.above else column <= edge.value
    return inside


def _peeled(
    inputs: Float64[np.ndarray, "world input"], failed: Bool[np.ndarray, " world"]
) -> list[Edge]:
    """The best box of one or two inputs, by how surely failures are more frequent in it.

    Each input, and each pair, is peeled by itself: a peel that looks at all of them at once is
    led astray by noise, and a second input then has no room. Of a path of boxes from wide to
    narrow the surest is taken, so a weak condition that half of the worlds meet counts as well as
    a sharp one that few meet.
    """
    tried = _candidates(inputs, failed)
    sets = [(at,) for at in range(len(tried))] + list(combinations(range(len(tried)), 2))
    columns = inputs[:, tried]
    best: tuple[float, list[Edge]] = (0.0, [])
    for chosen in sets:
        sureness, sides = _path(columns[:, chosen], failed)
        sureness -= WORTH * (len(chosen) - 1)
        if sureness > best[0]:
            edges = [Edge(tried[chosen[at]], above, value) for (at, above), value in sides.items()]
            best = sureness, edges
    return best[1]


def _path(
    columns: Float64[np.ndarray, "world chosen"], failed: Bool[np.ndarray, " world"]
) -> tuple[float, dict[tuple[int, bool], float]]:
    """The surest box on the way in, in standard errors, and its sides: (column, above) → value."""
    overall = float(failed.mean())
    spread = float(np.sqrt(overall * (1 - overall)))
    best: tuple[float, dict[tuple[int, bool], float]] = (0.0, {})
    sides: dict[tuple[int, bool], float] = {}
    least = LEAST * len(failed)
    while len(failed) > least:
        cut = max(1, int(PEEL * len(failed)))
        step: tuple[float, int, bool, float] | None = None
        for at in range(columns.shape[1]):
            order = np.argsort(columns[:, at], kind="stable")
            for above in (True, False):
                if (at, not above) in sides:  # high or low: a window is more than we could say
                    continue
                kept = order[cut:] if above else order[:-cut]
                density = float(failed[kept].mean())
                if step is None or density > step[0]:
                    step = density, at, above, float(columns[kept[0 if above else -1], at])
        if step is None:
            break
        _, at, above, value = step
        inside = columns[:, at] >= value if above else columns[:, at] <= value
        if inside.all() or inside.sum() < least:
            break
        sides[at, above] = value
        columns, failed = columns[inside], failed[inside]
        sureness = (float(failed.mean()) - overall) * float(np.sqrt(len(failed))) / spread
        if sureness > best[0]:
            best = sureness, dict(sides)
    return best


def _candidates(
    inputs: Float64[np.ndarray, "world input"], failed: Bool[np.ndarray, " world"]
) -> list[int]:
    """Inputs that go with failure, the strongest first."""
    centred = inputs - inputs.mean(axis=0)
    spread = centred.std(axis=0)
    spread[spread == 0] = np.inf
    strength = np.abs((centred / spread).T @ (failed - failed.mean())) / (
        len(failed) * failed.std()
    )
    order = np.argsort(-strength, kind="stable")[:CANDIDATES]
    return [int(at) for at in order if strength[at] > 0]
