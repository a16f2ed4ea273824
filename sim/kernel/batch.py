"""What a call hands to a back end, and what every back end is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sim.kernel.reducers import Reduction

LINE = 64  # bytes of the processor's cache


@dataclass(frozen=True)
class Batch:
    """The members of one call: what goes in, and the arrays that are filled.

    Args:
        values: [member, column] parameters that differ from the default, row by row.
        columns: [parameter in use] the column in `values`, or -1 for the default.
        defaults: [parameter in use] what all members have where there is no column.
        members: [member] the number that a member's random draws hang on.
        seed: of the random draws.
        rows: [row, node] what depends on time only (`Schedule.tabulate`).
        slots: [step + 1] position among the saved moments, or -1.
        reduction: figures to take.
        out: filled, [time, member, outcome], in any order in memory; without members where
            trajectories are not kept.
        reduced: filled, [member, reducer].
        failed: filled, [member] the step in which it left the finite numbers, or -1.
        fixed: [node] what all members share over the whole run (`Schedule.fixed`).
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
    fixed: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    @property
    def stored(self) -> bool:
        """Whether trajectories are kept."""
        return self.out.shape[1] == len(self.members)


def empty(size: int) -> NDArray[np.float64]:
    """Memory for so many numbers, at the beginning of a line."""
    memory = np.empty(size + LINE // 8)
    start = -memory.ctypes.data % LINE // 8
    return memory[start : start + size]


def by_outcome(memory: NDArray[np.float64], shape: tuple[int, int, int]) -> NDArray[np.float64]:
    """The beginning of `memory` as [time, member, outcome], each outcome's numbers together.

    Whole lines of it are written at once, three times as fast as number by number; for that
    the members are a multiple of eight, and the memory is of `empty`.
    """
    moments, members, outcomes = shape
    whole = memory[: moments * members * outcomes].reshape(outcomes, moments, members)
    return whole.transpose(1, 2, 0)


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
