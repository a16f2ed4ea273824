"""What the results hang on: inputs by how far they move a result, and how it changes over time.

The worlds are a Latin hypercube over hundreds of inputs, so chance alone gives each a little
weight; only what stands out from chance is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from jaxtyping import Float64

from reports.pages.futures import Futures
from sim.sensitivity.ranking import WEAKNESS

Ranks = Float64[np.ndarray, "world input"]

SHOWN = 12


@dataclass(frozen=True, eq=False)
class Driver:
    """One input.

    Args:
        column: position among the inputs' columns.
        element: the column, as the model's text names it.
        name: given name by language; empty where nobody gave one.
        grade: of its evidence, A to D, or "".
        swing: mean of the result where the input is in its upper third, less that where it is
            in its lower third.
        rank: rank correlation with the result.
        share: [year] squared rank correlation in each of the years asked for.
    """

    column: int
    element: str
    name: dict[str, str]
    grade: str
    swing: float
    rank: float
    share: Float64[np.ndarray, " year"]

    @property
    def research(self) -> float:
        """Share of the result's spread, times how weak the evidence is."""
        return self.rank**2 * WEAKNESS.get(self.grade, 1.0)


@dataclass(frozen=True)
class Drivers:
    """What a result hangs on.

    Args:
        variable: the result.
        scenario: whose difference from the first is looked at; the first itself: its level.
        year: in which swings are taken.
        years: in which shares are taken.
        chance: rank correlation that one of all inputs reaches by chance once in twenty.
        tried: how many inputs there are.
        found: those beyond chance, the strongest first.
    """

    variable: str
    scenario: str
    year: int
    years: tuple[int, ...]
    chance: float
    tried: int
    found: tuple[Driver, ...]


def drivers(futures: Futures, variable: str, scenario: str, year: int) -> Drivers:
    """The inputs that move a result more than chance would.

    Args:
        futures: the worlds.
        variable: a headline result, one number.
        scenario: its difference from the first scenario, or for the first itself its level.
        year: for the order and the swings.
    """
    first = scenario == futures.baseline
    source = futures.paths(variable) if first else futures.gaps(variable)
    values = source[futures.place(scenario)]
    inputs = futures.inputs.to_numpy(dtype=np.float64)
    ranks = _standard(futures.inputs.rank().to_numpy(dtype=np.float64))
    years = futures.report_years
    shares = [_correlation(ranks, values[:, futures.at(each)]) ** 2 for each in years]
    now = values[:, futures.at(year)]
    rank = _correlation(ranks, now)
    varying = inputs.std(axis=0) > 0
    tried = int(varying.sum())
    chance = NormalDist().inv_cdf(1 - 0.05 / (2 * max(tried, 1))) / float(np.sqrt(len(now) - 1))
    order = [int(at) for at in np.argsort(-np.abs(rank), kind="stable")[:SHOWN]]
    told = {
        column: (dict(factor.name) if len(factor.columns) == 1 else {}, factor.grade)
        for factor in futures.design.factors
        for column in factor.columns
    }
    found: list[Driver] = []
    for at in order:
        if abs(rank[at]) <= chance:
            continue
        element = str(futures.inputs.columns[at])
        name, grade = told.get(element, ({}, ""))
        low, high = np.quantile(inputs[:, at], (1 / 3, 2 / 3))
        swing = now[inputs[:, at] >= high].mean() - now[inputs[:, at] <= low].mean()
        share = np.array([each[at] for each in shares])
        found.append(Driver(at, element, name, grade, float(swing), float(rank[at]), share))
    return Drivers(variable, scenario, year, years, chance, tried, tuple(found))


def _standard(values: Ranks) -> Ranks:
    """With mean 0 and length 1; 0 where nothing varies."""
    centred = values - values.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    return centred / np.where(length > 0, length, 1.0)


def _correlation(
    ranks: Ranks, values: Float64[np.ndarray, " world"]
) -> Float64[np.ndarray, " input"]:
    if np.ptp(values) <= 1e-12 * np.abs(values).max(initial=0.0):
        return np.zeros(ranks.shape[1])
    mine = pd.DataFrame(values).rank().to_numpy(dtype=np.float64)
    return (ranks.T @ _standard(mine))[:, 0]
