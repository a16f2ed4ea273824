from pathlib import Path
from typing import Any

import pytest

from calibration import observation, targets
from sim.errors import InputError


def written() -> dict[str, Any]:
    return {
        "schema": "observation/1", "fit_until": 2018, "degrees": 4,
        "grades": {"A": 1, "B": 2, "C": 1.5},
        "others": {"error": 0.03, "level": 0.05, "drift": 0.05},
        "structures": [{"id": "own", "set": {"idle": 3}, "name": {"en": "own"}}],
        "series": [],
    }  # fmt: skip


def test_the_own_file_names_the_sources_of_the_history() -> None:
    said, history = observation.load(), targets.load()
    for entry in said.series:
        mine = history[
            (history["outcome"] == entry.outcome) & (history["element"] == entry.element)
        ]
        assert set(mine["source_id"]) == set(entry.source_id), entry.outcome
        assert entry.reason.startswith("assumption: ")


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "observation.yaml"
    text = observation.FILE.read_text("utf-8")
    text = text.replace("degrees: 4", "degrees: one").replace("error: 0.004", "eror: 0.004")
    file.write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        observation.load(file)
    lines = [problem.line for problem in error.value.problems]
    assert len(lines) >= 3
    assert all(lines)
    assert "did you mean 'error'?" in str(error.value)
