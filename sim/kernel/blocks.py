"""The NumPy back end: every operation on a block of members at a time.

It keeps the order of operations of the program, so it is the oracle of the others, and
the fallback where there is no compiler.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from sim.ir import Op, Rule
from sim.kernel import draws, reducers, ufuncs
from sim.kernel.batch import Batch
from sim.kernel.schedule import Group, Schedule, position

Values: TypeAlias = NDArray[np.float64]
Call: TypeAlias = tuple[Callable[..., object], tuple[Values | float, ...], Values]

BLOCK = 2048  # members; smaller pays Python's overhead, larger leaves the cache


class NumPy:
    """Runs a schedule block by block."""

    piece = BLOCK

    def __init__(self, schedule: Schedule, note: str = "") -> None:
        self._schedule = schedule
        self.name = f"numpy {np.__version__}" + (f" ({note})" if note else "")

    def advance(self, batch: Batch, first: int, last: int) -> None:
        """Integrate the members from `first` up to `last`, and fill the batch's arrays."""
        block: Block | None = None
        for start in range(first, last, BLOCK):
            size = min(BLOCK, last - start)
            if block is None or block.size != size:
                block = Block(self._schedule, size)
            with np.errstate(all="ignore"):
                block.run(batch, start)


class Block:
    """Memory and calls for `size` members.

    Args:
        schedule: the plan.
        size: number of members.
        keep: leave every node's value in `values` until the next step, to look at.
    """

    def __init__(self, schedule: Schedule, size: int, *, keep: bool = False) -> None:
        self.size = size
        self.schedule = schedule
        self.values: dict[int, Values | float] = dict(schedule.constants)
        self.step = 0
        self._words = np.empty(0, dtype=np.uint64)
        program = schedule.program
        self._row = np.empty((len(schedule.rows), 1))
        for place, index in enumerate(schedule.rows):
            self.values[index] = self._row[place]
        self.states = {state: np.empty(size) for state in schedule.states}
        self._lines = {
            state: np.empty((program.states[state].length, size))
            for state in schedule.states
            if program.states[state].rule is Rule.RING
        }
        self.parameters = {place: np.empty(size) for place in schedule.parameters}
        for index, node in enumerate(program.nodes):
            if schedule.groups[index] is Group.UNUSED:
                continue
            if node.op is Op.STATE:
                self.values[index] = self.states[position(node)]
            elif node.op is Op.PARAMETER:
                self.values[index] = self.parameters[position(node)]
        self._prologue = self._bind(schedule.prologue, schedule.prologue, keep=True)
        initials = [program.states[state].initial for state in schedule.states]
        nexts = [program.states[state].next for state in schedule.states]
        self._start = self._bind(schedule.start, initials, keep=keep)
        self._initials = [self.values[index] for index in initials]
        # a node of both start and step has memory of its own in each
        self.starting = dict(self.values)
        # `observe` reads what `step` left, so both share one allocation
        ends = [*nexts, *(element.node for element in schedule.outcomes)]
        body = self._bind((*schedule.step, *schedule.observe), ends, keep=keep)
        self._body = body[: len(schedule.step)]
        self._observe = body[len(schedule.step) :]
        self._nexts = {
            state: self.values[index] for state, index in zip(schedule.states, nexts, strict=True)
        }
        self.outcomes = [self.values[element.node] for element in schedule.outcomes]

    def _bind(self, order: Sequence[int], ends: Sequence[int], *, keep: bool) -> list[Call]:
        """Give each node of `order` memory, used again after its last reader unless `keep`."""
        program = self.schedule.program
        last = {argument: at for at, index in enumerate(order)
                for argument in program.nodes[index].args}  # fmt: skip
        last.update(dict.fromkeys(ends, len(order)))
        mine: set[int] = set()
        free: list[Values] = []
        calls: list[Call] = []
        for at, index in enumerate(order):
            node = program.nodes[index]
            if node.op is Op.PARAMETER:
                continue
            arguments = tuple(self.values[argument] for argument in node.args)
            dying = {a for a in node.args if a in mine and last[a] == at} if not keep else set()
            # SELECT reads its condition after it has begun to write
            if node.op is not Op.SELECT:
                free += [self._array(argument) for argument in dying]
            out = free.pop() if free else np.empty(self.size)
            if node.op is Op.SELECT:
                free += [self._array(argument) for argument in dying]
            mine -= dying
            mine.add(index)
            self.values[index] = out
            if node.op is Op.LOOKUP:
                calls.append((ufuncs.lookup(program.tables[position(node)]), arguments, out))
            elif node.op is Op.RANDOM:
                calls.append((self._draw, (float(position(node)),), out))
            else:
                calls.append((ufuncs.ELEMENTWISE[node.op], arguments, out))
        return calls

    def _array(self, index: int) -> Values:
        return cast(Values, self.values[index])

    def _draw(self, stream: float, out: Values) -> None:
        np.copyto(out, draws.uniform(self._words, self.step, int(stream)))

    def begin(self, batch: Batch, first: int) -> None:
        """Set parameters and initial states of the members from `first` on."""
        here = slice(first, first + self.size)
        for place, column, default in zip(
            self.schedule.parameters, batch.columns, batch.defaults, strict=True
        ):
            given = default if column < 0 else batch.values[here, column]
            np.copyto(self.parameters[place], given)
        self._words = draws.lanes(batch.seed, batch.members[here])
        self.step = 0
        self.read_row(batch, 0)
        run(self._prologue)
        run(self._start)
        for state, initial in zip(self.schedule.states, self._initials, strict=True):
            np.copyto(self.states[state], initial)
            if state in self._lines:
                self._lines[state][:] = initial

    def read_row(self, batch: Batch, row: int) -> None:
        """Set what depends on time only."""
        self._row[:, 0] = batch.rows[row]

    def compute(self, *, observed: bool) -> None:
        """Compute the step's nodes, and those of the outcomes where they are wanted."""
        run(self._body)
        if observed:
            run(self._observe)

    def run(self, batch: Batch, first: int) -> None:
        """Integrate the members from `first` on."""
        schedule, width = self.schedule, self.schedule.grid.width
        failed = np.full(self.size, -1, dtype=np.int64)
        # an outcome that is a number of the text is what it is
        judged = [value for value in self.outcomes if isinstance(value, np.ndarray)]
        figures = np.repeat(batch.reduction.start[:, None], self.size, axis=1)
        self.begin(batch, first)
        self._check(failed, list(self.states.values()))
        for step in range(schedule.grid.steps + 1):
            self.step = step
            slot = int(batch.slots[step])
            self.read_row(batch, step if schedule.integrator == "euler" else 2 * step)
            self.compute(observed=slot >= 0)
            if slot >= 0:
                self._check(failed, judged)
                self._store(batch, first, slot, figures)
            if step < schedule.grid.steps:
                self.go_on(batch, width)
                self._check(failed, list(self.states.values()))
        batch.failed[first : first + self.size] = failed
        batch.reduced[first : first + self.size] = figures.T

    def go_on(self, batch: Batch, width: float) -> None:
        """Take the states to the next moment; the step's nodes have been computed."""
        if self.schedule.integrator == "rk4":
            self._runge_kutta(batch, width)
            return
        fresh: dict[int, Values | float] = {}
        for state, value in self._nexts.items():
            line = self._lines.get(state)
            if line is not None:
                line[self.step % len(line)] = value
                fresh[state] = line[(self.step + 1) % len(line)]
            elif self.schedule.program.states[state].rule is Rule.LEVEL:
                fresh[state] = self.states[state] + value * width
            else:
                fresh[state] = np.array(value)
        for state, value in fresh.items():
            np.copyto(self.states[state], value)

    def _runge_kutta(self, batch: Batch, width: float) -> None:
        """Classical fourth order; the first slope is the one at hand."""
        start = {state: value.copy() for state, value in self.states.items()}
        total = {state: np.array(rate) for state, rate in self._nexts.items()}
        for stage, reach, weight in ((1, 0.5, 2.0), (1, 0.5, 2.0), (2, 1.0, 1.0)):
            ahead = {state: start[state] + rate * (reach * width)
                     for state, rate in self._nexts.items()}  # fmt: skip
            for state, value in ahead.items():
                np.copyto(self.states[state], value)
            self.read_row(batch, 2 * self.step + stage)
            self.compute(observed=False)
            for state, rate in self._nexts.items():
                total[state] = total[state] + rate * weight
        for state, value in start.items():
            np.copyto(self.states[state], value + total[state] * (width / 6.0))

    def _check(self, failed: NDArray[np.int64], values: Sequence[Values | float]) -> None:
        sound = np.ones(self.size, dtype=bool)
        for value in values:
            sound &= np.isfinite(value)
        failed[~sound & (failed < 0)] = self.step

    def _store(self, batch: Batch, first: int, slot: int, figures: Values) -> None:
        if batch.stored:
            for place, value in enumerate(self.outcomes):
                batch.out[slot, first : first + self.size, place] = value
        table = batch.reduction
        for column, (kind, place) in enumerate(zip(table.kinds, table.outcomes, strict=True)):
            weight = float(table.weights[slot, column])
            if weight != 0.0:
                value = np.broadcast_to(self.outcomes[place], (self.size,))
                target = float(table.targets[slot, column])
                reducers.join(reducers.Kind(kind), figures[column], value, weight, target)


def run(calls: Sequence[Call]) -> None:
    """Make the calls, in order."""
    for function, arguments, out in calls:
        function(*arguments, out=out)
