"""What a call hands to a back end, and what every back end is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sim.kernel.reducers import Reduction


@dataclass(frozen=True)
class Batch:
    """The members of one call: what goes in, and the arrays that are filled.

    Args:
        values: [member, column] parameters that differ from the default, row by row.
        columns: [parameter in use] the column in `values`, or -1 for the default.
        defaults: [parameter in use].
        members: [member] the number that a member's random draws hang on.
        seed: of the random draws.
        rows: [row, node] what depends on time only (`Schedule.tabulate`).
        slots: [step + 1] position among the saved moments, or -1.
        reduction: figures to take.
        out: filled, [time, member, outcome]; without members where trajectories are not kept.
        reduced: filled, [member, reducer].
        failed: filled, [member] the step in which it left the finite numbers, or -1.
    """

    values: NDArray[np.float64]
    columns: NDArray[np.int64]
    defaults: NDArray[np.float64]
    members: NDArray[np.int64]
    seed: int
    rows: NDArray[np.float64]
    slots: NDArray[np.int64]
    reduction: Reduction
    out: NDArray[np.float64]
    reduced: NDArray[np.float64]
    failed: NDArray[np.int64]

    @property
    def stored(self) -> bool:
        """Whether trajectories are kept."""
        return self.out.shape[1] == len(self.members)


@runtime_checkable
class Backend(Protocol):
    """Turns a schedule into numbers. `advance` may run in several threads at once."""

    @property
    def name(self) -> str:
        """Engine, version and what else the numbers may hang on."""
        ...

    @property
    def piece(self) -> int:
        """Members that one call of `advance` should at least have, and a multiple of it."""
        ...

    def advance(self, batch: Batch, first: int, last: int) -> None:
        """Integrate the members from `first` up to `last`, and fill the batch's arrays."""
        ...
