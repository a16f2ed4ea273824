"""The command itself, before any verb."""

import json
from importlib.metadata import version

import pytest

from sim.__main__ import main

Capture = pytest.CaptureFixture[str]


def test_an_unknown_verb_is_wrong_input_with_the_nearest_one(capsys: Capture) -> None:
    assert main(["validat", "x.yaml"]) == 2
    assert "did you mean 'validate'?" in capsys.readouterr().err


def test_an_unknown_verb_is_told_to_machines_too(capsys: Capture) -> None:
    assert main(["frobnicate", "--json"]) == 2
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["code"] == "unknown-verb"


def test_the_version_is_the_packages(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.split() == ["trondelag", version("trondelag")]
