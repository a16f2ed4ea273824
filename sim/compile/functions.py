"""Functions of numbers: what Vensim and XMILE call, as PySD computes it, in operations."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from sim.compile.builder import Builder, Maker
from sim.compile.engine import Engine, Environment
from sim.compile.expression import Expression, joined
from sim.ir import Op

# What PySD takes for zero, and adds to times before it compares them.
SMALL = 1e-6

Lowering = Callable[..., int]


def elementwise(
    spoken: str, counts: Sequence[int], lower: Lowering, *, over_time: bool = False
) -> Maker:
    """A maker for a function that treats every element alike.

    Args:
        spoken: the function's name in messages.
        counts: how many arguments it may have.
        lower: takes (engine, environment, *nodes) and gives the node of the result.
        over_time: True if the result changes with time though the arguments do not.
    """

    def make(builder: Builder, arguments: Sequence[Any]) -> Expression:
        if len(arguments) not in counts:
            return builder.problem(
                "wrong-arguments",
                f"'{builder.variable.name}': {spoken} takes {_numbers(counts)} arguments, "
                f"not {len(arguments)}",
            )
        parts = builder.builds(arguments)
        engine = builder.engine
        getters = [part.at for part in parts]
        return joined(
            lambda env: lower(engine, env, *[get(env) for get in getters]),
            parts,
            constant=False if over_time else None,
        )

    return make


def _numbers(counts: Sequence[int]) -> str:
    return " or ".join(str(count) for count in counts)


def _plain(op: Op) -> Lowering:
    return lambda engine, _env, *nodes: engine.graph.op(op, *nodes)


def _log(engine: Engine, _: Environment, x: int, base: int) -> int:
    op = engine.graph.op
    return op(Op.DIV, op(Op.LN, x), op(Op.LN, base))


def _if(engine: Engine, _: Environment, condition: int, yes: int, no: int) -> int:
    return engine.graph.select(condition, yes, no)


def xidz(engine: Engine, _: Environment, above: int, below: int, other: int) -> int:
    """`above / below`, or `other` where `below` is nearly zero."""
    graph = engine.graph
    small = graph.op(Op.LT, graph.op(Op.ABS, below), graph.const(SMALL))
    return graph.select(small, other, graph.op(Op.DIV, above, below))


def zidz(engine: Engine, env: Environment, above: int, below: int) -> int:
    """`above / below`, or zero where `below` is nearly zero."""
    return xidz(engine, env, above, below, engine.graph.zero)


def _quantum(engine: Engine, _: Environment, x: int, step: int) -> int:
    graph = engine.graph
    whole = graph.op(Op.MUL, step, graph.op(Op.TRUNC, graph.op(Op.DIV, x, step)))
    return graph.select(graph.op(Op.LT, step, graph.const(SMALL)), x, whole)


def _modulo(engine: Engine, env: Environment, x: int, step: int) -> int:
    return engine.graph.op(Op.SUB, x, _quantum(engine, env, x, step))


def _step(engine: Engine, env: Environment, height: int, start: int) -> int:
    graph = engine.graph
    half = graph.op(Op.DIV, engine.bound("time_step", env.initial), graph.const(2.0))
    reached = graph.op(Op.GT, graph.op(Op.ADD, engine.time(env), half), start)
    return graph.op(Op.MUL, height, reached)


def _ramp(engine: Engine, env: Environment, slope: int, start: int, *finish: int) -> int:
    graph = engine.graph
    now = engine.time(env)
    end = graph.op(Op.MIN, finish[0], now) if finish else now
    begun = graph.op(Op.GT, graph.op(Op.ADD, now, graph.const(SMALL)), start)
    return graph.op(Op.MUL, graph.op(Op.MUL, begun, slope), graph.op(Op.SUB, end, start))


def _single(engine: Engine, env: Environment, start: int, width: int) -> int:
    """Truth: `start <= time < start + width`."""
    graph = engine.graph
    now = engine.time(env)
    from_start = graph.op(Op.LE, graph.op(Op.SUB, start, graph.const(SMALL)), now)
    before_end = graph.op(Op.LT, now, graph.op(Op.ADD, start, width))
    return graph.op(Op.AND, from_start, before_end)


def _repeated(
    engine: Engine, env: Environment, start: int, interval: int, width: int, end: int | None
) -> int:
    """Truth: inside one of the pulses that begin every `interval`; once if that is zero."""
    graph = engine.graph
    now = engine.time(env)
    begun = graph.op(Op.LE, start, now)
    if end is not None:
        begun = graph.op(Op.AND, begun, graph.op(Op.LT, now, end))
    since = graph.op(Op.ADD, graph.op(Op.SUB, now, start), graph.const(SMALL))
    within = graph.op(Op.LT, graph.op(Op.MOD, since, interval), width)
    again = graph.op(Op.AND, begun, within)
    once = _single(engine, env, start, width)
    never = graph.op(Op.EQ, interval, graph.zero)
    known = graph.numbers[never]
    if known is not None:
        return once if known else again
    return graph.op(
        Op.OR,
        graph.op(Op.AND, never, once),
        graph.op(Op.AND, graph.op(Op.NOT, never), again),
    )


def _pulse(engine: Engine, env: Environment, start: int, width: int) -> int:
    return engine.graph.select(
        _single(engine, env, start, width), engine.graph.one, engine.graph.zero
    )


def _pulse_train(
    engine: Engine, env: Environment, start: int, interval: int, width: int, end: int
) -> int:
    inside = _repeated(engine, env, start, interval, width, end)
    return engine.graph.select(inside, engine.graph.one, engine.graph.zero)


def _impulse(engine: Engine, env: Environment, start: int, *rest: int) -> int:
    """XMILE's PULSE: (start, [interval,] magnitude), spread over one time step."""
    graph = engine.graph
    step = engine.bound("time_step", env.initial)
    width = graph.op(Op.MUL, graph.const(0.5), step)
    inside = (
        _repeated(engine, env, start, rest[0], width, None)
        if len(rest) == 2
        else _single(engine, env, start, width)
    )
    return graph.select(inside, graph.op(Op.DIV, rest[-1], step), graph.zero)


