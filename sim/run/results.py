"""Results as a labelled Dataset, with units and with what they depend on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.deferred import pd, xr
from sim.ir import identifier, long_name
from sim.project import ROOT
from sim.run.settings import Given
from sim.source import Source

ENGINE_OF = {
    "pysd": ("pysd", "numpy", "xarray"),
    "fast": ("llvmlite", "numpy"),
    "numpy": ("numpy",),
}
"""The distributions whose versions an engine's numbers depend on, besides this one's."""


def facts(source: Source, inputs: Given, scenario: str, engine: str) -> dict[str, str | float]:
    """What a run depends on: hashes, engine, versions and step; nothing of when or where."""
    step = inputs.constants.get("time_step", source.variables["time_step"].value)
    return {
        "model": source.text_hash,
        "data": source.data_hash,
        "scenario": scenario,
        "inputs": inputs.digest,
        "engine": engine,
        "versions": _versions(engine),
        "code": _code(),
        "step": "varies" if step is None else float(step),
    }


@cache
def _versions(engine: str) -> str:
    """The versions of this distribution and of those that an engine's numbers depend on."""
    return ", ".join(
        f"{name} {version(name)}" for name in ("trondelag", *ENGINE_OF.get(engine, ()))
    )


@cache
def _code() -> str:
    """SHA-256 of the text of `sim`: another program may give other numbers."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "sim").rglob("*.py")):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def axis(source: Source, dim: str) -> str:
    """What a range is called as a dimension: its id, or another where a variable has that."""
    own = identifier(dim)
    while own in source.variables or own in {"time", "member", "figure"}:
        own += "_range"
    return own


def dataset(
    source: Source,
    times: NDArray[np.float64],
    values: Mapping[str, NDArray[np.float64]],
    attributes: Mapping[str, str | float],
    members: pd.Index | None = None,
) -> xr.Dataset:
    """Arrays with names, units and labels.

    Args:
        source: the model.
        times: saved times, shape (t,).
        values: by id, shape (t, *the variable's shape), or (t, member, *...) of many members.
        attributes: of the whole.
        members: what the members are called, where there are many.
    """
    used = {dim for name in values for dim in source.variables[name].dims}
    unit = source.variables["time_step"].units
    said = {"units": unit, "long_name": "time"}
    coordinates: dict[str, Any] = {"time": _along("time", _adapted(times), said)}
    over = ("time",)
    if members is not None:
        over = ("time", "member")
        coordinates["member"] = ("member", members.to_numpy(), {"long_name": "Member"})
    for dim in source.subscripts:
        if dim in used:
            own = axis(source, dim)
            coordinates[own] = _along(own, _labels(source.subscripts[dim]), {"long_name": dim})
    # "fastpath", and labels that are an index of pandas already: xarray asks of all else whether
    # it is of dask, which takes a third of a second to import where it is installed.
    arrays = {
        name: xr.Variable(
            (*over, *(axis(source, dim) for dim in source.variables[name].dims)),
            array,
            _described(source, name),
            fastpath=True,
        )
        for name, array in values.items()
    }
    return xr.Dataset(arrays, coordinates, dict(attributes))


def _along(own: str, labels: Any, said: dict[str, str]) -> xr.IndexVariable:
    """A dimension's labels."""
    return xr.IndexVariable(own, labels, said, fastpath=True)


@lru_cache(maxsize=256)
def _labels(labels: tuple[str, ...]) -> Any:
    """A range's labels; each range is in every run."""
    return _adapted(np.array(labels, dtype=np.str_))


def _adapted(labels: NDArray[Any]) -> Any:
    # deferred like xarray itself
    from xarray.core.indexing import PandasIndexingAdapter

    return PandasIndexingAdapter(pd.Index(labels), labels.dtype)


def _described(source: Source, name: str) -> dict[str, str]:
    variable = source.variables[name]
    return {
        "units": variable.units,
        "long_name": long_name(variable.name),
        "vensim_name": variable.name,
        "description": variable.description,
    }
