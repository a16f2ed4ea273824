"""A batch user asks what an experiment takes, runs it, interrupts it, goes on and reads it."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim import plan, project
from sim.__main__ import main
from sim.run.executors.threads import Threads
from sim.store import files

MODEL = """{UTF-8}
Place: here, there ~~|
fish[Place] = INTEG(fish[Place] * rate * (1 - fish[Place] / room[Place]), 10) ~ tonne ~|
rate = 0.2 ~ 1/Year [0.1,0.4] ~|
room[Place] = 100, 50 ~ tonne [1,500] ~|
gap = 1 ~ dmnl [0,2] ~|
price = 1 / (gap - MIN(gap, MAX(0, Time - 5))) ~ ~ Divides by zero once Time - 5 reaches gap. |
total = SUM(fish[Place!]) ~ tonne ~|
INITIAL TIME = 0 ~ Year ~|
FINAL TIME = 6 ~ Year ~|
TIME STEP = STEPS ~ Year ~|
SAVEPER = 1 ~ Year ~|
"""
EXPERIMENT = """schema: experiment/1
id: fishing
name: {en: Fishing, nb: Fiske}
model: fish.mdl
design: {kind: lhs, n: 640, seed: 5}
inputs:
  rate: {distribution: uniform, low: 0.1, high: 0.4}
  gap: {distribution: uniform, low: LOW, high: 2}
