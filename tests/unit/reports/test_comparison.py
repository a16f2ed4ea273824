from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

from reports import frames, labels, memo, style
from reports.commands.demo import FIRST_LOOK
from reports.comparison import Runs, read, worlds
from sim.errors import InputError
from sim.scenario.schema import Text


@pytest.fixture(scope="module")
def runs(datasets: dict[str, xr.Dataset], names: dict[str, Text]) -> Runs:
    facts = {run: {"model": "abc", "inputs": run} for run in datasets}
    return Runs(frames.stack(datasets), names, facts, 2018)


def test_the_usual_years_are_4_8_15_and_25_years_after_the_start(runs: Runs) -> None:
    assert runs.compare().years == (2022, 2026, 2033, 2043)


def test_years_are_shown_once_and_in_order(runs: Runs) -> None:
    assert runs.compare(years=[2040, 2030, 2040]).years == (2030, 2040)


def test_the_first_run_is_the_one_compared_with(runs: Runs) -> None:
    comparison = runs.compare(["bio_push", "baseline"])
    assert comparison.baseline == "bio_push"
    assert comparison.others == ("baseline",)
    assert set(comparison.frame["run"]) == {"bio_push", "baseline"}


def test_the_same_question_has_the_same_identity_and_another_has_another(runs: Runs) -> None:
    same = {runs.compare(["baseline", "bio_push"]).identity for _ in range(2)}
    others = [
        runs.compare(["bio_push", "baseline"]),
        runs.compare(["baseline", "bio_push"], [2030]),
        runs.compare(),
    ]
    assert len(same) == 1
    assert len(same | {other.identity for other in others}) == 4


def test_measures_are_judged_in_the_world_they_are_taken_in() -> None:
    groups = [[each.id for each in group] for group in worlds(read(FIRST_LOOK))]
    assert ["salmon_slump", "ocean_push_salmon_slump"] in groups
    assert ["baseline", "salmon_slump"] in groups
    assert groups[0][0] == "baseline"
    assert "salmon_slump" not in groups[0]
    assert "ocean_push" in groups[0]


def test_a_world_without_a_yardstick_of_its_own_is_held_against_the_baseline() -> None:
    groups = worlds(read(["baseline", "ocean_push_salmon_slump"]))
    assert [[each.id for each in group] for group in groups] == [
        ["baseline", "ocean_push_salmon_slump"]
    ]


def test_all_scenarios_that_cannot_be_read_are_named_at_once() -> None:
    with pytest.raises(InputError) as error:
        read(["baseline", "no_such_one", "nor_this_one", "baseline"])
    said = str(error.value)
    assert "no_such_one" in said
    assert "nor_this_one" in said
    assert "two of the scenarios are called 'baseline'" in said


@pytest.fixture
def write(runs: Runs, names: dict[str, Text], observed: pd.DataFrame) -> Callable[[Path], None]:
    def written(folder: Path) -> None:
        memo.write(runs.compare(), observed, labels.load("nb", names), folder)

    return written


def test_a_memo_holds_tables_summary_and_figures(
    write: Callable[[Path], None], runs: Runs, tmp_path: Path
) -> None:
    write(tmp_path)
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*"))
    kinds = [
        "paths",
        "differences",
        "regions",
        *(f"industries-{run}" for run in list(runs.names)[1:]),
    ]
    drawn = [f"figures/{kind}.{suffix}" for kind in kinds for suffix in ("png", "svg")]
    assert found == sorted(["differences.csv", "differences.md", "summary.txt", *drawn])
    assert len((tmp_path / "summary.txt").read_text("utf-8").splitlines()) == 6


def test_the_csv_file_has_every_number_in_full(
    write: Callable[[Path], None], runs: Runs, tmp_path: Path
) -> None:
    write(tmp_path)
    back = pd.read_csv(tmp_path / "differences.csv", keep_default_na=False)
    table = runs.compare().differences()
    for variable in ("value_added_total", "employment_by_industry"):
        written = back[back["variable"] == variable]["difference"].astype(float).tolist()
        assert written == table[table["variable"] == variable]["difference"].tolist()


def test_the_same_comparison_gives_the_same_bytes(
    write: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        monkeypatch.setenv("TRONDELAG_CACHE", str(tmp_path / f"cache of {name}"))  # drawn twice
        write(tmp_path / name)
    for path in (tmp_path / "one").rglob("*.*"):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes(), path.name


def test_a_memo_from_the_cache_is_the_one_drawn(
    write: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRONDELAG_CACHE", str(tmp_path / "cache"))
    write(tmp_path / "drawn")
    monkeypatch.setattr(style, "save", lambda *_: pytest.fail("drawn again"))
    write(tmp_path / "kept")
    found, again = (
        {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (tmp_path / "drawn", tmp_path / "kept")
    )
    assert len(found) > 8
    assert again == found


def test_whatever_a_memo_shows_makes_another(
    runs: Runs, names: dict[str, Text], observed: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, comparison = labels.load("nb", names), runs.compare()
    later = observed.copy()
    later.loc[later.index[0], "value"] += 1.0
    moved = comparison.frame.copy()
    moved.loc[moved.index[-1], "value"] *= 1.0 + 1e-15
    asked = [
        (comparison, observed, words),
        (comparison, observed, labels.load("en", names)),
        (comparison, observed, replace(words, runs={**words.runs, "baseline": "En annen"})),
        (comparison, later, words),
        (replace(comparison, frame=moved), observed, words),
        (runs.compare(years=[2030]), observed, words),
    ]
    keys = [memo._key(*each) for each in asked]
    monkeypatch.setattr(memo, "_code", lambda: "other code")
    keys.append(memo._key(*asked[0]))
    assert len(set(keys)) == len(asked) + 1
