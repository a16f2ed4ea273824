"""Functions whose indices are known, by every estimator that can find them."""

from dataclasses import replace

import numpy as np
import pytest

from sim.sensitivity import Sample, convergence, indices
from sim.sensitivity.guard import needs_inputs
from tests.unit.sensitivity.conftest import (
    ISHIGAMI_FIRST,
    ISHIGAMI_PAIR,
    ISHIGAMI_TOTAL,
    LINEAR,
    SLOPES,
    Make,
    ishigami,
    linear,
    sobol_g,
    sobol_g_indices,
)


def within(found: np.ndarray, width: np.ndarray, true: np.ndarray) -> None:
    # Three standard deviations and a little: of a dozen numbers one may leave its 95 %.
    assert (np.abs(found - true) <= 1.6 * width + 0.004).all(), (found, width, true)
    assert (width < 0.15).all()


def test_ishigami_by_sobol_within_the_interval(make: Make) -> None:
    sample = make("sobol", n=2048, second_order=True)
    got = indices(sample, ishigami(sample.cube)[:, None])
    within(got.over_time["first"], got.over_time_widths["first"], ISHIGAMI_FIRST)
    within(got.over_time["total"], got.over_time_widths["total"], ISHIGAMI_TOTAL)
    assert got.pairs_over_time is not None
    pairs = got.pairs_over_time[np.triu_indices(3, 1)]
    np.testing.assert_allclose(pairs, [0.0, ISHIGAMI_PAIR, 0.0], atol=0.03)
    assert np.isnan(got.pairs_over_time[np.tril_indices(3)]).all()


def test_sobol_g_by_sobol_within_the_interval(make: Make) -> None:
    sample = make("sobol", "a b c d", n=2048)
    got = indices(sample, sobol_g(sample.cube)[:, None])
    first, total = sobol_g_indices()
    within(got.over_time["first"], got.over_time_widths["first"], first)
    within(got.over_time["total"], got.over_time_widths["total"], total)


@pytest.mark.parametrize(
    ("kind", "n", "measure", "near"),
    [
        ("sobol", 1024, "total", 0.03),
        ("fast", 513, "total", 0.03),
        ("rbd_fast", 2000, "first", 0.05),
        ("lhs", 2000, "first", 0.05),
        ("halton", 2000, "first", 0.05),
        ("hdmr", 400, "first", 0.05),
    ],
)
def test_a_linear_model_has_no_interactions(
    make: Make, kind: str, n: int, measure: str, near: float
) -> None:
    sample = make(kind, n=n)
    got = indices(sample, linear(sample.cube)[:, None])
    np.testing.assert_allclose(got.over_time[measure], LINEAR, atol=near)


def test_ishigami_by_fast_and_by_given_data(make: Make) -> None:
    sample = make("fast", n=1025)
    got = indices(sample, ishigami(sample.cube)[:, None])
    np.testing.assert_allclose(got.over_time["first"], ISHIGAMI_FIRST, atol=0.02)
    np.testing.assert_allclose(got.over_time["total"], ISHIGAMI_TOTAL, atol=0.06)
    assert np.isnan(got.widths["total"]).all(), "its bootstrap is known to be wrong: none is given"
    sample = make("lhs", n=4000)
    got = indices(sample, ishigami(sample.cube)[:, None])
    within(got.over_time["first"], got.over_time_widths["first"], ISHIGAMI_FIRST)


def test_morris_finds_slopes_signs_and_no_spread_in_a_linear_model(make: Make) -> None:
    sample = make("morris", n=10, levels=4)
    got = indices(sample, linear(sample.cube)[:, None])
    np.testing.assert_allclose(got.over_time["mu"], SLOPES)
    np.testing.assert_allclose(got.over_time["mu_star"], np.abs(SLOPES))
    np.testing.assert_allclose(got.over_time["sigma"], 0.0, atol=1e-9)


def test_derivatives_bound_the_total_index(make: Make) -> None:
    sample = make("dgsm", n=1000)
    got = indices(sample, ishigami(sample.cube)[:, None])
    assert (got.over_time["bound"] + got.over_time_widths["bound"] > ISHIGAMI_TOTAL).all()


