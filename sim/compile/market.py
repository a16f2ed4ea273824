"""FIND MARKET PRICE, DEMAND AT PRICE and SUPPLY AT PRICE: many who want, many who offer.

The price is the level at which falling curves of demand and rising curves of supply meet
(Vensim's reference guide, "Many-to-many Allocation").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.compile.builder import Builder, Maker
from sim.compile.curves import (
    Curve,
    curve_at,
    demanded,
    element,
    labels,
    level_of,
    profile,
    shape,
    widths,
)
from sim.compile.engine import Environment
from sim.compile.expression import Expression, joined
from sim.compile.reductions import chained
from sim.ir import Op

_LONGEST = 32
Side = tuple[list[Expression], list[list[Expression]]]  # quantities, and the profile of each


def _side(builder: Builder, quantity: Any, priority: Any) -> Side | None:
    """All who take part on one side, of whom the arguments name the first."""
    spoken = "FIND MARKET PRICE"
    variable = builder.section.find(getattr(quantity, "reference", ""))
    subscripts = getattr(quantity, "subscripts", None)
    if variable is None or not subscripts:
        builder.problem(
            "wrong-arguments", f"'{builder.variable.name}': {spoken} takes arrays of quantities"
        )
        return None
    written, found = list(subscripts.subscripts[:-1]), labels(builder, variable, -1)
    if len(found) > _LONGEST:
        builder.problem(
            "too-long",
            f"'{builder.variable.name}': {spoken} of {len(found)} elements; more than {_LONGEST} "
            "are not supported",
        )
        return None
    quantities = [element(builder, variable, [*written, label]) for label in found]
    profiles = [profile(builder, priority, spoken, label) for label in found]
    if any(one is None for one in (*quantities, *profiles)):
        return None
    return (
        [one for one in quantities if one is not None],
        [one for one in profiles if one is not None],
    )


def _price(builder: Builder, arguments: Sequence[Any]) -> Expression:
    graph = builder.graph
    nothing = Expression(lambda _: graph.nan)
    if len(arguments) != 4:
        builder.problem(
            "wrong-arguments", f"'{builder.variable.name}': FIND MARKET PRICE takes 4 arguments"
        )
        return nothing
    wanting, offering = (_side(builder, *arguments[at : at + 2]) for at in (0, 2))
    if wanting is None or offering is None:
        return nothing

    def at(env: Environment) -> int:
        curves = [[shape(builder, one, env) for one in side[1]] for side in (wanting, offering)]
        wants, offers = ([one for one in side if one is not None] for side in curves)
        if len(wants) + len(offers) < len(curves[0]) + len(curves[1]):
            return graph.nan
        demands, capacities = ([one.at(env) for one in side[0]] for side in (wanting, offering))

        def surplus(level: int) -> tuple[int, int]:
            demand, falls = demanded(graph, demands, wants, level, graph.one)
            # What is not offered falls as the price rises.
            kept, slope = demanded(graph, capacities, offers, level, graph.zero)
            offered = graph.op(Op.SUB, chained(graph, Op.ADD, capacities), kept)
            return graph.op(Op.SUB, demand, offered), graph.op(Op.ADD, falls, slope)

        level = level_of(graph, [*wants, *offers], surplus)
        valid = widths(graph, [*wants, *offers])
        return graph.select(chained(graph, Op.AND, valid), level, graph.nan) if valid else level

    parts = [
        *wanting[0],
        *offering[0],
        *(one for side in (wanting, offering) for one in side[1][0]),
    ]
    return joined(at, parts, constant=False)


def _at_price(spoken: str, *, rising: bool) -> Maker:
    def make(builder: Builder, arguments: Sequence[Any]) -> Expression:
        graph = builder.graph
        if len(arguments) != 3:
            return builder.problem(
                "wrong-arguments", f"'{builder.variable.name}': {spoken} takes 3 arguments"
            )
        quantity, price = builder.builds((arguments[0], arguments[2]))
        given = profile(builder, arguments[1], spoken)
        if given is None:
            return Expression(lambda _: graph.nan)

        def at(env: Environment) -> int:
            curve: Curve | None = shape(builder, given, env)
            if curve is None:
                return graph.nan
            fixed = graph.zero if rising else graph.one
            part, _ = curve_at(graph, curve, price.at(env), fixed)
            part = graph.op(Op.SUB, graph.one, part) if rising else part
            amount = graph.op(Op.MUL, quantity.at(env), part)
            valid = widths(graph, [curve])
            return (
                graph.select(chained(graph, Op.AND, valid), amount, graph.nan) if valid else amount
            )

        return joined(at, [quantity, price, *given], constant=False)

    return make


MARKET: dict[str, Maker] = {
    "find_market_price": _price,
    "demand_at_price": _at_price("DEMAND AT PRICE", rising=False),
    "supply_at_price": _at_price("SUPPLY AT PRICE", rising=True),
}
