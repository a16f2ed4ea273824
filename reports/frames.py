"""One long table is the only thing that tables, figures and sentences read.

Columns: run, variable, region, industry, year, value, unit. `region` and `industry` are ""
where a variable has none; `variable` is an id; money is NOK million at constant 2015 prices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sim.errors import wrong

COLUMNS = ["run", "variable", "region", "industry", "year", "value", "unit"]
_PLACE = ["variable", "region", "industry", "year"]
_DIMENSIONS = {"time", "region", "industry"}
_CLOSE = 1e-6  # years are multiples of the step; this only forgives rounding


def tidy(dataset: xr.Dataset, run: str) -> pd.DataFrame:
    """One run as a long table.

    Args:
        dataset: dims `time`, and for some variables `region` or `industry`; variables over
            other ranges are left out. Every variable has the attribute `units`.
        run: what to write into the column `run`.
    """
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}
    for name, array in dataset.data_vars.items():
        if "time" not in array.dims or not _DIMENSIONS.issuperset(map(str, array.dims)):
            continue
        size = array.size
        columns["run"].append(np.full(size, run, dtype=object))
        columns["variable"].append(np.full(size, str(name), dtype=object))
        for column, dim in (("region", "region"), ("industry", "industry"), ("year", "time")):
            columns[column].append(_along(array, dim) if dim in array.dims else _nowhere(size))
        columns["value"].append(np.asarray(array.values, dtype=float).ravel())
        columns["unit"].append(np.full(size, str(array.attrs.get("units", "")), dtype=object))
    if not columns["run"]:
        return pd.DataFrame(columns=COLUMNS)
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return pd.DataFrame(joined).astype({"year": float})


def _along(array: xr.DataArray, dim: str) -> NDArray[Any]:
    """The labels of one dimension for every cell of the flattened array."""
    labels = np.asarray(array[dim].values)
    if labels.dtype.kind == "U":
        labels = labels.astype(object)
    shape = [1] * array.ndim
    shape[array.dims.index(dim)] = len(labels)
    return np.broadcast_to(labels.reshape(shape), array.shape).ravel()


def _nowhere(size: int) -> NDArray[Any]:
    """The label of a variable that does not lie over a dimension."""
    return np.full(size, "", dtype=object)


def stack(datasets: Mapping[str, xr.Dataset]) -> pd.DataFrame:
    """Several runs, one below the other, in the order given."""
    return pd.concat([tidy(each, run) for run, each in datasets.items()], ignore_index=True)


def runs(frame: pd.DataFrame) -> list[str]:
    """The runs of a long table, in order."""
    return [str(run) for run in frame["run"].unique()]


def at(frame: pd.DataFrame, years: Iterable[float | int]) -> pd.DataFrame:
    """The rows of some years.

    Raises:
        InputError: a year was not simulated or not saved.
    """
    wanted = np.asarray(list(years), dtype=float)
    saved = np.asarray(sorted(frame["year"].unique()), dtype=float)
    absent = [year for year in wanted if not np.any(np.abs(saved - year) < _CLOSE)]
    if absent:
        names = ", ".join(f"{year:g}" for year in absent)
        span = f"{saved[0]:g} to {saved[-1]:g}" if saved.size else "no year at all"
        raise wrong("unknown-year", f"no results for {names}", hint=f"results cover {span}")
    near = np.abs(frame["year"].to_numpy(dtype=float)[:, None] - wanted[None, :]) < _CLOSE
    return cast("pd.DataFrame", frame[near.any(axis=1)])


def differences(
    frame: pd.DataFrame, baseline: str, years: Sequence[float | int] | None = None
) -> pd.DataFrame:
    """Every other run against one run.

    Args:
        frame: a long table with the run `baseline` and at least one more.
        baseline: the run compared with.
        years: the years wanted; all saved years when None.

    Returns:
        The columns of `frame`, and baseline, difference (in the row's unit), percent
        (of the baseline's value; NaN where that is zero).
    """
    chosen = frame if years is None else at(frame, years)
    base = chosen[chosen["run"] == baseline][[*_PLACE, "value"]]
    others = chosen[chosen["run"] != baseline]
    joined = others.merge(base.rename(columns={"value": "baseline"}), on=_PLACE, how="left")
    difference = joined["value"] - joined["baseline"]
    # A share of nothing is unknown, not infinite.
    whole = joined["baseline"].where(joined["baseline"] != 0)
    return joined.assign(difference=difference, percent=100 * difference / whole.abs())
