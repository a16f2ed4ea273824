"""Runs as files: any damage is one kind of error, and labels come back as they were."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
import xarray as xr

from sim.store import netcdf


def test_labels_units_and_bits_come_back(tmp_path: Path) -> None:
    values = np.array([[1 / 3, np.nan], [-0.0, np.inf]])
    dataset = xr.Dataset(
        {"x": (("time", "place"), values, {"units": "", "description": "Æ og 水"})},
        {"time": [0.1, 0.2], "place": np.array(["Fosen ø", "水"])},
        {"step": 0.125},
    )
    netcdf.write(dataset, tmp_path / "x.nc")
    again = netcdf.read(tmp_path / "x.nc")
    xr.testing.assert_identical(again, dataset)
    assert again["x"].values.tobytes() == values.tobytes()
    assert again["place"].dtype.kind == "U"


def test_a_damaged_file_is_one_kind_of_error(tmp_path: Path) -> None:
    path = tmp_path / "x.nc"
    netcdf.write(xr.Dataset({"x": ("time", [1.0, 2.0])}, {"time": [0.1, 0.2]}), path)
    whole = path.read_bytes()
    random, refused = Random(0), 0  # noqa: S311 -- damage, not secrets
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[random.randrange(len(whole))] = random.randrange(256)
        path.write_bytes(damaged)
        try:
            netcdf.read(path)  # a number may have changed: that is for the sum to find
        except ValueError:
            refused += 1
    assert refused > 50
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"."):
        netcdf.read(path)
