"""SUM, PROD, VMIN, VMAX, ELMCOUNT and VECTOR SELECT: one number from many elements."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from sim.compile.builder import Builder, Maker
from sim.compile.engine import Environment
from sim.compile.expression import Expression
from sim.compile.graph import Graph
from sim.ir import Op

# NumPy adds runs of up to this many in eight lanes, and halves longer ones.
_BLOCK = 128


def added(graph: Graph, nodes: Sequence[int]) -> int:
    """The sum of a line of nodes, in the order in which NumPy adds a line."""
    count = len(nodes)
    if count == 0:
        return graph.zero
    if count < 8:
        return chained(graph, Op.ADD, nodes)
    if count <= _BLOCK:
        lanes = [chained(graph, Op.ADD, nodes[lane : count - count % 8 : 8]) for lane in range(8)]
        while len(lanes) > 1:
            lanes = [
                graph.op(Op.ADD, left, right)
                for left, right in zip(lanes[::2], lanes[1::2], strict=True)
            ]
        return chained(graph, Op.ADD, [lanes[0], *nodes[count - count % 8 :]])
    half = count // 2
    half -= half % 8
    return graph.op(Op.ADD, added(graph, nodes[:half]), added(graph, nodes[half:]))


def chained(graph: Graph, op: Op, nodes: Sequence[int]) -> int:
    """The nodes joined by an operation from left to right."""
    node = nodes[0]
    for other in nodes[1:]:
        node = graph.op(op, node, other)
    return node


def summed(graph: Graph, nodes: Sequence[int], shape: Sequence[tuple[int, bool]]) -> int:
    """The sum over some dimensions of an array, in the order in which NumPy adds.

    Args:
        graph: takes the additions.
        nodes: the elements to add, the last dimension running fastest.
        shape: all dimensions of the array: (size, True if it is added over).
    """
    long = [(size, over) for size, over in shape if size > 1]
    run = 1
    for size, over in reversed(long):
        if not over:
            break
        run *= size
    runs = [added(graph, nodes[at : at + run]) for at in range(0, len(nodes), run)]
    return chained(graph, Op.ADD, runs)


def _present(graph: Graph, nodes: Sequence[int]) -> list[int]:
    """The nodes without those known to be NaN, which PySD's reductions leave out."""
    return [node for node in nodes if (number := graph.numbers[node]) is None or number == number]


def over(builder: Builder, part: Expression) -> list[str]:
    """The dimensions that a reduction runs over: those with `!`."""
    return [dim for dim in part.dims if dim.endswith("!")]


def elements(builder: Builder, dims: Sequence[str], env: Environment) -> list[Environment]:
    """The places of all combinations of elements of some dimensions, the last fastest."""
    labels = [builder.section.ranges.labels(dim) for dim in dims]
    return [
        env.binding(dict(zip(dims, combination, strict=True)))
        for combination in itertools.product(*labels)
    ]


def _reduction(spoken: str, everything: bool = False) -> Maker:
    """A maker for a reduction; `everything` for XMILE's MIN and MAX of one array."""

    def make(builder: Builder, arguments: Sequence[Any]) -> Expression:
        if len(arguments) != 1:
            return builder.problem(
                "wrong-arguments", f"'{builder.variable.name}': {spoken} takes 1 argument"
            )
        part = builder.build(arguments[0])
        dims = over(builder, part)
        if everything or not dims:
            dims = list(part.dims)
        rest = tuple(dim for dim in part.dims if dim not in dims)
        sizes = [(len(builder.section.ranges.labels(dim)), dim in dims) for dim in part.dims]
        graph = builder.graph
        known: dict[object, int] = {}

        def at(env: Environment) -> int:
            # The same for every element of the left side that the argument does not name.
            key = (env.instance, env.initial, *[env.bound.get(dim) for dim in rest])
            if key not in known:
                known[key] = lower(env)
            return known[key]

        def lower(env: Environment) -> int:
            nodes = [part.at(place) for place in elements(builder, dims, env)]
            present = _present(graph, nodes)
            if spoken == "SUM":
                if len(present) < len(nodes):
                    nodes = [node if node in present else graph.zero for node in nodes]
                return summed(graph, nodes, sizes)
            if spoken == "PROD":
                return chained(graph, Op.MUL, present) if present else graph.one
            op = Op.MIN if spoken == "VMIN" else Op.MAX
            return chained(graph, op, present) if present else graph.nan

        return Expression(at, rest, part.constant, part.height + 2)

    return make


