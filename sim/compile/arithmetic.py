"""What each operation gives for numbers: for folding constants while the graph is built.

The same NumPy functions that PySD calls, so that a folded constant has PySD's bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from sim.ir import Op


def _truth(value: bool | np.bool) -> float:
    return 1.0 if value else 0.0


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except ValueError:
        # math.pow refuses 0^negative (numpy: inf) and negative^fraction (numpy: nan).
        return math.inf if base == 0.0 else math.nan
    except OverflowError:
        return -math.inf if base < 0.0 and exponent % 2.0 == 1.0 else math.inf


def _gamma_ln(x: float) -> float:
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):
        return math.inf


_RULES: dict[Op, Callable[..., float]] = {
    Op.ADD: lambda a, b: a + b,
    Op.SUB: lambda a, b: a - b,
    Op.MUL: lambda a, b: a * b,
    Op.DIV: np.divide,
    Op.NEG: lambda a: -a,
    Op.POW: _power,
    Op.LOG2: np.log2,
    Op.RAISE: lambda x, y, _: _power(x, y),
    Op.POWERS: lambda a, x, b, y: _power(a, x) * _power(b, y),
    Op.EXP: np.exp,
    Op.LN: np.log,
    Op.SQRT: np.sqrt,
    Op.SIN: np.sin,
    Op.COS: np.cos,
    Op.TAN: np.tan,
    Op.ARCSIN: np.arcsin,
    Op.ARCCOS: np.arccos,
    Op.ARCTAN: np.arctan,
    Op.SINH: np.sinh,
    Op.COSH: np.cosh,
    Op.TANH: np.tanh,
    Op.GAMMALN: _gamma_ln,
    Op.ABS: np.fabs,
    Op.FLOOR: np.floor,
    Op.TRUNC: np.trunc,
    Op.MOD: np.mod,
    Op.MIN: np.minimum,
    Op.MAX: np.maximum,
    Op.LT: lambda a, b: _truth(a < b),
    Op.LE: lambda a, b: _truth(a <= b),
    Op.GT: lambda a, b: _truth(a > b),
    Op.GE: lambda a, b: _truth(a >= b),
    Op.EQ: lambda a, b: _truth(a == b),
    Op.NE: lambda a, b: _truth(a != b),
    Op.AND: lambda a, b: _truth(a != 0.0 and b != 0.0),
    Op.OR: lambda a, b: _truth(a != 0.0 or b != 0.0),
    Op.NOT: lambda a: _truth(a == 0.0),
    Op.SELECT: lambda c, a, b: a if c != 0.0 else b,
}


def apply(op: Op, values: Sequence[float]) -> float:
    """The operation on numbers, in float64; never raises, as NumPy does not."""
    with np.errstate(all="ignore"):
        return float(_RULES[op](*(np.float64(value) for value in values)))


def read(x: float, xs: Sequence[float], ys: Sequence[float], reading: str) -> float:
    """A table or series at `x`: `xs` rising, `reading` as in `sim.ir.Table` and `Series`."""
    if math.isnan(x):
        return math.nan
    if reading == "raw":
        return next((float(y) for k, y in zip(xs, ys, strict=True) if k == x), math.nan)
    if x <= xs[0] or x >= xs[-1]:
        low = x <= xs[0]
        end = 0 if low else -1
        if reading == "extrapolate" and len(xs) > 1 and x != xs[end]:
            near = 1 if low else -2
            slope = (ys[end] - ys[near]) / (xs[end] - xs[near])
            return float(ys[end] + slope * (x - xs[end]))
        return float(ys[end])
    if reading == "hold_backward":
        return float(ys[int(np.searchsorted(xs, x, side="right")) - 1])
    if reading == "look_forward":
        return float(ys[int(np.searchsorted(xs, x, side="left"))])
    return float(np.interp(x, xs, ys))
