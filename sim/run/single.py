"""A single run, answered from disk where it was asked before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from sim import project, store
from sim import scenario as scenarios
from sim.run import results
from sim.run.model import DEFAULT, Model
from sim.scenario import Scenario


@dataclass(frozen=True)
class Answer:
    """A run and where it is kept.

    Args:
        label: the scenario's id, or "text" for the model as its text has it.
        folder: the run's folder.
        dataset: the results.
        asked_before: whether it was answered from disk.
    """

    label: str
    folder: Path
    dataset: xr.Dataset
    asked_before: bool


def answer(
    model: Model,
    scenario: Any = "baseline",
    *,
    engine: str = DEFAULT,
    outputs: Sequence[str] | None = None,
    settings: Mapping[str, Any] | None = None,
    runs: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Answer:
    """Run a scenario, or read the run from disk.

    Args:
        model: the model.
        scenario: as for `Model.run`; likewise `engine`, `outputs` and `settings`.
        engine: which engine.
        outputs: which variables.
        settings: on top of the scenario.
        runs: the folder of all runs; None for this repository's.
        say: is told of progress and of damaged folders.

    Raises:
        InputError: as for `Model.run`; the folder cannot be written.
    """
    runs = project.RUNS if runs is None else runs
    if isinstance(scenario, str | Path) and model.source.ours:
        scenario = scenarios.load(scenario)
    inputs, name = model.inputs(scenario, settings)
    wanted = model.wanted(outputs, inputs)
    label = name or "text"
    facts = results.facts(model.source, inputs, name, engine)
    question = {**facts, "outputs": sorted(wanted), "seed": None}
    stored, damage = store.find(label, question, runs)
    if stored is not None:
        return Answer(label, stored.folder, stored.dataset, asked_before=True)
    if damage:
        folder = project.shown(runs / store.name(label, question))
        say(f"{folder} is damaged ({damage}); running again")
    say(f"{label}: running")
    dataset = model.simulate(inputs, name, wanted, engine)
    merged = scenario.merged() if isinstance(scenario, Scenario) else None
    stored = store.keep(label, question, dataset, runs, scenario=merged)
    return Answer(label, stored.folder, stored.dataset, asked_before=False)
