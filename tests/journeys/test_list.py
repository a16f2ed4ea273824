"""A planner sees what can be asked."""

import json

import pytest

from sim.__main__ import main
from sim.scenario import bundled, catalogues


def test_the_list_names_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    known = catalogues()
    goals = [id_ for set_ in known.goals.values() for id_ in set_.goals]
    for id_ in (*bundled(), *known.levers, *known.external, *known.outcomes, *goals):
        assert f"\n  {id_}" in out


def test_one_part_in_norwegian(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "scenarios", "--lang", "nb"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Scenarioer\n  baseline")
    assert "Havromsløftet" in out
    assert "Levers" not in out


def test_the_list_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 0
    lists = json.loads(capsys.readouterr().out)
    assert list(lists["scenarios"]) == list(bundled())
    assert lists["levers"]["effort"]["range"] == [0, 500]
    assert lists["outcomes"]["salmon_volume"]["unit"]["nb"] == "tonn per år"
    assert lists["goals"]["strategy"]["goals"]["value_creation"]["direction"] == "up"
