"""A shelf of folders that can be made again: whole or not there, never in between.

Two processes may make the same folder at once; one of them wins and both read the same.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from sim.errors import wrong
from sim.project import cache, shown

CONTENTS = "contents.json"


def kept(shelf: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder `key` on a shelf of the cache, made by `make(folder)` if it is not there whole.

    Args:
        shelf: what kind of thing it holds; a folder of the cache.
        key: a hash of all that the content depends on.
        make: writes the files into an empty folder; raises what is wrong with the input.

    Raises:
        InputError: the cache cannot be written.
    """
    folder = cache() / shelf / key
    if whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    except OSError as error:
        raise wrong(
            "cache",
            f"the cache cannot be written: {error.strerror}",
            file=shown(folder.parent),
            hint="set TRONDELAG_CACHE to a folder that can",
        ) from None
    try:
        make(workshop)
        sums = {path.name: _sum(path) for path in sorted(workshop.iterdir())}
        (workshop / CONTENTS).write_text(json.dumps(sums, indent=1))
        if folder.exists() and not whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
        try:
            workshop.rename(folder)
        except OSError:
            # Another process was first. What it made is as good, or it is not there at all.
            if not whole(folder):
                raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return folder


def whole(folder: Path) -> bool:
    """Whether a folder holds exactly what was put into it."""
    try:
        sums = json.loads((folder / CONTENTS).read_text())
        return bool(sums) and all(_sum(folder / name) == given for name, given in sums.items())
    except (OSError, ValueError, AttributeError):
        return False


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
