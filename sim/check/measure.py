"""What is known of the unit of an expression, and how it multiplies."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.units import DIMENSIONLESS, Unit


@dataclass(frozen=True, slots=True)
class Measure:
    """What is known of an expression.

    Args:
        unit: its unit; None for numbers of the text, and where nothing can be said.
        literal: whether it is made of numbers of the text.
        number: the number itself, where it is one.
    """

    unit: Unit | None
    literal: bool = False
    number: float | None = None


ANY = Measure(None)
BARE = Measure(None, literal=True)


def times(left: Measure, right: Measure) -> Measure:
    """Of a product."""
    if left.literal and right.literal:
        return Measure(None, True, _product(left.number, right.number))
    if left.literal or right.literal:
        return Measure((right if left.literal else left).unit)
    if left.unit is None or right.unit is None:
        return ANY
    return Measure(left.unit * right.unit)


def over(left: Measure, right: Measure) -> Measure:
    """Of a quotient."""
    if right.literal:
        one = 1 / right.number if right.number else None
        return times(left, Measure(None, True, one))
    if right.unit is None:
        return ANY
    return times(left, Measure(DIMENSIONLESS / right.unit))


def _product(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left * right


def power(base: float | None, exponent: float | None) -> float | None:
    """A number to the power of another; None where it is none, or is not known."""
    if base is None or exponent is None:
        return None
    try:
        found = math.pow(base, exponent)
    except (ValueError, OverflowError):
        return None
    return found
