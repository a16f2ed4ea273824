"""Values at the start as variables of their own."""

from pathlib import Path

import pytest

import sim
from sim.source.starts import apart

TEXT = """{UTF-8}
R: x, y ~~|
s[R] = INTEG(s[R] * INITIAL(g), 2) ~ m ~ INITIAL(g) in words stays. |
g = 3 + Time ~ 1/year ~ |
all = SUM(s[R!] / INITIAL( s[R!] )) + INITIAL(G) + INITIAL(g + 1) ~ ~ |
kept = ACTIVE INITIAL(g, 1) ~ ~ |
whole[R] = INITIAL(s[R]) ~ m ~ |
INITIAL TIME = 0 ~ year ~ |
FINAL TIME = 2 ~ year ~ |
TIME STEP = 1 ~ year ~ |
SAVEPER = 1 ~ year ~ |
"""


@pytest.fixture
def lifted(tmp_path: Path) -> str:
    file = tmp_path / "m.mdl"
    file.write_text(TEXT, "utf-8")
    return apart(TEXT, sim.load_model(file).variables)


def test_each_is_one_equation_over_all_elements(lifted: str) -> None:
    assert "s[R] = INTEG(s[R] * g at the start, 2)" in lifted
    assert "SUM(s[R!] / s at the start[R!]) + g at the start + INITIAL(g + 1)" in lifted
    assert lifted.count("g at the start = INITIAL(g)") == 1
    assert lifted.count("s at the start[R] = INITIAL(s[R])") == 1


def test_words_and_whole_equations_stay(lifted: str) -> None:
    for line in TEXT.splitlines():
        if line.startswith(("kept", "whole", "g =", "INITIAL TIME")):
            assert line in lifted
    assert "~ INITIAL(g) in words stays." in lifted


def test_the_numbers_are_the_same(lifted: str, tmp_path: Path) -> None:
    (tmp_path / "n.mdl").write_text(lifted, "utf-8")
    after = sim.load_model(tmp_path / "n.mdl").run(None)
    before = sim.load_model(tmp_path / "m.mdl").run(None)
    for name in before:
        assert (after[name] == before[name]).all(), name
    assert after["g_at_the_start"].values.tolist() == [3, 3, 3]
