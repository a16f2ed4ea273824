from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError
from sim.kernel import Reducer, build
from tests.unit.kernel.graphs import busy

MEMBERS = {"rate": np.linspace(0.05, 0.4, 21)}


def test_a_figure_is_what_the_formula_gives_on_the_trajectory(backend: str):
    kernel = build(busy(), backend=backend)
    target, weights = {2.0: 1.1, 5.0: 1.4}, {2.0: 3.0}
    reducers = [
        Reducer("last", "stock"),
        Reducer("last", "stock", until=4.5),
        Reducer("minimum", "stock", since=3.0),
        Reducer("maximum", "noise"),
        Reducer("integral", "stock"),
        Reducer("distance", "stock", target=target, weights=weights),
        Reducer("distance", "stock", target=target, logs=True),
    ]
    run = kernel.integrate(MEMBERS, seed=2, reducers=reducers)
    stock = run.values[:, :, run.outcomes.index("stock")]
    noise = run.values[:, :, run.outcomes.index("noise")]
    expected = np.stack(
        [
            stock[-1],
            stock[4],
            stock[3:].min(axis=0),
            noise.max(axis=0),
            stock[:-1].sum(axis=0),
            3 * (stock[2] - 1.1) ** 2 + (stock[5] - 1.4) ** 2,
            np.log(stock[2] / 1.1) ** 2 + np.log(stock[5] / 1.4) ** 2,
        ],
        axis=1,
    )
    np.testing.assert_allclose(run.reduced, expected, rtol=1e-11)


def test_figures_alone_keep_no_trajectories(backend: str):
    kernel = build(busy(), backend=backend)
    reducers = [Reducer("last", "stock")]
    kept = kernel.integrate(MEMBERS, reducers=reducers)
    run = kernel.integrate(MEMBERS, reducers=reducers, trajectories=False)
    assert run.values.size == 0
    np.testing.assert_array_equal(run.reduced, kept.reduced)


def test_what_is_not_a_number_wins(backend: str):
    kernel = build(busy(), backend=backend)
    reducers = [Reducer("minimum", "stock"), Reducer("maximum", "stock")]
    run = kernel.integrate({"rate": [0.1, np.nan]}, reducers=reducers, named=0)
    assert np.isnan(run.reduced).tolist() == [[False, False], [True, True]]


def test_everything_wrong_is_said_at_once():
    wrong = [
        Reducer("last", "stok"),
        Reducer("distance", "stock", target={2.25: 1.0, 3.0: -1.0, 4.0: 1.0}, logs=True),
        Reducer("minimum", "stock", since=11.0),
    ]
    with pytest.raises(InputError) as caught:
        build(busy()).integrate(MEMBERS, reducers=wrong)
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["unknown-outcome", "observation", "observation", "empty-window"]
    assert "did you mean 'stock'?" in str(caught.value)
