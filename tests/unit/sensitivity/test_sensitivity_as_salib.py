"""The vectorised estimators give SALib's numbers, column by column."""

import warnings
from typing import Any

import numpy as np
import pytest
from SALib.analyze import delta, dgsm, fast, ff, hdmr, morris, pawn, rbd_fast
from SALib.analyze import sobol as sobol_analyser

from sim.plan.design import HARMONICS, problem
from sim.sensitivity import Sample, indices, shapes
from tests.unit.sensitivity.conftest import Make, ishigami, linear

NEAR: dict[str, Any] = {"rtol": 1e-10, "atol": 1e-10}


def outputs(sample: Sample) -> np.ndarray[Any, Any]:
    """Three columns of very different size and place."""
    one, other = ishigami(sample.cube), linear(sample.cube)
    return np.stack([one, 1e6 + 1e3 * other, one * other - 5.0], axis=1)


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("names", ["a b c", "a+b c"])
def test_sobol(make: Make, names: str, second: bool) -> None:
    sample = make("sobol", names, n=128, second_order=second)
    values = outputs(sample)
    got = indices(sample, values)
    for column in range(3):
        told = sobol_analyser.analyze(
            problem(sample.design), values[:, column], calc_second_order=second, seed=1
        )
        np.testing.assert_allclose(got.measures["first"][:, column], told["S1"], **NEAR)
        np.testing.assert_allclose(got.measures["total"][:, column], told["ST"], **NEAR)
        # Other random draws: the same interval, not the same number.
        np.testing.assert_allclose(got.widths["total"][:, column], told["ST_conf"], rtol=0.5)
        if second:
            assert got.pairs is not None
            above = np.triu_indices(len(got.names), 1)
            np.testing.assert_allclose(got.pairs[*above, column], told["S2"][above], **NEAR)


@pytest.mark.parametrize("names", ["a b c", "a+b c"])
def test_morris(make: Make, names: str) -> None:
    sample = make("morris", names, n=20, levels=6)
    values = outputs(sample)
    got = indices(sample, values)
    for column in range(3):
        told = morris.analyze(
            problem(sample.design), sample.cube, values[:, column].copy(), num_levels=6, seed=1
        )
        star = np.asarray(told["mu_star"], dtype=float)
        np.testing.assert_allclose(got.measures["mu_star"][:, column], star, **NEAR)
        if names == "a b c":
            np.testing.assert_allclose(got.measures["mu"][:, column], told["mu"], **NEAR)
            sigma = np.asarray(told["sigma"], dtype=float)
            np.testing.assert_allclose(got.measures["sigma"][:, column], sigma, **NEAR)


def test_fast(make: Make) -> None:
    sample = make("fast", n=129)
    values = outputs(sample)
    got = indices(sample, values)
    for column in range(3):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that its intervals are unreliable
            told = fast.analyze(problem(sample.design), values[:, column], M=HARMONICS, seed=1)
        np.testing.assert_allclose(got.measures["first"][:, column], told["S1"], **NEAR)
        np.testing.assert_allclose(got.measures["total"][:, column], told["ST"], **NEAR)


@pytest.mark.parametrize("n", [200, 201])
def test_rbd_fast(make: Make, n: int) -> None:
    sample = make("rbd_fast", n=n)
    values = outputs(sample)
    got = indices(sample, values)
    for column in range(3):
        told = rbd_fast.analyze(problem(sample.design), sample.cube, values[:, column], seed=1)
        np.testing.assert_allclose(got.measures["first"][:, column], told["S1"], **NEAR)


def test_pawn(make: Make) -> None:
    sample = make("pawn", n=300)
    values = outputs(sample)
    values[:, 2] = np.round(values[:, 2])  # equal values among the outcomes
    got = indices(sample, values)
    for column in range(3):
        told = pawn.analyze(problem(sample.design), sample.cube, values[:, column], S=shapes.SLICES)
        np.testing.assert_allclose(got.measures["median"][:, column], told["median"], **NEAR)
        np.testing.assert_allclose(got.measures["mean"][:, column], told["mean"], **NEAR)
        np.testing.assert_allclose(got.measures["greatest"][:, column], told["maximum"], **NEAR)


def test_delta(make: Make) -> None:
    sample = make("delta", n=300)
    values = outputs(sample)
    got = indices(sample, values)
    count = len(values)
    exponent = 2.0 / (7.0 + np.tanh((1500.0 - count) / 500.0))
    edges = np.linspace(0, count, int(np.round(min(int(np.ceil(count**exponent)), 48))) + 1)
    for column in range(3):
        own = values[:, column]
        grid = np.linspace(own.min(), own.max(), 100)
        told = [delta.calc_delta(own, grid, sample.cube[:, i], edges) for i in range(3)]
        np.testing.assert_allclose(got.measures["delta"][:, column], told, **NEAR)


def test_dgsm(make: Make) -> None:
    sample = make("dgsm", n=100)
    values = outputs(sample)
    got = indices(sample, values)
    for column in range(3):
        told = dgsm.analyze(problem(sample.design), sample.cube, values[:, column], seed=1)
        slopes = got.measures["slope_squared"][:, column]
        np.testing.assert_allclose(slopes, told["vi"], **NEAR)
        np.testing.assert_allclose(got.measures["bound"][:, column], told["dgsm"], **NEAR)


def test_two_levels(make: Make) -> None:
    sample = make("ff", n=0)
    values = outputs(sample)
    values = np.sin(values + linear(sample.cube)[:, None])  # Ishigami is zero in every corner
    got = indices(sample, values)
    asked = {**problem(sample.design), "names": ["a", "b", "c", "idle"], "num_vars": 4}
    levels = np.hstack([sample.cube, np.zeros((len(values), 1))])
    for column in range(3):
        told = ff.analyze(asked, 2.0 * levels - 1.0, values[:, column])
        np.testing.assert_allclose(got.measures["effect"][:, column], told["ME"][:3], **NEAR)


def test_hdmr_is_salibs_own_at_the_columns_it_looks_at(make: Make) -> None:
    sample = make("hdmr", n=300)
    values = outputs(sample)
    got = indices(sample, values)
    told_of = problem(sample.design)
    for column in range(3):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            told = hdmr.analyze(
                told_of, sample.cube, values[:, column].copy(), maxorder=2, K=1, R=300, seed=1
            )
        own = np.asarray(told["S"]).reshape(-1)[:3]
        np.testing.assert_allclose(got.measures["first"][:, column], own, **NEAR)
        all_ = np.asarray(told["ST"]).reshape(-1)[:3]
        np.testing.assert_allclose(got.measures["total"][:, column], all_, **NEAR)
