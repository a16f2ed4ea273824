"""XMILE's conveyors: what goes in comes out after a fixed time, less what leaks on the way.

A belt of slats, one for each step of the transit time. In every step the leaks take their part
of each slat, what is left on the first slat leaves, all slats move on by one, and what flows in
lies on the last, or in equal parts on all (Stella's `spreadflow="even"`). At the start the belt
lies as a steady inflow would have left it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.compile.builder import Builder, Maker
from sim.compile.engine import Environment
from sim.compile.expression import Expression
from sim.compile.functions import SMALL
from sim.compile.reductions import chained
from sim.compile.statefuls import fixed
from sim.compile.variables import Variable
from sim.ir import Op, Rule

MOST = 5_000  # slats of a belt
_FIXED = 5  # arguments before those of the leaks: start, transit, inflow, spread, exponential


@dataclass(frozen=True)
class _Leak:
    fraction: Expression
    first: float  # where on the belt it begins and ends, from the entry: 0 to 1
    last: float

    def takes_from(self, slat: int, slats: int) -> bool:
        place = 1 - (slat + 0.5) / slats
        return self.first <= place <= self.last


@dataclass(frozen=True)
class _Moment:
    """A belt within a step: slats from the exit on."""

    left: list[int]  # after leaking
    leaked: list[int]  # volume, by leak


class Belt:
    """One conveyor: `CONVEYOR CONTENT(start, transit, inflow, spread, exponential, leaks…)`.

    Each leak is its fraction and where on the belt it begins and ends (numbers).
    """

    def __init__(self, builder: Builder, arguments: Sequence[Any]) -> None:
        self.builder, self.engine, self.graph = builder, builder.engine, builder.graph
        self.start, self.transit, self.inflow = builder.builds(arguments[:3])
        self.spread = builder.build(arguments[3])
        self.exponential = bool(arguments[4])
        rest = arguments[_FIXED:]
        self.leaks = [
            _Leak(builder.build(rest[at]), float(rest[at + 1]), float(rest[at + 2]))
            for at in range(0, len(rest), 3)
        ]
        self.place = builder.place("CONVEYOR")

    def slats(self, env: Environment) -> int:
        """How many steps the way takes."""
        time = self.engine.settled(self.transit.at(env.in_phase(initial=True)))
        moving = not fixed(self.engine, self.transit.at(env.in_phase(initial=False)))
        known = time is not None and time == time and not moving
        count = round((time or 0.0) / self.engine.step + SMALL) if known else 0
        if not 1 <= count <= MOST:
            self.builder.problem(
                "moving-length",
                f"the transit time of the conveyor '{env.name}' must be a constant above 0, "
                f"of at most {MOST:,} steps",
            )
            return 1
        return count

    def lying(self, env: Environment) -> tuple[list[int], list[int]]:
        """What lies on each slat, and what was laid there at the entry."""
        graph, count = self.graph, self.slats(env)
        begin, run = env.in_phase(initial=True), env.in_phase(initial=False)
        if env.initial:
            return self._steady(begin, count)

        def make() -> list[int]:
            own: list[int] = []

            def following(slat: int, *, laid: bool) -> int:
                if slat == count - 1:
                    return self._laid(run, self._volume(run, self.inflow), count, laid=laid)
                contents, entries = own[:count], own[count:]
                if laid:
                    return entries[slat + 1]
                left = self.moment(run, contents, entries).left[slat + 1]
                return self._laid(run, left, count)

            for laid in (False, True) if self.leaks and not self.exponential else (False,):
                for slat in range(count):
                    name = f"{env.name} {'entered' if laid else 'slat'} {slat + 1}"
                    own.append(
                        self.engine.state(
                            Rule.HELD, name,
                            lambda slat=slat, laid=laid: self._steady(begin, count)[laid][slat],
                            lambda slat=slat, laid=laid: following(slat, laid=laid),
                        )
                    )  # fmt: skip
            return own

        states = self.engine.states_at(self.place, env, make)
        return states[:count], states[count:] or [graph.zero] * count

    def moment(self, env: Environment, contents: list[int], entries: list[int]) -> _Moment:
        """What the leaks take, and what they leave."""
        graph, op = self.graph, self.graph.op
        left, leaked = list(contents), list[int]()
        step = self.engine.bound("time_step", env.initial)
        for leak in self.leaks:
            zone = [slat for slat in range(len(left)) if leak.takes_from(slat, len(left))]
            part = leak.fraction.at(env)
            taken: list[int] = []
            for slat in zone:
                if self.exponential:
                    share = op(Op.MUL, op(Op.MUL, contents[slat], part), step)
                else:
                    share = op(Op.DIV, op(Op.MUL, part, entries[slat]), graph.const(len(zone)))
                amount = op(Op.MIN, share, left[slat])
                taken.append(amount)
                left[slat] = op(Op.SUB, left[slat], amount)
            leaked.append(chained(graph, Op.ADD, taken) if taken else graph.zero)
        return _Moment(left, leaked)

    def _laid(self, env: Environment, slat: int, count: int, *, laid: bool = False) -> int:
        """A slat with its part of what is spread over all of them."""
        spread = self._volume(env, self.spread)
        if laid or spread == self.graph.zero:
            return slat
        share = self.graph.op(Op.DIV, spread, self.graph.const(count))
        return self.graph.op(Op.ADD, slat, share)

    def _volume(self, env: Environment, flow: Expression) -> int:
        step = self.engine.bound("time_step", env.initial)
        return self.graph.op(Op.MUL, flow.at(env), step)

    def _steady(self, begin: Environment, count: int) -> tuple[list[int], list[int]]:
        """The belt as a steady inflow leaves it, with all that is on it at the start."""
        graph, op = self.graph, self.graph.op
        ones = [graph.one] * count
        profile = list(ones)
        for slat in range(count - 1, 0, -1):
            # One slat at a time: what it hands on is what it keeps.
            profile[slat - 1] = self.moment(begin, profile, ones).left[slat]
        scale = op(Op.DIV, self.start.at(begin), chained(graph, Op.ADD, profile))
        return [op(Op.MUL, scale, share) for share in profile], [scale] * count


def _content(builder: Builder, arguments: Sequence[Any]) -> Expression:
    zones = [one for at, one in enumerate(arguments[_FIXED:]) if at % 3]
    if (
        len(arguments) < _FIXED
        or (len(arguments) - _FIXED) % 3
        or not all(isinstance(one, (int, float)) for one in zones)
    ):
        return _no_conveyor(builder)
    belt = Belt(builder, arguments)
    belts = builder.engine.belts
    belts[builder.component] = belt

    def at(env: Environment) -> int:
        if env.initial:
            return belt.start.at(env)
        return chained(builder.graph, Op.ADD, belt.lying(env)[0])

    return Expression(at, builder.bound, False, 2 + belt.inflow.height + belt.spread.height)


def _flow(builder: Builder, arguments: Sequence[Any]) -> Expression:
    """CONVEYOR OUTFLOW(stock), CONVEYOR LEAK(stock, n)."""
    engine, graph = builder.engine, builder.graph
    numbered = all(isinstance(one, (int, float)) for one in arguments[1:])
    if not arguments or not numbered or not hasattr(arguments[0], "reference"):
        return _no_conveyor(builder)
    owner: Variable | None = builder.section.find(arguments[0].reference)
    found = None if owner is None else builder.element_of(owner, ())
    if owner is None or found is None:
        return _no_conveyor(builder)
    element, dims = found
    number = int(arguments[1]) - 1 if len(arguments) > 1 else -1

    def at(env: Environment) -> int:
        component = owner.elements.get(element(env))
        if component is None:
            return graph.nan
        if component.expression is None:
            engine.build(component)
        belt: Belt | None = engine.belts.get(component)
        if belt is None or number >= len(belt.leaks):
            _no_conveyor(builder)
            return graph.nan
        own = Environment(
            component.bind(element(env)), env.initial, env.instance, component, element(env)
        )
        moment = belt.moment(own, *belt.lying(own))
        volume = moment.left[0] if number < 0 else moment.leaked[number]
        return graph.op(Op.DIV, volume, engine.bound("time_step", env.initial))

    return Expression(at, dims, False, 2)


def _no_conveyor(builder: Builder) -> Expression:
    """For equations that say by themselves what a conveyor's are turned into."""
    return builder.problem("wrong-arguments", f"'{builder.variable.name}' is no conveyor's flow")


CONVEYORS: dict[str, Maker] = {
    "conveyor_content": _content,
    "conveyor_outflow": _flow,
    "conveyor_leak": _flow,
}
