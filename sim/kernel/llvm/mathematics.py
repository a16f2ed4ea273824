"""Elementary functions on vectors, for LLVM: the list of them, and MOD.

Their errors stay within a few units in the last place (measured: README.md). What is rare
and delicate (huge angles, large quotients in MOD, the logarithm of gamma) goes to the C
library lane by lane.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from sim.kernel import draws
from sim.kernel.llvm import angles, powers
from sim.kernel.llvm.powers import LARGEST
from sim.kernel.llvm.text import ATTRIBUTES, DECLARATIONS, Function

CALLED = re.compile(r"call [^@\n]*@([\w.]+)\(")


def modulo(f: Function, x: str, y: str) -> str:
    """The remainder with the sign of the divisor, as `numpy.mod`; exact."""
    times = f.intrinsic("trunc", f.div(x, y))
    rest = f.fma(f.neg(times), y, x)
    # the quotient may have been rounded up to the next whole number: one too many
    step = f.intrinsic("copysign", y, x)
    over = f.mask(
        "and",
        f.compare("one", rest, f.real(0.0)),
        differ(f, rest, x),
    )
    rest = f.select(over, f.add(rest, step), rest)
    plain = f.mask(
        "and",
        f.compare("olt", f.intrinsic("fabs", times), f.real(2.0**52)),
        f.compare("ole", f.intrinsic("fabs", y), f.real(LARGEST)),
    )
    odd = f.mask("xor", plain, "splat (i1 true)")
    rest = f.mend(odd, rest, lambda: f.call("each_fmod", x, y))
    wrong_sign = f.mask("and", f.compare("one", rest, f.real(0.0)), differ(f, rest, y))
    moved = f.select(wrong_sign, f.add(rest, y), rest)
    return f.select(f.compare("oeq", rest, f.real(0.0)), f.intrinsic("copysign", rest, y), moved)


def differ(f: Function, a: str, b: str) -> str:
    """Whether two numbers have different signs."""
    both = f.word("xor", f.as_words(a), f.as_words(b))
    return f.give(f"icmp slt {f.wholes} {both}, zeroinitializer")


def mixed(f: Function, word: str) -> str:
    """`draws.mix` on words."""
    for shift, factor in draws.MIXING:
        moved = f.word("lshr", word, f.whole(shift))
        word = f.word("mul", f.word("xor", word, moved), f.whole(factor))
    return f.word("xor", word, f.word("lshr", word, f.whole(draws.LAST_SHIFT)))


FUNCTIONS: dict[str, tuple[int, Callable[..., str]]] = {
    "exp": (1, powers.exponential),
    "half_exp": (1, lambda f, x: powers.exponential(f, x, halvings=1)),
    "ln": (1, powers.logarithm),
    "power_odd": (2, powers.power_odd),
    "power": (2, powers.power),
    "powers": (4, powers.product),
    "log2": (1, powers.binary_logarithm),
    "raise": (3, powers.raised_by),
    "sin": (1, angles.sine),
    "cos": (1, lambda f, x: angles.sine(f, x, quarter=1)),
    "tan": (1, angles.tangent),
    "arctan": (1, angles.arctangent),
    "arcsin": (1, angles.arcsine),
    "arccos": (1, angles.arccosine),
    "sinh": (1, angles.hyperbolic_sine),
    "cosh": (1, angles.hyperbolic_cosine),
    "tanh": (1, angles.hyperbolic_tangent),
    "mod": (2, modulo),
}
LIBRARY = {"sin": 1, "cos": 1, "tan": 1, "fmod": 2, "lgamma": 1}  # of the C library


def lane_by_lane(name: str, count: int, lanes: int) -> str:
    """A function of the C library, called for one lane after the other."""
    reals = f"<{lanes} x double>"
    arguments = ", ".join(f"{reals} %x{i}" for i in range(count))
    f = Function(f"define internal {reals} @each_{name}({arguments}) noinline {ATTRIBUTES}", lanes)
    value = "poison"
    for lane in range(lanes):
        numbers = [f.give(f"extractelement {reals} %x{i}, i32 {lane}") for i in range(count)]
        typed = ", ".join(f"double {one}" for one in numbers)
        result = f.give(f"call double @{name}({typed})")
        value = f.give(f"insertelement {reals} {value}, double {result}, i32 {lane}")
    f.line(f"ret {reals} {value}")
    return f.text()


def ours(name: str, lanes: int) -> str:
    """One of `FUNCTIONS`; marked, since the C library has functions of the same names."""
    count, write = FUNCTIONS[name]
    reals = f"<{lanes} x double>"
    arguments = ", ".join(f"{reals} %x{i}" for i in range(count))
    head = f"define internal {reals} @of_{name}({arguments}) noinline {ATTRIBUTES}"
    f = Function(head, lanes)
    result = write(f, *(f"%x{i}" for i in range(count)))
    f.line(f"ret {reals} {result}")
    return f.text()


def library(lanes: int, body: str) -> str:
    """The functions that `body` calls, and those that they call, as text."""
    types = {"v": f"<{lanes} x double>", "s": f"v{lanes}f64"}
    writers: dict[str, Callable[[], str]] = {}
    for name, line in DECLARATIONS.items():
        writers[f"llvm.{name}.{types['s']}"] = partial(line.format, **types)
    for name, count in LIBRARY.items():
        declaration = f"declare double @{name}({', '.join(['double'] * count)})"
        writers[name] = partial(str, declaration)
        writers[f"each_{name}"] = partial(lane_by_lane, name, count, lanes)
    for name in FUNCTIONS:
        writers[f"of_{name}"] = partial(ours, name, lanes)
    used: dict[str, str] = {}
    waiting = [body]
    while waiting:
        for name in CALLED.findall(waiting.pop()):
            if name in writers and name not in used:
                used[name] = writers[name]()
                waiting.append(used[name])
    return "\n\n".join([*used.values(), '!0 = !{!"branch_weights", i32 1, i32 1000}'])
