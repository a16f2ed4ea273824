"""Catalogues and model speak of the same variables, ranges, units and defaults."""

import numpy as np
import pytest

from sim import source
from sim.ir import identifier
from sim.scenario import bundled, catalogues, load, resolve


@pytest.fixture(scope="module")
def model() -> source.Source:
    return source.load()


@pytest.mark.parametrize("id_", bundled())
def test_a_bundled_scenario_resolves(model: source.Source, id_: str) -> None:
    inputs = resolve(load(id_), model.variables, model.subscripts)
    assert "effort_plan" in {*inputs.constants, *inputs.paths}


def test_every_lever_is_there_with_the_models_value_as_default(model: source.Source) -> None:
    known = catalogues()
    for handle in (*known.levers.values(), *known.external.values()):
        variable = model.variables[handle.variable]
        if variable.value is not None:
            assert np.all(variable.value == handle.default), handle.variable


def test_every_lever_that_the_model_bounds_has_its_bounds(model: source.Source) -> None:
    known = catalogues()
    for handle in (*known.levers.values(), *known.external.values()):
        variable = model.variables[handle.variable]
        for limit, ours in zip((variable.low, variable.high), handle.range, strict=True):
            assert limit is None or np.all(limit == ours), handle.variable


def test_every_outcome_is_there_with_its_ranges_and_unit(model: source.Source) -> None:
    outcomes = catalogues().outcomes.values()
    ours = {o.variable: (o.over, o.units) for o in outcomes}
    theirs = {
        id_: (tuple(map(identifier, model.variables[id_].dims)), model.variables[id_].units)
        for id_ in ours
    }
    assert ours == theirs


def test_the_elements_that_a_goal_names_are_there(model: source.Source) -> None:
    known = catalogues()
    labels = {identifier(k): {*map(identifier, v)} for k, v in model.subscripts.items()}
    for set_ in known.goals.values():
        for goal in set_.goals.values():
            if goal.elements and goal.outcome:
                [range_] = known.outcomes[goal.outcome].over
                assert set(goal.elements) <= labels[range_]
