"""The suite `text`: what the text must say of every variable beside its equation."""

from __future__ import annotations

import csv

import numpy as np

from sim.check.finding import Finding, Outcome, Report
from sim.check.workbench import SWITCH, Workbench
from sim.source.catalogue import CONSTANT, Variable

SOURCES = "data/sources.csv"  # in a model's folder: what the ids of sources stand for
SHORTEST = 12  # letters that a sentence needs at least
GRADES = "ABCD"


def check(bench: Workbench) -> Report:
    """Every variable has a unit and a sentence; every constant a range, and where it is from."""
    file = bench.model.source.root / SOURCES
    known: set[str] = set()
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as stream:
            known = {row["source_id"] for row in csv.DictReader(stream)}
    return Report("text", [_found(one, known) for one in bench.variables.values()])


def _found(variable: Variable, known: set[str]) -> Finding:
    lacks = [*_of_all(variable)]
    if variable.kind == CONSTANT and variable.value is not None:
        lacks += _of_constants(variable, known)
    outcome = Outcome.FAILED if lacks else Outcome.PASSED
    sentence = f"'{variable.name}': {'; '.join(lacks)}" if lacks else ""
    return Finding(outcome, variable.name, sentence, "text", variable.chapter, variable.line)


def _of_all(variable: Variable) -> list[str]:
    lacks: list[str] = []
    if not variable.units:
        lacks.append("it has no unit")
    if len(variable.description) < SHORTEST:
        lacks.append("no sentence says what it is")
    return lacks


def _of_constants(variable: Variable, known: set[str]) -> list[str]:
    lacks: list[str] = []
    if not (variable.sources or variable.assumption):
        lacks.append("neither a source nor an assumption is named")
    elif variable.grade not in set(GRADES):
        lacks.append("its evidence has no grade")
    unknown = [each for each in variable.sources if each not in known]
    if unknown:
        lacks.append(f"{SOURCES} does not have {', '.join(unknown)}")
    if variable.low is None or variable.high is None:
        # What is fixed by definition or read once needs no range.
        if variable.grade != "A" and not variable.name.lower().startswith(SWITCH):
            lacks.append("it has no range")
    elif variable.value is not None:
        least = np.minimum(variable.low, variable.high)
        most = np.maximum(variable.low, variable.high)
        if not ((variable.value >= least) & (variable.value <= most)).all():
            lacks.append("its value lies outside its range")
    return lacks
