"""What sweeps of this project's model take: time, memory, disk, and what storing adds.

    python -m tests.benchmarks.sweeps [members …] [--jobs N] [--workers threads|processes]
        [--storage both] [--all-outcomes] [--write]

Without members: 10,000, 100,000 and 1,000,000 members with three headline outcomes, and 10,000
and 100,000 with all of them; eight minutes on two quiet processors, and 3.5 GB of disk.
Thirty constants vary. Each size runs in a fresh process. "engine" is the bare kernel on the same
members and threads, its memory used again, nothing kept: the figure that the sweep is compared
with; beyond 100,000 members it is that of 100,000 times their number. Both are also measured in
processor time, which other work on the machine disturbs less. `--write` puts the table into
sim/run/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
from sim import project, scenario
from sim.run import sweep
from sim.run.bundle import kernel
from sim.run.executors import Executor
from sim.run.executors.processes import Processes
from sim.run.executors.threads import Threads
from sim.run.order import Order, Sweep, pack
from sim.run.work import Task, integrate

BARE = 100_000  # members with which the engine alone is measured, at most
VARIED = 30  # constants
COUNTS = (
    (10_000, False, "both"),
    (100_000, False, "both"),
    (1_000_000, False, "both"),
    (10_000, True, "trajectories"),
    (100_000, True, "trajectories"),
    (100_000, True, "summary"),
)
README = project.ROOT / "sim" / "run" / "README.md"
BEGIN, END = "<!-- benchmark: begin -->", "<!-- benchmark: end -->"
KEPT = {"outputs/sketches": "both", "outputs": "trajectories", "sketches": "summary"}
FEW = ("value_added_total", "employment_total", "population_total")


def asked(members: int, storage: str, *, every: bool) -> Sweep:
    """Thirty scalar constants, each by ±5 %, and headline outcomes in every year."""
    model = sim.load_model()
    names = [
        one.id
        for one in model.variables.values()
        if one.kind == "constant" and one.value is not None and not one.dims and one.value != 0
    ]
    names = names[:: max(1, len(names) // VARIED)][:VARIED]
    rng = np.random.default_rng(1)
    columns = {
        name: float(np.asarray(model.variables[name].value)) * rng.uniform(0.95, 1.05, members)
        for name in names
    }
    outcomes = [one.variable for one in scenario.catalogues().outcomes.values()]
    wanted = outcomes if every else FEW
    order = Order("bench", pd.DataFrame(columns), wanted, storage=storage, limit=1.0)  # pyright: ignore[reportArgumentType]
    return pack(model, order)


def peak() -> int:
    """Bytes of memory that this process has had at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def bare(packed: Sweep, jobs: int) -> tuple[float, float]:
    """Seconds of the clock and of processors that the kernel alone takes for all members."""
    content = packed.bundle.packed
    made = kernel(content, 0)
    integrate(content, packed.bundle, Task(0, 0, 0, packed.values[:64]))
    free = {one.name for one in made.schedule.program.parameters}
    given = dict(packed.bundle.settings[0].parameters)
    some = packed.values[:BARE]
    columns = {n: some[:, c] for n, c in packed.bundle.columns.items() if n in free}
    begun, used = time.perf_counter(), time.process_time()
    chunks = made.chunks(
        given | columns,
        size=packed.part * jobs,
        series=packed.bundle.settings[0].series,
        threads=jobs,
    )
    for _ in chunks:
        pass
    times = packed.members / len(some)
    return times * (time.perf_counter() - begun), times * (time.process_time() - used)


def one(packed: Sweep, executor: Executor) -> dict[str, Any]:
    """Figures of one size."""
    place = Path(tempfile.mkdtemp(prefix="sweeps-"))
    try:
        integrate(packed.bundle.packed, packed.bundle, Task(0, 0, 0, packed.values[:64]))
        before = peak()
        start = os.times()
        begun = time.perf_counter()
        swept = sweep.run(packed, executor, runs=place)
        took = time.perf_counter() - begun
        end = os.times()
        memory = peak()
        disk = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    finally:
        shutil.rmtree(place)
    clock, processor = bare(packed, executor.jobs)
    return {
        "members": packed.members,
        "outcomes": len(packed.bundle.outcomes),
        "kept": "/".join(packed.bundle.kept),
        "engine": clock,
        "engine_cpu": processor,
        "sweep": took,
        "sweep_cpu": sum(end[:4]) - sum(start[:4]),
        "before": before,
        "memory": memory,
        "disk": disk,
        "failed": sum(swept.failed.values()),
    }


def line(figures: dict[str, Any]) -> str:
    """A row of the table."""
    clock = figures["sweep"] / figures["engine"] - 1
    processor = figures["sweep_cpu"] / figures["engine_cpu"] - 1
    return (
        f"| {figures['members']:,.0f} | {figures['outcomes']:.0f} | {KEPT[figures['kept']]} "
        f"| {figures['engine']:.1f} "
        f"| {figures['sweep']:.1f} "
        f"| {clock:+.0%} | {processor:+.0%} | {figures['memory'] / 1e6:,.0f} "
        f"| {figures['disk'] / 1e6:,.1f} |"
    )


def command(
    given: argparse.Namespace, members: int, every: bool, *words: str, storage: str = ""
) -> list[str]:
    """This program for one size."""
    own = [sys.executable, "-m", "tests.benchmarks.sweeps", str(members)]
    own += [
        "--jobs",
        str(given.jobs),
        "--workers",
        given.workers,
        "--storage",
        storage or given.storage,
    ]
    return [*own, *(["--all-outcomes"] if every else []), *words]


def tell(sentence: str) -> None:
    """Print a line at once."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


HEAD = """\
| members | outcomes | kept | engine, s | sweep, s | more | more processor time | memory at most, MB | disk, MB |
|--:|--:|---|--:|--:|--:|--:|--:|--:|"""  # noqa: E501 -- a row of a table


def write(lines: Sequence[str], given: argparse.Namespace) -> None:
    """Put the table into the README."""
    machine = f"{platform.machine()}, {os.cpu_count()} processors, {given.jobs} {given.workers}"
    note = (
        f"`python -m tests.benchmarks.sweeps --write` ({machine}, "
        f"load before: {os.getloadavg()[0]:.1f}):"
    )
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = "\n".join([BEGIN, note, "", *lines, END])
    README.write_text(before + text + after, encoding="utf-8")


def main(words: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("members", type=int, nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--workers", choices=("threads", "processes"), default="threads")
    parser.add_argument("--storage", choices=("trajectories", "summary", "both"), default="both")
    parser.add_argument("--all-outcomes", action="store_true", help="every headline outcome")
    parser.add_argument("--write", action="store_true", help=f"into {README.parent}/README.md")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    executor = Processes(given.jobs) if given.workers == "processes" else Threads(given.jobs)
    if given.one:
        packed = asked(given.members[0], given.storage, every=given.all_outcomes)
        tell(json.dumps(one(packed, executor)))
        return 0
    lines = [*HEAD.splitlines()]
    tell(HEAD)
    asked_for = [(one, given.all_outcomes, given.storage) for one in given.members]
    for members, every, storage in asked_for or COUNTS:
        own = command(given, members, every, "--one", storage=storage)
        done = subprocess.run(own, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- our own
        lines.append(line(json.loads(done.stdout)))
        tell(lines[-1])
    if given.write:
        write(lines, given)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
