"""A bounded flow of tasks through futures."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TypeVar

from sim.run.work import Task

Answer = TypeVar("Answer")


def flow(
    submit: Callable[[Task], Future[Answer]], tasks: Iterable[Task], room: int
) -> Generator[Answer, None, None]:
    """Answers as they are there, with at most `room` tasks on the way."""
    left = iter(tasks)
    waiting: set[Future[Answer]] = set()
    try:
        while True:
            for task in left:
                waiting.add(submit(task))
                if len(waiting) >= room:
                    break
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        for future in waiting:
            future.cancel()
