"""Curves of requests by a common level, as Vensim's profiles give them, and where they meet.

A profile is a type, a middle, a width and an extra number, which no type here needs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.compile import chance
from sim.compile.builder import Builder
from sim.compile.engine import Environment
from sim.compile.expression import Expression
from sim.compile.graph import Graph
from sim.compile.reductions import added, chained
from sim.compile.variables import Variable
from sim.ir import Op

# The number of widths, on either side of the priority, over which PySD lets a curve fall.
_REACH = {0: 0.0, 1: 0.5, 2: 0.5, 3: 8.2923611, 4: 36.7368005696}
_HALVINGS = 24
_REFINEMENTS = 3
_TYPES = "0 (fixed), 1 (rectangle), 2 (triangle), 3 (normal) or 4 (exponential)"


@dataclass(frozen=True)
class Curve:
    """How a request falls as the level rises.

    Args:
        kinds: the types it may have: one, or all where the type is computed.
        kind: node of the type; needed where there are several.
        priority: node of the middle.
        width: node of the width.
    """

    kinds: tuple[int, ...]
    kind: int
    priority: int
    width: int

    @property
    def fixed(self) -> bool:
        """Whether it certainly is a fixed quantity."""
        return self.kinds == (0,)


def clip(graph: Graph, node: int) -> int:
    """Kept between 0 and 1."""
    return graph.op(Op.MIN, graph.op(Op.MAX, node, graph.zero), graph.one)


def shape(builder: Builder, profile: Sequence[Expression], place: Environment) -> Curve | None:
    """The curve of one request; None, after a complaint, if there is no such type."""
    node = profile[0].at(place)
    kind = builder.engine.settled(node)
    if kind is not None and kind not in _REACH:
        builder.problem(
            "unsupported-function",
            f"'{builder.variable.name}' needs a profile type of {_TYPES}, not {kind:g}",
        )
        return None
    kinds = tuple(_REACH) if kind is None else (int(kind),)
    return Curve(kinds, node, profile[1].at(place), profile[2].at(place))


def profile(
    builder: Builder, reference: Any, spoken: str, label: str | None = None
) -> list[Expression] | None:
    """Type, priority and width of a profile: the first elements of its last dimension.

    Args:
        builder: of the equation.
        reference: to the profile, as written.
        spoken: the function, for complaints.
        label: in the place of the subscript before the last, if not what is written there.
    """
    variable = builder.section.find(getattr(reference, "reference", ""))
    if variable is None or not getattr(reference, "subscripts", None):
        builder.problem(
            "wrong-arguments",
            f"'{builder.variable.name}': the priorities of {spoken} must be a variable "
            "with a dimension for the profile",
        )
        return None
    columns = labels(builder, variable, -1)
    written = list(reference.subscripts.subscripts[:-1])
    if label is not None:
        written = [*written[:-1], label]
    parts = [element(builder, variable, [*written, column]) for column in columns[:3]]
    if len(parts) < 3 or any(part is None for part in parts):
        builder.problem(
            "wrong-arguments",
            f"'{builder.variable.name}': the profile '{variable.name}' needs a last dimension of "
            "type, priority, width and extra",
        )
        return None
    return [part for part in parts if part is not None]


def labels(builder: Builder, variable: Variable, place: int) -> list[str]:
    """The elements that a variable has in one place of its subscripts, in their order."""
    found = {element[place] for element in variable.elements if len(element) >= abs(place)}
    return sorted(found, key=builder.section.ranges.number)


def element(builder: Builder, variable: Variable, written: list[str]) -> Expression | None:
    """An element of a variable by subscripts, those of the left side among them."""
    found = builder.element_of(variable, written)
    if found is None:
        return None
    which, dims = found
    return Expression(
        lambda env: builder.engine.value(variable, which(env), env.instance, env.initial), dims
    )


def widths(graph: Graph, curves: Sequence[Curve]) -> list[int]:
    """That no curve but those of fixed quantities lacks a width, and all types are known."""
    op = graph.op
    valid = [op(Op.GT, curve.width, graph.zero) for curve in curves if not curve.fixed]
    for curve in curves:
        if len(curve.kinds) > 1:
            known = [op(Op.EQ, curve.kind, graph.const(kind)) for kind in curve.kinds]
            valid.append(chained(graph, Op.OR, known))
    return valid


def demanded(
    graph: Graph, requests: Sequence[int], curves: Sequence[Curve], level: int, fixed: int
) -> tuple[int, int]:
    """What is demanded at a level in all, and the slope."""
    values, slopes = zip(*(curve_at(graph, one, level, fixed) for one in curves), strict=True)
    total = added(graph, [graph.op(Op.MUL, q, v) for q, v in zip(requests, values, strict=True)])
    slope = added(graph, [graph.op(Op.MUL, q, s) for q, s in zip(requests, slopes, strict=True)])
    return total, slope


def level_of(
    graph: Graph, curves: Sequence[Curve], surplus: Callable[[int], tuple[int, int]]
) -> int:
    """Where a falling surplus is zero: halved down to, then refined along the slope."""
    op = graph.op
    middles = [curve.priority for curve in curves]
    ends = [op(Op.MUL, _reach(graph, curve), curve.width) for curve in curves]
    low = chained(graph, Op.MIN, [op(Op.SUB, m, e) for m, e in zip(middles, ends, strict=True)])
    high = chained(graph, Op.MAX, [op(Op.ADD, m, e) for m, e in zip(middles, ends, strict=True)])
    half = graph.const(0.5)
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
    return level


def when(graph: Graph, curve: Curve, kind: int) -> int:
    """1 where the curve is of a type, else 0."""
    if len(curve.kinds) == 1:
        return graph.one if curve.kinds == (kind,) else graph.zero
    return graph.op(Op.EQ, curve.kind, graph.const(kind))


def _reach(graph: Graph, curve: Curve) -> int:
    reach = graph.const(_REACH[curve.kinds[0]])
    for kind in curve.kinds[1:]:
        reach = graph.select(when(graph, curve, kind), graph.const(_REACH[kind]), reach)
    return reach


def curve_at(graph: Graph, curve: Curve, level: int, fixed: int) -> tuple[int, int]:
    """The part of a request that is met at a level, and its slope."""
    part, slope = _falling(graph, curve.kinds[0], curve, level, fixed)
    for kind in curve.kinds[1:]:
        is_it = when(graph, curve, kind)
        other, its_slope = _falling(graph, kind, curve, level, fixed)
        part, slope = graph.select(is_it, other, part), graph.select(is_it, its_slope, slope)
    return part, slope


def _falling(graph: Graph, kind: int, curve: Curve, level: int, fixed: int) -> tuple[int, int]:
    if kind == 0:
        return fixed, graph.zero
    op, const, width = graph.op, graph.const, curve.width
    z = op(Op.DIV, op(Op.SUB, level, curve.priority), width)
    if kind == 1:
        part = op(Op.SUB, const(0.5), z)
        inside = op(Op.LT, op(Op.ABS, z), const(0.5))
        slope = graph.select(inside, op(Op.DIV, const(-1.0), width), graph.zero)
        return clip(graph, part), slope
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
