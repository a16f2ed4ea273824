"""From nodes to vector instructions."""

from __future__ import annotations

import math

from sim.ir import Node, Op, Rule
from sim.kernel import draws
from sim.kernel.llvm import tables
from sim.kernel.llvm.layout import SOUND, WORDS, End, Layout, Piece, Use
from sim.kernel.llvm.mathematics import mixed
from sim.kernel.llvm.powers import INFINITY, LEAST_NORMAL
from sim.kernel.llvm.text import ATTRIBUTES, Function
from sim.kernel.schedule import Group, Schedule, position

# of other texts too, but nobody else's
HEAD = (
    "define hidden void @{name}(ptr noalias %memory, ptr noalias readonly %now, "
    "ptr noalias %next, ptr noalias readonly %row, i64 %step) noinline {attributes}"
)
ELSEWHERE = "declare hidden void @{name}(ptr, ptr, ptr, ptr, i64)"
PLAIN = {Op.ADD: "fadd", Op.SUB: "fsub", Op.MUL: "fmul", Op.DIV: "fdiv"}
COMPARED = {Op.LT: "olt", Op.LE: "ole", Op.GT: "ogt", Op.GE: "oge", Op.EQ: "oeq", Op.NE: "une"}
TRUTHS = frozenset((*COMPARED, Op.AND, Op.OR, Op.NOT))
INTRINSIC = {Op.SQRT: "sqrt", Op.ABS: "fabs", Op.FLOOR: "floor", Op.TRUNC: "trunc"}
CALLED = {
    Op.EXP: "of_exp",
    Op.LN: "of_ln",
    Op.SIN: "of_sin",
    Op.COS: "of_cos",
    Op.TAN: "of_tan",
    Op.ARCSIN: "of_arcsin",
    Op.ARCCOS: "of_arccos",
    Op.ARCTAN: "of_arctan",
    Op.SINH: "of_sinh",
    Op.COSH: "of_cosh",
    Op.TANH: "of_tanh",
    Op.GAMMALN: "each_lgamma",
    Op.MOD: "of_mod",
    Op.POWERS: "of_powers",
    Op.LOG2: "of_log2",
    Op.RAISE: "of_raise",
}


