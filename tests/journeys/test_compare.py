import json
from pathlib import Path

import pytest

import sim
from sim.__main__ import main

Capture = pytest.CaptureFixture[str]


def test_the_tables_show_the_years_asked_for(tmp_path: Path, capsys: Capture) -> None:
    words = ["compare", "baseline", "ocean_push", "--by", "2030,2040", "--to", str(tmp_path / "m")]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[1].split() == ["2030", "2040"]
    assert "Who gains and who loses, 2040" in said
    for name in ("Aquaculture", "Public services", "Districts", "Population"):
        assert name in said
    assert said.splitlines()[-1] == str(tmp_path / "m")
    assert (tmp_path / "m" / "differences.md").is_file()


def test_the_numbers_are_those_of_the_runs(tmp_path: Path, capsys: Capture) -> None:
    assert main(["compare", "baseline", "ocean_push", "--json", "--to", str(tmp_path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["years"] == [2022, 2026, 2033, 2043]
    assert {language: len(lines) for language, lines in answer["summary"].items()} == {
        "en": 6,
        "nb": 6,
    }
    model = sim.load_model()
    base, push = model.run("baseline"), model.run("ocean_push")
    for row in answer["differences"]:
        place = {name: row[name] for name in ("region", "industry") if row[name]} | {
            "time": row["year"]
        }
        before = float(base[row["variable"]].sel(place))
        after = float(push[row["variable"]].sel(place))
        assert row["difference"] == pytest.approx(after - before, abs=1e-6)
        if before:
            assert row["percent"] == pytest.approx(100 * (after - before) / before, abs=1e-6)
        else:  # a share of nothing is unknown
            assert row["percent"] is None


def test_a_scenario_file_is_compared_under_its_own_name(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "schema: scenario/1\nid: mine\nname: {en: 'My | plan', nb: 'Min | plan'}\n"
        "extends: [ocean_push]\n",
        "utf-8",
    )
    assert main(["compare", "ocean_push", str(file), "--lang", "nb", "--to", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "«Min | plan» sammenlignet med «Havromsløftet»" in said
    # Nothing differs, and every sentence says so.
    assert "Verdiskapingen endrer seg ikke" in said
    assert "Ingen næring øker verdiskapingen" in said
    assert "Ingen næring taper nevneverdig verdiskaping" in said


def test_a_folder_that_cannot_be_written_is_wrong_input(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "memo").write_text("a file", "utf-8")
    assert main(["compare", "baseline", "ocean_push", "--to", str(tmp_path / "memo")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert (tmp_path / "memo").read_text("utf-8") == "a file"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["baseline", "ocean_psh", "nosuch"], ["ocean_push", "nosuch"]),
        (["baseline", "baseline"], ["two of the scenarios are called 'baseline'"]),
        (["baseline", "ocean_push", "--by", "2030,soon"], ["'soon'"]),
        (["baseline", "ocean_push", "--by", "2030,2061"], ["2061", "2008 to 2050"]),
        (["baseline", "ocean_push", "--engine", "warp"], ["no engine 'warp'"]),
    ],
)
def test_wrong_input_is_named_and_nothing_is_written(
    words: list[str], said: list[str], tmp_path: Path, capsys: Capture
) -> None:
    assert main(["compare", *words, "--to", str(tmp_path / "memo")]) == 2
    told = capsys.readouterr()
    assert all(each in told.err for each in said)
    assert told.out == ""
    assert not (tmp_path / "memo").exists()
