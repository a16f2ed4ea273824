"""Build a program once, integrate it for as many members as there are."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean, wrong
from sim.ir import Program, Series
from sim.kernel import failures
from sim.kernel.batch import Backend, Batch, by_outcome, empty
from sim.kernel.blocks import NumPy
from sim.kernel.reducers import Reducer, tables
from sim.kernel.schedule import Integrator, Schedule, plan
from sim.kernel.sharing import Sharing
from sim.shapes import Float64, Int8, Int64

Numbers: TypeAlias = Sequence[float | int] | NDArray[np.float64]
Parameters: TypeAlias = (
    Float64[np.ndarray, "member parameter"] | Mapping[str, float | int | Numbers]
)
Paths: TypeAlias = Mapping[str, Series | Numbers]

PIECE = 8192  # members between two looks at the keyboard
NAMED = 256  # members whose failing variable is looked for; that takes NumPy's time


class Status(IntEnum):
    """How a member's run ended."""

    FINISHED = 0
    LEFT_FINITE_NUMBERS = 1


@dataclass(frozen=True)
class Run:
    """What a call gives back.

    Args:
        times: [time] saved moments, in the model's unit of time.
        outcomes: names of the outcomes, with subscripts, in the units of the text.
        values: the trajectories; of no members where they were not asked for.
        reduced: [member, reducer] figures, in the order of the reducers.
        status: [member] a `Status`.
        left_at: [member] when it left the finite numbers, or not a number.
        left_in: row of a failed member → the element in which it did; "" where not looked for.
        engine: what computed it.
        seed: of the random draws.
    """

    times: Float64[np.ndarray, " time"]
    outcomes: tuple[str, ...]
    values: Float64[np.ndarray, "time member outcome"]
    reduced: Float64[np.ndarray, "members reducer"]
    status: Int8[np.ndarray, " members"]
    left_at: Float64[np.ndarray, " members"]
    left_in: dict[int, str]
    engine: str
    seed: int


