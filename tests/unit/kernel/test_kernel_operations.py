"""Every operation of the machine code against NumPy, and its functions against more digits."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.ir import Op, Table
from sim.kernel import build
from tests.unit.kernel.graphs import Graph

Array = NDArray[np.float64]
INF, NAN = np.inf, np.nan
ODD = np.array(
    [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 2.5, INF, -INF, NAN, 5e-324, -5e-324,
     1e-310, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, 1e300,
     -1e300, 1e-300, 709.7, 709.8, 711.0, -708.5, -745.1, -745.2, -746.0, 1e5, 1.0001e5, 1e22,
     2.0**52, 2.0**53 - 1, -(2.0**53) - 2, 4503599627370495.5]
)  # fmt: skip
UNARY = [Op.NEG, Op.EXP, Op.LN, Op.SQRT, Op.SIN, Op.COS, Op.TAN, Op.ARCSIN, Op.ARCCOS, Op.ARCTAN,
         Op.SINH, Op.COSH, Op.TANH, Op.ABS, Op.FLOOR, Op.TRUNC]  # fmt: skip
BINARY = [Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.POW, Op.MOD, Op.MIN, Op.MAX,
          Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE]  # fmt: skip
EXACT = {Op.NEG, Op.SQRT, Op.ABS, Op.FLOOR, Op.TRUNC, *BINARY} - {Op.POW}
DENORMAL = 1e-320  # below, one unit in the last place is a large share


def apply(op: Op, *columns: Array, backend: str = "llvm") -> Array:
    """The operation on parameters, in every step (TIME keeps it out of the prologue)."""
    graph = Graph()
    time = graph.node(Op.TIME)
    arguments = [graph.parameter(f"p{place}", 0.0) for place in range(len(columns))]
    zero = graph.node(Op.MUL, time, graph.constant(0.0))
    moved = [graph.node(Op.SUB, argument, zero) for argument in arguments]
    graph.node(op, *moved, name="result")
    kernel = build(graph.program(end=0.0), backend=backend)
    return kernel.integrate(np.stack(columns, axis=1), named=0).values[0, :, 0]


def agree(found: Array, expected: Array, relative: float) -> None:
    np.testing.assert_allclose(found, expected, rtol=relative, atol=DENORMAL, equal_nan=True)


@pytest.mark.parametrize("op", UNARY)
def test_odd_numbers_through_one_argument(op: Op):
    expected = apply(op, ODD, backend="numpy")
    agree(apply(op, ODD), expected, 0.0 if op in EXACT else 4e-15)


@pytest.mark.parametrize("op", BINARY)
def test_odd_numbers_through_two_arguments(op: Op):
    a, b = (np.array(side) for side in zip(*itertools.product(ODD, ODD), strict=True))
    expected = apply(op, a, b, backend="numpy")
    found = apply(op, a, b)
    agree(found, expected, 0.0 if op in EXACT else 4e-15)
    if op in (Op.POW, Op.DIV, Op.MOD, Op.MUL):
        numbers = ~np.isnan(expected)
        assert (np.signbit(found) == np.signbit(expected))[numbers].all()


def test_nothing_to_the_power_of_nothing_is_one():
    assert apply(Op.POW, np.array([0.0, NAN, INF]), np.array([0.0, 0.0, 0.0])).tolist() == [1.0] * 3


@pytest.mark.parametrize("op", [Op.AND, Op.OR, Op.NOT])
def test_truths(op: Op, backend: str):
    graph = Graph()
    half = graph.constant(0.5)
    truths = [graph.node(Op.GT, graph.parameter(name, 0.0), half) for name in "ab"]
    used = truths[:1] if op is Op.NOT else truths
    graph.node(op, *used, name="result")
    graph.node(Op.ADD, graph.node(op, *used), half, name="as a number")
    kernel = build(graph.program(end=0.0), backend=backend)
    a, b = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0])
    values = kernel.integrate({"a": a, "b": b}).values[0]
    expected = {Op.AND: a * b, Op.OR: np.maximum(a, b), Op.NOT: 1 - a}[op]
    assert values[:, 0].tolist() == expected.tolist()
    assert values[:, 1].tolist() == (expected + 0.5).tolist()


@pytest.mark.parametrize("exponent", [-1.0, 0.5, 1.0, 2.0, 3.0])
def test_powers_with_a_fixed_exponent(exponent: float):
    results: list[Array] = []
    for backend in ("llvm", "numpy"):
        graph = Graph()
        graph.node(Op.POW, graph.parameter("x", 0.0), graph.constant(exponent), name="result")
        kernel = build(graph.program(end=0.0), backend=backend)
        results.append(kernel.integrate({"x": ODD}, named=0).values[0, :, 0])
    agree(results[0], results[1], 1e-14 if exponent == 3.0 else 1e-15)


@pytest.mark.parametrize("divisor", [3.0, -0.1, 1e300, 0.0, -0.0, INF, 5e-324, 1e-310])
def test_division_by_a_constant_keeps_its_digits(divisor: float):
    results: list[Array] = []
    for backend in ("llvm", "numpy"):
        graph = Graph()
        noise = graph.node(Op.MUL, graph.node(Op.TIME), graph.parameter("x", 0.0))
        moving = graph.node(Op.ADD, noise, graph.node(Op.PARAMETER, payload=0))
        graph.node(Op.DIV, moving, graph.constant(divisor), name="by a literal")
        if not 0 < divisor < 1e-308:  # the reciprocal of a denormal parameter is infinite
            graph.node(Op.DIV, moving, graph.parameter("d", divisor), name="by a parameter")
        kernel = build(graph.program(end=1.0), backend=backend)
        results.append(kernel.integrate({"x": ODD}, named=0).values)
    agree(results[0], results[1], 4e-16)


def samples(count: int = 20000) -> dict[str, tuple[Op, Callable[..., object], list[Array]]]:
    rng = np.random.default_rng(5)

    def wide(low: float, high: float) -> Array:
        return 10.0 ** rng.uniform(low, high, count)

    flat = rng.uniform
    return {
        "exp": (Op.EXP, np.exp, [flat(-745, 709, count)]),
        "ln": (Op.LN, np.log, [wide(-323, 308)]),
        "ln near 1": (Op.LN, np.log, [flat(0.5, 2, count)]),
        "sin": (Op.SIN, np.sin, [flat(-1e4, 1e4, count)]),
        "sin of huge angles": (Op.SIN, np.sin, [wide(4, 15)]),
        "cos": (Op.COS, np.cos, [flat(-1e4, 1e4, count)]),
        "tan": (Op.TAN, np.tan, [flat(-1e3, 1e3, count)]),
        "arcsin": (Op.ARCSIN, np.arcsin, [flat(-1, 1, count)]),
        "arccos": (Op.ARCCOS, np.arccos, [flat(-1, 1, count)]),
        "arctan": (Op.ARCTAN, np.arctan, [wide(-30, 30)]),
        "sinh": (Op.SINH, np.sinh, [flat(-5, 5, count)]),
        "sinh far": (Op.SINH, np.sinh, [flat(-710, 710, count)]),
        "cosh": (Op.COSH, np.cosh, [flat(-710, 710, count)]),
        "tanh": (Op.TANH, np.tanh, [flat(-25, 25, count)]),
        "pow": (Op.POW, np.power, [wide(-3, 3), flat(-100, 100, count)]),
        "pow near 1": (Op.POW, np.power, [flat(0.9, 1.1, count), flat(-3000, 3000, count)]),
        "powers": (
            Op.POWERS,
            lambda a, x, b, y: np.power(a, x) * np.power(b, y),
            [wide(-3, 3), flat(-30, 30, count), wide(-3, 3), flat(-30, 30, count)],
        ),
        "pow of denormals": (Op.POW, np.power, [wide(-323, -308), flat(-1, 1, count)]),
        "pow with large results": (Op.POW, np.power, [wide(1.5, 3), flat(7, 100, count)]),
        "pow below 0": (Op.POW, np.power, [-wide(-3, 3), np.rint(flat(-90, 90, count))]),
    }


@pytest.mark.skipif(
    np.finfo(np.longdouble).nmant < 60, reason="no numbers with more digits on this processor"
)
@pytest.mark.parametrize("name", samples(1))
def test_functions_keep_almost_all_digits(name: str):
    op, function, columns = samples()[name]
    with np.errstate(all="ignore"):
        truth = np.asarray(function(*(column.astype(np.longdouble) for column in columns)))
        normal = np.abs(truth) > 1e-307
        error = np.abs(apply(op, *columns) / truth - 1)[normal & np.isfinite(truth.astype(float))]
    assert error.size > 5000
    # a power's logarithm has one part where the result lies within 2^±32
    assert error.max() < (1e-14 if name in ("pow", "powers", "pow near 1") else 4e-15)


def raised(columns: list[Array], backend: str = "llvm") -> Array:
    """RAISE of the first by the second, with the logarithm of the first."""
    graph = Graph()
    x, y = (graph.parameter(name, 0.0) for name in "xy")
    zero = graph.node(Op.MUL, graph.node(Op.TIME), graph.constant(0.0))
    x, y = graph.node(Op.SUB, x, zero), graph.node(Op.SUB, y, zero)
    graph.node(Op.RAISE, x, y, graph.node(Op.LOG2, x), name="result")
    kernel = build(graph.program(end=0.0), backend=backend)
    return kernel.integrate(np.stack(columns, axis=1), named=0).values[0, :, 0]


def test_a_power_with_its_logarithm_at_hand_is_the_power(backend: str):
    a, b = (np.array(side) for side in zip(*itertools.product(ODD, ODD), strict=True))
    np.testing.assert_array_equal(raised([a, b], backend), apply(Op.POW, a, b, backend=backend))


def test_a_product_of_powers_is_that_of_the_two(backend: str):
    bases, exponents = np.array([ODD, ODD[::-1]]), np.array([0.0, 1.0, -2.0, 0.3, 700.0, INF, NAN])
    a, x, b, y = (one.ravel() for one in np.meshgrid(bases[0], exponents, bases[1], exponents))
    with np.errstate(all="ignore"):
        expected = np.power(a, x) * np.power(b, y)
    normal = ~(np.abs(expected) < 1e-300)  # two denormals may be multiplied early or late
    got = apply(Op.POWERS, a, x, b, y, backend=backend)
    np.testing.assert_allclose(got[normal], expected[normal], 1e-12)


def test_gamma(backend: str):
    from scipy.special import gammaln

    x = np.concatenate([np.linspace(-9.9, 170.0, 999), [0.0, -1.0, INF, NAN]])
    np.testing.assert_allclose(apply(Op.GAMMALN, x, backend=backend), gammaln(x), 1e-13, 1e-13)


def table(points: int, reading: str) -> Table:
    rng = np.random.default_rng(points)
    x = np.cumsum(rng.uniform(0.1, 1.0, points)) - 2.0
    return Table("table", tuple(map(float, x)), tuple(map(float, rng.normal(size=points))), reading)


@pytest.mark.parametrize("reading", ["interpolate", "extrapolate", "hold_backward", "look_forward"])
@pytest.mark.parametrize("points", [1, 2, 3, 16, 17, 64, 100])
def test_lookups_are_equal_to_the_last_bit(points: int, reading: str):
    one = table(points, reading)
    x = np.concatenate([np.linspace(-4, one.x[-1] + 2, 500), one.x, [INF, -INF, NAN, 1e300]])
    results: list[Array] = []
    for backend in ("llvm", "numpy"):
        graph = Graph()
        graph.lookup(one, graph.parameter("x", 0.0), name="result")
        kernel = build(graph.program(end=0.0), backend=backend)
        results.append(kernel.integrate({"x": x}, named=0).values[0, :, 0])
    np.testing.assert_array_equal(results[0], results[1])


def test_lookups_read_as_their_name_says(backend: str):
    expected = {
        "interpolate": [1.0, 1.0, 2.0, 3.0, 5.0, 5.0],
        "extrapolate": [-1.0, 1.0, 2.0, 3.0, 5.0, 7.0],
        "hold_backward": [1.0, 1.0, 1.0, 3.0, 5.0, 5.0],
        "look_forward": [1.0, 1.0, 3.0, 3.0, 5.0, 5.0],
    }
    for reading, values in expected.items():
        graph = Graph()
        one = Table("t", (1.0, 2.0, 3.0), (1.0, 3.0, 5.0), reading)
        graph.lookup(one, graph.parameter("x", 0.0), name="result")
        kernel = build(graph.program(end=0.0), backend=backend)
        run = kernel.integrate({"x": [0.0, 1.0, 1.5, 2.0, 3.0, 4.0]})
        assert run.values[0, :, 0].tolist() == values, reading
