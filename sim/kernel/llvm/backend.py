"""A schedule as machine code, with memory for every thread that runs it."""

from __future__ import annotations

import ctypes
import threading
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.kernel import draws
from sim.kernel.batch import Batch
from sim.kernel.llvm import driver, machine, objects
from sim.kernel.schedule import Schedule
from sim.memory import unswept

NARROW = 4  # so few members run in narrower vectors, which are compiled and done sooner
BLOCKS = 8  # blocks of lanes that one call should at least have, to be worth a thread


class LLVM:
    """Runs a schedule as machine code.

    Raises:
        UnavailableError: no machine code can be made here.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._schedule, self._processor = schedule, machine.processor()
        at = self._processor
        self.piece = at.lanes * BLOCKS
        self.name = f"llvm {at.llvm}, {at.name}, {at.lanes} lanes"
        self._codes: dict[int, objects.Made] = {}
        self._making = threading.Lock()
        self._threads = threading.local()

    def _code(self, lanes: int) -> objects.Made:
        """The code for so many lanes; made when asked."""
        with self._making, unswept():
            if lanes not in self._codes:
                # a few members take less time than the code generator's optimiser
                level = objects.HASTY if lanes < self._processor.lanes else objects.LEVEL
                at = replace(self._processor, lanes=lanes)
                self._codes[lanes] = objects.load(self._schedule, at, level)
            return self._codes[lanes]

    def _memory(self, wanted: int) -> int:
        """The address of so many words of this thread, on a line of 64 bytes."""
        memory: NDArray[np.float64] | None = getattr(self._threads, "memory", None)
        if memory is None or memory.size < wanted + 8:
            memory = self._threads.memory = np.zeros(wanted + 8)
        return memory.ctypes.data + -memory.ctypes.data % 64

    def advance(self, batch: Batch, first: int, last: int) -> None:
        """Integrate the members from `first` up to `last`, and fill the batch's arrays."""
        table = batch.reduction
        starts = table.start
        few = len(batch.members) <= NARROW
        lanes = min(NARROW, self._processor.lanes) if few else self._processor.lanes
        made = self._code(lanes)
        vectors = made.size
        start = self._memory((vectors + len(table.kinds)) * lanes)
        given = {
            "values": batch.values,
            "stride": batch.values.shape[1],
            "columns": batch.columns,
            "defaults": batch.defaults,
            "members": batch.members,
            "seed": int(draws.word(batch.seed)),
            "rows": batch.rows,
            "slots": batch.slots,
            "first": first,
            "last": last,
            "out": batch.out,
            "stored": batch.stored,
            "per_moment": batch.out.strides[0] // 8,
            "per_member": batch.out.strides[1] // 8,
            "per_outcome": batch.out.strides[2] // 8,
            "reducers": len(table.kinds),
            "kinds": table.kinds,
            "places": table.outcomes,
            "weights": table.weights,
            "targets": table.targets,
            "starts": starts,
            "figures": start + 8 * vectors * lanes,
            "reduced": batch.reduced,
            "failed": batch.failed,
            "memory": start,
            "fixed": batch.fixed,
            "code": made.walk.code,
            "length": made.walk.length,
            "numbers": made.walk.numbers,
        }
        words = (ctypes.c_uint64 * len(driver.FIELDS))()
        for place, name in enumerate(driver.FIELDS):
            value = given[name]
            words[place] = value.ctypes.data if isinstance(value, np.ndarray) else int(value)
        made.code.call(ctypes.addressof(words))