@dataclass(frozen=True)
class Kernel:
    """A program built for a back end. Make it with `build`."""

    schedule: Schedule
    backend: Backend
    _places: dict[str, int] = field(default_factory=dict[str, int])
    sharing: Sharing | None = None

    @property
    def times(self) -> Float64[np.ndarray, " time"]:
        """The saved moments."""
        return self.schedule.grid.labels

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes."""
        return tuple(element.name for element in self.schedule.outcomes)

    def integrate(
        self,
        parameters: Parameters,
        *,
        series: Paths | None = None,
        seed: int = 0,
        members: Int64[np.ndarray, " member"] | None = None,
        out: Float64[np.ndarray, "time member outcome"] | None = None,
        threads: int | None = None,
        reducers: Sequence[Reducer] = (),
        trajectories: bool = True,
        named: int = NAMED,
    ) -> Run:
        """Run all members.

        Args:
            parameters: all parameters of the program, in its order; or columns ([member] or a
                number) by the parameter's name, the others at their defaults.
            series: paths of this call by name: another `Series`, or other values at its knots.
            seed: of the random draws.
            members: what each member's random draws hang on; its row where not given.
            out: array to write the trajectories to, so that it can be used again; contiguous,
                or as `batch.by_outcome` has it, which takes less time.
            threads: how many; as many as there are processors where not given.
            reducers: figures to take while the outcomes are computed.
            trajectories: False: keep figures only.
            named: at most so many failed members, from the first, are told their variable.

        Raises:
            InputError: names or shapes that do not fit; everything wrong is listed.
        """
        schedule = self.schedule
        paths = self._paths(series or {})
        values, columns, defaults = self._columns(parameters, members)
        count = len(values)
        reduction = tables(reducers, schedule.outcomes, schedule.grid)
        batch = Batch(
            values=values,
            columns=columns,
            defaults=defaults,
            members=np.arange(count) if members is None else np.ascontiguousarray(members),
            seed=seed,
            rows=schedule.tabulate(paths),
            slots=schedule.grid.slots,
            reduction=reduction,
            out=self._out(out, count if trajectories else 0),
            reduced=np.empty((count, len(reducers))),
            failed=np.full(count, -1, dtype=np.int64),
        )
        divided = self.sharing.divided(batch) if self.sharing else None
        _advance(*(divided or (self.backend, batch)), threads or processors())
        failed = np.flatnonzero(batch.failed >= 0)
        left_at = np.full(count, math.nan)
        left_at[failed] = schedule.grid.times[batch.failed[failed]]
        names = dict.fromkeys(map(int, failed), "")
        names.update(failures.explain(schedule, batch, paths, failed[:named]))
        return Run(
            times=self.times,
            outcomes=self.outcomes,
            values=batch.out,
            reduced=batch.reduced,
            status=(batch.failed >= 0).astype(np.int8),
            left_at=left_at,
            left_in=names,
            engine=self.backend.name,
            seed=seed,
        )

    def chunks(
        self,
        parameters: Parameters,
        *,
        size: int = 65536,
        series: Paths | None = None,
        seed: int = 0,
        threads: int | None = None,
        reducers: Sequence[Reducer] = (),
        trajectories: bool = True,
    ) -> Iterator[tuple[slice, Run]]:
        """Run any number of members in bounded memory, `size` at a time.

        Yields:
            The rows, and their run. The next chunk overwrites `Run.values`.
        """
        count = _count(parameters)
        memory = empty(0)
        for start in range(0, count, size):
            rows = slice(start, min(start + size, count))
            shape = (len(self.times), rows.stop - start, len(self.schedule.outcomes))
            if trajectories and memory.size == 0:
                memory = empty(math.prod(shape))
            run = self.integrate(
                _rows(parameters, rows),
                series=series,
                seed=seed,
                members=np.arange(rows.start, rows.stop),
                out=by_outcome(memory, shape) if trajectories else None,
                threads=threads,
                reducers=reducers,
                trajectories=trajectories,
            )
            yield rows, run

    def _columns(
        self, parameters: Parameters, members: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
        """[member, column] values that vary, each used parameter's column, and its default."""
        program, used = self.schedule.program, self.schedule.parameters
        if not isinstance(parameters, Mapping):
            expected = len(program.parameters)
            if parameters.ndim != 2 or parameters.shape[1] != expected:
                sentence = f"{expected} parameters are needed, not {parameters.shape[1:]}"
                raise wrong("parameters", sentence)
            values = np.ascontiguousarray(parameters, dtype=np.float64)
            _agree(len(values), members)
            return values, np.array(used, dtype=np.int64), self.schedule.defaults
        columns = {name: np.asarray(value, dtype=np.float64) for name, value in parameters.items()}
        problems = [
            Problem(
                "unknown-parameter",
                f"no parameter '{name}'",
                hint=did_you_mean(name, list(self._places)),
            )
            for name in columns
            if name not in self._places
        ]
        lengths = {value.shape for value in columns.values()} - {(), (1,)}
        if len(lengths) > 1 or any(len(shape) > 1 for shape in lengths):
            sentence = f"columns of parameters differ in length: {sorted(lengths)}"
            problems.append(Problem("parameters", sentence))
        if problems:
            raise InputError(problems)
        count = next(iter(lengths), (1 if members is None else len(members),))[0]
        _agree(count, members)
        found, defaults = np.full(len(used), -1, dtype=np.int64), self.schedule.defaults.copy()
        varied: list[NDArray[np.float64]] = []
        for name, value in columns.items():
            position = self.schedule.positions.get(self._places[name])
            if position is None:
                continue
            if value.size == 1:
                # what all members share is the default of this call: a column would fill memory
                defaults[position] = value.item()
            else:
                found[position] = len(varied)
                varied.append(value)
        values = np.empty((count, len(varied)))
        for column, value in enumerate(varied):
            values[:, column] = value
        return values, found, defaults

    def _paths(self, given: Paths) -> tuple[Series, ...]:
        paths = {series.name: series for series in self.schedule.program.series}
        problems: list[Problem] = []
        for name, path in given.items():
            if name not in paths:
                hint = did_you_mean(name, list(paths))
                problems.append(Problem("unknown-series", f"no path '{name}'", hint=hint))
            elif isinstance(path, Series):
                paths[name] = path
            elif len(path) != len(paths[name].times):
                sentence = f"'{name}' has {len(paths[name].times)} knots, not {len(path)}"
                problems.append(Problem("series", sentence))
            else:
                knots = paths[name]
                values = tuple(map(float, path))
                paths[name] = Series(knots.name, knots.times, values, knots.reading)
        if problems:
            raise InputError(problems)
        return tuple(paths[series.name] for series in self.schedule.program.series)

    def _out(self, out: NDArray[np.float64] | None, count: int) -> NDArray[np.float64]:
        shape = (len(self.times), count, len(self.schedule.outcomes))
        if out is None:
            return np.empty(shape)
        columns = out.ndim == 3 and out.transpose(2, 0, 1).flags.c_contiguous
        whole = out.flags.c_contiguous or columns
        if out.shape != shape or out.dtype != np.float64 or not whole:
            sentence = f"`out` must be contiguous float64 of shape {shape}, not {out.shape}"
            raise wrong("out", sentence)
        return out


