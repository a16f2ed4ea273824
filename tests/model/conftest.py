"""The model, read once; a run of it; and the headline outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import xarray as xr

import sim

HEADLINE = (
    "value_added_total",
    "employment_total",
    "population_total",
    "salmon_volume",
    "unfilled_jobs_total",
    "district_share_of_value_added",
)
Run = Callable[..., xr.Dataset]


@pytest.fixture(scope="session")
def model() -> sim.Model:
    return sim.load_model()


@pytest.fixture(scope="session")
def run(model: sim.Model) -> Run:
    """Run with settings by name or a scenario, each answer kept."""
    answers: dict[str, xr.Dataset] = {}

    def answer(
        settings: Mapping[str, Any] | None = None, *, scenario: str | None = None
    ) -> xr.Dataset:
        key = repr((settings, scenario))
        if key not in answers:
            answers[key] = model.run(scenario, settings=settings)
        return answers[key]

    return answer
