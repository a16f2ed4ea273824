"""A folder that is written for a user."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import Problem, StoppedError
from sim.project import shown


@contextmanager
def writing(folder: Path) -> Generator[None]:
    """Make a folder and write into it; what the system refuses is the user's to mend.

    Raises:
        StoppedError: it cannot be written; files written before are kept.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        sentence = f"this folder cannot be written: {reason}"
        raise StoppedError([Problem("unwritable", sentence, shown(folder))]) from error
