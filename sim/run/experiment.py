"""An experiment as what is to be swept, and the model that it asks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim import scenario as scenarios
from sim.errors import InputError, Problem
from sim.plan import Experiment, MemberTable
from sim.project import ROOT
from sim.run.model import Model, load_model
from sim.run.order import Order
from sim.scenario.document import printable


def model(experiment: Experiment) -> Model:
    """The model that an experiment asks: its own, beside its file, or this project's.

    Raises:
        InputError: everything that is wrong with it.
    """
    if experiment.model is None:
        return load_model()
    return load_model(_beside(experiment, experiment.model))


def order(experiment: Experiment, members: MemberTable) -> Order:
    """What is to be swept.

    Args:
        experiment: as loaded.
        members: sampled for it.
    """
    return Order(
        label=experiment.id,
        table=members.table,
        outputs=experiment.outputs,
        scenarios=[_scenario(experiment, name) for name in members.scenarios] or [None],
        times=experiment.times,
        seed=experiment.design.seed,
        storage=experiment.storage.keep,
        limit=experiment.failed.at_most,
        design=members.design,
        part=experiment.storage.members_per_part,
        experiment=experiment.plain(),
        block=members.sample.block if members.sample.stop else 0,
    )


def misfits(experiment: Experiment) -> list[Problem]:
    """What is wrong with an experiment's scenarios themselves."""
    problems: list[Problem] = []
    for number, name in enumerate(experiment.scenarios):
        try:
            scenarios.load(_scenario(experiment, name))
        except InputError as error:
            here = experiment.problem("", "", "scenarios", number)
            problems += [
                one if one.file else replace(one, file=here.file, line=here.line)
                for one in error.problems
            ]
    return problems


def _scenario(experiment: Experiment, name: str) -> str | Path:
    """A bundled scenario's id, or a file beside the experiment."""
    if not Path(name).suffix:
        return name
    path = _beside(experiment, name)
    return path if path.exists() else name


def _beside(experiment: Experiment, name: str) -> Path:
    """A file that an experiment names, which comes from anywhere and may not reach everywhere.

    Raises:
        InputError: it lies neither below the experiment's folder nor the current one nor this
            project.
    """
    here = Path(experiment.file).parent
    path = here / name
    if not any(path.resolve().is_relative_to(each.resolve()) for each in (here, Path.cwd(), ROOT)):
        said = f"'{printable(name)}' leads out of the experiment's folder"
        raise InputError([experiment.problem("outside", said)])
    return path
