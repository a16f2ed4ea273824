"""What does not fit is refused, or handled as the experiment says; never in silence."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from SALib.analyze import sobol as sobol_analyser

from sim.errors import InputError
from sim.plan.design import problem
from sim.sensitivity import Sample, indices
from tests.unit.sensitivity.conftest import ISHIGAMI_TOTAL, Make, ishigami


def with_policy(sample: Sample, policy: str, at_most: float = 0.05) -> Sample:
    return replace(sample, design=replace(sample.design, failed=policy, at_most=at_most))


def code(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.problems[0].code


def test_one_missing_number_makes_salib_say_zero_and_us_refuse(make: Make) -> None:
    sample = make("sobol")
    values = ishigami(sample.cube)
    values[17] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = sobol_analyser.analyze(problem(sample.design), values, calc_second_order=False)
    assert (told["S1"] == 0.0).all()
    assert (told["ST"] == 0.0).all()
    with pytest.raises(InputError) as error:
        indices(sample, values[:, None])
    assert code(error) == "members-failed"


def test_a_failed_member_counts_though_its_numbers_are_finite(make: Make) -> None:
    sample = make("sobol")
    failed = np.zeros(len(sample.cube), dtype=bool)
    failed[3] = True
    with pytest.raises(InputError) as error:
        indices(sample, ishigami(sample.cube)[:, None], failed)
    assert "1 of 1,280 members" in str(error.value)


@pytest.mark.parametrize(("kind", "n", "block"), [("sobol", 256, 5), ("morris", 50, 4)])
def test_quarantine_takes_the_whole_block(make: Make, kind: str, n: int, block: int) -> None:
    sample = with_policy(make(kind, n=n, levels=4 if kind == "morris" else 0), "quarantine")
    values = ishigami(sample.cube)[:, None]
    values[[block, block + 1, 7 * block]] = np.nan
    got = indices(sample, values)
    assert (got.left_out, got.failed, got.members) == (2 * block, 3, len(values) - 2 * block)
    assert not got.fallback
    # As if these blocks had never been.
    kept = np.delete(
        np.arange(len(values)), [*range(block, 2 * block), *range(7 * block, 8 * block)]
    )
    fewer = replace(sample.design, n=n - 2)
    short = Sample(fewer, sample.cube[kept], sample.places[kept])
    np.testing.assert_allclose(got.importance, indices(short, values[kept]).importance)


def test_quarantine_has_a_limit(make: Make) -> None:
    sample = with_policy(make("sobol"), "quarantine", at_most=0.01)
    values = ishigami(sample.cube)[:, None]
    values[::100] = np.nan
    with pytest.raises(InputError, match="13 of 256 blocks"):
        indices(sample, values)


def test_given_data_is_the_fallback_and_says_so(make: Make) -> None:
    sample = with_policy(make("sobol", n=1024), "given_data")
    values = ishigami(sample.cube)[:, None]
    values[::97] = np.inf
    got = indices(sample, values)
    assert (got.estimator, got.fallback) == ("given_data", True)
    assert got.members < 2048, "only independent members: the first and last of each block"
    np.testing.assert_allclose(got.over_time["first"], [0.31, 0.44, 0.0], atol=0.08)
    assert got.over_time["first"][2] < ISHIGAMI_TOTAL[2] / 2


def test_fast_can_spare_no_member(make: Make) -> None:
    sample = with_policy(make("fast"), "quarantine")
    values = ishigami(sample.cube)[:, None]
    values[0] = np.nan
    with pytest.raises(InputError, match="can spare none"):
        indices(sample, values)


def test_a_sample_of_one_kind_is_not_analysed_as_another(make: Make) -> None:
    sample = make("lhs")
    with pytest.raises(InputError) as error:
        indices(sample, ishigami(sample.cube)[:, None], estimator="sobol")
    assert code(error) == "mixed-design"
    sobol = make("sobol")
    given = indices(sobol, ishigami(sobol.cube)[:, None], estimator="given_data")
    assert given.estimator == "given_data"


def test_a_wrong_number_of_members_is_refused(make: Make) -> None:
    sample = make("sobol")
    with pytest.raises(InputError) as error:
        indices(sample, ishigami(sample.cube)[:-5, None])
    assert code(error) == "wrong-length"


def test_a_sample_that_cannot_be_made_again_is_refused(make: Make) -> None:
    design = replace(make("sobol").design, cube="0" * 64)
    with pytest.raises(InputError) as error:
        Sample.of(design)
    assert code(error) == "other-sample"


@pytest.mark.parametrize(
    ("kind", "n"),
    [("sobol", 64), ("morris", 10), ("fast", 65), ("lhs", 100), ("pawn", 100), ("delta", 100),
     ("dgsm", 20), ("ff", 0), ("rbd_fast", 100), ("hdmr", 300)],
)  # fmt: skip
def test_a_constant_outcome_has_no_indices_rather_than_zero(make: Make, kind: str, n: int) -> None:
    sample = make(kind, n=n, levels=4 if kind == "morris" else 0)
    rounding = 0.1 + np.resize([0.0, 1e-17, 2e-17], len(sample.cube))
    still = 5e7 * (1.0 + rounding * 1e-16)
    got = indices(sample, np.stack([still, ishigami(sample.cube)], axis=1))
    assert got.constant.tolist() == [True, False]
    headline = got.measures[got.headline]
    assert np.isnan(headline[:, 0]).all()
    assert np.isfinite(headline[:, 1]).all()
    assert np.isfinite(got.importance).all()
    nothing = indices(sample, still[:, None])
    assert np.isnan(nothing.importance).all()
