"""Flat tables: which columns, and what they are called."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.commands.simulate import split
from sim.errors import InputError
from sim.run.columns import chosen
from sim.source import Source, load
from tests.frames import frame

TEXT = """{UTF-8}
Kind: "raw, fresh", smoked ~~|
Place: here, there ~~|
catch[Kind, Place] = 1, 2; 3, 4; ~~|
"price [per kg]" = 5 ~~|
curve( (0,0),(1,1) ) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 1 ~~|
TIME STEP = 1 ~~|
SAVEPER = 1 ~~|
"""


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "fish.mdl"
    path.write_text(TEXT)
    return load(path)


def test_every_variable_but_lookups(source: Source) -> None:
    columns = chosen(source, None)
    assert "curve" not in columns
    assert columns["catch"][1] == 'catch["raw, fresh",there]'
    assert columns["time_step"] == ["TIME STEP"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("catch[smoked,here]", ["catch[smoked,here]"]),
        ("Catch[ SMOKED , there ]", ["catch[smoked,there]"]),
        ('"price [per kg]"', ['"price [per kg]"']),
        ("price_per_kg", ['"price [per kg]"']),
    ],
)
def test_elements_by_label_or_id(source: Source, asked: str, given: list[str]) -> None:
    (columns,) = chosen(source, [asked]).values()
    assert columns == given


def test_what_is_not_there_is_told_at_once(source: Source) -> None:
    with pytest.raises(InputError) as caught:
        chosen(source, ["ctach", "catch[fried,here]", "curve", "catch[smoked]"])
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["unknown-name", "unknown-subscript", "lookup-output", "unknown-subscript"]


def test_the_last_subscript_runs_fastest(source: Source) -> None:
    values = {"catch": np.arange(8.0).reshape(2, 2, 2)}
    table = frame(source, np.array([0.0, 1.0]), values)
    assert table["catch[smoked,here]"].tolist() == [2.0, 6.0]
    assert table.index.name == "time"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a,b", ["a", "b"]),
        (" a , b[x, y] ,", ["a", "b[x, y]"]),
        ('"a, b",c["d,e",f]', ['"a, b"', 'c["d,e",f]']),
        ("", []),
    ],
)
def test_names_between_commas(text: str, parts: list[str]) -> None:
    assert split(text) == parts
