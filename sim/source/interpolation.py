"""Lookups and data of PySD read by numpy instead of by xarray.

PySD calls `xarray.DataArray.interp` for every scalar that a lookup or a data series is
asked for, which takes most of a run. The objects of one freshly loaded model are given
a subclass that answers the same from plain arrays; PySD itself stays as it is.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pysd.py_backend.data import Data
from pysd.py_backend.lookups import Lookups

Array = NDArray[np.float64]


def quicken(model: Any) -> None:
    """Let the lookups and data of a loaded PySD model, and of its macros, be read by numpy."""
    components = model.components
    for name in dir(components):
        part = getattr(components, name)
        if isinstance(part, Lookups):
            part.__class__ = _quick(type(part), _call_lookup, "_call")
        elif isinstance(part, Data):
            part.__class__ = _quick(type(part), _call_data, "__call__")
        elif hasattr(part, "components") and hasattr(part, "return_func"):
            quicken(part)


def _quick(kind: type, function: Any, name: str) -> type:
    return type(f"Quick{kind.__name__}", (kind,), {name: function})


def interpolate(xs: Array, ys: Array, at: Array, kind: str) -> Array:
    """Read piecewise linear tables, each element of the second axis at its own place.

    Args:
        xs: rising places, shape (n,).
        ys: values there, shape (n, m).
        at: where to read, shape (m,).
        kind: interpolate | extrapolate | hold_backward | look_forward; outside its places a
            table is held, or extended in its last slope if it extrapolates.

    Returns:
        The values, shape (m,).
    """
    column = np.arange(ys.shape[1])
    last = len(xs) - 1
    if kind == "hold_backward":
        return ys[np.clip(np.searchsorted(xs, at, side="right") - 1, 0, last), column]
    if kind == "look_forward":
        return ys[np.clip(np.searchsorted(xs, at, side="left"), 0, last), column]
    if last == 0:
        return ys[0].copy()
    left = np.clip(np.searchsorted(xs, at, side="right") - 1, 0, last - 1)
    x0, y0 = xs[left], ys[left, column]
    values = (ys[left + 1, column] - y0) / (xs[left + 1] - x0) * (at - x0) + y0
    if kind != "extrapolate":
        values = np.where(at >= xs[-1], ys[-1], np.where(at <= xs[0], ys[0], values))
    return np.where(at == xs[-1], ys[-1], values)


def _call_lookup(self: Any, data: Any, x: Any, final_subs: Any = None) -> Any:
    """Stand in for `Lookups._call`."""
    if isinstance(x, xr.DataArray) and not x.dims:
        x = float(x)
    if not isinstance(x, xr.DataArray) and self.is_float:
        xs, ys = _table(self, data)
        return float(interpolate(xs, ys.reshape(-1, 1), np.array([float(x)]), self.interp)[0])
    table = data.reset_coords(drop=True)
    if isinstance(x, xr.DataArray):
        blank = xr.DataArray(np.nan, final_subs, list(final_subs))
        places = (blank.fillna(0) + x).transpose(*blank.dims)
        table = xr.broadcast(table, places)[0].transpose("lookup_dim", *blank.dims)
    else:
        blank = table[0].drop_vars("lookup_dim")
        places = xr.full_like(blank, float(x))
    found = interpolate(
        np.asarray(table["lookup_dim"].values, dtype=np.float64),
        np.asarray(table.values, dtype=np.float64).reshape(table.shape[0], -1),
        np.asarray(places.values, dtype=np.float64).ravel(),
        self.interp,
    )
    return blank.copy(data=found.reshape(blank.shape))


def _call_data(self: Any, time: Any) -> Any:
    """Stand in for `Data.__call__`."""
    data = self.data
    if self.interp == "raw" or not isinstance(data, xr.DataArray) or "time" not in data.dims:
        return cast("Any", super(type(self), self)).__call__(time)
    xs, ys = _table(self, data)
    flat = ys.reshape(len(xs), -1)
    found = interpolate(xs, flat, np.full(flat.shape[1], float(time)), self.interp)
    if self.is_float:
        return float(found[0])
    return data[0].drop_vars("time").copy(data=found.reshape(ys.shape[1:]))


def _table(self: Any, data: Any) -> tuple[Array, Array]:
    """Places (n,) and values (n, ...) of a series, kept until the series is another."""
    known = self.__dict__.get("_arrays")
    if known is None or known[0] is not data:
        xs = np.asarray(data[data.dims[0]].values, dtype=np.float64)
        known = self.__dict__["_arrays"] = (data, xs, np.asarray(data.values, dtype=np.float64))
    return known[1], known[2]
