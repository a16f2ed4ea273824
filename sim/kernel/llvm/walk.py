"""Nodes as numbers, and the one function that follows them.

What is computed once per member would be two fifths of a single run's machine code, written,
compiled and loaded for a thousandth of its work. So it is a list of instructions instead, each
six numbers: the operation, the place it writes to and up to four places it reads, all in the
thread's memory. The function does with each what `body` writes for the node, bit for bit.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ir import Node, Op, Table
from sim.kernel.llvm import tables
from sim.kernel.llvm.body import CALLED, COMPARED, INTRINSIC, PLAIN, extreme, reciprocal, rooted
from sim.kernel.llvm.layout import SOUND, Layout
from sim.kernel.llvm.mathematics import library
from sim.kernel.llvm.text import ATTRIBUTES, Function
from sim.kernel.schedule import Schedule, position

WIDTH = 6  # numbers of an instruction
HEAD = (
    "define hidden void @walk(ptr noalias %memory, ptr noalias readonly %row, "
    "ptr noalias readonly %numbers, ptr noalias readonly %code, i64 %count) noinline {attributes}"
)
ELSEWHERE = "declare hidden void @walk(ptr, ptr, ptr, ptr, i64)"
ARGUMENTS = {Op.MOD: 2, Op.RAISE: 3, Op.POWERS: 4}  # of what is called; of the rest, one
HELD, FORWARD, STEPPED = 1, 2, 4  # how a table is read


@dataclass(frozen=True)
class Walk:
    """Instructions of what is computed once per member.

    Args:
        code: of all instructions, one after the other.
        numbers: constants and tables.
    """

    code: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    numbers: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    @property
    def length(self) -> int:
        """How many instructions there are."""
        return len(self.code) // WIDTH


def walkable(schedule: Schedule) -> bool:
    """Whether all that is computed once per member can be walked: all but random draws."""
    nodes = schedule.program.nodes
    return all(nodes[i].op not in (Op.RANDOM, Op.STATE) for i in schedule.start)


def encode(schedule: Schedule, layout: Layout, lanes: int) -> Walk:
    """The instructions of prologue and start; reserves places for what they compute."""
    return _Encoder(schedule, layout, lanes).walk()


class _Encoder:
    def __init__(self, schedule: Schedule, layout: Layout, lanes: int) -> None:
        self._schedule, self._layout = schedule, layout
        self._code: list[tuple[int, ...]] = []
        self._numbers: list[float] = []
        self._constants: dict[int, int] = {}  # bits of a number → its place
        self._places: dict[int, int] = {}
        self._inverses: dict[int, int] = {}
        self._tables: dict[int, int] = {}
        self._rows = {index: place for place, index in enumerate(schedule.rows)}
        first = layout.fixed * lanes
        self._fixed = {index: first + place for place, index in enumerate(schedule.fixed)}

    def walk(self) -> Walk:
        schedule, layout = self._schedule, self._layout
        for index in schedule.prologue:
            if schedule.program.nodes[index].op is not Op.PARAMETER:
                self._compute(index)
            self._invert(index)
        for index in schedule.start:
            self._compute(index)
        for place, state in enumerate(schedule.states):
            described = schedule.program.states[state]
            value = self._place(described.initial)
            self._give("begin", layout.states[0] + place, value)
            if state in layout.lines:
                self._give("fill", layout.lines[state], value, described.length)
        # constants have their places before anything reads them
        spread = [
            self._instruction("number", place, self._number(bits))
            for bits, place in self._constants.items()
        ]
        code = np.array([*spread, *self._code], dtype=np.int32).ravel()
        return Walk(code, np.array(self._numbers))

    def _number(self, bits: int) -> int:
        self._numbers.append(struct.unpack("<d", struct.pack("<q", bits))[0])
        return len(self._numbers) - 1

    def _instruction(self, name: str, to: int, *read: int) -> tuple[int, ...]:
        return (CODES[name], to, *read, *[0] * (WIDTH - 2 - len(read)))

    def _give(self, name: str, to: int, *read: int) -> int:
        self._code.append(self._instruction(name, to, *read))
        return to

    def _constant(self, value: float) -> int:
        (bits,) = struct.unpack("<q", struct.pack("<d", value))
        if bits not in self._constants:
            self._constants[bits] = self._layout.take()
        return self._constants[bits]

    def _place(self, index: int) -> int:
        """Where a node's value lies."""
        found = self._places.get(index)
        if found is None:
            found = self._places[index] = self._fetch(index)
        return found

    def _fetch(self, index: int) -> int:
        schedule, node = self._schedule, self._schedule.program.nodes[index]
        if index in schedule.constants:
            return self._constant(schedule.constants[index])
        if index in self._fixed:
            return self._give("fixed", self._layout.take(), self._fixed[index])
        if index in self._rows:
            return self._give("row", self._layout.take(), self._rows[index])
        if node.op is not Op.PARAMETER:
            raise NotImplementedError(node.op.name)
        return self._layout.parameters[position(node)]

    def _compute(self, index: int) -> None:
        node = self._schedule.program.nodes[index]
        name, *read = self._read(index, node)
        to = self._layout.kept.get(index)
        to = self._layout.take() if to is None else to
        self._places[index] = self._give(name, to, *read)

    def _read(self, index: int, node: Node) -> tuple[Any, ...]:
        """The operation, and what it reads."""
        constants = self._schedule.constants
        if node.op is Op.POW:
            x = self._place(node.args[0])
            match constants.get(node.args[1]):
                case 1.0:
                    return "move", x
                case 2.0:
                    return "mul", x, x
                case -1.0:
                    return "div", self._constant(1.0), x
                case 0.5:
                    return "root", x
                case _:
                    return "pow", x, self._place(node.args[1])
        if node.op is Op.DIV:
            inverse = reciprocal(constants.get(node.args[1], 0.0))
            if inverse:
                return "mul", self._place(node.args[0]), self._constant(inverse)
            if self._schedule.divides_by_member(index):
                return "mul", self._place(node.args[0]), self._inverse(node.args[1])
        read = [self._place(argument) for argument in node.args]
        if node.op is Op.LOOKUP:
            return "lookup", *read, *self._table(position(node))
        if node.op in (Op.MIN, Op.MAX) and not np.isnan(constants.get(node.args[1], np.nan)):
            read.reverse()  # as `body` has it: of zeros with different signs the second wins
        return node.op.name.lower(), *read

    def _inverse(self, index: int) -> int:
        """Where the reciprocal of what stays the same over a member's run lies."""
        if index not in self._inverses:
            to = self._layout.inverted.get(index)
            to = self._layout.take() if to is None else to
            self._inverses[index] = self._give("div", to, self._constant(1.0), self._place(index))
        return self._inverses[index]

    def _invert(self, index: int) -> None:
        """The reciprocals that each step reads."""
        if index in self._layout.inverted:
            self._inverse(index)

    def _table(self, place: int) -> tuple[int, int]:
        """Where a table begins among the numbers, and how it is read."""
        table = self._schedule.program.tables[place]
        if place not in self._tables:
            self._tables[place] = len(self._numbers)
            starts, slopes, values = map(_apart(table), tables.segments(table))
            self._numbers += [len(starts), table.x[0], table.x[-1], *starts, *slopes, *values]
        held = table.reading != "extrapolate" or len(table.x) == 1
        stepped = table.reading in ("hold_backward", "look_forward")
        forward = table.reading == "look_forward"
        return self._tables[place], HELD * held + FORWARD * forward + STEPPED * stepped


