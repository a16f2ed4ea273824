"""Trigonometric and hyperbolic functions on vectors, and their inverses."""

from __future__ import annotations

import math
from fractions import Fraction

from sim.kernel.llvm.powers import LN_2, LN_2_HIGH, LN_2_LOW, ONE_BITS, ROUNDING, growth
from sim.kernel.llvm.text import Function

PI = Fraction("3.14159265358979323846264338327950288419716939937510582")


def split(value: Fraction, parts: int) -> list[float]:
    """Floats whose sum is `value`, each to 53 bits."""
    found: list[float] = []
    for _ in range(parts):
        found.append(float(value))
        value -= Fraction(found[-1])
    return found


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
    """`g / (g + 2)` with `g = e^2|x| - 1`; beyond 22 it is 1 to the last digit."""
    size = f.intrinsic("fabs", x)
    held = f.select(f.compare("ogt", size, f.real(22.0)), f.real(22.0), size)
    twice = f.add(held, held)
    shifted = f.fma(twice, f.real(1 / LN_2), f.real(ROUNDING))
    minus = f.neg(f.sub(shifted, f.real(ROUNDING)))
    r = f.fma(minus, f.real(LN_2_LOW), f.fma(minus, f.real(LN_2_HIGH), twice))
    bits = f.word("shl", f.as_words(shifted), f.whole(52))
    scale = f.as_reals(f.word("add", bits, f.whole(ONE_BITS)))
    g = f.fma(scale, growth(f, r), f.sub(scale, f.real(1.0)))
    return f.intrinsic("copysign", f.div(g, f.add(g, f.real(2.0))), x)
