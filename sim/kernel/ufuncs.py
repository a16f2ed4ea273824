"""The meaning of every operation, in NumPy: the reference for all back ends.

Each function takes arrays (or numbers) and writes to `out`. Powers go through
`numpy.float_power`, which is the processor-independent `pow` that a scalar `**` uses,
so that programs compiled "exact" give PySD's bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.ir import Node, Op, Table

Values: TypeAlias = NDArray[np.float64]
Operation: TypeAlias = Callable[..., object]


def select(condition: Values | float, yes: Values | float, no: Values | float, out: Values) -> None:
    """`yes` where the condition holds, else `no`."""
    np.copyto(out, no)
    np.copyto(out, yes, where=np.not_equal(condition, 0.0))


def gammaln(x: Values | float, out: Values) -> None:
    """The logarithm of the gamma function."""
    # scipy.special takes 0.2 s to import, and few models need it
    from scipy.special import gammaln as scipy_gammaln  # pyright: ignore[reportMissingTypeStubs]

    scipy_gammaln(x, out=out)


def powers(
    a: Values | float, x: Values | float, b: Values | float, y: Values | float, out: Values
) -> None:
    """`a^x b^y`."""
    np.multiply(np.float_power(a, x), np.float_power(b, y), out=out)


def raised(x: Values | float, y: Values | float, _: Values | float, out: Values) -> None:
    """`x^y`; its logarithm is of use to machine code."""
    np.float_power(x, y, out=out)


ELEMENTWISE: dict[Op, Operation] = {
    Op.ADD: np.add,
    Op.SUB: np.subtract,
    Op.MUL: np.multiply,
    Op.DIV: np.divide,
    Op.NEG: np.negative,
    Op.POW: np.float_power,
    Op.POWERS: powers,
    Op.LOG2: np.log2,
    Op.RAISE: raised,
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
    Op.GAMMALN: gammaln,
    Op.ABS: np.absolute,
    Op.FLOOR: np.floor,
    Op.TRUNC: np.trunc,
    Op.MOD: np.mod,
    Op.MIN: np.minimum,
    Op.MAX: np.maximum,
    Op.LT: np.less,
    Op.LE: np.less_equal,
    Op.GT: np.greater,
    Op.GE: np.greater_equal,
    Op.EQ: np.equal,
    Op.NE: np.not_equal,
    Op.AND: np.logical_and,
    Op.OR: np.logical_or,
    Op.NOT: np.logical_not,
    Op.SELECT: select,
}


def lookup(table: Table) -> Operation:
    """The function of a table, `f(x, out=...)`; not a number goes in, not a number comes out."""
    x = np.asarray(table.x, dtype=np.float64)
    y = np.asarray(table.y, dtype=np.float64)
    last = len(x) - 1

    def hold(at: Values, out: Values) -> None:
        held = y[np.clip(np.searchsorted(x, at, side="right") - 1, 0, last)]
        np.copyto(out, np.where(np.isnan(at), np.nan, held))

    def forward(at: Values, out: Values) -> None:
        ahead = y[np.clip(np.searchsorted(x, at, side="left"), 0, last)]
        np.copyto(out, np.where(np.isnan(at), np.nan, ahead))

    def between(at: Values, out: Values) -> None:
        np.copyto(out, np.interp(at, x, y))

    def beyond(at: Values, out: Values) -> None:
        value = np.interp(at, x, y)
        first_slope = (y[1] - y[0]) / (x[1] - x[0])
        last_slope = (y[-1] - y[-2]) / (x[-1] - x[-2])
        value = np.where(at < x[0], y[0] + first_slope * (at - x[0]), value)
        np.copyto(out, np.where(at > x[-1], y[-1] + last_slope * (at - x[-1]), value))

    if table.reading == "hold_backward" or last == 0:
        return hold
    if table.reading == "look_forward":
        return forward
    if table.reading == "extrapolate":
        return beyond
    return between


def evaluate(node: Node, arguments: Sequence[Values | float], tables: Sequence[Table]) -> Values:
    """One node from its arguments' values; every operation that needs nothing else."""
    if node.op is Op.CONST:
        return np.array([node.payload], dtype=np.float64)
    arrays = np.broadcast_arrays(*arguments)
    out = np.empty(arrays[0].shape)
    if node.op is Op.LOOKUP:
        if not isinstance(node.payload, int):
            raise TypeError(f"LOOKUP needs a position, not {node.payload!r}")
        lookup(tables[node.payload])(arrays[0], out=out)
    else:
        ELEMENTWISE[node.op](*arrays, out=out)
    return out
