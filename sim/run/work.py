"""One part of a sweep: members in, the bytes of its files out. Runs anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from jaxtyping import Float64
from numpy.typing import NDArray

from sim.kernel import Run
from sim.run.bundle import Bundle, kernel, unpacked
from sim.run.sketch import POINTS, Sketch, sketch
from sim.store import parquet

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
        contents: bytes of Parquet files by kind: `outputs`, `sketches`.
        failed: of each member that left the finite numbers: its row, when, and in what.
    """

    part: int
    members: int
    contents: dict[str, bytes]
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
    contents: dict[str, bytes] = {}
    columns = _columns(run)
    if OUTPUTS in bundle.kept:
        contents[OUTPUTS] = _outputs(bundle, run, rows, columns)
    if SKETCHES in bundle.kept:
        contents[SKETCHES] = _sketches(run, columns)
    failed = [
        (task.first + row, float(run.left_at[row]), name)
        for row, name in sorted(run.left_in.items())
    ]
    return Piece(task.part, len(rows), contents, failed)


def integrate(content: bytes, bundle: Bundle, task: Task) -> Run:
    """The bare numbers of a part."""
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
    return made.integrate(
        given, series=setting.series, seed=bundle.seed, members=members, threads=1
    )


def _columns(run: Run) -> Float64[np.ndarray, "outcome time member"]:
    """The values with each outcome's together."""
    moments, members, outcomes = run.values.shape
    columns = np.empty((outcomes, moments, members))
    for moment in range(moments):  # one fits into the processor's cache
        columns[:, moment] = run.values[moment].T
    return columns


def _outputs(
    bundle: Bundle,
    run: Run,
    rows: NDArray[np.int64],
    values: Float64[np.ndarray, "outcome time member"],
) -> bytes:
    """A row per moment and member, the members of a moment together; a column per outcome."""
    columns = {
        "time": np.repeat(run.times, len(rows)),
        "member": np.tile(rows, len(run.times)),
        **{name: values[place].ravel() for place, name in enumerate(bundle.outcomes)},
    }
    return parquet.encoded(columns, units=dict(zip(bundle.outcomes, bundle.units, strict=True)))


def _sketches(run: Run, values: Float64[np.ndarray, "outcome time member"]) -> bytes:
    """A row per outcome and moment; an outcome's rows can be read without the others.

    The values are sorted in place: they are needed no more.
    """
    finished = np.flatnonzero(run.status == 0)
    everyone = len(finished) == len(run.status)
    some = [sketch(one if everyone else one[:, finished]) for one in values]
    moments = len(run.times)
    points = np.concatenate([one.points for one in some])
    width = points.shape[1]
    columns = {
        "count": np.repeat(np.array([one.count for one in some], dtype=np.int64), moments),
        "mean": np.concatenate([one.mean for one in some]),
        "squares": np.concatenate([one.squares for one in some]),
        "least": np.concatenate([one.least for one in some]),
        "greatest": np.concatenate([one.greatest for one in some]),
        "points": pa.ListArray.from_arrays(
            pa.array(np.arange(len(points) + 1, dtype=np.int32) * width), pa.array(points.ravel())
        ),
    }
    return parquet.encoded(columns, rows_together=moments)


def read_sketch(content: pa.Table) -> Sketch:
    """One outcome's sketch, from its rows."""
    count = int(content.column("count")[0].as_py())
    flat = content.column("points").combine_chunks().flatten().to_numpy()
    return Sketch(
        count,
        *(content.column(own).to_numpy() for own in ("mean", "squares", "least", "greatest")),
        points=flat.reshape(content.num_rows, min(count, POINTS)),
    )
