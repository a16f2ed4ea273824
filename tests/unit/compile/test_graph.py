from __future__ import annotations

import math

import numpy as np
import pytest

from sim.compile import arithmetic
from sim.compile.graph import Graph, evaluate
from sim.ir import Op, Table


def test_an_operation_is_kept_once() -> None:
    graph = Graph()
    x, y = graph.leaf(Op.PARAMETER, "x"), graph.leaf(Op.PARAMETER, "y")
    assert graph.op(Op.ADD, x, y) == graph.op(Op.ADD, x, y)
    assert graph.op(Op.ADD, x, y) != graph.op(Op.ADD, y, x)


def test_zero_and_minus_zero_are_two_numbers_and_nan_is_one() -> None:
    graph = Graph()
    assert graph.const(0.0) != graph.const(-0.0)
    assert graph.const(math.nan) == graph.const(float("nan"))


def test_numbers_fold_as_numpy_computes_them() -> None:
    graph = Graph()
    folded = graph.op(Op.EXP, graph.const(1.7))
    assert graph.number(folded) == float(np.exp(1.7))


@pytest.mark.parametrize(
    ("op", "values", "expected"),
    [
        (Op.DIV, (1.0, 0.0), math.inf),
        (Op.POW, (0.0, -1.0), math.inf),
        (Op.POW, (-8.0, 3.0), -512.0),
        (Op.POW, (1e200, 2.0), math.inf),
        (Op.POW, (-1e200, 3.0), -math.inf),
        (Op.TRUNC, (-1.5,), -1.0),
        (Op.MOD, (-1.0, 3.0), 2.0),
        (Op.GAMMALN, (5.0,), math.log(24.0)),
        (Op.GAMMALN, (0.0,), math.inf),
        (Op.NOT, (0.0,), 1.0),
        (Op.SELECT, (0.0, 1.0, 2.0), 2.0),
    ],
)
def test_arithmetic(op: Op, values: tuple[float, ...], expected: float) -> None:
    assert arithmetic.apply(op, values) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(("op", "values"), [(Op.LN, (-1.0,)), (Op.POW, (-8.0, 0.5))])
def test_what_is_not_a_number_is_nan(op: Op, values: tuple[float, ...]) -> None:
    assert math.isnan(arithmetic.apply(op, values))


def test_minimum_lets_nan_win() -> None:
    assert math.isnan(arithmetic.apply(Op.MIN, (math.nan, 1.0)))
    assert math.isnan(arithmetic.apply(Op.MAX, (1.0, math.nan)))


def test_simplifications_keep_every_bit() -> None:
    graph = Graph()
    x = graph.leaf(Op.PARAMETER, "x")
    condition = graph.op(Op.GT, x, graph.zero)
    assert graph.op(Op.MUL, x, graph.one) == x
    assert graph.op(Op.DIV, x, graph.one) == x
    assert graph.op(Op.NEG, graph.op(Op.NEG, x)) == x
    assert graph.op(Op.SELECT, condition, x, x) == x
    assert graph.op(Op.AND, condition, graph.op(Op.GT, graph.one, graph.zero)) == condition
    assert graph.op(Op.OR, graph.one, condition) == graph.one
    # 0 * x is not zero where x is infinite, x + 0 is another bit where x is -0.
    assert graph.op(Op.MUL, x, graph.zero) not in (graph.zero, x)
    assert graph.op(Op.ADD, x, graph.zero) != x


def test_a_number_used_as_a_truth_is_compared_with_zero() -> None:
    graph = Graph()
    x = graph.leaf(Op.PARAMETER, "x")
    assert graph.ops[graph.truth(x)] is Op.NE
    condition = graph.op(Op.LT, x, graph.one)
    assert graph.truth(condition) == condition


def test_evaluate_needs_every_leaf() -> None:
    graph = Graph()
    x, y = graph.leaf(Op.PARAMETER, "x"), graph.leaf(Op.PARAMETER, "y")
    node = graph.lookup(Table("t", (0.0, 2.0), (1.0, 3.0)), graph.op(Op.MUL, x, y))
    assert evaluate(graph, node, {x: 0.5, y: 2.0}) == 2.0
    assert evaluate(graph, node, {x: 0.5}) is None


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("interpolate", [1.0, 1.0, 1.5, 2.0, 4.0, 6.0, 6.0]),
        ("extrapolate", [0.0, 1.0, 1.5, 2.0, 4.0, 6.0, 8.0]),
        ("hold_backward", [1.0, 1.0, 1.0, 2.0, 2.0, 6.0, 6.0]),
        ("look_forward", [1.0, 1.0, 2.0, 2.0, 6.0, 6.0, 6.0]),
    ],
)
def test_reading_a_table(reading: str, expected: list[float]) -> None:
    at = [-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0]
    read = [arithmetic.read(x, (0.0, 1.0, 3.0), (1.0, 2.0, 6.0), reading) for x in at]
    assert read == expected


def test_raw_data_have_values_at_their_times_only() -> None:
    assert arithmetic.read(1.0, (0.0, 1.0), (5.0, 6.0), "raw") == 6.0
    assert math.isnan(arithmetic.read(0.5, (0.0, 1.0), (5.0, 6.0), "raw"))
