"""A small sweep that takes a moment; run as a program, it can be killed."""

import signal
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from sim.run import sweep
from sim.run.executors import Executor
from sim.run.executors.cluster import Dask
from sim.run.executors.processes import Processes
from sim.run.executors.threads import Threads
from sim.run.model import Model, load_model
from sim.run.order import Order, pack
from sim.run.progress import Progress

TEXT = """{UTF-8}
Place: here, there ~~|
people[Place] = INTEG(people[Place] * (rate - share[Place]), 100) ~ person ~|
rate = 0.125 ~ 1/Year ~|
share[Place] = 0.02, 0.05 ~ 1/Year ~|
gap = 1 ~~|
strained = 1 / (gap - MIN(gap, MAX(0, Time - 5))) ~ ~ Divides by zero once Time - 5 reaches gap. |
noise = RANDOM UNIFORM(0, 1, 0) ~~|
total = SUM(people[Place!]) + noise ~ person ~|
INITIAL TIME = 0 ~ Year ~|
FINAL TIME = 10 ~ Year ~|
TIME STEP = STEPS ~ Year ~|
SAVEPER = 1 ~ Year ~|
"""
MEMBERS, PART = 2000, 128
QUICK, SLOW = "0.25", "0.0009765625"


def model(folder: Path, step: str = QUICK) -> Model:
    path = folder / f"places_{step}.mdl"
    path.write_text(TEXT.replace("STEPS", step))
    return load_model(path)


def table(members: int = MEMBERS) -> pd.DataFrame:
    draws = np.random.default_rng(1).uniform(size=(members, 3))
    values = draws * [0.1, 0.02, 1] + [0.05, 0.01, 6]
    return pd.DataFrame(values, columns=["rate", "share[here]", "gap"])


def order(**changes: object) -> Order:
    fields: dict[str, object] = {
        "label": "small sweep",
        "table": table(),
        "outputs": ["people", "total", "strained"],
        "scenarios": [None],
        "seed": 3,
        "part": PART,
        "design": {"kind": "lhs", "n": MEMBERS, "seed": np.int64(1)},
    }
    return Order(**(fields | changes))  # pyright: ignore[reportArgumentType]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def executor(kind: str, jobs: int) -> Executor:
    if kind == "threads":
        return Threads(jobs)
    return Processes(jobs) if kind == "processes" else Dask(kind, jobs)


class Stopping(Threads):
    """Stops after a few pieces."""

    def __init__(self, after: int) -> None:
        super().__init__(1)
        self.after = after

    def pieces(self, content, tasks):
        for done, piece in enumerate(super().pieces(content, tasks)):
            if done == self.after:
                raise KeyboardInterrupt
            yield piece


class Breath(Progress):
    """A wait after each part: who is to be killed must not be done before."""

    def advance(self, members: int) -> None:
        super().advance(members)
        time.sleep(0.02)


if __name__ == "__main__":
    # A suite that runs in the background passes on that Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    place, kind, jobs = sys.argv[1:]
    asked = pack(model(Path(place), SLOW), order())
    sweep.run(
        asked,
        executor(kind, int(jobs)),
        runs=Path(place) / "runs",
        progress=lambda total: Breath(total, sys.stderr),
    )
