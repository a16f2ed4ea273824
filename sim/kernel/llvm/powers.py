"""Exponentials, logarithms and powers on vectors.

Written from power series with exact coefficients, so that every constant has a reason.
Lanes with unusual arguments are mended one by one and leave their neighbours' bits alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from sim.kernel.llvm.text import Function

# ln 2 to 50 digits, and split so that the high part times any exponent is exact
LN_2 = Fraction("0.693147180559945309417232121458176568075500134360255254")
LN_2_HIGH = math.ldexp(float(math.floor(LN_2 * 2**41)), -41)
LN_2_LOW = float(LN_2 - Fraction(LN_2_HIGH))
ROUNDING = 1.5 * 2.0**52  # adding it rounds to a whole number, kept in the low bits
LEAST_NORMAL = 2.0**-1022
LARGEST = 1.7976931348623157e308
LEAST_NORMAL_BITS = 0x0010000000000000
INFINITY_BITS = 0x7FF0000000000000
FAR = 700.0  # up to here, e^x is a normal number with room on both sides
NEAR = 32.0  # up to here, 2^w from a logarithm of one part is right to 1e-14
ROOT_HALF_BITS = 0x3FE6A09E667F3BCD
ONE_BITS = 0x3FF0000000000000
MANTISSA = 0x000FFFFFFFFFFFFF
INFINITY, NAN = math.inf, math.nan


def economised(
    series: Sequence[Fraction], low: Fraction, high: Fraction, terms: int
) -> list[Fraction]:
    """A polynomial of few terms close to a power series from `low` to `high`.

    It agrees with the series at Chebyshev's points, and so is nearly the best there is.
    """
    points = [
        (low + high) / 2
        + (high - low) / 2 * Fraction(math.cos(math.pi * (2 * i + 1) / (2 * terms)))
        for i in range(terms)
    ]
    slopes = [sum((c * x**n for n, c in enumerate(series)), Fraction(0)) for x in points]
    for level in range(1, terms):  # Newton's divided differences
        for i in reversed(range(level, terms)):
            slopes[i] = (slopes[i] - slopes[i - 1]) / (points[i] - points[i - level])
    found = [slopes[-1]]
    for i in reversed(range(terms - 1)):  # multiply by (x - point), add the next difference
        shifted = [Fraction(0), *found]
        found = [a - points[i] * b for a, b in zip(shifted, [*found, Fraction(0)], strict=True)]
        found[0] += slopes[i]
    return found


@cache
def tail_of_exponential() -> list[Fraction]:
    """`(e^r - 1 - r) / r²` for |r| ≤ ln 2 / 2, to 2e-17 of e^r."""
    series = [Fraction(1, math.factorial(n + 2)) for n in range(16)]
    return economised(series, -LN_2 / 2, LN_2 / 2, 10)


@cache
def series_of_logarithm() -> list[Fraction]:
    """`ln((1+s)/(1-s)) / s` in s², for m = (1+s)/(1-s) from √½ to √2, to 1e-18."""
    series = [Fraction(2, 2 * n + 1) for n in range(16)]
    return economised(series, Fraction(0), Fraction(0.02944), 8)


@cache
def series_of_doubling() -> list[Fraction]:
    """`(2^r - 1) / r` for |r| ≤ ½, to 1e-17 of 2^r."""
    series = [LN_2 ** (n + 1) / math.factorial(n + 1) for n in range(17)]
    return economised(series, Fraction(-1, 2), Fraction(1, 2), 11)


@cache
def series_of_binary_logarithm() -> list[Fraction]:
    """`series_of_logarithm` for log₂."""
    return [c / LN_2 for c in series_of_logarithm()]


def growth(f: Function, r: str) -> str:
    """`e^r - 1` for |r| ≤ ln 2 / 2."""
    return f.fma(f.mul(r, r), f.power_series(r, tail_of_exponential()), r)


def grown(f: Function, r: str) -> str:
    """`e^r` for |r| ≤ ln 2 / 2."""
    return f.add(growth(f, r), f.real(1.0))


def exponential(f: Function, high: str, low: str | None = None, halvings: int = 0) -> str:
    """`e^(high + low) / 2^halvings`: k ln 2 taken off, then a series in what is left."""
    shifted = f.fma(high, f.real(1 / LN_2), f.real(ROUNDING))
    k = f.sub(shifted, f.real(ROUNDING))
    minus = f.neg(k)
    r = f.fma(minus, f.real(LN_2_HIGH), high)
    if low is None:
        r = f.fma(minus, f.real(LN_2_LOW), r)
    else:
        r = f.add(r, f.fma(minus, f.real(LN_2_LOW), low))
    value = grown(f, r)
    bits = f.word("shl", f.as_words(shifted), f.whole(52))
    if halvings:
        bits = f.word("sub", bits, f.whole(halvings << 52))
    scaled = f.as_reals(f.word("add", f.as_words(value), bits))
    far = f.compare("ugt", f.intrinsic("fabs", high), f.real(FAR))

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
        whole = f.word("sub", f.as_words(again), f.whole(0x4338000000000000 + halvings))
        half = f.word("ashr", whole, f.whole(1))
        value = grown(f, rest)
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
    """`ln x = e ln 2 + ln m`: with s = (m-1)/(m+1), ln m = 2s + 2s³/3 + …."""

    def plain(x: str, fewer: str | None = None) -> str:
        e, m = exponent(f, x, fewer)
        t = f.sub(m, f.real(1.0))
        s = f.div(t, f.add(m, f.real(1.0)))
        series = f.power_series(f.mul(s, s), series_of_logarithm())
        return f.fma(e, f.real(LN_2_HIGH), f.fma(s, series, f.mul(e, f.real(LN_2_LOW))))

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
    """`x^y = 2^(y log₂ x)`; where the result is large or small, `power_odd` keeps its digits."""
    return raised_by(f, x, y, binary_logarithm(f, x))


def raised_by(f: Function, x: str, y: str, log: str) -> str:
    """`power`, where `log₂ x` is known."""
    w = f.mul(y, log)
    far = f.compare("ugt", f.intrinsic("fabs", w), f.real(NEAR))
    odd = f.mask("or", unusual(f, x), far)
    return f.mend(odd, doubled(f, w), lambda: f.call("of_power_odd", x, y))


def product(f: Function, a: str, x: str, b: str, y: str) -> str:
    """`a^x b^y = 2^(x log₂ a + y log₂ b)`: one exponential, one division for both logarithms."""
    one = f.real(1.0)
    (e, m), (g, n) = exponent(f, a), exponent(f, b)
    m_sum, n_sum = f.add(m, one), f.add(n, one)
    inverse = f.div(one, f.mul(m_sum, n_sum))
    s = f.mul(f.mul(f.sub(m, one), n_sum), inverse)
    t = f.mul(f.mul(f.sub(n, one), m_sum), inverse)
    v, w = f.mul(x, from_ratio(f, e, s)), f.mul(y, from_ratio(f, g, t))
    size = f.add(f.intrinsic("fabs", v), f.intrinsic("fabs", w))
    odd = f.mask("or", unusual(f, a), unusual(f, b))
    odd = f.mask("or", odd, f.compare("ugt", size, f.real(NEAR)))

    def carefully() -> str:
        return f.mul(f.call("of_power", a, x), f.call("of_power", b, y))

    return f.mend(odd, doubled(f, f.add(v, w)), carefully)


def binary_logarithm(f: Function, x: str) -> str:
    """`log₂ x` for x normal and above 0; anything for others."""
    e, m = exponent(f, x)
    one = f.real(1.0)
    return from_ratio(f, e, f.div(f.sub(m, one), f.add(m, one)))


def from_ratio(f: Function, e: str, s: str) -> str:
    """`log₂ (2^e m)` for s = (m-1)/(m+1)."""
    return f.fma(s, f.power_series(f.mul(s, s), series_of_binary_logarithm()), e)


def doubled(f: Function, w: str) -> str:
    """`2^w` up to `NEAR`."""
    shifted = f.add(w, f.real(ROUNDING))
    r = f.sub(w, f.sub(shifted, f.real(ROUNDING)))
    value = f.fma(r, f.power_series(r, series_of_doubling()), f.real(1.0))
    bits = f.word("shl", f.as_words(shifted), f.whole(52))
    return f.as_reals(f.word("add", f.as_words(value), bits))


def unusual(f: Function, x: str) -> str:
    """Whether x is not above zero and normal: as a word less the least normal, past infinity's."""
    moved = f.word("sub", f.as_words(x), f.whole(LEAST_NORMAL_BITS))
    bound = f.whole(INFINITY_BITS - LEAST_NORMAL_BITS)
    return f.give(f"icmp uge {f.wholes} {moved}, {bound}")


