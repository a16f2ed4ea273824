"""What sweeps of this project's model take: time, memory, disk, and what storing adds.

    python -m tests.benchmarks.sweeps [members …] [--jobs N] [--workers threads|processes]
        [--storage both] [--all-outcomes] [--kill N]

Each size runs in a fresh process. "engine" is the bare kernel on the same members and threads,
its memory used again, nothing kept: the figure that the sweep is compared with. Both are also
measured in processor time, which other work on the machine disturbs less. With `--kill N` the
sweep is killed hard N times at random moments and started again, and its files are compared
with those of a sweep left alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from sim import scenario
from sim.run import sweep
from sim.run.bundle import kernel
from sim.run.executors import Executor
from sim.run.executors.processes import Processes
from sim.run.executors.threads import Threads
from sim.run.order import Order, Sweep, pack
from sim.run.work import Task, integrate
from sim.store.files import sum_of

COUNTS = (10_000, 100_000, 1_000_000)
FEW = ("value_added_total", "employment_total", "population_total")


def asked(members: int, storage: str, *, every: bool) -> Sweep:
    """All scalar constants that may vary, by ±5 %, and headline outcomes in every year."""
    model = sim.load_model()
    names = [
        one.id
        for one in model.variables.values()
        if one.kind == "constant" and one.value is not None and not one.dims and one.value != 0
    ]
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
    """Seconds of the clock and of processors that the kernel alone takes."""
    content = packed.bundle.packed
    made = kernel(content, 0)
    integrate(content, packed.bundle, Task(0, 0, 0, packed.values[:64]))
    free = {one.name for one in made.schedule.program.parameters}
    given = dict(packed.bundle.settings[0].parameters)
    columns = {n: packed.values[:, c] for n, c in packed.bundle.columns.items() if n in free}
    begun, used = time.perf_counter(), time.process_time()
    chunks = made.chunks(
        given | columns,
        size=packed.part * jobs,
        series=packed.bundle.settings[0].series,
        threads=jobs,
    )
    for _ in chunks:
        pass
    return time.perf_counter() - begun, time.process_time() - used


def one(packed: Sweep, executor: Executor) -> dict[str, float]:
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
        "engine": clock,
        "engine_cpu": processor,
        "sweep": took,
        "sweep_cpu": sum(end[:4]) - sum(start[:4]),
        "before": before,
        "memory": memory,
        "disk": disk,
        "failed": sum(swept.failed.values()),
    }


def line(figures: dict[str, float]) -> str:
    """A row of the table."""
    clock = figures["sweep"] / figures["engine"] - 1
    processor = figures["sweep_cpu"] / figures["engine_cpu"] - 1
    return (
        f"| {figures['members']:,.0f} | {figures['engine']:.1f} | {figures['sweep']:.1f} "
        f"| {clock:+.0%} | {processor:+.0%} | {figures['memory'] / 1e6:,.0f} "
        f"| {figures['disk'] / 1e6:,.1f} |"
    )


def command(given: argparse.Namespace, members: int, *words: str) -> list[str]:
    """This program for one size."""
    own = [sys.executable, "-m", "tests.benchmarks.sweeps", str(members)]
    own += ["--jobs", str(given.jobs), "--workers", given.workers, "--storage", given.storage]
    return [*own, *(["--all-outcomes"] if given.all_outcomes else []), *words]


def killed(given: argparse.Namespace, members: int) -> bool:
    """Whether a sweep that is killed again and again has the files of one that is left alone."""
    alone, disturbed = (Path(tempfile.mkdtemp(prefix="sweeps-")) for _ in range(2))
    try:
        subprocess.run(command(given, members, "--place", str(alone)), check=True)  # noqa: S603 -- our own
        parts = count(alone)
        moments = sorted(random.sample(range(1, parts), given.kill))
        for moment in moments:
            running = subprocess.Popen(command(given, members, "--place", str(disturbed)))  # noqa: S603 -- our own
            while count(disturbed) < moment and running.poll() is None:
                time.sleep(0.01)
            time.sleep(random.uniform(0, 0.2))  # noqa: S311 -- no secret
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
            tell(f"killed with {count(disturbed)} of {parts} parts there")
        subprocess.run(command(given, members, "--place", str(disturbed)), check=True)  # noqa: S603 -- our own
        before, after = sums(alone), sums(disturbed)
        for own in sorted(before.keys() | after.keys()):
            if before.get(own) != after.get(own):
                tell(f"differs: {own}")
        return before == after
    finally:
        shutil.rmtree(alone)
        shutil.rmtree(disturbed)


def count(place: Path) -> int:
    """Parts that are there."""
    return len(list(place.glob("*/records/*.json")))


def sums(place: Path) -> dict[str, str]:
    """SHA-256 of every file."""
    return {
        path.relative_to(place).as_posix(): sum_of(path)
        for path in place.rglob("*")
        if path.is_file()
    }


def tell(sentence: str) -> None:
    """Print a line at once."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


HEAD = """\
| members | engine, s | sweep, s | more | more processor time | memory at most, MB | disk, MB |
|--:|--:|--:|--:|--:|--:|--:|"""


def main(words: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("members", type=int, nargs="*", default=list(COUNTS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--workers", choices=("threads", "processes"), default="threads")
    parser.add_argument("--storage", choices=("trajectories", "summary", "both"), default="both")
    parser.add_argument("--all-outcomes", action="store_true", help="every headline outcome")
    parser.add_argument("--kill", type=int, metavar="N", default=0)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    executor = Processes(given.jobs) if given.workers == "processes" else Threads(given.jobs)
    if given.one or given.place:
        packed = asked(given.members[0], given.storage, every=given.all_outcomes)
        if given.one:
            tell(json.dumps(one(packed, executor)))
        else:
            sweep.run(packed, executor, runs=given.place)
        return 0
    if given.kill:
        same = [killed(given, members) for members in given.members]
        for members, each in zip(given.members, same, strict=True):
            tell(f"{members:,} members: {'identical' if each else 'DIFFERENT'}")
        return 0 if all(same) else 1
    tell(HEAD)
    for members in given.members:
        done = subprocess.run(  # noqa: S603 -- our own
            command(given, members, "--one"), check=True, stdout=subprocess.PIPE, text=True
        )
        tell(line(json.loads(done.stdout)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
