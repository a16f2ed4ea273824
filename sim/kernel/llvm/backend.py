"""A schedule as machine code, with memory for every thread that runs it."""

from __future__ import annotations

import ctypes
import threading

import numpy as np
from numpy.typing import NDArray

from sim.kernel import draws
from sim.kernel.batch import Batch
from sim.kernel.llvm import driver, machine, objects
from sim.kernel.schedule import Schedule

BLOCKS = 8  # blocks of lanes that one call should at least have, to be worth a thread


class LLVM:
    """Runs a schedule as machine code.

    Raises:
        UnavailableError: no machine code can be made here.
    """

    def __init__(self, schedule: Schedule) -> None:
        at = machine.processor()
        self.lanes = at.lanes
        self.piece = at.lanes * BLOCKS
        self.name = f"llvm {at.llvm}, {at.name}, {at.lanes} lanes"
        self._code, parts = objects.load(schedule, at)
        self._size = parts.layout.size * at.lanes
        self._threads = threading.local()

    def _memory(self, reducers: int) -> tuple[NDArray[np.float64], int, int]:
        """This thread's memory: the array that holds it, and two addresses on lines of 64 bytes."""
        wanted = self._size + reducers * self.lanes + 8
        memory: NDArray[np.float64] | None = getattr(self._threads, "memory", None)
        if memory is None or memory.size < wanted:
            memory = self._threads.memory = np.zeros(wanted)
        start = memory.ctypes.data
        start += -start % 64
        return memory, start, start + 8 * self._size

    def advance(self, batch: Batch, first: int, last: int) -> None:
        """Integrate the members from `first` up to `last`, and fill the batch's arrays."""
        table = batch.reduction
        starts = table.start
        memory, start, figures = self._memory(len(table.kinds))
        seed = int(draws.word(batch.seed))
        given = {
            "values": batch.values,
            "stride": batch.values.shape[1],
            "columns": batch.columns,
            "defaults": batch.defaults,
            "members": batch.members,
            "seed": seed,
            "rows": batch.rows,
            "slots": batch.slots,
            "first": first,
            "last": last,
            "out": batch.out,
            "stored": batch.stored,
            "count": len(batch.members),
            "reducers": len(table.kinds),
            "kinds": table.kinds,
            "places": table.outcomes,
            "weights": table.weights,
            "targets": table.targets,
            "starts": starts,
            "figures": figures,
            "reduced": batch.reduced,
            "failed": batch.failed,
            "memory": start,
        }
        words = (ctypes.c_uint64 * len(driver.FIELDS))()
        for place, name in enumerate(driver.FIELDS):
            value = given[name]
            words[place] = value.ctypes.data if isinstance(value, np.ndarray) else int(value)
        self._code.call(ctypes.addressof(words))
        del memory
