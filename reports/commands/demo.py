"""The baseline against a handful of the bundled scenarios, for a first look."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from calibration import targets
from reports import labels as words
from reports import memo, tables
from reports.commands import compare, report
from reports.comparison import read, simulate, worlds
from reports.pages.sources import sweep_of
from sim.commands import workers
from sim.commands.telling import saying
from sim.project import RUNS, shown

SUMMARY = "Run the baseline and a handful of scenarios: table, summary, figures, page"
# One page's worth: a push for each of two areas, one for the districts, and a shock from outside.
FIRST_LOOK = (
    "baseline",
    "bioeconomy_push",
    "ocean_push",
    "districts_first",
    "salmon_slump",
    "ocean_push_salmon_slump",
)
_EXAMPLE = """
Example:
  trondelag demo --lang nb

takes no scenario names (`trondelag compare` does): it runs six and compares each with the one that
shares its outside world but goes on with today's effort; scenarios of another world (a price
shock) are compared among themselves, and that world with the baseline. Then it runs the
strategy's programmes in a thousand possible worlds and writes the page for planners (as `trondelag
report` does). The second time everything comes from disk. The folder with tables and figures is
named, and last the page.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    compare.arguments(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Run, print the headline tables and the summary, write the rest; returns 0, or 3.

    3 as for `report`: some worlds failed and were left out.
    """
    scenarios = read(FIRST_LOOK)
    runs = simulate(scenarios, say=saying(arguments.lang), engine=arguments.engine)
    comparisons = [runs.compare([each.id for each in group]) for group in worlds(scenarios)]
    labels = words.load(arguments.lang, runs.names)
    folder: Path = arguments.to or RUNS / f"demo-{labels.language}-{runs.compare().identity}"
    observed = targets.load()
    for position, comparison in enumerate(comparisons):
        # The first is what most people come for: it lies at the top.
        own = folder / "-".join(comparison.names) if position else folder
        memo.write(comparison, observed, labels, own)
    swept = sweep_of([], say=saying(arguments.lang), progress=workers.progress)
    results = report.made(swept)
    again = ["trondelag report", f"--lang {labels.language}"]
    (page,) = report.write(results, labels.language, ["html"], again, folder)
    code = report.SOME_LEFT_OUT if results.futures.left_out else 0
    if arguments.json:
        answer = {
            "comparisons": [compare.as_json(comparison) for comparison in comparisons],
            "folder": shown(folder),
            "page": shown(page),
        }
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return code
    for comparison in comparisons:
        differences = comparison.differences()
        for run in comparison.others:
            table = tables.difference_table(
                differences, run, labels, baseline=comparison.baseline, variables=tables.HEADLINES
            )
            print(tables.text(table), end="\n\n")
    for line in memo.sentences(comparisons[0], labels):
        print(f"- {line}")
    print(f"\n{shown(folder)}\n{shown(page)}")
    return code
