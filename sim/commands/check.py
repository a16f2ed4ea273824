"""`trondelag check`: units, extremes, behaviour, balances, steps; a table and a page."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sim.check import record, suites, wall
from sim.check.finding import Report
from sim.check.workbench import Workbench
from sim.errors import wrong
from sim.project import MODEL, shown
from sim.run.model import load_model

SUMMARY = "check the model, or the units of any Vensim or XMILE model"
DONE, FAILED = 0, 1
EXAMPLE = """\
Without MODEL all suites run on this project's model: {suites}.
With a Vensim or XMILE file, the suites that apply to it (units).
Exit code 1 if something fails.

examples:
  trondelag check
  trondelag check --suite units,extremes
  trondelag check --page checks.html
  trondelag check teacup.mdl
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "model", nargs="?", metavar="MODEL", help=".mdl, .xmile or .stmx file, or a folder"
    )
    parser.add_argument(
        "--suite", action="append", default=[], metavar="A,B", help="only these suites"
    )
    parser.add_argument("--page", metavar="FILE", help="write the whole result as an HTML page")
    parser.add_argument(
        "--all", action="store_true", help="tell every finding, not only the first of each suite"
    )
    parser.epilog = EXAMPLE.format(suites=", ".join(suites.SUITES))


def execute(arguments: argparse.Namespace) -> int:
    """Run the suites; returns 0, or 1 where something failed."""
    page = None if arguments.page is None else Path(arguments.page)
    if page is not None and not page.absolute().parent.is_dir():
        raise wrong("no-such-folder", "its folder is not there", file=str(page))
    if page is not None and page.is_dir():
        raise wrong("not-a-file", "this is a folder", file=str(page))
    model = load_model(arguments.model)
    own = model.source.ours and model.source.path.resolve() == MODEL.resolve()
    bench = Workbench(model, own=own)
    names = [name.strip() for each in arguments.suite for name in each.split(",") if name.strip()]
    reports: list[Report] = []
    for name in (wanted := suites.chosen(names, bench)):
        print(f"{name} …", end=" ", flush=True, file=sys.stderr)
        reports += suites.run([name], bench)
    print(file=sys.stderr) if wanted else None
    if own and not names:  # for the method box of the planners' page
        record.keep(record.record(reports), model.source.text_hash, model.source.data_hash)
    title = shown(model.source.path)
    if page is not None:
        page.write_text(wall.page(reports, title, arguments.lang), encoding="utf-8")
        print(f"{shown(page)} written", file=sys.stderr)
    if arguments.json:
        print(json.dumps(wall.plain(reports), ensure_ascii=False, indent=1))
    else:
        print(wall.table(reports, arguments.lang, first=None if arguments.all else wall.FIRST))
    return FAILED if any(report.failed for report in reports) else DONE
