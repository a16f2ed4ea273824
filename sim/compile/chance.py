"""Random functions: uniform streams, turned into the wanted distribution.

A stream is known by the place in the model where it is used, so the same variable gets
the same numbers whatever else is computed. The seed that a Vensim call names is not used:
the run's own seed is, as in PySD.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from sim.compile.builder import Builder, Maker
from sim.compile.engine import Engine, Environment
from sim.compile.expression import Expression
from sim.compile.functions import xidz
from sim.compile.graph import Graph
from sim.ir import Op

# Wichura (1988), algorithm AS 241 (PPND16): rational approximations of the normal quantile,
# numerator then denominator, highest power last.
_CENTRE = (
    (3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
     45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727),
    (1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
     21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610),
)  # fmt: skip
_FLANK = (
    (1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
     3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9),
)  # fmt: skip
_TAIL = (
    (6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15),
)  # fmt: skip
# Hart (1968), as given by West (2005): the normal distribution below 7.07 deviations.
_BELOW = (220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383,
          6.37396220353165, 0.700383064443688, 3.52624965998911e-2)  # fmt: skip
_ABOVE = (440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674,
          86.7807322029461, 16.064177579207, 1.75566716318264, 8.83883476483184e-2)  # fmt: skip
# Beyond this many deviations the distribution is 0 or 1 in float64.
_FAR = 37.0
_LEAST = 1e-300


def _polynomial(graph: Graph, x: int, coefficients: Sequence[float]) -> int:
    node = graph.const(coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        node = graph.op(Op.ADD, graph.op(Op.MUL, node, x), graph.const(coefficient))
    return node


def _rational(graph: Graph, x: int, pair: Sequence[Sequence[float]]) -> int:
    return graph.op(Op.DIV, _polynomial(graph, x, pair[0]), _polynomial(graph, x, pair[1]))


def below(graph: Graph, x: int) -> int:
    """The share of a normal distribution below `x` deviations (absolute error 1e-15)."""
    op, const = graph.op, graph.const
    size = op(Op.MIN, op(Op.ABS, x), const(_FAR))
    density = op(Op.EXP, op(Op.MUL, op(Op.MUL, size, size), const(-0.5)))
    near = op(Op.DIV, op(Op.MUL, density, _polynomial(graph, size, _BELOW)),
              _polynomial(graph, size, _ABOVE))  # fmt: skip
    fraction = op(Op.ADD, size, const(0.65))
    for step in (4.0, 3.0, 2.0, 1.0):
        fraction = op(Op.ADD, size, op(Op.DIV, const(step), fraction))
    far = op(Op.DIV, density, op(Op.MUL, fraction, const(math.sqrt(2 * math.pi))))
    tail = graph.select(op(Op.LT, size, const(7.07106781186547)), near, far)
    return graph.select(op(Op.GT, x, graph.zero), op(Op.SUB, graph.one, tail), tail)


def quantile(graph: Graph, share: int) -> int:
    """The deviations below which a share of a normal distribution lies (relative error 1e-15)."""
    op, const = graph.op, graph.const
    half = const(0.5)
    offset = op(Op.SUB, share, half)
    square = op(Op.SUB, const(0.180625), op(Op.MUL, offset, offset))
    centre = op(Op.MUL, offset, _rational(graph, square, _CENTRE))
    left = op(Op.LT, offset, graph.zero)
    rest = graph.select(left, share, op(Op.SUB, graph.one, share))
    depth = op(Op.SQRT, op(Op.NEG, op(Op.LN, op(Op.MAX, rest, const(_LEAST)))))
    flank = _rational(graph, op(Op.SUB, depth, const(1.6)), _FLANK)
    tail = _rational(graph, op(Op.SUB, depth, const(5.0)), _TAIL)
    outside = graph.select(op(Op.LE, depth, const(5.0)), flank, tail)
    outside = graph.select(left, op(Op.NEG, outside), outside)
    near = op(Op.LE, op(Op.ABS, offset), const(0.425))
    return graph.select(near, centre, outside)


def _unit(engine: Engine, env: Environment, u: int) -> int:
    del engine, env
    return u


def _uniform(engine: Engine, env: Environment, u: int, least: int, most: int, *_: int) -> int:
    del env
    op = engine.graph.op
    return op(Op.ADD, least, op(Op.MUL, u, op(Op.SUB, most, least)))


def _normal(
    engine: Engine, env: Environment, u: int, least: int, most: int, mean: int, width: int, *_: int
) -> int:
    """A normal distribution cut at `least` and `most`."""
    graph, op = engine.graph, engine.graph.op
    infinite = graph.const(math.inf)
    low = xidz(engine, env, op(Op.SUB, least, mean), width, graph.const(-math.inf))
    high = xidz(engine, env, op(Op.SUB, most, mean), width, infinite)
    # Where all of it lies in the upper tail, work in the lower one: shares near 1 lose digits.
    mirrored = op(Op.GT, low, graph.zero)
    start = below(graph, graph.select(mirrored, op(Op.NEG, high), low))
    end = below(graph, graph.select(mirrored, op(Op.NEG, low), high))
    along = graph.select(mirrored, op(Op.SUB, graph.one, u), u)
    share = op(Op.ADD, start, op(Op.MUL, along, op(Op.SUB, end, start)))
    z = quantile(graph, share)
    z = graph.select(mirrored, op(Op.NEG, z), z)
    drawn = op(Op.ADD, mean, op(Op.MUL, width, z))
    return op(Op.MAX, least, op(Op.MIN, most, drawn))


def _exponential(
    engine: Engine, env: Environment, u: int, least: int, most: int, shift: int, stretch: int,
    *_: int,
) -> int:  # fmt: skip
    """An exponential distribution that begins at `shift`, cut at `least` and `most`."""
    graph, op = engine.graph, engine.graph.op
    start = op(Op.MAX, least, shift)
    span = xidz(engine, env, op(Op.SUB, most, start), stretch, graph.const(math.inf))
    share = op(Op.MUL, u, op(Op.SUB, graph.one, op(Op.EXP, op(Op.NEG, span))))
    drawn = op(Op.NEG, op(Op.LN, op(Op.SUB, graph.one, share)))
    return op(Op.ADD, start, op(Op.MUL, stretch, drawn))


def _triangular(
    engine: Engine, env: Environment, u: int, least: int, most: int, low: int, peak: int,
    high: int, *_: int,
) -> int:  # fmt: skip
    """A triangular distribution between `low` and `high`, cut at `least` and `most`."""
    graph, op = engine.graph, engine.graph.op
    span, left, right = op(Op.SUB, high, low), op(Op.SUB, peak, low), op(Op.SUB, high, peak)

    def share(at: int) -> int:
        at = op(Op.MIN, op(Op.MAX, at, low), high)
        up, down = op(Op.SUB, at, low), op(Op.SUB, high, at)
        rising = op(Op.DIV, op(Op.MUL, up, up), op(Op.MUL, span, left))
        falling = op(Op.DIV, op(Op.MUL, down, down), op(Op.MUL, span, right))
        before = graph.select(op(Op.LT, at, peak), rising, op(Op.SUB, graph.one, falling))
        return graph.select(op(Op.GE, at, high), graph.one, before)

    start, end = share(least), share(most)
    at = op(Op.ADD, start, op(Op.MUL, u, op(Op.SUB, end, start)))
    rising = op(Op.ADD, low, op(Op.SQRT, op(Op.MUL, at, op(Op.MUL, span, left))))
    rest = op(Op.MUL, op(Op.SUB, graph.one, at), op(Op.MUL, span, right))
    falling = op(Op.SUB, high, op(Op.SQRT, rest))
    return graph.select(op(Op.LT, op(Op.MUL, at, span), left), rising, falling)


def _weibull(
    engine: Engine, env: Environment, u: int, least: int, most: int, shape: int, shift: int,
    stretch: int, *_: int,
) -> int:  # fmt: skip
    """A Weibull distribution with mean 1, stretched, shifted, and cut at `least` and `most`."""
    graph, op = engine.graph, engine.graph.op
    power = op(Op.DIV, graph.one, shape)
    mean = op(Op.EXP, op(Op.GAMMALN, op(Op.ADD, graph.one, power)))
    scale = op(Op.DIV, stretch, mean)

    def beyond(at: int) -> int:
        """The share that lies above."""
        over = op(Op.MAX, op(Op.DIV, op(Op.SUB, at, shift), scale), graph.zero)
        return op(Op.EXP, op(Op.NEG, op(Op.POW, over, shape)))

    start, end = beyond(least), beyond(most)
    at = op(Op.SUB, start, op(Op.MUL, u, op(Op.SUB, start, end)))
    drawn = op(Op.POW, op(Op.NEG, op(Op.LN, at)), power)
    return op(Op.ADD, shift, op(Op.MUL, scale, drawn))


def _poisson(mean: float) -> list[float]:
    """The chances of 0, 1, 2 and so on."""
    last = math.ceil(mean + 12 * math.sqrt(mean) + 20)
    return [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(last)]


def _binomial(chance: float, draws: float) -> list[float]:
    whole = int(draws)
    return [math.comb(whole, k) * chance**k * (1 - chance) ** (whole - k) for k in range(whole + 1)]


_COUNTED = 2_000  # values of a distribution of whole numbers


def _whole(spoken: str, own: int, chances: Callable[..., list[float]]) -> Maker:
    """A distribution of whole numbers: (min, max, its `own` arguments, shift, stretch, seed).

    All of them must be constants: the values and where each begins are part of the program.
    """

    def shape(engine: Engine, env: Environment, u: int, *nodes: int) -> int:
        graph, op = engine.graph, engine.graph.op
        known = [engine.settled(node) for node in nodes[: own + 4]]
        numbers = [one for one in known if one is not None and math.isfinite(one)]
        table: list[tuple[float, float]] = []
        if len(numbers) == own + 4 and _sensible(numbers[2 : 2 + own]):
            least, most, *given, shift, stretch = numbers
            listed = enumerate(chances(*given))
            table = [(shift + stretch * count, chance) for count, chance in listed]
            table = [(value, chance) for value, chance in table if least <= value <= most]
        whole = sum(chance for _, chance in table)
        if not whole > 0:
            name = env.component.variable.name
            sentence = f"'{name}': {spoken} needs constants, and values between its bounds"
            engine.problems.add("wrong-arguments", sentence, name)
            return graph.nan
        node, passed = graph.const(table[0][0]), 0.0
        for (value, chance), (after, _) in pairwise(table):
            passed += chance
            beyond = op(Op.GE, u, graph.const(passed / whole))
            node = op(Op.ADD, node, op(Op.MUL, graph.const(after - value), beyond))
        return node

    return _random(spoken, (own + 4, own + 5), shape)


def _sensible(given: Sequence[float]) -> bool:
    if len(given) == 1:
        return 0 < given[0] <= _COUNTED / 2
    return 0 <= given[0] <= 1 and 0 <= given[1] <= _COUNTED / 2


def _stream(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big")


def _random(spoken: str, counts: Sequence[int], shape: Callable[..., int]) -> Maker:
    def make(builder: Builder, arguments: Sequence[Any]) -> Expression:
        if len(arguments) not in counts:
            return builder.problem(
                "wrong-arguments",
                f"'{builder.variable.name}': {spoken} takes {counts[-1]} arguments",
            )
        parts = builder.builds(arguments)
        place = builder.place(spoken)

        def at(env: Environment) -> int:
            bound = ",".join(f"{key}={label}" for key, label in sorted(env.bound.items()))
            stream = _stream(f"{env.name}|{bound}|{place[2]}")
            u = builder.graph.leaf(Op.RANDOM, stream)
            return shape(builder.engine, env, u, *[part.at(env) for part in parts])

        # Every element of the left side draws its own number.
        height = 1 + max((part.height for part in parts), default=0)
        return Expression(at, builder.bound, False, height)

    return make


CHANCE: dict[str, Maker] = {
    "random_0_1": _random("RANDOM 0 1", (0,), _unit),
    "random_uniform": _random("RANDOM UNIFORM", (2, 3), _uniform),
    "random_normal": _random("RANDOM NORMAL", (4, 5), _normal),
    "random_exponential": _random("RANDOM EXPONENTIAL", (4, 5), _exponential),
    "random_triangular": _random("RANDOM TRIANGULAR", (5, 6), _triangular),
    "random_weibull": _random("RANDOM WEIBULL", (5, 6), _weibull),
    "random_poisson": _whole("RANDOM POISSON", 1, _poisson),
    "random_binomial": _whole("RANDOM BINOMIAL", 2, _binomial),
}