def _time_value(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """GET TIME VALUE(0, offset, 0): the present time and an offset; 1: the initial time's."""
    if len(arguments) != 3 or arguments[0] not in (0, 1) or arguments[2] != 0:
        return builder.problem(
            "unsupported-function",
            f"'{builder.variable.name}' uses GET TIME VALUE other than (0 or 1, offset, 0), "
            "which is not supported",
        )
    engine = builder.engine
    offset = builder.build(arguments[1])

    def at(env: Environment) -> int:
        start = engine.bound("initial_time", initial=True) if arguments[0] else engine.time(env)
        return engine.graph.op(Op.ADD, start, offset.at(env))

    return joined(at, [offset], constant=False)


def _active_initial(builder: Builder, arguments: Sequence[Any]) -> Expression:
    if len(arguments) != 2:
        return builder.problem(
            "wrong-arguments", f"'{builder.variable.name}': ACTIVE INITIAL takes 2 arguments"
        )
    running, start = builder.builds(arguments)
    return joined(
        lambda env: start.at(env) if env.initial else running.at(env),
        [running, start],
        constant=False,
    )


def _pi(builder: Builder, _: Sequence[Any]) -> Expression:
    node = builder.graph.const(math.pi)
    return Expression(lambda _: node, constant=True)


def _unary(name: str, op: Op) -> tuple[str, Maker]:
    return name, elementwise(name.upper(), (1,), _plain(op))


FUNCTIONS: dict[str, Maker] = {
    **dict(
        _unary(op.name.lower(), op)
        for op in (
            Op.ABS, Op.EXP, Op.LN, Op.SQRT, Op.SIN, Op.COS, Op.TAN, Op.ARCSIN, Op.ARCCOS,
            Op.ARCTAN, Op.SINH, Op.COSH, Op.TANH,
        )
    ),
    "integer": elementwise("INTEGER", (1,), _plain(Op.TRUNC)),
    "gamma_ln": elementwise("GAMMA LN", (1,), _plain(Op.GAMMALN)),
    "power": elementwise("POWER", (2,), _plain(Op.POW)),
    "min": elementwise("MIN", (2,), _plain(Op.MIN)),
    "max": elementwise("MAX", (2,), _plain(Op.MAX)),
    "log": elementwise("LOG", (2,), _log),
    "log10": elementwise(
        "LOG10", (1,), lambda engine, env, x: _log(engine, env, x, engine.graph.const(10.0))
    ),
    "if_then_else": elementwise("IF THEN ELSE", (3,), _if),
    "xidz": elementwise("XIDZ", (3,), xidz),
    "zidz": elementwise("ZIDZ", (2,), zidz),
    "quantum": elementwise("QUANTUM", (2,), _quantum),
    "modulo": elementwise("MODULO", (2,), _modulo),
    "step": elementwise("STEP", (2,), _step, over_time=True),
    "ramp": elementwise("RAMP", (3,), _ramp, over_time=True),
    "Xramp": elementwise("RAMP", (2,), _ramp, over_time=True),
    "pulse": elementwise("PULSE", (2,), _pulse, over_time=True),
    "pulse_train": elementwise("PULSE TRAIN", (4,), _pulse_train, over_time=True),
    "Xpulse": elementwise("PULSE", (2,), _impulse, over_time=True),
    "Xpulse_train": elementwise("PULSE", (3,), _impulse, over_time=True),
    "active_initial": _active_initial,
    "get_time_value": _time_value,
    "pi": _pi,
}  # fmt: skip
