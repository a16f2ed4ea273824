"""In processes of their own on this machine, started afresh (`spawn`)."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import signal
import threading
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.errors import wrong
from sim.kernel.kernel import processors
from sim.run.executors.flow import flow
from sim.run.work import Piece, Task, work

TRIES = 3

_bundle = b""  # of this worker; set once, so that it is not sent with every task
_place = ""


class Processes:
    """Computes each part in one of several processes.

    A process that dies (killed, or out of memory) is replaced, and what it had in hand is
    computed again; three times, then it is said.

    Args:
        jobs: how many; as many as there are processors where not given.
    """

    def __init__(self, jobs: int | None = None) -> None:
        self.jobs = jobs or processors()

    def pieces(self, content: bytes, tasks: Iterable[Task]) -> Generator[Piece, None, None]:
        """As `Executor.pieces` has it."""
        with TemporaryDirectory(prefix="trondelag-", ignore_cleanup_errors=True) as place:
            yield from self._pieces(content, iter(tasks), place)

    def _pieces(
        self, content: bytes, left: Iterator[Task], place: str
    ) -> Generator[Piece, None, None]:
        open_: dict[int, Task] = {}

        def watched(again: list[Task]) -> Iterator[Task]:
            yield from again
            for task in left:
                open_[task.part] = task
                yield task

        for _ in range(TRIES):
            pool = ProcessPoolExecutor(
                self.jobs,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(content, place),
            )
            try:
                for name in flow(
                    lambda task, pool=pool: pool.submit(_work, task),
                    watched(list(open_.values())),
                    self.jobs + 1,
                ):
                    piece = _taken(Path(place, name))
                    del open_[piece.part]
                    yield piece
            except BrokenProcessPool:
                continue
            finally:
                pool.shutdown(cancel_futures=True)
            return
        hint = "memory may be short: try fewer --jobs"
        raise wrong("workers-died", f"worker processes died {TRIES} times", hint=hint)


def _begin(content: bytes, place: str) -> None:
    """Make a process ready: it leaves Ctrl-C to its parent, and goes when its parent goes."""
    global _bundle, _place
    _bundle, _place = content, place
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel, place), daemon=True).start()


def _watch(sentinel: int, place: str) -> None:
    # Killed hard, the parent cannot tell its workers to stop, nor clear up after itself.
    wait([sentinel])
    shutil.rmtree(place, ignore_errors=True)
    os._exit(1)


def _work(task: Task) -> str:
    """Compute a part; the answer is the name of a file with the piece.

    A worker killed while it writes more to the pool's pipe than fits at once leaves half a
    message, and whoever reads it waits for ever; a name is written whole or not at all.
    """
    name = f"{task.part}-{os.getpid()}"
    with Path(_place, name).open("wb") as file:
        pickle.dump(work(_bundle, task), file)
    return name


def _taken(file: Path) -> Piece:
    piece = pickle.loads(file.read_bytes())  # noqa: S301 - our own worker's, in a folder of ours
    file.unlink()
    return piece
