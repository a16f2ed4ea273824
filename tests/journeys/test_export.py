"""The model for Vensim, and outcomes for other programs, as a user asks for them."""

import io
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.__main__ import main
from sim.source.equations import equations

Capture = pytest.CaptureFixture[str]
Binary = pytest.CaptureFixture[bytes]
SCENARIO = "ocean_push_salmon_slump"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "one.mdl"
    assert main(["export", "--to", "mdl", "--scenario", SCENARIO, "-o", str(path)]) == 0
    return path


def test_the_one_file_gives_every_number_of_the_scenario(file: Path) -> None:
    ours, theirs = sim.load_model().run(SCENARIO), sim.load_model(file).run(None)
    assert all(str(name).endswith("_at_the_start") for name in set(theirs) - set(ours))
    assert set(ours) <= set(theirs)
    for name in ours:
        size = np.maximum(np.abs(ours[name].values), 1.0)
        assert np.max(np.abs(theirs[name].values - ours[name].values) / size) < 1e-12, name
    # The test would say nothing if the scenario did.
    base = sim.load_model().run("baseline")["value_added_total"]
    assert abs(float(ours["value_added_total"][-1] - base[-1])) > 1


def test_the_one_file_needs_nothing_beside_it(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.startswith("{UTF-8}\n")
    assert "GET DIRECT" not in text
    assert sim.load_model(file).source.files == ()
    assert text.rstrip().endswith("///---\\\\\\")
    for chapter in sim.load_model().source.text.chapters:
        title = chapter.content.split("\n", 2)[1].strip()
        assert title in text


def test_the_same_question_gives_the_same_bytes(file: Path, capfdbinary: Binary) -> None:
    assert main(["export", "--to", "mdl", "--scenario", SCENARIO]) == 0
    assert capfdbinary.readouterr().out == file.read_bytes()


def test_iamc_has_a_row_a_series_and_a_column_a_year(capfdbinary: Binary) -> None:
    words = ["export", "--to", "iamc", "--scenario", "baseline", "--scenario", "ocean_push"]
    assert main(words) == 0
    table = pd.read_csv(io.BytesIO(capfdbinary.readouterr().out))
    keys = ["Model", "Scenario", "Region", "Variable", "Unit"]
    assert list(table)[:5] == keys
    assert list(table)[5:] == [str(year) for year in range(2008, 2051)]
    assert not table.duplicated(keys).any()
    assert not table.isna().any().any()
    run = sim.load_model().run("ocean_push")
    row = table[
        (table["Scenario"] == "ocean_push")
        & (table["Region"] == "Trøndelag|Districts")
        & (table["Variable"] == "Value Added|Aquaculture")
    ]
    place = {"region": "Districts", "industry": "aquaculture", "time": 2033}
    assert row["2033"].tolist() == pytest.approx([float(run["value_added"].sel(place))])


def test_iamc_keeps_its_own_signs_in_every_language(capfdbinary: Binary) -> None:
    assert main(["export", "--to", "iamc"]) == 0
    english = capfdbinary.readouterr().out
    assert main(["export", "--to", "iamc", "--lang", "nb"]) == 0
    assert capfdbinary.readouterr().out == english


def test_norwegian_csv_opens_in_norwegian_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "ut.csv"
    assert main(["export", "--to", "csv", "--lang", "nb", "-o", str(path)]) == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig")
    assert list(table)[:4] == ["scenario", "resultat", "region", "næring"]
    assert table["verdi"].dtype == np.float64
    run = sim.load_model().run("baseline")
    found = table[
        (table["resultat"] == "Folketall etter region")
        & (table["region"] == "Distriktene")
        & (table["år"] == 2030)
    ]
    expected = float(run["population_by_region"].sel(region="Districts", time=2030))
    assert found["verdi"].tolist() == pytest.approx([expected])


def test_a_workbook_holds_the_same_table_in_the_same_bytes(tmp_path: Path) -> None:
    one, two, text = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.csv"))
    for path in (one, two, text):
        assert main(["export", "--to", "iamc", "-o", str(path)]) == 0
    assert one.read_bytes() == two.read_bytes()
    read = pd.read_excel(one, engine="openpyxl")
    pd.testing.assert_frame_equal(
        read.rename(columns=str), pd.read_csv(text), check_dtype=False, rtol=1e-12
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (
            ["--to", "mdl", "--scenario", "baseline", "--scenario", "ocean_push"],
            "several-scenarios",
        ),
        (["--to", "csv", "--scenario", "ocean_pus"], "unknown-scenario"),
        (["--to", "mdl", "-o", "model.xlsx"], "no-table"),
        (["--to", "iamc", "-o", "table.pdf"], "unknown-format"),
    ],
)
def test_a_wrong_wish_is_said_and_nothing_is_written(
    words: list[str], code: str, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "--json", *words]) == 2
    assert [each["code"] for each in json.loads(capsys.readouterr().out)["problems"]] == [code]
    assert list(tmp_path.iterdir()) == []


def test_vensim_takes_initial_only_as_a_whole_right_hand_side(file: Path) -> None:
    model = sim.load_model(file)
    asked = [
        (name, one.equation)
        for name, written in equations(model.source.text).items()
        for one in written
        if re.search(r"(?<!ACTIVE )\bINITIAL\s*\(", one.equation)
    ]
    assert len(asked) > 20
    assert [
        name for name, equation in asked if not re.search(r"=\s*INITIAL\s*\([^()]*\)\s*$", equation)
    ] == []
    industries = model.run(None)["value_added_by_industry_at_the_start"]
    assert industries.dims == ("time", "industry")
