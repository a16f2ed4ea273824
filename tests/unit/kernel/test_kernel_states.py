from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError
from sim.ir import Op, Rule, Table
from sim.kernel import build
from tests.unit.kernel.graphs import Graph, busy, growth


def test_euler_follows_its_formula(backend: str):
    run = build(growth(), backend=backend, outputs=["stock"]).integrate({"rate": [0.1, -0.5]})
    for member, rate in enumerate((0.1, -0.5)):
        expected = (1 + rate) ** np.arange(11)
        np.testing.assert_allclose(run.values[:, member, 0], expected, rtol=1e-14)
    assert run.times.tolist() == list(range(11))


def test_a_delay_line_hands_on_what_went_in(backend: str):
    graph = Graph()
    time = graph.node(Op.TIME)
    for length in (1, 2, 5, 20):
        line = graph.state(f"line {length}")
        graph.follow(line, graph.constant(-1.0), time, Rule.RING, length)
    run = build(graph.program(), backend=backend).integrate({})
    for place, length in enumerate((1, 2, 5, 20)):
        expected = [float(t - length) if t >= length else -1.0 for t in range(11)]
        assert run.values[:, 0, place].tolist() == expected


def test_a_held_value_changes_after_the_step(backend: str):
    graph = Graph()
    time, held, frozen = graph.node(Op.TIME), graph.state("held"), graph.state("frozen")
    graph.follow(held, graph.constant(7.0), time, Rule.HELD)
    graph.follow(frozen, graph.node(Op.RANDOM, payload=1, name="noise"), frozen, Rule.HELD)
    run = build(graph.program(), backend=backend).integrate({}, seed=4)
    held_values, frozen_values, noise = run.values[:, 0, :].T
    assert held_values.tolist() == [7.0, *range(10)]
    assert set(frozen_values) == {noise[0]}
    assert len(set(noise)) == 11


def test_states_that_swap_see_each_other_as_they_were(backend: str):
    graph = Graph()
    left, right = graph.state("left"), graph.state("right")
    graph.follow(left, graph.constant(1.0), right, Rule.HELD)
    graph.follow(right, graph.constant(2.0), left, Rule.HELD)
    run = build(graph.program(end=3.0), backend=backend).integrate({})
    assert run.values[:, 0, :].tolist() == [[1, 2], [2, 1], [1, 2], [2, 1]]


def test_rk4_is_of_fourth_order(backend: str):
    def error(step: float) -> float:
        kernel = build(growth(end=2.0, step=step), backend=backend, integrator="rk4")
        return abs(kernel.integrate({"rate": 1.0}).values[-1, 0, 1] / np.exp(2.0) - 1)

    assert error(0.125) < 1e-5
    assert 12 < error(0.25) / error(0.125) < 20


def test_rk4_reads_paths_between_the_steps(backend: str):
    graph = Graph()
    stock = graph.state("stock")
    square = graph.node(Op.TIME)
    graph.follow(stock, graph.constant(0.0), graph.node(Op.POW, square, graph.constant(3.0)))
    run = build(graph.program(), backend=backend, integrator="rk4").integrate({})
    np.testing.assert_allclose(run.values[:, 0, 0], np.arange(11.0) ** 4 / 4, rtol=1e-14)


def test_rk4_is_refused_with_every_reason():
    with pytest.raises(InputError) as caught:
        build(busy(), integrator="rk4")
    text = str(caught.value)
    for reason in ("'line' goes on in jumps", "'held' goes on in jumps", "is random"):
        assert reason in text


@pytest.mark.parametrize("reading", ["hold_backward", "look_forward"])
def test_rk4_is_refused_where_a_path_or_table_jumps(reading: str):
    for kind in ("path", "table"):
        graph = Graph()
        stock = graph.state("stock")
        if kind == "path":
            flow = graph.path("flow", (0.0, 5.0), (1.0, 2.0), reading)
        else:
            curve = Table("curve", (0.0, 5.0), (1.0, 2.0), reading)
            flow = graph.lookup(curve, graph.node(Op.TIME), name="flow")
        graph.follow(stock, graph.constant(0.0), flow)
        with pytest.raises(InputError, match="'flow'"):
            build(graph.program(), integrator="rk4")


def test_rk4_is_refused_where_time_is_compared():
    graph = Graph()
    stock = graph.state("stock")
    begun = graph.node(Op.GE, graph.node(Op.TIME), graph.constant(3.0), name="begun")
    graph.follow(stock, graph.constant(0.0), begun)
    with pytest.raises(InputError, match="'begun' jumps with time"):
        build(graph.program(), integrator="rk4")


def test_the_back_ends_agree_on_every_rule():
    members = {"rate": np.linspace(0.05, 0.4, 50), "power": np.linspace(0.2, 1.4, 50)}
    llvm, numpy = (build(busy(), backend=name).integrate(members, seed=9)
                   for name in ("llvm", "numpy"))  # fmt: skip
    np.testing.assert_allclose(llvm.values, numpy.values, rtol=1e-12)
    assert not llvm.status.any()


def test_arithmetic_alone_gives_the_same_bits():
    members = {"rate": np.linspace(-0.5, 0.5, 40)}
    llvm, numpy = (build(growth(), backend=name).integrate(members) for name in ("llvm", "numpy"))
    np.testing.assert_array_equal(llvm.values, numpy.values)
