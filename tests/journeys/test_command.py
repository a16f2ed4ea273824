"""The command itself, before any verb."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

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


def test_a_full_disk_is_told_in_a_sentence() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sim", "list"], stdout=full, stderr=subprocess.PIPE, check=False
        )  # fmt: skip
    assert done.returncode == 2
    said = done.stderr.decode()
    assert "No space left on device" in said
    assert "Traceback" not in said


def test_a_terminal_without_norwegian_letters_is_no_fault() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim", "list", "--lang", "nb"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert rb"R\xe5stoff" in done.stdout or rb"\xf8" in done.stdout


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(capsys: Capture) -> None:
    model = Path(__file__).parents[1] / "reference/models/days.mdl"
    assert main(["simulate", str(model), "-o", "/dev/null/out.csv"]) == 2
    assert "out.csv" in capsys.readouterr().err
