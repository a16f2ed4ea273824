"""Functions with a memory: stocks, smooths, delays and their kin, as PySD steps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.compile.builder import Builder
from sim.compile.engine import Engine, Environment
from sim.compile.expression import At, Expression
from sim.compile.functions import SMALL, zidz
from sim.compile.graph import reach
from sim.ir import Op, Rule

if TYPE_CHECKING:
    from sim.compile.variables import Component

_LONGEST = 1_000_000  # steps of a fixed delay

Structure = Callable[[Builder, Any], Expression]


def _stateful(builder: Builder, parts: list[Expression], at: At) -> Expression:
    return Expression(at, builder.bound, False, 1 + max((part.height for part in parts), default=0))


def _named(place: tuple[Component, str, int], env: Environment, stage: str = "") -> str:
    name = env.name if place[2] == 1 else f"{env.name} {place[1]} {place[2]}"
    return f"{name} {stage}" if stage else name


def _integ(builder: Builder, ast: Any) -> Expression:
    engine, op = builder.engine, builder.graph.op
    flow, start = builder.builds((ast.flow, ast.initial))
    place = builder.place("INTEG")

    def make(env: Environment) -> list[int]:
        run, begin = env.in_phase(False), env.in_phase(True)
        if not ast.non_negative:
            return [
                engine.state(
                    Rule.LEVEL, _named(place, env),
                    lambda: start.at(begin), lambda: flow.at(run),
                )
            ]  # fmt: skip
        # A stock that stops at zero: the whole step, then the bound, as PySD takes it.
        own: list[int] = []

        def following() -> int:
            change = op(Op.MUL, flow.at(run), engine.bound("time_step", initial=False))
            return op(Op.MAX, op(Op.ADD, own[0], change), builder.graph.zero)

        own.append(engine.state(Rule.HELD, _named(place, env), lambda: start.at(begin), following))
        return own

    def at(env: Environment) -> int:
        if env.initial:
            return start.at(env)
        return engine.states_at(place, env, lambda: make(env))[0]

    return _stateful(builder, [flow, start], at)


def _initial(builder: Builder, ast: Any) -> Expression:
    engine = builder.engine
    inner = builder.build(ast.initial)
    place = builder.place("INITIAL")

    def at(env: Environment) -> int:
        begin = env.in_phase(True)
        node = inner.at(begin)
        # what would be another in a later step is held
        if env.initial or not engine.graph.given(node):
            return node
        own: list[int] = []

        def make() -> list[int]:
            # A level that nothing flows into, so that RK4 may carry it too.
            zero = engine.graph.const(0.0)
            own.append(engine.state(Rule.LEVEL, _named(place, env), lambda: node, lambda: zero))
            return own

        return engine.states_at(place, env, make)[0]

    return _stateful(builder, [inner], at)


def _order(builder: Builder, order: Expression, env: Environment, what: str) -> int:
    """The number of stages, which shapes the program."""
    number = builder.engine.settled(order.at(env.in_phase(True)))
    if number is None or not 1 <= int(number) <= 1000:
        builder.problem(
            "wrong-order",
            f"'{env.name}': the order of {what} must be a constant of at least 1",
        )
        return 1
    return int(number)


def _smooth(builder: Builder, ast: Any) -> Expression:
    engine, op = builder.engine, builder.graph.op
    source, span, start, order = builder.builds(
        (ast.input, ast.smooth_time, ast.initial, ast.order)
    )
    place = builder.place("SMOOTH")

    def make(env: Environment) -> list[int]:
        run, begin = env.in_phase(False), env.in_phase(True)
        stages = _order(builder, order, env, "a smooth")
        own: list[int] = []

        def change(stage: int) -> int:
            goal = source.at(run) if stage == 0 else own[stage - 1]
            gap = op(Op.MUL, op(Op.SUB, goal, own[stage]), builder.graph.const(stages))
            return op(Op.DIV, gap, span.at(run))

        for stage in range(stages):
            name = _named(place, env, "" if stage == stages - 1 else f"stage {stage + 1}")
            own.append(
                engine.state(
                    Rule.LEVEL, name, lambda: start.at(begin), lambda stage=stage: change(stage)
                )
            )
        return own

    def at(env: Environment) -> int:
        if env.initial:
            return start.at(env)
        return engine.states_at(place, env, lambda: make(env))[-1]

    return _stateful(builder, [source, span, start, order], at)


def _lowered(builder: Builder, stages: int, span: At, env: Environment, what: str) -> int:
    """The order of a delay, as PySD lowers it when the delay is too short for the step."""
    del what
    engine = builder.engine
    begin = env.in_phase(True)
    component = env.component
    spans: list[int] = []
    for element, owner in component.variable.elements.items():
        if owner is component:
            place = Environment(
                {**begin.bound, **component.bind(element)}, True, env.instance, component, element
            )
            spans.append(span(place))
    known = [engine.expected(node) for node in spans]
    shortest = min((one for one in known if one is not None), default=None)
    if shortest is None:
        return stages
    step = engine.step
    order = stages
    while order > 1 and order * step > shortest:
        order -= 1
    if order < stages:
        for node in spans:
            engine.build_in(node)
    return order


def _guarded(builder: Builder, stages: int, span: int, start: int) -> int:
    """The start of a delay; NaN in a member whose delay is too short for its order."""
    graph = builder.graph
    if stages == 1:
        return start
    need = graph.const(stages * builder.engine.step)
    return graph.select(graph.op(Op.GT, need, span), graph.nan, start)


def _delay(builder: Builder, ast: Any, *, own_times: bool) -> Expression:
    """DELAY1, DELAY3 and DELAY N: stages that hold their content times the delay.

    In DELAY N (`own_times`) every stage keeps the delay time that its content came in with.
    """
    engine, graph, op = builder.engine, builder.graph, builder.graph.op
    source, span, start, order = builder.builds((ast.input, ast.delay_time, ast.initial, ast.order))
    place = builder.place("DELAY")

    def make(env: Environment) -> list[int]:
        run, begin = env.in_phase(False), env.in_phase(True)
        stages = _lowered(builder, _order(builder, order, env, "a delay"), span.at, env, "a delay")
        own: list[int] = []
        times: list[int] = []
        if own_times and not fixed(engine, span.at(run)):
            for stage in range(stages):
                times.append(
                    engine.state(
                        Rule.HELD, _named(place, env, f"time {stage + 1}"),
                        lambda: span.at(begin),
                        lambda stage=stage: times[stage - 1] if stage else span.at(run),
                    )
                )  # fmt: skip

        def outflow(stage: int) -> int:
            # While a step is taken, the times have moved on by one stage.
            time = times[stage - 1] if times and stage else span.at(run)
            return op(Op.DIV, own[stage], time)

        def change(stage: int) -> int:
            inflow = source.at(run) if stage == 0 else outflow(stage - 1)
            return op(Op.MUL, op(Op.SUB, inflow, outflow(stage)), graph.const(stages))

        def begins() -> int:
            time = span.at(begin)
            return _guarded(builder, stages, time, op(Op.MUL, start.at(begin), time))

        for stage in range(stages):
            own.append(
                engine.state(
                    Rule.LEVEL, _named(place, env, f"stage {stage + 1}"),
                    begins, lambda stage=stage: change(stage),
                )
            )  # fmt: skip
        return [own[-1], times[0]] if times else [own[-1]]

    def at(env: Environment) -> int:
        if env.initial:
            time = span.at(env)
            return op(Op.DIV, op(Op.MUL, start.at(env), time), time)
        states = engine.states_at(place, env, lambda: make(env))
        return op(Op.DIV, states[0], states[1] if len(states) > 1 else span.at(env))

    return _stateful(builder, [source, span, start, order], at)


def fixed(engine: Engine, node: int) -> bool:
    """True if a node is the same in every step."""
    ops = engine.graph.ops
    moving = (Op.TIME, Op.STATE, Op.SERIES, Op.RANDOM)
    return not any(ops[one] in moving for one in reach(engine.graph, [node]))


def _delay_fixed(builder: Builder, ast: Any) -> Expression:
    engine = builder.engine
    source, span, start = builder.builds((ast.input, ast.delay_time, ast.initial))
    place = builder.place("DELAY FIXED")

    def make(env: Environment) -> list[int]:
        run, begin = env.in_phase(False), env.in_phase(True)
        time = engine.settled(span.at(begin))
        if time is None or time != time:
            builder.problem(
                "moving-length",
                f"'{env.name}': the length of a DELAY FIXED must be known at the start, from "
                "constants",
            )
            time = 1.0
        # PySD adds a little before it rounds, so that halves go up.
        length = round(max(time / engine.step, 1.0) + SMALL)
        if length > _LONGEST:
            sentence = f"'{env.name}': the delay is longer than {_LONGEST:,} steps"
            builder.problem("too-large", sentence)
            length = 1
        rule = Rule.HELD if length == 1 else Rule.RING
        return [
            engine.state(
                rule, _named(place, env), lambda: start.at(begin), lambda: source.at(run), length
            )
        ]

    def at(env: Environment) -> int:
        if env.initial:
            return start.at(env)
        return engine.states_at(place, env, lambda: make(env))[0]

    return _stateful(builder, [source, span, start], at)


def _averaging(
    builder: Builder,
    ast: Any,
    what: str,
    begin_at: Callable[[Environment], int],
    parts: list[Expression],
    out: Callable[[Environment, int], int],
) -> Expression:
    """TREND and FORECAST: a running average of the input, and what they make of it."""
    engine, op = builder.engine, builder.graph.op
    source, span = parts[0], parts[1]
    place = builder.place(what)

    def make(env: Environment) -> list[int]:
        run, begin = env.in_phase(False), env.in_phase(True)
        own: list[int] = []
        own.append(
            engine.state(
                Rule.LEVEL, _named(place, env, "average"), lambda: begin_at(begin),
                lambda: op(Op.DIV, op(Op.SUB, source.at(run), own[0]), span.at(run)),
            )
        )  # fmt: skip
        return own

    def at(env: Environment) -> int:
        if env.initial:
            return out(env, begin_at(env))
        return out(env, engine.states_at(place, env, lambda: make(env))[0])

    return _stateful(builder, parts, at)


def _trend(builder: Builder, ast: Any) -> Expression:
    engine, graph, op = builder.engine, builder.graph, builder.graph.op
    source, span, start = builder.builds((ast.input, ast.average_time, ast.initial_trend))

    def begin(env: Environment) -> int:
        grown = op(Op.ADD, graph.one, op(Op.MUL, start.at(env), span.at(env)))
        return op(Op.DIV, source.at(env), grown)

    def out(env: Environment, average: int) -> int:
        below = op(Op.MUL, span.at(env), op(Op.ABS, average))
        return zidz(engine, env, op(Op.SUB, source.at(env), average), below)

    return _averaging(builder, ast, "TREND", begin, [source, span, start], out)


def _forecast(builder: Builder, ast: Any) -> Expression:
    engine, graph, op = builder.engine, builder.graph, builder.graph.op
    source, span, horizon, start = builder.builds(
        (ast.input, ast.average_time, ast.horizon, ast.initial_trend)
    )

    def begin(env: Environment) -> int:
        return op(Op.DIV, source.at(env), op(Op.ADD, graph.one, start.at(env)))

    def out(env: Environment, average: int) -> int:
        now = source.at(env)
        below = op(Op.MUL, span.at(env), average)
        growth = zidz(engine, env, op(Op.SUB, now, average), below)
        ahead = op(Op.ADD, graph.one, op(Op.MUL, growth, horizon.at(env)))
        return op(Op.MUL, now, ahead)

    return _averaging(builder, ast, "FORECAST", begin, [source, span, horizon, start], out)


def _sample(builder: Builder, ast: Any) -> Expression:
    engine, graph = builder.engine, builder.graph
    condition, source, start = builder.builds((ast.condition, ast.input, ast.initial))
    place = builder.place("SAMPLE IF TRUE")

    def now(env: Environment, held: int) -> int:
        if env.component.ast is not ast:
            return graph.select(condition.at(env), source.at(env), held)
        with engine.before(env, held):  # `peak = SAMPLE IF TRUE(x > peak, x, x)`
            return graph.select(condition.at(env), source.at(env), held)

    def make(env: Environment) -> list[int]:
        run, begin = env.in_phase(False), env.in_phase(True)
        own: list[int] = []

        def following() -> int:
            if env.component.ast is ast:  # what the variable is now, if it names itself or not
                return engine.value(env.component.variable, env.element, env.instance, False)
            return now(run, own[0])

        own.append(
            engine.state(Rule.HELD, _named(place, env, "held"), lambda: start.at(begin), following)
        )
        return own

    def at(env: Environment) -> int:
        if env.initial:
            return now(env, start.at(env))
        return now(env, engine.states_at(place, env, lambda: make(env))[0])

    return _stateful(builder, [condition, source, start], at)


STRUCTURES: dict[str, Structure] = {
    "IntegStructure": _integ,
    "InitialStructure": _initial,
    "SmoothStructure": _smooth,
    "SmoothNStructure": _smooth,
    "DelayStructure": lambda builder, ast: _delay(builder, ast, own_times=False),
    "DelayNStructure": lambda builder, ast: _delay(builder, ast, own_times=True),
    "DelayFixedStructure": _delay_fixed,
    "TrendStructure": _trend,
    "ForecastStructure": _forecast,
    "SampleIfTrueStructure": _sample,
}
