"""A researcher writes one experiment file and gets indices with intervals, tables and figures."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import project
from sim.__main__ import main
from tests.unit.sensitivity.conftest import (
    ISHIGAMI_FIRST,
    ISHIGAMI_PAIR,
    ISHIGAMI_TOTAL,
    LINEAR,
    sobol_g_indices,
)

MODEL = """{UTF-8}
a = 0.5 ~ dmnl [0,1] ~|
b = 0.5 ~ dmnl [0,1] ~|
c = 0.5 ~ dmnl [0,1] ~|
d = 0.5 ~ dmnl [0,1] ~|
pi = 3.141592653589793 ~~|
x = pi * (2 * a - 1) ~~|
y = pi * (2 * b - 1) ~~|
z = pi * (2 * c - 1) ~~|
ishigami = SIN(x) + 7 * SIN(y) * SIN(y) + 0.1 * z * z * z * z * SIN(x) ~ person ~|
linear = a - 2 * b + 3 * c ~ person ~|
sobol g = ABS(4*a - 2) * (ABS(4*b - 2) + 1) / 2 * (ABS(4*c - 2) + 4.5) / 5.5 *
  (ABS(4*d - 2) + 9) / 10 ~ person ~|
grown = INTEG(linear, 0) ~ person ~|
still = 3 + 0 * Time ~~|
noise = RANDOM UNIFORM(0, 1, 0) ~~|
torn = still / MAX(0, a - 0.01) ~~|
INITIAL TIME = 0 ~ Year ~|
FINAL TIME = 2 ~ Year ~|
TIME STEP = 1 ~ Year ~|
SAVEPER = 1 ~ Year ~|
"""
EXPERIMENT = """schema: experiment/1
id: known
name: {{en: Known, nb: Kjent}}
model: known.mdl
design: {design}
inputs:
  a: {{distribution: uniform, low: 0, high: 1, name: {{en: first <b>input</b>, nb: første}}}}
  b: {{distribution: uniform, low: 0, high: 1}}
  c: {{distribution: uniform, low: 0, high: 1}}
  d: {{distribution: uniform, low: 0, high: 1}}
