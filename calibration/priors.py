"""What is believed of the constants before the data: their ranges and grades of evidence.

The fit works in standard normal numbers, one for each element of each constant that has a
range: there the prior is the same for all, and how far the data moved a constant can be read
off. `sim.plan.quantiles.by_grade` gives the constant's value for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.errors import InputError, Problem
from sim.plan.quantiles import by_grade
from sim.run.columns import names
from sim.scenario import catalogues
from sim.shapes import Float64
from sim.source import Source
from sim.source.catalogue import CONSTANT

Places = Float64[np.ndarray, "member parameter"]

FAR = 5.0  # beyond it a standard normal number is as if it were there
STEPS = 1000  # of the table; between its rows the value is linear


@dataclass(frozen=True, eq=False)
class Priors:
    """The constants that the fit may move.

    Args:
        columns: names of the elements, as in the model's text.
        ids: of the variables.
        grades: of the evidence.
        values: in the model's text.
        table: values at equal steps of the standard normal number from -FAR to FAR.
    """

    columns: tuple[str, ...]
    ids: tuple[str, ...]
    grades: tuple[str, ...]
    values: Float64[np.ndarray, " parameter"]
    table: Float64[np.ndarray, "parameter step"]

    def __len__(self) -> int:
        return len(self.columns)

    def at(self, places: Places) -> Float64[np.ndarray, "parameter member"]:
        """The constants' values, each in its own unit, at standard normal numbers."""
        steps = (np.clip(places.T, -FAR, FAR) + FAR) * (STEPS / (2.0 * FAR))
        below = np.minimum(steps.astype(np.int32), STEPS - 1)
        steps -= below
        # One flat table, a parameter after the other: neighbours in memory are neighbours here.
        below += (np.arange(len(self.columns), dtype=np.int32) * (STEPS + 1))[:, None]
        flat = self.table.ravel()
        low = flat.take(below)
        return low + steps * (flat.take(below + 1) - low)

    def take(self, chosen: Sequence[int]) -> Priors:
        """Some of them; the others stay as the model's text has them."""
        return Priors(
            tuple(self.columns[each] for each in chosen),
            tuple(self.ids[each] for each in chosen),
            tuple(self.grades[each] for each in chosen),
            self.values[list(chosen)],
            self.table[list(chosen)].copy(),
        )


def gather(source: Source, *, fixed: Iterable[str] = ()) -> Priors:
    """Read the priors from the model's text.

    Levers and outside influences are left out: scenarios set them.

    Args:
        source: the model.
        fixed: ids of constants that do not move.

    Raises:
        InputError: the model has no constant with a range.
    """
    known = catalogues()
    decided = {each.variable for each in (*known.levers.values(), *known.external.values())}
    decided |= set(fixed)
    grid = np.linspace(-FAR, FAR, STEPS + 1)
    u = np.clip(special.ndtr(grid), 0.0, 1.0)
    columns: list[str] = []
    ids: list[str] = []
    grades: list[str] = []
    values: list[float] = []
    tables: list[Float64[np.ndarray, " step"]] = []
    for own, variable in source.variables.items():
        value, low, high = variable.value, variable.low, variable.high
        if variable.kind != CONSTANT or value is None or low is None or high is None:
            continue
        if own in decided:
            continue
        bounds = [np.broadcast_to(each, value.shape).ravel() for each in (value, low, high)]
        for column, middle, least, most in zip(
            names(variable, source.subscripts), *map(np.ndarray.tolist, bounds), strict=True
        ):
            if not least < most:
                continue
            columns.append(column)
            ids.append(own)
            grades.append(variable.grade)
            values.append(middle)
            tables.append(by_grade(middle, least, most, variable.grade, u))
    if not columns:
        raise InputError([Problem("no-range", "the model has no constant with a range")])
    return Priors(tuple(columns), tuple(ids), tuple(grades), np.array(values), np.array(tables))


def by_name(priors: Priors, places: Places) -> Mapping[str, Float64[np.ndarray, " member"]]:
    """Columns of values by element, as the kernel takes them."""
    return dict(zip(priors.columns, priors.at(places), strict=True))
