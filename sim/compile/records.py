"""What data say at a time other than the present one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.compile.builder import Builder, Maker
from sim.compile.engine import Environment
from sim.compile.expression import Expression
from sim.compile.variables import Variable
from sim.ir import Op, Table

Knots = tuple[tuple[float, ...], tuple[float, ...]]


def _data(
    builder: Builder, ast: Any
) -> tuple[Callable[[Environment], Knots], tuple[str, ...]] | None:
    """How to find the times and values of the data that a reference names, and its ranges."""
    variable: Variable | None = builder.section.find(getattr(ast, "reference", ""))
    written = list(ast.subscripts.subscripts) if getattr(ast, "subscripts", None) else []
    found = None if variable is None else builder.element_of(variable, written)
    if variable is None or found is None:
        return None
    element, dims = found
    engine = builder.engine

    def at(env: Environment) -> Knots:
        label = element(env)
        given = engine.paths.get(variable.element_name(label))
        if given is not None:
            return given.times, given.values
        component = variable.elements.get(label)
        if component is None or type(component.ast).__name__ != "GetDataStructure":
            builder.problem(
                "no-data",
                f"'{builder.variable.name}' asks '{variable.name}' for its data, of which the "
                "model has none",
                "give it over time: `simulate --data FILE`, or as a path in `settings`",
            )
            return (0.0,), (float("nan"),)
        times, values = engine.reader.data(component, label, engine.problems)
        known = [(x, y) for x, y in zip(times, values, strict=True) if y == y]
        return tuple(x for x, _ in known) or (0.0,), tuple(y for _, y in known) or (float("nan"),)

    return at, dims


def _missing(builder: Builder, spoken: str) -> Expression:
    return builder.problem(
        "wrong-arguments", f"'{builder.variable.name}': {spoken} is not given a data variable first"
    )


def _between(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """GET DATA BETWEEN TIMES(data, time, mode): 0 between, 1 the later, -1 the earlier value."""
    found = _data(builder, arguments[0]) if len(arguments) == 3 else None
    if found is None:
        return _missing(builder, "GET DATA BETWEEN TIMES")
    knots, dims = found
    engine, graph = builder.engine, builder.graph
    time, mode = builder.builds(arguments[1:])

    def at(env: Environment) -> int:
        times, values = knots(env)
        way = engine.settled(mode.at(env.in_phase(initial=True)))
        reading = "interpolate" if not way or way != way else "look_forward"
        if way is not None and way <= -1:
            reading = "hold_backward"
        moment = time.at(env)
        outside = graph.op(
            Op.OR,
            graph.op(Op.LT, moment, graph.const(times[0])),
            graph.op(Op.GT, moment, graph.const(times[-1])),
        )
        name = f"{env.name} of data"
        return graph.select(
            outside, graph.nan, graph.lookup(Table(name, times, values, reading), moment)
        )

    own = tuple(dict.fromkeys((*time.dims, *mode.dims, *dims)))
    return Expression(at, own, False, time.height + 1)


def _edge(spoken: str, last: int) -> Maker:
    """GET DATA FIRST TIME and LAST TIME."""

    def make(builder: Builder, arguments: Sequence[Any]) -> Expression:
        found = _data(builder, arguments[0]) if len(arguments) == 1 else None
        if found is None:
            return _missing(builder, spoken)
        knots, dims = found
        return Expression(lambda env: builder.graph.const(knots(env)[0][last]), dims)

    return make


RECORDS: dict[str, Maker] = {
    "get_data_between_times": _between,
    "get_data_first_time": _edge("GET DATA FIRST TIME", 0),
    "get_data_last_time": _edge("GET DATA LAST TIME", -1),
}
