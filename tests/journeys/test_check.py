"""`trondelag check` in somebody's hands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.__main__ import main

MODEL = """{UTF-8}
people = INTEG(-leaving, 100) ~ people ~ |
leaving = people * rate ~ people/year ~ |
rate = 0.1 ~ %s ~ |
INITIAL TIME = 0 ~ year ~ |
FINAL TIME = 10 ~ year ~ |
TIME STEP = 1 ~ year ~ |
SAVEPER = 1 ~ year ~ |
"""


def model(folder: Path, unit: str) -> str:
    path = folder / "people.mdl"
    path.write_text(MODEL % unit, encoding="utf-8")
    return str(path)


def test_a_sound_model_of_somebody_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", model(tmp_path, "1/year")]) == 0
    assert "all 7 checks passed" in capsys.readouterr().out


def test_a_wrong_one_is_told_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", model(tmp_path, "year")]) == 1
    said = capsys.readouterr().out
    assert "people.mdl:3: 'leaving' is in people/year, but 'people * rate'" in said.replace(
        "person", "people"
    )
    assert "1 of 7 checks failed" in said


def test_norwegian_and_json_and_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, page = model(tmp_path, "<b>"), tmp_path / "page.html"
    assert main(["check", wrong, "--lang", "nb"]) == 1
    assert "enheter" in capsys.readouterr().out
    assert main(["check", wrong, "--json", "--page", str(page)]) == 1
    (suite,) = json.loads(capsys.readouterr().out)["suites"]
    assert (suite["suite"], suite["failed"], suite["passed"]) == ("units", 1, 6)
    assert suite["findings"][0]["line"] == 3
    text = page.read_text(encoding="utf-8")
    assert "<b>" not in text
    assert "&lt;b&gt;" in text
    assert "http" not in text


def test_suites_of_our_own_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--suite", "units,conservation", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [one["suite"] for one in said["suites"]] == ["units", "conservation"]
    assert all(one["passed"] > 10 for one in said["suites"])


@pytest.mark.parametrize(
    "words",
    [["--suite", "unit"], ["nowhere.mdl"], ["--page", "nowhere/page.html"], ["--page", "."]],
)
def test_bad_input_is_two(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = [] if "nowhere.mdl" in words else [model(tmp_path, "1/year")]
    assert main(["check", *own, *words]) == 2
    assert "problem" in capsys.readouterr().err
