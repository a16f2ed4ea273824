"""What is computed when: the plan that every back end follows.

A node falls in one of four groups by what it depends on. Constants are computed while the
schedule is made. What depends on parameters only is computed once per member. What depends
on time only is computed once per call, for all moments, by the host. The rest is computed
in every step, and what only outcomes need, in saved steps alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean
from sim.ir import Element, Node, Op, Program, Rule, Series
from sim.kernel import grid, ufuncs

Integrator = Literal["euler", "rk4"]

JUMPS = frozenset((Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE, Op.FLOOR, Op.TRUNC, Op.MOD))


class Group(IntEnum):
    """What a node depends on; the larger of two prevails, but MEMBER and TIME make STEP."""

    UNUSED = 0
    CONSTANT = 1
    MEMBER = 2
    TIME = 3
    STEP = 4


@dataclass(frozen=True)
class Schedule:
    """The plan of one build.

    Args:
        program: the graph.
        grid: steps and saved moments.
        integrator: "euler" or "rk4".
        outcomes: the elements asked for, in the order of the results.
        groups: [node] by dependence; UNUSED where nothing asked for needs it.
        constants: value of each node of the group CONSTANT.
        prologue: nodes of the group MEMBER, in order.
        start: nodes of the group STEP that initial values need, in order.
        step: nodes of the group STEP that the next states need, in order.
        observe: further nodes of the group STEP that outcomes need, in order.
        rows: nodes of the group TIME that others read, in the order of the host's table.
        states: positions of the states in use.
        parameters: positions of the parameters in use.
        fixed: nodes that all members share, given once per call (`sharing`).
    """

    program: Program
    grid: grid.Grid
    integrator: Integrator
    outcomes: tuple[Element, ...]
    groups: tuple[Group, ...]
    constants: dict[int, float]
    prologue: tuple[int, ...]
    start: tuple[int, ...]
    step: tuple[int, ...]
    observe: tuple[int, ...]
    rows: tuple[int, ...]
    states: tuple[int, ...]
    parameters: tuple[int, ...]
    fixed: tuple[int, ...] = ()

    @cached_property
    def given(self) -> frozenset[int]:
        """Nodes that are handed over as single numbers, of a moment or of the call."""
        return frozenset((*self.rows, *self.fixed))

    def divides_by_member(self, index: int) -> bool:
        """Whether a node of each step divides by what stays the same over a member's run."""
        node = self.program.nodes[index]
        return (
            node.op is Op.DIV
            and self.groups[index] is Group.STEP
            and self.groups[node.args[1]] is Group.MEMBER
        )

    @cached_property
    def moments(self) -> NDArray[np.float64]:
        """[row] the moments at which nodes of time only are tabulated: with RK4, midpoints too."""
        times = self.grid.times
        if self.integrator == "euler":
            return times
        moments = np.empty(2 * len(times) - 1)
        moments[0::2] = times
        moments[1::2] = times[:-1] + 0.5 * self.grid.width
        return moments

    @cached_property
    def defaults(self) -> NDArray[np.float64]:
        """[parameter in use] the value where none is given."""
        parameters = self.program.parameters
        return np.array([parameters[place].default for place in self.parameters], dtype=np.float64)

    @cached_property
    def place(self) -> dict[int, int]:
        """The row of each state in use."""
        return {state: row for row, state in enumerate(self.states)}

    @cached_property
    def positions(self) -> dict[int, int]:
        """Parameter → its position among those in use."""
        return {parameter: position for position, parameter in enumerate(self.parameters)}

    @cached_property
    def _timed(self) -> tuple[int, ...]:
        return tuple(i for i, group in enumerate(self.groups) if group is Group.TIME)

    def tabulate(self, series: Sequence[Series]) -> NDArray[np.float64]:
        """[row, node of `rows`] the values that depend on time only.

        Args:
            series: the paths of this call, as many as the program has.
        """
        values = self.timed(series)
        table = np.empty((len(self.moments), len(self.rows)))
        for column, index in enumerate(self.rows):
            table[:, column] = values[index]
        return table

    def timed(self, series: Sequence[Series]) -> dict[int, NDArray[np.float64]]:
        """Node of the group TIME → [row] its values."""
        moments, nodes = self.moments, self.program.nodes
        values: dict[int, NDArray[np.float64]] = {}
        with np.errstate(all="ignore"):
            for index in self._timed:
                node = nodes[index]
                if node.op is Op.TIME:
                    values[index] = moments
                elif node.op is Op.SERIES:
                    values[index] = grid.read(series[position(node)], moments)
                else:
                    arguments = [
                        values[argument] if argument in values else self.constants[argument]
                        for argument in node.args
                    ]
                    values[index] = ufuncs.evaluate(node, arguments, self.program.tables)
        return values


