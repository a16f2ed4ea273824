"""How far a long job is: rate and remaining time, in one line of a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, runtime_checkable

WIDTH = 24
EVERY = 0.2  # seconds between two drawings


@runtime_checkable
class Stream(Protocol):
    """What a bar is drawn on."""

    def isatty(self) -> bool:
        """Whether somebody looks."""
        ...

    def write(self, text: str, /) -> int:
        """Write text."""
        ...

    def flush(self) -> None:
        """Show what was written."""
        ...


class Progress:
    """A bar on a terminal; silent on anything else.

    Args:
        total: members to do.
        stream: usually standard error.
        clock: seconds that go on.
    """

    def __init__(
        self, total: int, stream: Stream, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total, self._stream, self._clock = total, stream, clock
        self._shown = stream.isatty()
        self._start = self._drawn = clock()
        self._done = 0

    def advance(self, members: int) -> None:
        """So many more are done."""
        self._done += members
        now = self._clock()
        if self._shown and (now - self._drawn >= EVERY or self._done == self._total):
            self._drawn = now
            self._stream.write("\r" + self.line(now))
            self._stream.flush()

    def line(self, now: float) -> str:
        """The bar as it stands at a moment of the clock."""
        share = self._done / max(self._total, 1)
        full = round(share * WIDTH)
        rate = self._done / max(now - self._start, 1e-9)
        left = (self._total - self._done) / rate if rate else 0.0
        bar = "█" * full + "·" * (WIDTH - full)
        return f"{bar} {share:4.0%}  {rate:,.0f} members/s  {duration(left)} left  "

    def end(self) -> None:
        """Leave the terminal's line."""
        if self._shown and self._done:
            self._stream.write("\n")
            self._stream.flush()


def duration(seconds: float) -> str:
    """Seconds as people say them: `42 s`, `3 min 20 s`, `2 h 05 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, left = divmod(minutes, 60)
    return f"{hours} h {left:02} min" if hours else f"{minutes} min {rest:02} s"
