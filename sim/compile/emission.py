"""From the grown graph to the frozen `Program`: only what is needed, in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.compile.graph import Graph
from sim.ir import Control, Element, Node, Op, Parameter, Program, Rule, Series, State, Table

Root = tuple[str, str, int]
"""An element that can be asked for: (name, variable, node)."""


@dataclass(frozen=True, slots=True)
class GraphState:
    """A state of a graph: `initial` and `next` are nodes, `node` is its STATE."""

    name: str
    rule: Rule
    initial: int
    next: int
    length: int
    node: int


class Emission:
    """Copies nodes from a graph into a program, arguments first, each once.

    Nodes come in the order in which the roots ask for them, depth first: what is used
    together stands together, and the same model gives the same program everywhere.
    """

    def __init__(self, graph: Graph, built_in: Mapping[int, float]) -> None:
        self._from = graph
        self._built_in = built_in
        # A second graph folds what the built-in constants make foldable.
        self.graph = Graph()
        self._moved: dict[int, int] = {}

    def move(self, root: int) -> int:
        """The position of a node of the old graph in the new one."""
        source, moved = self._from, self._moved
        stack = [root]
        while stack:
            node = stack[-1]
            if node in moved:
                stack.pop()
                continue
            waiting = [arg for arg in reversed(source.args[node]) if arg not in moved]
            if waiting:
                stack.extend(waiting)
                continue
            moved[node] = self._moved_one(node)
            stack.pop()
        return moved[root]

    def _moved_one(self, node: int) -> int:
        source = self._from
        op, payload = source.ops[node], source.payloads[node]
        number = source.numbers[node]
        if number is not None:
            return self.graph.const(number)
        if node in self._built_in:
            return self.graph.const(self._built_in[node])
        args = [self._moved[arg] for arg in source.args[node]]
        if isinstance(payload, Table):
            return self.graph.lookup(payload, args[0])
        if not args:
            return self.graph.leaf(op, payload)
        return self.graph.op(op, *args)


def emit(
    graph: Graph,
    roots: Sequence[Root],
    states: Sequence[GraphState],
    parameters: Sequence[Parameter],
    control: Control,
    built_in: Sequence[Parameter],
    *,
    every: bool = False,
) -> Program:
    """Freeze a graph.

    Args:
        graph: the graph, already folded.
        roots: (name, variable, node) of each element.
        states: its states; those that nothing needs are left out.
        parameters: all changeable constants, in the order of the text.
        control: time bounds and steps.
        built_in: constants that shape the program.
        every: keep parameters that nothing needs.
    """
    needed = _needed(graph, [node for _, _, node in roots], states)
    order = _order(graph, [node for _, _, node in roots], states, needed)
    kept_states = [one for one in states if one.node in needed]
    state_at = {graph.payloads[one.node]: i for i, one in enumerate(kept_states)}
    used = {graph.payloads[node] for node in order if graph.ops[node] is Op.PARAMETER}
    kept_parameters = [one for one in parameters if every or one.name in used]
    parameter_at = {one.name: i for i, one in enumerate(kept_parameters)}
    series: dict[Series, int] = {}
    tables: dict[Table, int] = {}
    position: dict[int, int] = {}
    nodes: list[Node] = []
    for node in order:
        op, payload = graph.ops[node], graph.payloads[node]
        match op:
            case Op.STATE:
                payload = state_at[payload]
            case Op.PARAMETER:
                payload = parameter_at[str(payload)]
            case Op.SERIES if isinstance(payload, Series):
                payload = series.setdefault(payload, len(series))
            case Op.LOOKUP if isinstance(payload, Table):
                payload = tables.setdefault(payload, len(tables))
            case _:
                pass
        assert payload is None or isinstance(payload, (int, float))  # noqa: S101 - narrows
        position[node] = len(nodes)
        nodes.append(Node(op, tuple(position[arg] for arg in graph.args[node]), payload))
    return Program(
        nodes=tuple(nodes),
        parameters=tuple(kept_parameters),
        series=tuple(series),
        tables=tuple(tables),
        states=tuple(
            State(one.name, one.rule, position[one.initial], position[one.next], one.length)
            for one in kept_states
        ),
        elements=tuple(Element(name, variable, position[node]) for name, variable, node in roots),
        control=control,
        built_in=tuple(built_in),
    )


def _needed(graph: Graph, roots: Sequence[int], states: Sequence[GraphState]) -> set[int]:
    """The nodes that the roots need, through the states that they need."""
    goes_on = {one.node: (one.initial, one.next) for one in states}
    needed: set[int] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node not in needed:
            needed.add(node)
            stack.extend(graph.args[node])
            stack.extend(goes_on.get(node, ()))
    return needed


def _order(
    graph: Graph,
    roots: Sequence[int],
    states: Sequence[GraphState],
    needed: set[int],
) -> list[int]:
    """Arguments before users: first the starts of the states, then rates, then outputs."""
    kept = [one for one in states if one.node in needed]
    wanted = [one.initial for one in kept]
    wanted += [one.next for one in kept]
    wanted += [*roots, *(one.node for one in kept)]
    order: list[int] = []
    done: set[int] = set()
    for root in wanted:
        stack = [root]
        while stack:
            node = stack[-1]
            if node in done:
                stack.pop()
                continue
            waiting = [arg for arg in reversed(graph.args[node]) if arg not in done]
            if waiting:
                stack.extend(waiting)
                continue
            done.add(node)
            order.append(node)
            stack.pop()
    return order
