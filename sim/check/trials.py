"""Many runs at once: each given other inputs, in as few batches as there are programs and paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.run.prepared import Integrator, assigned, prepare
from sim.run.settings import Given
from sim.source import Source

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
    """

    times: Array
    values: Mapping[str, Array]
    left_at: float
    left_in: str

    @property
    def finite(self) -> bool:
        """Whether every number is one."""
        return bool(np.isnan(self.left_at)) and all(
            bool(np.isfinite(array).all()) for array in self.values.values()
        )


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
    for position, one in enumerate(inputs):
        structural, own, series = assigned(source, one)
        parameters.append(own)
        alike = (tuple(sorted(structural.items())), tuple(sorted(series.items(), key=_name)))
        groups.setdefault(alike, []).append(position)
    for members in groups.values():
        made = prepare(source, outputs, inputs[members[0]], integrator=integrator)
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
            for row, at in enumerate(some):
                values = {
                    own: done.values[:, row, place].reshape(
                        len(done.times), *source.variables[own].shape
                    )
                    for own, place in made.places.items()
                }
                left_in = done.left_in.get(row, "")
                yield at, Trial(done.times, values, float(done.left_at[row]), left_in)


def _name(pair: tuple[str, Any]) -> str:
    return pair[0]