outputs: {outputs}
{more}
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(project, "RUNS", tmp_path / "runs")
    monkeypatch.setattr("reports.analysis.RUNS", tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "known.mdl").write_text(MODEL)
    return tmp_path


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No figures: they take most of the time, and other tests look at them."""
    monkeypatch.setattr("reports.sensitivity._draw", lambda *_: None)


def swept(place: Path, design: str, outputs: str = "[linear]", more: str = "") -> int:
    text = EXPERIMENT.format(design=design, outputs=outputs, more=more)
    (place / "known.yaml").write_text(text)
    return main(["sweep", "known.yaml"])


def analysed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["analyze", "known", "--json", *words]) in {0, 3}
    return json.loads(capsys.readouterr().out)


def outcome(record: dict[str, Any], name: str) -> dict[str, Any]:
    (scenario,) = record["scenarios"].values()
    return next(each for each in scenario["outcomes"] if each["outcome"] == name)


def test_known_indices_come_out_of_the_whole_chain_within_their_intervals(capsys, place):
    design = "{kind: sobol, n: 1024, seed: 1, second_order: true}"
    stop = "stop: {ci_halfwidth: 0.001}"
    assert swept(place, design, "[ishigami, linear, sobol_g, grown, still]", stop) == 0
    record = analysed(capsys)
    first, total = sobol_g_indices()
    for name, one, all_ in (
        ("ishigami", [*ISHIGAMI_FIRST, 0], [*ISHIGAMI_TOTAL, 0]),
        ("linear", [*LINEAR, 0], [*LINEAR, 0]),
        ("grown", [*LINEAR, 0], [*LINEAR, 0]),
        ("sobol g", first, total),
    ):
        found = outcome(record, name)["over_time"]
        for at, own in enumerate("abcd"):
            width = found[own]["halfwidth"]
            assert abs(found[own]["total"] - all_[at]) <= width + 0.004, (name, own)
            assert found[own]["first"] == pytest.approx(one[at], abs=0.09), (name, own)
            assert width < 0.12
    assert outcome(record, "still")["over_time"]["a"]["total"] is None
    assert not record["stop"]["met"]
    assert record["stop"]["n_needed"] > 4096
    folder = Path(record["folder"])
    second = pd.read_csv(folder / "pairs.csv").query("outcome == 'ishigami'")
    pairs = second.set_index(["factor", "other"])["second"]
    assert pairs["a", "c"] == pytest.approx(ISHIGAMI_PAIR, abs=0.05)
    assert pairs.drop(("a", "c")).abs().max() < 0.05
    by_time = pd.read_csv(folder / "indices.csv")
    assert set(by_time["time"]) == {0.0, 1.0, 2.0}
    grown = by_time.query("outcome == 'grown' and time == 0")
    assert grown["total"].isna().all(), "nothing varies at the start, and that is no zero"
    drawn = {path.name.split("-")[0] for path in (folder / "figures").glob("*.svg")}
    assert drawn == {"tornado", "indices", "convergence", "scatter"}


@pytest.mark.parametrize(
    ("design", "measure", "stop"),
    [("{kind: sobol, n: 2048, seed: 1}", "total", "stop: {ci_halfwidth: 0.1}"),
     ("{kind: lhs, n: 5000, seed: 1}", "first", "stop: {ci_halfwidth: 0.08, of: first}")],
)  # fmt: skip
@pytest.mark.usefixtures("undrawn")
def test_a_stop_rule_ends_the_sweep_and_the_indices_are_as_narrow_as_asked(
    capsys, place, design, measure, stop
):
    assert swept(place, design, "[linear, grown]", stop) == 0
    said = capsys.readouterr()
    assert "were enough: the intervals are narrow enough" in said.out
    assert "the widest interval is" in said.err
    (folder,) = place.glob("runs/*")
    manifest = json.loads((folder / "manifest.json").read_text())
    stopped = manifest["stopped"]
    assert stopped["members"] < manifest["question"]["members"] / 2
    record = analysed(capsys)
    assert record["stop"]["met"]
    assert record["stop"]["widest"] == pytest.approx(stopped["widest"], rel=1e-9)
    found = outcome(record, "linear")
    assert found["members"] == stopped["members"]
    for own, true in zip("abc", LINEAR, strict=True):
        assert found["over_time"][own]["halfwidth"] <= stopped["ci_halfwidth"]
        assert abs(found["over_time"][own][measure] - true) <= stopped["ci_halfwidth"]
    assert main(["sweep", "known.yaml", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["from_disk"]
    assert again["stopped"] == stopped


def test_it_is_said_in_both_languages_and_markup_stays_text(capsys, place):
    assert swept(place, "{kind: sobol, n: 64, seed: 1}") == 0
    capsys.readouterr()
    assert main(["analyze", "known"]) == 0
    said = capsys.readouterr().out
    assert "linear depends most on c (64%), b (" in said
    assert "To be researched first: c (without a grade)." in said
    assert main(["analyze", "known", "--lang", "nb"]) == 0
    told = capsys.readouterr().out
    assert "linear avhenger mest av c (64\u202f%), b (" in told
    assert "og første (" in told
    svg = next(place.glob("runs/*/analysis-en/figures/tornado-*.svg")).read_text("utf-8")
    assert "<b>" not in svg
    assert "first &lt;b&gt;input" in svg


@pytest.mark.usefixtures("undrawn")
def test_what_does_not_stand_out_from_chance_is_not_named(capsys, place):
    assert swept(place, "{kind: lhs, n: 200, seed: 2}", "[noise, still]") == 0
    record = analysed(capsys)
    assert "no input stands out from chance" in outcome(record, "noise")["sentence"]
    assert "depends most on" not in outcome(record, "noise")["sentence"]
    assert "does not vary" in outcome(record, "still")["sentence"]


@pytest.mark.parametrize(
    ("design", "measure", "order"),
    [
        ("{kind: morris, n: 20, levels: 6}", "mu_star_relative", "cbad"),
        ("{kind: fast, n: 129}", "total", "cba"),
        ("{kind: rbd_fast, n: 400}", "first", "cb"),
        ("{kind: delta, n: 300}", "delta", "cb"),
        ("{kind: pawn, n: 400}", "median", "cb"),
        ("{kind: dgsm, n: 64}", "bound", "cbad"),
        ("{kind: ff}", "effect_relative", "cba"),
        ("{kind: hdmr, n: 300}", "total", "cba"),
        ("{kind: lhs, n: 400}", "first", "cb"),
        ("{kind: halton, n: 400}", "first", "cb"),
        ("{kind: full, levels: 5}", "first", "cb"),
    ],
)
def test_every_design_brings_its_estimator_and_finds_the_order(
    capsys, place, design, measure, order
):
    assert swept(place, design) == 0
    found = outcome(analysed(capsys, "--top", "2"), "linear")
    assert found["measure"] == measure
    values = {own: numbers[measure] for own, numbers in found["over_time"].items()}
    assert "".join(sorted(values, key=lambda own: -values[own])).startswith(order), values


@pytest.mark.usefixtures("undrawn")
def test_draws_are_analysed_by_their_columns(capsys, place):
    rng = np.random.default_rng(0)
    drawn = pd.DataFrame(rng.random((600, 2)), columns=["a", "c"])
    drawn.assign(_chain=0).to_parquet(place / "fit.parquet")
    text = EXPERIMENT.format(design="{kind: posterior}", outputs="[linear]", more="")
    kept = [line for line in text.splitlines() if not line.startswith(("  a:", "  c:"))]
    (place / "known.yaml").write_text("\n".join([*kept, "draws: {file: fit.parquet}"]) + "\n")
    assert main(["sweep", "known.yaml"]) == 0
    found = outcome(analysed(capsys), "linear")
    for own, true in zip("abc", LINEAR, strict=True):
        assert found["over_time"][own]["first"] == pytest.approx(true, abs=0.06)
    assert "What inputs only do together" not in found["sentence"]


@pytest.mark.usefixtures("undrawn")
def test_members_that_failed_are_never_averaged_in(capsys, place):
    failed = "failed: {policy: POLICY, at_most: 0.2}"
    design = "{kind: sobol, n: 256, seed: 1}"
    assert swept(place, design, "[torn, linear]", failed.replace("POLICY", "refuse")) == 3
    assert main(["analyze", "known"]) == 2
    assert "no indices:" in capsys.readouterr().err
    assert main(["analyze", "known", "--failed", "quarantine", "--at-most", "0.01"]) == 2
    assert "more than 1.0%" in capsys.readouterr().err
    left = analysed(capsys, "--failed", "quarantine", "--at-most", "0.2")
    assert outcome(left, "linear")["left_out"] > 0
    assert outcome(left, "linear")["estimator"] == "sobol"
    assert swept(place, design, "[torn, linear]", failed.replace("POLICY", "given_data")) == 3
    (folder,) = [
        each for each in place.glob("runs/*") if "given" in (each / "manifest.json").read_text()
    ]
    capsys.readouterr()
    assert main(["analyze", str(folder), "--json"]) == 3
    found = outcome(json.loads(capsys.readouterr().out), "linear")
    assert found["estimator"] == "given_data"
    assert found["failed"] > 0
    assert "failed." in found["sentence"]
    assert "had to give way" in found["sentence"]


def test_what_cannot_be_analysed_is_said(capsys, place):
    assert main(["analyze", "known"]) == 2
    assert swept(place, "{kind: lhs, n: 64}", more="storage: {keep: summary}") == 0
    assert main(["analyze", "known"]) == 2
    assert "only a summary was kept" in capsys.readouterr().err
    assert main(["analyze", "known", "--outcome", "liner"]) == 2
    assert "did you mean 'linear'?" in capsys.readouterr().err
    assert main(["analyze", "known", "--against", "baseline"]) == 2
