"""Tables: lookups of every form, written in the model or read from a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.compile.engine import Engine, Environment
from sim.compile.expression import Expression, joined
from sim.compile.variables import Element, Variable
from sim.ir import Op, Series, Table

if TYPE_CHECKING:
    from sim.compile.builder import Builder


def table_at(engine: Engine, variable: Variable, element: Element) -> Table:
    """The table of one element of a lookup variable."""
    component = variable.elements.get(element)
    name = variable.element_name(element)
    if component is None:
        engine.problems.add("no-equation", f"the table '{name}' is not defined", variable.name)
        return Table(name, (0.0,), (float("nan"),))
    key = (component, element)
    if key not in engine.tables:
        if type(component.ast).__name__ == "LookupsStructure":
            table = _written(engine, variable, name, component.ast)
        else:
            x, y = engine.reader.table(component, element, engine.problems)
            table = Table(name, x, y)
        engine.tables[key] = table
    return engine.tables[key]


def _written(engine: Engine, variable: Variable, name: str, ast: Any) -> Table:
    x = tuple(float(value) for value in ast.x)
    y = tuple(float(value) for value in ast.y)
    if len(x) != len(y) or len(set(x)) != len(x):
        engine.problems.add(
            "wrong-table",
            f"the table in '{name}' gives an x twice, or not as many y as x",
            variable.name,
        )
        return Table(name, (0.0,), (float("nan"),))
    return Table(name, x, y, ast.type)


def look_up(engine: Engine, table: Table, x: int) -> int:
    """The table read at a node; read at the present time it is a series."""
    readable = table.reading in ("interpolate", "hold_backward", "look_forward")
    if engine.graph.ops[x] is Op.TIME and readable:
        return engine.series(Series(table.name, table.x, table.y, table.reading))
    return engine.graph.lookup(table, x)


def inline(builder: Builder, ast: Any) -> Expression:
    """WITH LOOKUP, and the graphical function of an XMILE variable.

    PySD reads every inline table with straight lines and held ends; the type that an XMILE
    file gives (`discrete`, `extrapolate`) is kept here, as the standard asks.
    """
    argument = builder.build(ast.argument)
    engine, variable = builder.engine, builder.variable
    # A variable may hold several, and kernels tell series apart by name.
    engine.inline_tables += 1
    name = f"{variable.name} (table {engine.inline_tables})"
    table = _written(engine, variable, name, ast.lookups)
    return joined(lambda env: look_up(engine, table, argument.at(env)), [argument], constant=False)


def reading(kind: str) -> Any:
    """A maker for LOOKUP EXTRAPOLATE, FORWARD and BACKWARD: (table, x)."""

    def make(builder: Builder, arguments: Sequence[Any]) -> Expression:
        found = builder.table_of(arguments[0]) if len(arguments) == 2 else None
        if found is None:
            return builder.problem(
                "not-a-lookup",
                f"'{builder.variable.name}' reads a table in another way, "
                "but its first argument is no table",
            )
        table, dims = found
        argument = builder.build(arguments[1])

        def at(env: Environment) -> int:
            own = table(env)
            read = Table(own.name, own.x, own.y, kind)
            if kind == "invert":
                read = _inverted(builder, own)
            return look_up(builder.engine, read, argument.at(env))

        return Expression(
            at, tuple(dict.fromkeys((*argument.dims, *dims))), False, argument.height + 1
        )

    return make


def _inverted(builder: Builder, table: Table) -> Table:
    pairs = sorted(zip(table.y, table.x, strict=True))
    rising = all(a < b for a, b in zip(table.y, table.y[1:], strict=False))
    falling = all(a > b for a, b in zip(table.y, table.y[1:], strict=False))
    if not (rising or falling):
        builder.problem(
            "wrong-table",
            f"'{builder.variable.name}' inverts the table '{table.name}', "
            "which neither rises nor falls throughout",
        )
    return Table(table.name, tuple(y for y, _ in pairs), tuple(x for _, x in pairs))
