"""ALLOCATE AVAILABLE, ALLOCATE BY PRIORITY and the market: its price, demand and supply.

Both share a supply so that every request follows a curve of one common number: the
market's priority level in the first, progress along the line of priorities in the second.
The level is found where the curves add up to the supply; in a market, where they add up to what
the suppliers offer, whose curves rise. A quantity of type 0 is fixed: it has its whole request,
or, where the supply is short, a part in proportion (as Vensim has it). Where PySD stops the run (a
negative request, supply or width), the result is NaN.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from sim.compile.builder import Builder, Maker
from sim.compile.curves import (
    Curve,
    clip,
    curve_at,
    demanded,
    level_of,
    profile,
    shape,
    when,
    widths,
)
from sim.compile.engine import Environment
from sim.compile.expression import Expression, joined
from sim.compile.graph import Graph
from sim.compile.reductions import added, chained
from sim.compile.vectors import along, last_of, picked, ranks
from sim.ir import Op

_LONGEST = 32


def _by_priority(builder: Builder, ast: Any) -> Expression:
    request, priority, width, supply = builder.builds(
        (ast.request, ast.priority, ast.width, ast.supply)
    )
    dim = last_of(builder, request, "ALLOCATE BY PRIORITY", _LONGEST)
    if dim is None:
        return Expression(lambda _: builder.graph.nan)
    labels = builder.section.ranges.labels(dim)

    def at(env: Environment) -> int:
        if dim not in env.bound:
            return _unbound(builder, dim)
        shares = shared_by_priority(
            builder.graph,
            along(builder, request, dim, env),
            along(builder, priority, dim, env),
            width.at(env),
            supply.at(env),
        )
        return shares[labels.index(env.bound[dim])]

    return joined(at, [request, priority, width, supply], constant=False)


def shared_by_priority(
    graph: Graph, requests: Sequence[int], priorities: Sequence[int], width: int, supply: int
) -> list[int]:
    """What each request gets when higher priorities are served first.

    A request starts when the one before it has got the share (their distance / `width`), and
    is filled at a pace proportional to its size. So request i has got
    `request * clip(progress - start, 0, 1)`, and only the progress is to be found: the sum is
    a line with a corner at every start and every end.
    """
    op = graph.op
    count = len(requests)
    last = op(Op.SUB, chained(graph, Op.MIN, priorities), width)
    # Nothing asked for, nothing delayed: such requests go to the end of the line.
    keys = [
        op(Op.NEG, graph.select(op(Op.EQ, ask, graph.zero), last, priority))
        for ask, priority in zip(requests, priorities, strict=True)
    ]
    places = ranks(graph, keys)
    line = [_sorted(graph, keys, places, k) for k in range(count)]
    in_line = [graph.zero]
    for before, after in itertools.pairwise(line):
        gap = op(Op.DIV, op(Op.SUB, after, before), width)
        in_line.append(op(Op.ADD, in_line[-1], op(Op.MIN, gap, graph.one)))
    starts = [picked(graph, in_line, place) for place in places]

    def filled(progress: int) -> list[int]:
        return [
            op(Op.MUL, ask, clip(graph, op(Op.SUB, progress, start)))
            for ask, start in zip(requests, starts, strict=True)
        ]

    corners = [*in_line, *(op(Op.ADD, start, graph.one) for start in in_line)]
    totals = [added(graph, filled(corner)) for corner in corners]
    low, high = graph.zero, corners[-1]
    low_total, high_total = graph.zero, totals[-1]
    for corner, total in zip(corners, totals, strict=True):
        reached = op(Op.LE, total, supply)
        better = op(Op.AND, reached, op(Op.GE, corner, low))
        low, low_total = graph.select(better, corner, low), graph.select(better, total, low_total)
        better = op(Op.AND, op(Op.NOT, reached), op(Op.LE, corner, high))
        high = graph.select(better, corner, high)
        high_total = graph.select(better, total, high_total)
    share = op(Op.DIV, op(Op.SUB, supply, low_total), op(Op.SUB, high_total, low_total))
    progress = op(Op.ADD, low, op(Op.MUL, share, op(Op.SUB, high, low)))
    return _settled(graph, requests, supply, filled(progress), [op(Op.GT, width, graph.zero)])


def _sorted(graph: Graph, values: Sequence[int], places: Sequence[int], position: int) -> int:
    number = graph.const(position)
    return chained(
        graph,
        Op.ADD,
        [
            graph.select(graph.op(Op.EQ, place, number), value, graph.zero)
            for value, place in zip(values, places, strict=True)
        ],
    )


def _settled(
    graph: Graph, requests: Sequence[int], supply: int, shares: Sequence[int],
    conditions: Sequence[int],
) -> list[int]:  # fmt: skip
    """The shares; the whole requests where the supply is enough; NaN where it cannot be."""
    op = graph.op
    enough = op(Op.GE, supply, added(graph, requests))
    valid = chained(
        graph,
        Op.AND,
        [op(Op.GE, one, graph.zero) for one in (*requests, supply)] + list(conditions),
    )
    return [
        graph.select(valid, graph.select(enough, request, share), graph.nan)
        for request, share in zip(requests, shares, strict=True)
    ]


def _available(builder: Builder, ast: Any) -> Expression:
    request, supply = builder.builds((ast.request, ast.avail))
    dim = last_of(builder, request, "ALLOCATE AVAILABLE", _LONGEST)
    given = profile(builder, ast.pp, "ALLOCATE AVAILABLE")
    if dim is None or given is None:
        return Expression(lambda _: builder.graph.nan)
    labels = builder.section.ranges.labels(dim)

    def at(env: Environment) -> int:
        if dim not in env.bound:
            return _unbound(builder, dim)
        curves = [shape(builder, given, env.binding({dim: label})) for label in labels]
        if None in curves:
            return builder.graph.nan
        shares = shared_available(
            builder.graph,
            along(builder, request, dim, env),
            [curve for curve in curves if curve is not None],
            supply.at(env),
        )
        return shares[labels.index(env.bound[dim])]

    return joined(at, [request, supply], constant=False)


def shared_available(
    graph: Graph, requests: Sequence[int], curves: Sequence[Curve], supply: int
) -> list[int]:
    """What each request gets (PySD leaves the level at a tolerance of 1e-8)."""
    op = graph.op
    fixed = graph.one
    if any(0 in curve.kinds for curve in curves):
        steady = [
            op(Op.MUL, request, when(graph, curve, 0))
            for request, curve in zip(requests, curves, strict=True)
        ]
        wanted = added(graph, steady)
        short = op(Op.GT, wanted, supply)
        fixed = graph.select(short, op(Op.DIV, supply, wanted), graph.one)

    def surplus(level: int) -> tuple[int, int]:
        total, slope = demanded(graph, requests, curves, level, fixed)
        return op(Op.SUB, total, supply), slope

    level = level_of(graph, curves, surplus)
    shares = [
        op(Op.MUL, request, curve_at(graph, one, level, fixed)[0])
        for request, one in zip(requests, curves, strict=True)
    ]
    return _settled(graph, requests, supply, shares, widths(graph, curves))


def _unbound(builder: Builder, dim: str) -> int:
    builder.problem(
        "wrong-subscripts",
        f"'{builder.variable.name}' allocates over '{dim}', but is no array over it",
    )
    return builder.graph.nan


def _allocate(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """XMILE's ALLOCATE(supply, range, demand, priority, width[, type of profile]).

    Five arguments are Vensim's ALLOCATE BY PRIORITY, six its ALLOCATE AVAILABLE.
    """
    named = getattr(arguments[1], "reference", "") if len(arguments) in {5, 6} else ""
    range_ = builder.section.ranges.subscript(named) if named else None
    if range_ is None or not range_.range:
        return builder.problem(
            "wrong-arguments",
            f"'{builder.variable.name}': ALLOCATE takes 5 or 6 arguments, a range second",
        )
    parts = builder.builds([arguments[0], *arguments[2:]])
    supply, demand, priority, width, *kind = parts
    if last_of(builder, demand, "ALLOCATE", _LONGEST) is None:
        return Expression(lambda _: builder.graph.nan)
    dim = range_.range
    if dim not in builder.bound:
        return Expression(lambda _: _unbound(builder, dim))
    labels = builder.section.ranges.labels(dim)

    def at(env: Environment) -> int:
        graph = builder.graph
        requests, priorities = (along(builder, one, dim, env) for one in (demand, priority))
        available = supply.at(env)
        if kind:
            profile_of = [kind[0], priority, width]
            curves = [shape(builder, profile_of, env.binding({dim: label})) for label in labels]
            known = [curve for curve in curves if curve is not None]
            if len(known) < len(curves):
                return graph.nan
            shares = shared_available(graph, requests, known, available)
        else:
            shares = shared_by_priority(graph, requests, priorities, width.at(env), available)
        return shares[labels.index(env.bound[dim])]

    return joined(at, parts, constant=False)


CALLED: dict[str, Maker] = {"allocate": _allocate}
ALLOCATIONS = {
    "AllocateAvailableStructure": _available,
    "AllocateByPriorityStructure": _by_priority,
}
