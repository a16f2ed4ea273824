"""Compare scenarios: difference tables, who gains and loses, six sentences, figures."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from calibration import targets
from reports import labels as words
from reports import memo, tables
from reports.comparison import Comparison, read, simulate
from sim.commands.telling import saying
from sim.errors import InputError, Problem
from sim.project import RUNS, shown
from sim.run.model import ENGINES
from sim.scenario import catalogues
from sim.scenario.document import printable

SUMMARY = "Compare scenarios with the first one: tables, plain summary, figures"
_EXAMPLE = """
Example:
  trondelag compare baseline ocean_push --by 2030,2040 --lang nb

prints, for each scenario after the first, its difference from the first one in value added,
jobs and population, by region and industry, who gains and who loses, and six sentences; it
writes the same tables (CSV, Markdown) and figures (PNG, SVG) to a folder, named last.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument("baseline", metavar="A", help="scenario to compare with (id or file)")
    parser.add_argument("others", metavar="B", nargs="+", help="scenarios compared with it")
    parser.add_argument(
        "--by",
        metavar="YEARS",
        help="years shown, as 2030,2040 (4, 8, 15 and 25 years after the start if not given)",
    )
    arguments(parser)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments that every verb has which runs scenarios and writes a folder."""
    parser.add_argument("--engine", help=f"what computes: {', '.join(ENGINES)}")
    parser.add_argument("--to", metavar="FOLDER", type=Path, help="where to write")


def execute(arguments: argparse.Namespace) -> int:
    """Run, print and write; returns 0."""
    years, problems = _years(arguments.by) if arguments.by is not None else (None, [])
    try:
        scenarios = read([arguments.baseline, *arguments.others])
    except InputError as error:
        raise InputError([*error.problems, *problems]) from error
    if problems:
        raise InputError(problems)
    runs = simulate(scenarios, say=saying(arguments.lang), engine=arguments.engine)
    comparison = runs.compare(years=years)
    labels = words.load(arguments.lang, comparison.names)
    name = f"compare-{labels.language}-{comparison.identity}"
    folder: Path = arguments.to or RUNS / name
    memo.write(comparison, targets.load(), labels, folder)
    if arguments.json:
        answer = {**as_json(comparison), "folder": shown(folder)}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return 0
    differences = comparison.differences()
    for run in comparison.others:
        full = tables.difference_table(differences, run, labels, baseline=comparison.baseline)
        ranked = tables.winners(differences, run, comparison.years[-1], labels)
        print(tables.text(full), tables.text(ranked), sep="\n\n", end="\n\n")
    for line in memo.sentences(comparison, labels):
        print(f"- {line}")
    print(f"\n{shown(folder)}")
    return 0


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Everything for machines: the tables as records, the sentences in both languages."""
    differences = comparison.differences()
    kept = differences[differences["variable"].isin(tables.VARIABLES)]
    summary = {
        language: memo.sentences(comparison, words.load(language, comparison.names))
        for language in ("en", "nb")
    }
    return {
        "baseline": comparison.baseline,
        "scenarios": list(comparison.others),
        "years": list(comparison.years),
        "identity": comparison.identity,
        "differences": tables.records(kept),
        "summary": summary,
    }


def _years(text: str) -> tuple[list[int], list[Problem]]:
    """The years of `--by`, and what is wrong with others."""
    parts = [part.strip() for part in text.split(",")]
    span = catalogues().years
    problems: list[Problem] = []
    for part in parts:
        if not re.fullmatch(r"[12][0-9]{3}", part):
            sentence = f"--by has '{printable(part)}', which is no year"
            hint = "write years with commas between: 2030,2040"
            problems.append(Problem("not-a-year", sentence, hint=hint))
        elif not span.first <= int(part) <= span.last:
            hint = f"results cover {span.first} to {span.last}"
            problems.append(Problem("unknown-year", f"no results for {part}", hint=hint))
    return ([] if problems else [int(part) for part in parts]), problems
