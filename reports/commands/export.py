"""The model as one Vensim file, or scenarios' outcomes as tables for other programs."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import sim
from reports import exports
from reports import labels as words
from reports.folder import writing
from sim.errors import InputError, Problem, wrong
from sim.project import shown
from sim.run.model import Model
from sim.run.written import replaced
from sim.scenario import Scenario, catalogues, load
from sim.source.onefile import onefile
from sim.store.files import put

SUMMARY = "Write the model for Vensim, or outcomes as an IAMC table or CSV"
TABLES = (".csv", ".xlsx")
KINDS = ("mdl", "iamc", "csv")
_EXAMPLE = """
Example:
  trondelag export --to mdl --scenario ocean_push -o ocean_push.mdl
  trondelag export --to iamc --scenario baseline --scenario ocean_push -o runs.xlsx
  trondelag export --to csv --lang nb > baseline.csv

mdl: one file that Vensim opens, with all data and the scenario's values in its text. iamc: one
row per model, scenario, region, variable and unit, one column per year. csv: one row per value;
with --lang nb separated by semicolons, with decimal commas. Without -o: to standard output.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument("--to", required=True, choices=KINDS, help="what to write")
    parser.add_argument(
        "--scenario",
        metavar="ID|FILE",
        action="append",
        help="baseline if not given; several for tables",
    )
    parser.add_argument(
        "-o", dest="out", metavar="FILE", type=Path, help="where to write; tables also as .xlsx"
    )


def execute(arguments: argparse.Namespace) -> int:
    """Write; returns 0."""
    names: list[str] = arguments.scenario or ["baseline"]
    if arguments.to == "mdl" and len(names) > 1:
        sentence = "one Vensim file holds one scenario"
        raise wrong("several-scenarios", sentence, hint="name --scenario once")
    out: Path | None = arguments.out
    book = out is not None and out.suffix.lower() == ".xlsx"
    if book and arguments.to == "mdl":
        raise wrong("no-table", "a model is no workbook", file=str(out), hint="name a .mdl file")
    if out is not None and arguments.to != "mdl" and out.suffix.lower() not in TABLES:
        said = f"'{out.suffix}' is no format to write a table in"
        raise wrong("unknown-format", said, file=str(out), hint=f"known are {', '.join(TABLES)}")
    model = sim.load_model()
    scenarios = _loaded(names, model)
    if arguments.to == "mdl":
        content = vensim(model, scenarios[0], arguments.lang).encode()
    else:
        runs = {each.id: model.run(each) for each in scenarios}
        if arguments.to == "iamc":
            table = exports.iamc(runs, catalogues())
        else:
            table = exports.long(runs, catalogues(), words.load(arguments.lang))
        norwegian = arguments.to == "csv" and arguments.lang == "nb"
        content = exports.xlsx(table) if book else exports.csv(table, norwegian=norwegian)
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return 0
    if out.exists() and not out.is_file():  # a pipe, a terminal
        with writing(out.parent):
            out.write_bytes(content)
    else:
        put(out, content, lost="the file is not written")
    print(json.dumps({"file": shown(out), "bytes": len(content)}) if arguments.json else shown(out))
    return 0


def vensim(model: Model, scenario: Scenario, language: str) -> str:
    """The model with a scenario's values as one Vensim text."""
    inputs, name = model.inputs(scenario)
    title = f"Trøndelag, model {model.hash[:12]}, scenario {name}: {scenario.name.said(language)}."
    # A tilde or a bar would end the entry that holds the words.
    return onefile(
        model.source, replaced(model.source, inputs), title.translate({126: "-", 124: "/"})
    )


def _loaded(names: list[str], model: Model) -> list[Scenario]:
    """The scenarios, each tried on the model; the problems of all are shown together."""
    problems: list[Problem] = []
    found: dict[str, Scenario] = {}
    for name in names:
        try:
            one = load(name)
            model.inputs(one)
            if found.setdefault(one.id, one).file != one.file:
                sentence = f"two scenarios have the id '{one.id}'"
                problems.append(Problem("scenario-twice", sentence, one.file))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return list(found.values())
