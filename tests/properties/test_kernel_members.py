"""A member's numbers are its own: nothing about its company can be seen in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.kernel import Kernel, build
from tests.unit.kernel.graphs import busy

SEED = 3
RATES = np.concatenate([np.linspace(0.05, 0.4, 60), [np.nan, np.inf, -1e308, 1e308]])
FIXTURE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.getbasetemp() / "kernel-cache"
    monkeypatch.setenv("TRONDELAG_CACHE", str(folder))
    return folder


@cache
def kernel(backend: str) -> Kernel:
    return build(busy(), backend="llvm" if backend == "llvm" else "numpy")


@cache
def alone(backend: str) -> tuple[np.ndarray, np.ndarray]:
    """Every member in a run of its own."""
    runs = [
        kernel(backend).integrate({"rate": rate}, seed=SEED, members=np.array([row]), named=0)
        for row, rate in enumerate(RATES)
    ]
    return (
        np.concatenate([run.values for run in runs], axis=1),
        np.concatenate([run.left_at for run in runs]),
    )


@pytest.mark.parametrize("backend", ["llvm", "numpy"])
@FIXTURE
@given(
    rows=st.lists(st.integers(0, len(RATES) - 1), min_size=1, max_size=150),
    threads=st.integers(1, 3),
)
def test_company_order_and_threads_leave_no_trace(backend: str, rows: list[int], threads: int):
    chosen = np.array(rows)
    run = kernel(backend).integrate(
        {"rate": RATES[chosen]}, seed=SEED, members=chosen, threads=threads, named=0
    )
    values, left_at = alone(backend)
    np.testing.assert_array_equal(run.values, values[:, chosen])
    np.testing.assert_array_equal(run.left_at, left_at[chosen])


def test_the_members_asked_for_include_some_that_fail():
    failed = ~np.isnan(alone("llvm")[1])
    assert 0 < failed.sum() < len(RATES)
    np.testing.assert_array_equal(alone("llvm")[1], alone("numpy")[1])


@FIXTURE
@given(threads=st.integers(1, 4), count=st.integers(1, 2500))
def test_pieces_for_threads_leave_no_trace(threads: int, count: int):
    rates = np.resize(RATES, count)
    run = kernel("llvm").integrate({"rate": rates}, seed=SEED, threads=threads, named=0)
    once = kernel("llvm").integrate({"rate": rates}, seed=SEED, threads=1, named=0)
    np.testing.assert_array_equal(run.values, once.values)
