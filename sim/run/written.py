"""What a model is run with, as numbers and series that take the place of equations."""

from __future__ import annotations

from sim.ir import Series
from sim.run.columns import names
from sim.run.program import program
from sim.run.settings import Given
from sim.source import Source
from sim.source.catalogue import DATA

Replaced = dict[str, dict[str, Series | float]]
"""Id of a variable -> element -> its number or series."""


def replaced(source: Source, inputs: Given) -> Replaced:
    """Everything that one file must hold besides the equations: data, constants, paths.

    Raises:
        InputError: the model cannot be compiled.
    """
    series = {each.name: each for each in program(source, {}).series}
    found: Replaced = {}
    for own, variable in source.variables.items():
        elements = names(variable, source.subscripts)
        if variable.kind == DATA:
            found[own] = {name: series[name] for name in elements}
        if own in inputs.constants:
            values = inputs.constants[own].ravel().tolist()
            found[own] = dict(zip(elements, values, strict=True))
        if own in inputs.paths:
            path = inputs.paths[own]
            times = tuple(map(float, path.times))
            reading = "hold_backward" if path.step else "interpolate"
            columns = path.values.reshape(len(times), -1).T
            found[own] = {
                name: Series(name, times, tuple(map(float, column)), reading)
                for name, column in zip(elements, columns, strict=True)
            }
    return found
