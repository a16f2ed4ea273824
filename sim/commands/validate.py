"""`trondelag validate`: is a scenario file sound? Everything that is wrong, in one go."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sim import source
from sim.errors import InputError, Problem
from sim.project import SCENARIOS
from sim.run.experiment import prepared
from sim.scenario import Scenario, bundled, catalogues, experiments, load, resolve
from sim.scenario.agreement import disagreements
from sim.scenario.catalogues import CATALOGUE_CLASSES, read_as
from sim.scenario.document import read
from sim.scenario.library import is_path
from sim.scenario.sentences import StrategyFile
from sim.scenario.strategy import checked

SUMMARY = "check scenario and experiment files: keys, names, units, ranges, budget"
EXAMPLE = """\
Checks files (or ids of bundled scenarios and experiments), or all bundled scenarios when none is
named. An experiment is asked of the model, as `trondelag sweep --dry-run` does.
Nothing is run or written. Exit code 2 and a list of every problem if something is wrong.

example:
  trondelag new my_push --to .
  trondelag validate my_push.yaml my_experiment.yaml
"""
SOUND = {"en": "{name} is sound", "nb": "{name} er i orden"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="a YAML file, or a scenario's id")
    parser.epilog = EXAMPLE


def execute(arguments: argparse.Namespace) -> int:
    """Check; returns 0, or raises an InputError with all problems of all files."""
    names: list[str] = arguments.files or [*CATALOGUE_CLASSES, *bundled()]
    problems: list[Problem] = []
    scenarios: list[Scenario] = []
    for name in names:
        try:
            catalogue = CATALOGUE_CLASSES.get(Path(name).stem)
            if catalogue is None and _is_experiment(name):
                prepared(name)
            elif catalogue is None:
                scenarios.append(load(name))
            else:
                path = SCENARIOS / f"{name}.yaml" if name in CATALOGUE_CLASSES else Path(name)
                said = read_as(path, catalogue)
                problems += disagreements(path, said, source.load().variables, catalogues())
                if catalogue is StrategyFile:
                    checked(catalogues(), source.load().variables, path)
        except InputError as fault:
            problems += fault.problems
    problems += _misfits(scenarios)
    if problems:
        raise InputError(dict.fromkeys(problems))
    if arguments.json:
        print(json.dumps({"sound": names}, ensure_ascii=False))
    else:
        for name in names:
            print(SOUND[arguments.lang].format(name=name))
    return 0


def _is_experiment(name: str) -> bool:
    """Whether a word means an experiment: a bundled one, or a file that says so itself."""
    if not is_path(name):
        return name in experiments.bundled() and name not in bundled()
    try:
        schema = read(Path(name)).root.at("schema")
    except InputError:
        return False
    return schema is not None and str(schema.value).startswith("experiment/")


def _misfits(scenarios: list[Scenario]) -> list[Problem]:
    """Where scenarios do not fit the model: its variables, units and limits."""
    problems: list[Problem] = []
    if scenarios:
        try:
            model = source.load()
        except InputError as fault:
            return list(fault.problems)
        for scenario in scenarios:
            try:
                resolve(scenario, model.variables, model.subscripts)
            except InputError as fault:
                problems += fault.problems
    return problems