def raised(f: Function, e: str, m: str, y: str) -> tuple[str, tuple[str, str]]:
    """`(2^e m)^y` within the range of normal numbers, and the two parts of its logarithm."""
    one = f.real(1.0)
    t, d = f.sub(m, one), f.add(m, one)
    s = f.div(t, d)
    # what rounding took from s: the rest of the division over d, and 1/d = (1-s)/2
    d_low = f.sub(m, f.sub(d, one))
    left = f.fma(f.neg(s), d_low, f.fma(f.neg(s), d, t))
    z = f.mul(s, s)
    rest = f.mul(f.mul(s, z), f.power_series(z, series_of_logarithm()[1:]))
    low = f.fma(left, f.sub(one, s), rest)
    double, large = f.add(s, s), f.mul(e, f.real(LN_2_HIGH))
    high = f.add(large, double)
    low = f.fma(e, f.real(LN_2_LOW), f.add(low, f.sub(double, f.sub(high, large))))
    product = f.mul(y, high)
    product_low = f.fma(y, low, f.fma(y, high, f.neg(product)))
    whole = f.add(product, product_low)
    shifted = f.fma(whole, f.real(1 / LN_2), f.real(ROUNDING))
    minus = f.neg(f.sub(shifted, f.real(ROUNDING)))
    r = f.fma(minus, f.real(LN_2_HIGH), product)
    r = f.add(r, f.fma(minus, f.real(LN_2_LOW), product_low))
    bits = f.word("shl", f.as_words(shifted), f.whole(52))
    value = f.as_reals(f.word("add", f.as_words(grown(f, r)), bits))
    return value, (whole, f.sub(product_low, f.sub(whole, product)))


def power_odd(f: Function, x: str, y: str) -> str:
    """`x^y` for every x and y, by the rules of C."""
    zero, one = f.real(0.0), f.real(1.0)
    size = f.intrinsic("fabs", x)
    tiny = f.compare("olt", size, f.real(LEAST_NORMAL))
    normal = f.select(tiny, f.mul(size, f.real(2.0**54)), size)
    fewer = f.select(tiny, f.real(54.0), f.real(0.0))
    # beyond this every power but that of 1 is 0 or endless; the product must not overflow
    held = f.select(f.compare("ogt", y, f.real(1e22)), f.real(1e22), y)
    held = f.select(f.compare("olt", y, f.real(-1e22)), f.real(-1e22), held)
    usual = exponential(f, *raised(f, *exponent(f, normal, fewer), held)[1])
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
