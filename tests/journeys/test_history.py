import json
from pathlib import Path

import pytest

from sim.__main__ import main

Capture = pytest.CaptureFixture[str]
HEADLINES = {"value_added_total", "employment_total", "population_total", "salmon_volume"}


def test_the_baseline_is_within_ten_per_cent_of_every_observation(
    tmp_path: Path, capsys: Capture
) -> None:
    assert main(["history", "--json", "--to", str(tmp_path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    judged = {row["outcome"]: row for row in answer["series"] if row["verdict"]}
    assert set(judged) == HEADLINES
    for outcome, row in judged.items():
        found = [
            abs(each["deviation"])
            for each in answer["observations"]
            if (each["outcome"], each["element"]) == (outcome, "") and 2008 <= each["year"] <= 2019
        ]
        assert len(found) == row["count"] >= 10
        assert max(found) == row["largest"] <= 10
    assert (tmp_path / "history.png").is_file()


def test_a_narrower_band_fails_the_check_and_says_which(tmp_path: Path, capsys: Capture) -> None:
    assert main(["history", "--within", "0.01", "--lang", "nb", "--to", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "UTENFOR 0,01\u202f%" in said
    assert "Avvik per serie" in said
    # What the model counts as a share is shown as the per cent that the title says.
    rows = said.partition("Arbeidsledighet (prosent")[2].splitlines()[2:]
    published = [float(row.split()[1].replace(",", ".")) for row in rows[: rows.index("")]]
    assert all(0.5 < each < 20 for each in published)


@pytest.mark.parametrize("within", ["0", "-1", "nan", "ten"])
def test_a_band_that_is_no_number_above_zero_is_refused(within: str) -> None:
    assert main(["history", f"--within={within}"]) == 2
