"""Experiment files and a small catalogue of constants."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim import plan
from sim.errors import InputError
from sim.plan import MemberTable
from sim.source.catalogue import Variable

RANGES = {"Place": ("the Coast", "Inland", "Town")}
HEAD = "schema: experiment/1\nid: trial\nname: {en: Trial}\n"
Read = Callable[[str], MemberTable]


def constant(
    name: str,
    value: float | list[float],
    low: float | list[float] | None = None,
    high: float | list[float] | None = None,
    grade: str = "C",
    kind: str = "constant",
) -> Variable:
    numbers = np.array(value, dtype=np.float64)
    dims = ("Place",) if numbers.ndim else ()
    ends = [None if end is None else np.array(end, dtype=np.float64) for end in (low, high)]
    return Variable(
        id=name.replace(" ", "_"), name=name, dims=dims, shape=numbers.shape, units="1",
        description="", kind=kind, value=numbers if kind == "constant" else None,
        low=ends[0], high=ends[1], sources=(), assumption="", grade=grade, chapter="x", line=1,
    )  # fmt: skip


VARIABLES = {
    each.id: each
    for each in (
        constant("birth rate", 0.02, 0.01, 0.04, "B"),
        constant("growth", 0.0, -0.02, 0.03, "D"),
        constant("fixed", 1.0, 1.0, 1.0),
        constant("bare", 5.0),
        constant("weights", [0.5, 0.3, 0.2], [0.4, 0.2, 0.1], [0.6, 0.4, 0.3], "D"),
        constant("start", 2026.0, 2020.0, 2040.0),
        constant("people", 0.0, kind="stock"),
    )
}


@pytest.fixture(name="sampled")
def _sampled(tmp_path: Path) -> Read:
    def read(body: str) -> MemberTable:
        path = tmp_path / "trial.yaml"
        path.write_text(HEAD + "outputs: [people]\n" + body, encoding="utf-8")
        return plan.members(plan.load(path), VARIABLES, RANGES)

    return read


@pytest.fixture(name="complaints")
def _complaints(sampled: Read) -> Callable[[str], list[tuple[str, int, str]]]:
    def told(body: str) -> list[tuple[str, int, str]]:
        with pytest.raises(InputError) as error:
            sampled(body)
        return [(each.code, each.line, each.hint) for each in error.value.problems]

    return told
