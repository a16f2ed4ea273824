"""A planner starts a scenario of their own."""

import json
import re
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.commands import new
from sim.scenario import load


@pytest.mark.parametrize("lang", ["en", "nb"])
def test_the_new_file_is_sound_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    words = ["new", "my_push", "--from", "ocean_push", "--to", str(tmp_path), "--lang", lang]
    assert main(words) == 0
    assert "my_push.yaml" in capsys.readouterr().out
    assert main(["validate", str(tmp_path / "my_push.yaml")]) == 0
    mine, parent = load(tmp_path / "my_push.yaml"), load("ocean_push")
    assert mine.merged()["levers"] == parent.merged()["levers"]


@pytest.mark.parametrize("lang", ["en", "nb"])
def test_every_example_in_it_works_when_its_sign_is_taken_away(tmp_path: Path, lang: str) -> None:
    assert main(["new", "mine", "--to", str(tmp_path), "--lang", lang]) == 0
    file = tmp_path / "mine.yaml"
    text = file.read_text("utf-8")
    example = re.compile(r"^( *)# ?( *(?:- |[a-z_.*]+:( |$)))", re.MULTILINE)
    live, count = example.subn(r"\1\2", text)
    assert count == 9
    file.write_text(live, encoding="utf-8")
    scenario = load(file)
    assert len(scenario.limits) == 2
    assert scenario.values["salmon_price_factor", ()]


def test_what_is_there_is_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("precious")
    assert main(["new", "mine", "--to", str(tmp_path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert file.read_text() == "precious"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["My Push"], "write my_push"),
        (["../up"], "cannot be an id"),
        (["1st"], "cannot be an id"),
        (["blå"], "cannot be an id"),
        (["levers"], "is the name of a catalogue"),
        (["baseline"], "there is a scenario"),
        (["mine", "--from", "basline"], "did you mean 'baseline'?"),
    ],
)
def test_a_wrong_id_or_parent_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["new", *words, "--to", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "mine", "--to", str(tmp_path / "none")]) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_it_is_written_among_the_bundled_when_no_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(new, "OWN_SCENARIOS", tmp_path)
    assert main(["new", "mine", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(tmp_path / "mine.yaml")}
    assert load(tmp_path / "mine.yaml").layers == ("baseline", "mine")
