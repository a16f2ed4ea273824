"""Why a member left the finite numbers: in which variable, and when.

The back ends note only the step. Here the member runs again in NumPy, every value is kept,
and the way is followed from what is not finite down to where it arose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.ir import Op, Rule, Series
from sim.kernel.batch import Batch
from sim.kernel.blocks import Block, Values
from sim.kernel.schedule import Group, Schedule, position

BLOCK = 512  # members; every node's value is in memory


def explain(
    schedule: Schedule, batch: Batch, series: Sequence[Series], rows: NDArray[np.int64]
) -> dict[int, str]:
    """Name the variable in which each member left the finite numbers.

    Args:
        schedule: the plan.
        batch: of the call.
        series: the paths of the call.
        rows: [failed] positions of members.

    Returns:
        Row → name of the element (or of the parameter, or of an unnamed state); "" where
        NumPy's digits stay finite.
    """
    found: dict[int, str] = {}
    if not len(rows):
        return found
    timed = schedule.timed(series)
    for start in range(0, len(rows), BLOCK):
        some = rows[start : start + BLOCK]
        part = replace(
            batch,
            values=batch.values[some],
            members=batch.members[some],
            out=np.empty((0, 0, 0)),
            reduced=np.empty((len(some), 0)),
            failed=batch.failed[some],
        )
        names = _Trace(schedule, part, timed).names
        found.update((int(row), names.get(lane, "")) for lane, row in enumerate(some))
    return found


class _Trace:
    """One run of a few members, watched."""

    def __init__(
        self, schedule: Schedule, batch: Batch, timed: dict[int, NDArray[np.float64]]
    ) -> None:
        self.names: dict[int, str] = {}
        self._schedule, self._timed = schedule, timed
        self._block = block = Block(schedule, len(batch.members), keep=True)
        self._row = 0
        self._values = block.starting
        self._named: dict[int, str] = {}
        for element in schedule.program.elements:
            self._named.setdefault(element.node, element.name)
        program = schedule.program
        states = [program.states[state] for state in schedule.states]
        rk4 = schedule.integrator == "rk4"
        with np.errstate(all="ignore"):
            block.begin(batch, 0)
            self._blame((state.initial, state.name) for state in states)
            self._values = block.values
            for step in range(int(batch.failed.max()) + 1):
                block.step = step
                self._row = 2 * step if rk4 else step
                block.read_row(batch, self._row)
                observed = bool(batch.slots[step] >= 0)
                block.compute(observed=observed)
                if observed:
                    self._blame(
                        (element.node, element.name)
                        for element in schedule.outcomes
                        if schedule.groups[element.node] is not Group.CONSTANT
                    )
                if step == schedule.grid.steps or len(self.names) == block.size:
                    break
                # a line hands its value on later, and a held value may be looked at now
                self._blame((state.next, state.name) for state in states
                            if state.rule is not Rule.RING)  # fmt: skip
                block.go_on(batch, schedule.grid.width)
                for state, value in block.states.items():
                    self._note(value, program.states[state].name)

    def _note(self, value: Values | float, name: str) -> None:
        wrong = np.broadcast_to(~np.isfinite(value), (self._block.size,))
        for lane in np.flatnonzero(wrong):
            self.names.setdefault(int(lane), name)

    def _blame(self, roots: Iterable[tuple[int, str]]) -> None:
        """Name what is behind roots that are not finite: the first in the program's order."""
        ends = list(roots)
        fresh: dict[int, list[tuple[int, str]]] = {}
        for node, name in ends:
            wrong = np.broadcast_to(~np.isfinite(self._values[node]), (self._block.size,))
            for lane in np.flatnonzero(wrong):
                if int(lane) not in self.names:
                    fresh.setdefault(int(lane), []).append((node, name))
        for lane, broken in fresh.items():
            self.names[lane] = min(self._source(node, name, lane) for node, name in broken)[1]

    def _source(self, root: int, name: str, lane: int) -> tuple[int, str]:
        """Where a value that is not finite arose below `root`, and the name nearest to it."""
        nodes = self._schedule.program.nodes
        broken: set[int] = set()
        waiting = [root]
        while waiting:
            index = waiting.pop()
            if index in broken or np.isfinite(self._value(index, lane)):
                continue
            broken.add(index)
            node = nodes[index]
            if node.op is Op.SELECT:
                taken = 1 if self._value(node.args[0], lane) else 2
                waiting.append(node.args[taken])
            else:
                waiting.extend(node.args)
        sources = [index for index in broken if broken.isdisjoint(nodes[index].args)]
        source = min(sources, default=root)
        after = {source}
        for index in sorted(broken):
            if index == source or not after.isdisjoint(nodes[index].args):
                after.add(index)
                if index in self._named:
                    return source, self._named[index]
        node = nodes[source]
        if node.op is Op.PARAMETER:
            return source, self._schedule.program.parameters[position(node)].name
        return source, name

    def _value(self, index: int, lane: int) -> float:
        if self._schedule.groups[index] is Group.TIME:
            return float(self._timed[index][self._row])
        value = self._values[index]
        return float(value[lane]) if isinstance(value, np.ndarray) else float(value)
