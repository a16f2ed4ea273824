from __future__ import annotations

import numpy as np
import pytest

from sim.ir import Op, Rule
from sim.kernel import Status, build
from tests.unit.kernel.graphs import Graph, division, growth


def test_a_division_by_zero_in_year_12_is_reported_with_variable_and_year(backend: str):
    kernel = build(division(), backend=backend, outputs=["stock"])
    run = kernel.integrate({"supply": [0.0, 1.0, 0.0]})
    assert run.status.tolist() == [Status.FINISHED, Status.LEFT_FINITE_NUMBERS, Status.FINISHED]
    assert run.left_at[1] == 12.0
    assert run.left_in == {1: "share"}
    assert np.isnan(run.left_at[[0, 2]]).all()


def test_neighbours_keep_their_last_bit(backend: str):
    kernel = build(division(), backend=backend, outputs=["stock", "mirror"])
    supply = np.linspace(-5.0, 5.0, 37)
    alone = kernel.integrate({"supply": np.where(supply > 0, 0.0, supply)})
    beside = kernel.integrate({"supply": supply})
    fine = beside.status == Status.FINISHED
    assert fine.sum() == (supply <= 0).sum()
    np.testing.assert_array_equal(alone.values[:, fine], beside.values[:, fine])


def test_a_division_by_zero_that_nobody_reads_is_no_failure(backend: str):
    run = build(division(), backend=backend, outputs=["stock"]).integrate({"supply": 0.0})
    assert run.status.tolist() == [Status.FINISHED]


def test_a_parameter_that_is_no_number_is_named(backend: str):
    run = build(growth(), backend=backend).integrate({"start": [1.0, np.nan, np.inf]})
    assert run.left_in == {1: "start", 2: "start"}
    assert run.left_at[1:].tolist() == [0.0, 0.0]


def test_a_stock_that_outgrows_the_numbers_is_named(backend: str):
    run = build(growth(end=1100.0), backend=backend, outputs=["stock"]).integrate({"rate": 1.0})
    assert run.left_in == {0: "stock"}
    assert run.left_at[0] == 1023.0


def test_an_outcome_counts_only_when_it_is_saved(backend: str):
    graph = Graph()
    left = graph.node(Op.SUB, graph.constant(3.0), graph.node(Op.TIME))
    graph.node(Op.DIV, graph.parameter("one", 1.0), left, name="share")
    program = graph.program()
    run = build(program, backend=backend, save_times=[2.0, 4.0]).integrate({})
    assert run.status.tolist() == [Status.FINISHED]
    run = build(program, backend=backend, save_times=[2.0, 3.0, 4.0]).integrate({})
    assert (run.left_at.tolist(), run.left_in) == ([3.0], {0: "share"})


def test_a_failure_inside_rk4_is_reported(backend: str):
    graph = Graph()
    stock = graph.state("stock")
    left = graph.node(Op.SUB, graph.constant(4.0), graph.node(Op.TIME))
    flow = graph.node(Op.DIV, graph.parameter("one", 1.0), left, name="flow")
    graph.follow(stock, graph.constant(0.0), flow)
    run = build(graph.program(), backend=backend, integrator="rk4", outputs=["stock"]).integrate({})
    assert run.status.tolist() == [Status.LEFT_FINITE_NUMBERS]
    assert run.left_at.tolist() == [3.0]  # the step from 3 ends at 4
    assert run.left_in == {0: "stock"}


def test_a_path_without_a_knot_is_named(backend: str):
    graph = Graph()
    path = graph.path("path", (0.0, 1.0), (1.0, 1.0), "raw")
    stock = graph.state("stock")
    flow = graph.node(Op.MUL, path, graph.parameter("share", 1.0), name="flow")
    graph.follow(stock, graph.constant(0.0), flow)
    run = build(graph.program(), backend=backend, outputs=["stock"]).integrate({})
    assert (run.left_at.tolist(), run.left_in) == ([2.0], {0: "path"})


def test_what_a_delay_line_swallows_counts_when_it_comes_out(backend: str):
    graph = Graph()
    left = graph.node(Op.SUB, graph.constant(3.0), graph.node(Op.TIME))
    share = graph.node(Op.DIV, graph.parameter("one", 1.0), left, name="share")
    line = graph.state("line")
    graph.follow(line, graph.constant(0.0), share, Rule.RING, 4)
    run = build(graph.program(), backend=backend, outputs=["line"]).integrate({})
    assert (run.left_at.tolist(), run.left_in) == ([6.0], {0: "line"})


@pytest.mark.parametrize("named", [0, 2])
def test_only_so_many_are_named_as_asked(named: int, backend: str):
    run = build(division(), backend=backend).integrate({"supply": [1.0] * 4}, named=named)
    assert [bool(run.left_in[row]) for row in range(4)] == [row < named for row in range(4)]
    assert run.left_at.tolist() == [12.0] * 4


def test_a_value_that_is_needed_at_the_start_and_in_every_step_is_not_blamed_unseen(
    backend: str, monkeypatch: pytest.MonkeyPatch
):
    # Memory that nobody has written to may hold anything; here it holds the worst.
    monkeypatch.setattr(
        np,
        "empty",
        lambda shape, dtype=np.float64: np.full(
            shape, np.nan if np.issubdtype(dtype, np.floating) else 0, dtype
        ),
    )
    graph = Graph()
    draw = graph.node(Op.RANDOM, payload=4, name="draw")
    stock = graph.state("stock")
    share = graph.node(Op.DIV, draw, graph.parameter("size", 0.0), name="share")
    graph.follow(stock, draw, share)
    run = build(graph.program(end=2.0), backend=backend, outputs=["stock"]).integrate({"size": 0.0})
    assert run.left_in == {0: "share"}


def test_what_the_text_leaves_undefined_is_no_failure(backend: str):
    graph = Graph()
    graph.constant(np.nan, name="undefined")
    stock = graph.state("stock")
    graph.follow(stock, graph.constant(1.0), graph.constant(1.0))
    run = build(graph.program(end=2.0), backend=backend).integrate({}, members=np.arange(1))
    assert run.status.tolist() == [Status.FINISHED]
    assert np.isnan(run.values[:, 0, 0]).all()
