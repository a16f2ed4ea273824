"""Calls of macros: a section of its own, used with the caller's expressions as parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.compile.engine import Environment, Instance
from sim.compile.expression import Expression, joined
from sim.compile.ranges import loose
from sim.compile.variables import Section

if TYPE_CHECKING:
    from sim.compile.builder import Builder


@dataclass(eq=False, slots=True)
class Call:
    """A call of a macro that gives several values: its use in an environment of the caller."""

    macro: Section
    use: Callable[[Environment], Instance]


def call(builder: Builder, macro: Section, arguments: Sequence[Any]) -> Expression:
    """The value of the macro's variable of its own name; every call has its own states."""
    instances: dict[object, Instance] = {}
    calls, position = builder.component.calls, len(builder.component.calls)
    if macro.returns:
        calls.append(Call(macro, lambda _: builder.engine.main))
    parts = builder.builds(arguments)
    output = macro.find(macro.name)
    if output is None or len(parts) != len(macro.parameters):
        return builder.problem(
            "wrong-macro-call",
            f"'{builder.variable.name}' calls the macro '{macro.name}', which takes "
            f"{len(macro.parameters)} arguments and must define a variable of its own name",
        )
    place = builder.place(macro.name)

    def use(env: Environment) -> Instance:
        key = (env.instance, tuple(sorted(env.bound.items())))
        if key not in instances:
            instances[key] = builder.engine.use(
                f"{macro.name} {place[2]} of {env.name}",
                {
                    name: _argument(part, env)
                    for name, part in zip(macro.parameters, parts, strict=True)
                },
            )
        return instances[key]

    if macro.returns:
        calls[position].use = use
    return joined(
        lambda env: builder.engine.value(output, (), use(env), env.initial), parts, constant=False
    )


def output(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """MACRO OUTPUT(owner, n, k): the k-th further value of the n-th call in owner's equation."""
    owner = builder.section.find(arguments[0].reference) if len(arguments) == 3 else None
    if owner is None or not owner.components:
        return _not_given(builder)
    written = arguments[0].subscripts.subscripts if arguments[0].subscripts else ()
    found = builder.element_of(owner, written)
    if found is None:
        return _not_given(builder)
    element, dims = found
    number, place = int(arguments[1]) - 1, int(arguments[2]) - 1
    engine = builder.engine

    def at(env: Environment) -> int:
        component = owner.elements.get(element(env))
        if component is None:
            return engine.graph.nan
        if component.expression is None:
            engine.build(component)
        calls = component.calls
        if number >= len(calls) or place >= len(calls[number].macro.returns):
            return _not_given(builder).at(env)
        macro = calls[number].macro
        variable = macro.find(loose(macro.returns[place]))
        if variable is None:
            return _not_given(builder).at(env)
        bound = component.bind(element(env))
        caller = Environment(bound, env.initial, env.instance, component, element(env))
        return engine.value(variable, (), calls[number].use(caller), env.initial)

    return Expression(at, dims)


def _not_given(builder: Builder) -> Expression:
    return builder.problem(
        "wrong-macro-call",
        f"'{builder.variable.name}' is to be a further value of a macro that gives no such value",
    )


def _argument(part: Expression, env: Environment) -> Callable[[bool], int]:
    return lambda initial: part.at(env.in_phase(initial))
