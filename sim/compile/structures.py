"""Right sides that are no sums of others: numbers and data that lie in files, tables."""

from __future__ import annotations

from typing import Any

from sim.compile import tables
from sim.compile.builder import Builder
from sim.compile.engine import Environment
from sim.compile.expression import Expression
from sim.ir import Series


def _constants(builder: Builder, ast: Any) -> Expression:
    """GET XLS/DIRECT CONSTANTS."""
    del ast
    engine = builder.engine

    def at(env: Environment) -> int:
        number = engine.reader.constant(env.component, env.element, engine.problems)
        return engine.graph.const(number)

    return Expression(at, builder.bound, constant=True)


def _data(builder: Builder, ast: Any) -> Expression:
    """GET XLS/DIRECT DATA."""
    del ast
    engine = builder.engine
    reading = builder.component.keyword or "interpolate"

    def at(env: Environment) -> int:
        times, values = engine.reader.data(env.component, env.element, engine.problems)
        return engine.series(Series(env.name, times, values, reading))

    return Expression(at, builder.bound)


def _empty(builder: Builder, ast: Any) -> Expression:
    """A data variable without a file: its values must come from outside."""
    del ast
    return builder.problem(
        "no-data",
        f"the data variable '{builder.variable.name}' has no data in the model",
        "give it over time: `simulate --data FILE`, or as a path in `settings`",
    )


STRUCTURES = {
    "GetConstantsStructure": _constants,
    "GetDataStructure": _data,
    "DataStructure": _empty,
    "InlineLookupsStructure": tables.inline,
}
