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


def test_a_closed_output_is_no_traceback() -> None:
    script = f"{sys.executable} -m sim list scenarios >&-"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, b"")


def test_without_words_the_verbs_are_shown(capsys: Capture) -> None:
    assert main([]) == 2
    assert "compare" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "--lagn", "nb"], "there is no option '--lagn' (did you mean '--lang'?)"),
        (["--lang", "en", "list"], "options come after the verb"),
        (["simulate", "x.mdl", "--engine", "fst"], "did you mean 'fast'?"),
        (["sweep", "screening", "--jobs", "x"], "'x' is no whole number of at least 1"),
        (["analyze", "x", "--at-most", "3"], "'3' is no number from 0 to 0.5"),
        (["history", "--within", "abc"], "'abc' is no number above 0"),
        (["export"], "--to"),
    ],
)
def test_a_wrong_word_is_told_like_any_other_problem(
    capsys: Capture, words: list[str], said: str
) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err
    assert main([*words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"]


def test_runs_go_where_the_surroundings_say(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sim.project; print(sim.project.RUNS)"],
        env={**os.environ, "TRONDELAG_RUNS": str(tmp_path / "mine")},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().strip() == str(tmp_path / "mine")
