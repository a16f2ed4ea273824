from itertools import pairwise

import matplotlib as mpl
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from reports import style


@given(st.lists(st.floats(-10, 10), max_size=12), st.floats(0.01, 2))
def test_names_are_moved_apart_and_keep_their_order(wanted: list[float], gap: float) -> None:
    placed = style.apart(wanted, gap, -10.0, 10.0)
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    for low, high in pairwise(order):
        assert placed[high] - placed[low] >= gap - 1e-9


@given(st.lists(st.floats(-10, 10), max_size=12), st.floats(0.01, 1))
def test_names_stay_inside_as_long_as_there_is_room(wanted: list[float], gap: float) -> None:
    placed = style.apart(wanted, gap, -10.0, 10.0)
    assert all(-10 - 1e-9 <= each <= 10 + 1e-9 for each in placed)


@given(st.integers(1, 8), st.floats(0.01, 1))
def test_names_with_room_stay_where_they_are(count: int, gap: float) -> None:
    wanted = [at * gap * 1.5 for at in range(count)]
    assert style.apart(wanted, gap, 0.0, 15.0) == wanted


def test_colours_and_dashes_together_tell_18_scenarios_apart() -> None:
    assert len({(style.colour(at), str(style.dash(at))) for at in range(18)}) == 18


def test_a_users_own_matplotlib_settings_stay_out_and_are_given_back() -> None:
    mpl.rcParams["lines.linewidth"] = 9.0
    with style.sheet():
        assert mpl.rcParams["lines.linewidth"] == 1.4
    assert mpl.rcParams["lines.linewidth"] == 9.0
    mpl.rcdefaults()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0, 0.4))
def test_an_axis_for_bars_holds_zero_and_every_value(values: list[float], room: float) -> None:
    low, high = style.span(pd.Series(values), room=room)
    assert low <= min(0.0, *values)
    assert high >= max(0.0, *values)
    assert low < high
