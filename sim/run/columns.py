"""Results as a flat table: time, then one column per element, named as PySD names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean
from sim.ir import identifier
from sim.run.settings import find, unknown
from sim.source import Source
from sim.source.catalogue import LOOKUP, Variable

Subscripts = Mapping[str, Sequence[str]]


def names(variable: Variable, subscripts: Subscripts) -> list[str]:
    """The columns of a variable, the last subscript running fastest: `jobs[fish,Districts]`."""
    if not variable.dims:
        return [variable.name]
    labels = product(*(subscripts[dim] for dim in variable.dims))
    return [f"{variable.name}[{','.join(each)}]" for each in labels]


def table(
    source: Source, count: int, values: Mapping[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    """Column → its values over time, shape (t,).

    Args:
        source: the model.
        count: how many times were saved, t.
        values: by id, shape (t, *the variable's shape).
    """
    return {
        column: array.reshape(count, -1)[:, position]
        for own, array in values.items()
        for position, column in enumerate(names(source.variables[own], source.subscripts))
    }


def chosen(source: Source, outputs: Sequence[str] | None) -> dict[str, list[str]]:
    """Which columns of which variables are asked for.

    Args:
        source: the model.
        outputs: variables by id or name, or single elements (`jobs[fish, Districts]`, labels
            or their ids); None for every variable but lookups.

    Returns:
        Id of the variable → its columns, in the order asked for.

    Raises:
        InputError: everything that is no variable or element.
    """
    if outputs is None:
        return {
            own: names(variable, source.subscripts)
            for own, variable in source.variables.items()
            if variable.kind != LOOKUP
        }
    problems: list[Problem] = []
    found: dict[str, list[str]] = {}
    for output in outputs:
        head, bracket, rest = output.partition("[")
        whole = find(output, source.variables)
        variable = whole or find(head.strip(), source.variables)
        if variable is None:
            problems.append(unknown(output, source.variables))
        elif variable.kind == LOOKUP:
            sentence = f"'{variable.name}' is a lookup, which has no value over time"
            problems.append(Problem("lookup-output", sentence))
        elif whole is not None or not bracket:
            found.setdefault(variable.id, []).extend(names(variable, source.subscripts))
        else:
            columns = names(variable, source.subscripts)
            position = place(variable, source.subscripts, rest)
            if position is None:
                hint = did_you_mean(output, columns)
                sentence = f"'{variable.name}' has no element '[{rest}'"
                problems.append(Problem("unknown-subscript", sentence, hint=hint))
            else:
                found.setdefault(variable.id, []).append(columns[position])
    if problems:
        raise InputError(problems)
    return {own: list(dict.fromkeys(columns)) for own, columns in found.items()}


def place(variable: Variable, subscripts: Subscripts, rest: str) -> int | None:
    """The position of an element among its variable's columns.

    Args:
        variable: the variable.
        subscripts: range name → labels.
        rest: what follows the bracket, `fish, Districts]`: labels or their ids.
    """
    wanted = [identifier(label) for label in rest.rstrip().removesuffix("]").split(",")]
    for position, labels in enumerate(product(*(subscripts[dim] for dim in variable.dims))):
        if variable.dims and [identifier(label) for label in labels] == wanted:
            return position
    return None
