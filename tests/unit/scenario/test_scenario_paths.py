"""Paths: straight lines or steps between the knots, flat outside."""

import numpy as np
import pytest

from sim.path import added, as_lines, flat, mixed, scaled, through, together


def test_lines_between_flat_outside() -> None:
    path = through([(2020, 10.0), (2030, 20.0)])
    years = np.array([2000.0, 2020, 2022.5, 2030, 2050])
    assert path.at(years).tolist() == [10, 10, 12.5, 20, 20]


def test_steps_hold_until_the_next_year() -> None:
    path = through([(2020, 10.0), (2030, 20.0)], step=True)
    years = np.array([2000.0, 2020, 2029.875, 2030, 2050])
    assert path.at(years).tolist() == [10, 10, 10, 20, 20]


@pytest.mark.parametrize("step", [True, False])
def test_one_knot_is_a_constant(step: bool) -> None:
    path = through([(2030, 5.0)], step=step)
    assert path.constant
    assert path.at(np.array([1900.0, 2100.0])).tolist() == [5, 5]


def test_a_sum_has_the_knots_of_both() -> None:
    total = added(through([(2020, 0.0), (2030, 10.0)]), through([(2025, 0.0), (2035, 10.0)]))
    assert total.times.tolist() == [2020, 2025, 2030, 2035]
    assert total.values.tolist() == [0, 5, 15, 20]


def test_a_constant_goes_with_steps_and_with_lines() -> None:
    step = through([(2020, 1.0), (2030, 2.0)], step=True)
    assert added(flat(1.0), step).step
    assert added(step, flat(1.0)).step
    assert not mixed(flat(1.0), step)
    assert mixed(through([(2020, 1.0), (2030, 2.0)]), step)


def test_a_product_of_slopes_is_exact_at_whole_years() -> None:
    one, other = through([(2020, 0.0), (2030, 10.0)]), through([(2022, 1.0), (2026, 3.0)])
    product = scaled(one, other)
    years = np.arange(2015.0, 2041)
    np.testing.assert_allclose(product.at(years), one.at(years) * other.at(years), rtol=1e-14)


def test_steps_told_as_lines_are_the_same_at_every_step_of_the_model() -> None:
    step = through([(2020, 1.0), (2022, -3.0), (2030, 8.0)], step=True)
    years = np.arange(2008, 2050.0625, 0.0625)
    np.testing.assert_array_equal(as_lines(step).at(years), step.at(years))


def test_an_array_of_steps_stays_in_steps_and_a_mixed_one_becomes_lines() -> None:
    step = through([(2020, 1.0), (2030, 2.0)], step=True)
    line = through([(2025, 0.0), (2035, 10.0)])
    years = np.arange(2008, 2050.125, 0.125)
    both = together([step, line, flat(7.0)])
    assert not both.step
    assert together([step, flat(7.0)]).step
    assert together([flat(1.0), flat(7.0)]).constant
    expected = np.stack([step.at(years), line.at(years), np.full(len(years), 7.0)], axis=1)
    np.testing.assert_allclose(both.at(years), expected, rtol=1e-12)
