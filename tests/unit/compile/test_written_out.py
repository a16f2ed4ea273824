"""Functions that are written out in operations, against NumPy, SciPy and PySD's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from interpreter import run
from pysd.py_backend import allocation as pysd_allocation
from scipy import special, stats

from sim.compile import allocation, chance, compile_model, reductions, vectors
from sim.compile.curves import Curve
from sim.compile.graph import Graph, evaluate
from sim.ir import Op


def leaves(graph: Graph, values: np.ndarray) -> dict[int, float]:
    return {graph.leaf(Op.PARAMETER, f"p{i}"): float(v) for i, v in enumerate(values)}


@pytest.mark.parametrize("count", [1, 5, 7, 8, 9, 16, 31, 128, 129, 300])
def test_a_line_is_added_in_numpys_order(count: int) -> None:
    values = np.random.default_rng(count).normal(size=count) * 10.0 ** np.arange(count).clip(0, 9)
    graph = Graph()
    given = leaves(graph, values)
    assert evaluate(graph, reductions.added(graph, list(given)), given) == values.sum()


@pytest.mark.parametrize("over", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 2), (0, 1, 2)])
def test_an_array_is_added_in_numpys_order(over: tuple[int, ...]) -> None:
    shape = (9, 2, 11)
    cube = np.random.default_rng(1).normal(size=shape) ** 9
    graph = Graph()
    given = leaves(graph, cube.ravel())
    nodes = np.array(list(given)).reshape(shape)
    sizes = [(size, axis in over) for axis, size in enumerate(shape)]
    first = nodes[tuple(slice(None) if axis in over else 0 for axis in range(3))].ravel()
    total = evaluate(graph, reductions.summed(graph, [int(n) for n in first], sizes), given)
    assert total == cube.sum(axis=over).flat[0]


def test_normal_distribution() -> None:
    graph = Graph()
    for x in (-40.0, -8.0, -7.0, -3.3, -0.1, 0.0, 0.1, 2.0, 7.2, 40.0):
        assert graph.number(chance.below(graph, graph.const(x))) == pytest.approx(
            special.ndtr(x), rel=1e-11, abs=1e-15
        )
    for share in (1e-200, 1e-20, 1e-9, 0.02, 0.075, 0.3, 0.5, 0.8, 0.99, 1 - 1e-9):
        assert graph.number(chance.quantile(graph, graph.const(share))) == pytest.approx(
            special.ndtri(share), rel=1e-13, abs=1e-16
        )


@pytest.mark.parametrize(
    ("least", "most", "mean", "width"),
    [(-5.0, 5.0, 1.0, 0.5), (0.0, 1.0, 0.5, 3.0), (4.0, 9.0, 0.0, 1.0), (-9.0, -4.0, 0.0, 1.0)],
)
def test_a_cut_normal_distribution_is_scipys(
    parsed: Callable[..., Any], least: float, most: float, mean: float, width: float
) -> None:
    shares = np.linspace(0.001, 0.999, 7)
    expected = stats.truncnorm.ppf(
        shares, (least - mean) / width, (most - mean) / width, loc=mean, scale=width
    )
    text = f"x = RANDOM NORMAL({least}, {most}, {mean}, {width}, 0)~~|\n"
    program = compile_model(parsed(text), outputs=["x"])
    drawn = [run(program, share=share)[1]["x"][0] for share in shares]
    np.testing.assert_allclose(drawn, expected, rtol=1e-9, atol=1e-12)


def test_a_cut_exponential_distribution_is_scipys(parsed: Callable[..., Any]) -> None:
    text = "x = RANDOM EXPONENTIAL(1, 10, 0.5, 2, 0)~~|\n"
    program = compile_model(parsed(text), outputs=["x"])
    for share in (0.0, 0.3, 0.9):
        drawn = run(program, share=share)[1]["x"][0]
        assert drawn == pytest.approx(stats.truncexpon.ppf(share, 4.5, loc=1, scale=2))


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_inverse_of_a_matrix(size: int) -> None:
    matrix = np.random.default_rng(size).normal(size=(size, size))
    matrix[0, 0] = 0.0 if size > 1 else matrix[0, 0]  # needs an exchange of rows
    graph = Graph()
    given = leaves(graph, matrix.ravel())
    cells = np.array(list(given)).reshape(size, size).tolist()
    found = [
        [evaluate(graph, cell, given) for cell in line] for line in vectors.inverted(graph, cells)
    ]
    np.testing.assert_allclose(found, np.linalg.inv(matrix), rtol=1e-10, atol=1e-12)


def test_ranks_keep_the_order_of_equals() -> None:
    graph = Graph()
    values = [3.0, 1.0, 3.0, 2.0]
    ranks = vectors.ranks(graph, [graph.const(v) for v in values])
    assert [graph.number(rank) for rank in ranks] == [2.0, 0.0, 3.0, 1.0]


def random_requests(seed: int) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 7))
    requests = rng.uniform(0, 10, count) * (rng.uniform(size=count) > 0.2)
    return requests, rng.integers(0, 6, count).astype(float), rng


@pytest.mark.parametrize("seed", range(40))
def test_allocation_by_priority_is_pysds(seed: int) -> None:
    requests, priorities, rng = random_requests(seed)
    width = float(rng.uniform(0.2, 4))
    supply = float(rng.uniform(0, 1.2) * requests.sum())
    expected = pysd_allocation.allocate_by_priority(
        xr.DataArray(requests, dims="x"), xr.DataArray(priorities, dims="x"), width, supply
    )
    graph = Graph()
    nodes = [[graph.const(float(v)) for v in values] for values in (requests, priorities)]
    shares = allocation.shared_by_priority(graph, *nodes, graph.const(width), graph.const(supply))
    np.testing.assert_allclose(
        [graph.number(share) for share in shares], expected.values, rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_available_allocation_hands_out_the_supply_as_pysd_does(kind: int, seed: int) -> None:
    requests, priorities, rng = random_requests(seed)
    requests += 0.5
    widths = rng.uniform(0.5, 3, len(requests))
    supply = float(rng.uniform(0.1, 0.9) * requests.sum())
    profiles = np.column_stack([np.full_like(widths, kind), priorities, widths, 0 * widths])
    expected = pysd_allocation.allocate_available(
        xr.DataArray(requests, dims="x"), xr.DataArray(profiles, dims=("x", "p")), supply
    )
    graph = Graph()
    curves = [
        Curve((kind,), graph.const(float(kind)), graph.const(float(p)), graph.const(float(w)))
        for p, w in zip(priorities, widths, strict=True)
    ]
    nodes = [graph.const(float(v)) for v in requests]
    shares = allocation.shared_available(graph, nodes, curves, graph.const(supply))
    found = np.array([graph.number(share) for share in shares])
    # PySD stops at a tolerance; ours adds up to the supply.
    np.testing.assert_allclose(found, expected.values, rtol=1e-5, atol=1e-5)
    assert found.sum() == pytest.approx(supply, rel=1e-12)


def test_what_cannot_be_allocated_is_nan() -> None:
    graph = Graph()
    nodes = [graph.const(-1.0), graph.const(2.0)]
    shares = allocation.shared_by_priority(graph, nodes, nodes, graph.one, graph.one)
    assert all(np.isnan(graph.number(share)) for share in shares)
