"""Telling how far the work has come, beside the data."""

from __future__ import annotations

import sys
from collections.abc import Callable

from sim.bokmal import progress


def saying(language: str) -> Callable[[str], None]:
    """What tells a line on standard error, in a language."""

    def say(line: str) -> None:
        print(progress(line) if language == "nb" else line, file=sys.stderr)

    return say
