"""What all members of a call share, computed once and for one member.

In most ensembles a few of a thousand parameters vary. What hangs on none of them, stocks
included, is the same in every member: the machine code of one member computes it, and the code
for the members reads single numbers where it had vectors. Bits are the same either way, so that
it is only a question of time when the second code is made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.ir import Element, Op
from sim.kernel.batch import Backend, Batch
from sim.kernel.reducers import tables
from sim.kernel.schedule import Group, Schedule, plan, position

LESS = 0.97  # share of the operations of a step that must be left at most, to be worth it
PAYS = 3 * 10**7  # steps of members after which the time to compile is won back (README.md)


@dataclass(frozen=True)
class Split:
    """A schedule in two.

    Args:
        shared: gives, at every step, what the other reads (its rows, then what is fixed), and
            the states that are shared.
        own: what differs between members; reads `own.rows` and `own.fixed`.
    """

    shared: Schedule
    own: Schedule


def split(schedule: Schedule, varied: frozenset[int]) -> Split:
    """Divide a schedule for Euler's integration by what hangs on the parameters in `varied`."""
    program, nodes = schedule.program, schedule.program.nodes
    moved = _moved(schedule, varied)
    states = tuple(s for s in schedule.states if moved[program.states[s].initial]
                   or moved[program.states[s].next])  # fmt: skip
    orders = (schedule.prologue, schedule.start, schedule.step, schedule.observe)
    prologue, start, step, observe = (tuple(i for i in order if moved[i]) for order in orders)
    computed = (*prologue, *start, *step, *observe)
    read = {argument for index in computed for argument in nodes[index].args}
    read.update(one.node for one in schedule.outcomes)
    read.update(one for s in states for one in (program.states[s].initial, program.states[s].next))
    given = [i for i in sorted(read) if not moved[i] and i not in schedule.constants]
    once = [i for i in given if schedule.groups[i] is Group.MEMBER]
    vectors = {position(nodes[i]) for i in prologue if nodes[i].op is Op.PARAMETER}
    own = replace(
        schedule,
        prologue=prologue,
        start=start,
        step=step,
        observe=observe,
        rows=tuple(i for i in given if schedule.groups[i] is not Group.MEMBER),
        fixed=tuple(once),
        states=states,
        parameters=tuple(one for one in schedule.parameters if one in vectors),
    )
    watched = [
        index
        for index, node in enumerate(nodes)
        if schedule.groups[index] is not Group.UNUSED and node.op is Op.STATE and not moved[index]
    ]
    asked = tuple(
        Element(f"node {i}", f"node {i}", i)
        for i in dict.fromkeys((*own.rows, *own.fixed, *watched))
    )
    shared = plan(replace(program, elements=asked), save_times=schedule.grid.times)
    return Split(shared, own)


def _moved(schedule: Schedule, varied: frozenset[int]) -> list[bool]:
    """[node] whether it may differ between members."""
    program, nodes = schedule.program, schedule.program.nodes
    readers: dict[int, list[int]] = {}
    leaves: dict[int, list[int]] = {}
    waiting: list[int] = []
    for index, node in enumerate(nodes):
        if schedule.groups[index] is Group.UNUSED:
            continue
        for argument in node.args:
            readers.setdefault(argument, []).append(index)
        if node.op is Op.STATE:
            leaves.setdefault(position(node), []).append(index)
        elif node.op is Op.RANDOM or (node.op is Op.PARAMETER and position(node) in varied):
            waiting.append(index)
        elif schedule.divides_by_member(index):
            waiting.append(node.args[1])  # its reciprocal is kept as a vector
    for state in schedule.states:
        for root in (program.states[state].initial, program.states[state].next):
            readers.setdefault(root, []).extend(leaves.get(state, ()))
    moved = [False] * len(nodes)
    while waiting:
        index = waiting.pop()
        if not moved[index]:
            moved[index] = True
            waiting += readers.get(index, ())
    return moved


