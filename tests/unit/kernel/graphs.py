"""Programs written by hand, so that kernels are tested without a compiler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.ir import (
    Control,
    Element,
    Node,
    Op,
    Parameter,
    Program,
    Rule,
    Series,
    State,
    Table,
)


@dataclass
class Graph:
    """Collects nodes; every named node is an element."""

    nodes: list[Node] = field(default_factory=list[Node])
    parameters: list[Parameter] = field(default_factory=list[Parameter])
    series: list[Series] = field(default_factory=list[Series])
    tables: list[Table] = field(default_factory=list[Table])
    states: list[State | str] = field(default_factory=list[State | str])
    elements: list[Element] = field(default_factory=list[Element])

    def node(self, op: Op, *args: int, payload: float | None = None, name: str = "") -> int:
        self.nodes.append(Node(op, args, payload))
        if name:
            self.name(len(self.nodes) - 1, name)
        return len(self.nodes) - 1

    def name(self, node: int, name: str) -> None:
        self.elements.append(Element(name, name.split("[")[0], node))

    def constant(self, value: float, name: str = "") -> int:
        return self.node(Op.CONST, payload=value, name=name)

    def parameter(self, name: str, default: float) -> int:
        self.parameters.append(Parameter(name, default))
        return self.node(Op.PARAMETER, payload=len(self.parameters) - 1)

    def path(self, name: str, times: Sequence[float], values: Sequence[float], reading: str) -> int:
        self.series.append(Series(name, tuple(times), tuple(values), reading))
        return self.node(Op.SERIES, payload=len(self.series) - 1, name=name)

    def lookup(self, table: Table, x: int, name: str = "") -> int:
        self.tables.append(table)
        return self.node(Op.LOOKUP, x, payload=len(self.tables) - 1, name=name)

    def state(self, name: str) -> int:
        """A state, to be described later by `follow`."""
        self.states.append(name)
        return self.node(Op.STATE, payload=len(self.states) - 1, name=name)

    def follow(
        self, state: int, initial: int, after: int, rule: Rule = Rule.LEVEL, length: int = 1
    ) -> None:
        place = self.nodes[state].payload
        assert isinstance(place, int)
        name = self.states[place]
        assert isinstance(name, str)
        self.states[place] = State(name, rule, initial, after, length)

    def program(
        self, start: float = 0.0, end: float = 10.0, step: float = 1.0, saveper: float = 1.0
    ) -> Program:
        return Program(
            nodes=tuple(self.nodes),
            parameters=tuple(self.parameters),
            series=tuple(self.series),
            tables=tuple(self.tables),
            states=tuple(state for state in self.states if isinstance(state, State)),
            elements=tuple(self.elements),
            control=Control(start, end, step, saveper),
        )


def growth(end: float = 10.0, step: float = 1.0) -> Program:
    """`stock = INTEG(rate * stock, start)`."""
    graph = Graph()
    rate = graph.parameter("rate", 0.1)
    start = graph.parameter("start", 1.0)
    graph.name(rate, "rate")
    stock = graph.state("stock")
    flow = graph.node(Op.MUL, rate, stock, name="flow")
    graph.follow(stock, start, flow)
    return graph.program(end=end, step=step)


def division(year: float = 12.0) -> Program:
    """A stock fed by `share = supply / (year - Time)` once `supply` is there; else by nothing."""
    graph = Graph()
    supply = graph.parameter("supply", 1.0)
    time = graph.node(Op.TIME, name="Time")
    when = graph.constant(year)
    left = graph.node(Op.SUB, when, time, name="years left")
    size = graph.parameter("size", 1.0)
    scaled = graph.node(Op.MUL, left, size, name="scaled")
    share = graph.node(Op.DIV, supply, scaled, name="share")
    fed = graph.node(Op.GT, supply, graph.constant(0.0))
    flow = graph.node(Op.SELECT, fed, share, graph.constant(0.5), name="flow")
    stock = graph.state("stock")
    graph.follow(stock, graph.constant(3.0), flow)
    graph.node(Op.NEG, stock, name="mirror")
    return graph.program(end=20.0)


def busy() -> Program:
    """Every rule of states, random draws, a path and a table, in one program with six states."""
    graph = Graph()
    rate = graph.parameter("rate", 0.1)
    power = graph.parameter("power", 0.7)
    time = graph.node(Op.TIME, name="Time")
    path = graph.path("path", (0.0, 4.0, 10.0), (1.0, 3.0, 2.0), "interpolate")
    noise = graph.node(Op.RANDOM, payload=7, name="noise")
    stock, line, held = graph.state("stock"), graph.state("line"), graph.state("held")
    curve = Table("curve", (0.0, 1.0, 2.0, 5.0), (0.2, 0.9, 1.1, 1.4))
    seen = graph.lookup(curve, stock, name="seen")
    grown = graph.node(Op.MUL, rate, graph.node(Op.POW, stock, power), name="grown")
    pushed = graph.node(Op.ADD, grown, graph.node(Op.MUL, noise, rate))
    flow = graph.node(Op.SUB, graph.node(Op.MUL, pushed, path), graph.node(Op.MUL, seen, line))
    inner = graph.node(Op.EXP, graph.node(Op.NEG, stock), name="inner")
    late = graph.node(Op.GT, time, graph.node(Op.MUL, rate, graph.constant(30.0)))
    kept = graph.node(Op.SELECT, late, held, inner)
    graph.follow(stock, graph.constant(1.0), flow)
    graph.follow(line, graph.constant(0.1), inner, Rule.RING, 3)
    graph.follow(held, graph.node(Op.MUL, rate, noise), kept, Rule.HELD)
    return graph.program(step=0.5)
