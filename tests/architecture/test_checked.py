"""The checks of types and shapes are there: what is wrong is refused while tests run."""

from pathlib import Path as File
from types import SimpleNamespace

import jaxtyping
import numpy as np
import pytest
from beartype.roar import BeartypeCallHintParamViolation, BeartypeCallHintReturnViolation

from calibration.scores import errors
from sim import ir, path, units
from sim.store import folder

THREE, FOUR = np.zeros(3), np.zeros(4)
REFUSED = {
    "sizes of one name differ": lambda: errors(THREE, FOUR),
    "a dimension too many": lambda: errors(THREE[None], THREE[None]),
    "another type of number": lambda: errors(THREE.astype(np.float32), THREE),
    "sizes of a dataclass's fields differ": lambda: path.Path(THREE, FOUR),
    "an array that is none": lambda: path.Path([0.0], THREE),  # type: ignore[arg-type]
    "a plain argument": lambda: ir.identifier(3),  # type: ignore[arg-type]
    "a plain field": lambda: folder.Stored("x", {}, None),  # type: ignore[arg-type]
    "a method of the class that it names": lambda: units.named("kg") / 3,  # type: ignore[operator]
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_such_thing_is_refused(case: str) -> None:
    with pytest.raises((BeartypeCallHintParamViolation, jaxtyping.TypeCheckError)):
        REFUSED[case]()


def test_an_answer_of_another_type_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    three = SimpleNamespace(sub=lambda *_: SimpleNamespace(strip=lambda _: 3))
    monkeypatch.setattr(ir, "re", three)
    with pytest.raises(BeartypeCallHintReturnViolation):
        ir.identifier("asked by no other test")  # it keeps its answers


def test_what_is_right_passes() -> None:
    assert errors(THREE, THREE + 1).mean == -1
    assert path.flat(2.0).at(THREE).tolist() == [2, 2, 2]
    assert File(folder.name("a run", {})).name.startswith("a_run-")
