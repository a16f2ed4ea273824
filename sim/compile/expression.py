"""An expression that can be lowered, and how expressions are joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.compile.engine import Environment

At = Callable[[Environment], int]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that can be lowered.

    Args:
        at: gives its node in an environment.
        dims: the ranges it varies over, in PySD's order of dimensions (with `!` where reduced).
        constant: True if it holds nothing but numbers.
        height: how deep it nests.
    """

    at: At
    dims: tuple[str, ...] = ()
    constant: bool = False
    height: int = 1


def merged(parts: Sequence[Expression]) -> tuple[str, ...]:
    """The dimensions of an operation: those of its arguments in order of appearance."""
    return tuple(dict.fromkeys(dim for part in parts for dim in part.dims))


def joined(at: At, parts: Sequence[Expression], constant: bool | None = None) -> Expression:
    """An expression made of parts."""
    return Expression(
        at,
        merged(parts),
        all(part.constant for part in parts) if constant is None else constant,
        1 + max((part.height for part in parts), default=0),
    )
