"""Runs on disk: a folder named by its content, whole or not there."""

from sim.store.folder import Stored, find, keep, name

__all__ = ["Stored", "find", "keep", "name"]
