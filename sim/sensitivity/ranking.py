"""What to research next: how much a number matters, times how weak the evidence for it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.plan.design import Design
from sim.sensitivity.indices import Indices

WEAKNESS = {"A": 0.0, "B": 1.0 / 3.0, "C": 2.0 / 3.0, "D": 1.0}
UNGRADED = 1.0


@dataclass(frozen=True)
class Rank:
    """One factor or group.

    Args:
        name: its id.
        importance: the headline measure over time, mean of the outcomes.
        width: half-width of its interval; NaN where there is none.
        grade: of the evidence, the weakest of a group; "" where nobody said.
        score: importance times weakness.
    """

    name: str
    importance: float
    width: float
    grade: str
    score: float


def grades(design: Design) -> dict[str, str]:
    """The grade of every factor and group; of a group the weakest, ungraded being weakest."""
    found: dict[str, list[str]] = {}
    for factor in design.factors:
        found.setdefault(factor.id, []).append(factor.grade)
        if factor.group != factor.id:
            found.setdefault(factor.group, []).append(factor.grade)
    return {name: "" if "" in each else max(each) for name, each in found.items()}


def ranked(design: Design, outcomes: Sequence[Indices]) -> list[Rank]:
    """Factors by what research on them would be worth, the most first.

    Args:
        design: of the run.
        outcomes: indices of outcomes, of one estimator.
    """
    graded = grades(design)
    seen = [each for each in outcomes if np.isfinite(each.importance).any()]
    if not seen:
        return []
    importance = np.nanmean([np.maximum(each.importance, 0.0) for each in seen], axis=0)
    widths = np.full(len(importance), np.nan)
    if any(np.isfinite(each.over_time_widths[each.headline]).any() for each in seen):
        squares = [each.over_time_widths[each.headline] ** 2 for each in seen]
        widths = np.sqrt(np.nanmean(squares, axis=0))
    ranks: list[Rank] = []
    for name, value, width in zip(seen[0].names, importance, widths, strict=True):
        grade = graded.get(name, "")
        score = float(value) * WEAKNESS.get(grade, UNGRADED)
        ranks.append(Rank(name, float(value), float(width), grade, score))
    return sorted(ranks, key=lambda rank: (-rank.score, -rank.importance, rank.name))


def enough(
    design: Design, outcomes: Mapping[str, Indices], members: int
) -> tuple[bool, float, int] | None:
    """Whether the stop rule is met; None where the experiment has none.

    Args:
        design: of the run.
        outcomes: their indices.
        members: of which they are: all of the design, or its beginning.

    Returns:
        Met or not; the widest half-width; the n at which it would be met (intervals shrink
        with the square root of n).
    """
    if design.stop <= 0.0:
        return None
    measured = [
        each.over_time_widths[design.stop_of]
        for each in outcomes.values()
        if design.stop_of in each.over_time_widths
    ]
    known = [float(np.nanmax(each)) for each in measured if np.isfinite(each).any()]
    if not known:
        return None
    widest = max(known)
    needed = members / max(design.block, 1) * max((widest / design.stop) ** 2, 1.0)
    if design.kind == "sobol":
        return widest <= design.stop, widest, 1 << int(np.ceil(np.log2(needed)))
    return widest <= design.stop, widest, int(np.ceil(needed))