class Body:
    """Writes one piece of a schedule as a function."""

    def __init__(self, schedule: Schedule, layout: Layout, piece: Piece, lanes: int) -> None:
        self._schedule = schedule
        self._layout = layout
        self._f = Function(HEAD.format(name=piece.name, attributes=ATTRIBUTES), lanes)
        self._values: dict[int, str] = {}
        self._truths: dict[int, str] = {}
        self._inverses: dict[int, str] = {}
        self._rows = {index: place for place, index in enumerate(schedule.rows)}
        first = layout.fixed * lanes
        self._fixed = {index: first + place for place, index in enumerate(schedule.fixed)}
        self._sound = self._f.real(0.0)
        self._moment = ""
        self.arrays: dict[str, str] = {}  # tables that are searched, as global constants
        due: dict[int, list[End]] = {}
        own = set(piece.order)
        for end in piece.ends:
            due.setdefault(end.node if end.node in own else -1, []).append(end)
        for index in piece.order:
            self._compute(index)
            for end in due.get(index, ()):
                self._finish(end)
        for end in due.get(-1, ()):
            self._finish(end)
        if piece.ends:
            # 0 stays 0, and what is not finite leaves its mark
            sound = self._f.load("%memory", SOUND)
            self._f.store(self._f.add(sound, self._sound), "%memory", SOUND)
        self._f.line("ret void")

    def text(self) -> str:
        """The function."""
        return self._f.text()

    def _value(self, index: int) -> str:
        found = self._values.get(index)
        if found is None:
            found = self._values[index] = self._fetch(index)
        return found

    def _fetch(self, index: int) -> str:
        """A value that this function does not compute."""
        f, node = self._f, self._schedule.program.nodes[index]
        if index in self._truths:
            return f.select(self._truths[index], f.real(1.0), f.real(0.0))
        if index in self._schedule.constants:
            return f.real(self._schedule.constants[index])
        if index in self._fixed:
            return f.spread("%memory", self._fixed[index])
        if index in self._rows:
            return f.spread("%row", self._rows[index])
        if node.op is Op.PARAMETER:
            return f.load("%memory", self._layout.parameters[position(node)])
        if node.op is Op.STATE:
            return f.load("%now", self._schedule.place[position(node)])
        return f.load("%memory", self._layout.kept[index])

    def _truth(self, index: int) -> str:
        found = self._truths.get(index)
        if found is None:
            f = self._f
            found = self._truths[index] = f.compare("une", self._value(index), f.real(0.0))
        return found

    def _compute(self, index: int) -> None:
        f, node = self._f, self._schedule.program.nodes[index]
        if node.op in TRUTHS:
            self._truths[index] = self._compared(node)
        elif node.op is Op.DIV and (inverse := self._reciprocal(node.args[1])):
            self._values[index] = f.mul(self._value(node.args[0]), f.real(inverse))
        elif self._schedule.divides_by_member(index):
            inverse = self._inverse(node.args[1])
            self._values[index] = f.mul(self._value(node.args[0]), inverse)
        else:
            self._values[index] = self._calculated(node)
        if index in self._layout.kept:
            f.store(self._value(index), "%memory", self._layout.kept[index])
        if index in self._layout.inverted:
            inverse = f.div(f.real(1.0), self._value(index))
            f.store(inverse, "%memory", self._layout.inverted[index])

    def _reciprocal(self, index: int) -> float:
        return reciprocal(self._schedule.constants.get(index, 0.0))

    def _inverse(self, index: int) -> str:
        f, node = self._f, self._schedule.program.nodes[index]
        if index not in self._inverses:
            self._inverses[index] = (
                f.div(f.real(1.0), self._value(index))
                if node.op is Op.PARAMETER
                else f.load("%memory", self._layout.inverted[index])
            )
        return self._inverses[index]

    def _compared(self, node: Node) -> str:
        f = self._f
        if node.op in COMPARED:
            a, b = (self._value(argument) for argument in node.args)
            return f.compare(COMPARED[node.op], a, b)
        truths = [self._truth(argument) for argument in node.args]
        if node.op is Op.NOT:
            return f.mask("xor", truths[0], "splat (i1 true)")
        return f.mask("and" if node.op is Op.AND else "or", *truths)

    def _calculated(self, node: Node) -> str:
        f = self._f
        if node.op is Op.SELECT:
            condition = self._truth(node.args[0])
            return f.select(condition, self._value(node.args[1]), self._value(node.args[2]))
        if node.op is Op.RANDOM:
            return self._drawn(position(node))
        if node.op is Op.POW:
            return self._raised(*node.args)
        arguments = [self._value(argument) for argument in node.args]
        if node.op in PLAIN:
            return f.give(f"{PLAIN[node.op]} {f.reals} {arguments[0]}, {arguments[1]}")
        if node.op in (Op.MIN, Op.MAX):
            # a number that is known to be one goes first, and spares asking
            fixed = self._schedule.constants
            known = [not math.isnan(fixed.get(argument, math.nan)) for argument in node.args]
            if known[1]:
                arguments.reverse()
            return extreme(f, node.op is Op.MIN, *arguments, known=any(known))
        if node.op in CALLED:
            return f.call(CALLED[node.op], *arguments)
        if node.op in INTRINSIC:
            return f.intrinsic(INTRINSIC[node.op], *arguments)
        if node.op is Op.NEG:
            return f.neg(arguments[0])
        if node.op is not Op.LOOKUP:
            raise NotImplementedError(node.op.name)
        table = self._schedule.program.tables[position(node)]
        return tables.read(f, table, position(node), arguments[0], self.arrays)

    def _raised(self, base: int, exponent: int) -> str:
        f, x = self._f, self._value(base)
        match self._schedule.constants.get(exponent):
            case 1.0:
                return x
            case 2.0:
                return f.mul(x, x)
            case -1.0:
                return f.div(f.real(1.0), x)
            case 0.5:
                return rooted(f, x)
            case _:
                return f.call("of_power", x, self._value(exponent))

    def _drawn(self, stream: int) -> str:
        f = self._f
        if not self._moment:
            words = f.give(f"load {f.wholes}, ptr {f.at('%memory', WORDS)}, align {f.aligned}")
            count = f.give("add i64 %step, 1")
            stride = f.give(f"mul i64 {count}, {signed(draws.GOLDEN)}")
            first = f.give(f"insertelement {f.wholes} poison, i64 {stride}, i32 0")
            strides = f.give(
                f"shufflevector {f.wholes} {first}, {f.wholes} poison, "
                f"<{f.lanes} x i32> zeroinitializer"
            )
            self._moment = mixed(f, f.word("add", words, strides))
        offset = f.whole(signed(int(draws.offset(stream))))
        drawn = mixed(f, f.word("add", self._moment, offset))
        bits = f.word("or", f.word("lshr", drawn, f.whole(12)), f.whole(0x3FF << 52))
        return f.sub(f.as_reals(bits), f.real(1.0))

    def _finish(self, end: End) -> None:
        f = self._f
        value = self._value(end.node)
        if end.use is Use.SLOPE:
            f.store(value, "%memory", self._layout.slopes[0] + end.place)
            return
        if end.use is Use.OUTCOME:
            f.store(value, "%memory", self._layout.outcomes + end.place)
            if self._schedule.groups[end.node] is Group.CONSTANT:
                return  # what the text leaves undefined leaves nothing
        elif end.use is Use.INITIAL:
            self._begin(end.place, value)
        else:
            value = self._go_on(end.place, value)
            f.store(value, "%next", end.place)
        self._sound = f.fma(value, f.real(0.0), self._sound)

    def _begin(self, place: int, value: str) -> None:
        state = self._schedule.states[place]
        self._f.store(value, "%next", place)
        line = self._layout.lines.get(state)
        if line is not None:
            first = self._f.at("%memory", line)
            length = self._schedule.program.states[state].length
            with self._f.loop(str(length)) as slot:
                self._f.store(value, first, slot)

    def _go_on(self, place: int, value: str) -> str:
        """The state's next value."""
        f, state = self._f, self._schedule.states[place]
        described = self._schedule.program.states[state]
        if described.rule is Rule.LEVEL:
            gain = f.mul(value, f.real(self._schedule.grid.width))
            return f.add(f.load("%now", place), gain)
        if described.rule is Rule.HELD:
            return value
        first = f.at("%memory", self._layout.lines[state])
        slot = f.give(f"urem i64 %step, {described.length}")
        f.store(value, first, slot)
        later = f.give("add i64 %step, 1")
        return f.load(first, f.give(f"urem i64 {later}, {described.length}"))


def reciprocal(value: float) -> float:
    """Of a constant; 0 where it is none, or where the reciprocal would lose digits."""
    inverse = 1.0 / value if abs(value) >= LEAST_NORMAL else 0.0
    return inverse if abs(inverse) >= LEAST_NORMAL else 0.0


def rooted(f: Function, x: str) -> str:
    """`x^½` by the rules of C."""
    root = f.intrinsic("sqrt", f.add(x, f.real(0.0)))
    endless = f.compare("oeq", x, f.real(-INFINITY))
    return f.select(endless, f.real(INFINITY), root)


def extreme(f: Function, least: bool, a: str, b: str, *, known: bool = False) -> str:
    """The lesser or greater; what is not a number wins. `known`: `a` is a number."""
    chosen = f.select(f.compare("olt" if least else "ogt", a, b), a, b)
    return chosen if known else f.select(f.compare("uno", a, a), a, chosen)


def signed(word: int) -> int:
    """A 64-bit word as LLVM writes it."""
    return word - 2**64 if word >= 2**63 else word
