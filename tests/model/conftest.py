"""The model, read once; a run of it; and the headline outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import xarray as xr

import sim
from sim.run.settings import Given, Path

HEADLINE = (
    "value_added_total",
    "employment_total",
    "population_total",
    "salmon_volume",
    "unfilled_jobs_total",
    "district_share_of_value_added",
)
Run = Callable[..., xr.Dataset]
# What tests move over time. All of it is a path in every run, flat where a test leaves it alone:
# one program is compiled, not one for every set of paths.
FOLLOWED = (
    "carbon_price_factor",
    "district_share_of_effort",
    "farmland_protection",
    "harvest_policy",
    "lice_factor",
    "local_processing",
    "milk_quota_factor",
    "mineral_permits_factor",
    "net_migration_factor",
    "oil_activity_factor",
    "predator_factor",
    "quota_factor",
    "salmon_price_factor",
    "sea_area_factor",
    "test_arena",
    "timber_price_factor",
    "travel_demand_factor",
    "wind_permits",
)


@pytest.fixture(scope="session")
def model() -> sim.Model:
    return sim.load_model()


@pytest.fixture(scope="session")
def run(model: sim.Model) -> Run:
    """Run with settings by name or a scenario, each answer kept."""
    answers: dict[str, xr.Dataset] = {}
    every = model.wanted(None, Given())

    def answer(
        settings: Mapping[str, Any] | None = None, *, scenario: str | None = None
    ) -> xr.Dataset:
        key = repr((settings, scenario))
        if key not in answers:
            inputs, name = model.inputs(scenario, settings)
            answers[key] = model.simulate(_followed(model, inputs), name, every, "fast", "euler")
        return answers[key]

    return answer


def _followed(model: sim.Model, inputs: Given) -> Given:
    """The same inputs with a path for all that tests move over time."""
    constants, paths = dict(inputs.constants), dict(inputs.paths)
    for name in FOLLOWED:
        if name not in paths:
            value = constants.pop(name, model.variables[name].value)
            paths[name] = _flat(np.asarray(value))
    if "effort_plan" not in paths:
        variable = model.variables["effort_plan"]
        total = constants.get(
            "reference_effort_total", model.variables["reference_effort_total"].value
        )
        even = np.full(variable.shape, float(np.asarray(total)) / np.prod(variable.shape))
        paths["effort_plan"] = _flat(constants.pop("effort_plan", even))
    return Given(constants, paths)


def _flat(value: np.ndarray) -> Path:
    return Path(np.array([0.0]), value[np.newaxis], step=False)
