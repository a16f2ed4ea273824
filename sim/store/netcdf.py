"""A labelled Dataset as a file of netCDF's classic format: the same Dataset, the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from xarray.core.indexing import PandasIndexingAdapter


def write(dataset: xr.Dataset, path: Path) -> None:
    """Write numbers, labels and attributes.

    Args:
        dataset: names as netCDF allows them, in letters of Latin-1 (ids of this project's model
            are plain).
        path: of the file.

    Raises:
        OSError: the file cannot be written.
        ValueError: a name cannot be written.
    """
    dataset.to_netcdf(path, engine="scipy", format="NETCDF3_64BIT")


def read(path: Path) -> xr.Dataset:
    """What `write` was given.

    Raises:
        OSError: there is no such file.
        ValueError: it is damaged.
    """
    try:
        with xr.open_dataset(path, engine="scipy", create_default_indexes=False) as opened:
            dataset = opened.load()
    except (LookupError, TypeError) as error:  # as a damaged head makes the reader stumble
        raise ValueError(f"no netCDF that can be read ({error})") from error
    # Labels that are an index of pandas already: xarray asks of all else whether it is of dask,
    # which takes a third of a second to import where it is installed.
    along = {name: own for name, own in dataset.coords.items() if own.dims == (name,)}
    return dataset.drop_vars(list(along)).assign_coords(
        {name: _along(str(name), own) for name, own in along.items()}
    )


def _along(name: str, own: xr.DataArray) -> xr.IndexVariable:
    """A dimension's labels; text is of letters, not of objects."""
    labels = own.values.astype(np.str_) if own.dtype == np.object_ else own.values
    index = PandasIndexingAdapter(pd.Index(labels), labels.dtype)
    return xr.IndexVariable(name, index, own.attrs, own.encoding, fastpath=True)
