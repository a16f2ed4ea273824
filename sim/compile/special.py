"""Vensim's rarer functions with a memory, which PySD lacks, as the reference manual gives them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sim.compile.builder import Builder, Maker
from sim.compile.engine import Environment
from sim.compile.expression import Expression
from sim.compile.functions import SMALL
from sim.compile.statefuls import STRUCTURES, fixed
from sim.ir import Op, Rule


def _count(builder: Builder, spoken: str, arguments: Sequence[Any], count: int) -> Any:
    """A complaint if the number of arguments is wrong."""
    if len(arguments) == count:
        return None
    return builder.problem(
        "wrong-arguments",
        f"'{builder.variable.name}': {spoken} takes {count} arguments, not {len(arguments)}",
    )


def _steady(spoken: str, count: int) -> Maker:
    """DELAY MATERIAL and DELAY INFORMATION; as DELAY FIXED, where the delay does not move."""

    def make(builder: Builder, arguments: Sequence[Any]) -> Expression:
        if wrong := _count(builder, spoken, arguments, count):
            return wrong
        source, span, start = arguments[:3]
        ast = SimpleNamespace(input=source, delay_time=span, initial=start)
        plain = STRUCTURES["DelayFixedStructure"](builder, ast)
        length = builder.build(span)

        def at(env: Environment) -> int:
            if not fixed(builder.engine, length.at(env.in_phase(initial=False))):
                return builder.problem(
                    "moving-length",
                    f"'{env.name}': {spoken} whose delay changes is not supported",
                ).at(env)
            return plain.at(env)

        return Expression(at, plain.dims, False, plain.height + 1)

    return make


def _sinteg(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """SINTEG(rate, initial, min, max, quant, spec, thresh): a level that keeps within bounds.

    It is a multiple of `quant`, and `spec` where it is within `thresh` of that.
    """
    if wrong := _count(builder, "SINTEG", arguments, 7):
        return wrong
    engine, graph, op = builder.engine, builder.graph, builder.graph.op
    rate, start, *bounds = builder.builds(arguments)
    place = builder.place("SINTEG")

    def kept(env: Environment, node: int) -> int:
        least, most, grain, special, near = (
            engine.settled(bound.at(env.in_phase(initial=True))) for bound in bounds
        )
        if grain is not None and grain == grain and grain > 0:
            whole = op(Op.FLOOR, op(Op.ADD, op(Op.DIV, node, graph.const(grain)), graph.const(0.5)))
            node = op(Op.MUL, whole, graph.const(grain))
        if None not in (special, near) and not math.isnan((special or 0.0) + (near or 0.0)):
            away = op(Op.ABS, op(Op.SUB, node, graph.const(special or 0.0)))
            close = op(Op.LT, away, graph.const(near or 0.0))
            node = graph.select(close, graph.const(special or 0.0), node)
        if least is not None and least == least:
            node = op(Op.MAX, node, graph.const(least))
        if most is not None and most == most:
            node = op(Op.MIN, node, graph.const(most))
        return node

    def at(env: Environment) -> int:
        if env.initial:
            return kept(env, start.at(env))
        run = env.in_phase(initial=False)

        def make() -> list[int]:
            own: list[int] = []

            def following() -> int:
                change = op(Op.MUL, rate.at(run), engine.bound("time_step", initial=False))
                return kept(run, op(Op.ADD, own[0], change))

            begin = env.in_phase(initial=True)
            own.append(
                engine.state(Rule.HELD, env.name, lambda: kept(begin, start.at(begin)), following)
            )
            return own

        return engine.states_at(place, env, make)[0]

    return Expression(at, builder.bound, False, 1 + max(part.height for part in (rate, start)))


def _npv(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """NPV(stream, rate, initial, factor): what came in until now, discounted, and this step's."""
    if wrong := _count(builder, "NPV", arguments, 4):
        return wrong
    engine, graph, op = builder.engine, builder.graph, builder.graph.op
    stream, rate, start, factor = parts = builder.builds(arguments)
    place = builder.place("NPV")

    def value(env: Environment, total: int, discount: int) -> int:
        step = engine.bound("time_step", env.initial)
        now = op(Op.MUL, op(Op.MUL, stream.at(env), step), discount)
        return op(Op.MUL, op(Op.ADD, total, now), factor.at(env))

    def at(env: Environment) -> int:
        if env.initial:
            return value(env, start.at(env), graph.one)
        run, begin = env.in_phase(initial=False), env.in_phase(initial=True)

        def make() -> list[int]:
            own: list[int] = []

            def falls() -> int:
                yearly = rate.at(run)
                step = engine.bound("time_step", initial=False)
                below = op(Op.ADD, graph.one, op(Op.MUL, yearly, step))
                return op(Op.DIV, op(Op.MUL, op(Op.NEG, own[1]), yearly), below)

            own.append(
                engine.state(
                    Rule.LEVEL, f"{env.name} until now", lambda: start.at(begin),
                    lambda: op(Op.MUL, stream.at(run), own[1]),
                )
            )  # fmt: skip
            own.append(engine.state(Rule.LEVEL, f"{env.name} discount", lambda: graph.one, falls))
            return own

        return value(env, *engine.states_at(place, env, make))

    return Expression(at, builder.bound, False, 1 + max(part.height for part in parts))


def _depreciate(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """DEPRECIATE STRAIGHTLINE(stream, time, fisc, initial): each step's stream in equal parts.

    Only with fiscal years of one unit of time and no initial depreciation.
    """
    if wrong := _count(builder, "DEPRECIATE STRAIGHTLINE", arguments, 4):
        return wrong
    engine, graph, op = builder.engine, builder.graph, builder.graph.op
    stream, span, fiscal, start = builder.builds(arguments)
    place = builder.place("DEPRECIATE")

    def at(env: Environment) -> int:
        begin, run = env.in_phase(initial=True), env.in_phase(initial=False)
        time = engine.settled(span.at(begin))
        plain = (engine.settled(fiscal.at(begin)), engine.settled(start.at(begin))) == (1.0, 0.0)
        if time is None or not time > 0 or not plain:
            return builder.problem(
                "unsupported-function",
                f"'{builder.variable.name}': DEPRECIATE STRAIGHTLINE needs a constant time, "
                "fiscal years of 1 and an initial depreciation of 0",
            ).at(env)
        part = graph.const(time)
        steps = math.ceil(time / engine.step - SMALL)
        if env.initial or steps == 1:
            return op(Op.DIV, stream.at(env), part)

        def make() -> list[int]:
            own: list[int] = []
            # What came in during the last steps, and what falls out of that sum next.
            own.append(
                engine.state(
                    Rule.HELD if steps == 2 else Rule.RING, f"{env.name} of old",
                    lambda: graph.zero, lambda: stream.at(run), steps - 1,
                )
            )  # fmt: skip
            own.append(
                engine.state(
                    Rule.HELD, f"{env.name} of late", lambda: graph.zero,
                    lambda: op(Op.SUB, op(Op.ADD, own[1], stream.at(run)), own[0]),
                )
            )  # fmt: skip
            return own

        _, late = engine.states_at(place, env, make)
        return op(Op.DIV, op(Op.ADD, late, stream.at(env)), part)

    return Expression(at, builder.bound, False, 1 + stream.height)


SPECIAL: dict[str, Maker] = {
    "delay_material": _steady("DELAY MATERIAL", 4),
    "delay_information": _steady("DELAY INFORMATION", 3),
    "sinteg": _sinteg,
    "npv": _npv,
    "depreciate_straightline": _depreciate,
}
