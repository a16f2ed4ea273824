"""Functions of whole vectors: order, rank, reorder, and the inverse of a matrix.

A vector is the last dimension of the argument. Everything is written out in operations on
single numbers: positions come from comparing every pair, so vectors are kept short.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.compile.builder import Builder, Maker
from sim.compile.engine import Environment
from sim.compile.expression import Expression, joined
from sim.compile.graph import Graph
from sim.compile.reductions import chained, elements, over
from sim.ir import Op

LONGEST = 64
_LARGEST = 12


def ranks(graph: Graph, values: Sequence[int]) -> list[int]:
    """For each value, how many stand before it in rising order; equal ones keep their order."""
    op = graph.op
    found: list[int] = []
    for i, value in enumerate(values):
        before = [
            graph.select(
                op(Op.LE if j < i else Op.LT, other, value), graph.one, graph.zero
            )
            for j, other in enumerate(values)
            if j != i
        ]  # fmt: skip
        found.append(chained(graph, Op.ADD, before) if before else graph.zero)
    return found


def picked(graph: Graph, values: Sequence[int], position: int) -> int:
    """The value at a position counted from 0; NaN outside."""
    node = graph.nan
    for i, value in enumerate(values):
        node = graph.select(graph.op(Op.EQ, position, graph.const(i)), value, node)
    return node


def inverse_of(graph: Graph, places: Sequence[int]) -> list[int]:
    """The permutation that undoes another: where each position is found."""
    numbers = [graph.const(i) for i in range(len(places))]
    return [
        chained(
            graph,
            Op.ADD,
            [
                graph.select(graph.op(Op.EQ, place, number), numbers[i], graph.zero)
                for i, place in enumerate(places)
            ],
        )
        for number in numbers
    ]


def last_of(builder: Builder, part: Expression, spoken: str, longest: int) -> str | None:
    """The last dimension of an argument, if it has one that is short enough."""
    name = builder.variable.name
    if not part.dims:
        builder.problem("wrong-arguments", f"'{name}': {spoken} takes a vector")
        return None
    size = len(builder.section.ranges.labels(part.dims[-1]))
    if size > longest:
        builder.problem(
            "too-long",
            f"'{name}': {spoken} of {size} elements; more than {longest} are not supported",
        )
        return None
    return part.dims[-1]


def along(builder: Builder, part: Expression, dim: str, env: Environment) -> list[int]:
    """The nodes of an argument along a dimension."""
    return [part.at(env.binding({dim: label})) for label in builder.section.ranges.labels(dim)]


def _ordering(spoken: str, pick: Callable[[Graph, list[int], int], tuple[int, int]]) -> Maker:
    """A maker for (vector, direction); `pick` gives the results for rising and falling."""

    def make(builder: Builder, arguments: Sequence[Any]) -> Expression:
        if len(arguments) != 2:
            return builder.problem(
                "wrong-arguments", f"'{builder.variable.name}': {spoken} takes 2 arguments"
            )
        vector, direction = builder.builds(arguments)
        dim = last_of(builder, vector, spoken, LONGEST)
        if dim is None:
            return Expression(lambda _: builder.graph.nan)
        graph = builder.graph
        labels = builder.section.ranges.labels(dim)
        known: dict[tuple[int, ...], list[int]] = {}

        def at(env: Environment) -> int:
            values = along(builder, vector, dim, env)
            key = tuple(values)
            if key not in known:
                known[key] = ranks(graph, values)
            rising, falling = pick(graph, known[key], labels.index(env.bound[dim]))
            up = graph.op(Op.GT, direction.at(env), graph.zero)
            return graph.select(up, rising, falling)

        return joined(at, [vector, direction], constant=False)

    return make


def _order(graph: Graph, places: list[int], position: int) -> tuple[int, int]:
    order = inverse_of(graph, places)
    return order[position], order[len(order) - 1 - position]


def _rank(graph: Graph, places: list[int], position: int) -> tuple[int, int]:
    op, place = graph.op, places[position]
    return op(Op.ADD, place, graph.one), op(Op.SUB, graph.const(len(places)), place)


def _reorder(builder: Builder, arguments: Sequence[Any]) -> Expression:
    if len(arguments) != 2:
        return builder.problem(
            "wrong-arguments", f"'{builder.variable.name}': VECTOR REORDER takes 2 arguments"
        )
    vector, order = builder.builds(arguments)
    dim = last_of(builder, vector, "VECTOR REORDER", LONGEST)
    if dim is None:
        return Expression(lambda _: builder.graph.nan)
    graph = builder.graph

    def at(env: Environment) -> int:
        position = graph.op(Op.TRUNC, order.at(env))
        return picked(graph, along(builder, vector, dim, env), position)

    return joined(at, [vector, order], constant=False)


def _ranked(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """XMILE's RANK(array[*], k): the number of the element that is the k-th from the smallest."""
    name = builder.variable.name
    if len(arguments) != 2:
        return builder.problem("wrong-arguments", f"'{name}': RANK is read with 2 arguments")
    array, wanted = builder.builds(arguments)
    dims, graph = over(builder, array), builder.graph
    rest = tuple(dim for dim in array.dims if dim not in dims)

    def at(env: Environment) -> int:
        places = elements(builder, dims, env)
        if len(places) > LONGEST:
            builder.problem(
                "too-long",
                f"'{name}': RANK of {len(places)} elements; more than {LONGEST} are not supported",
            )
            return graph.nan
        values = [array.at(place) for place in places]
        order = inverse_of(graph, ranks(graph, values))
        place = graph.op(Op.SUB, graph.op(Op.TRUNC, wanted.at(env)), graph.one)
        return graph.op(Op.ADD, picked(graph, order, place), graph.one)

    dims_ = tuple(dict.fromkeys((*rest, *wanted.dims)))
    return Expression(at, dims_, False, max(array.height, wanted.height) + 2)


