from pathlib import Path

import pandas as pd
import pytest

from calibration import targets
from sim.errors import InputError

HEADER = "outcome,element,year,value,unit,source_id,grade,note\n"
GOOD = "population_total,,2008,412000,person,SSB1,A,1 January\n"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "history.csv"
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


def simulated(**series: dict[int, float]) -> pd.DataFrame:
    rows = [
        {"variable": name, "region": "", "industry": "", "year": float(year), "value": value}
        for name, values in series.items()
        for year, value in values.items()
    ]
    return pd.DataFrame(rows)


def observed(**series: dict[int, float]) -> pd.DataFrame:
    frame = simulated(**series).rename(columns={"variable": "outcome"})
    return frame.assign(element="", source_id="SSB1")


def test_observations_are_read_as_they_stand(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD, "population_by_region,Districts,2009,1.5e5,person,SSB1,B,\n")
    frame = targets.load(file)
    assert list(frame.columns) == list(targets.COLUMNS)
    assert frame["value"].tolist() == [412000.0, 150000.0]
    assert frame["element"].tolist() == ["", "Districts"]


def test_every_wrong_line_is_named_at_once(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        GOOD,
        "population total,,2008,1,person,SSB1,A,\n",
        "population_total,,two,1,person,SSB1,A,\n",
        "population_total,,2010,nan,person,SSB1,A,\n",
        "population_total,,2011,1,person,SSB1,D,\n",
        "population_total,,2012,1,person,,A,\n",
        "population_total,,2013,1,person\n",
        "population_total,,2014,1,person,SSB1,A,,,more\n",
        GOOD,
    )
    with pytest.raises(InputError) as error:
        targets.load(file)
    assert [(each.code, each.line) for each in error.value.problems] == [
        ("not-an-id", 3),
        ("not-a-number", 4),
        ("not-a-number", 5),
        ("unknown-grade", 6),
        ("no-source", 7),
        ("wrong-width", 8),
        ("wrong-width", 9),
        ("twice", 10),
    ]


def test_a_missing_column_is_named_with_the_one_meant(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_text(HEADER.replace("outcome", "outcomes"), encoding="utf-8")
    with pytest.raises(InputError, match="did you mean 'outcomes'"):
        targets.load(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_wrong_input(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "history.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError):
        targets.load(path)


def test_the_deviation_is_per_cent_of_the_observation() -> None:
    found = targets.deviations(
        observed(population_total={2008: 100.0, 2009: 200.0}),
        simulated(population_total={2008: 103.0, 2009: 190.0, 2010: 1.0}),
    )
    assert found["deviation"].tolist() == pytest.approx([3.0, -5.0])


def test_salmon_is_judged_by_means_of_two_years() -> None:
    found = targets.deviations(
        observed(salmon_volume={2008: 100.0, 2009: 140.0, 2011: 100.0, 2012: 140.0}),
        simulated(salmon_volume=dict.fromkeys(range(2008, 2013), 126.0)),
    )
    assert found["year"].tolist() == [2009, 2012]
    assert found["deviation"].tolist() == pytest.approx([5.0, 5.0])


def test_in_the_first_year_the_run_stands_for_itself() -> None:
    found = targets.deviations(
        observed(salmon_volume={2007: 100.0, 2008: 140.0}),
        simulated(salmon_volume={2008: 126.0, 2009: 1.0}),
    )
    assert found["deviation"].tolist() == pytest.approx([5.0])


def test_observations_outside_the_simulated_years_are_left_out() -> None:
    found = targets.deviations(
        observed(population_total={1999: 1.0, 2008: 1.0, 2060: 1.0}),
        simulated(population_total={2008: 1.0, 2009: 1.0}),
    )
    assert found["year"].tolist() == [2008]


def test_two_sources_for_one_year_are_both_compared(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD, GOOD.replace("SSB1", "SSB2").replace("412000", "206000"))
    run = simulated(population_total={2008: 412000.0})
    assert targets.deviations(targets.load(file), run)["deviation"].tolist() == [0.0, 100.0]


def test_an_industry_is_found_by_its_label() -> None:
    seen = observed(value_added_by_industry={2008: 1.0}).assign(element="food processing")
    run = simulated(value_added_by_industry={2008: 2.0}).assign(industry="food processing")
    assert targets.deviations(seen, run)["deviation"].tolist() == [100.0]


def test_what_the_run_lacks_is_told_once_each() -> None:
    seen = observed(population_totl={2008: 1.0, 2009: 1.0}, population_total={2009: 1.0})
    regional = observed(population_total={2008: 1.0}).assign(element="Nordland")
    run = simulated(population_total={2008: 1.0, 2010: 1.0})
    with pytest.raises(InputError) as error:
        targets.deviations(pd.concat([seen, regional]), run)
    problems = error.value.problems
    codes = ["unknown-outcome", "unknown-year", "unknown-element"]
    assert [each.code for each in problems] == codes
    assert "population_total" in problems[0].hint


def test_elements_with_a_plus_are_added_up() -> None:
    run = simulated(jobs={2010: 3.0}).assign(industry="fish")
    run = pd.concat([run, simulated(jobs={2010: 4.0}).assign(industry="kelp")])
    seen = observed(jobs={2010: 14.0}).assign(element="fish + kelp")
    found = targets.deviations(seen, run)
    assert found["simulated"].tolist() == [7]
    assert found["deviation"].tolist() == [-50]
    with pytest.raises(InputError, match="has no element 'timber'"):
        targets.deviations(seen.assign(element="fish + timber"), run)


def test_elements_are_added_up_by_their_shares() -> None:
    assert targets.parts("") == (("", 1.0),)
    assert targets.parts("fisheries + 0.23 forestry and wood") == (
        ("fisheries", 1.0), ("forestry and wood", 0.23))  # fmt: skip
