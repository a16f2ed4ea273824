"""pandas and xarray, imported when something of them is first used.

They take half of a start, and a command that writes a table of numbers needs neither.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any


class Deferred(ModuleType):
    """Stands for a package until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
else:
    pd = Deferred("pandas")
    xr = Deferred("xarray")

__all__ = ["pd", "xr"]
