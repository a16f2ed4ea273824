from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration import evidence, likelihood, priors, simulation
from calibration.evidence import Evidence
from calibration.likelihood import Posterior
from calibration.observation import Observation
from sim.run.model import Model, load_model

SAID = {
    "schema": "observation/1",
    "fit_until": 2018,
    "degrees": 8,
    "grades": {"A": 1, "B": 2, "C": 1.5},
    "others": {"error": 0.03, "level": 0.01, "drift": 0.01},
    "switches": [{"constant": "idle", "cases": [{"id": "own", "value": 3, "name": {"en": "own"}}]}],
    "series": [],
}


@pytest.fixture(scope="session")
def growth() -> Model:
    return load_model(Path(__file__).parent / "growth")


@pytest.fixture(scope="session")
def said() -> Observation:
    return Observation.model_validate(SAID)


@pytest.fixture(scope="session")
def truth(growth: Model) -> dict[float, float]:
    table = pd.DataFrame({"growth rate": [0.3], "room": [300.0], "people initial": [90.0]})
    run = growth.ensemble(table, ["people"], scenario=None)["people"]
    return dict(zip(run["time"].values.tolist(), run.values[:, 0].tolist(), strict=True))


@pytest.fixture(scope="session")
def seen(growth: Model, said: Observation, truth: dict[float, float]) -> Evidence:
    noise = np.random.default_rng(0).normal(0, 0.02, len(truth))
    rows = [
        {"outcome": "people", "element": "", "year": year, "value": value * np.exp(off),
         "unit": "persons", "source_id": "S", "grade": "A", "note": ""}
        for (year, value), off in zip(truth.items(), noise, strict=True)
        if year <= 2022
    ]  # fmt: skip
    return evidence.gather(pd.DataFrame(rows), said, growth.source)


@pytest.fixture(scope="session")
def target(growth: Model, seen: Evidence) -> Posterior:
    known = priors.gather(growth.source)
    made = simulation.simulation(growth, known, seen, until=2018.0, scenario=None)
    return likelihood.posterior(made, seen)
