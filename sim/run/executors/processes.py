"""In processes of their own on this machine, started afresh (`spawn`)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait

from sim.errors import wrong
from sim.kernel.kernel import processors
from sim.run.executors.flow import flow
from sim.run.work import Piece, Task, work

TRIES = 3

_bundle = b""  # of this worker; set once, so that it is not sent with every task


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
        left = iter(tasks)
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
                initargs=(content,),
            )
            try:
                for piece in flow(
                    lambda task, pool=pool: pool.submit(_work, task),
                    watched(list(open_.values())),
                    self.jobs + 1,
                ):
                    del open_[piece.part]
                    yield piece
            except BrokenProcessPool:
                continue
            finally:
                pool.shutdown(cancel_futures=True)
            return
        hint = "memory may be short: try fewer --jobs"
        raise wrong("workers-died", f"worker processes died {TRIES} times", hint=hint)


def _begin(content: bytes) -> None:
    """Make a process ready: it leaves Ctrl-C to its parent, and goes when its parent goes."""
    global _bundle
    _bundle = content
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    # Killed hard, the parent cannot tell its workers to stop.
    wait([sentinel])
    os._exit(1)


def _work(task: Task) -> Piece:
    return work(_bundle, task)
