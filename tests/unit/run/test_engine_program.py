"""Programs kept on disk, and what a run is built anew for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.compile import compile_model, relax
from sim.run.model import load_model
from sim.run.prepared import prepare
from sim.run.program import _program, program
from sim.source import load

MODELS = Path(__file__).parents[2] / "reference" / "models"


@pytest.mark.parametrize(
    "name", ["smooths.mdl", "lookups.mdl", "delay_fixed.mdl", "units_and_tabs.mdl", "data_csv.mdl"]
)
def test_a_program_read_from_disk_is_the_one_compiled(name: str) -> None:
    source = load(MODELS / name)
    fresh = compile_model(source.abstract)
    _program.cache_clear()
    assert program(source, {}).hash == fresh.hash
    less = program(source, {}, exact=False)
    _program.cache_clear()
    again = program(source, {}, exact=False)
    # the form comes with it, and is that of its content
    assert vars(again)["form"] == replace(again).form == less.form
    assert less.hash == replace(less).hash == relax(fresh).hash


@pytest.mark.parametrize("name", ["macros.mdl", "subscripts.mdl", "data_csv.mdl"])
def test_a_model_just_read_is_the_one_that_is_kept(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRONDELAG_CACHE", str(tmp_path))
    just, kept = (load(MODELS / name) for _ in range(2))
    assert "abstract" in vars(just)
    assert "abstract" not in vars(kept)
    assert list(just.variables) == list(kept.variables)
    assert compile_model(just.abstract).hash == compile_model(kept.abstract).hash


def test_what_nothing_needs_after_relaxing_is_still_a_parameter(tmp_path: Path) -> None:
    text = (
        ":MACRO: NOTHING(x)\nNOTHING = x * 0 / inside ~~|\ninside = 3 ~~|\n:END OF MACRO:\n"
        "a = 2 ~~|\nb = NOTHING(a) ^ 0 ~~|\n"
        "INITIAL TIME = 0 ~~|\nFINAL TIME = 2 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n"
    )
    (tmp_path / "m.mdl").write_text(text)
    source = load(tmp_path / "m.mdl")
    exact, less = program(source, {}), program(source, {}, exact=False)
    assert less.parameters == exact.parameters
    assert less.built_in == exact.built_in


def test_a_damaged_program_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRONDELAG_CACHE", str(tmp_path))
    source = load(MODELS / "stocks.mdl")
    first = program(source, {})
    (file,) = (tmp_path / "programs").rglob("program.json")
    file.write_text(file.read_text()[:100])
    _program.cache_clear()
    assert program(source, {}).hash == first.hash


def test_parameters_and_times_need_no_new_kernel_but_steps_do() -> None:
    model = load_model(MODELS / "delay_fixed.mdl")

    def kernel(settings: dict[str, object]):
        inputs, _ = model.inputs(None, settings)
        return prepare(model.source, ["chain"], inputs).kernel

    plain = kernel({})
    assert kernel({"first": 3}) is plain
    assert kernel({"time_step": 0.5}) is not plain
    assert kernel({"delay": 2}) is not plain
    assert kernel({"input": {0: 1, 5: 2}}) is kernel({"input": {0: 3, 9: 2}})


@pytest.mark.parametrize(
    "settings",
    [
        {"first": 3},
        {"delay": 2.25},
        {"time_step": 0.5, "final_time": 6, "initial_time": 1, "saveper": 1},
        {"input": 4},
        {"input": {0: 1.0, 5: 2.0, 7: -1.0}},
        {"load[q]": 3, "first": 2},
        {"exact": {0: 1.5, 10: 2.5}},
    ],
)
def test_settings_mean_the_same_to_every_engine(settings: dict[str, object]) -> None:
    model = load_model(MODELS / "delay_fixed.mdl")
    theirs = model.run(None, engine="pysd", settings=settings)
    for engine in ("fast", "numpy"):
        ours = model.run(None, engine=engine, settings=settings)
        assert set(ours.data_vars) == set(theirs.data_vars)
        np.testing.assert_array_equal(ours["time"], theirs["time"])
        for name in theirs.data_vars:
            np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-12, atol=1e-12)
