"""Values by demand: the node of any element of any variable, at the start and while running.

The engine walks from what is asked for to what that needs. A ring of variables is an
algebraic loop (or a circular initialisation); it is named. Chains of any length are walked
with a stack of our own: the interpreter's is not deep enough for a long model.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sim.compile.external import Reader
from sim.compile.graph import Graph, evaluate
from sim.compile.problems import Problems
from sim.compile.variables import Component, Element, Variable
from sim.errors import wrong
from sim.ir import Op, Rule, Series, Table

# How deep expressions may nest before the walk goes on from a fresh stack.
_HEIGHT = 1000
_RECURSION = 20_000
_MOST = 100_000  # uses of macros


@dataclass(eq=False, slots=True)
class Instance:
    """One use of a section: the model itself, or one call of a macro.

    `arguments` gives the value of a macro's parameter in the phase asked for.
    """

    label: str = ""
    arguments: Mapping[str, Callable[[bool], int]] = field(
        default_factory=dict[str, Callable[[bool], int]]
    )


@dataclass(eq=False, slots=True)
class Environment:
    """Where an expression is lowered: bound elements, phase, use of the section, its element."""

    bound: Mapping[str, str]
    initial: bool
    instance: Instance
    component: Component
    element: Element

    def binding(self, more: Mapping[str, str]) -> Environment:
        """The same place with more ranges bound."""
        return Environment(
            {**self.bound, **more}, self.initial, self.instance, self.component, self.element
        )

    def in_phase(self, initial: bool) -> Environment:
        """The same place at the start (`initial`) or while running."""
        if initial == self.initial:
            return self
        return Environment(self.bound, initial, self.instance, self.component, self.element)

    @property
    def name(self) -> str:
        """The element being defined, as PySD names a column."""
        name = self.component.variable.element_name(self.element)
        return f"{name} in {self.instance.label}" if self.instance.label else name


Key = tuple[Variable, Element, Instance, bool]


@dataclass(eq=False, slots=True)
class Draft:
    """A state that is in the graph, whose start and continuation are still to be lowered."""

    node: int
    name: str
    rule: Rule
    initial: Callable[[], int]
    next: Callable[[], int]
    length: int = 1


class _TooDeep(Exception):  # noqa: N818 - a signal to the walk, not an error
    def __init__(self, key: Key) -> None:
        self.key = key


class Engine:
    """Graph, states and values of one compilation.

    Args:
        problems: takes what is wrong.
        structural: values of constants that are to be built in, by element name.
        paths: series that replace the equation, by element name.
        reader: reads constants, data and tables that lie in files.
    """

    def __init__(
        self,
        problems: Problems,
        structural: Mapping[str, float],
        paths: Mapping[str, Series],
        reader: Reader,
    ) -> None:
        self.graph = Graph()
        self.problems = problems
        self.structural = structural
        self.paths = paths
        self.reader = reader
        self.control: dict[str, float] = {}
        self.moving: dict[str, Variable] = {}
        self.main = Instance()
        self.states: list[Draft] = []
        self.tables: dict[tuple[Component, Element], Table] = {}
        self.inline_tables = 0
        self.parameters: dict[int, tuple[str, float]] = {}
        self.defaults: dict[int, float] = {}
        self.built_in: dict[int, float] = {}
        self.build: Callable[[Component], None] = lambda _: None
        self._values: dict[Key, int] = {}
        self._open: dict[Key, None] = {}
        self._height = 0
        self._states: dict[object, list[int]] = {}
        self._before: dict[Key, int] = {}
        self.uses = 0
        self.belts: dict[Component, Any] = {}

    # --- values ---------------------------------------------------------------------------

    def value(self, variable: Variable, element: Element, instance: Instance, initial: bool) -> int:
        """The node of an element in a phase."""
        key = (variable, element, instance, initial)
        node = self._values.get(key)
        if node is not None:
            return node
        if key in self._open:
            return self._ring(key)
        if self._height > _HEIGHT:
            raise _TooDeep(key)
        return self._lower(key)

    def demand(self, thunk: Callable[[], int]) -> int:
        """Run a thunk that asks for values, from an empty stack."""
        work: list[tuple[Callable[[], int], int]] = [(thunk, 0)]
        while True:
            run, depth = work[-1]
            while len(self._open) > depth:
                self._open.popitem()
            self._height = 0
            try:
                node = run()
            except _TooDeep as deeper:
                work.append((partial(self._lower, deeper.key), len(self._open)))
                continue
            work.pop()
            if not work:
                return node

    def _lower(self, key: Key) -> int:
        variable, element, instance, initial = key
        component = variable.elements.get(element)
        name = variable.element_name(element)
        if name in self.paths and not instance.label:
            node = self.series(self.paths[name])
        elif component is None:
            # PySD fills what no equation defines with NaN.
            node = self.graph.nan
        else:
            if component.expression is None:
                self.build(component)
            expression = component.expression
            if expression is None:
                return self.graph.nan
            self._open[key] = None
            self._height += component.height
            node = expression.at(
                Environment(component.bind(element), initial, instance, component, element)
            )
            self._height -= component.height
            self._open.pop(key, None)
            if expression.constant and not component.fixed and instance is self.main:
                node = self.parameter(name, node)
        self._values[key] = node
        return node

    def _ring(self, key: Key) -> int:
        keys = list(self._open)
        if keys[-1] == key and key in self._before:
            return self._before[key]
        ring = keys[keys.index(key) :]
        names = [variable.element_name(element) for variable, element, _, _ in ring]
        places = [self.problems.place(variable.spot) for variable, _, _, _ in ring]
        shown = " -> ".join(
            f"'{name}' ({file}:{line})" if line else f"'{name}'"
            for name, (file, line) in zip([*names, names[0]], [*places, places[0]], strict=True)
        )
        initial = key[3]
        self.problems.add(
            "circular-initialisation" if initial else "algebraic-loop",
            f"{'the initial values depend' if initial else 'the values depend'} on each other "
            f"in a ring: {shown}",
            key[0].spot,
            "give one of them an ACTIVE INITIAL or an explicit initial value"
            if initial
            else "a stock or a delay must stand somewhere in the ring",
        )
        return self.graph.nan

    def use(self, label: str, arguments: Mapping[str, Callable[[bool], int]]) -> Instance:
        """One more use of a macro."""
        self.uses += 1
        if self.uses > _MOST:
            sentence = f"the macros of the model are used more than {_MOST:,} times"
            hint = "macros that call macros twice multiply"
            raise wrong("too-large", sentence, file=self.problems.place("")[0], hint=hint)
        return Instance(label, arguments)

    @contextlib.contextmanager
    def before(self, env: Environment, node: int) -> Generator[None]:
        """While this lasts, the variable being defined may name itself: its value of before."""
        key = (env.component.variable, env.element, env.instance, env.initial)
        self._before[key] = node
        try:
            yield
        finally:
            del self._before[key]

    @property
    def step(self) -> float:
        """The time step, the first where it changes; NaN while it is itself being found."""
        return self.control.get("time_step", float("nan"))

    def bound(self, key: str, initial: bool) -> int:
        """The node of a control value: a number, or its equation where it changes."""
        variable = self.moving.get(key)
        if variable is not None:
            return self.value(variable, (), self.main, initial)
        return self.graph.const(self.control.get(key, float("nan")))

    # --- leaves ---------------------------------------------------------------------------

    def parameter(self, name: str, node: int) -> int:
        """The changeable constant of this name, whose default is the number of `node`."""
        default = self.graph.numbers[node]
        if default is None or default != default:
            return node
        if name in self.structural:
            return self.graph.const(self.structural[name])
        leaf = self.graph.leaf(Op.PARAMETER, name)
        self.parameters[leaf] = (name, default)
        self.defaults[leaf] = default
        return leaf

    def series(self, series: Series) -> int:
        """A path over time."""
        return self.graph.leaf(Op.SERIES, series)

    def time(self, env: Environment) -> int:
        """The present time; at the start it is a number."""
        start = self.control.get("initial_time")
        if env.initial and start is not None:
            return self.graph.const(start)
        return self.graph.leaf(Op.TIME)

    def settled(self, node: int) -> float | None:
        """The number a node has with all constants as they are; they are then built in.

        For what shapes the program: orders, lengths, time bounds. None if the node
        depends on anything but constants.
        """
        value = evaluate(self.graph, node, self.defaults)
        if value is not None:
            self.build_in(node)
        return value

    def expected(self, node: int) -> float | None:
        """As `settled`, but only looks: the constants stay changeable."""
        return evaluate(self.graph, node, self.defaults)

    def build_in(self, node: int) -> None:
        """Make the constants that a node depends on part of the program."""
        stack, seen = [node], set[int]()
        while stack:
            position = stack.pop()
            if position in seen:
                continue
            seen.add(position)
            if position in self.parameters:
                self.built_in[position] = self.parameters[position][1]
            stack.extend(self.graph.args[position])

    # --- states ---------------------------------------------------------------------------

    def state(
        self,
        rule: Rule,
        name: str,
        initial: Callable[[], int],
        following: Callable[[], int],
        length: int = 1,
    ) -> int:
        """A new state; its start and continuation are lowered when all values have been asked."""
        node = self.graph.leaf(Op.STATE, len(self.states))
        self.states.append(Draft(node, name, rule, initial, following, length))
        return node

    def states_at(
        self, place: object, env: Environment, make: Callable[[], list[int]]
    ) -> list[int]:
        """The states of a stateful function at a place in the text, made on first use."""
        key = (place, env.instance, tuple(sorted(env.bound.items())))
        states = self._states.get(key)
        if states is None:
            states = self._states[key] = make()
        return states


@contextlib.contextmanager
def deep_stack() -> Generator[None]:
    """Let equations nest deeper than the interpreter's default allows.

    Python-to-Python calls take no C stack since 3.11, so the higher limit is safe.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
