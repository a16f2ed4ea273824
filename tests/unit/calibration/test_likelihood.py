"""The likelihood of all series at once is the product of that of each."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from test_observation import written

from calibration import evidence, likelihood, priors, simulation, targets
from calibration.likelihood import Posterior
from calibration.observation import Observation
from sim.run import load_model

OUTCOMES = ("employment_by_industry", "salmon_volume", "unemployment_rate", "employment_total")
VARIED = ("growout time", "room initial", "public growth history")
COUNT = 5


@pytest.fixture(scope="module")
def whole() -> tuple[Posterior, evidence.Evidence]:
    """Of the whole model: sums with shares, two-year means, logarithms and plain numbers."""
    model = load_model()
    linear = {
        "outcome": "unemployment_rate", "definition": "all", "region": "here", "scale": "linear",
        "source_id": ["M37", "M40"], "error": 0.002, "level": 0.001, "drift": 0.002,
        "reason": "assumption: a test",
    }  # fmt: skip
    means = {**linear, "outcome": "salmon_volume", "scale": "log", "source_id": ["BIOSTAT_FLK"],
             "mean_of": 2}  # fmt: skip
    asked = Observation.model_validate({**written(), "series": [linear, means]})
    seen = evidence.gather(targets.load(), asked, model.source, only=OUTCOMES)
    known = priors.gather(model.source)
    few = known.take([known.columns.index(each) for each in VARIED])
    made = simulation.simulation(model, few, seen, until=2018.0)
    return likelihood.posterior(made, seen), seen


def test_all_series_at_once_are_the_sum_of_each(
    whole: tuple[Posterior, evidence.Evidence],
) -> None:
    target, seen = whole
    places = 1.5 * np.random.default_rng(2).standard_normal(
        (COUNT, len(target.simulation.priors))
    )  # fmt: skip
    paths, _ = target.simulation(places)
    wanted = np.zeros(COUNT)
    for series in seen.fitted:
        rows = np.flatnonzero(~series.held)
        cover = series.covariance[np.ix_(rows, rows)]
        off = series.measured[rows] - series.predicted(paths, target.simulation.positions)[:, rows]
        t: Any = stats.multivariate_t  # its stubs know no matrices
        shape = t(shape=cover, df=seen.degrees)
        wanted += np.atleast_1d(shape.logpdf(off))
    told = target.likelihood(paths)
    assert np.ptp(wanted) > 1.0
    assert told - told[0] == pytest.approx(wanted - wanted[0], abs=1e-8)
    assert {each.scale for each in seen.fitted} == {"log", "linear"}
    assert sum(target.lengths) == target.residuals(places).shape[1]


def test_a_member_that_leaves_the_finite_numbers_is_no_candidate(
    whole: tuple[Posterior, evidence.Evidence],
) -> None:
    target, _ = whole
    paths, _ = target.simulation(np.zeros((2, len(target.simulation.priors))))
    paths[:, 1] = np.nan
    told = target.likelihood(paths)
    assert np.isfinite(told[0])
    assert not np.isfinite(told[1])
