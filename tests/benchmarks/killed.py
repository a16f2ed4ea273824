"""Sweeps that are killed hard and started again have the files of one that was left alone.

    python -m tests.benchmarks.killed [members] [--only threads,processes,dask] [--jobs 1,2,4]
        [--write]

100,000 members of this project's model where not said (three headline outcomes in every year).
First the sweep runs undisturbed. Then, with 1, 2 and 4 workers each: in threads and in
processes it is killed (SIGKILL) at three random moments and started again each time; on a Dask
cluster of its own on this machine one worker is killed in the middle (and, where it was the
only one, another started). Every file is compared by SHA-256. 100,000 members take about ten
minutes on two quiet processors, most of them the ten sweeps themselves. `--write` puts the table
into sim/run/README.md. Exit code 1: some files differ.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sim import project
from sim.run import sweep
from sim.run.executors import Executor
from sim.run.executors.cluster import Dask
from sim.run.executors.processes import Processes
from sim.run.executors.threads import Threads
from sim.store.files import sum_of
from tests.benchmarks.sweeps import asked

MEMBERS, KILLS = 100_000, 3
KINDS, JOBS = ("threads", "processes", "dask"), (1, 2, 4)
PATIENCE = 60  # seconds to start a cluster
README = project.ROOT / "sim" / "run" / "README.md"
BEGIN, END = "<!-- killed: begin -->", "<!-- killed: end -->"
Running = subprocess.Popen[bytes]
HEAD = """\
| workers | how many | killed with so many parts there | seconds | files | |
|---|--:|---|--:|--:|---|"""


@dataclass
class Case:
    """One way to run the sweep, and how it went.

    Args:
        kind: threads, processes or dask.
        jobs: workers.
        moments: parts that were there when something was killed.
        seconds: of the clock, all starts together.
        files: how many were compared.
        differ: those that are not the same.
    """

    kind: str
    jobs: int
    moments: list[int] = field(default_factory=list[int])
    seconds: float = 0.0
    files: int = 0
    differ: list[str] = field(default_factory=list[str])

    def line(self, parts: int) -> str:
        """A row of the table."""
        who = "one worker" if self.kind == "dask" else "the sweep"
        moments = ", ".join(map(str, self.moments))
        same = "identical" if not self.differ else f"DIFFERENT: {len(self.differ)}"
        return (
            f"| {self.kind} | {self.jobs} | {who}: {moments} of {parts} "
            f"| {self.seconds:.0f} | {self.files} | {same} |"
        )


def executor(kind: str, jobs: int, address: str) -> Executor:
    """Where the parts are computed."""
    if kind == "dask":
        return Dask(address)
    return Processes(jobs) if kind == "processes" else Threads(jobs)


def started(members: int, place: Path, kind: str, jobs: int, address: str = "") -> Running:
    """This program as a sweep in a process of its own."""
    words = [str(members), "--place", str(place), "--only", kind, "--jobs", str(jobs)]
    command = [sys.executable, "-m", "tests.benchmarks.killed", *words, "--address", address]
    return subprocess.Popen(command, cwd=project.ROOT)  # noqa: S603 -- our own


def count(place: Path) -> int:
    """Parts that are there."""
    return len(list(place.glob("*/records/*.json")))


def sums(place: Path) -> dict[str, str]:
    """SHA-256 of every file."""
    files = (path for path in place.rglob("*") if path.is_file())
    return {path.relative_to(place).as_posix(): sum_of(path) for path in files}


def wait(place: Path, moment: int, running: Running) -> None:
    """Until so many parts are there, and a little longer."""
    while count(place) < moment and running.poll() is None:
        time.sleep(0.01)
    time.sleep(random.uniform(0, 0.2))  # noqa: S311 -- no secret


def killed(case: Case, members: int, parts: int, place: Path) -> None:
    """Kill the sweep three times; the last start may end."""
    for moment in sorted(random.sample(range(1, parts - 1), KILLS)):
        running = started(members, place, case.kind, case.jobs)
        wait(place, moment, running)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        case.moments.append(count(place))
    finish(started(members, place, case.kind, case.jobs))


def robbed(case: Case, members: int, parts: int, place: Path) -> None:
    """Kill one worker of a cluster in the middle of the sweep."""
    with cluster(case.jobs) as (address, workers, more):
        running = started(members, place, case.kind, case.jobs, address)
        wait(place, random.randint(1, max(1, parts // 2)), running)  # noqa: S311 -- no secret
        workers[0].kill()
        case.moments.append(count(place))
        if case.jobs == 1:
            more()
        finish(running)


def finish(running: Running) -> None:
    """Wait for a sweep that has to succeed."""
    if running.wait() != 0:
        raise SystemExit("the sweep did not end well")


@contextmanager
def cluster(jobs: int) -> Generator[tuple[str, list[Running], Callable[[], None]]]:
    """A Dask scheduler and workers as processes of this machine."""
    folder = Path(tempfile.mkdtemp(prefix="killed-"))
    file = folder / "scheduler.json"
    all_: list[Running] = []

    def start(module: str, *words: str) -> Running:
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--host", "127.0.0.1"]
        command += ["--scheduler-file", str(file), "--no-dashboard", *words]
        null = subprocess.DEVNULL
        all_.append(subprocess.Popen(command, cwd=folder, stdout=null, stderr=null))  # noqa: S603
        return all_[-1]

    def worker() -> Running:
        place = ["--local-directory", str(folder)]
        return start("dask_worker", "--nthreads", "1", "--no-nanny", *place)

    try:
        start("dask_scheduler", "--port", "0")
        end = time.monotonic() + PATIENCE
        while not file.exists():
            if time.monotonic() > end:
                raise SystemExit("no Dask scheduler could be started")
            time.sleep(0.05)
        workers = [worker() for _ in range(jobs)]
        yield json.loads(file.read_text())["address"], workers, lambda: workers.append(worker())
    finally:
        for process in all_:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def tell(sentence: str) -> None:
    """Print a line at once."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def write(lines: Sequence[str], members: int) -> None:
    """Put the table into the README."""
    machine = f"{platform.machine()}, {os.cpu_count()} processors"
    command = f"python -m tests.benchmarks.killed {members} --write"
    note = f"`{command}` ({machine}, load after: {os.getloadavg()[0]:.1f}):"
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = "\n".join([BEGIN, note, "", *lines, END])
    README.write_text(before + text + after, encoding="utf-8")