def position(node: Node) -> int:
    """The payload of a node that points into one of the program's lists."""
    if not isinstance(node.payload, int):
        raise TypeError(f"{node.op.name} needs a position, not {node.payload!r}")
    return node.payload


def plan(
    program: Program,
    *,
    integrator: Integrator = "euler",
    outputs: Sequence[str] | None = None,
    save_times: Sequence[float] | NDArray[np.float64] | None = None,
) -> Schedule:
    """Plan a run of `program`.

    Args:
        program: the graph.
        integrator: "euler", or "rk4" where every state integrates and nothing jumps in time.
        outputs: names of variables or of single elements; None: all.
        save_times: moments to store; None: every `saveper`.

    Raises:
        InputError: unknown outputs, moments off the steps, or RK4 where it is forbidden.
    """
    outcomes = choose(program, outputs)
    nodes, states = program.nodes, program.states
    needed = _needed(program, [element.node for element in outcomes])
    groups, constants = _groups(program, needed)
    read = (position(nodes[index]) for index in sorted(needed) if nodes[index].op is Op.STATE)
    used = tuple(dict.fromkeys(read))
    if integrator == "rk4":
        _smooth(program, needed, used)

    # What is not computed in steps is there already, and nothing below it is computed in steps.
    there = {
        index
        for index, group in enumerate(groups)
        if group is not Group.STEP or nodes[index].op is Op.STATE
    }
    done = there.copy()
    start = tuple(_depth_first(nodes, (states[state].initial for state in used), done))
    done = there
    step = tuple(_depth_first(nodes, (states[state].next for state in used), done))
    observe = tuple(_depth_first(nodes, (element.node for element in outcomes), done))
    read = {argument for index in (*start, *step, *observe) for argument in nodes[index].args}
    read.update(element.node for element in outcomes)
    read.update(root for state in used for root in (states[state].initial, states[state].next))
    return Schedule(
        program=program,
        grid=grid.lay(program.control, save_times),
        integrator=integrator,
        outcomes=outcomes,
        groups=groups,
        constants=constants,
        prologue=tuple(i for i, group in enumerate(groups) if group is Group.MEMBER),
        start=start,
        step=step,
        observe=observe,
        rows=tuple(i for i, group in enumerate(groups) if group is Group.TIME and i in read),
        states=used,
        parameters=tuple(
            sorted({position(nodes[i]) for i in needed if nodes[i].op is Op.PARAMETER})
        ),
    )


def choose(program: Program, outputs: Sequence[str] | None) -> tuple[Element, ...]:
    """The elements that `outputs` name, in that order, a variable standing for its elements.

    Raises:
        InputError: a name that the program does not have.
    """
    if outputs is None:
        return program.elements
    by_name: dict[str, list[Element]] = {}
    for element in program.elements:
        by_name.setdefault(element.name, []).append(element)
        if element.variable != element.name:
            by_name.setdefault(element.variable, []).append(element)
    missing = [
        Problem("unknown-output", f"no variable '{name}'", hint=did_you_mean(name, list(by_name)))
        for name in outputs
        if name not in by_name
    ]
    if missing:
        raise InputError(missing)
    return tuple(dict.fromkeys(element for name in outputs for element in by_name[name]))


