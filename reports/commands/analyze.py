"""What the outcomes of a sweep hang on: rankings, sentences, tables, figures."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from reports import findings, sensitivity
from reports import labels as words
from reports.analysis import Analysis, Cell, analyse, find
from reports.labels import Labels
from sim.commands.arguments import count, share
from sim.errors import InputError
from sim.project import shown
from sim.scenario import load
from sim.scenario.schema import Text

SUMMARY = "Say what the outcomes of a sweep depend on: indices over time, and what to research next"
_EXAMPLE = """
Example:
  trondelag sweep screening
  trondelag analyze screening
  trondelag analyze screening --outcome value_added_total --against baseline --lang nb

RUN is a sweep's folder, its name, or its experiment's id. The estimator is the design's own:
Sobol indices for a sobol design, elementary effects for morris, and so on; an interval stands
beside every index where the estimator has one. Inputs are ranked by importance times weakness
of evidence (grade A 0, B 1/3, C 2/3, D 1): what to research next. Tables (CSV) and figures
(PNG, SVG) are written into the run's folder.

Exit codes: 0 done, 2 bad input, 3 done but some members failed and were left out.
"""
_WORDS = {
    "en": {"next": "what to research next", "input": "input", "importance": "importance",
           "grade": "grade", "score": "score", "met": "intervals are narrow enough: ±{widest}, "
           "the stop rule asks for ±{asked}", "unmet": "intervals are too wide: ±{widest}, the "
           "stop rule asks for ±{asked}; n of about {n} would do", "more": "{n} more in the tables",
           "written": "written to {folder}", "drawn": "figures of {some} of {of} scenarios; "
           "--outcome ID draws an outcome under all of them"},
    "nb": {"next": "hva som bør undersøkes nå", "input": "inndata", "importance": "betydning",
           "grade": "grad", "score": "poeng", "met": "intervallene er smale nok: ±{widest}, "
           "stoppregelen krever ±{asked}", "unmet": "intervallene er for brede: ±{widest}, "
           "stoppregelen krever ±{asked}; n på omtrent {n} vil holde",
           "more": "{n} til i tabellene", "written": "skrevet til {folder}",
           "drawn": "figurer av {some} av {of} scenarioer; --outcome ID tegner et resultat for "
           "alle"},
}  # fmt: skip
SHOWN = 10
SENTENCES = 12
SOME_LEFT_OUT = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument("run", metavar="RUN", help="a sweep: folder, name, or experiment's id")
    parser.add_argument("--outcome", metavar="ID", action="append", default=[],
                        help="only this variable or element; may be given again")  # fmt: skip
    parser.add_argument("--against", metavar="SCENARIO", default="",
                        help="analyse the difference of the others from this one")  # fmt: skip
    parser.add_argument("--given-data", action="store_true",
                        help="use estimators that need no design")  # fmt: skip
    parser.add_argument("--failed", choices=("refuse", "quarantine", "given_data"),
                        help="what to do with failed members (the experiment's)")  # fmt: skip
    parser.add_argument("--at-most", type=share, metavar="SHARE",
                        help="that may be left out, 0 to 0.5 (the experiment's)")  # fmt: skip
    parser.add_argument("--top", type=count, default=30, metavar="N",
                        help="inputs of each outcome in the table over time (30)")  # fmt: skip
    parser.add_argument("--to", metavar="FOLDER", type=Path, help="where to write")


def execute(arguments: argparse.Namespace) -> int:
    """Analyse, print and write; returns 0, or 3 if members were left out.

    Raises:
        InputError: no such run or outcome; members failed and may not be left out.
    """
    analysis = analyse(
        find(arguments.run),
        arguments.outcome,
        against=arguments.against,
        estimator="given_data" if arguments.given_data else None,
        failed=arguments.failed,
        at_most=arguments.at_most,
        say=_say,
    )
    labels = words.load(arguments.lang, _names(analysis))
    folder: Path = arguments.to or sensitivity.folder_of(analysis, labels)
    sensitivity.write(
        analysis, labels, folder, top=arguments.top, every=bool(arguments.outcome), say=_say
    )
    if arguments.json:
        print(json.dumps(_record(analysis, labels, folder), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_told(analysis, labels)))
        said, count = _WORDS[labels.language], len(analysis.scenarios)
        print(said["written"].format(folder=shown(folder)))
        if count > sensitivity.SCENARIOS and not arguments.outcome:
            print(said["drawn"].format(some=sensitivity.SCENARIOS, of=count))
    return SOME_LEFT_OUT if any(cell.found.left_out for cell in analysis.cells) else 0


def _names(analysis: Analysis) -> dict[str, Text]:
    """Names of the scenarios, of those that are bundled still."""
    names: dict[str, Text] = {}
    for own in (*analysis.scenarios, *filter(None, [analysis.against])):
        merged = analysis.folder.manifest.get("scenarios", {}).get(own)
        if merged:
            names[own] = Text.model_validate(merged["name"])
        elif own:
            try:
                names[own] = load(own).name
            except InputError:
                continue
    return names


def _told(analysis: Analysis, labels: Labels) -> list[str]:
    """Sentences and the ranking, scenario by scenario."""
    said, lines = _WORDS[labels.language], list[str]()
    for scenario in analysis.scenarios:
        title = findings.scenario(scenario, labels)
        lines += [title, "=" * len(title), ""]
        cells = analysis.of(scenario)
        lines += [findings.sentence(analysis, cell, labels) + "\n" for cell in cells[:SENTENCES]]
        if len(cells) > SENTENCES:
            lines += [said["more"].format(n=len(cells) - SENTENCES), ""]
        rows = findings.ranking(analysis.ranks(scenario), analysis.design, labels, SHOWN)
        head = [said["input"], said["importance"], said["grade"], said["score"]]
        lines += [said["next"], *_table([head, *rows]), ""]
    rule = analysis.enough()
    if rule is not None:
        met, widest, needed = rule
        asked = f"{analysis.design.stop:g}"
        lines += [said["met" if met else "unmet"].format(widest=f"{widest:.3f}", asked=asked,
                                                        n=needed), ""]  # fmt: skip
    return lines


def _table(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in rows]  # fmt: skip
    return [lines[0], "-" * sum([*widths, 2 * (len(widths) - 1)]), *lines[1:]]


def _record(analysis: Analysis, labels: Labels, folder: Path) -> dict[str, Any]:
    rule = analysis.enough()
    record: dict[str, Any] = {
        "run": shown(analysis.folder.folder),
        "folder": shown(folder),
        "design": analysis.design.kind,
        "against": analysis.against or None,
        "scenarios": {
            scenario: {
                "outcomes": [_cell(analysis, cell, labels) for cell in analysis.of(scenario)],
                "research": [
                    {"input": rank.name, "importance": _number(rank.importance),
                     "halfwidth": _number(rank.width), "grade": rank.grade,
                     "score": _number(rank.score)}
                    for rank in analysis.ranks(scenario)
                ],
            }
            for scenario in analysis.scenarios
        },
    }  # fmt: skip
    if rule is not None:
        record["stop"] = {"met": rule[0], "widest": rule[1], "n_needed": rule[2]}
    return record


def _cell(analysis: Analysis, cell: Cell, labels: Labels) -> dict[str, Any]:
    found = cell.found
    return {
        "outcome": cell.element,
        "units": cell.units,
        "estimator": found.estimator,
        "members": found.members,
        "left_out": found.left_out,
        "failed": found.failed,
        "sentence": findings.sentence(analysis, cell, labels),
        "measure": found.headline,
        "over_time": {
            name: {measure: _number(values[at]) for measure, values in found.over_time.items()}
            | {"halfwidth": _number(found.over_time_widths[found.headline][at])}
            for at, name in enumerate(found.names)
        },
    }


def _number(value: float) -> float | None:
    """A number as JSON has it."""
    return float(value) if math.isfinite(value) else None


def _say(sentence: str) -> None:
    if sys.stderr.isatty():
        print(sentence, file=sys.stderr)
