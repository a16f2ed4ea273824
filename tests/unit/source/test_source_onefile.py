"""A model of chapters as one file."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.ir import Series
from sim.run.written import replaced
from sim.source import load
from sim.source.onefile import onefile

CHAPTER = """R: x, y ~~|

given[R] = 1, 2
	~	m [0,9]
	~	What is given. [assumption: test; grade: D]
	|
kept = SUM(given[R!])
	~	m
	~	Nothing replaces it.
	|
"""
CONTROL = "".join(
    f"{name} = {value} ~ year ~ |\n"
    for name, value in (
        ("INITIAL TIME", 0),
        ("FINAL TIME", 4),
        ("TIME STEP", 0.25),
        ("SAVEPER", 0.25),
    )
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "order.txt").write_text("one.mdl\n")
    (tmp_path / "one.mdl").write_text(CHAPTER)
    (tmp_path / "control.mdl").write_text(CONTROL)
    return tmp_path


def rerun(folder: Path, given: dict[str, Series | float]) -> np.ndarray:
    path = folder / "out.mdl"
    path.write_text(onefile(load(folder), {"given": given}, "Title"), "utf-8")
    return sim.load_model(path).run(None, outputs=["given"])["given"].values


def test_numbers_take_the_place_of_an_equation(folder: Path) -> None:
    found = rerun(folder, {"given[x]": 0.1, "given[y]": -3e-7})
    assert np.all(found == [0.1, -3e-7])


def test_what_is_alike_for_all_elements_is_written_once(folder: Path) -> None:
    text = onefile(load(folder), {"given": {"given[x]": 5.0, "given[y]": 5.0}}, "Title")
    assert "given[R] = 5\n" in text
    assert "~\tm [0,9]" in text
    assert "What is given." in text


def test_lines_run_straight_between_points_and_flat_outside(folder: Path) -> None:
    straight = Series("given[x]", (1.0, 3.0), (10.0, 20.0))
    found = rerun(folder, {"given[x]": straight, "given[y]": 1.0})[:, 0]
    assert np.all(found == np.interp(np.arange(0, 4.1, 0.25), [1, 3], [10, 20]))


@pytest.mark.parametrize(
    ("reading", "expected"), [("hold_backward", [1, 1, 2, 2, 7]), ("look_forward", [1, 2, 2, 7, 7])]
)
def test_steps_stay_steps_at_every_time_of_the_model(
    folder: Path, reading: str, expected: list[float]
) -> None:
    steps = Series("given[x]", (0.5, 1.5, 2.5), (1.0, 2.0, 7.0), reading)
    found = rerun(folder, {"given[x]": steps, "given[y]": 1.0})[:, 0]
    assert found[[0, 3, 6, 9, 12]].tolist() == expected
    assert set(found.tolist()) == {1.0, 2.0, 7.0}


def test_pysd_gives_the_same_with_data_in_a_file_and_in_the_text(folder: Path) -> None:
    (folder / "d.csv").write_text("year,rate\n0,1\n1.3,4\n3,2\n")
    (folder / "one.mdl").write_text(
        "read := GET DIRECT DATA('d.csv', ',', 'A', 'B2')\n~ 1/year\n~ Read.\n|\n"
        "stock = INTEG(read * stock, 1)\n~ m\n~ Grows.\n|\n"
    )
    model = sim.load_model(folder)
    inputs, _ = model.inputs(None)
    path = folder / "out.mdl"
    path.write_text(onefile(model.source, replaced(model.source, inputs), "Title"), "utf-8")
    apart = sim.load_model(path)
    assert apart.source.files == ()
    for engine in ("pysd", "fast"):
        whole = model.run(None, engine=engine)
        np.testing.assert_allclose(apart.run(None, engine=engine)["stock"], whole["stock"], 1e-13)


def test_points_without_values_between_them_are_refused(folder: Path) -> None:
    raw = Series("given[x]", (0.0, 1.0), (1.0, 2.0), "raw")
    with pytest.raises(InputError, match="no values between its points"):
        rerun(folder, {"given[x]": raw, "given[y]": 1.0})
