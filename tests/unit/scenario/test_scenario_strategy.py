"""What the strategy says, and where each sentence is found in the model."""

from collections import Counter
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.scenario.catalogues import catalogues
from sim.scenario.sentences import StrategyFile
from sim.scenario.strategy import bundled, cells, checked, misfits, strategy
from sim.source import load


def changed(**parts: object) -> StrategyFile:
    """The bundled file with one sentence in which something is changed."""
    said = strategy().model_dump(by_alias=True)
    said["sentences"] = {"one": said["sentences"]["tool_research"] | parts}
    said["unused"] = ["*.*"]
    return StrategyFile.model_validate(said)


def codes(said: StrategyFile) -> list[str]:
    return [each.code for each in misfits(said, catalogues(), load().variables)]


def test_every_name_is_the_models_and_every_cell_is_accounted_for() -> None:
    assert misfits(strategy(), catalogues(), load().variables) == []


def test_all_that_the_strategy_says_is_there() -> None:
    said = strategy().sentences
    kinds = Counter(each.kind for each in said.values())
    assert kinds["strategy"] == 17
    assert kinds["advantage"] == 9
    goals = Counter(each.area for each in said.values() if each.kind == "goal")
    assert goals == {
        "bioeconomy": 3,
        "circular_economy": 2,
        "smart_communities": 2,
        "ocean_space": 2,
        "experience_industries": 3,
        "all": 4,
    }
    named = {own.removeprefix("tool_") for own, each in said.items() if each.kind == "tool"}
    assert set(catalogues().ranges["tool"]) <= named
    for condition in ("climate_transition", "climate_biology", "balanced_development"):
        assert condition in said


def test_every_row_is_said_in_both_languages() -> None:
    for own, each in strategy().sentences.items():
        for text in (each.says, each.works):
            assert text.en, own
            assert text.nb, own


def test_every_area_strategy_is_a_bundle_of_cells() -> None:
    found = bundled(strategy(), catalogues())
    assert len(found) == 17
    assert all(found.values())
    assert len(set(found.values())) == 17, "two strategies have the same bundle"


def test_patterns_name_cells_in_the_order_of_the_matrix() -> None:
    known = catalogues()
    assert cells(("*.ocean_space",), known)[:2] == (
        "infrastructure.ocean_space",
        "mobilisation.ocean_space",
    )
    assert len(cells(("*.*",), known)) == 45
    assert cells(("research", "research.nowhere"), known) == ()


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"area": "mountains"}, "unknown-area"),
        ({"levers": ["efort"]}, "unknown-lever"),
        ({"cells": ["reserch.*"]}, "unknown-cell"),
        ({"chapters": ["05_research", "99_nothing"]}, "unknown-chapter"),
        ({"variables": ["knowlege"]}, "unknown-variable"),
        ({"outcomes": ["hapiness"]}, "unknown-outcome"),
        ({"chapters": ["05_research"]}, "chapter-missing"),
        ({"chapters": ["05_research", "19a_orders_and_effects", "06_technology"]}, "chapter-idle"),
    ],
)
def test_a_wrong_name_is_said(part: dict[str, object], code: str) -> None:
    assert codes(changed()) == []
    assert code in codes(changed(**part))


def test_a_cell_is_either_named_or_unused() -> None:
    said = changed(kind="strategy", cells=["research.*"])
    assert codes(said) == ["cell-used"] * 5
    nothing = StrategyFile.model_validate(said.model_dump(by_alias=True) | {"unused": []})
    assert codes(nothing) == ["cell-unaccounted"] * 40


def test_an_empty_row_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "strategy.yaml"
    file.write_text(
        "schema: strategy/1\nsentences:\n  one:\n    place: here\n    kind: goal\n    area: all\n"
        "    says: {en: words}\n    levers: []\n    works: {en: words}\n    chapters: []\n"
        "    variables: []\n    outcomes: []\n",
        "utf-8",
    )
    with pytest.raises(InputError) as caught:
        checked(catalogues(), load().variables, file)
    assert {each.line for each in caught.value.problems} == {8, 10, 11, 12}
