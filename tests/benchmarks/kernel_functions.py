"""Digits and time of the kernel's elementary functions.

    python -m tests.benchmarks.kernel_functions

Digits: the largest error in units in the last place against numbers of 64 bits of mantissa
(`numpy.longdouble`; only where the processor has them). Time: of one core, per element.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.ir import Control, Element, Node, Op, Parameter, Program
from sim.kernel import build
from sim.kernel.llvm import machine

COUNT = 100_000
REPEATS = 256  # nodes with the same function: what surrounds them weighs little


def program(op: Op, columns: int, repeats: int) -> Program:
    """The operation on parameters, so many times on slightly different arguments."""
    nodes = [Node(Op.PARAMETER, (), i) for i in range(columns)]
    nodes.append(Node(Op.TIME))
    ends: list[int] = []
    for place in range(repeats):
        nodes.append(Node(Op.CONST, (), place * 1e-9))
        nodes.append(Node(Op.MUL, (columns, len(nodes) - 1)))
        nodes.append(Node(Op.ADD, (0, len(nodes) - 1)))
        arguments = (len(nodes) - 1, *range(1, columns))
        nodes.append(Node(op, arguments))
        ends.append(len(nodes) - 1)
    total = ends[0]
    for end in ends[1:]:
        nodes.append(Node(Op.ADD, (total, end)))
        total = len(nodes) - 1
    return Program(
        nodes=tuple(nodes),
        parameters=tuple(Parameter(f"p{i}", 0.0) for i in range(columns)),
        series=(),
        tables=(),
        states=(),
        elements=(Element("y", "y", total),),
        control=Control(0.0, 0.0, 1.0, 1.0),
    )


def error(op: Op, function: Callable[..., object], columns: list[NDArray[np.float64]]) -> float:
    """The largest error in units in the last place."""
    found = build(program(op, len(columns), 1)).integrate(np.stack(columns, axis=1)).values[0, :, 0]
    with np.errstate(all="ignore"):
        truth = np.asarray(function(*(column.astype(np.longdouble) for column in columns)))
        unit = np.spacing(np.abs(truth.astype(np.float64)))
        return float(np.nanmax(np.abs(found - truth) / unit))


def nanoseconds(op: Op, columns: list[NDArray[np.float64]]) -> float:
    """Time per element, less that of an addition in its place."""

    def timed(operation: Op, given: list[NDArray[np.float64]]) -> float:
        kernel = build(program(operation, len(given), REPEATS))
        members = np.stack([column[:2048] for column in given], axis=1)
        times: list[float] = []
        for _ in range(15):
            start = time.thread_time()
            kernel.integrate(members, threads=1, trajectories=False, named=0)
            times.append(time.thread_time() - start)
        return min(times)

    return 1e9 * (timed(op, columns) - timed(Op.NEG, columns[:1])) / 2048 / REPEATS


def say(line: str) -> None:
    """Write a line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Write the table to standard output."""
    rng = np.random.default_rng(1)

    def flat(low: float, high: float) -> NDArray[np.float64]:
        return rng.uniform(low, high, COUNT)

    def wide(low: float, high: float) -> NDArray[np.float64]:
        return 10.0 ** flat(low, high)

    cases: list[tuple[str, Op, Callable[..., object], list[NDArray[np.float64]]]] = [
        ("e^x, -700 to 700", Op.EXP, np.exp, [flat(-700, 700)]),
        ("ln x, 1e-300 to 1e300", Op.LN, np.log, [wide(-300, 300)]),
        ("x^y, 0.1 to 10, -2 to 2", Op.POW, np.power, [wide(-1, 1), flat(-2, 2)]),
        ("x^y, 1e-3 to 1e3, -100 to 100", Op.POW, np.power, [wide(-3, 3), flat(-100, 100)]),
        ("sin x, to 1e4", Op.SIN, np.sin, [flat(-1e4, 1e4)]),
        ("cos x, to 1e4", Op.COS, np.cos, [flat(-1e4, 1e4)]),
        ("tan x, to 1e3", Op.TAN, np.tan, [flat(-1e3, 1e3)]),
        ("arcsin x", Op.ARCSIN, np.arcsin, [flat(-1, 1)]),
        ("arccos x", Op.ARCCOS, np.arccos, [flat(-1, 1)]),
        ("arctan x", Op.ARCTAN, np.arctan, [wide(-3, 3)]),
        ("sinh x, to 20", Op.SINH, np.sinh, [flat(-20, 20)]),
        ("cosh x, to 20", Op.COSH, np.cosh, [flat(-20, 20)]),
        ("tanh x, to 20", Op.TANH, np.tanh, [flat(-20, 20)]),
    ]
    at = machine.processor()
    say(f"{at.name}, LLVM {at.llvm}, {at.lanes} lanes\n")
    say("| function | largest error, units in the last place | ns per element |")
    say("|---|--:|--:|")
    for name, op, function, columns in cases:
        say(f"| {name} | {error(op, function, columns):.1f} | {nanoseconds(op, columns):.2f} |")


if __name__ == "__main__":
    main()
