"""Files that are whole or not there: written beside their place and moved."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import zlib
from pathlib import Path

import pyarrow as pa

from sim.errors import InputError, wrong
from sim.project import shown

BESIDE = ".writing-"
Content = bytes | pa.Buffer
"""Bytes of a file."""


def put(path: Path, content: Content, *, lost: str = "the run is not kept") -> None:
    """Write a file, at once.

    Args:
        path: its place; the folder is made where it is missing.
        content: its bytes.
        lost: what it means where the disk is full, for the message.

    Raises:
        InputError: the folder cannot be written, or the disk is full.
    """
    beside = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=BESIDE, dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).chmod(0o644)  # mkstemp lets nobody else in
        Path(beside).replace(path)
    except OSError as error:
        raise unwritable(path.parent, error, lost) from error
    finally:
        if beside:
            Path(beside).unlink(missing_ok=True)


def unwritable(folder: Path, error: OSError, lost: str = "the run is not kept") -> InputError:
    """What to say of a folder that could not be written."""
    reason = error.strerror or str(error)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return wrong("disk-full", f"the disk is full; {lost}", file=shown(folder))
    sentence = f"runs cannot be written here: {reason}"
    hint = "set TRONDELAG_RUNS to a folder that can"
    return wrong("runs-unwritable", sentence, file=shown(folder), hint=hint)


def sweep_up(folder: Path) -> None:
    """Remove what writers that were killed left beside their places."""
    for path in folder.glob(f"**/{BESIDE}*"):
        path.unlink(missing_ok=True)


def digest(content: Content) -> str:
    """SHA-256."""
    return hashlib.sha256(content).hexdigest()


def sum_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum(content: Content) -> int:
    """CRC-32: finds what a disk damaged, at a third of the time that a hash takes."""
    return zlib.crc32(content)


def checksum_of(path: Path) -> int:
    """CRC-32 of a file's bytes."""
    sum_ = 0
    with path.open("rb") as file:
        while chunk := file.read(2**20):
            sum_ = zlib.crc32(chunk, sum_)
    return sum_
