"""Elementary functions on vectors, for LLVM.

Written from power series with exact coefficients, so that every constant has a reason;
errors stay within a few units in the last place (measured: README.md). Lanes with unusual
arguments are mended one by one and leave their neighbours' bits alone. What is rare and
delicate (huge angles, large quotients in MOD, the logarithm of gamma) goes to the C library
lane by lane.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction

from sim.kernel.llvm.text import ATTRIBUTES, DECLARATIONS, Function

CALLED = re.compile(r"call [^@\n]*@([\w.]+)\(")

# π and ln 2 to 50 digits; split into parts of 53 bits and fewer below
PI = Fraction("3.14159265358979323846264338327950288419716939937510582")
LN_2 = Fraction("0.693147180559945309417232121458176568075500134360255254")
LN_2_HIGH = math.ldexp(float(math.floor(LN_2 * 2**41)), -41)  # times any exponent: exact
LN_2_LOW = float(LN_2 - Fraction(LN_2_HIGH))
ROUNDING = 1.5 * 2.0**52  # adding it rounds to a whole number, kept in the low bits
LEAST_NORMAL = 2.0**-1022
LARGEST = 1.7976931348623157e308
ROOT_HALF_BITS = 0x3FE6A09E667F3BCD
ONE_BITS = 0x3FF0000000000000
MANTISSA = 0x000FFFFFFFFFFFFF
INFINITY, NAN = math.inf, math.nan


def split(value: Fraction, parts: int) -> list[float]:
    """Floats whose sum is `value`, each to 53 bits."""
    found: list[float] = []
    for _ in range(parts):
        found.append(float(value))
        value -= Fraction(found[-1])
    return found


def exponential(f: Function, high: str, low: str | None = None, halvings: int = 0) -> str:
    """`e^(high + low) / 2^halvings`: k ln 2 taken off, then the series up to r^13/13!."""
    shifted = f.fma(high, f.real(1 / LN_2), f.real(ROUNDING))
    k = f.sub(shifted, f.real(ROUNDING))
    minus = f.neg(k)
    r = f.fma(minus, f.real(LN_2_HIGH), high)
    if low is None:
        r = f.fma(minus, f.real(LN_2_LOW), r)
    else:
        r = f.add(r, f.fma(minus, f.real(LN_2_LOW), low))
    series = [Fraction(1, math.factorial(n)) for n in range(2, 14)]
    tail = f.fma(f.mul(r, r), f.power_series(r, series), r)
    value = f.add(tail, f.real(1.0))
    bits = f.word("shl", f.as_words(shifted), f.whole(52))
    if halvings:
        bits = f.word("sub", bits, f.whole(halvings << 52))
    scaled = f.as_reals(f.word("add", f.as_words(value), bits))
    far = f.compare("ugt", f.intrinsic("fabs", high), f.real(708.0 - halvings))

    def carefully() -> str:
        # two factors, since 2^k itself may leave the range that the result is in
        below = f.select(f.compare("olt", high, f.real(-746.0)), f.real(-746.0), high)
        inside = f.select(f.compare("ogt", below, f.real(711.0)), f.real(711.0), below)
        again = f.fma(inside, f.real(1 / LN_2), f.real(ROUNDING))
        count = f.neg(f.sub(again, f.real(ROUNDING)))
        rest = f.fma(count, f.real(LN_2_HIGH), inside)
        small = f.fma(count, f.real(LN_2_LOW), f.real(0.0))
        if low is not None:
            held = f.compare("one", inside, high)
            small = f.add(small, f.select(held, f.real(0.0), low))
        rest = f.add(rest, small)
        tail = f.fma(f.mul(rest, rest), f.power_series(rest, series), rest)
        whole = f.word("sub", f.as_words(again), f.whole(0x4338000000000000 + halvings))
        half = f.word("ashr", whole, f.whole(1))
        value = f.add(tail, f.real(1.0))
        for part in (half, f.word("sub", whole, half)):
            biased = f.word("add", part, f.whole(1023))
            value = f.mul(value, f.as_reals(f.word("shl", biased, f.whole(52))))
        return value

    return f.mend(far, scaled, carefully)


def exponent(f: Function, x: str, fewer: str | None = None) -> tuple[str, str]:
    """`x = 2^e m` with m from √½ to √2; `fewer` is taken off e. For x normal and above 0."""
    moved = f.word("add", f.as_words(x), f.whole(ONE_BITS - ROOT_HALF_BITS))
    raw = f.word("lshr", moved, f.whole(52))
    # the bits of 2^52 + n are n: no conversion is needed
    e = f.as_reals(f.word("or", raw, f.whole(0x4330000000000000)))
    e = f.sub(e, f.real(2.0**52 + 1023))
    if fewer is not None:
        e = f.sub(e, fewer)
    mantissa = f.word("and", moved, f.whole(MANTISSA))
    return e, f.as_reals(f.word("add", mantissa, f.whole(ROOT_HALF_BITS)))


def logarithm(f: Function, x: str) -> str:
    """`ln x`: with s = (m-1)/(m+1), ln m = 2s + 2s³/3 + … up to s^23."""

    def plain(x: str, fewer: str | None = None) -> str:
        e, m = exponent(f, x, fewer)
        t = f.sub(m, f.real(1.0))
        s = f.div(t, f.add(m, f.real(1.0)))
        z = f.mul(s, s)
        series = [Fraction(2, 2 * n + 1) for n in range(1, 12)]
        rest = f.mul(z, f.power_series(z, series))
        half = f.mul(f.mul(t, t), f.real(0.5))
        # ln m = t - (t²/2 - s (t²/2 + rest)): the large part t is exact
        small = f.fma(s, f.add(half, rest), f.mul(e, f.real(LN_2_LOW)))
        return f.fma(e, f.real(LN_2_HIGH), f.sub(t, f.sub(half, small)))

    value = plain(x)
    odd = f.mask(
        "or",
        f.compare("ult", x, f.real(LEAST_NORMAL)),
        f.compare("ugt", x, f.real(LARGEST)),
    )

    def carefully() -> str:
        denormal = plain(f.mul(x, f.real(2.0**54)), f.real(54.0))
        value = f.select(f.compare("oeq", x, f.real(0.0)), f.real(-INFINITY), denormal)
        value = f.select(f.compare("olt", x, f.real(0.0)), f.real(NAN), value)
        return f.select(f.compare("ugt", x, f.real(LARGEST)), x, value)

    return f.mend(odd, value, carefully)


def power(f: Function, x: str, y: str) -> str:
    """`x^y` by the rules of C: the logarithm in two parts, so that large results keep digits."""
    size = f.intrinsic("fabs", x)
    tiny = f.compare("olt", size, f.real(LEAST_NORMAL))
    normal = f.select(tiny, f.mul(size, f.real(2.0**54)), size)
    e, m = exponent(f, normal, f.select(tiny, f.real(54.0), f.real(0.0)))
    t = f.sub(m, f.real(1.0))
    d = f.add(m, f.real(1.0))
    d_low = f.sub(m, f.sub(d, f.real(1.0)))
    inverse = f.div(f.real(1.0), d)
    s = f.mul(t, inverse)
    left = f.fma(f.neg(s), d, t)
    s_low = f.mul(f.fma(f.neg(s), d_low, left), inverse)
    z = f.mul(s, s)
    series = [Fraction(2, 2 * n + 1) for n in range(1, 12)]
    rest = f.mul(f.mul(s, z), f.power_series(z, series))
    double = f.add(s, s)
    large = f.mul(e, f.real(LN_2_HIGH))
    high = f.add(large, double)
    low = f.sub(double, f.sub(high, large))
    low = f.add(low, f.fma(e, f.real(LN_2_LOW), f.fma(f.real(2.0), s_low, rest)))
    log = f.add(high, low)
    log_low = f.sub(low, f.sub(log, high))
    product = f.mul(y, log)
    product_low = f.fma(y, log_low, f.fma(y, log, f.neg(product)))
    value = exponential(f, product, product_low)
    # unusual: x not above zero, x or y without end, no number, or a product out of range
    usual = f.mask(
        "and",
        f.mask(
            "and",
            f.compare("ogt", x, f.real(0.0)),
            f.compare("ole", x, f.real(LARGEST)),
        ),
        f.compare("ole", f.intrinsic("fabs", y), f.real(LARGEST)),
    )
    odd = f.mask("xor", usual, "splat (i1 true)")

    def carefully() -> str:
        return f.call("of_power_odd", x, y, value)

    return f.mend(odd, value, carefully)


def power_odd(f: Function, x: str, y: str, usual: str) -> str:
    """`x^y` for unusual lanes; `usual` is |x|^y where both are finite and x is not zero."""
    zero, one = f.real(0.0), f.real(1.0)
    size = f.intrinsic("fabs", x)
    whole = f.compare("oeq", f.intrinsic("trunc", y), y)
    halves = f.mul(y, f.real(0.5))
    odd = f.mask("and", whole, f.compare("one", f.intrinsic("trunc", halves), halves))
    rising = f.compare("ogt", y, zero)
    # |x| of 0 or without end
    value = f.select(f.compare("oeq", size, zero), f.select(rising, zero, f.real(INFINITY)), usual)
    value = f.select(
        f.compare("oeq", size, f.real(INFINITY)), f.select(rising, f.real(INFINITY), zero), value
    )
    # y without end
    grows = f.mask("xor", f.compare("ogt", size, one), f.compare("olt", y, zero))
    endless = f.compare("oeq", f.intrinsic("fabs", y), f.real(INFINITY))
    limit = f.select(grows, f.real(INFINITY), zero)
    limit = f.select(f.compare("oeq", size, one), one, limit)
    value = f.select(endless, limit, value)
    # the sign, and no number where there is none
    negative = f.give(f"icmp slt {f.wholes} {f.as_words(x)}, zeroinitializer")
    value = f.select(f.mask("and", negative, odd), f.neg(value), value)
    below = f.mask("and", f.compare("olt", x, zero), f.compare("ogt", x, f.real(-INFINITY)))
    broken = f.mask("and", below, f.mask("xor", whole, "splat (i1 true)"))
    value = f.select(broken, f.real(NAN), value)
    value = f.select(f.compare("uno", x, y), f.add(x, y), value)
    value = f.select(f.compare("oeq", x, one), one, value)
    return f.select(f.compare("oeq", y, zero), one, value)


def turn(f: Function, x: str) -> tuple[str, str]:
    """The angle from the nearest multiple of π/2, and the bits of that multiple."""
    shifted = f.fma(x, f.real(2 / PI), f.real(ROUNDING))
    minus = f.neg(f.sub(shifted, f.real(ROUNDING)))
    r = x
    for part in split(PI / 2, 3):
        r = f.fma(minus, f.real(part), r)
    return r, f.as_words(shifted)


def sine_series(f: Function, r: str) -> str:
    """`sin r` for |r| ≤ π/4, up to r^17/17!."""
    z = f.mul(r, r)
    series = [Fraction((-1) ** n, math.factorial(2 * n + 1)) for n in range(1, 9)]
    return f.fma(f.mul(r, z), f.power_series(z, series), r)


def cosine_series(f: Function, r: str) -> str:
    """`cos r` for |r| ≤ π/4, up to r^18/18!."""
    z = f.mul(r, r)
    series = [Fraction((-1) ** n, math.factorial(2 * n)) for n in range(2, 10)]
    half = f.mul(z, f.real(0.5))
    rough = f.sub(f.real(1.0), half)
    lost = f.sub(f.sub(f.real(1.0), rough), half)
    return f.add(rough, f.fma(f.mul(z, z), f.power_series(z, series), lost))


def bit(f: Function, words: str, place: int) -> str:
    """Whether a bit of the words is set."""
    kept = f.word("and", words, f.whole(1 << place))
    return f.give(f"icmp ne {f.wholes} {kept}, zeroinitializer")


def huge(f: Function, x: str, value: str, name: str) -> str:
    """`value`, but from the C library where the angle is too large for three parts of π/2."""
    far = f.compare("ugt", f.intrinsic("fabs", x), f.real(1e5))
    return f.mend(far, value, lambda: f.call(f"each_{name}", x))


def sine(f: Function, x: str, quarter: int = 0) -> str:
    """`sin(x + quarter π/2)`."""
    r, turns = turn(f, x)
    if quarter:
        turns = f.word("add", turns, f.whole(quarter))
    value = f.select(bit(f, turns, 0), cosine_series(f, r), sine_series(f, r))
    value = f.select(bit(f, turns, 1), f.neg(value), value)
    return huge(f, x, value, "cos" if quarter else "sin")


def tangent(f: Function, x: str) -> str:
    """`sin x / cos x`, from the same turn."""
    r, turns = turn(f, x)
    sin, cos = sine_series(f, r), cosine_series(f, r)
    odd = bit(f, turns, 0)
    value = f.div(f.select(odd, f.neg(cos), sin), f.select(odd, sin, cos))
    return huge(f, x, value, "tan")


def arctangent(f: Function, x: str) -> str:
    """Folded to |t| ≤ tan(π/12) by 1/t and by turning π/6, then the series up to t^29."""
    size = f.intrinsic("fabs", x)
    steep = f.compare("ogt", size, f.real(1.0))
    t = f.select(steep, f.div(f.real(1.0), size), size)
    turned = f.compare("ogt", t, f.real(2 - math.sqrt(3)))
    root = f.real(math.sqrt(3))
    folded = f.div(f.sub(f.mul(t, root), f.real(1.0)), f.add(t, root))
    t = f.select(turned, folded, t)
    z = f.mul(t, t)
    series = [Fraction((-1) ** n, 2 * n + 1) for n in range(1, 15)]
    angle = f.fma(f.mul(t, z), f.power_series(z, series), t)
    sixth, sixth_low = split(PI / 6, 2)
    half, half_low = split(PI / 2, 2)
    turned_angle = f.add(f.real(sixth), f.add(angle, f.real(sixth_low)))
    angle = f.select(turned, turned_angle, angle)
    rest = f.sub(f.real(half), f.sub(angle, f.real(half_low)))
    return f.intrinsic("copysign", f.select(steep, rest, angle), x)


def arcsine(f: Function, x: str) -> str:
    """`arctan(x / √((1-x)(1+x)))`."""
    one = f.real(1.0)
    cos = f.intrinsic("sqrt", f.mul(f.sub(one, x), f.add(one, x)))
    return f.call("of_arctan", f.div(x, cos))


def arccosine(f: Function, x: str) -> str:
    """`2 arctan √((1-x)/(1+x))`."""
    one = f.real(1.0)
    ratio = f.div(f.sub(one, x), f.add(one, x))
    return f.mul(f.real(2.0), f.call("of_arctan", f.intrinsic("sqrt", ratio)))


def halves(f: Function, size: str) -> tuple[str, str]:
    """`e^|x| / 2` and `e^-|x| / 2`."""
    grown = f.call("of_half_exp", size)
    return grown, f.div(f.real(0.25), grown)


def hyperbolic_sine_series(f: Function, x: str) -> str:
    """`sinh x` for |x| ≤ 1, up to x^19/19!."""
    z = f.mul(x, x)
    series = [Fraction(1, math.factorial(2 * n + 1)) for n in range(1, 10)]
    return f.fma(f.mul(x, z), f.power_series(z, series), x)


def hyperbolic_sine(f: Function, x: str) -> str:
    """By its series up to 1, then by exponentials."""
    size = f.intrinsic("fabs", x)
    grown, shrunk = halves(f, size)
    outer = f.intrinsic("copysign", f.sub(grown, shrunk), x)
    inner = hyperbolic_sine_series(f, x)
    return f.select(f.compare("ole", size, f.real(1.0)), inner, outer)


def hyperbolic_cosine(f: Function, x: str) -> str:
    """By exponentials."""
    return f.add(*halves(f, f.intrinsic("fabs", x)))


def hyperbolic_tangent(f: Function, x: str) -> str:
    """`sinh x / cosh x`; beyond 22 it is 1 to the last digit."""
    size = f.intrinsic("fabs", x)
    held = f.select(f.compare("ogt", size, f.real(22.0)), f.real(22.0), size)
    grown, shrunk = halves(f, held)
    outer = f.sub(grown, shrunk)
    inner = hyperbolic_sine_series(f, held)
    sinh = f.select(f.compare("ole", size, f.real(1.0)), inner, outer)
    return f.intrinsic("copysign", f.div(sinh, f.add(grown, shrunk)), x)


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
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        moved = f.word("lshr", word, f.whole(shift))
        word = f.word("mul", f.word("xor", word, moved), f.whole(factor))
    return f.word("xor", word, f.word("lshr", word, f.whole(31)))


FUNCTIONS: dict[str, tuple[int, Callable[..., str]]] = {
    "exp": (1, exponential),
    "half_exp": (1, lambda f, x: exponential(f, x, halvings=1)),
    "ln": (1, logarithm),
    "power_odd": (3, power_odd),
    "power": (2, power),
    "sin": (1, sine),
    "cos": (1, lambda f, x: sine(f, x, quarter=1)),
    "tan": (1, tangent),
    "arctan": (1, arctangent),
    "arcsin": (1, arcsine),
    "arccos": (1, arccosine),
    "sinh": (1, hyperbolic_sine),
    "cosh": (1, hyperbolic_cosine),
    "tanh": (1, hyperbolic_tangent),
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


def library(lanes: int, body: str) -> str:
    """The functions that `body` calls, and those that they call, as text."""
    types = {"v": f"<{lanes} x double>", "s": f"v{lanes}f64"}
    texts = {f"llvm.{name}.{types['s']}": line.format(**types)
             for name, line in DECLARATIONS.items()}  # fmt: skip
    for name, count in LIBRARY.items():
        texts[name] = f"declare double @{name}({', '.join(['double'] * count)})"
        texts[f"each_{name}"] = lane_by_lane(name, count, lanes)
    for name, (count, write) in FUNCTIONS.items():
        reals = types["v"]
        arguments = ", ".join(f"{reals} %x{i}" for i in range(count))
        # the C library has functions of the same names: ours are marked
        head = f"define internal {reals} @of_{name}({arguments}) noinline {ATTRIBUTES}"
        f = Function(head, lanes)
        result = write(f, *(f"%x{i}" for i in range(count)))
        f.line(f"ret {reals} {result}")
        texts[f"of_{name}"] = f.text()
    used: dict[str, str] = {}
    waiting = [body]
    while waiting:
        for name in CALLED.findall(waiting.pop()):
            if name in texts and name not in used:
                used[name] = texts[name]
                waiting.append(texts[name])
    return "\n\n".join([*used.values(), '!0 = !{!"branch_weights", i32 1, i32 1000}'])
