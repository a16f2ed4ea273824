"""Many runs at once: each given other inputs, in as few batches as there are programs and paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.run.prepared import Integrator, assigned, prepare
from sim.run.settings import Given, Path
from sim.source import Source
from sim.source.catalogue import CONSTANT

Array = NDArray[np.float64]
SIZE = 64  # members whose trajectories are in memory at once


@dataclass(frozen=True, eq=False)
class Trial:
    """One run.

    Args:
        times: saved times, shape (t,), in the model's unit of time.
        values: by id, shape (t, *the variable's shape).
        left_at: when the run left the finite numbers; NaN where it did not.
        left_in: the element in which it did, or "".
        finite: whether every number is one.
    """

    times: Array
    values: Mapping[str, Array]
    left_at: float
    left_in: str
    finite: bool


def run(
    source: Source,
    outputs: Sequence[str],
    inputs: Sequence[Given],
    integrator: Integrator = "euler",
) -> Iterator[tuple[int, Trial]]:
    """Run a model with each of some inputs.

    Args:
        source: the model.
        outputs: ids of the variables to keep.
        inputs: what each run is given.
        integrator: "euler" or "rk4".

    Yields:
        The position in `inputs` and its run, batch by batch. The arrays are overwritten no more.

    Raises:
        InputError: what the engine cannot do with this model.
    """
    groups: dict[Any, list[int]] = {}
    parameters: list[Mapping[str, float]] = []
    followed = sorted({own for one in inputs for own in one.paths})
    even = [_followed(source, one, followed) for one in inputs]
    for position, one in enumerate(even):
        structural, own, series = assigned(source, one)
        parameters.append(own)
        alike = (tuple(sorted(structural.items())), tuple(sorted(series.items(), key=_name)))
        groups.setdefault(alike, []).append(position)
    for members in groups.values():
        made = prepare(source, outputs, even[members[0]], integrator=integrator)
        program = made.kernel.schedule.program
        defaults = {one.name: one.default for one in program.parameters}
        for start in range(0, len(members), SIZE):
            some = members[start : start + SIZE]
            named = sorted({name for at in some for name in parameters[at]} & defaults.keys())
            columns = {
                name: np.array([parameters[at].get(name, defaults[name]) for at in some])
                for name in named
            }
            done = made.kernel.integrate(
                columns, series=made.series, members=np.arange(len(some), dtype=np.int64)
            )
            finite: NDArray[np.bool_] = np.all(np.isfinite(done.values), axis=(0, 2))
            for row, at in enumerate(some):
                values = {
                    own: done.values[:, row, place].reshape(
                        len(done.times), *source.variables[own].shape
                    )
                    for own, place in made.places.items()
                }
                left_in = done.left_in.get(row, "")
                left_at = float(done.left_at[row])
                yield at, Trial(done.times, values, left_at, left_in, bool(finite[row]))


def _followed(source: Source, inputs: Given, names: Sequence[str]) -> Given:
    """The same inputs, with constants that other runs move over time as paths that stay level.

    One program then serves them all: each takes a second to make.
    """
    constants, paths = dict(inputs.constants), dict(inputs.paths)
    for name in names:
        variable = source.variables[name]
        value = constants.get(name, variable.value)
        if name not in paths and variable.kind == CONSTANT and value is not None:
            constants.pop(name, None)
            paths[name] = Path(np.array([0.0]), np.asarray(value)[np.newaxis])
    return Given(constants, paths)


def _name(pair: tuple[str, Any]) -> str:
    return pair[0]