def _depth_first(nodes: Sequence[Node], roots: Iterable[int], done: set[int]) -> Iterable[int]:
    """Nodes below `roots`, each after what it reads and as late as that allows; fills `done`."""
    for root in roots:
        stack = [root]
        while stack:
            index = stack[-1]
            if index in done:
                stack.pop()
                continue
            waiting = [argument for argument in nodes[index].args if argument not in done]
            if waiting:
                stack.extend(reversed(waiting))
            else:
                stack.pop()
                done.add(index)
                yield index


def _needed(program: Program, roots: Sequence[int]) -> set[int]:
    needed: set[int] = set()
    waiting = list(roots)
    while waiting:
        index = waiting.pop()
        if index in needed:
            continue
        needed.add(index)
        node = program.nodes[index]
        waiting += node.args
        if node.op is Op.STATE:
            state = program.states[position(node)]
            waiting += (state.initial, state.next)
    return needed


_OWN = {
    Op.CONST: Group.CONSTANT,
    Op.PARAMETER: Group.MEMBER,
    Op.TIME: Group.TIME,
    Op.SERIES: Group.TIME,
    Op.STATE: Group.STEP,
    Op.RANDOM: Group.STEP,
}


@cache
def _joined(below: int) -> Group:
    """The group of what depends on groups; each is a bit of `below`."""
    if below & 1 << Group.MEMBER and below & 1 << Group.TIME:
        return Group.STEP
    return Group(max(below.bit_length() - 1, Group.CONSTANT))


def _groups(program: Program, needed: set[int]) -> tuple[tuple[Group, ...], dict[int, float]]:
    groups: list[Group] = []
    bits: list[int] = []
    constants: dict[int, float] = {}
    for index, node in enumerate(program.nodes):
        if index not in needed:
            groups.append(Group.UNUSED)
            bits.append(0)
            continue
        below = 0
        for argument in node.args:
            below |= bits[argument]
        group = _joined(below) if below else _OWN.get(node.op, Group.CONSTANT)
        groups.append(group)
        bits.append(1 << group)
        if node.op is Op.CONST:
            constants[index] = np.nan if node.payload is None else float(node.payload)
        elif group is Group.CONSTANT:
            arguments = [np.array([constants[argument]]) for argument in node.args]
            with np.errstate(all="ignore"):
                constants[index] = float(ufuncs.evaluate(node, arguments, program.tables)[0])
    return tuple(groups), constants


def _smooth(program: Program, needed: set[int], used: Sequence[int]) -> None:
    """Refuse RK4 where a step's inner moments would be wrong."""
    problems = [
        Problem("rk4", f"RK4 needs states that integrate, and '{state.name}' goes on in jumps")
        for state in (program.states[position] for position in used)
        if state.rule is not Rule.LEVEL
    ]
    if program.control.moments:
        problems.append(Problem("rk4", "RK4 needs steps of one length, saved at one period"))
    # A comparison with a state in it bends a path where the state crosses, as in any integrator;
    # one of times alone jumps, at a moment that may lie within a step.
    timed: set[int] = set()
    stated: set[int] = set()
    for index in sorted(needed):
        node = program.nodes[index]
        jump = ""
        if node.op is Op.STATE or not stated.isdisjoint(node.args):
            stated.add(index)
        elif node.op is Op.TIME or not timed.isdisjoint(node.args):
            timed.add(index)
            reading = program.tables[position(node)].reading if node.op is Op.LOOKUP else ""
            if node.op in JUMPS or reading in ("hold_backward", "look_forward"):
                jump = "jumps with time"
        elif node.op is Op.SERIES and program.series[position(node)].reading != "interpolate":
            jump = "reads a path that jumps"
        elif node.op is Op.RANDOM:
            jump = "is random"
        if jump:
            name = _above(program, index)
            problems.append(Problem("rk4", f"RK4 needs smooth equations, and '{name}' {jump}"))
    if problems:
        raise InputError(dict.fromkeys(problems))


def _above(program: Program, index: int) -> str:
    """The first element that a node has a part in."""
    for element in sorted(program.elements, key=lambda element: element.node):
        if element.node >= index and index in set(
            _depth_first(program.nodes, [element.node], set())
        ):
            return element.name
    return "an equation"
