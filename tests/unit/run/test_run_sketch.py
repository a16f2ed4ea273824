"""Moments and quantiles of many members, joined from parts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.run.sketch import FEWEST, POINTS, QUANTILES, Sketch, figures, points, sketch


def parts(values: np.ndarray, size: int) -> list[np.ndarray]:
    return [values[:, start : start + size].copy() for start in range(0, values.shape[1], size)]


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 700),
    size=st.integers(1, POINTS),
    scale=st.sampled_from([1e-9, 1.0, 1e12]),
)
def test_while_parts_are_small_all_figures_are_exact(seed, count, size, scale):
    values = np.random.default_rng(seed).lognormal(size=(3, count)) * scale
    made = figures([sketch(part) for part in parts(values, size)])
    assert made.count == count
    np.testing.assert_allclose(made.mean, values.mean(axis=1), rtol=1e-12)
    if count > 1:
        np.testing.assert_allclose(made.deviation, values.std(axis=1, ddof=1), rtol=1e-9)
    else:
        assert np.isnan(made.deviation).all()
    np.testing.assert_array_equal(made.least, values.min(axis=1))
    np.testing.assert_array_equal(made.greatest, values.max(axis=1))
    np.testing.assert_allclose(made.quantiles, np.quantile(values, QUANTILES, axis=1).T, rtol=1e-12)


@pytest.mark.parametrize("order", ["random", "sorted", "backwards"])
@pytest.mark.parametrize("size", [1000, 4096, 16384])
def test_ranks_of_quantiles_are_off_by_at_most_half_a_bucket(order, size):
    count = 50_000
    values = np.random.default_rng(7).pareto(1.5, size=(1, count))
    if order != "random":
        values = np.sort(values, axis=1)[:, :: -1 if order == "backwards" else 1]
    made = figures([sketch(part) for part in parts(values, size)])
    everyone = np.sort(values[0])
    for share, value in zip(QUANTILES, made.quantiles[0], strict=True):
        rank = np.searchsorted(everyone, value) / count
        assert abs(rank - share) <= 0.5 / POINTS + 1 / count


@pytest.mark.parametrize("count", [8, 16, 40, 150])
def test_with_fewer_points_of_more_parts_ranks_of_random_members_stay_near(count):
    most, size = points(count), 1024
    assert FEWEST <= most <= POINTS
    rng = np.random.default_rng(count)
    values = np.stack([rng.lognormal(sigma=2.0, size=count * size), rng.random(count * size)])
    made = figures([sketch(part, most) for part in parts(values, size)], most)
    for row, own in enumerate(np.sort(values, axis=1)):
        ranks = np.searchsorted(own, made.quantiles[row]) / own.size
        np.testing.assert_allclose(ranks, QUANTILES, atol=0.003)


@pytest.mark.parametrize("count", [0, 1, 5, 300])
def test_a_sketch_is_read_as_it_was_written(count):
    made = sketch(np.random.default_rng(1).normal(size=(4, count)))
    rows = np.empty((4, 5 + made.points.shape[1]))
    made.put(rows)
    again = Sketch.of(rows)
    assert again.count == made.count
    for own in ("mean", "squares", "least", "greatest", "points"):
        np.testing.assert_array_equal(getattr(again, own), getattr(made, own))


def test_a_mean_that_dwarfs_the_spread_keeps_its_digits():
    values = 1e9 + np.random.default_rng(0).normal(size=(1, 20_000))
    made = figures([sketch(part) for part in parts(values, 512)])
    np.testing.assert_allclose(made.deviation, values.std(axis=1, ddof=1), rtol=1e-6)


def test_parts_without_members_do_not_count_and_nobody_at_all_is_no_number():
    some = sketch(np.array([[3.0, 1.0, 2.0]]))
    none = sketch(np.empty((1, 0)))
    made = figures([none, some, none])
    assert (made.count, made.mean[0], made.quantiles[0, 2]) == (3, 2.0, 2.0)
    empty = figures([none, none])
    assert empty.count == 0
    assert np.isnan(empty.mean).all()
    assert np.isnan(empty.quantiles).all()
