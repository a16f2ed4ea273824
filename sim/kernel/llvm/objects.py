"""Object code on disk: made once per program, engine and processor.

A file holds a mark, a checksum, how many vectors of memory the code needs, and the code. It is
written beside its place and moved there, so that nobody reads half of it; a file that does not
agree with its checksum is made again. The name is a hash of everything that the code depends on,
the processor included.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from sim import ir, project
from sim.kernel.llvm import driver, layout, machine, walk
from sim.kernel.schedule import Schedule

MARK = b"trondelag object 4\n"
WORD = 8  # bytes of a length
LEVEL, HASTY = 2, 0  # of the code generator: for many members, for a few


@dataclass(frozen=True)
class Made:
    """The code of a schedule.

    Args:
        code: to be called.
        size: vectors of memory that it needs.
        walk: what it walks.
    """

    code: machine.Code
    size: int
    walk: walk.Walk


def load(schedule: Schedule, processor: machine.Processor, level: int = LEVEL) -> Made:
    """The code of a schedule, from the cache where it is there.

    Args:
        schedule: what is computed when.
        processor: for which, and for how many members side by side.
        level: how hard the code generator tries; the numbers are the same. In haste, what is
            computed once per member is walked, and not compiled.
    """
    walked = level == HASTY and walk.walkable(schedule)
    path = project.cache() / "kernel" / f"{key(schedule, processor, level)}.o"
    content = read(path)
    with ThreadPoolExecutor(1) as beside:
        walker = beside.submit(_walker, processor) if walked else None
        if content is None:
            texts, parts, steps = driver.write(schedule, processor.lanes, walked=walked)
            images, size = machine.assemble(texts, processor, level), parts.layout.size
            kept = [size.to_bytes(WORD, "little"), steps.code.tobytes(), steps.numbers.tobytes()]
            write(path, _together([*kept, *images]))
        else:
            number, code, numbers, *images = _apart(content)
            size = int.from_bytes(number, "little")
            steps = walk.Walk(np.frombuffer(code, np.int32), np.frombuffer(numbers))
        if walker is not None:
            images.append(walker.result())
    return Made(machine.Code(images), size, steps)


def _walker(processor: machine.Processor) -> bytes:
    """The function that walks, which all schedules share."""
    asked = hashlib.sha256(repr((processor, LEVEL, engine())).encode()).hexdigest()
    path = project.cache() / "kernel" / f"walk-{asked}.o"
    image = read(path)
    if image is None:
        (image,) = machine.assemble([walk.walker(processor.lanes)], processor, LEVEL)
        write(path, image)
    return image


def _together(parts: Sequence[bytes]) -> bytes:
    """All parts, each after its length."""
    return b"".join(len(part).to_bytes(WORD, "little") + part for part in parts)


def _apart(content: bytes) -> list[bytes]:
    """What `_together` has put together."""
    parts: list[bytes] = []
    while content:
        end = WORD + int.from_bytes(content[:WORD], "little")
        parts.append(content[WORD:end])
        content = content[end:]
    return parts


def key(schedule: Schedule, processor: machine.Processor, level: int = LEVEL) -> str:
    """A hash of all that the code depends on."""
    asked = (
        schedule.program.form,
        schedule.integrator,
        tuple(element.node for element in schedule.outcomes),
        schedule.parameters,
        schedule.rows,
        schedule.fixed,
        schedule.grid.steps,
        schedule.grid.width,
        processor,
        level,
        layout.CHUNK,
        engine(),
    )
    return hashlib.sha256(repr(asked).encode()).hexdigest()


@cache
def engine() -> str:
    """A hash of the engine's own text: another engine, other code."""
    kernel = Path(__file__).resolve().parents[1]
    texts = [path.read_bytes() for path in sorted(kernel.rglob("*.py"))]
    texts.append(Path(ir.__file__).read_bytes())
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def read(path: Path) -> bytes | None:
    """The code in a file, or None where there is none that can be trusted."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    mark, checksum, image = (
        content[: len(MARK)],
        content[len(MARK) :][:32],
        content[len(MARK) + 32 :],
    )
    sound = mark == MARK and hashlib.sha256(image).digest() == checksum
    return image if sound else None


def write(path: Path, image: bytes) -> None:
    """Keep the code; a disk that is full or closed to us only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(MARK + hashlib.sha256(image).digest() + image)
        Path(name).replace(path)
    except OSError:
        return
