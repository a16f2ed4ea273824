"""Calls of macros: a section of its own, used with the caller's expressions as parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.compile.engine import Environment, Instance
from sim.compile.expression import Expression, joined
from sim.compile.variables import Section

if TYPE_CHECKING:
    from sim.compile.builder import Builder


def call(builder: Builder, macro: Section, arguments: Sequence[Any]) -> Expression:
    """The value of the macro's variable of its own name; every call has its own states."""
    parts = builder.builds(arguments)
    output = macro.find(macro.name)
    if output is None or len(parts) != len(macro.parameters):
        return builder.problem(
            "wrong-macro-call",
            f"'{builder.variable.name}' calls the macro '{macro.name}', which takes "
            f"{len(macro.parameters)} arguments and must define a variable of its own name",
        )
    place = builder.place(macro.name)
    instances: dict[object, Instance] = {}

    def at(env: Environment) -> int:
        key = (env.instance, tuple(sorted(env.bound.items())))
        if key not in instances:
            instances[key] = Instance(
                f"{macro.name} {place[2]} of {env.name}",
                {
                    name: _argument(part, env)
                    for name, part in zip(macro.parameters, parts, strict=True)
                },
            )
        return builder.engine.value(output, (), instances[key], env.initial)

    return joined(at, parts, constant=False)


def _argument(part: Expression, env: Environment) -> Callable[[bool], int]:
    return lambda initial: part.at(env.in_phase(initial))
