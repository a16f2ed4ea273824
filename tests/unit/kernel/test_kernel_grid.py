from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import InputError
from sim.ir import Control, Series
from sim.kernel.grid import lay, read


def test_time_is_added_up_as_pysd_does_it():
    grid = lay(Control(0.0, 1.0, 0.1, 1.0), None)
    summed = [0.0]
    while len(summed) < 11:
        summed.append(summed[-1] + 0.1)
    assert grid.times.tolist() == summed
    assert grid.times[-1] != 1.0
    assert grid.labels.tolist() == [0.0, 1.0]


def test_a_step_that_does_not_divide_the_run_goes_past_its_end():
    assert lay(Control(0.0, 1.0, 0.4, 0.4), None).labels.tolist() == [0.0, 0.4, 0.8, 1.2]


def test_saving_below_the_step_saves_every_step():
    assert len(lay(Control(0.0, 4.0, 1.0, 0.5), None).saved) == 5


def test_asked_moments_come_sorted_and_once():
    grid = lay(Control(2008.0, 2050.0, 0.125, 1.0), [2033.0, 2022.0, 2022.0])
    assert grid.labels.tolist() == [2022.0, 2033.0]
    assert grid.times[grid.saved].tolist() == [2022.0, 2033.0]
    assert np.flatnonzero(grid.slots >= 0).tolist() == grid.saved.tolist()


def test_moments_off_the_steps_are_all_named():
    with pytest.raises(InputError) as caught:
        lay(Control(0.0, 10.0, 0.25, 1.0), [1.0, 1.1, 11.0])
    assert [problem.code for problem in caught.value.problems] == ["save-time", "save-time"]


@pytest.mark.parametrize(
    "control",
    [Control(0.0, 1.0, 0.0, 1.0), Control(0.0, 1.0, -1.0, 1.0), Control(0.0, math.inf, 1.0, 1.0),
     Control(1e20, 2e20, 1.0, 1.0), Control(0.0, 1.0, 1.0, 0.0), Control(0.0, 1.0, math.nan, 1.0)],
)  # fmt: skip
def test_time_that_cannot_run_is_refused(control: Control):
    with pytest.raises(InputError):
        lay(control, None)


def test_a_run_may_end_where_it_starts():
    assert lay(Control(5.0, 5.0, 1.0, 1.0), None).labels.tolist() == [5.0]


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("interpolate", [1.0, 1.0, 2.0, 3.0, 5.0, 5.0]),
        ("hold_backward", [1.0, 1.0, 1.0, 3.0, 5.0, 5.0]),
        ("look_forward", [1.0, 1.0, 3.0, 3.0, 5.0, 5.0]),
        ("raw", [math.nan, 1.0, math.nan, 3.0, 5.0, math.nan]),
    ],
)
def test_paths_are_read_before_at_between_and_after_their_knots(
    reading: str, expected: list[float]
):
    path = Series("path", (1.0, 2.0, 3.0), (1.0, 3.0, 5.0), reading)
    times = np.array([0.0, 1.0, 1.5, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(read(path, times), expected)
