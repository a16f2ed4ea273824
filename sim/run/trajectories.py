"""What a single run gives: values over time, and whether they stayed finite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.run.columns import names
from sim.source import Source

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trajectories:
    """Values over time.

    Args:
        times: saved times, shape (t,), in the model's unit of time.
        values: by id, shape (t, *the variable's shape).
        left_at: when the run left the finite numbers; NaN where it did not.
        left_in: the element in which it did, or "".
    """

    times: Array
    values: Mapping[str, Array]
    left_at: float = float("nan")
    left_in: str = ""

    @property
    def failed(self) -> bool:
        """Whether the run left the finite numbers."""
        return not np.isnan(self.left_at)


def watched(source: Source, times: Array, values: Mapping[str, Array]) -> Trajectories:
    """Trajectories of an engine that does not say itself where they left the finite numbers.

    The first saved time at which something is not finite, and the first such element in the
    order of the text.
    """
    first, element = len(times), ""
    for own, array in values.items():
        flat = array.reshape(len(times), -1)
        rows, columns = np.nonzero(~np.isfinite(flat))
        if rows.size and rows[0] < first:
            first = int(rows[0])
            element = names(source.variables[own], source.subscripts)[int(columns[0])]
    left_at = float(times[first]) if element else float("nan")
    return Trajectories(times, values, left_at, element)
