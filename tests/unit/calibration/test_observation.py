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
        "switches": [
            {"constant": "idle", "cases": [{"id": "own", "value": 3, "name": {"en": "own"}}]}
        ],
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


def test_structures_are_all_combinations_of_the_switches() -> None:
    said = observation.load().structures
    assert said[0].id == "own"
    assert len(said) == len({each.id for each in said}) == 18
    values = {tuple(sorted(each.set.items())) for each in said}
    assert len(values) == 18
    both = next(each for each in said if each.id == "roads_none-return_wide")
    assert both.set["road_effect_case"] == 0
    assert both.set["support_productivity_case"] == 1
    assert both.set["social_return_case"] == 2
    assert both.name["nb"] == "Veg: ingen effekt; Forskning: stor avkastning for andre"


def test_errors_are_scaled_and_nothing_else() -> None:
    said = observation.load()
    longer = said.scaled(memory=2.0, drift=0.5, level=3.0)
    for own, other in zip(said.series, longer.series, strict=True):
        assert other.memory == 2.0 * own.memory
        assert other.drift == 0.5 * own.drift
        assert other.level == 3.0 * own.level
        assert other.error == own.error
    assert longer.others.drift == 0.5 * said.others.drift
