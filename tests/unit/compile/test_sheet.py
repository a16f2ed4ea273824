"""Plain files are read as PySD reads them; what is not plain is left to PySD."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pysd.py_backend.external import Excels, ExtData

from sim.compile import sheet
from sim.project import MODEL

PLAIN = 'time,a,b,note\n2008,0.02439,-7,x\n2010,1,8.50,"y, ""z"""\n2012.5,3,123456789012.345,\n'


def by_pysd(file: Path, cell: str, labels: list[str]) -> np.ndarray:
    """[column, time] the numbers, the times first."""
    Excels.clean()
    coordinates = {"dim0": labels}
    source = ExtData(
        file.name, ",", "A", cell, "interpolate", coordinates, file.parent, coordinates, "x"
    )
    source.initialize()
    return np.vstack([source.data["time"].values, source.data.values.T])


def test_every_file_of_the_model_is_plain_and_read_as_pysd_reads_it():
    files = set((MODEL / "data").glob("*.csv")) - {
        MODEL / "data" / name for name in ("history.csv", "industries.csv", "sources.csv")
    }
    assert len(files) > 15
    for file in files:
        read = sheet.columns(file.read_text(), ",", "A", "B2", 1)
        assert read is not None, file
        np.testing.assert_array_equal([read[0], *read[1]], by_pysd(file, "B2", ["only"]))


def test_columns_side_by_side(tmp_path: Path):
    file = tmp_path / "d.csv"
    file.write_text(PLAIN)
    read = sheet.columns(PLAIN, ",", "A", "B2", 2)
    assert read is not None
    np.testing.assert_array_equal([read[0], *read[1]], by_pysd(file, "B2", ["p", "q"]))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("2010,", "2007,"),  # times fall
        PLAIN.replace("0.02439", ""),  # a gap
        PLAIN.replace("0.02439", "0.024391234567890123"),  # more digits than all agree on
        PLAIN.replace("0.02439", "2e-2"),
        PLAIN.replace("0.02439", " 0.02"),
        PLAIN.replace("\n2010", "\n\n2010"),  # an empty line, which pandas passes over
        PLAIN.replace(",x", ""),  # a short line
        PLAIN.replace(",x", ',x"'),  # a lone quote
        "time,a,b\n2008,1,2\n",  # a single line
        "",
    ],
)
def test_what_is_not_plain_is_left_to_pysd(text: str):
    assert sheet.columns(text, ",", "A", "B2", 2) is None


def test_places_that_are_left_to_pysd():
    assert sheet.columns(PLAIN, ",", "A", "B2", 1) is not None
    assert sheet.columns(PLAIN, ",", "2", "B2", 1) is None  # times along a row
    assert sheet.columns(PLAIN, ",", "A", "numbers", 1) is None  # a named range
    assert sheet.columns(PLAIN, "Sheet1", "A", "B2", 1) is None
    assert sheet.columns(PLAIN, ",", "A", "B2", 9) is None