def _mapped(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """VECTOR ELM MAP(array[element], offset): so many elements on, the last subscript fastest."""
    name = builder.variable.name
    base = arguments[0] if arguments else None
    variable = builder.section.find(str(getattr(base, "reference", "")))
    written = getattr(getattr(base, "subscripts", None), "subscripts", ())
    found = builder.element_of(variable, list(written)) if variable and written else None
    if len(arguments) != 2 or variable is None or found is None:
        return builder.problem(
            "wrong-arguments", f"'{name}': VECTOR ELM MAP takes an element of an array and a number"
        )
    element, dims = found
    every = list(variable.elements)
    offset, graph, value = builder.build(arguments[1]), builder.graph, builder.engine.value

    def at(env: Environment) -> int:
        start = every.index(element(env))
        place = graph.op(Op.ADD, graph.const(start), graph.op(Op.TRUNC, offset.at(env)))
        known = graph.numbers[place]
        if known is not None:
            chosen = every[int(known)] if 0 <= known < len(every) else None
            return (
                graph.nan if chosen is None else value(variable, chosen, env.instance, env.initial)
            )
        if len(every) > LONGEST:
            builder.problem(
                "too-long",
                f"'{name}': VECTOR ELM MAP in {len(every)} elements by a number that is no "
                f"constant of the text; more than {LONGEST} are not supported",
            )
            return graph.nan
        nodes = [value(variable, one, env.instance, env.initial) for one in every]
        return picked(graph, nodes, place)

    return Expression(at, tuple(dict.fromkeys((*dims, *offset.dims))), False, 1 + offset.height)


def _invert(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """INVERT MATRIX(matrix[row, column], size): the size is that of the ranges, as in PySD."""
    matrix = builder.build(arguments[0]) if arguments else None
    if matrix is None or len(matrix.dims) < 2:
        return builder.problem(
            "wrong-arguments", f"'{builder.variable.name}': INVERT MATRIX takes a matrix"
        )
    row, column = matrix.dims[-2:]
    ranges = builder.section.ranges
    rows, columns = ranges.labels(row), ranges.labels(column)
    if len(rows) != len(columns) or len(rows) > _LARGEST:
        return builder.problem(
            "too-long",
            f"'{builder.variable.name}': INVERT MATRIX of {len(rows)} by {len(columns)}; only "
            f"squares up to {_LARGEST} are supported",
        )
    known: dict[tuple[int, ...], list[list[int]]] = {}

    def at(env: Environment) -> int:
        cells = [
            [matrix.at(env.binding({row: one, column: other})) for other in columns] for one in rows
        ]
        key = tuple(cell for line in cells for cell in line)
        if key not in known:
            known[key] = inverted(builder.graph, cells)
        return known[key][rows.index(env.bound[row])][columns.index(env.bound[column])]

    return Expression(at, matrix.dims, False, matrix.height + 1)


def inverted(graph: Graph, cells: Sequence[Sequence[int]]) -> list[list[int]]:
    """The inverse of a matrix by elimination with row exchange (Gauss and Jordan)."""
    op, size = graph.op, len(cells)
    wide = [
        [*line, *(graph.one if i == j else graph.zero for j in range(size))]
        for i, line in enumerate(cells)
    ]
    for pivot in range(size):
        for other in range(pivot + 1, size):
            larger = op(Op.GT, op(Op.ABS, wide[other][pivot]), op(Op.ABS, wide[pivot][pivot]))
            above, beneath = wide[pivot], wide[other]
            wide[pivot] = [graph.select(larger, b, a) for a, b in zip(above, beneath, strict=True)]
            wide[other] = [graph.select(larger, a, b) for a, b in zip(above, beneath, strict=True)]
        head = wide[pivot][pivot]
        line = [
            graph.zero if cell == graph.zero else op(Op.DIV, cell, head) for cell in wide[pivot]
        ]
        line[pivot] = graph.one
        wide[pivot] = line
        for other in range(size):
            if other != pivot:
                factor = wide[other][pivot]
                wide[other] = [
                    cell if mine == graph.zero else op(Op.SUB, cell, op(Op.MUL, factor, mine))
                    for cell, mine in zip(wide[other], line, strict=True)
                ]
                wide[other][pivot] = graph.zero
    return [line[size:] for line in wide]


VECTORS: dict[str, Maker] = {
    "vector_sort_order": _ordering("VECTOR SORT ORDER", _order),
    "vector_rank": _ordering("VECTOR RANK", _rank),
    "vector_reorder": _reorder,
    "vector_elm_map": _mapped,
    "rank": _ranked,
    "invert_matrix": _invert,
}
