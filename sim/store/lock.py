"""One process at a time on a run."""

from __future__ import annotations

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import wrong
from sim.project import shown
from sim.store.files import unwritable

FILE = ".lock"
TAKEN = {errno.EWOULDBLOCK, errno.EACCES}


@contextmanager
def alone(folder: Path) -> Generator[bool, None, None]:
    """Keep other processes from the same work; the system lets go when a process dies.

    The lock saves work done twice. The bytes do not hang on it: files are moved into place
    whole, and whoever writes them writes the same.

    Yields:
        Whether there is a lock; some network disks and systems have none.

    Raises:
        InputError: another process has it; the folder cannot be written.
    """
    try:
        import fcntl  # only where there is POSIX
    except ImportError:
        yield False
        return
    try:
        handle = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        held = True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in TAKEN:
                sentence = "another process is at work on this run"
                hint = "wait for it; what it has done is kept"
                raise wrong("run-busy", sentence, file=shown(folder), hint=hint) from None
            held = False
        yield held
    finally:
        os.close(handle)
