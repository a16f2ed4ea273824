"""Simulate scenarios: a run folder for each, and its headline outcomes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

import sim
from sim import scenario
from sim.commands.telling import saying
from sim.errors import InputError, Problem
from sim.project import shown
from sim.run.model import DEFAULT, Model
from sim.run.single import Answer, answer
from sim.scenario import Catalogues, Scenario

SUMMARY = "Simulate scenarios and keep each run in a folder of its own"
_EXAMPLE = """
Example:
  trondelag run baseline ocean_push
  trondelag run my/scenario.yaml --lang nb

prints the headline outcomes at the start of the strategy and 4, 8, 15 and 25 years later, and
the folder with all results (outputs.nc, manifest.json). A run that was made before is read
from its folder.
"""
LATER = (0, 4, 8, 15, 25)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument(
        "scenarios", metavar="ID|FILE", nargs="+", help="bundled scenario by id, or a file"
    )
    parser.add_argument("--engine", default=DEFAULT, help=f"what computes ({DEFAULT})")


def execute(arguments: argparse.Namespace) -> int:
    """Run each scenario, print a table for each; returns 0.

    Raises:
        InputError: everything wrong with any of the scenarios; then nothing is run.
    """
    model = sim.load_model()
    say = saying(arguments.lang)
    asked = _loaded(arguments.scenarios, model)
    answers: list[Answer] = []
    for each in asked:
        answers.append(answer(model, each, engine=arguments.engine, say=say))
        if answers[-1].asked_before:
            say(f"{each.id}: read from disk")
    known = scenario.catalogues()
    if arguments.json:
        print(json.dumps([_record(each, known) for each in answers], ensure_ascii=False, indent=1))
        return 0
    for each, source in zip(answers, asked, strict=True):
        print(f"{source.name.said(arguments.lang)} ({each.label})")
        print(*_table(each, known, arguments.lang), sep="\n")
        print(f"{shown(each.folder)}\n")
    return 0


def _loaded(names: Sequence[str], model: Model) -> list[Scenario]:
    """The scenarios, each tried on the model; the problems of all are shown together."""
    problems: list[Problem] = []
    found: dict[str, Scenario] = {}
    for name in names:
        try:
            one = scenario.load(name)
            model.inputs(one)
            found.setdefault(one.file, one)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return list(found.values())


def _years(known: Catalogues, answered: Answer) -> list[int]:
    saved = set(answered.dataset["time"].values.tolist())
    return [known.years.start + later for later in LATER if known.years.start + later in saved]


def _table(answered: Answer, known: Catalogues, language: str) -> list[str]:
    """The headline outcomes that are single numbers, a row each, a column per year."""
    years = _years(known, answered)
    rows = [["", *map(str, years)]]
    for outcome in known.outcomes.values():
        if outcome.over or outcome.variable not in answered.dataset:
            continue
        values = answered.dataset[outcome.variable].sel(time=years).values * outcome.factor
        title = f"{outcome.name.said(language)} ({outcome.unit.said(language)})"
        rows.append([title, *(_number(value, outcome.decimals, language) for value in values)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(years) + 1)]
    return [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _number(value: float, decimals: int, language: str) -> str:
    text = f"{value:,.{decimals}f}"
    if language == "nb":
        # Narrow no-break space between thousands, comma before decimals.
        return text.replace(",", "\u202f").replace(".", ",")
    return text


def _record(answered: Answer, known: Catalogues) -> dict[str, object]:
    years = _years(known, answered)
    chosen = answered.dataset.sel(time=years)
    return {
        "scenario": answered.label,
        "folder": shown(answered.folder),
        "from_disk": answered.asked_before,
        "years": years,
        "outcomes": {
            own: (chosen[outcome.variable].values * outcome.factor).tolist()
            for own, outcome in known.outcomes.items()
            if not outcome.over and outcome.variable in chosen
        },
    }