def _apart(table: Table) -> Callable[[Sequence[float]], list[float]]:
    """A column as `tables.read` takes it: of short tables equal numbers are one, -0 and 0 too."""

    def column(numbers: Sequence[float]) -> list[float]:
        found = list(numbers)
        if len(table.x) <= tables.BRANCH_FREE:
            for place in range(1, len(found)):
                if found[place] == found[place - 1]:
                    found[place] = found[place - 1]
        return found

    return column


def _once(f: Function, name: str) -> str:
    return f.load("%memory", f"%{name}")


def _plain(instruction: str) -> Callable[[Function], str]:
    return lambda f: f.give(f"{instruction} {f.reals} {_once(f, 'a')}, {_once(f, 'b')}")


def _truth(f: Function, name: str) -> str:
    return f.compare("une", _once(f, name), f.real(0.0))


def _said(f: Function, mask: str) -> str:
    return f.select(mask, f.real(1.0), f.real(0.0))


def _begin(f: Function) -> str:
    value = _once(f, "a")
    sound = f.fma(value, f.real(0.0), f.load("%memory", SOUND))
    f.store(sound, "%memory", SOUND)
    return value


def _fill(f: Function) -> None:
    value, first = _once(f, "a"), f.at("%memory", "%to")
    with f.loop("%b") as slot:
        f.store(value, first, slot)


def _lookup(f: Function) -> str:
    x, table = _once(f, "a"), f.give("getelementptr double, ptr %numbers, i64 %b")
    found = "poison"
    for lane in range(f.lanes):
        one = f.give(f"extractelement {f.reals} {x}, i32 {lane}")
        value = f.give(f"call double @looked_up(double {one}, ptr {table}, i64 %c)")
        found = f.give(f"insertelement {f.reals} {found}, double {value}, i32 {lane}")
    return found


