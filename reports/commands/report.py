"""The page for planners: programmes compared in many possible worlds, in plain words."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from calibration import targets
from reports.folder import writing
from reports.pages import findings, phrases
from reports.pages.blocks import Page
from reports.pages.futures import read
from reports.pages.html import html
from reports.pages.page import page, said
from reports.pages.results import Results
from reports.pages.sources import sweep_of
from sim.commands import workers
from sim.commands.telling import saying
from sim.errors import wrong
from sim.project import shown
from sim.store.files import put
from sim.store.sweep import SweepFolder

SUMMARY = "Write the page for planners: what each programme gives, how sure, at what cost"
FORMATS = ("html", "xlsx")
SOME_LEFT_OUT = 3
_EXAMPLE = """
Example:
  trondelag report --lang nb
  trondelag report baseline ocean_push my/plan.yaml --format html,xlsx
  trondelag report runs/monte_carlo-0123456789ab

Without a name: the bundled programmes in a thousand possible worlds (the experiment `planners`),
run the first time, read from disk afterwards. Two or more scenarios (ids or files): these in the
same worlds, the first one being what the others are compared with. One name: a kept sweep, or an
experiment's id or file. The page is one file that needs no network; its path is printed last.

Exit codes: 0 done, 2 bad input, 3 done but some worlds failed and were left out, 130 interrupted.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument("names", metavar="NAME", nargs="*",
                        help="nothing, a sweep or experiment, or scenarios")  # fmt: skip
    parser.add_argument("--format", default="html", metavar="KINDS",
                        help="html, xlsx, or both with a comma (html)")  # fmt: skip
    parser.add_argument("--baseline", metavar="SCENARIO",
                        help="what the others are compared with")  # fmt: skip
    parser.add_argument("--to", metavar="FOLDER", type=Path,
                        help="where to write (the run's folder)")  # fmt: skip


def execute(arguments: argparse.Namespace) -> int:
    """Run what is missing, write, print sentences and paths; returns 0, or 3.

    Raises:
        InputError: unknown names or formats; the run cannot be compared; unwritable folder.
    """
    kinds = _kinds(arguments.format)
    folder = sweep_of(arguments.names, say=saying(arguments.lang), progress=workers.progress)
    baseline = arguments.baseline or (arguments.names[0] if len(arguments.names) > 1 else None)
    results = made(folder, baseline)
    command = ["trondelag report", *arguments.names, f"--lang {arguments.lang}"]
    if arguments.baseline:
        command.append(f"--baseline {arguments.baseline}")
    paths = write(results, arguments.lang, kinds, command, arguments.to)
    say = said(results.futures, arguments.lang)
    if arguments.json:
        print(json.dumps(_record(results, folder, paths), ensure_ascii=False, indent=1))
    else:
        for each in findings.opening(results):
            print(f"- {phrases.written(each, say)}")
        print()
        for path in reversed(paths):  # the page last
            print(shown(path))
    return SOME_LEFT_OUT if results.futures.left_out else 0


def made(folder: SweepFolder, baseline: str | None = None) -> Results:
    """What a sweep's folder holds, ready to be told.

    Raises:
        InputError: it cannot be compared.
    """
    scenarios: Sequence[str] = folder.question["scenarios"]
    if baseline is not None and baseline not in scenarios:
        # Scenarios named by file stand in the sweep under their ids, the first one first.
        baseline = scenarios[0] if Path(baseline).suffix else baseline
    return Results(read(folder, baseline))


def write(
    results: Results,
    language: str,
    kinds: Sequence[str],
    command: Sequence[str],
    to: Path | None = None,
) -> list[Path]:
    """Write the page, and the workbook if asked for; returns their paths, the page first.

    Raises:
        InputError: the folder cannot be written.
    """
    spoken = "nb" if language == "nb" else "en"
    content = page(results, spoken, targets.load(), command)
    place = to or results.futures.folder.folder
    contents = {
        "html": lambda: html(content).encode(),
        "xlsx": lambda: _workbook(content),
    }
    paths: list[Path] = []
    with writing(place):
        for kind in kinds:
            name = "page" if kind == "html" else "tables"
            path = place / f"{name}-{spoken}.{kind}"
            put(path, contents[kind](), lost="the page is not written")
            paths.append(path)
    return paths


def _workbook(content: Page) -> bytes:
    from reports.pages.workbook import workbook  # brings openpyxl, a quarter of a second

    return workbook(content)


def _record(results: Results, folder: SweepFolder, paths: Sequence[Path]) -> dict[str, Any]:
    every = findings.everything(results)
    return {
        "run": shown(folder.folder),
        "identity": results.futures.identity,
        "worlds": len(results.futures.worlds),
        "left_out": results.futures.left_out,
        "scenarios": list(results.futures.scenarios),
        "findings": [each.plain() for each in every],
        "sentences": {
            language: [phrases.written(each, said(results.futures, language)) for each in every]
            for language in ("en", "nb")
        },
        "files": [shown(path) for path in paths],
    }


def _kinds(text: str) -> list[str]:
    """The formats of `--format`, the page first.

    Raises:
        InputError: one that is not written.
    """
    asked = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [each for each in asked if each not in FORMATS]
    if unknown or not asked:
        said_ = f"--format has '{unknown[0] if unknown else text}', which is not written"
        raise wrong("unknown-format", said_, hint=f"there are {', '.join(FORMATS)}")
    return [each for each in FORMATS if each in asked]
