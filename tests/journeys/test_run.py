"""A planner runs scenarios, and asks what is missing when it does not work."""

import json
from pathlib import Path

import pytest
import xarray as xr

import sim
from sim import project
from sim.__main__ import main
from sim.commands.doctor import Finding


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(project, "RUNS", tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    return tmp_path


SCENARIO = """schema: scenario/1
id: my_own
name: {en: My own, nb: Mitt eget}
extends: [baseline]
external: {salmon_price: 0.8}
"""


def test_bundled_scenarios_and_files_are_run_and_kept(capsys, place):
    handle = next(iter(sim.scenario.catalogues().external))
    (place / "my_own.yaml").write_text(SCENARIO.replace("salmon_price", handle))
    assert main(["run", "baseline", "my_own.yaml"]) == 0
    out, err = capsys.readouterr()
    assert "Value added" in out
    assert "2018" in out
    assert "baseline: running" in err
    folders = [line for line in out.splitlines() if line.startswith("runs/")]
    assert [each.split("-")[0] for each in folders] == ["runs/baseline", "runs/my_own"]
    with xr.open_dataset(place / folders[0] / "outputs.nc") as run:
        assert run["value_added_total"].attrs["units"] == "NOK million/year"
    manifest = json.loads((place / folders[1] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["scenario"]["external"][handle] == 0.8

    before = {path: path.read_bytes() for path in (place / "runs").rglob("*.*")}
    assert main(["run", "baseline", "my_own.yaml", "--lang", "nb"]) == 0
    again = capsys.readouterr()
    assert "Mitt eget" in again.out
    assert "baseline: lest fra disk" in again.err
    assert before == {path: path.read_bytes() for path in (place / "runs").rglob("*.*")}


def test_numbers_for_machines(capsys):
    assert main(["run", "baseline", "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record["scenario"] == "baseline"
    assert len(record["outcomes"]["population_total"]) == len(record["years"]) == 5


def test_with_one_bad_scenario_nothing_is_run(capsys, place):
    (place / "bad.yaml").write_text(SCENARIO.replace("salmon_price", "salmon_prize"))
    assert main(["run", "baseline", "bad.yaml", "basline"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "salmon_prize" in err
    assert "did you mean 'baseline'?" in err
    assert not (place / "runs").exists()


def test_the_doctor_finds_everything_well_here(capsys):
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    for word in ("python", "cores", "pysd", "engines", "model", "scenarios", "cache", "runs"):
        assert word in out
    assert "!" not in out


def test_the_doctor_is_not_troubled_by_files_that_others_take_away(capsys, monkeypatch):
    gone = project.RUNS / "gone"
    monkeypatch.setattr(Path, "rglob", lambda *_: iter([gone]))
    monkeypatch.setattr(Path, "is_file", lambda *_: True)
    monkeypatch.setattr("sim.commands.doctor._model", lambda: Finding("model", ""))
    monkeypatch.setattr("sim.commands.doctor._scenarios", lambda: Finding("scenarios", ""))
    assert main(["doctor"]) == 0
    assert "cache" in capsys.readouterr().out


def test_the_doctor_says_what_is_missing(capsys, place, monkeypatch):
    (place / "taken").write_text("a file where a folder should be")
    monkeypatch.setenv("TRONDELAG_CACHE", str(place / "taken"))
    monkeypatch.setattr("sim.commands.doctor.requires", lambda _: ["numpy>=99", "no-such-thing"])
    assert main(["doctor", "--json"]) == 1
    findings = {each["what"]: each for each in json.loads(capsys.readouterr().out)}
    assert {name for name, each in findings.items() if not each["well"]} == {
        "numpy",
        "no-such-thing",
        "cache",
        "model",  # which is kept there
    }
    assert "older than 99" in findings["numpy"]["found"]