LOOKED_UP = """
define internal double @looked_up(double %x, ptr %table, i64 %how) noinline nounwind {
entry:
  %length = load double, ptr %table, align 8
  %count = fptosi double %length to i64
  %firsts = getelementptr double, ptr %table, i64 1
  %lasts = getelementptr double, ptr %table, i64 2
  %starts = getelementptr double, ptr %table, i64 3
  %slopes = getelementptr double, ptr %starts, i64 %count
  %values = getelementptr double, ptr %slopes, i64 %count
  %first = load double, ptr %firsts, align 8
  %last = load double, ptr %lasts, align 8
  %held = trunc i64 %how to i1
  %low = fcmp olt double %x, %first
  %rise = and i1 %held, %low
  %risen = select i1 %rise, double %first, double %x
  %high = fcmp ogt double %risen, %last
  %fall = and i1 %held, %high
  %at = select i1 %fall, double %last, double %risen
  %how1 = lshr i64 %how, 1
  %forward = trunc i64 %how1 to i1
  %how2 = lshr i64 %how, 2
  %stepped = trunc i64 %how2 to i1
  br label %next
next:
  %i = phi i64 [ 0, %entry ], [ %further, %here ]
  %further = add i64 %i, 1
  %more = icmp slt i64 %further, %count
  br i1 %more, label %here, label %found
here:
  %ahead = getelementptr double, ptr %starts, i64 %further
  %point = load double, ptr %ahead, align 8
  %past = fcmp ogt double %at, %point
  %there = fcmp oge double %at, %point
  %reached = select i1 %forward, i1 %past, i1 %there
  br i1 %reached, label %next, label %found
found:
  %values_at = getelementptr double, ptr %values, i64 %i
  %value = load double, ptr %values_at, align 8
  %starts_at = getelementptr double, ptr %starts, i64 %i
  %start = load double, ptr %starts_at, align 8
  %slopes_at = getelementptr double, ptr %slopes, i64 %i
  %slope = load double, ptr %slopes_at, align 8
  %along = fsub double %at, %start
  %gain = fmul double %slope, %along
  %between = fadd double %gain, %value
  %nothing = fcmp uno double %x, %x
  %kept = select i1 %nothing, double %x, double %value
  %result = select i1 %stepped, double %kept, double %between
  ret double %result
}"""

WRITERS: dict[str, Callable[[Function], str | None]] = {
    **{op.name.lower(): _plain(instruction) for op, instruction in PLAIN.items()},
    **{
        op.name.lower(): lambda f, how=how: _said(f, f.compare(how, _once(f, "a"), _once(f, "b")))
        for op, how in COMPARED.items()
    },
    **{
        op.name.lower(): lambda f, name=name: f.intrinsic(name, _once(f, "a"))
        for op, name in INTRINSIC.items()
    },
    **{
        op.name.lower(): lambda f, name=name, read=read: f.call(
            name, *(_once(f, one) for one in read)
        )
        for op, name in CALLED.items()
        for read in ["abcd"[: ARGUMENTS.get(op, 1)]]
    },
    "pow": lambda f: f.call("of_power", _once(f, "a"), _once(f, "b")),
    "root": lambda f: rooted(f, _once(f, "a")),
    "neg": lambda f: f.neg(_once(f, "a")),
    "min": lambda f: extreme(f, True, _once(f, "a"), _once(f, "b")),
    "max": lambda f: extreme(f, False, _once(f, "a"), _once(f, "b")),
    "and": lambda f: _said(f, f.mask("and", _truth(f, "a"), _truth(f, "b"))),
    "or": lambda f: _said(f, f.mask("or", _truth(f, "a"), _truth(f, "b"))),
    "not": lambda f: _said(f, f.mask("xor", _truth(f, "a"), "splat (i1 true)")),
    "select": lambda f: f.select(_truth(f, "a"), _once(f, "b"), _once(f, "c")),
    "move": lambda f: _once(f, "a"),
    "number": lambda f: f.spread("%numbers", "%a"),
    "fixed": lambda f: f.spread("%memory", "%a"),
    "row": lambda f: f.spread("%row", "%a"),
    "begin": _begin,
    "fill": _fill,
    "lookup": _lookup,
}
CODES = {name: place for place, name in enumerate(WRITERS)}


def walker(lanes: int) -> str:
    """The function that follows instructions, with all that it calls, as a text of its own."""
    f = Function(HEAD.format(attributes=ATTRIBUTES), lanes)
    with f.loop("%count") as number:
        first = f.give(f"mul i64 {number}, {WIDTH}")
        read = ["operation", "to", "a", "b", "c", "d"]
        for offset, name in enumerate(read):
            place = f.give(f"add i64 {first}, {offset}")
            address = f.give(f"getelementptr i32, ptr %code, i64 {place}")
            f.line(f"%{name}32 = load i32, ptr {address}, align 4")
            f.line(f"%{name} = sext i32 %{name}32 to i64")
        cases = " ".join(f"i64 {code}, label %{name}.here" for name, code in CODES.items())
        f.line(f"switch i64 %operation, label %done [ {cases} ]")
        for name, write in WRITERS.items():
            f.label(f"{name}.here")
            value = write(f)
            if value is not None:
                f.store(value, "%memory", "%to")
            f.line("br label %done")
        f.label("done")
    f.line("ret void")
    text = f"{LOOKED_UP}\n\n{f.text()}"
    return f"{library(lanes, text)}\n\n{text}"
