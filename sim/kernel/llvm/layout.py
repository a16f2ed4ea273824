"""Where a thread's values lie in memory, and which function computes what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from sim.ir import Op, Rule
from sim.kernel.schedule import Group, Schedule

CHUNK = 300  # nodes per function; longer functions take the compiler more than their share
SOUND, FAILED, WORDS, FIRST = range(4)  # vectors at the start of every thread's memory


class Use(Enum):
    """What becomes of a node's value."""

    INITIAL = auto()  # a state's start
    NEXT = auto()  # a state's next value, or what it follows from
    SLOPE = auto()  # a state's rate of change, for an integrator that weighs several
    OUTCOME = auto()


@dataclass(frozen=True)
class End:
    """A value that leaves its function.

    Args:
        use: what becomes of it.
        node: where it is computed.
        place: of the state, or of the outcome.
    """

    use: Use
    node: int
    place: int


@dataclass(frozen=True)
class Piece:
    """One function: the nodes it computes in order, and the ends it brings home."""

    name: str
    order: tuple[int, ...]
    ends: tuple[End, ...]


@dataclass
class Layout:
    """Places in a thread's memory, counted in vectors.

    Args:
        parameters: of each parameter in use, one after the other from FIRST.
        kept: of each node that another function reads.
        inverted: of the reciprocal of each node that depends on the member only and divides.
        fixed: of the numbers that all members share, side by side in whole vectors.
        lines: of the first slot of each fixed delay.
        states: of the two sets of states, now and next, which change places in every step.
        outcomes: of the outcomes.
        slopes: of slopes and their weighted total, with RK4.
        size: of all.
    """

    parameters: dict[int, int] = field(default_factory=dict[int, int])
    kept: dict[int, int] = field(default_factory=dict[int, int])
    inverted: dict[int, int] = field(default_factory=dict[int, int])
    fixed: int = 0
    lines: dict[int, int] = field(default_factory=dict[int, int])
    states: tuple[int, int] = (0, 0)
    outcomes: int = 0
    slopes: tuple[int, int] = (0, 0)
    size: int = FIRST

    def take(self, count: int = 1) -> int:
        """Reserve so many vectors; the place of the first."""
        self.size += count
        return self.size - count


@dataclass(frozen=True)
class Parts:
    """All functions of a schedule, by when they run, and their memory.

    `walked`: what is computed once per member has none (`walk`).
    """

    prologue: tuple[Piece, ...]
    start: tuple[Piece, ...]
    step: tuple[Piece, ...]
    observe: tuple[Piece, ...]
    layout: Layout
    walked: bool = False

    def __iter__(self) -> Iterator[Piece]:
        """Every function."""
        for pieces in (self.prologue, self.start, self.step, self.observe):
            yield from pieces


def divide(schedule: Schedule, lanes: int, *, walked: bool = False) -> Parts:
    """Cut a schedule into functions and lay out their memory.

    Args:
        schedule: what is computed when.
        lanes: members side by side.
        walked: whether what is computed once per member is no function's (`walk`).
    """
    nodes, states = schedule.program.nodes, schedule.program.states
    follows = Use.SLOPE if schedule.integrator == "rk4" else Use.NEXT
    initial = [End(Use.INITIAL, states[s].initial, p) for p, s in enumerate(schedule.states)]
    after = [End(follows, states[s].next, p) for p, s in enumerate(schedule.states)]
    outcome = [End(Use.OUTCOME, e.node, p) for p, e in enumerate(schedule.outcomes)]
    computed = [index for index in schedule.prologue if nodes[index].op is not Op.PARAMETER]
    layout = Layout()
    for place in schedule.parameters:
        layout.parameters[place] = layout.take()
    layout.fixed = layout.take(-(-len(schedule.fixed) // lanes))
    parts = Parts(
        prologue=() if walked else _cut("prologue", computed, []),
        start=() if walked else _cut("start", schedule.start, initial),
        step=_cut("step", schedule.step, after),
        observe=_cut("observe", schedule.observe, outcome),
        layout=layout,
        walked=walked,
    )
    for piece in parts:
        _keep(schedule, piece, layout)
    for state in schedule.states:
        if states[state].rule is Rule.RING:
            layout.lines[state] = layout.take(states[state].length)
    count = len(schedule.states)
    layout.states = (layout.take(count), layout.take(count))
    layout.outcomes = layout.take(len(schedule.outcomes))
    if schedule.integrator == "rk4":
        layout.slopes = (layout.take(count), layout.take(count))
    return parts


def _cut(name: str, order: Sequence[int], ends: Sequence[End]) -> tuple[Piece, ...]:
    """Pieces of `order`; an end goes with its node, and to the last piece where it has none."""
    cuts = [tuple(order[at : at + CHUNK]) for at in range(0, len(order), CHUNK)]
    if not cuts and ends:
        cuts = [()]
    home = {index: place for place, cut in enumerate(cuts) for index in cut}
    brought: list[list[End]] = [[] for _ in cuts]
    for end in ends:
        brought[home.get(end.node, -1)].append(end)
    return tuple(
        Piece(f"{name}{place}", cut, tuple(brought[place])) for place, cut in enumerate(cuts)
    )


def _keep(schedule: Schedule, piece: Piece, layout: Layout) -> None:
    """Give a place to what `piece` reads and another piece computes."""
    nodes, groups = schedule.program.nodes, schedule.groups
    own = set(piece.order)

    def read(indices: Iterable[int], kept: dict[int, int]) -> None:
        for index in indices:
            computed = groups[index] in (Group.MEMBER, Group.STEP) and index not in schedule.given
            elsewhere = computed and index not in own
            if elsewhere and nodes[index].op not in (Op.PARAMETER, Op.STATE) and index not in kept:
                kept[index] = layout.take()

    for index in piece.order:
        node = nodes[index]
        if schedule.divides_by_member(index):
            read([node.args[0]], layout.kept)
            if node.args[1] not in layout.inverted:
                layout.inverted[node.args[1]] = layout.take()
        else:
            read(node.args, layout.kept)
    read((end.node for end in piece.ends), layout.kept)
