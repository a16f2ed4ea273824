from __future__ import annotations

import numpy as np

from sim.ir import Op
from sim.kernel import build, draws
from tests.unit.kernel.graphs import Graph


def test_the_back_ends_draw_the_same_numbers():
    graph = Graph()
    for stream in (0, 1, 2**48 - 1):
        graph.node(Op.RANDOM, payload=stream, name=f"noise {stream}")
    members = np.array([0, 5, -3, 2**62, 7])
    runs = [build(graph.program(), backend=name).integrate({}, seed=-12, members=members).values
            for name in ("llvm", "numpy")]  # fmt: skip
    np.testing.assert_array_equal(runs[0], runs[1])


def test_draws_are_uniform_and_independent_in_every_direction():
    members = draws.lanes(1, np.arange(300))
    cube = np.stack(
        [[draws.uniform(members, step, stream) for stream in range(12)] for step in range(100)]
    )
    assert 0.0 <= cube.min() < 1e-4
    assert 1 - 1e-4 < cube.max() < 1.0
    counts, _ = np.histogram(cube, bins=100, range=(0, 1))
    expected = cube.size / 100
    assert ((counts - expected) ** 2 / expected).sum() < 170  # χ² of 99: beyond 1 in 100,000
    for axis in range(3):
        ahead = np.moveaxis(cube, axis, 0)
        correlation = np.corrcoef(ahead[:-1].ravel(), ahead[1:].ravel())[0, 1]
        assert abs(correlation) < 5 / np.sqrt(cube.size)


def test_seeds_and_members_are_told_apart():
    one, other = (draws.uniform(draws.lanes(seed, np.arange(1000)), 0, 0) for seed in (1, 2))
    assert not np.intersect1d(one, other).size
    assert len(set(one)) == 1000


def test_a_member_draws_the_same_wherever_it_stands():
    graph = Graph()
    graph.node(Op.RANDOM, payload=3, name="noise")
    kernel = build(graph.program())
    together = kernel.integrate({}, members=np.arange(40)).values
    for member in (0, 17, 39):
        alone = kernel.integrate({}, members=np.array([member])).values
        np.testing.assert_array_equal(alone[:, 0], together[:, member])
