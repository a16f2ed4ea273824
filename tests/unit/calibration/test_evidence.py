from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from test_observation import written

from calibration import evidence, observation
from calibration.observation import Observation
from sim.errors import InputError
from sim.run.model import Model

Write = Callable[[str], object]


def history(*rows: tuple[str, float, float, str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"outcome": outcome, "element": "", "year": year, "value": value,
             "unit": "persons", "source_id": source, "grade": grade, "note": ""}
            for outcome, year, value, source, grade in rows
        ]
    )  # fmt: skip


def observed(**entry: object) -> Observation:
    series = {
        "outcome": "people", "definition": "all", "region": "here", "source_id": ["S", "T"],
        "error": 0.02, "level": 0.03, "drift": 0.04, "memory": 2, "reason": "assumption: a test",
    }  # fmt: skip
    return Observation.model_validate({**written(), "series": [series | entry]})


def test_errors_add_up_to_a_covariance(growth: Model) -> None:
    seen = evidence.gather(
        history(
            ("people", 2010, 100, "S", "A"),
            ("people", 2012, 110, "S", "C"),
            ("people", 2012, 112, "T", "A"),
            ("people", 2020, 120, "S", "A"),
        ),
        observed(),
        growth.source,
    )
    (series,) = seen.series
    at = {key: place for place, key in enumerate(zip(series.sources, series.years, strict=True))}
    cover = series.covariance
    first, second, other = at["S", 2010], at["S", 2012], at["T", 2012]
    assert cover[first, first] == pytest.approx(0.02**2 + 0.03**2 + 0.04**2)
    assert cover[second, second] == pytest.approx(0.03**2 + 0.03**2 + 0.04**2)
    assert cover[first, second] == pytest.approx(0.03**2 + 0.04**2 * np.exp(-1))
    assert cover[second, other] == pytest.approx(0.04**2)
    assert series.held.tolist() == [year > 2018 for year in series.years]
    assert np.linalg.eigvalsh(cover).min() > 0


def test_a_break_starts_a_new_level(growth: Model) -> None:
    rows = history(("people", 2010, 100, "S", "A"), ("people", 2012, 110, "S", "A"))
    (whole,) = evidence.gather(rows, observed(), growth.source).series
    (cut,) = evidence.gather(rows, observed(breaks=[2011]), growth.source).series
    assert whole.covariance[0, 1] - cut.covariance[0, 1] == pytest.approx(0.03**2)


def test_two_year_means_pair_years_of_one_source(growth: Model) -> None:
    rows = history(
        ("people", 2007, 80, "S", "A"),
        ("people", 2008, 100, "S", "A"),
        ("people", 2009, 120, "S", "A"),
        ("people", 2011, 140, "S", "A"),
    )
    (series,) = evidence.gather(rows, observed(mean_of=2), growth.source).series
    assert series.years.tolist() == [2008, 2009]
    assert series.observed.tolist() == [90, 110]
    path = np.array([[10.0], [30.0], [50.0]])
    # The first year of a run stands for itself.
    told = series.predicted(path[:, :, None], {"people": 0})
    assert np.exp(told)[0].tolist() == pytest.approx([10, 20])


def test_rows_beyond_the_run_are_no_numbers(growth: Model) -> None:
    rows = history(("people", 2008, 80, "S", "A"), ("people", 2010, 100, "S", "A"))
    (series,) = evidence.gather(rows, observed(), growth.source).series
    path = np.array([[[10.0]], [[30.0]]])
    assert np.isnan(series.predicted(path, {"people": 0})).tolist() == [[False, True]]


def test_rows_of_other_sources_are_left_out_and_told(growth: Model) -> None:
    rows = history(("people", 2010, 100, "S", "A"), ("people", 2011, 1, "X", "A"))
    seen = evidence.gather(rows, observed(), growth.source)
    assert seen.series[0].observed.tolist() == [100]
    assert seen.left_out == ("people : sources X".replace(" :", ":"),) or "X" in seen.left_out[0]


def test_everything_wrong_is_told_at_once(growth: Model) -> None:
    rows = history(("peple", 2010, 100, "S", "A"))
    with pytest.raises(InputError) as error:
        evidence.gather(rows, observed(), growth.source)
    codes = {problem.code for problem in error.value.problems}
    assert codes == {"no-observations", "unknown-outcome"}
    assert "did you mean 'people'?" in str(error.value)


def test_a_target_that_was_not_observed_is_refused(growth: Model, said: Observation) -> None:
    rows = history(("people", 2010, 100, "S", "A"))
    with pytest.raises(InputError, match="people"):
        evidence.gather(rows, said, growth.source, only=["peopl"])


def test_a_figure_below_zero_needs_a_linear_scale(growth: Model) -> None:
    rows = history(("people", 2010, -1, "S", "A"))
    with pytest.raises(InputError, match="linear"):
        evidence.gather(rows, observed(), growth.source)
    evidence.gather(rows, observed(scale="linear"), growth.source)


def test_the_project_s_own_history_has_an_observation_model() -> None:
    from calibration import targets
    from sim.run.model import load_model

    seen = evidence.gather(targets.load(), observation.load(), load_model().source)
    assert [each.name for each in seen.series if not each.own] == []
    assert not seen.left_out


def test_sources_that_count_alike_share_their_level(growth: Model) -> None:
    rows = history(("people", 2010, 100, "S", "A"), ("people", 2011, 100, "T", "A"))
    (one,) = evidence.gather(rows, observed(level=0.5), growth.source).series
    together = observed(level=0.5, alike=[["S", "T"]])
    (other,) = evidence.gather(rows, together, growth.source).series
    assert one.covariance[0, 1] < 0.25 < other.covariance[0, 1]
    assert len(set(one.definitions)) == 2
    assert len(set(other.definitions)) == 1
