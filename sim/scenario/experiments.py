"""Where experiment files are found, and how one is read with the table that it names."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError, Problem
from sim.project import SCENARIOS
from sim.scenario import draws
from sim.scenario.document import read
from sim.scenario.experiment import Experiment
from sim.scenario.fit import fit
from sim.scenario.library import meant

FOLDER = SCENARIOS / "experiments"
PLACEHOLDERS = {
    "schema": "experiment/1",
    "id": "unnamed",
    "name": {"en": "unnamed"},
    "design": {"kind": "lhs", "n": 2},
    "outputs": ["unnamed"],
    "constants": "all",
}


def bundled(folder: Path = FOLDER) -> tuple[str, ...]:
    """Ids of the experiments in a folder, by name."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load(name_or_path: str | Path, *, folder: Path = FOLDER) -> Experiment:
    """Read an experiment.

    Args:
        name_or_path: id of a bundled experiment, or the path of a file.
        folder: where the bundled ones lie.

    Raises:
        InputError: with every problem of the file by itself; whether the model has what it
            names is told by `sim.plan.members`.
    """
    path = located(name_or_path, folder)
    document = read(path)
    said, problems = fit(document, Experiment, PLACEHOLDERS)
    problems = [*document.problems, *problems]
    here = path.resolve().parent
    if here == folder.resolve() and said.id not in (path.stem, "unnamed"):
        sentence = f"has the id '{said.id}' where its name says '{path.stem}'"
        line = document.root.line_of("id")
        problems.append(Problem("wrong-id", sentence, document.file, line))
    drawn: dict[str, tuple[float, ...]] = {}
    if said.draws is not None:
        try:
            drawn = draws.read(draws.located(said.draws.file, here))
        except InputError as fault:
            problems += fault.problems
    if problems:
        raise InputError(problems)
    return said.keep(document, drawn)


def located(name_or_path: str | Path, folder: Path = FOLDER) -> Path:
    """The file meant by an id or a path.

    Raises:
        InputError: no bundled experiment has this id.
    """
    return meant(name_or_path, bundled(folder), folder, "experiment")
