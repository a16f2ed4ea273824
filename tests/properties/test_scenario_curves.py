"""A path between its knots is what numpy.interp says, or the last knot before."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.path import as_lines, through, together

FINITE = st.floats(-1e6, 1e6)
KNOTS = st.dictionaries(st.integers(2008, 2050), FINITE, min_size=1, max_size=8).map(
    lambda knots: sorted(knots.items())
)
TIMES = st.lists(st.floats(1990, 2070), min_size=1, max_size=20).map(np.array)
GRID = np.arange(2008, 2050.0625, 0.0625)


@settings(deadline=None)
@given(KNOTS, TIMES)
def test_lines_are_numpys(knots: list[tuple[int, float]], times: np.ndarray) -> None:
    years, values = (np.array(part, dtype=float) for part in zip(*knots, strict=True))
    np.testing.assert_array_equal(through(knots).at(times), np.interp(times, years, values))


@settings(deadline=None)
@given(KNOTS, TIMES)
def test_a_step_is_the_last_knot_before(knots: list[tuple[int, float]], times: np.ndarray) -> None:
    expected = [
        next((value for year, value in reversed(knots) if year <= time), knots[0][1])
        for time in times
    ]
    assert through(knots, step=True).at(times).tolist() == expected


@settings(deadline=None)
@given(KNOTS)
def test_steps_as_lines_are_the_same_on_the_models_grid(knots: list[tuple[int, float]]) -> None:
    step = through(knots, step=True)
    np.testing.assert_array_equal(as_lines(step).at(GRID), step.at(GRID))


@settings(deadline=None)
@given(st.lists(st.tuples(KNOTS, st.booleans()), min_size=1, max_size=5))
def test_an_array_is_its_cells(cells: list[tuple[list[tuple[int, float]], bool]]) -> None:
    paths = [through(knots, step=step) for knots, step in cells]
    array = together(paths).at(GRID)
    for column, path in enumerate(paths):
        np.testing.assert_allclose(array[:, column], path.at(GRID), rtol=1e-9, atol=1e-6)
