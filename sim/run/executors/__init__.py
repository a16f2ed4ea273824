"""Where the parts of a sweep are computed: here in threads, in processes, or on a cluster.

An executor turns tasks into pieces, in whatever order they are done. The bytes of a piece
hang on the bundle and the task alone, so that every executor gives the same.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Protocol, runtime_checkable

from sim.run.work import Piece, Task


@runtime_checkable
class Executor(Protocol):
    """Computes parts."""

    @property
    def jobs(self) -> int:
        """How many parts are computed at once, for estimates; at least 1."""
        ...

    def pieces(self, content: bytes, tasks: Iterable[Task]) -> Generator[Piece, None, None]:
        """Compute all tasks.

        Tasks are taken only when there is room for them: what waits is bounded. Closing the
        iterator, or an exception in it, stops what was not begun.

        Args:
            content: a packed `sim.run.bundle.Bundle`.
            tasks: which parts.

        Yields:
            A piece as soon as it is done.

        Raises:
            InputError: the workers cannot be reached, died again and again, or have another
                version of this package.
        """
        ...
