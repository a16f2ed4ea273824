"""What the results hang on: inputs by how far they move a result.

The worlds are a Latin hypercube over hundreds of inputs, so chance alone gives each a little
weight; only what stands out from chance is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from reports.pages.futures import Futures, standard
from sim.shapes import Float64

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
    """

    column: int
    element: str
    name: dict[str, str]
    grade: str
    swing: float
    rank: float


@dataclass(frozen=True)
class Drivers:
    """What a result hangs on.

    Args:
        variable: the result.
        scenario: whose difference from the first is looked at; the first itself: its level.
        year: in which swings are taken.
        chance: rank correlation that one of all inputs reaches by chance once in twenty.
        tried: how many inputs there are.
        found: those beyond chance, the strongest first.
    """

    variable: str
    scenario: str
    year: int
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
    values = _values(futures, variable, scenario)
    inputs = futures.inputs.to_numpy(dtype=np.float64)
    now = values[:, futures.at(year)]
    rank = _correlation(futures.ranks, now)
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
        moved = _swing(inputs[:, at], now)
        found.append(Driver(at, element, name, grade, moved, float(rank[at])))
    return Drivers(variable, scenario, year, chance, tried, tuple(found))


def swing(futures: Futures, variable: str, scenario: str, year: int, element: str) -> float:
    """How far an input moves a result; see `Driver.swing`."""
    column = futures.inputs[element].to_numpy(dtype=np.float64)
    return _swing(column, _values(futures, variable, scenario)[:, futures.at(year)])


def _swing(column: Float64[np.ndarray, " world"], values: Float64[np.ndarray, " world"]) -> float:
    low, high = np.quantile(column, (1 / 3, 2 / 3))
    return float(values[column >= high].mean() - values[column <= low].mean())


def ranks(
    futures: Futures, variable: str, scenario: str, year: int
) -> Float64[np.ndarray, " input"]:
    """Every input's rank correlation with a result, or for a programme with its difference."""
    values = _values(futures, variable, scenario)
    return _correlation(futures.ranks, values[:, futures.at(year)])


def _values(futures: Futures, variable: str, scenario: str) -> Float64[np.ndarray, "world year"]:
    first = scenario == futures.baseline
    source = futures.paths(variable) if first else futures.gaps(variable)
    return source[futures.place(scenario)]


def _correlation(
    ranks: Ranks, values: Float64[np.ndarray, " world"]
) -> Float64[np.ndarray, " input"]:
    if np.ptp(values) <= 1e-12 * np.abs(values).max(initial=0.0):
        return np.zeros(ranks.shape[1])
    mine = pd.DataFrame(values).rank().to_numpy(dtype=np.float64)
    return (ranks.T @ standard(mine))[:, 0]
