"""An experiment as what is to be swept, and the model that it asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from sim import plan
from sim import scenario as scenarios
from sim.errors import InputError, Problem, did_you_mean
from sim.plan import Experiment, MemberTable
from sim.project import ROOT
from sim.run.model import Model, load_model
from sim.run.order import Order, Sweep, pack
from sim.scenario import experiments
from sim.scenario.document import printable, read
from sim.scenario.library import is_path


def prepared(name_or_path: str) -> tuple[MemberTable, Sweep]:
    """An experiment's members, and all that its sweep hangs on.

    Args:
        name_or_path: id of a bundled experiment, or a file.

    Raises:
        InputError: everything wrong with the experiment, its model and its scenarios.
    """
    try:
        experiment = plan.load(name_or_path)
    except InputError as error:
        raise InputError(dict.fromkeys([*error.problems, *strangers(name_or_path)])) from None
    asked = model(experiment)
    try:
        sampled = plan.members(experiment, asked.variables, asked.subscripts)
        return sampled, pack(asked, order(experiment, sampled))
    except InputError as error:
        # What is wrong with the scenarios is said at once, with its line.
        theirs = misfits(experiment)
        known = {one.sentence for one in theirs}
        others = [one for one in error.problems if one.sentence not in known]
        mine = [placed(experiment, one) for one in others]
        raise InputError(dict.fromkeys([*mine, *theirs])) from None


def model(experiment: Experiment) -> Model:
    """The model that an experiment asks: its own, beside its file, or this project's.

    Raises:
        InputError: everything that is wrong with it.
    """
    if experiment.model is None:
        return load_model()
    return load_model(_beside(experiment, experiment.model, "model"))


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


def strangers(name_or_path: str) -> list[Problem]:
    """Names in an experiment file that this project has not: told with what else is wrong.

    Where its keys or values are wrong, the file cannot be asked of a model; names can be looked
    up all the same, so that the user mends all in one go.
    """
    try:
        document = read(experiments.located(name_or_path))
        if document.root.at("model") is not None:
            return []
        variables = list(load_model().variables)
    except InputError:
        return []  # told already
    problems: list[Problem] = []

    def look(name: object, valid: Sequence[str], code: str, said: str, *keys: str | int) -> None:
        head = str(name).partition("[")[0]
        if isinstance(name, str) and head not in valid:
            sentence = f"{said} '{printable(head)}'"
            line = document.root.line_of(*keys)
            hint = did_you_mean(head, valid)
            problems.append(Problem(code, sentence, document.file, line, hint))

    plain = document.root.plain()
    for name in _mapping(plain.get("inputs")):
        look(name, variables, "unknown-input", "the model has no constant", "inputs", name)
    for section, code, said in (
        ("constants", "unknown-input", "the model has no constant"),
        ("outputs", "unknown-output", "the model has no variable"),
    ):
        for number, name in enumerate(_list(plain.get(section))):
            look(name, variables, code, said, section, number)
    for number, name in enumerate(_list(plain.get("scenarios"))):
        if isinstance(name, str) and not is_path(name):
            known = scenarios.bundled()
            look(name, known, "unknown-scenario", "unknown scenario", "scenarios", number)
    return problems


def _mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _scenario(experiment: Experiment, name: str) -> str | Path:
    """A bundled scenario's id, or a file beside the experiment or in the current folder.

    Raises:
        InputError: the file lies elsewhere.
    """
    if not is_path(name):
        return name
    number = experiment.scenarios.index(name)
    path = _beside(experiment, name, "scenarios", number)
    return path if path.exists() else _inside(experiment, Path(name), "scenarios", number)


def _beside(experiment: Experiment, name: str, *keys: str | int) -> Path:
    """A file that an experiment names, from its own folder."""
    return _inside(experiment, Path(experiment.file).parent / name, *keys)


def _inside(experiment: Experiment, path: Path, *keys: str | int) -> Path:
    """A file that an experiment names, which comes from anywhere and may not reach everywhere.

    Raises:
        InputError: it lies neither below the experiment's folder nor the current one nor this
            project.
    """
    allowed = (Path(experiment.file).parent, Path.cwd(), ROOT)
    if not any(path.resolve().is_relative_to(each.resolve()) for each in allowed):
        said = f"'{printable(str(path))}' leads out of the experiment's folder"
        raise InputError([experiment.problem("outside", said, *keys)])
    return path


def placed(experiment: Experiment, problem: Problem) -> Problem:
    """A problem that names no file, with the experiment's and, where it is known, the line."""
    if problem.file:
        return problem
    keys = ("times",) if problem.code == "save-time" else ()
    here = experiment.problem("", "", *keys)
    return replace(problem, file=here.file, line=here.line)
