"""Our whole model against PySD: every variable at every saved time.

PySD takes minutes for the whole span, so that the run ends in 2012 here. All years:
`TRONDELAG_LAST_YEAR=2050 python -m pytest tests/reference/test_whole_model.py`.
"""

from __future__ import annotations

import os

import pandas as pd
import pytest
from pysd_answers import difference

import sim
from sim.run.model import Model
from tests.frames import frame

TOLERANCE = 1e-9
LAST = float(os.environ.get("TRONDELAG_LAST_YEAR", "2012"))
# A push of research that begins within the years compared, on top of the scenario.
PUSH = {"district_share_of_effort": {2009: 0.3, 2011: 0.6}}


def table(model: Model, engine: str) -> pd.DataFrame:
    outputs = [own for own, one in model.variables.items() if one.kind != "lookup"]
    inputs, _ = model.inputs("ocean_push", {"final_time": LAST, **PUSH})
    run = model.trajectories(inputs, outputs, engine)
    assert not run.failed
    return frame(model.source, run.times, run.values)


@pytest.fixture(scope="module")
def model() -> Model:
    return sim.load_model()


@pytest.fixture(scope="module")
def theirs(model: Model) -> pd.DataFrame:
    return table(model, "pysd")


@pytest.mark.parametrize("engine", ["fast", "numpy"])
def test_the_whole_model_agrees_with_pysd(model: Model, theirs: pd.DataFrame, engine: str) -> None:
    ours = table(model, engine)
    assert list(ours.columns) == list(theirs.columns)
    assert list(ours.index) == list(theirs.index)
    # Differences of nearly equal numbers hold the rounding of these: 1e-11 NOK million, persons
    # or tonnes are taken for nothing.
    apart = difference(ours, theirs, floor=1e-2)
    assert apart.max() <= TOLERANCE, apart[apart > TOLERANCE].to_dict()
    # The comparison compares something: what should move, moves.
    assert (theirs.nunique() > 1).sum() > 300
