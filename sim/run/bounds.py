"""Whether the time bounds and steps of a run make sense."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem
from sim.source import Source

BOUNDS = ("initial_time", "final_time", "time_step", "saveper")
MOST_STEPS = 10_000_000  # this project's model has 336; more is a slip of the decimal point


def wrongs(source: Source, constants: Mapping[str, NDArray[np.float64]]) -> Iterator[Problem]:
    """Everything wrong with the bounds, as far as they are numbers.

    Args:
        source: the model.
        constants: values by id that are set over those of the text.
    """
    known = {name: _number(source, constants, name) for name in BOUNDS}
    for name in ("time_step", "saveper"):
        value = known[name]
        if value is not None and not (value > 0 and math.isfinite(value)):
            yield _problem(source, constants, name, f"is {value:g}; it must be above 0")
    initial, final, step = known["initial_time"], known["final_time"], known["time_step"]
    if initial is None or final is None:
        return
    if not initial <= final or not math.isfinite(final - initial):
        said = f"is {final:g}, before the initial time {initial:g}"
        yield _problem(source, constants, "final_time", said)
    elif step is not None and step > 0 and (final - initial) / step > MOST_STEPS:
        said = f"is {step:g}, which makes more than {MOST_STEPS:,} steps"
        yield _problem(source, constants, "time_step", said)


def _number(
    source: Source, constants: Mapping[str, NDArray[np.float64]], name: str
) -> float | None:
    """A bound, or None where it is computed."""
    value = constants.get(name, source.variables[name].value)
    return None if value is None else float(value)


def _problem(
    source: Source, constants: Mapping[str, NDArray[np.float64]], name: str, said: str
) -> Problem:
    variable = source.variables[name]
    sentence = f"'{variable.name}' {said}"
    if name in constants:
        return Problem("time-bounds", sentence)
    return Problem("time-bounds", sentence, variable.chapter, variable.line)
