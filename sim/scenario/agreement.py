"""Whether a catalogue fits the model: what it names is there, in the same units and ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.errors import Problem, did_you_mean
from sim.ir import identifier
from sim.scenario.catalogues import (
    Catalogues,
    External,
    GoalsFile,
    LeversFile,
    Outcome,
    OutcomesFile,
    read_as,
)
from sim.scenario.document import Document, read
from sim.scenario.inputs import Variable


def disagreements(
    path: Path, said: object, variables: Mapping[str, Variable], known: Catalogues
) -> Iterator[Problem]:
    """What a catalogue names that is not there, or is something else there.

    Args:
        path: its file.
        said: the file as its class.
        variables: the model's, by id.
        known: the bundled catalogues; outcomes beside the file win over theirs.
    """
    document = read(path)
    match said:
        case OutcomesFile():
            yield from _entries(document, ("outcomes",), said.outcomes, variables)
        case LeversFile():
            yield from _entries(document, ("levers",), said.levers, variables)
            yield from _entries(document, ("external",), said.external, variables)
        case GoalsFile():
            beside = path.parent / "outcomes.yaml"
            there = beside.is_file()
            outcomes = read_as(beside, OutcomesFile).outcomes if there else known.outcomes
            yield from _goals(document, said, outcomes)
        case _:
            return


def _entries(
    document: Document,
    section: tuple[str, ...],
    entries: Mapping[str, Outcome] | Mapping[str, External],
    variables: Mapping[str, Variable],
) -> Iterator[Problem]:
    for id_, entry in entries.items():
        variable = variables.get(entry.variable)
        if variable is None:
            hint = did_you_mean(entry.variable, list(variables))
            said = f"'{id_}': the model has no variable '{entry.variable}'"
            yield _problem(document, "unknown-variable", said, hint, *section, id_, "variable")
            continue
        dims = tuple(identifier(dim) for dim in variable.dims)
        over = entry.over if isinstance(entry, Outcome) else entry.dims
        if over != dims:
            said = f"'{id_}' is over {list(over)} here, over {list(dims)} in the model"
            yield _problem(document, "other-ranges", said, "", *section, id_, "over")
        if entry.units != variable.units:
            said = f"'{id_}' is in {entry.units} here, in {variable.units} in the model"
            yield _problem(document, "other-units", said, "", *section, id_, "units")


def _goals(
    document: Document, said: GoalsFile, outcomes: Mapping[str, Outcome]
) -> Iterator[Problem]:
    for set_, goals in said.sets.items():
        for id_, goal in goals.goals.items():
            if goal.outcome is not None and goal.outcome not in outcomes:
                sentence = f"goal '{id_}': there is no outcome '{goal.outcome}'"
                hint = did_you_mean(goal.outcome, list(outcomes))
                keys = ("sets", set_, "goals", id_, "outcome")
                yield _problem(document, "unknown-outcome", sentence, hint, *keys)


def _problem(document: Document, code: str, said: str, hint: str, *keys: str) -> Problem:
    return Problem(code, said, document.file, document.root.line_of(*keys), hint)