outputs: [fish, total, price]
failed: {policy: quarantine, at_most: 0.3}
storage: {keep: both, members_per_part: 64}
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(project, "RUNS", tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    write(tmp_path)
    return tmp_path


def write(place: Path, *, low: str = "1.1", steps: str = "0.25") -> None:
    (place / "fish.mdl").write_text(MODEL.replace("STEPS", steps))
    (place / "fishing.yaml").write_text(EXPERIMENT.replace("LOW", low))


def test_the_experiment_of_the_documentation_is_one(place: Path) -> None:
    text = (project.ROOT / "sim" / "plan" / "README.md").read_text(encoding="utf-8")
    (place / "mine.yaml").write_text(text.split("```yaml\n")[1].split("```")[0])
    model = sim.load_model()
    made = plan.members(plan.load("mine.yaml"), model.variables, model.subscripts)
    assert len(made.table) == 256 * (len(made.sample.groups) + 2)
    assert {"growth", "firms", "wage_curve"} <= set(made.sample.groups)
    firms = [name for name in made.table.columns if name.startswith("area share of firms")]
    np.testing.assert_allclose(made.table[firms].sum(axis=1), 1.0, rtol=1e-12)


def test_a_misspelt_scenario_is_said_with_its_line_and_the_other_mistakes(capsys, place):
    text = EXPERIMENT.replace("LOW", "1.1").replace("model: fish.mdl", "scenarios: [baselin]")
    (place / "mine.yaml").write_text(text)
    assert main(["sweep", "mine.yaml"]) == 2
    said = capsys.readouterr().err
    assert "mine.yaml:4: unknown scenario 'baselin' (did you mean 'baseline'?)" in said
    assert "mine.yaml:7: the model has no constant 'rate'" in said
    assert "mine.yaml:9: the model has no variable " in said


def test_a_dry_run_says_what_it_takes_and_writes_nothing(capsys, place):
    assert main(["sweep", "fishing.yaml", "--dry-run", "--jobs", "2"]) == 0
    out = capsys.readouterr().out
    assert "640 members x 1 scenarios = 640" in out
    assert [line.split()[0] for line in out.splitlines()] == ["runs", "time", "memory", "disk"]
    assert not (place / "runs").exists()
    assert main(["sweep", "fishing.yaml", "--dry-run", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["runs"], record["missing"], record["parts"]) == (640, 640, 10)
    assert record["seconds"] > 0
    assert record["disk_bytes"] < record["disk_free_bytes"]


def test_a_dry_run_speaks_norwegian(capsys):
    assert main(["sweep", "fishing.yaml", "--dry-run", "--lang", "nb"]) == 0
    out = capsys.readouterr().out
    assert "640 medlemmer x 1 scenarioer = 640" in out
    assert "ledig, i " in out


def test_a_sweep_is_kept_summed_up_and_the_second_time_read(capsys, place):
    assert main(["sweep", "fishing.yaml"]) == 0
    out, err = capsys.readouterr()
    assert "640 runs; none failed" in out
    assert err == "", "quiet where there is no terminal"
    folder = place / out.splitlines()[-1]
    parts = sorted((folder / "outputs").glob("part-*.parquet"))
    assert len(parts) == 10
    values = pd.concat(map(pd.read_parquet, parts))
    assert list(values) == ["time", "member", "fish[here]", "fish[there]", "total", "price"]
    assert len(values) == 640 * 7
    summary = pd.read_parquet(folder / "summary.parquet")
    last = summary.query("outcome == 'total' and time == 6").iloc[0]
    final = values[values["time"] == 6]["total"]
    assert last["count"] == 640
    assert last["mean"] == pytest.approx(final.mean())
    assert last["q50"] == pytest.approx(final.median())
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["experiment"]["id"] == "fishing"
    assert manifest["question"]["design"]["kind"] == "lhs"
    assert main(["sweep", "fishing.yaml", "--lang", "nb"]) == 0
    assert "640 kjøringer lest fra disk; ingen feilet" in capsys.readouterr().out


@pytest.mark.parametrize(
    "where", [["--workers", "processes", "--jobs", "2"], ["--dask", "local", "--jobs", "2"]]
)
def test_every_executor_gives_the_same_bytes(capsys, place, where, monkeypatch):
    sums = []
    for name, words in (("one", []), ("two", where)):
        monkeypatch.setattr(project, "RUNS", place / name)
        assert main(["sweep", "fishing.yaml", *words]) == 0
        files = sorted(path for path in (place / name).rglob("*") if path.is_file())
        sums.append([(path.relative_to(place / name), path.read_bytes()) for path in files])
    assert sums[0] == sums[1]


def test_failed_members_are_counted_shown_and_change_the_exit_code(capsys, place):
    write(place, low="0.8")
    assert main(["sweep", "fishing.yaml"]) == 3
    out = capsys.readouterr().out
    assert "failed (" in out
    assert "at 6 in 'price'" in out
    assert main(["sweep", "fishing.yaml", "--json"]) == 3
    record = json.loads(capsys.readouterr().out)
    assert record["failed"][""] == pytest.approx(640 / 6, rel=0.05)
    assert record["from_disk"]


def test_more_failures_than_allowed_are_a_failed_check(capsys, place):
    write(place, low="0")
    assert main(["sweep", "fishing.yaml"]) == 1
    out = capsys.readouterr().out
    assert "stopped: " in out
    assert "more than allowed (30.00% of all)" in out


def test_bad_experiments_are_refused_and_nothing_is_written(capsys, place):
    text = (place / "fishing.yaml").read_text().replace("rate:", "rte:").replace("price]", "prise]")
    (place / "fishing.yaml").write_text(text)
    assert main(["sweep", "fishing.yaml"]) == 2
    err = capsys.readouterr().err
    assert "rte" in err
    assert "prise" in err
    good = EXPERIMENT.replace("LOW", "1.1")
    for away in ("model: ../fish.mdl", "scenarios: [../../secret.yaml]\nmodel: fish.mdl"):
        (place / "fishing.yaml").write_text(good.replace("model: fish.mdl", away))
        assert main(["sweep", "fishing.yaml"]) == 2
        assert "leads out of the experiment's folder" in capsys.readouterr().err
    assert main(["sweep", "fishing.yml"]) == 2
    assert main(["sweep", "fisching"]) == 2
    assert not (place / "runs").exists()


def test_a_scenario_elsewhere_is_not_read_whatever_it_is_called(capsys, place):
    secret = place.parent / "secret"
    secret.write_text("top secret words")
    good = EXPERIMENT.replace("LOW", "1.1")
    (place / "sly.yaml").write_text(
        good.replace("model: fish.mdl", f"scenarios: [../secret, {secret}]")
    )
    assert main(["sweep", "sly.yaml"]) == 2
    said = capsys.readouterr().err
    assert said.count("sly.yaml:4: '") == 2
    assert said.count("leads out of the experiment's folder") == 2
    assert "top secret" not in said


def test_names_are_looked_up_even_where_keys_are_wrong(capsys, place):
    (place / "mine.yaml").write_text(
        "schema: experiment/1\nid: mine\nname: {en: x}\nscenarios: [baselin]\nn: 4\n"
        "design: {kind: lhs, n: 4}\nconstants: [growout_tim]\noutputs: [salmon_volum]\n"
        "times: [1999]\n"
    )
    assert main(["sweep", "mine.yaml", "--dry-run"]) == 2
    said = capsys.readouterr().err
    assert "mine.yaml:5: unknown key 'n' (it belongs under design)" in said
    assert "mine.yaml:7: the model has no constant 'growout_tim'" in said
    assert "mine.yaml:8: the model has no variable 'salmon_volum'" in said
    assert "mine.yaml:4: unknown scenario 'baselin' (did you mean 'baseline'?)" in said


def test_a_time_that_is_none_is_told_with_its_line(capsys, place):
    (place / "late.yaml").write_text(EXPERIMENT.replace("LOW", "1.1") + "times: [1, 99999]\n")
    assert main(["sweep", "late.yaml"]) == 2
    assert "late.yaml:12: 99999 is no step of the run" in capsys.readouterr().err


def test_interrupted_it_says_how_to_go_on_and_goes_on(capsys, place, monkeypatch):
    pieces = Threads.pieces

    def interrupted(self, content, tasks):
        for done, piece in enumerate(pieces(self, content, tasks)):
            if done == 4:
                raise KeyboardInterrupt
            yield piece

    with monkeypatch.context() as patch:
        patch.setattr(Threads, "pieces", interrupted)
        assert main(["sweep", "fishing.yaml"]) == 130
    assert "start the same command again to go on" in capsys.readouterr().err
    assert main(["sweep", "fishing.yaml"]) == 0
    assert "4 of 10 parts are there; going on" in capsys.readouterr().err


def test_a_full_disk_leaves_what_is_done(capsys, place, monkeypatch):
    put = files.put

    def full(path, content, **more):
        if path.name == "part-00006.json":
            raise files.unwritable(path.parent, OSError(errno.ENOSPC, "full"), more["lost"])
        put(path, content, **more)

    with monkeypatch.context() as patch:
        patch.setattr(files, "put", full)
        assert main(["sweep", "fishing.yaml"]) == 2
    err = capsys.readouterr().err
    assert "stopped; what was done is kept:" in err
    assert "free some space and start again" in err
    assert "nothing written" not in err
    assert main(["sweep", "fishing.yaml"]) == 0
    assert "of 10 parts are there; going on" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_ctrl_c_in_a_terminal_ends_with_130(place):
    write(place, steps="0.0001220703125")
    script = (
        # A suite that runs in the background passes on that Ctrl-C is ignored.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "import sys, pathlib; from sim import project; from sim.__main__ import main;"
        "project.RUNS = pathlib.Path('runs'); sys.exit(main(['sweep', 'fishing.yaml']))"
    )
    running = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True)  # noqa: S603 -- our own
    end = time.monotonic() + 60
    while not list(place.glob("runs/*/records/*.json")):
        assert running.poll() is None
        assert time.monotonic() < end
        time.sleep(0.002)
    os.kill(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in err
    assert "start the same command again" in err
