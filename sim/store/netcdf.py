"""A labelled Dataset as a file of netCDF's classic format: the same Dataset, the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr


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
        with xr.open_dataset(path, engine="scipy") as opened:
            dataset = opened.load()
    except (LookupError, TypeError) as error:  # as a damaged head makes the reader stumble
        raise ValueError(f"no netCDF that can be read ({error})") from error
    labels = {name: own for name, own in dataset.coords.items() if own.dtype == np.object_}
    return dataset.assign_coords({name: own.astype(np.str_) for name, own in labels.items()})