def build(
    program: Program,
    *,
    backend: Literal["llvm", "numpy"] = "llvm",
    integrator: Integrator = "euler",
    outputs: Sequence[str] | None = None,
    save_times: Sequence[float] | NDArray[np.float64] | None = None,
) -> Kernel:
    """Make a kernel of a program.

    Args:
        program: the graph.
        backend: "llvm" (machine code; NumPy where none can be made, and `Run.engine` says
            why) or "numpy".
        integrator: "euler" as PySD, or "rk4" where states integrate and nothing jumps in time.
        outputs: variables or single elements to compute; None: all.
        save_times: moments to store; None: every `saveper`.

    Raises:
        InputError: unknown outputs, moments off the steps, or RK4 where it is forbidden.
    """
    schedule = plan(program, integrator=integrator, outputs=outputs, save_times=save_times)
    places = {parameter.name: place for place, parameter in enumerate(program.parameters)}
    if backend == "numpy":
        return Kernel(schedule, NumPy(schedule), places)
    # llvmlite may be missing: only then is this import allowed to matter
    from sim.kernel.llvm import backend as llvm
    from sim.kernel.llvm import machine

    try:
        return Kernel(schedule, llvm.LLVM(schedule), places, Sharing(schedule, llvm.LLVM))
    except machine.UnavailableError as reason:
        return Kernel(schedule, NumPy(schedule, note=str(reason)), places)


def _advance(backend: Backend, batch: Batch, threads: int) -> None:
    """Run the members in as many threads."""
    count, least = len(batch.members), backend.piece
    share = -(-count // (4 * threads)) if threads > 1 else count
    size = min(max(share, least), max(PIECE, least))
    size = -(-size // least) * least
    bounds = [*range(0, count, size), count]
    if len(bounds) <= 2 or threads == 1:
        for first, last in pairwise(bounds):
            backend.advance(batch, first, last)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting = [
            pool.submit(backend.advance, batch, first, last) for first, last in pairwise(bounds)
        ]
        try:
            for task in waiting:
                task.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _agree(count: int, members: NDArray[np.int64] | None) -> None:
    if members is not None and len(members) != count:
        raise wrong("members", f"{len(members)} members are numbered, and {count} are given")


def _count(parameters: Parameters) -> int:
    if not isinstance(parameters, Mapping):
        return len(parameters)
    lengths = [np.asarray(value).size for value in parameters.values()]
    return max(lengths, default=1)


def _rows(parameters: Parameters, rows: slice) -> Parameters:
    if not isinstance(parameters, Mapping):
        return parameters[rows]
    given = {name: np.asarray(value) for name, value in parameters.items()}
    return {name: value[rows] if value.size > 1 else value for name, value in given.items()}
