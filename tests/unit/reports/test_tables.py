import pandas as pd
import pytest
import xarray as xr

from reports import frames, labels, tables
from reports.labels import Labels
from sim.scenario.schema import Text

YEARS = [2022, 2026, 2033, 2043]


@pytest.fixture(scope="module")
def differences(datasets: dict[str, xr.Dataset]) -> pd.DataFrame:
    return frames.differences(frames.stack(datasets), "baseline", YEARS)


@pytest.fixture(scope="module")
def nb(names: dict[str, Text]) -> Labels:
    return labels.load("nb", names)


def test_a_row_for_every_total_region_and_industry(differences: pd.DataFrame, nb: Labels) -> None:
    table = tables.difference_table(differences, "ocean_push", nb, baseline="baseline")
    assert table.header == ("", "2022", "2026", "2033", "2043")
    names = [row[0] for row in table.rows]
    assert names[:3] == [
        "Verdiskaping (mill. kroner per år, 2015-priser)",
        "  Trondheimsregionen",
        "  Distriktene",
    ]
    assert len(names) == (1 + 2 + 15) * 2 + 1 + 2
    assert "  Havbruk" in names


def test_a_cell_holds_the_difference_and_the_percentage(
    differences: pd.DataFrame, nb: Labels
) -> None:
    row = pd.Series({"difference": -1234.4, "percent": -0.5})
    assert tables.change(row, nb) == "−1\u202f234  −0,50\u202f%"


def test_winners_stand_before_losers_and_say_so(differences: pd.DataFrame, nb: Labels) -> None:
    rows = tables.winners(differences, "ocean_push", 2043, nb).rows
    industries = rows[2:]
    assert industries[0][:2] == ("Havteknologi", "vinner")
    assert industries[-1][:2] == ("Mineralnæring", "taper")
    assert {row[1] for row in industries[2:-1]} == {"uendret"}


def test_the_text_table_keeps_its_columns_straight(differences: pd.DataFrame, nb: Labels) -> None:
    table = tables.difference_table(differences, "bio_push", nb, baseline="baseline")
    _, *lines = tables.text(table).splitlines()
    assert len({len(line) for line in lines}) == 1


def test_a_bar_in_a_name_makes_no_column() -> None:
    table = tables.Table("t", ("", "2022"), (("  a|b", "1"),))
    assert tables.markdown(table).splitlines()[-1] == "| \u2003a\\|b | 1 |"


def test_a_name_with_tags_or_marks_is_only_text_in_markdown() -> None:
    table = tables.Table("<script>x</script> *b*", ("", "2030"), (("[a](b)", "1"),))
    said = tables.markdown(table)
    assert "\\<script\\>" in said
    assert "\\[a\\](b)" in said
    assert "\\*b\\*" in said
