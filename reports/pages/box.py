"""Where things go wrong: a few inputs' ranges that hold most failures (scenario discovery).

The patient rule induction method of Friedman and Fisher (1999), as Bryant and Lempert (2010) use
it, kept small: a few steps of peeling, on half of the worlds, judged on the other half.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64

PEEL = 0.05  # share of the worlds in the box that a step leaves out
LEAST = 0.10  # share of all worlds that a box must hold
CANDIDATES = 12  # inputs tried; what only chance put there is found out by the other half
CONDITIONS = 2
FEWEST = 15  # failures, and successes, in each half: of fewer nothing can be learnt
WIDE = (1 / 2, 1 / 3)  # shares of the worlds on the side of a wide box
SURE = 1.96  # one-sided 97.5 per cent, as two boxes are tried


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
    """The box in which failures are most frequent; None where no box stands out from chance.

    Every other world makes a box, the rest judges it. Where the box that peeling makes does not
    hold there, a wide one is tried: one input's upper or lower half or third, a weaker condition
    that more worlds speak for.
    """
    one, other = slice(0, None, 2), slice(1, None, 2)
    counts = [int(failed[half].sum()) for half in (one, other)]
    sizes = [len(failed[half]) for half in (one, other)]
    if min(*counts, sizes[0] - counts[0], sizes[1] - counts[1]) < FEWEST:
        return None
    for edges in (_peeled(inputs[one], failed[one]), _wide(inputs[one], failed[one])):
        found = _judged(edges, inputs[other], failed[other])
        if found is not None:
            return found
    return None


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


def _wide(
    inputs: Float64[np.ndarray, "world input"], failed: Bool[np.ndarray, " world"]
) -> list[Edge]:
    """One side of one input that tells failures apart most surely."""
    best: tuple[float, list[Edge]] = (0.0, [])
    overall = failed.mean()
    for column in _candidates(inputs, failed):
        for above in (True, False):
            for share in WIDE:
                value = float(np.quantile(inputs[:, column], 1 - share if above else share))
                edges = [Edge(column, above, value)]
                inside = within(inputs, edges)
                surely = float((failed[inside].mean() - overall) * np.sqrt(inside.sum()))
                if surely > best[0]:
                    best = surely, edges
    return best[1]


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
    """Edges that raise the share of failures step by step."""
    tried = _candidates(inputs, failed)
    edges: dict[tuple[int, bool], Edge] = {}
    inside = np.ones(len(failed), dtype=bool)
    least = LEAST * len(failed)
    while True:
        best: tuple[float, Edge] | None = None
        now = float(failed[inside].mean())
        for column in tried:
            if len({own for own, _ in edges} | {column}) > CONDITIONS:
                continue
            values = inputs[inside, column]
            for above in (True, False):
                value = float(np.quantile(values, PEEL if above else 1 - PEEL))
                kept = inside & within(inputs, [Edge(column, above, value)])
                if kept.sum() < least or kept.sum() == inside.sum():
                    continue
                density = float(failed[kept].mean())
                if density > now and (best is None or density > best[0]):
                    best = density, Edge(column, above, value)
        if best is None:
            return list(edges.values())
        edges[best[1].column, best[1].above] = best[1]
        inside &= within(inputs, [best[1]])


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
