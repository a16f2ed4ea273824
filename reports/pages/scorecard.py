"""The strategy's goals × scenarios: how sure each is to be reached, by how much, and when.

The strategy sets no numbers. Where somebody else has set one, reaching it is judged; elsewhere a
goal counts as reached where its indicator is noticeably better than when the strategy started.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.pages.futures import Futures, Paths, band
from sim.scenario.catalogues import Goal, Outcome
from sim.shapes import Bool, Float64

Line = Float64[np.ndarray, "#scenario #world #year"]
NOTICED = 0.01  # of the start: an indicator that stands still wanders by less


@dataclass(frozen=True, eq=False)
class Score:
    """A goal under every scenario.

    Args:
        id: of the goal.
        goal: as the catalogue has it.
        outcome: what measures it; None where the model, or the sweep, has no such variable.
        year: in which it is judged.
        by_target: whether a number set by somebody is judged; else the direction.
        reached: share of worlds in which it is reached in the year.
        better: share of worlds in which it is better than under the first scenario.
        gap: quantiles of the difference from the first scenario, in the outcome's unit for
            people, or in per cent where the outcome is compared so.
        since: the year from which the median world stays there to the end; 0 for never.
    """

    id: str
    goal: Goal
    outcome: Outcome | None
    year: int
    by_target: bool
    reached: Float64[np.ndarray, " scenario"]
    better: Float64[np.ndarray, " scenario"]
    gap: Float64[np.ndarray, "scenario quantile"]
    since: tuple[int, ...]

    @property
    def measured(self) -> bool:
        """Whether there is anything to judge it by."""
        return self.outcome is not None


def goal_set(futures: Futures) -> str:
    """The set of goals that the first scenario is judged by; the first there is, if none."""
    named = str(futures.merged[futures.baseline].get("goals", ""))
    return named if named in futures.known.goals else next(iter(futures.known.goals))


def scores(futures: Futures, year: int | None = None) -> list[Score]:
    """Every goal of the set, in its order.

    Args:
        futures: the worlds.
        year: in which goals without a target are judged; the page's horizon when None.
    """
    chosen = futures.known.goals[goal_set(futures)].goals
    return [_score(futures, own, goal, year or futures.horizon) for own, goal in chosen.items()]


def indicator(futures: Futures, goal: Goal) -> Paths | None:
    """What measures a goal, in the unit people read; None where nothing was kept that does."""
    outcome = futures.known.outcomes.get(goal.outcome or "")
    if outcome is None or not futures.has(outcome.variable):
        return None
    elements = goal.elements or futures.elements(outcome.variable)
    if any((outcome.variable, one) not in futures.values for one in elements):
        return None
    return np.sum([futures.paths(outcome.variable, one) for one in elements], axis=0)


def threshold(futures: Futures, goal: Goal, values: Paths) -> Line | None:
    """The number to be reached, [1 or scenario, world, 1]; None where it is but words."""
    target = goal.target
    if target is None or target.counts is None or target.year not in futures.years:
        return None
    if target.counts == "itself":
        return np.full((1, 1, 1), target.value)
    if target.base not in futures.years:
        return None
    base = values[:, :, [futures.at(int(target.base or 0))]]
    return base * (target.value if target.counts == "times" else 1 - target.value / 100)


def _score(futures: Futures, own: str, goal: Goal, year: int) -> Score:
    values = indicator(futures, goal)
    count = len(futures.scenarios)
    if values is None:
        nothing = np.full(count, np.nan)
        none = np.full((count, 5), np.nan)
        return Score(own, goal, None, year, False, nothing, nothing, none, (0,) * count)
    outcome = futures.known.outcomes[goal.outcome or ""]
    set_ = threshold(futures, goal, values)
    if goal.target and set_ is not None:
        year = goal.target.year
    start = values[:, :, [futures.at(futures.start)]]
    up = goal.direction == "up"
    line = start + (NOTICED if up else -NOTICED) * np.abs(start) if set_ is None else set_
    there = values >= line if up else values <= line
    at = futures.at(year)
    gap = values[:, :, at] - values[:1, :, at]
    better = gap > 0 if up else gap < 0
    if outcome.change == "relative":
        gap = 100 * gap / np.abs(values[:1, :, at])
    return Score(
        id=own,
        goal=goal,
        outcome=outcome,
        year=year,
        by_target=set_ is not None,
        reached=there[:, :, at].mean(axis=1),
        better=better.mean(axis=1),
        gap=band(gap),
        since=tuple(_since(futures, each) for each in there),
    )


def _since(futures: Futures, there: Bool[np.ndarray, "world year"]) -> int:
    """From when at least half of the worlds are there in every year to the horizon; 0: never."""
    upto = futures.at(futures.horizon) + 1
    most = there[:, :upto].mean(axis=0) >= 0.5
    after = futures.years[:upto] > futures.start
    wrong = np.flatnonzero(~most & after)
    first = int(wrong[-1]) + 1 if len(wrong) else int(np.flatnonzero(after)[0])
    return int(futures.years[first]) if first < upto else 0
