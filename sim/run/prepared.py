"""Inputs brought to a kernel: which are parameters, which are series, which shape the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from sim.ir import Program, Series
from sim.kernel import Kernel, build
from sim.memory import unswept
from sim.run.columns import names
from sim.run.program import program
from sim.run.settings import Given
from sim.source import Source
from sim.source.catalogue import CONSTANT, CONTROL

Backend = Literal["llvm", "numpy"]
Integrator = Literal["euler", "rk4"]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A kernel, and what to call it with.

    Args:
        kernel: built for the outputs; its outcomes are the elements of the outputs, in order.
        parameters: values by element.
        series: paths by element.
        places: output's id → positions of its elements among the outcomes.
    """

    kernel: Kernel
    parameters: Mapping[str, float]
    series: Mapping[str, Series]
    places: Mapping[str, slice]


def prepare(
    source: Source,
    outputs: Sequence[str],
    inputs: Given,
    *,
    backend: Backend = "llvm",
    integrator: Integrator = "euler",
    times: Sequence[float] | None = None,
) -> Prepared:
    """Build, or find again, the kernel for these outputs and inputs.

    Args:
        source: the model.
        outputs: ids of variables.
        inputs: constants and paths.
        backend: "llvm" or "numpy".
        integrator: "euler" or "rk4".
        times: moments to store; None: every `saveper`.

    Raises:
        InputError: what the engine cannot do with this model, with file and line.
    """
    structural, parameters, series = assigned(source, inputs)
    kernel = _kernel(
        source,
        tuple(sorted(structural.items())),
        tuple(sorted(series)),
        tuple(outputs),
        backend,
        integrator,
        None if times is None else tuple(map(float, times)),
    )
    made = kernel.schedule.program
    used = {one.name for one in made.parameters}
    followed = {one.name for one in made.series}
    places: dict[str, slice] = {}
    start = 0
    for own in outputs:
        size = int(np.prod(source.variables[own].shape, dtype=int))
        places[own] = slice(start, start + size)
        start += size
    return Prepared(
        kernel,
        {name: value for name, value in parameters.items() if name in used},
        {name: path for name, path in series.items() if name in followed},
        places,
    )


def assigned(
    source: Source, inputs: Given
) -> tuple[dict[str, float], dict[str, float], dict[str, Series]]:
    """Divide inputs into what shapes the program, what is a parameter, and what is a series."""
    structural: dict[str, float] = {}
    parameters: dict[str, float] = {}
    series: dict[str, Series] = {}
    for own, path in inputs.paths.items():
        reading = "hold_backward" if path.step else "interpolate"
        knots = tuple(map(float, path.times))
        columns = path.values.reshape(len(path.times), -1).T
        for name, column in zip(_elements(source, own), columns, strict=True):
            if np.isnan(column).all():
                continue  # the model does not define this element of the array
            series[name] = Series(name, knots, tuple(map(float, column)), reading)
    constants: dict[str, float] = {}
    for own, array in inputs.constants.items():
        kind = source.variables[own].kind
        given = zip(_elements(source, own), array.ravel().tolist(), strict=True)
        if kind == CONTROL:
            structural.update(given)
        elif kind == CONSTANT:
            constants.update(given)
        else:
            series.update(_held(given))
    if constants:
        plain = program(source, structural, tuple(series), exact=False)
        free = {one.name for one in plain.parameters}
        shaping = {one.name: one.default for one in plain.built_in}
        for name, value in constants.items():
            if name in free:
                parameters[name] = value
            elif name in shaping:
                structural[name] = value
            else:  # a constant written as a sum of numbers, say
                series.update(_held([(name, value)]))
    return structural, parameters, series


def _held(given: Iterable[tuple[str, float]]) -> dict[str, Series]:
    """Values in place of equations, held over time."""
    return {name: Series(name, (0.0,), (value,)) for name, value in given}


def _elements(source: Source, own: str) -> list[str]:
    return names(source.variables[own], source.subscripts)


@lru_cache(maxsize=32)
def _kernel(
    source: Source,
    structural: tuple[tuple[str, float], ...],
    followed: tuple[str, ...],
    outputs: tuple[str, ...],
    backend: Backend,
    integrator: Integrator,
    times: tuple[float, ...] | None,
) -> Kernel:
    with unswept():
        made: Program = program(source, dict(structural), followed, exact=backend == "numpy")
        elements = [name for own in outputs for name in _elements(source, own)]
        return build(
            made, backend=backend, integrator=integrator, outputs=elements, save_times=times
        )
