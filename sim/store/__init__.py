"""Runs on disk: a folder named by its content, whole or not there; a sweep's grows by parts."""

from sim.store.files import digest
from sim.store.folder import Stored, find, keep, name
from sim.store.sweep import SweepFolder, begin, open_sweep, others

__all__ = [
    "Stored",
    "SweepFolder",
    "begin",
    "digest",
    "find",
    "keep",
    "name",
    "open_sweep",
    "others",
]
