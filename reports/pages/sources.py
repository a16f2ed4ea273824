"""What a page is asked of: a kept sweep, an experiment, or scenarios in the planners' worlds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from reports.analysis import find
from reports.comparison import read
from reports.pages.bottlenecks import limits
from sim import plan, project
from sim.errors import InputError, wrong
from sim.plan import Experiment
from sim.project import MODEL, ROOT, SCENARIOS
from sim.run import experiment as experiments
from sim.run import sweep
from sim.run.executors.threads import Threads
from sim.run.order import pack
from sim.run.progress import Progress
from sim.scenario import Scenario, catalogues, library
from sim.store.files import put
from sim.store.sweep import SweepFolder, open_sweep

PLANNERS, ASKED = "planners", "report"
_TEXT = {".py", ".mdl", ".yaml", ".csv", ".txt", ".toml", ".json"}

Say = Callable[[str], None]


def sweep_of(
    names: Sequence[str], *, say: Say, progress: Callable[[int], Progress] | None = None
) -> SweepFolder:
    """The sweep that a page is made of; run where it is not there.

    Args:
        names: nothing: the bundled experiment for planners; one sweep (folder or name) or
            experiment (id or file); or two and more scenarios (ids or files), of which the first
            is what the others are compared with, in the planners' worlds.
        say: is told how far it is.
        progress: makes a bar for so many members.

    Raises:
        InputError: no such run, experiment or scenario; all problems of their files.
    """
    if len(names) > 1:
        # A file of any name and place: a user's own command line may name what it likes.
        asked = planners().model_copy(update={"id": ASKED})
        return run(asked, read(names), say=say, progress=progress)
    name = names[0] if names else PLANNERS
    if (Path(name) / "manifest.json").is_file() or (project.RUNS / name).is_dir():
        return find(name, project.RUNS)
    if name == PLANNERS:
        return run(planners(), say=say, progress=progress)
    known = plan.bundled()
    if name in known or library.is_path(name):
        return run(plan.load(name), say=say, progress=progress)
    if name in library.bundled():
        said = f"'{name}' is one scenario, and a page compares"
        first, second = ("baseline", name) if name != "baseline" else (name, library.bundled()[1])
        hint = f"name two or more: trondelag report {first} {second}"
        raise wrong("one-scenario", said, hint=hint)
    try:
        return find(name, project.RUNS)
    except InputError as error:
        hint = f"experiments are {', '.join(known)}; {error.problems[0].hint}"
        said = f"there is no sweep or experiment '{name}'"
        raise wrong("no-run", said, hint=hint) from error


def planners() -> Experiment:
    """The bundled experiment, which keeps whatever goals and limits are judged by today."""
    found, known = plan.load(PLANNERS), catalogues()
    goals = [goal.outcome for each in known.goals.values() for goal in each.goals.values()]
    wanted = [known.outcomes[own].variable for own in goals if own]
    wanted += [name for each in limits() for name in (each.used, each.limit)]
    return found.model_copy(update={"outputs": tuple(dict.fromkeys([*found.outputs, *wanted]))})


def run(
    experiment: Experiment,
    scenarios: Sequence[Scenario] = (),
    *,
    say: Say,
    progress: Callable[[int], Progress] | None = None,
) -> SweepFolder:
    """The sweep of an experiment, from disk or run now.

    To look up and pack an experiment takes seconds; where nothing that it depends on has changed
    since the last time, the answer is found without.

    Args:
        experiment: as loaded.
        scenarios: in place of its own.
        say: is told how far it is.
        progress: makes a bar for so many members.
    """
    note = project.cache() / "pages" / f"{_key(experiment, scenarios)}.txt"
    try:
        kept = open_sweep(project.RUNS / note.read_text(encoding="utf-8").strip())
        if kept.whole:
            return kept
    except (OSError, InputError):
        pass
    say(f"{experiment.id}: looking up the model and the worlds")
    model = experiments.model(experiment)
    members = plan.members(experiment, model.variables, model.subscripts)
    order = experiments.order(experiment, members)
    if scenarios:
        order = replace(order, scenarios=list(scenarios))
    packed = pack(model, order)
    say(f"{experiment.id}: {packed.members:,} worlds x {len(packed.bundle.settings)} scenarios")
    swept = sweep.run(packed, Threads(None), progress=progress, say=say)
    if swept.over:
        failed = sum(swept.failed.values())
        said = f"{failed:,} of {swept.runs:,} runs failed, more than the experiment allows"
        raise wrong("too-many-failed", said, hint="; ".join(swept.examples))
    put(note, swept.folder.folder.name.encode())
    return swept.folder


def _key(experiment: Experiment, scenarios: Sequence[Scenario]) -> str:
    """A hash of everything that an experiment's answer can hang on: all text of the project."""
    asked = [experiment.plain(), [each.merged() for each in scenarios]]
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode())
    beside = [
        Path(experiment.file).parent / name
        for name in (*experiment.scenarios, *([experiment.draws.file] if experiment.draws else []))
        if Path(name).suffix
    ]
    files = [
        path
        for folder in (ROOT / "sim", MODEL, SCENARIOS)
        for path in sorted(folder.rglob("*"))
        if path.suffix in _TEXT
    ]
    for path in [*files, ROOT / "constraints.txt", *beside]:
        if path.is_file():
            digest.update(f"{path}\0".encode() + path.read_bytes())
    digest.update(str(project.RUNS).encode() + experiment.file.encode())
    return digest.hexdigest()[:32]