def test_two_levels_find_half_the_change(make: Make) -> None:
    sample = make("ff", n=0)
    got = indices(sample, linear(sample.cube)[:, None])
    np.testing.assert_allclose(got.over_time["effect"], SLOPES / 2.0)


@pytest.mark.parametrize("kind", ["pawn", "delta"])
def test_shapes_rank_ishigami_and_tell_an_idle_input_from_others(make: Make, kind: str) -> None:
    sample = make(kind, "a b c idle", n=1000)
    got = indices(sample, ishigami(sample.cube)[:, None])
    a, b, _, idle = got.importance
    assert b > a > 2 * idle
    assert idle == pytest.approx(got.floor, abs=0.05)


def test_groups_are_judged_as_one(make: Make) -> None:
    sample = make("sobol", "a+c b", n=2048)
    got = indices(sample, ishigami(sample.cube[:, [0, 2, 1]])[:, None])
    assert got.names == ("a+c", "b")
    true = np.array([ISHIGAMI_FIRST[0] + ISHIGAMI_FIRST[2] + ISHIGAMI_PAIR, ISHIGAMI_FIRST[1]])
    within(got.over_time["first"], got.over_time_widths["first"], true)
    within(got.over_time["total"], got.over_time_widths["total"], true)
    sample = make("morris", "a+c b", n=20, levels=4)
    got = indices(sample, linear(sample.cube)[:, None])
    assert np.isnan(got.over_time["mu"][0])
    assert got.over_time["mu"][1] == pytest.approx(SLOPES[2])


def test_over_time_weighs_by_variance(make: Make) -> None:
    sample = make("sobol", "a b", n=512)
    values = np.stack([sample.cube[:, 0], 3.0 * sample.cube[:, 1]], axis=1)
    got = indices(sample, values)
    np.testing.assert_allclose(got.measures["total"], np.eye(2), atol=0.01)
    np.testing.assert_allclose(got.over_time["total"], [0.1, 0.9], atol=0.01)


def test_more_members_make_narrower_intervals(make: Make) -> None:
    sample = make("sobol", n=1024)
    every = convergence(sample, ishigami(sample.cube)[:, None])
    assert [each.members for each in every] == [640, 1280, 2560, 5120]
    widths = [float(each.over_time_widths["total"].max()) for each in every]
    assert widths[-1] < widths[0] / 1.8
    whole = indices(sample, ishigami(sample.cube)[:, None])
    np.testing.assert_array_equal(every[-1].over_time["total"], whole.over_time["total"])


def test_shares_and_draws_are_judged_by_their_values_not_by_their_place(make: Make) -> None:
    plain = make("lhs", n=2000)
    rng = np.random.default_rng(0)
    columns = {name: rng.normal(size=2000) for name in "abc"}  # as rows of a table lie: anyhow
    design = replace(
        plain.design, factors=tuple(replace(each, own="drawn") for each in plain.design.factors)
    )
    values = (columns["a"] + 2.0 * columns["b"])[:, None]
    assert needs_inputs(design)
    assert not needs_inputs(plain.design)
    found = indices(Sample.of(design, columns), values).over_time["first"]
    np.testing.assert_allclose(found, [0.2, 0.8, 0.0], atol=0.05)
    assert np.abs(indices(plain, values).over_time["first"]).max() < 0.1


@pytest.mark.parametrize(
    ("kind", "n", "measure"), [("sobol", 128, "total"), ("rbd_fast", 500, "first"),
                               ("lhs", 500, "first")],
)  # fmt: skip
def test_intervals_hold_the_truth_as_often_as_they_say(
    make: Make, kind: str, n: int, measure: str
) -> None:
    true = ISHIGAMI_TOTAL if measure == "total" else ISHIGAMI_FIRST
    inside: list[np.ndarray] = []
    for seed in range(20):
        sample = make(kind, n=n, seed=seed)
        got = indices(sample, ishigami(sample.cube)[:, None])
        inside.append(np.abs(got.over_time[measure] - true) <= got.over_time_widths[measure])
    assert np.mean(inside) >= 0.9
