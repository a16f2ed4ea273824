"""What is walked is, to the last bit, what the same nodes give as machine code."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.ir import Op, Program, Rule, Table
from sim.kernel import build
from sim.kernel.llvm import objects, walk
from sim.kernel.schedule import plan
from tests.unit.kernel.graphs import Graph
from tests.unit.kernel.test_kernel_operations import BINARY, ODD, UNARY

FEW = 4
CONSTANTS = [0.0, -0.0, 1.0, 2.0, -1.0, 0.5, 3.0, 1e-300, 5e-324, 1e308, np.nan, np.inf]
LEAVES = {Op.CONST, Op.PARAMETER, Op.SERIES, Op.TIME, Op.STATE, Op.RANDOM}
READINGS = ("interpolate", "extrapolate", "hold_backward", "look_forward")
LONG = tuple(i / 4 for i in range(40)), tuple(i * 7 % 11 / 3 for i in range(40))
TABLES = [
    *(Table(how, (-1.0, 0.0, 0.5, 3.0), (2.0, -1.0, 0.5, 0.25), how) for how in READINGS),
    *(Table(f"long {how}", *LONG, how) for how in READINGS),
    *(Table(f"zeros {how}", (0.0, 1.0, 2.0, 3.0), (0.0, -0.0, 0.0, -0.0), how) for how in READINGS),
    Table("point", (1.0,), (4.0,)),
]


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder: Path = tmp_path_factory.getbasetemp() / "walk-cache"
    monkeypatch.setenv("TRONDELAG_CACHE", str(folder))


def everything(*, started: bool) -> Program:
    """Every operation on two numbers: of the member alone, or of its first moment too."""
    graph = Graph()
    numbers = [graph.parameter("p", 0.0), graph.parameter("q", 0.0)]
    if started:
        nothing = graph.path("path", (0.0, 1.0), (-0.0, -0.0), "interpolate")
        numbers = [graph.node(Op.ADD, number, nothing) for number in numbers]
    p, q = numbers
    made = [graph.node(op, p) for op in (*UNARY, Op.GAMMALN)]
    made += [graph.node(op, p, q) for op in BINARY]
    made += [graph.node(Op.POWERS, p, q, q, p), graph.node(Op.POWERS, q, q, p, p)]
    made += [graph.node(Op.RAISE, p, q, graph.node(Op.LOG2, p))]
    # divided by what stays the same over a member's run, and by a parameter itself
    made += [graph.node(Op.DIV, p, 1), graph.node(Op.DIV, p, graph.node(Op.ABS, 1))]
    for value in CONSTANTS:
        constant = graph.constant(value)
        made += [graph.node(op, p, constant) for op in (Op.POW, Op.DIV, Op.MIN, Op.MAX, Op.GE)]
        made += [graph.node(op, constant, p) for op in (Op.POW, Op.DIV, Op.MIN, Op.MAX, Op.GE)]
    less, same = graph.node(Op.LT, p, q), graph.node(Op.EQ, p, q)
    truths = [graph.node(op, less, same) for op in (Op.AND, Op.OR)] + [graph.node(Op.NOT, less)]
    made += truths
    made += [graph.node(Op.SELECT, truth, p, q) for truth in (less, *truths)]
    made += [graph.node(Op.ADD, less, same), graph.node(Op.MUL, truths[0], p)]
    made += [graph.lookup(table, p) for table in TABLES]
    for place, node in enumerate(made):
        graph.name(node, f"node {place}")
        if started:
            # a rule of its own for each in turn
            rule = list(Rule)[place % 3]
            state = graph.state(f"state {place}")
            graph.follow(state, node, node, rule, 2 if rule is Rule.RING else 1)
    return graph.program(end=2.0)


def same(found: NDArray[np.float64], expected: NDArray[np.float64]) -> bool:
    """Bit by bit; which of its words stands for "not a number" is nobody's business."""
    nothing = np.isnan(expected)
    alike = found.view(np.int64) == expected.view(np.int64)
    return bool((alike | (nothing & np.isnan(found))).all())


@pytest.mark.parametrize("started", [False, True])
def test_every_operation(started: bool) -> None:
    kernel = build(everything(started=started))
    schedule = kernel.schedule
    assert walk.walkable(schedule)
    walked = schedule.start if started else schedule.prologue
    assert {schedule.program.nodes[i].op for i in walked} >= {*UNARY, *BINARY, Op.LOOKUP, Op.SELECT}
    p, q = (np.array(side) for side in zip(*itertools.product(ODD, ODD), strict=True))
    many = kernel.integrate({"p": p, "q": q}, named=0)
    for first in range(0, len(p), FEW):
        part = slice(first, first + FEW)
        few = kernel.integrate({"p": p[part], "q": q[part]}, named=0)
        assert same(few.values, many.values[:, part])
        np.testing.assert_array_equal(few.left_at, many.left_at[part])


def test_every_operation_has_a_number() -> None:
    assert {op.name.lower() for op in Op if op not in LEAVES} <= set(walk.CODES)


def test_a_start_that_draws_is_compiled() -> None:
    graph = Graph()
    drawn = graph.node(Op.RANDOM, payload=3)
    state = graph.state("stock")
    graph.follow(state, graph.node(Op.ADD, drawn, graph.parameter("p", 1.0)), drawn)
    program = graph.program()
    assert not walk.walkable(plan(program))
    few, many = (build(program).integrate({}, members=np.arange(count)) for count in (2, 40))
    assert same(few.values, many.values[:, :2])


def test_what_is_walked_comes_back_from_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    program = everything(started=True)
    first = build(program).integrate({"p": 0.3, "q": 2.0}, named=0)
    monkeypatch.setattr(objects.driver, "write", lambda *_, **__: pytest.fail("written again"))
    again = build(program).integrate({"p": 0.3, "q": 2.0}, named=0)
    assert same(again.values, first.values)
