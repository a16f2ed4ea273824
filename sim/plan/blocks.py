"""What varies: coordinates of the unit cube, and how they become columns of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from scipy import special

from sim.plan import quantiles
from sim.plan.design import Cube, Factor
from sim.scenario import distribution as d
from sim.shapes import Float64

Column = Float64[np.ndarray, " member"]
LEAST = 1e-12  # the smallest gamma variate: shares of nothing at all have no sum


@dataclass(frozen=True)
class Place:
    """An element of a constant.

    Args:
        column: as the table names it.
        value: the model's own.
        low: the least sensible value, or None.
        high: the greatest, or None.
        grade: of the evidence.
    """

    column: str
    value: float
    low: float | None
    high: float | None
    grade: str


@runtime_checkable  # so that the tests check the types of arguments
class Block(Protocol):
    """Factors that make columns together."""

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Its coordinates."""
        ...

    def columns(self, cube: Cube) -> Mapping[str, Column]:
        """The columns it makes of its part of the cube."""
        ...


@dataclass(frozen=True)
class Plain:
    """One number that moves one element, or several together."""

    factors: tuple[Factor, ...]
    given: d.Drawn
    places: tuple[Place, ...]

    def columns(self, cube: Cube) -> Mapping[str, Column]:
        """One column an element; of a range by grade those that have a range."""
        u = cube[:, 0]
        if isinstance(self.given, d.ByGrade):
            return {
                each.column: quantiles.by_grade(each.value, each.low, each.high, each.grade, u)
                for each in self.places
                if each.low is not None and each.high is not None and each.low < each.high
            }
        drawn = quantiles.values(self.given, u)
        if self.given.relative:
            return {each.column: each.value * drawn for each in self.places}
        return {each.column: drawn for each in self.places}


@dataclass(frozen=True)
class Spread:
    """Shares that keep their sum: gamma variates divided by their sum (Dirichlet)."""

    factors: tuple[Factor, ...]
    concentration: float
    places: tuple[Place, ...]

    def columns(self, cube: Cube) -> Mapping[str, Column]:
        """One column a share; their sum is that of the model's own values."""
        own = np.array([each.value for each in self.places])
        weights = self.concentration * own / own.sum()
        gammas = np.maximum(special.gammaincinv(weights, np.clip(cube, LEAST, 1.0 - LEAST)), LEAST)
        shares = own.sum() * gammas / gammas.sum(axis=1, keepdims=True)
        return {each.column: shares[:, at] for at, each in enumerate(self.places)}


@dataclass(frozen=True)
class Bent:
    """A multiplier along the last range of an array, by level, tilt and bend."""

    factors: tuple[Factor, ...]
    parts: Mapping[str, d.Drawn]
    places: tuple[Place, ...]
    length: int

    def columns(self, cube: Cube) -> Mapping[str, Column]:
        """One column an element."""
        s = np.linspace(-1.0, 1.0, self.length)
        shapes = {"level": np.ones(self.length), "tilt": s, "bend": (3.0 * s**2 - 1.0) / 2.0}
        logs = np.zeros((len(cube), self.length))
        for at, (name, given) in enumerate(self.parts.items()):
            logs += quantiles.values(given, cube[:, at])[:, None] * shapes[name]
        factors = np.exp(logs)
        return {
            each.column: each.value * factors[:, at % self.length]
            for at, each in enumerate(self.places)
        }


@dataclass(frozen=True)
class Rows:
    """Rows of a table, each drawn whole; the first coordinate says which.

    The columns have a coordinate each, so that each can be judged.
    """

    factors: tuple[Factor, ...]
    drawn: Mapping[str, Sequence[float]]

    def columns(self, cube: Cube) -> Mapping[str, Column]:
        """The table's columns; a Latin hypercube as long as the table takes every row once."""
        count = len(next(iter(self.drawn.values())))
        rows = np.minimum((cube[:, 0] * count).astype(np.int64), count - 1)
        return {
            name: np.array(values, dtype=np.float64)[rows] for name, values in self.drawn.items()
        }
