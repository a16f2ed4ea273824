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


def test_uncertainties_and_experiments_are_listed_and_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list", "uncertainties", "--json"]) == 0
    every = json.loads(capsys.readouterr().out)["uncertainties"]
    assert main(["list", "uncertainties", "--lang", "nb"]) == 0
    line = next(x for x in capsys.readouterr().out.splitlines() if "  growout_time " in x)
    low, high = (f"{bound:g}".replace(".", ",") for bound in every["growout_time"]["range"])
    assert line.split(maxsplit=6) == ["growout_time", low, "til", high, "year", "C", "Tid i sjøen"]
    assert len(every) > 400
    assert all(low < high for low, high in (each["range"] for each in every.values()))
    assert main(["show", "growout_time", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": "growout_time", **every["growout_time"]}
    assert main(["show", "screening"]) == 0
    assert "kind: morris" in capsys.readouterr().out
    assert main(["show", "growout_tim"]) == 2
    assert "did you mean 'growout_time'?" in capsys.readouterr().err


def test_what_is_listed_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    goals = [id_ for set_ in catalogues().goals.values() for id_ in set_.goals]
    for id_ in goals:
        assert main(["show", id_]) == 0
    assert "sentence: " in capsys.readouterr().out