class Sharing:
    """Back ends for the two halves of a schedule, by what varies; made when they pay.

    Args:
        schedule: the whole.
        make: gives the back end of a schedule.

    Attributes:
        made: the halves and their back ends (shared, own) by the parameters that vary.
    """

    def __init__(self, schedule: Schedule, make: Callable[[Schedule], Backend]) -> None:
        self._schedule, self._make = schedule, make
        self._work: dict[frozenset[int], int] = {}
        self._vain: set[frozenset[int]] = set()
        self.made: dict[frozenset[int], tuple[Split, Backend, Backend]] = {}
        self._making = threading.Lock()

    def divided(self, batch: Batch) -> tuple[Backend, Batch] | None:
        """The back end and the batch of what differs between members; None: take the whole."""
        schedule = self._schedule
        varied = frozenset(
            place
            for place, column in zip(schedule.parameters, batch.columns.tolist(), strict=True)
            if column >= 0
        )
        if schedule.integrator != "euler" or 2 * len(varied) > len(schedule.parameters):
            return None
        with self._making:
            work = self._work.get(varied, 0) + len(batch.members) * schedule.grid.steps
            self._work[varied] = work
            if work < PAYS:
                return None
            if varied not in self.made and varied not in self._vain:
                made = split(schedule, varied)
                if len(made.own.step) <= LESS * len(schedule.step):
                    self.made[varied] = made, self._make(made.shared), self._make(made.own)
                else:
                    self._vain.add(varied)
        if varied in self._vain:
            return None
        made, shared, own = self.made[varied]
        numbers = _once(schedule, made.shared, shared, batch)
        if not _finite(schedule, made.shared, numbers):
            return None  # the whole says which members failed, when, and in what
        rows, count = len(made.own.rows), len(made.own.rows) + len(made.own.fixed)
        return own, replace(
            batch,
            columns=_of(made.own, schedule, batch.columns),
            defaults=_of(made.own, schedule, batch.defaults),
            rows=np.ascontiguousarray(numbers[:, :rows]),
            fixed=np.ascontiguousarray(numbers[0, rows:count]),
        )


def _once(
    whole: Schedule, schedule: Schedule, backend: Backend, batch: Batch
) -> NDArray[np.float64]:
    """[step, node] what members share."""
    places = {node: column for column, node in enumerate(whole.rows)}
    rows = [places[node] for node in schedule.rows]
    out = np.empty((len(schedule.grid.times), 1, len(schedule.outcomes)))
    one = replace(
        batch,
        values=np.empty((1, 0)),
        columns=np.full(len(schedule.parameters), -1),
        defaults=_of(schedule, whole, batch.defaults),
        members=np.zeros(1, dtype=np.int64),
        rows=np.ascontiguousarray(batch.rows[:, rows]),
        slots=schedule.grid.slots,
        reduction=tables((), schedule.outcomes, schedule.grid),
        out=out,
        reduced=np.empty((1, 0)),
        failed=np.full(1, -1, dtype=np.int64),
    )
    backend.advance(one, 0, 1)
    return out[:, 0, :]


def _finite(whole: Schedule, schedule: Schedule, numbers: NDArray[np.float64]) -> bool:
    """Whether shared states, and shared outcomes where they are saved, are finite numbers.

    Other numbers may be what they like: a reciprocal of nothing that nobody takes, say.
    """
    columns = {element.node: place for place, element in enumerate(schedule.outcomes)}
    states = [columns[i] for i in columns if schedule.program.nodes[i].op is Op.STATE]
    saved = [columns[one.node] for one in whole.outcomes if one.node in columns]
    seen = numbers[whole.grid.saved][:, saved]
    return bool(np.isfinite(numbers[:, states]).all() and np.isfinite(seen).all())


def _of(part: Schedule, whole: Schedule, values: NDArray[np.generic]) -> NDArray[np.generic]:
    """[parameter of the part] of [parameter of the whole]."""
    return values[[whole.positions[parameter] for parameter in part.parameters]]
