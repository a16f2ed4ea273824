"""Random programs: machine code against NumPy, node by node."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.ir import Op, Program, Rule, Table
from sim.kernel import build, draws, ufuncs
from sim.kernel.llvm import layout
from sim.kernel.schedule import Group
from tests.unit.kernel.graphs import Graph

ONE = [Op.NEG, Op.EXP, Op.LN, Op.SQRT, Op.SIN, Op.COS, Op.TAN, Op.ARCSIN, Op.ARCCOS, Op.ARCTAN,
       Op.SINH, Op.COSH, Op.TANH, Op.GAMMALN, Op.ABS, Op.FLOOR, Op.TRUNC]  # fmt: skip
TWO = [Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.POW, Op.MOD, Op.MIN, Op.MAX]
COMPARISONS = [Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE]
TABLES = [
    Table("short", (-1.0, 0.0, 0.5, 3.0), (2.0, -1.0, 0.5, 0.25)),
    Table("steep", (-1.0, 0.0, 3.0), (2.0, -1.0, 0.5), "extrapolate"),
    Table("long", tuple(i / 4 for i in range(40)), tuple((i * 7 % 11) / 3 for i in range(40))),
    Table("steps", (0.0, 1.0, 2.0), (5.0, 6.0, 7.0), "hold_backward"),
    Table("ahead", (0.0, 1.0, 2.0), (5.0, 6.0, 7.0), "look_forward"),
]
NUMBERS = st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0, 3.0, -2.5, 1e-3, 1e3, 1e-300, 1e300, 0.1, 7.0])
STEPS = 6


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.getbasetemp() / "kernel-cache"
    monkeypatch.setenv("TRONDELAG_CACHE", str(folder))
    return folder


def program_of(data: st.DataObject) -> Program:
    draw = data.draw
    graph = Graph()
    graph.tables = list(TABLES)
    numbers = [graph.parameter(f"p{place}", draw(NUMBERS)) for place in range(3)]
    numbers += [graph.constant(draw(NUMBERS)) for _ in range(2)]
    numbers.append(graph.node(Op.TIME))
    numbers.append(graph.path("path", (0.0, 2.5, 5.0), (1.0, 3.0, -1.0), "interpolate"))
    numbers.append(graph.node(Op.RANDOM, payload=draw(st.integers(0, 5))))
    outside_states = list(numbers)
    states = [graph.state(f"state {place}") for place in range(draw(st.integers(1, 4)))]
    numbers += states
    truths: list[int] = []
    for _ in range(draw(st.integers(1, 40))):
        some = st.sampled_from(numbers)
        kind = draw(st.sampled_from(["one", "two", "two", "compare", "logic", "select", "table"]))
        if kind == "one":
            numbers.append(graph.node(draw(st.sampled_from(ONE)), draw(some)))
        elif kind == "two":
            numbers.append(graph.node(draw(st.sampled_from(TWO)), draw(some), draw(some)))
        elif kind == "table":
            place = draw(st.integers(0, len(TABLES) - 1))
            numbers.append(graph.node(Op.LOOKUP, draw(some), payload=place))
        elif kind == "compare" or not truths:
            truths.append(graph.node(draw(st.sampled_from(COMPARISONS)), draw(some), draw(some)))
            numbers.append(truths[-1])
        elif kind == "logic":
            a, b = draw(st.sampled_from(truths)), draw(st.sampled_from(truths))
            op = draw(st.sampled_from([Op.AND, Op.OR, Op.NOT]))
            truths.append(graph.node(op, *((a,) if op is Op.NOT else (a, b))))
        else:
            condition = draw(st.sampled_from(truths))
            numbers.append(graph.node(Op.SELECT, condition, draw(some), draw(some)))
    for state in states:
        rule = draw(st.sampled_from(list(Rule)))
        length = draw(st.integers(1, 4)) if rule is Rule.RING else 1
        after = draw(st.sampled_from(numbers))
        graph.follow(state, draw(st.sampled_from(outside_states)), after, rule, length)
    graph.elements.clear()
    for index in range(len(graph.nodes)):
        graph.name(index, f"node {index}")
    return graph.program(end=float(STEPS))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), chunk=st.sampled_from([3, 1000]))
def test_every_node_is_computed_from_its_arguments_as_numpy_does_it(
    data: st.DataObject, chunk: int
):
    """Node by node, so that an ill-conditioned program cannot blow up a last digit."""
    program = program_of(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "CHUNK", chunk)
        kernel = build(program)
    assert kernel.backend.name.startswith("llvm")
    members = {"p0": np.linspace(-3.0, 3.0, 19), "p1": np.linspace(0.0, 1000.0, 19)}
    values = kernel.integrate(members, seed=1, named=0).values
    words = draws.lanes(1, np.arange(19))
    for index, node in enumerate(program.nodes):
        for step in range(STEPS + 1):
            found = values[step, :, index]
            if node.op is Op.RANDOM:
                expected = draws.uniform(words, step, int(node.payload or 0))
            elif not node.args:
                continue
            else:
                arguments = [values[step, :, argument] for argument in node.args]
                with np.errstate(all="ignore"):
                    expected = ufuncs.evaluate(node, arguments, program.tables)
            # sums near zero of gamma and sine are held to the size of what goes in
            small = 1e-13 if node.op in (Op.GAMMALN, Op.SIN, Op.COS) else 1e-320
            np.testing.assert_allclose(
                found, expected, rtol=1e-13, atol=small, equal_nan=True, err_msg=str(node)
            )
    check_states(program, values)


def check_states(program: Program, values: np.ndarray) -> None:
    """States go on from their nodes' values by their rules."""
    for index, node in enumerate(program.nodes):
        if node.op is not Op.STATE:
            continue
        state = program.states[int(node.payload or 0)]
        got, after = values[:, :, index], values[:, :, state.next]
        np.testing.assert_array_equal(got[0], values[0, :, state.initial])
        with np.errstate(all="ignore"):
            for step in range(STEPS):
                if state.rule is Rule.LEVEL:
                    expected = got[step] + after[step]
                elif state.rule is Rule.HELD:
                    expected = after[step]
                else:
                    into = step + 1 - state.length
                    expected = after[into] if into >= 0 else got[0]
                np.testing.assert_array_equal(got[step + 1], expected)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_back_ends_see_members_fail_in_the_same_step(data: st.DataObject):
    program = program_of(data)
    members = {"p0": np.linspace(-3.0, 3.0, 19), "p1": np.linspace(0.0, 1000.0, 19)}
    kernels = [build(program, backend=name) for name in ("llvm", "numpy")]
    runs = [kernel.integrate(members, seed=1, named=4) for kernel in kernels]
    # a constant without end is the text's own, and no member's failure
    groups = kernels[0].schedule.groups
    own = [groups[each.node] is not Group.CONSTANT for each in kernels[0].schedule.outcomes]
    finite = [np.isfinite(run.values[:, :, own]).all(axis=(0, 2)) for run in runs]
    for run, sound in zip(runs, finite, strict=True):
        # every node is an outcome here, so what is not finite is seen in the step where it arises
        np.testing.assert_array_equal(run.status == 0, sound)
    agreed = np.isfinite(runs[0].left_at) & np.isfinite(runs[1].left_at)
    agreed &= np.isclose(runs[0].values, runs[1].values, 1e-9, equal_nan=True).all(axis=(0, 2))
    np.testing.assert_array_equal(runs[0].left_at[agreed], runs[1].left_at[agreed])
    for row in np.flatnonzero(agreed):
        assert runs[0].left_in[int(row)] == runs[1].left_in[int(row)]
