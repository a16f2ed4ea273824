"""A reviewer runs kept runs again."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sim import project
from sim.__main__ import main
from sim.store import netcdf
from sim.store.manifest import sealed
from tests.journeys.test_sweep import write


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(project, "RUNS", tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    write(tmp_path)
    return tmp_path


def only_run(place: Path) -> Path:
    (folder,) = (place / "runs").iterdir()
    return folder


def test_a_single_run_is_identical_until_a_number_is_changed(capsys, place):
    assert main(["run", "ocean_push"]) == 0
    capsys.readouterr()
    assert main(["reproduce", str(only_run(place))]) == 0
    assert capsys.readouterr().out.startswith("identical: runs/")

    outputs = only_run(place) / "outputs.nc"
    changed = netcdf.read(outputs)
    changed["value_added_total"][7] *= 1.001
    netcdf.write(changed, outputs)
    assert main(["reproduce", only_run(place).name, "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert not record["identical"]
    assert record["differences"][0].startswith("'value_added_total' differs in 1 of")
    assert "0.001 of the value" in record["differences"][0]
    assert record["differences"][-1] == "outputs.nc is not what was written"


def test_a_sweep_is_identical_even_when_its_model_has_changed_since(capsys, place):
    assert main(["sweep", "fishing.yaml"]) == 0
    write(place, steps="0.5")
    capsys.readouterr()
    assert main(["reproduce", str(only_run(place)), "--jobs", "2"]) == 0
    assert "identical: runs/fishing-" in capsys.readouterr().out
    assert main(["reproduce", only_run(place).name, "--lang", "nb"]) == 0
    assert "identisk: runs/fishing-" in capsys.readouterr().out


def test_a_part_that_was_changed_is_found(capsys, place):
    assert main(["sweep", "fishing.yaml"]) == 0
    path = only_run(place) / "outputs" / "part-00003.parquet"
    table = pd.read_parquet(path)
    table.loc[11, "total"] += 1
    table.to_parquet(path)
    capsys.readouterr()
    assert main(["reproduce", str(only_run(place))]) == 1
    out = capsys.readouterr().out
    assert out.startswith("different")
    assert "outputs/part-00003.parquet is not what was written" in out


def test_what_is_no_run_is_said(capsys, place):
    assert main(["reproduce", "nothing"]) == 2
    assert "no manifest" in capsys.readouterr().err
    (place / "half").mkdir()
    (place / "half" / "manifest.json").write_bytes(sealed({"schema": "page/1"}))
    assert main(["reproduce", "half"]) == 2
    assert "no sweep" in capsys.readouterr().err


def test_a_manifest_changed_by_hand_is_no_manifest(capsys, place):
    assert main(["sweep", "fishing.yaml"]) == 0
    file = only_run(place) / "manifest.json"
    file.write_text(file.read_text().replace('"scenarios": [', '"scenarios": ["more", ', 1))
    for verb in ("reproduce", "analyze", "report"):
        assert main([verb, str(only_run(place))]) == 2, verb
        assert "no manifest as a run writes it" in capsys.readouterr().err
