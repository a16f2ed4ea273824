"""Programmes judged over all worlds: which is best, how often, and what the wrong choice costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.pages.futures import Futures, band
from sim.shapes import Float64

ACCEPTABLE = 0.75  # of the best programme's gain in the same world; and no loss
HEADLINE = "value_added_total"


@dataclass(frozen=True, eq=False)
class Robustness:
    """How programmes of the same outside world stand over the worlds.

    Args:
        scenarios: those compared, the baseline left out.
        gains: what each adds to the baseline in the year.
        best: share of worlds in which each gives most.
        acceptable: share in which each gives at least `ACCEPTABLE` of what the best one gives.
        regret: quantiles of what each falls short of the best one of the world.
        worst: the greatest regret.
        favourite: the one with the highest median gain.
    """

    scenarios: tuple[str, ...]
    gains: Float64[np.ndarray, "scenario world"]
    best: Float64[np.ndarray, " scenario"]
    acceptable: Float64[np.ndarray, " scenario"]
    regret: Float64[np.ndarray, "scenario quantile"]
    worst: Float64[np.ndarray, " scenario"]
    favourite: str

    @property
    def lead(self) -> int:
        """Position of the favourite."""
        return self.scenarios.index(self.favourite)

    @property
    def second(self) -> str:
        """The one with the next highest median gain; the favourite where it is alone."""
        order = np.argsort(-np.median(self.gains, axis=1), kind="stable")
        return self.scenarios[int(order[min(1, len(order) - 1)])]


def comparable(futures: Futures) -> tuple[str, ...]:
    """The programmes taken in the outside world of the baseline: a shock is no programme."""
    home = futures.merged[futures.baseline].get("external", {})
    same = [each for each in futures.others if futures.merged[each].get("external", {}) == home]
    return tuple(same) or futures.others


def judge(futures: Futures, variable: str, year: int) -> Robustness:
    """Programmes by one outcome in one year; more is better."""
    scenarios = comparable(futures)
    places = [futures.place(each) for each in scenarios]
    gains = futures.gaps(variable)[places, :, futures.at(year)]
    top = gains.max(axis=0)
    regret = top - gains
    enough = gains >= least(top)
    medians = np.median(gains, axis=1)
    return Robustness(
        scenarios=scenarios,
        gains=gains,
        best=(regret <= 0).mean(axis=1),
        acceptable=enough.mean(axis=1),
        regret=band(regret),
        worst=regret.max(axis=1),
        favourite=scenarios[int(np.argmax(medians))],
    )


def least(top: Float64[np.ndarray, " world"]) -> Float64[np.ndarray, " world"]:
    """What a programme must give to be acceptable, by what the best one gives."""
    return ACCEPTABLE * np.maximum(top, 0.0)
