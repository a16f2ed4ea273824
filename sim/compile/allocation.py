"""ALLOCATE AVAILABLE and ALLOCATE BY PRIORITY.

Both share a supply so that every request follows a curve of one common number: the
market's priority level in the first, progress along the line of priorities in the second.
The level is found where the curves add up to the supply. Where PySD stops the run (a
negative request, supply or width), the result is NaN.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

from sim.compile import chance
from sim.compile.builder import Builder
from sim.compile.engine import Environment
from sim.compile.expression import Expression, joined
from sim.compile.graph import Graph
from sim.compile.reductions import added, chained
from sim.compile.vectors import along, last_of, picked, ranks
from sim.ir import Op

_LONGEST = 32
# The number of widths, on either side of the priority, over which PySD lets a curve fall.
_REACH = {1: 0.5, 2: 0.5, 3: 8.2923611, 4: 36.7368005696}
_HALVINGS = 24
_REFINEMENTS = 3


def _by_priority(builder: Builder, ast: Any) -> Expression:
    request, priority, width, supply = builder.builds(
        (ast.request, ast.priority, ast.width, ast.supply)
    )
    dim = last_of(builder, request, "ALLOCATE BY PRIORITY", _LONGEST)
    if dim is None:
        return Expression(lambda _: builder.graph.nan)
    labels = builder.section.ranges.labels(dim)

    def at(env: Environment) -> int:
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
            op(Op.MUL, ask, _clip(graph, op(Op.SUB, progress, start)))
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


def _clip(graph: Graph, node: int) -> int:
    return graph.op(Op.MIN, graph.op(Op.MAX, node, graph.zero), graph.one)


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
    profile = _profile(builder, ast.pp)
    if dim is None or profile is None:
        return Expression(lambda _: builder.graph.nan)
    labels = builder.section.ranges.labels(dim)

    def at(env: Environment) -> int:
        graph = builder.graph
        requests = along(builder, request, dim, env)
        curves: list[tuple[int, int, int]] = []
        for label in labels:
            place = env.binding({dim: label})
            kind = builder.engine.settled(profile[0].at(place))
            if kind not in _REACH:
                builder.problem(
                    "unsupported-function",
                    f"'{builder.variable.name}': ALLOCATE AVAILABLE needs a constant profile type "
                    "of 1 (rectangle), 2 (triangle), 3 (normal) or 4 (exponential)",
                )
                return graph.nan
            curves.append((int(kind), profile[1].at(place), profile[2].at(place)))
        shares = shared_available(graph, requests, curves, supply.at(env))
        return shares[labels.index(env.bound[dim])]

    return joined(at, [request, supply], constant=False)


def _profile(builder: Builder, reference: Any) -> list[Expression] | None:
    """Type, priority and width of a profile: the first elements of its last dimension."""
    variable = builder.section.find(getattr(reference, "reference", ""))
    if variable is None or reference.subscripts is None:
        builder.problem(
            "wrong-arguments",
            f"'{builder.variable.name}': the priorities of ALLOCATE AVAILABLE must be a variable "
            "with a dimension for the profile",
        )
        return None
    own = variable
    ranges = builder.section.ranges
    columns = sorted({element[-1] for element in own.elements if element}, key=ranges.number)
    parts: list[Expression] = []
    for column in columns[:3]:
        found = builder.element_of(own, [*reference.subscripts.subscripts[:-1], column])
        if found is not None:
            element = found[0]
            parts.append(
                Expression(
                    lambda env, element=element: builder.engine.value(
                        own, element(env), env.instance, env.initial
                    )
                )
            )
    if len(parts) < 3:
        builder.problem(
            "wrong-arguments",
            f"'{builder.variable.name}': the profile '{own.name}' needs a last dimension of type, "
            "priority, width and extra",
        )
        return None
    return parts


def shared_available(
    graph: Graph, requests: Sequence[int], curves: Sequence[tuple[int, int, int]], supply: int
) -> list[int]:
    """What each request gets; `curves` hold (type, priority, width) of each.

    The level is halved down to, then refined along the slope (PySD leaves it at a tolerance
    of 1e-8).
    """
    op = graph.op
    ends = [op(Op.MUL, graph.const(_REACH[kind]), width) for kind, _, width in curves]
    middles = [priority for _, priority, _ in curves]
    low = chained(graph, Op.MIN, [op(Op.SUB, m, e) for m, e in zip(middles, ends, strict=True)])
    high = chained(graph, Op.MAX, [op(Op.ADD, m, e) for m, e in zip(middles, ends, strict=True)])
    half = graph.const(0.5)

    def surplus(level: int) -> tuple[int, int]:
        values, slopes = zip(*(_curve(graph, *one, level) for one in curves), strict=True)
        total = added(graph, [op(Op.MUL, q, v) for q, v in zip(requests, values, strict=True)])
        slope = added(graph, [op(Op.MUL, q, s) for q, s in zip(requests, slopes, strict=True)])
        return op(Op.SUB, total, supply), slope

    level = op(Op.MUL, op(Op.ADD, low, high), half)
    for step in range(_HALVINGS + _REFINEMENTS):
        excess, slope = surplus(level)
        above = op(Op.GT, excess, graph.zero)
        low, high = graph.select(above, level, low), graph.select(above, high, level)
        middle = op(Op.MUL, op(Op.ADD, low, high), half)
        if step < _HALVINGS:
            level = middle
            continue
        falls = op(Op.LT, slope, graph.zero)
        along_slope = op(Op.SUB, level, op(Op.DIV, excess, slope))
        inside = op(Op.MIN, op(Op.MAX, along_slope, low), high)
        level = graph.select(falls, inside, level)
    shares = [
        op(Op.MUL, request, _curve(graph, *one, level)[0])
        for request, one in zip(requests, curves, strict=True)
    ]
    wide = [op(Op.GT, width, graph.zero) for _, _, width in curves]
    return _settled(graph, requests, supply, shares, wide)


def _curve(graph: Graph, kind: int, priority: int, width: int, level: int) -> tuple[int, int]:
    """The part of a request that is met at a level, and its slope."""
    op, const = graph.op, graph.const
    z = op(Op.DIV, op(Op.SUB, level, priority), width)
    if kind == 1:
        part = op(Op.SUB, const(0.5), z)
        inside = op(Op.LT, op(Op.ABS, z), const(0.5))
        slope = graph.select(inside, op(Op.DIV, const(-1.0), width), graph.zero)
        return _clip(graph, part), slope
    if kind == 2:
        edge = op(Op.MAX, op(Op.SUB, const(0.5), op(Op.ABS, z)), graph.zero)
        tail = op(Op.MUL, const(2.0), op(Op.MUL, edge, edge))
        slope = op(Op.DIV, op(Op.MUL, const(-4.0), edge), width)
    elif kind == 3:
        tail = chance.below(graph, op(Op.NEG, op(Op.ABS, z)))
        bell = op(Op.EXP, op(Op.MUL, const(-0.5), op(Op.MUL, z, z)))
        slope = op(Op.DIV, op(Op.MUL, const(-1.0 / math.sqrt(2 * math.pi)), bell), width)
    else:
        tail = op(Op.MUL, const(0.5), op(Op.EXP, op(Op.NEG, op(Op.ABS, z))))
        slope = op(Op.NEG, op(Op.DIV, tail, width))
    before = op(Op.LT, z, graph.zero)
    return graph.select(before, op(Op.SUB, graph.one, tail), tail), slope


ALLOCATIONS = {
    "AllocateAvailableStructure": _available,
    "AllocateByPriorityStructure": _by_priority,
}
