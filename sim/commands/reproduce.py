"""Run a kept run again: identical, or where it differs."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import sim
from sim import project
from sim.commands import workers
from sim.project import shown
from sim.run.reproduce import reproduce

SUMMARY = "Run a kept run again from its manifest: identical, or where it differs"
_EXAMPLE = """
Example:
  trondelag reproduce runs/baseline-0be3c9788503
  trondelag reproduce screening-1f2e3d4c5b6a --jobs 4

A single run is made again with the model and the scenario in its manifest; a sweep from the
compiled model in its own folder, whatever the model's text says today. Nothing is written.

Exit codes: 0 identical, 1 it differs, 2 there is no such run.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = _EXAMPLE
    parser.add_argument("run", metavar="RUN", help="a run's folder, or its name in runs/")
    parser.add_argument("--model", metavar="FILE", help="another model than this project's")
    workers.configure(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Run again and say what came of it; returns 0 or 1.

    Raises:
        InputError: there is no such run.
    """
    folder = Path(arguments.run)
    if not folder.exists() and (project.RUNS / arguments.run).exists():
        folder = project.RUNS / arguments.run
    done = reproduce(
        folder,
        lambda: sim.load_model(arguments.model),
        workers.executor(arguments),
        workers.progress,
    )
    if arguments.json:
        record = {
            "folder": shown(folder),
            "identical": done.identical,
            "runs": done.runs,
            "differences": done.differences,
            "notes": done.notes,
        }
        print(json.dumps(record, ensure_ascii=False, indent=1))
        return 0 if done.identical else 1
    if done.identical:
        said = "identisk" if arguments.lang == "nb" else "identical"
    else:
        said = "forskjellig" if arguments.lang == "nb" else "different"
    print(f"{said}: {shown(folder)} ({done.runs:,})")
    for line in (*done.differences, *done.notes):
        print(f"  {line}")
    return 0 if done.identical else 1
