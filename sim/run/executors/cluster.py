"""On a Dask cluster: one that runs somewhere, or a local one for the time of the sweep.

Workers need this package at the same version; model, scenarios and table come with the task.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from typing import Any

from sim.errors import InputError, wrong
from sim.kernel.kernel import processors
from sim.run.work import Piece, Task, work

LOCAL = "local"
PATIENCE = 15  # seconds to reach a scheduler


class Dask:
    """Computes each part on a worker of a Dask cluster.

    A worker that dies takes nothing along: its parts go to the others.

    Args:
        address: of the scheduler (`tcp://host:8786`), or "local" for a cluster of this machine.
        jobs: workers of a local cluster; as many as there are processors where not given.

    Raises:
        InputError: Dask is not installed.
    """

    def __init__(self, address: str, jobs: int | None = None) -> None:
        try:
            import distributed
        except ImportError as error:
            hint = "pip install 'dask[distributed]'"
            raise wrong("no-dask", "Dask is not installed", hint=hint) from error
        self._dask: Any = distributed
        self._address = address
        self.jobs = jobs or processors()

    def pieces(self, content: bytes, tasks: Iterable[Task]) -> Generator[Piece, None, None]:
        """As `Executor.pieces` has it."""
        with ExitStack() as stack:
            client = self._client(stack)
            threads = sum(client.nthreads().values()) or self.jobs
            yield from self._flow(client, content, tasks, 2 * threads)

    def _client(self, stack: ExitStack) -> Any:
        address: Any = self._address
        if address == LOCAL:
            try:
                address = stack.enter_context(
                    self._dask.LocalCluster(
                        n_workers=self.jobs,
                        threads_per_worker=1,
                        dashboard_address=None,
                        silence_logs=logging.CRITICAL,
                    )
                )
            except RuntimeError as error:  # as Dask tells of workers that do not start
                hint = "memory may be short: try fewer --jobs, or leave out --dask"
                said = "the workers of a local Dask cluster could not be started"
                raise wrong("no-cluster", said, hint=hint) from error
        try:
            client = stack.enter_context(
                self._dask.Client(address, timeout=PATIENCE, set_as_default=False)
            )
            client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, ValueError, TypeError, TimeoutError) as error:
            hint = "is the scheduler running, and has it workers?"
            said = f"no Dask cluster answers at '{self._address}'"
            raise wrong("no-cluster", said, hint=hint) from error
        return client

    def _flow(
        self, client: Any, content: bytes, tasks: Iterable[Task], room: int
    ) -> Generator[Piece, None, None]:
        left = iter(tasks)
        done = self._dask.as_completed(loop=client.loop)
        waiting = 0

        def fill() -> int:
            added = 0
            for task in left:
                done.add(client.submit(work, content, task, pure=False))
                added += 1
                if waiting + added >= room:
                    break
            return added

        waiting += fill()
        for future in done:
            try:
                piece = future.result()
            except InputError:
                raise
            except (self._dask.KilledWorker, self._dask.CancelledError, OSError) as error:
                said = f"workers of the cluster died over a part: {error}"
                raise wrong("workers-died", said, hint="memory of the workers?") from error
            waiting -= 1
            yield piece
            future.release()
            waiting += fill()
