"""In this process: the engine's machine code lets other threads run."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor

from sim.kernel.kernel import processors
from sim.run.executors.flow import flow
from sim.run.work import Piece, Task, work


class Threads:
    """Computes each part in a thread of this process.

    Args:
        jobs: how many at once; as many as there are processors where not given.
    """

    def __init__(self, jobs: int | None = None) -> None:
        self.jobs = jobs or processors()

    def pieces(self, content: bytes, tasks: Iterable[Task]) -> Generator[Piece, None, None]:
        """As `Executor.pieces` has it."""
        with ThreadPoolExecutor(self.jobs) as pool:
            yield from flow(lambda task: pool.submit(work, content, task), tasks, self.jobs + 1)
