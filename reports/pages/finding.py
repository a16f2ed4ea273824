"""What a sentence holds: a rule's name and its numbers, with no language in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reports.pages.futures import band
from sim.shapes import Float64


@dataclass(frozen=True)
class Quantity:
    """A number, with its 90 per cent interval where it has one.

    Args:
        kind: how it is written: money (NOK million), jobs, share, year, count, krone.
        value: the number; the median where there is an interval.
        low: the 5th percentile.
        high: the 95th.
    """

    kind: str
    value: float | int
    low: float | None = None
    high: float | None = None

    def whole(self) -> Quantity:
        """The same to the nearest whole number."""
        ends = [None if each is None else float(round(each)) for each in (self.low, self.high)]
        return Quantity(self.kind, float(round(self.value)), *ends)


@dataclass(frozen=True)
class Name:
    """Something that has a name: a scenario, region, group of levers, goal, or input."""

    kind: str
    id: str


@dataclass(frozen=True)
class Item:
    """A name or a year with its number; `above` for sides of a box."""

    of: Name | int
    quantity: Quantity
    above: bool = True


Value = Quantity | Name | tuple[Item, ...]


@dataclass(frozen=True)
class Finding:
    """A rule of `phrases` and its values."""

    rule: str
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])

    def quantities(self) -> Iterator[Quantity]:
        """Every number in it."""
        for value in self.values.values():
            if isinstance(value, Quantity):
                yield value
            elif isinstance(value, tuple):
                yield from (item.quantity for item in value)

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"rule": self.rule, **{name: _plain(one) for name, one in self.values.items()}}


def year(value: int) -> Quantity:
    """A year."""
    return Quantity("year", value)


def spread(kind: str, values: Float64[np.ndarray, " world"]) -> Quantity:
    """The median over the worlds with its interval."""
    return Quantity(kind, *ends(band(values)))


def ends(bands: Float64[np.ndarray, " quantile"]) -> tuple[float, float, float]:
    """The median, the 5th and the 95th percentile of a band."""
    return float(bands[2]), float(bands[0]), float(bands[4])


def _plain(value: Value) -> Any:
    if isinstance(value, Quantity):
        found: dict[str, Any] = {"kind": value.kind, "value": value.value}
        if value.low is not None:
            found |= {"low": value.low, "high": value.high}
        return found
    if isinstance(value, Name):
        return {value.kind: value.id}
    return [
        {"of": item.of if isinstance(item.of, int) else _plain(item.of), "above": item.above,
         **_plain(item.quantity)}
        for item in value
    ]  # fmt: skip
