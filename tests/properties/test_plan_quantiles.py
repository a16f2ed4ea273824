"""Distributions: finite, rising with the place, within their bounds, as SciPy has them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy import stats

from sim.plan import quantiles
from sim.scenario.distribution import Distribution, Drawn

READ: TypeAdapter[Drawn] = TypeAdapter(Distribution)
numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 6))
widths = st.floats(1e-3, 1e6)
places = st.lists(st.floats(0.0, 1.0), min_size=2, max_size=20).map(
    lambda each: np.array(sorted([0.0, 1.0, *each]))
)


@st.composite
def distributions(draw: st.DrawFn) -> dict[str, Any]:
    low, width = draw(numbers), draw(widths)
    high = low + width
    mode = min(max(low + draw(st.floats(0.0, 1.0)) * width, low), high)
    positive = draw(st.floats(1e-6, 1e6))
    ends = {"low": low, "high": high}
    cut = draw(st.sampled_from([{}, {"low": low}, {"high": high}, ends]))
    positive_cut = draw(
        st.sampled_from([{}, {"low": positive / 3}, {"high": positive * 5}, {"low": -1.0},
                         {"low": positive * 1e3}, {"high": positive / 1e3}])
    )  # fmt: skip
    return draw(
        st.sampled_from(
            [
                {"distribution": "uniform", **ends},
                {"distribution": "log_uniform", "low": positive, "high": positive * (1 + width)},
                {"distribution": "triangular", **ends, "mode": mode},
                {"distribution": "pert", **ends, "mode": mode},
                {"distribution": "beta", **ends, "a": draw(st.floats(0.1, 50)), "b": 2.0},
                {"distribution": "normal", "mean": draw(numbers), "sd": draw(widths), **cut},
                {"distribution": "log_normal", "median": positive,
                 "sigma": draw(st.floats(0.01, 3)), **positive_cut},
                {"distribution": "integer", "low": -3, "high": draw(st.integers(-2, 1000))},
                {"distribution": "category", "values": [low, high, high], "weights": [1.0, 2, 5]},
                {"distribution": "switch", "probability": draw(st.floats(0.0, 1.0))},
                {"distribution": "date", "low": "2026-02-28", "high": "2027-03"},
            ]
        )
    )  # fmt: skip


@given(distributions(), places)
def test_values_are_finite_rise_and_keep_their_bounds(said: dict[str, Any], u: np.ndarray) -> None:
    drawn = READ.validate_python(said)
    values = quantiles.values(drawn, u)
    assert np.isfinite(values).all()
    if said["distribution"] != "category":  # whose values stand in the order given
        room = 1e-12 * np.abs(values).max()
        assert (np.diff(values) >= -room).all()
    ends = drawn.ends() or (said.get("low", -np.inf), said.get("high", np.inf))
    assert values.min() >= ends[0]
    assert values.max() <= ends[1]


@given(
    value=st.floats(-100, 100), below=st.floats(0.0, 50), above=st.floats(0.01, 50),
    grade=st.sampled_from(["A", "B", "C", "D", ""]), u=places,
)  # fmt: skip
def test_by_grade_stays_in_the_range_and_rises(
    value: float, below: float, above: float, grade: str, u: np.ndarray
) -> None:
    low, high = value - below, value + above
    values = quantiles.by_grade(value, low, high, grade, u)
    assert np.isfinite(values).all()
    assert (values >= low).all()
    assert (values <= high).all()
    assert (np.diff(values) >= -1e-9 * max(abs(low), abs(high))).all()


@given(st.floats(0.02, 0.9), st.sampled_from(["A", "C", "D"]))
def test_by_grade_has_the_value_as_median_and_is_flatter_the_weaker_the_evidence(
    value: float, grade: str
) -> None:
    low, high = value * 0.5, value + 0.5 * (1.0 - value)
    for wide, scale in ((1.0, 1.0), (1.0, 10.0)):
        ends = (value * scale * wide, low * scale, high * scale)
        assert quantiles.by_grade(*ends, grade, np.array([0.5]))[0] == pytest.approx(ends[0])
        middle = {
            each: np.ptp(quantiles.by_grade(*ends, each, np.array([0.25, 0.75])))
            for each in ("A", "C", "D")
        }
        assert middle["A"] < middle["C"] < middle["D"]


def test_a_range_that_starts_at_nothing_is_a_pert() -> None:
    u = np.linspace(0, 1, 11)
    strong = quantiles.by_grade(0.3, 0.0, 0.6, "A", u)
    said = {"distribution": "pert", "low": 0.0, "mode": 0.3, "high": 0.6}
    np.testing.assert_allclose(strong, quantiles.values(READ.validate_python(said), u))


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ({"distribution": "uniform", "low": -1, "high": 3}, stats.uniform(-1, 4)),
        ({"distribution": "log_uniform", "low": 0.1, "high": 10}, stats.loguniform(0.1, 10)),
        ({"distribution": "triangular", "low": 0, "mode": 1, "high": 4}, stats.triang(0.25, 0, 4)),
        ({"distribution": "pert", "low": 0, "mode": 1, "high": 4}, stats.beta(2, 4, 0, 4)),
        ({"distribution": "beta", "a": 2, "b": 5, "low": 1, "high": 3}, stats.beta(2, 5, 1, 2)),
        ({"distribution": "normal", "mean": 1, "sd": 2, "low": 0, "high": 2},
         stats.truncnorm(-0.5, 0.5, 1, 2)),
    ],
)  # fmt: skip
def test_quantiles_are_scipys(said: dict[str, Any], same: Any) -> None:
    u = np.linspace(0.001, 0.999, 101)
    found = quantiles.values(READ.validate_python(said), u)
    np.testing.assert_allclose(found, same.ppf(u), rtol=1e-9, atol=1e-12)


def test_an_endless_distribution_is_cut_far_out() -> None:
    u = np.array([0.0, 0.5, 1.0])
    normal = READ.validate_python({"distribution": "normal", "mean": 10, "sd": 1})
    found = quantiles.values(normal, u)
    np.testing.assert_allclose(found, [10 - 3.2905, 10, 10 + 3.2905], atol=1e-4)
    log = {"distribution": "log_normal", "median": 2, "sigma": 0.5}
    found = quantiles.values(READ.validate_python(log), u)
    np.testing.assert_allclose(np.log(found / 2) / 0.5, [-3.2905, 0, 3.2905], atol=1e-4)


@pytest.mark.parametrize(
    ("cut", "least", "most"),
    [
        ({}, -3.29, 3.29),
        ({"low": 3.0}, 3.0, 4.83),  # a thousandth of what lies beyond 3, not of all
        ({"low": -1e6}, -3.29, 3.29),  # hardly ever met: no design is sent there
        ({"low": -40.0, "high": -5.0}, -6.31, -5.0),
        ({"low": -1.0, "high": 2.0}, -1.0, 2.0),
    ],
)
def test_a_bound_cuts_and_a_far_one_does_not_stretch(
    cut: dict[str, float], least: float, most: float
) -> None:
    drawn = READ.validate_python({"distribution": "normal", "mean": 0.0, "sd": 1.0, **cut})
    u = np.linspace(0.0, 1.0, 2001)
    values = quantiles.values(drawn, u)
    assert values[[0, -1]] == pytest.approx([least, most], abs=0.01)
    ends = (cut.get("low", -np.inf), cut.get("high", np.inf))
    middle = u[100:1900]
    np.testing.assert_allclose(
        values[100:1900], stats.truncnorm.ppf(middle, *ends), atol=0.003, rtol=0.01
    )
