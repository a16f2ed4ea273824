"""Measures this engine against its peers: `python -m tests.benchmarks.peers [--write]`.

All engines of a model are measured in turns, in one process on one machine; the best of all
turns counts, and what is compared are ratios. `--rounds 1 --models world` is a quick look;
`--alone --models ours --members 1000000 --patience 900` measures starts, single runs and a
million members with memory (14 minutes).
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import llvmlite
import numpy as np
import pysd

from sim.kernel.kernel import processors
from sim.project import ROOT
from tests.benchmarks import ceiling, scales
from tests.benchmarks.cases import Case, cases
from tests.benchmarks.engines import Engine, Ours, engines

SLOW = 15.0  # seconds: what takes longer is measured once
README = ROOT / "sim" / "kernel" / "README.md"
BEGUN = time.perf_counter()
BEGIN, END = "<!-- benchmark: begin -->", "<!-- benchmark: end -->"


def main() -> None:
    """Measure, print Markdown, and write it into the kernel's README if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", default="ours,world,planned")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--members", default="1000,10000,100000,1000000")
    parser.add_argument(
        "--patience", type=float, default=60.0, help="seconds; larger ensembles are left out"
    )
    parser.add_argument("--alone", action="store_true", help="without peers: starts and ensembles")
    parser.add_argument("--write", action="store_true", help=f"replace the table in {README.name}")
    arguments = parser.parse_args()
    if arguments.alone and arguments.write:
        parser.error("--write needs the whole table: leave out --alone")
    lines = [f"`{' '.join(['python -m tests.benchmarks.peers', *said(arguments)])}`", "", machine()]
    with tempfile.TemporaryDirectory() as name:
        made = cases(Path(name), arguments.models.split(","))
        for case in () if arguments.alone else made:
            folder = Path(name) / case.file.stem
            folder.mkdir()
            lines += ["", *compared(case, folder, arguments.rounds)]
        tell("starts, single runs, large ensembles")
        members = [int(number) for number in arguments.members.split(",") if number]
        lines += ["", *scales.table(made, members, arguments.patience)]
    text = "\n".join(lines)
    print(text)  # noqa: T201 -- a command
    if arguments.write:
        old = README.read_text(encoding="utf-8")
        fresh = re.sub(
            f"{re.escape(BEGIN)}.*?{re.escape(END)}",
            lambda _: f"{BEGIN}\n{text}\n{END}",
            old,
            flags=re.DOTALL,
        )
        README.write_text(fresh, encoding="utf-8")


def tell(what: str) -> None:
    """Say on standard error what is being done, and since when."""
    print(f"{time.perf_counter() - BEGUN:5.0f} s  {what}", file=sys.stderr, flush=True)  # noqa: T201


def said(arguments: argparse.Namespace) -> list[str]:
    """The arguments that are not what they are without being said."""
    usual = {
        "models": "ours,world,planned",
        "rounds": 3,
        "members": "1000,10000,100000,1000000",
        "patience": 60.0,
    }
    alone = ["--alone"] if arguments.alone else []
    return alone + [
        f"--{name} {getattr(arguments, name)}"
        for name, value in usual.items()
        if getattr(arguments, name) != value
    ]


def machine() -> str:
    """What the figures hang on."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"model name\s*:\s*(.*)", information.read_text())
        model = found.group(1) if found else model
    return (
        f"{model}, {processors()} processors; Python {platform.python_version()}, "
        f"llvmlite {llvmlite.__version__}, NumPy {np.__version__}, PySD {pysd.__version__}; "
        f"load {os.getloadavg()[0]:.1f} when this began."
    )


def compared(case: Case, folder: Path, rounds: int) -> list[str]:
    """The table of a model."""
    tell(f"{case.name}: making the engines")
    made, skipped = engines(case, folder)
    best = dict.fromkeys(range(len(made)), np.inf)
    took = dict.fromkeys(range(len(made)), 0.0)
    for turn in range(rounds):
        for place, engine in enumerate(made):
            # The slowest are measured in the first turn only: they vary by percents.
            if took[place] < SLOW:
                tell(f"{case.name}, turn {turn + 1} of {rounds}: {engine.name}")
                begun = time.perf_counter()
                best[place] = min(best[place], engine.measure())
                took[place] = time.perf_counter() - begun
    slowest = best[len(made) - 1]
    ours = next(place for place, one in enumerate(made) if isinstance(one, Ours))
    per_core = best[1] * made[1].cores
    lines = [
        f"**{case.name}**: {described(case, made)}",
        "",
        "| engine | runs/s | × PySD | this engine, per core, is faster by |",
        "|---|---:|---:|---:|",
    ]
    for place, engine in enumerate(made):
        seconds = best[place]
        faster = seconds * engine.cores / per_core
        shown = "" if place in {ours, 1} else f"{figure(faster)} ×"
        lines.append(
            f"| {engine.name} | {figure(1 / seconds)} | {figure(slowest / seconds)} | {shown} |"
        )
    lines += [f"| {name} | not measured: {reason} | | |" for name, reason in skipped.items()]
    single = made[1]
    assert isinstance(single, Ours)
    reached, _ = ceiling.share(single.kernel, best[1])
    lines += ["", f"Share of the ceiling for this mix of operations, one thread: {reached:.0%}."]
    return lines


def described(case: Case, made: Sequence[Engine]) -> str:
    """The size of a model."""
    first = made[0]
    assert isinstance(first, Ours)
    schedule = first.kernel.schedule
    operations = sum(ceiling.kinds(schedule).values())
    return (
        f"{operations} operations a step, {len(schedule.states)} states, {schedule.grid.steps} "
        f"steps, {len(case.outputs)} outputs × {len(schedule.grid.saved)} years, "
        f"{len(case.uncertain)} uncertain constants."
    )


def figure(value: float) -> str:
    """Three significant digits, thousands apart."""
    digits = max(0, 2 - int(np.floor(np.log10(abs(value)))))
    return f"{float(f'{value:.3g}'):,.{digits}f}".replace(",", " ")


if __name__ == "__main__":
    main()
