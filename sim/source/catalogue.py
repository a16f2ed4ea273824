"""The catalogue: every variable of a model, with what the text says about it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

CONSTANT, LOOKUP, DATA, STOCK, AUXILIARY, CONTROL = (
    "constant",
    "lookup",
    "data",
    "stock",
    "auxiliary",
    "control",
)


@dataclass(frozen=True, eq=False)
class Variable:
    """A variable as the text defines it.

    Args:
        id: its name in Python, files and results (see `sim.ir.identifier`).
        name: its name in the text.
        dims: the subscript ranges it lies over, by name, in order; () for a scalar.
        shape: the number of elements of each of `dims`.
        units: as written, without the limits.
        description: the documentation without its bracket.
        kind: constant, lookup, data, stock, auxiliary or control (time bounds and steps).
        value: of a constant written as numbers, of shape `shape`; else None.
        low: the least sensible value, broadcastable to `shape`, in `units`; or None.
        high: the greatest, likewise.
        sources: ids of the sources it is taken from.
        assumption: the reason of an assumed number, or "".
        grade: how good the evidence is, A to D, or "".
        chapter: the file that defines it, as a person should see it.
        line: the line there, from 1.
    """

    id: str
    name: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    units: str
    description: str
    kind: str
    value: Values | None = field(repr=False)
    low: Values | None = field(repr=False)
    high: Values | None = field(repr=False)
    sources: tuple[str, ...]
    assumption: str
    grade: str
    chapter: str
    line: int


def number(tree: Any) -> float | Values | None:
    """The number (or array of numbers) that an expression writes down, or None."""
    if isinstance(tree, bool | int | float | np.number):
        return float(tree)
    if isinstance(tree, np.ndarray):
        return np.asarray(tree, dtype=np.float64)
    operators = getattr(tree, "operators", None)
    if operators == ["negative"]:
        inner = number(tree.arguments[0])
        return None if inner is None else -inner
    return None


def values(
    components: Iterable[Any],
    dims: tuple[str, ...],
    labels: dict[str, tuple[str, ...]],
    coordinates: Callable[[list[str]], list[tuple[str, ...]]],
) -> Values | None:
    """The value of a constant, over its ranges; None where an element is not a number.

    Args:
        components: the equations that define it.
        dims: the ranges it lies over.
        labels: the labels of every range.
        coordinates: the labels that the subscripts of an equation stand for.
    """
    shape = tuple(len(labels[dim]) for dim in dims)
    whole = np.full(shape, np.nan)
    filled = np.zeros(shape, dtype=bool)
    for component in components:
        given = number(component.ast)
        if given is None:
            return None
        over = coordinates(list(component.subscripts[0]))
        where = tuple(
            [labels[dim].index(label) for label in each]
            for dim, each in zip(dims, over, strict=True)
        )
        place = np.ix_(*where) if where else ()
        chosen = np.zeros(shape, dtype=bool)
        chosen[place] = True
        for group in component.subscripts[1]:
            out = coordinates(list(group))
            spared = tuple(
                [labels[dim].index(label) for label in each if label in labels[dim]]
                for dim, each in zip(dims, out, strict=True)
            )
            chosen[np.ix_(*spared)] = False
        block = np.empty(shape)
        try:
            block[place] = np.reshape(given, _block(given, where))
        except ValueError:
            return None  # PySD will say what is wrong with its shape
        whole[chosen] = block[chosen]
        filled |= chosen
    if not filled.all():
        return None
    whole.flags.writeable = False
    return whole


def _block(given: float | Values, where: tuple[list[int], ...]) -> tuple[int, ...]:
    """The shape of a table of numbers over the elements that an equation names."""
    return () if np.ndim(given) == 0 else tuple(len(each) for each in where)


def limits(
    given: tuple[float | None, ...] | None,
    value: Values | None,
    low: float | None,
    high: float | None,
) -> tuple[Values | None, Values | None]:
    """The bounds of a variable: factors of its value where there are, else the units' limits."""
    if value is not None and low is not None and high is not None:
        # A factor turns a negative value's order round.
        # A scalar value would leave numpy as a number, not as an array.
        first, second = value * low, value * high
        return np.asarray(np.minimum(first, second)), np.asarray(np.maximum(first, second))
    ends = [*(given or ()), None, None][:2]
    bounds = [None if e is None or not math.isfinite(e) else np.array(float(e)) for e in ends]
    return bounds[0], bounds[1]
