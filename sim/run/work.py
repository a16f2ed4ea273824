"""One part of a sweep: members in, the bytes of its files out. Runs anywhere."""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernel import Run
from sim.kernel.batch import by_outcome, empty
from sim.run.bundle import Bundle, kernel, unpacked
from sim.run.sketch import HEAD, sketch
from sim.shapes import Float64
from sim.store import parquet
from sim.store.files import Content

OUTPUTS, SKETCHES = "outputs", "sketches"


@dataclass(frozen=True)
class Task:
    """What a worker is asked.

    Args:
        part: number of the part.
        scenario: position of the scenario in the bundle.
        first: row of the table at which the part begins.
        values: the members' numbers, a column each as `Bundle.columns` has it.
    """

    part: int
    scenario: int
    first: int
    values: Float64[np.ndarray, "member column"]


@dataclass(frozen=True)
class Piece:
    """What a worker answers.

    Args:
        part: number of the part.
        members: how many.
        contents: bytes of files by kind: `outputs`, `sketches`.
        failed: of each member that left the finite numbers: its row, when, and in what.
    """

    part: int
    members: int
    contents: Mapping[str, Content]
    failed: list[tuple[int, float, str]]


def work(content: bytes, task: Task) -> Piece:
    """Compute a part.

    Args:
        content: a packed `Bundle`.
        task: which members of which scenario.

    Raises:
        InputError: the bundle is of another version of this package.
    """
    bundle = unpacked(content)
    run = integrate(content, bundle, task)
    rows = np.arange(task.first, task.first + len(task.values), dtype=np.int64)
    contents: dict[str, Content] = {}
    columns = run.values.transpose(2, 0, 1)
    if OUTPUTS in bundle.kept:
        scenario = bundle.settings[task.scenario].id
        contents[OUTPUTS] = _outputs(bundle, run, scenario, rows, columns)
    if SKETCHES in bundle.kept:
        contents[SKETCHES] = _sketches(bundle, run, columns)
    failed = [
        (task.first + row, float(run.left_at[row]), name)
        for row, name in sorted(run.left_in.items())
    ]
    return Piece(task.part, len(rows), contents, failed)


def integrate(content: bytes, bundle: Bundle, task: Task) -> Run:
    """The bare numbers of a part, in memory that this thread's next part writes over."""
    setting = bundle.settings[task.scenario]
    made = kernel(content, task.scenario)
    program = bundle.programs[setting.program]
    free = {one.name for one in program.parameters}
    given: dict[str, NDArray[np.float64] | float] = dict(setting.parameters)
    given |= {
        name: np.ascontiguousarray(task.values[:, column])
        for name, column in bundle.columns.items()
        if name in free
    }
    members = np.arange(task.first, task.first + len(task.values), dtype=np.int64)
    shape = (len(bundle.times), len(task.values), len(bundle.outcomes))
    return made.integrate(
        given,
        series=setting.series,
        seed=bundle.seed,
        members=members,
        out=_room(shape),
        threads=1,
    )


_own = threading.local()


def _room(shape: tuple[int, int, int]) -> Float64[np.ndarray, "time member outcome"]:
    """Memory of this thread, used again by its next part: new memory costs a tenth more time."""
    size = math.prod(shape)
    memory: NDArray[np.float64] | None = getattr(_own, "memory", None)
    if memory is None or memory.size < size:
        memory = _own.memory = empty(size)
    return by_outcome(memory, shape)


def _outputs(
    bundle: Bundle,
    run: Run,
    scenario: str,
    rows: NDArray[np.int64],
    values: Float64[np.ndarray, "outcome time member"],
) -> Content:
    """A row per moment and member, the members of a moment together; a column per outcome."""
    moments = len(run.times)
    named = {"scenario": parquet.alike(scenario, moments * len(rows))} if scenario else {}
    columns = {
        **named,
        "time": np.repeat(run.times, len(rows)),
        "member": np.tile(rows, moments),
        **{name: values[place].ravel() for place, name in enumerate(bundle.outcomes)},
    }
    return parquet.encoded(columns, units=dict(zip(bundle.outcomes, bundle.units, strict=True)))


def _sketches(
    bundle: Bundle, run: Run, values: Float64[np.ndarray, "outcome time member"]
) -> bytes:
    """An array [outcome, time, number] in NumPy's format; `Sketch.put` has the numbers.

    The values are sorted in place: they are needed no more.
    """
    finished = np.flatnonzero(run.status == 0)
    everyone = len(finished) == len(run.status)
    width = HEAD + min(len(finished), bundle.points)
    rows = np.empty((len(values), len(run.times), width))
    for one, own in zip(values, rows, strict=True):
        sketch(one if everyone else one[:, finished], bundle.points).put(own)
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(rows))
    return b"".join([head.getvalue(), rows.data])
