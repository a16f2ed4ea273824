"""Runs made up for the tests, in the shape in which the model gives them."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sim.scenario.schema import Text

INDUSTRIES = [
    "agriculture",
    "forestry and wood",
    "aquaculture",
    "fisheries",
    "food processing",
    "ocean technology",
    "circular industry",
    "technology and digital",
    "research and higher education",
    "experience",
    "renewable energy",
    "minerals",
    "other manufacturing",
    "local services",
    "public services",
]
REGIONS = ["Trondheim region", "Districts"]
YEARS = np.arange(2008.0, 2051.0)


def made(push: dict[str, float], *, seed: int = 0, delay: float = 6.0) -> xr.Dataset:
    """A run in which the value added of some industries differs by a share in the long run."""
    rng = np.random.default_rng(seed)
    size = rng.uniform(1000, 30000, (15, 2))
    growth = rng.uniform(0.005, 0.02, (15, 1, 1))
    after = 1 - np.exp(-np.maximum(0, YEARS - 2018) / delay)
    factor = np.array([push.get(name, 0.0) for name in INDUSTRIES])[:, None, None] * after
    value = size[:, :, None] * np.exp(growth * (YEARS - 2008)) * (1 + factor)
    jobs = size[:, :, None] * 1.1 * np.exp(0.5 * growth * (YEARS - 2008)) * (1 + 0.5 * factor)
    people = jobs.sum(0) * 2.0

    def array(values: np.ndarray, dims: tuple[str, ...], unit: str) -> xr.DataArray:
        return xr.DataArray(values, dims=dims, attrs={"units": unit, "long_name": "made"})

    money = "NOK million/year"
    return xr.Dataset(
        {
            "value_added": array(value, ("industry", "region", "time"), money),
            "value_added_total": array(value.sum((0, 1)), ("time",), money),
            "value_added_by_region": array(value.sum(0).T, ("time", "region"), money),
            "value_added_by_industry": array(value.sum(1).T, ("time", "industry"), money),
            "employment_total": array(jobs.sum((0, 1)), ("time",), "persons"),
            "employment_by_region": array(jobs.sum(0).T, ("time", "region"), "persons"),
            "employment_by_industry": array(jobs.sum(1).T, ("time", "industry"), "persons"),
            "population_total": array(people.sum(0), ("time",), "persons"),
            "population_by_region": array(people.T, ("time", "region"), "persons"),
            "salmon_volume": array(
                3e5 * (1 + factor[2, 0]) * np.exp(0.01 * (YEARS - 2008)), ("time",), "tonnes/year"
            ),
            "effort": array(np.ones((YEARS.size, 9, 5)), ("time", "tool", "area"), money),
        },
        coords={"time": YEARS, "region": REGIONS, "industry": INDUSTRIES},
    )


@pytest.fixture(scope="session")
def datasets() -> dict[str, xr.Dataset]:
    return {
        "baseline": made({}),
        "ocean_push": made({"aquaculture": 0.05, "ocean technology": 0.12, "minerals": -0.01}),
        "bio_push": made({"agriculture": 0.03, "food processing": 0.04}, delay=12),
        "salmon_slump": made({"aquaculture": -0.1, "food processing": -0.02}, delay=2),
    }


@pytest.fixture(scope="session")
def names() -> dict[str, Text]:
    return {
        "baseline": Text(en="Baseline", nb="Referansebanen"),
        "ocean_push": Text(en="Ocean-space push", nb="Havromsløftet"),
        "bio_push": Text(en="Bioeconomy push", nb="Bioøkonomiløftet"),
        "salmon_slump": Text(en="Salmon price slump", nb="Fall i lakseprisen"),
    }


@pytest.fixture(scope="session")
def observed(datasets: dict[str, xr.Dataset]) -> pd.DataFrame:
    """Observations near the baseline, a few years only."""
    rows = [
        {"outcome": name, "element": "", "year": year, "value": float(value) * wobble}
        for name in ("value_added_total", "employment_total", "population_total", "salmon_volume")
        for year, wobble in zip(range(2008, 2020), [1.01, 0.985, 1.02] * 4, strict=True)
        for value in [datasets["baseline"][name].sel(time=year)]
    ]
    return pd.DataFrame(rows)
