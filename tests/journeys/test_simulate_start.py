"""What `trondelag simulate` does without pandas, and that it does not wait for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.journeys.test_simulate import model, simulate


@pytest.mark.parametrize(("ending", "mark"), [(".csv", ","), (".tab", "\t")])
def test_the_table_is_written_as_pandas_would(tmp_path: Path, ending: str, mark: str) -> None:
    text = (
        "tiny = 1e-300 * Time ~~|\n"
        "huge = 1e+17 + Time / 3 ~~|\n"
        "endless = IF THEN ELSE(Time > 5, 1, -1) / MAX(0, Time - 5) ~~|\n"
        "nothing = SQRT(-Time) ~~|\n"
        "Area: north, south ~~|\n"
        "two[north] = Time ~~|\n"
        "two[south] = -0.1 * Time ~~|\n"
        '"said, twice" = 3 * Time ~~|\n'
    )
    out = tmp_path / f"out{ending}"
    simulate(model(tmp_path, text), "-o", out)
    words = pd.read_csv(out, sep=mark, dtype=str, keep_default_na=False)
    table = words.map(float).set_index("time")
    again = table.to_csv(sep=mark, na_rep="NaN", lineterminator="\n")
    assert out.read_text(encoding="utf-8") == again
    assert np.isinf(table["endless"]).any()
    assert table["nothing"].isna().any()
    assert table.shape == (11, 7 + 4)  # and the four of the run itself


def test_a_start_does_not_wait_for_what_it_does_not_need(tmp_path: Path) -> None:
    script = (
        "import sys; from sim.__main__ import main\n"
        "main(['simulate', *sys.argv[1:]])\n"
        "late = {'pandas', 'xarray', 'pyarrow', 'jaxtyping', 'scipy', 'matplotlib'}\n"
        "print(sorted(late & set(sys.modules)))"
    )
    words = [str(model(tmp_path, "birth = Time ~~|\n")), "-o", str(tmp_path / "out.csv")]
    simulate(*words)  # a text that is new is read by PySD, which imports them
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
