"""What a sweep will take, from a short trial."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim import project, store
from sim.run.order import Sweep
from sim.run.sketch import HEAD
from sim.run.work import OUTPUTS, SKETCHES, Piece, Task, work

WARM = 64  # members that get the machine code made and the memory touched
LONG_ENOUGH = 0.4  # seconds of work to judge by
COPIES = 3  # of a part's trajectories in memory: as computed, as columns, encoded


@dataclass(frozen=True)
class Estimate:
    """What a sweep will take.

    Args:
        runs: members times scenarios.
        missing: how many of them are not on disk.
        seconds: to go.
        memory: bytes at most, of all workers on one machine.
        disk: bytes, of the whole sweep.
        each: seconds of one processor that one run takes, storing included.
        trial: members of the trial.
        folder: where it will be.
    """

    runs: int
    missing: int
    seconds: float
    memory: float
    disk: float
    each: float
    trial: int
    folder: Path


def estimate(
    sweep: Sweep,
    jobs: int,
    *,
    separate: bool = False,
    runs: Path | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Estimate:
    """Compute a few members here and say what all would take; nothing is written.

    Args:
        sweep: what is asked.
        jobs: parts computed at once.
        separate: whether each job is a process with memory of its own.
        runs: the folder of all runs; None for this repository's.
        clock: seconds that go on.
    """
    folder = (project.RUNS if runs is None else runs) / store.name(sweep.label, sweep.question)
    missing = _missing(sweep, folder)
    begun = clock()
    _try(sweep, WARM)
    ready = clock() - begun
    count = min(2 * WARM, sweep.part)
    while True:
        begun = clock()
        piece = _try(sweep, count)
        took = clock() - begun
        if took >= LONG_ENOUGH or count >= min(sweep.part, sweep.members):
            break
        count = min(4 * count, sweep.part)
    each = took / piece.members
    bundle = sweep.bundle
    part = sweep.part * 8 * (len(bundle.times) * len(bundle.outcomes) + sweep.values.shape[1])
    own = _resident()
    return Estimate(
        runs=sweep.runs,
        missing=missing,
        seconds=ready + each * missing / jobs if missing else 0.0,
        memory=own * (1 + jobs if separate else 1) + jobs * COPIES * part,
        disk=_disk(sweep, piece),
        each=each,
        trial=piece.members,
        folder=folder,
    )


def _try(sweep: Sweep, count: int) -> Piece:
    return work(sweep.bundle.packed, Task(0, 0, 0, sweep.values[:count]))


def _missing(sweep: Sweep, folder: Path) -> int:
    """Runs that are not on disk."""
    if not folder.exists():
        return sweep.runs
    kept = store.open_sweep(folder)
    wanted = kept.needed() if kept.whole else range(kept.parts)
    parts = [part for part in wanted if kept.record(part)[0] is None]
    return sum(len(sweep.task(part).values) for part in parts)


def _disk(sweep: Sweep, piece: Piece) -> float:
    size = {kind: len(content) for kind, content in piece.contents.items()}
    outputs = size.get(OUTPUTS, 0) * sweep.runs / piece.members
    bundle = sweep.bundle
    rows = len(bundle.times) * len(bundle.outcomes) * sweep.parts
    sketches = 8 * rows * (HEAD + min(sweep.part, bundle.points))
    return outputs + (sketches if SKETCHES in size else 0) + len(sweep.inputs)


def _resident() -> float:
    """Bytes of memory that this process has used at most."""
    try:
        import resource  # only where there is POSIX
    except ImportError:
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(most) * (1 if sys.platform == "darwin" else 1024)
