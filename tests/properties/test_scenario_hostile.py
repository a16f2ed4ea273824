"""Whatever stands in a file, reading it ends in a scenario or in an InputError."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.errors import InputError, Problem
from sim.project import SCENARIOS
from sim.scenario import load
from sim.scenario.document import parse

BUNDLED = (SCENARIOS / "ocean_push.yaml").read_text(encoding="utf-8")
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("text") / "any.yaml"


def faults(read: Callable[[], object]) -> tuple[Problem, ...]:
    """What is wrong, () if nothing is; any other error goes through and fails the test."""
    try:
        read()
    except InputError as error:
        return error.problems
    return ()


def reads(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    for problem in faults(lambda: load(file)):
        assert str(problem).isprintable()


@QUICK
@given(st.binary(max_size=200))
def test_any_bytes(file: Path, content: bytes) -> None:
    reads(file, content)


@QUICK
@given(st.text(max_size=200))
@example("a: &a [*a]")
@example("\x85: 1")
@example('"\\x')
def test_any_text(text: str) -> None:
    assert len(faults(lambda: parse(text).root.plain())) <= 1


SIGNS = st.text(st.sampled_from("{}[],:&*!|>'\"%@`#?-~ \n\tae01.\\<=u\x00é\u202e"), max_size=60)


@QUICK
@given(SIGNS)
def test_any_text_made_of_the_signs_of_yaml(text: str) -> None:
    assert len(faults(lambda: parse(text).root.plain())) <= 1


@QUICK
@given(st.integers(0, len(BUNDLED)), st.integers(0, 40), SIGNS)
def test_a_sound_file_with_a_piece_torn_out_and_another_put_in(
    file: Path, start: int, length: int, piece: str
) -> None:
    text = BUNDLED[:start] + piece + BUNDLED[start + length :]
    reads(file, text.encode("utf-8", "surrogatepass"))


WORDS = st.sampled_from(
    ["schema", "scenario/1", "id", "name", "en", "nb", "no", "extends", "baseline", "levers",
     "effort", "research.ocean_space", "competence.*", "*.*", "set", "add", "scale", "interp",
     "step", "2026", "2030", "1990", "budget", "per_year_max", "funds", "covers", "goals",
     "external", "salmon_price_factor", "district_share_of_effort", "path", "number", "cells"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@QUICK
@given(st.dictionaries(WORDS, VALUES, max_size=6))
def test_any_tree_of_the_right_words(file: Path, tree: dict[str, object]) -> None:

    reads(file, json.dumps(tree).encode())
