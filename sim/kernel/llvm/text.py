"""Writing LLVM's text: one function at a time, on vectors with one lane per member."""

from __future__ import annotations

import struct
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from fractions import Fraction

DECLARATIONS = {
    "fma": "declare {v} @llvm.fma.{s}({v}, {v}, {v})",
    "fabs": "declare {v} @llvm.fabs.{s}({v})",
    "floor": "declare {v} @llvm.floor.{s}({v})",
    "trunc": "declare {v} @llvm.trunc.{s}({v})",
    "sqrt": "declare {v} @llvm.sqrt.{s}({v})",
    "copysign": "declare {v} @llvm.copysign.{s}({v}, {v})",
}
ATTRIBUTES = 'nounwind "prefer-vector-width"="512" "min-legal-vector-width"="512"'


def number(value: float) -> str:
    """A float64 as LLVM reads it without loss."""
    return f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"


class Function:
    """The text of one function under construction; methods give the names of results.

    Operands are names (`%7`) or literals made by `real` and `whole`.

    Args:
        head: `define` up to the opening brace.
        lanes: members side by side.
    """

    def __init__(self, head: str, lanes: int) -> None:
        self.lanes = lanes
        self.aligned = 8 * min(lanes, 8)
        self.reals = f"<{lanes} x double>"
        self.wholes = f"<{lanes} x i64>"
        self.masks = f"<{lanes} x i1>"
        self._lines = [f"{head} {{", "entry:"]
        self._count = 0
        self.block = "entry"

    def text(self) -> str:
        """The finished function."""
        return "\n".join([*self._lines, "}"])

    def line(self, text: str) -> None:
        """An instruction without a result."""
        self._lines.append("  " + text)

    def name(self) -> str:
        """A fresh name."""
        self._count += 1
        return f"%v{self._count}"

    def give(self, text: str) -> str:
        """An instruction with a result."""
        name = self.name()
        self._lines.append(f"  {name} = {text}")
        return name

    # literals

    def real(self, value: float | Fraction) -> str:
        """The same number in every lane."""
        return f"splat (double {number(float(value))})"

    def whole(self, value: int) -> str:
        """The same 64-bit word in every lane."""
        return f"splat (i64 {value})"

    # arithmetic on float64

    def add(self, a: str, b: str) -> str:
        """Sum."""
        return self.give(f"fadd {self.reals} {a}, {b}")

    def sub(self, a: str, b: str) -> str:
        """Difference."""
        return self.give(f"fsub {self.reals} {a}, {b}")

    def mul(self, a: str, b: str) -> str:
        """Product."""
        return self.give(f"fmul {self.reals} {a}, {b}")

    def div(self, a: str, b: str) -> str:
        """Quotient."""
        return self.give(f"fdiv {self.reals} {a}, {b}")

    def neg(self, a: str) -> str:
        """The other sign."""
        return self.give(f"fneg {self.reals} {a}")

    def intrinsic(self, name: str, *arguments: str) -> str:
        """One of `DECLARATIONS`."""
        typed = ", ".join(f"{self.reals} {argument}" for argument in arguments)
        return self.give(f"call {self.reals} @llvm.{name}.v{self.lanes}f64({typed})")

    def fma(self, a: str, b: str, c: str) -> str:
        """`a b + c`, rounded once."""
        return self.intrinsic("fma", a, b, c)

    def call(self, name: str, *arguments: str) -> str:
        """A function of ours on float64."""
        typed = ", ".join(f"{self.reals} {argument}" for argument in arguments)
        return self.give(f"call {self.reals} @{name}({typed})")

    def power_series(self, x: str, coefficients: Sequence[float | Fraction]) -> str:
        """`c0 + c1 x + c2 x² + …`, in pairs (Estrin), so that little waits for little."""
        terms = [self.real(coefficient) for coefficient in coefficients]
        power = x
        while len(terms) > 1:
            pairs = [self.fma(terms[i + 1], power, terms[i]) for i in range(0, len(terms) - 1, 2)]
            terms = pairs + terms[len(pairs) * 2 :]
            if len(terms) > 1:
                power = self.mul(power, power)
        return terms[0]

    # words

    def word(self, operation: str, a: str, b: str) -> str:
        """An operation on 64-bit words."""
        return self.give(f"{operation} {self.wholes} {a}, {b}")

    def as_words(self, a: str) -> str:
        """The bits of float64."""
        return self.give(f"bitcast {self.reals} {a} to {self.wholes}")

    def as_reals(self, a: str) -> str:
        """Words read as float64."""
        return self.give(f"bitcast {self.wholes} {a} to {self.reals}")

    # truths

    def compare(self, predicate: str, a: str, b: str) -> str:
        """A mask."""
        return self.give(f"fcmp {predicate} {self.reals} {a}, {b}")

    def mask(self, operation: str, a: str, b: str) -> str:
        """An operation on masks."""
        return self.give(f"{operation} {self.masks} {a}, {b}")

    def select(self, mask: str, yes: str, no: str) -> str:
        """`yes` where the mask holds."""
        return self.give(f"select {self.masks} {mask}, {self.reals} {yes}, {self.reals} {no}")

    def choose(self, mask: str, yes: str, no: str) -> str:
        """`yes` where the mask holds, on words."""
        return self.give(f"select {self.masks} {mask}, {self.wholes} {yes}, {self.wholes} {no}")

    # memory

    def at(self, base: str, index: int | str) -> str:
        """The address of the vector at `index` from `base`."""
        return self.give(f"getelementptr {self.reals}, ptr {base}, i64 {index}")

    def load(self, base: str, index: int | str) -> str:
        """The vector at `index` from `base`."""
        return self.give(f"load {self.reals}, ptr {self.at(base, index)}, align {self.aligned}")

    def store(self, value: str, base: str, index: int | str) -> None:
        """Write the vector at `index` from `base`."""
        self.line(f"store {self.reals} {value}, ptr {self.at(base, index)}, align {self.aligned}")

    def spread(self, base: str, index: int | str) -> str:
        """The number at `index` from `base`, in every lane."""
        place = self.give(f"getelementptr double, ptr {base}, i64 {index}")
        value = self.give(f"load double, ptr {place}, align 8")
        first = self.give(f"insertelement {self.reals} poison, double {value}, i32 0")
        return self.give(
            f"shufflevector {self.reals} {first}, {self.reals} poison, "
            f"<{self.lanes} x i32> zeroinitializer"
        )

    # control

    def label(self, name: str) -> None:
        """Begin a block."""
        self._lines.append(f"{name}:")
        self.block = name

    @contextmanager
    def loop(self, count: str) -> Generator[str]:
        """Repeat what is written inside, with a counter from 0 up to `count`."""
        self._count += 1
        mark, before = self._count, self.block
        self.line(f"br label %head{mark}")
        self.label(f"head{mark}")
        self.line(f"%i{mark} = phi i64 [ 0, %{before} ], [ %n{mark}, %latch{mark} ]")
        self.line(f"%c{mark} = icmp slt i64 %i{mark}, {count}")
        self.line(f"br i1 %c{mark}, label %body{mark}, label %past{mark}")
        self.label(f"body{mark}")
        yield f"%i{mark}"
        self.line(f"br label %latch{mark}")
        self.label(f"latch{mark}")
        self.line(f"%n{mark} = add i64 %i{mark}, 1")
        self.line(f"br label %head{mark}")
        self.label(f"past{mark}")

    @contextmanager
    def when(self, condition: str) -> Generator[None]:
        """Do what is written inside where the condition (one bit) holds."""
        self._count += 1
        mark = self._count
        self.line(f"br i1 {condition}, label %then{mark}, label %after{mark}")
        self.label(f"then{mark}")
        yield
        self.line(f"br label %after{mark}")
        self.label(f"after{mark}")

    def mend(self, mask: str, value: str, mended: Callable[[], str]) -> str:
        """`value`, but where `mask` holds in any lane, those lanes from `mended()`.

        The other lanes keep their bits: no member can tell whether its neighbours were odd.
        """
        bits = self.give(f"bitcast {self.masks} {mask} to i{self.lanes}")
        any_ = self.give(f"icmp ne i{self.lanes} {bits}, 0")
        mark, before = self._count, self.block
        self.line(f"br i1 {any_}, label %odd{mark}, label %on{mark}, !prof !0")
        self.label(f"odd{mark}")
        other = self.select(mask, mended(), value)
        after = self.block
        self.line(f"br label %on{mark}")
        self.label(f"on{mark}")
        return self.give(f"phi {self.reals} [ {value}, %{before} ], [ {other}, %{after} ]")