def _elmcount(builder: Builder, arguments: Sequence[Any]) -> Expression:
    reference = arguments[0] if len(arguments) == 1 else None
    name = getattr(reference, "reference", "")
    one = builder.section.ranges.subscript(name) if name else None
    if one is None or not one.range:
        return builder.problem(
            "wrong-arguments", f"'{builder.variable.name}': ELMCOUNT takes a subscript range"
        )
    node = builder.graph.const(len(builder.section.ranges.labels(one.range)))
    return Expression(lambda _: node)


def _vector_select(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """VECTOR SELECT(selection, expression, missing, action, error action)."""
    if len(arguments) != 5:
        return builder.problem(
            "wrong-arguments", f"'{builder.variable.name}': VECTOR SELECT takes 5 arguments"
        )
    selection, values, missing, action, check = builder.builds(arguments)
    both = tuple(dict.fromkeys((*selection.dims, *values.dims)))
    dims = [dim for dim in both if dim.endswith("!")]
    rest = tuple(dim for dim in both if dim not in dims)
    sizes = [(len(builder.section.ranges.labels(dim)), dim in dims) for dim in both]
    graph, op = builder.graph, builder.graph.op

    def at(env: Environment) -> int:
        numbers = [builder.engine.settled(part.at(env)) for part in (action, check)]
        chosen = int(numbers[0]) if numbers[0] is not None else -1
        checked = int(numbers[1]) if numbers[1] is not None else -1
        if chosen not in range(11) or checked not in range(4):
            builder.problem(
                "wrong-arguments",
                f"'{builder.variable.name}': VECTOR SELECT needs a constant action (0 to 10) and a "
                "constant error action (0 to 3)",
            )
            return graph.nan
        weights: list[int] = []
        numbers_: list[int] = []
        for place in elements(builder, dims, env):
            weight, value = selection.at(place), values.at(place)
            weights.append(weight)
            if chosen < 5:
                value = op(Op.MUL, weight, value)
            elif chosen == 5:
                value = op(Op.POW, value, weight)
            numbers_.append(value)
        taken = [op(Op.NE, weight, graph.zero) for weight in weights]
        ones = [graph.select(one, graph.one, graph.zero) for one in taken]
        out = _acted(graph, chosen, taken, ones, numbers_, sizes)
        none = op(Op.NOT, chained(graph, Op.OR, taken))
        out = graph.select(none, missing.at(env), out)
        # PySD stops the run where the error action forbids a selection; here it is NaN.
        if checked in (1, 3):
            out = graph.select(none, graph.nan, out)
        if checked in (2, 3):
            many = op(Op.GT, chained(graph, Op.ADD, ones), graph.one)
            out = graph.select(many, graph.nan, out)
        return out

    height = 2 + max(part.height for part in (selection, values, missing))
    return Expression(at, rest, False, height)


def _acted(
    graph: Graph,
    action: int,
    taken: Sequence[int],
    ones: Sequence[int],
    values: Sequence[int],
    sizes: Sequence[tuple[int, bool]],
) -> int:
    neutral = {0: 0.0, 1: 1.0, 2: float("inf"), 3: float("-inf"), 4: 0.0, 5: 1.0}
    kind = action if action < 6 else action - 6
    fill = graph.const(neutral[kind])
    kept = [graph.select(one, value, fill) for one, value in zip(taken, values, strict=True)]
    if kind == 0:
        return summed(graph, kept, sizes)
    if kind == 4:
        return graph.op(Op.DIV, summed(graph, kept, sizes), chained(graph, Op.ADD, ones))
    joins = {1: Op.MUL, 2: Op.MIN, 3: Op.MAX, 5: Op.MUL}
    return chained(graph, joins[kind], kept)


REDUCTIONS: dict[str, Maker] = {
    "sum": _reduction("SUM"),
    "prod": _reduction("PROD"),
    "vmin": _reduction("VMIN"),
    "vmax": _reduction("VMAX"),
    "vmin_xmile": _reduction("VMIN", everything=True),
    "vmax_xmile": _reduction("VMAX", everything=True),
    "elmcount": _elmcount,
    "vector_select": _vector_select,
}
