"""Scenario files written for a test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import InputError, Problem
from sim.scenario import Scenario, load

HEAD = "schema: scenario/1\nid: {id}\nname: {{en: Test}}\n"


@pytest.fixture
def wrote(tmp_path: Path) -> Callable[..., Path]:
    """Writes `id.yaml` with the head that every scenario has (4th line: what is given)."""

    def write(id_: str, body: str = "") -> Path:
        path = tmp_path / f"{id_}.yaml"
        path.write_text(HEAD.format(id=id_) + body, encoding="utf-8")
        return path

    return write


@pytest.fixture
def loaded(wrote: Callable[..., Path]) -> Callable[[str], Scenario]:
    """The scenario with this body."""
    return lambda body: load(wrote("test", body))


@pytest.fixture
def problems(wrote: Callable[..., Path]) -> Callable[[str], tuple[Problem, ...]]:
    """What is wrong with this body."""

    def found(body: str) -> tuple[Problem, ...]:
        path = wrote("test", body)
        with pytest.raises(InputError) as error:
            load(path)
        return error.value.problems

    return found
