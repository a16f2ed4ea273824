"""Rolling origins, weights of structures, and the t that both rest on."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from calibration import likelihood, origins, student, weights
from calibration.evidence import Evidence
from calibration.likelihood import Posterior
from calibration.sampler import Plan
from calibration.search import search

COVER = np.array([[1.0, 0.6, 0.3], [0.6, 1.2, 0.5], [0.3, 0.5, 0.9]])
PLAN = Plan(walkers=16, rounds=64, warm_up=64, thin=4, seed=3)


def test_a_density_is_that_of_scipys_multivariate_t() -> None:
    off = np.array([[0.1, -0.4, 0.7], [2.0, 1.0, 0.0]])
    found = student.log_density(off, np.linalg.cholesky(COVER), np.ones(2), 5.0)
    assert found == pytest.approx(stats.multivariate_t.logpdf(off, shape=COVER, df=5.0))


def test_known_errors_and_what_they_leave_open_make_the_whole() -> None:
    off = np.array([[0.1, -0.4, 0.7], [2.0, 1.0, 0.0]])
    known, wanted = np.array([0, 2]), np.array([1])
    first = student.given(COVER, known[:0], known, off[:, :0], 5.0)
    seen = student.log_density(off[:, known], first.lower, first.scale, first.free)
    left = student.given(COVER, known, wanted, off[:, known], 5.0)
    rest = student.log_density(off[:, wanted] - left.middle, left.lower, left.scale, left.free)
    whole = stats.multivariate_t.logpdf(off, shape=COVER, df=5.0)
    assert seen + rest == pytest.approx(whole)


@pytest.fixture(scope="module")
def past(target: Posterior, seen: Evidence) -> tuple[origins.Origin, ...]:
    found = search(target, np.zeros((1, 4)))
    return origins.refitted(target, seen, found.shape, PLAN)


def rolled(
    target: Posterior, seen: Evidence, past: tuple[origins.Origin, ...], drift: float = 1.0
) -> origins.Rolled:
    series = [replace(each, covariance=each.covariance * drift) for each in seen.series]
    paths = [target.simulation(each.places)[0] for each in past]
    return origins.rolled(series, past, paths, target.simulation.positions, seen.degrees)


def test_an_origin_knows_no_later_figure(
    target: Posterior, seen: Evidence, past: tuple[origins.Origin, ...]
) -> None:
    assert [each.year for each in past] == list(origins.ORIGINS)
    (mine,) = seen.series
    late = mine.years > 2012
    other = replace(mine, measured=mine.measured + np.where(late, 5.0, 0.0))
    changed = replace(seen, series=(other,))

    moved = likelihood.posterior(target.simulation, changed)
    shape = search(target, np.zeros((1, 4))).shape
    (first, *_) = origins.refitted(moved, changed, shape, PLAN)
    assert np.array_equal(first.places, past[0].places)


def test_forecasts_of_a_right_model_lie_in_their_intervals(
    target: Posterior, seen: Evidence, past: tuple[origins.Origin, ...]
) -> None:
    found = rolled(target, seen, past)
    assert found.worth == pytest.approx(1.0)
    # From 2012 to 2017, at most five years ahead and none beyond the fit.
    assert len(found.rows) == 5 + 5 + 4 + 3 + 2 + 1
    assert found.rows["place"].between(0.0, 1.0).all()
    assert found.covered(90) > 0.75
    wrong = rolled(target, seen, past, drift=400.0)
    assert wrong.score < found.score
    assert wrong.worth < 1.0
    assert wrong.covered(50) >= found.covered(50)


def test_structures_get_whole_draws_by_weight() -> None:
    share = weights.by_score([-3.0, -3.0, -3.0 + np.log(2.0)])
    assert share == pytest.approx([0.25, 0.25, 0.5])
    assert weights.shared(share, 10) == [3, 2, 5]
    assert sum(weights.shared(np.array([1 / 3] * 3), 100)) == 100


def test_draws_are_weighed_for_another_structure(target: Posterior) -> None:
    random = np.random.default_rng(0)
    places = random.standard_normal((4000, 4))
    scores = -0.5 * np.einsum("mp,mp->m", places, places)
    drawn, worth = weights.weighed(places, scores, target, random)
    assert drawn.shape == places.shape
    assert 0.0 < worth < 1.0
    # The data bound the first constant; nothing is known of the last.
    spread = pd.DataFrame(drawn).std()
    assert spread[0] < 0.6
    assert spread[3] == pytest.approx(1.0, abs=0.35)