def matrix(members: int, kinds: Sequence[str], jobs: Sequence[int]) -> tuple[list[str], bool]:
    """Run all of it: the table's lines, and whether all files were the same."""
    alone = Path(tempfile.mkdtemp(prefix="killed-"))
    lines, same = [*HEAD.splitlines()], True
    try:
        begun = time.monotonic()
        finish(started(members, alone, "threads", 2))
        parts, before = count(alone), sums(alone)
        lines.append(
            f"| threads | 2 | nothing: {parts} parts | {time.monotonic() - begun:.0f} "
            f"| {len(before)} | |"
        )
        tell("\n".join(lines))
        for kind in kinds:
            for each in jobs:
                case, place = Case(kind, each), Path(tempfile.mkdtemp(prefix="killed-"))
                begun = time.monotonic()
                try:
                    (robbed if kind == "dask" else killed)(case, members, parts, place)
                    after = sums(place)
                finally:
                    shutil.rmtree(place)
                case.seconds = time.monotonic() - begun
                case.files = len(after)
                names = sorted(before.keys() | after.keys())
                case.differ = [own for own in names if before.get(own) != after.get(own)]
                same = same and not case.differ
                lines.append(case.line(parts))
                tell(lines[-1])
    finally:
        shutil.rmtree(alone)
    return lines, same


def main(words: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("members", type=int, nargs="?", default=MEMBERS)
    parser.add_argument("--only", default=",".join(KINDS), help="threads, processes, dask")
    parser.add_argument("--jobs", default=",".join(map(str, JOBS)), help="numbers of workers")
    parser.add_argument("--write", action="store_true", help=f"into {README.parent}/README.md")
    parser.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--address", default="", help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    kinds, jobs = given.only.split(","), [int(one) for one in given.jobs.split(",")]
    if given.place:
        own = executor(kinds[0], jobs[0], given.address)
        sweep.run(asked(given.members, "both", every=False), own, runs=given.place)
        return 0
    lines, same = matrix(given.members, kinds, jobs)
    if given.write:
        write(lines, given.members)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
