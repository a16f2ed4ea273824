"""Lookups on vectors: `numpy.interp` to the last bit."""

from __future__ import annotations

import math

from sim.ir import Table
from sim.kernel.llvm.text import Function, number

BRANCH_FREE = 16  # points up to which comparing with all of them beats searching


def read(f: Function, table: Table, place: int, x: str, arrays: dict[str, str]) -> str:
    """The value of `table` at `x`; not a number goes in, not a number comes out.

    Args:
        f: the function being written.
        table: the points.
        place: of the table in the program, which names it.
        x: where to read.
        arrays: is given the global constants that the text refers to.
    """
    held = table.reading != "extrapolate" or len(table.x) == 1
    at = x
    if held:
        first, last = f.real(table.x[0]), f.real(table.x[-1])
        at = f.select(f.compare("olt", at, first), first, at)
        at = f.select(f.compare("ogt", at, last), last, at)
    starts, slopes, values = segments(table)
    # looking forward, a point still has its own value
    reached = "ogt" if table.reading == "look_forward" else "oge"
    if len(table.x) <= BRANCH_FREE:
        picked = [f.real(column[0]) for column in (starts, slopes, values)]
        for point in range(1, len(starts)):
            past = f.compare(reached, at, f.real(starts[point]))
            for place_, column in enumerate((starts, slopes, values)):
                if column[point] != column[point - 1]:
                    picked[place_] = f.select(past, f.real(column[point]), picked[place_])
    else:
        picked = _search(f, place, (starts, slopes, values), at, reached, arrays)
    start, slope, value = picked
    if table.reading in ("hold_backward", "look_forward"):
        return f.select(f.compare("uno", x, x), x, value)
    return f.add(f.mul(slope, f.sub(at, start)), value)


def segments(table: Table) -> tuple[list[float], list[float], list[float]]:
    """Start, slope and value at the start of each segment; the last begins at the last point."""
    x, y = list(table.x), list(table.y)
    slopes = [
        (above - below) / (right - left)
        for left, right, below, above in zip(x[:-1], x[1:], y[:-1], y[1:], strict=True)
    ]
    if table.reading == "look_forward":
        return [-math.inf, *x[:-1]], [0.0] * len(x), y
    last = slopes[-1] if table.reading == "extrapolate" and slopes else 0.0
    return x, [*slopes, last], y


def _search(
    f: Function,
    place: int,
    columns: tuple[list[float], ...],
    at: str,
    reached: str,
    arrays: dict[str, str],
) -> list[str]:
    """Find the segment by halving, and gather its numbers."""
    depth = math.ceil(math.log2(len(columns[0])))
    names: list[str] = []
    for letter, column in zip("xsy", columns, strict=True):
        # a comparison with what is not a number fails: nobody goes past the end
        padded = [*column, *[math.nan] * (2**depth - len(column))]
        names.append(f"@table{place}{letter}")
        body = ", ".join(f"double {number(value)}" for value in padded)
        arrays[names[-1]] = (
            f"{names[-1]} = internal constant [{len(padded)} x double] [{body}], align 64"
        )
    index = f.whole(0)
    for level in reversed(range(depth)):
        further = f.word("add", index, f.whole(1 << level))
        past = f.compare(reached, at, gather(f, names[0], further))
        index = f.choose(past, further, index)
    return [gather(f, name, index) for name in names]


def gather(f: Function, array: str, index: str) -> str:
    """`array[index]`, lane by lane."""
    places = f.give(f"getelementptr double, ptr {array}, {f.wholes} {index}")
    return f.give(
        f"call {f.reals} @llvm.masked.gather.v{f.lanes}f64.v{f.lanes}p0("
        f"<{f.lanes} x ptr> {places}, i32 8, {f.masks} splat (i1 true), {f.reals} poison)"
    )
