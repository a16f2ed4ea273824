"""Names become positions; units, ranges and limits are those of the model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest

from sim.errors import InputError
from sim.scenario import Scenario, catalogues, resolve
from sim.scenario.inputs import Inputs
from sim.scenario.library import load

Loaded = Callable[[str], Scenario]


@dataclass(frozen=True)
class Fake:
    """A variable of a model's catalogue."""

    name: str
    dims: tuple[str, ...] = ()
    units: str = "Dmnl"
    low: np.ndarray | None = None
    high: np.ndarray | None = None


# The model has its ranges in another order than levers.yaml, and its own spelling.
SUBSCRIPTS = {
    "Region": ("Trondheim region", "Districts"),
    "Area": ("ocean space", "bioeconomy", "circular economy", "smart communities",
             "experience industries"),
    "Tool": ("public procurement", "infrastructure", "mobilisation", "competence", "research",
             "technology", "connectivity", "interaction", "internationalisation"),
}  # fmt: skip
VARIABLES = {
    "effort_plan": Fake("effort plan", ("Area", "Tool"), "NOK million / Year"),
    "district_share_of_effort": Fake(
        "district share of effort", low=np.array(0.0), high=np.array(0.9)
    ),
    "salmon_price_factor": Fake("salmon price factor", units="1"),
}


def resolved(scenario: Scenario, variables: Mapping[str, Fake] = VARIABLES) -> Inputs:
    return resolve(scenario, variables, SUBSCRIPTS)


def test_cells_take_the_order_of_the_model(loaded: Loaded) -> None:
    scenario = loaded("levers: {effort: {'*.*': 1, research.ocean_space: 5, '*.bioeconomy': 2}}")
    constants = resolved(scenario).constants
    plan = constants["effort_plan"]
    assert isinstance(plan, np.ndarray)
    assert plan.shape == (5, 9)
    assert plan[0].tolist() == [1, 1, 1, 1, 5, 1, 1, 1, 1]
    assert plan[1].tolist() == [2] * 9


def test_a_cell_that_nobody_set_has_the_default(loaded: Loaded) -> None:
    plan = resolved(loaded("levers: {effort: {research.ocean_space: 5}}")).constants["effort_plan"]
    default = catalogues().levers["effort"].default
    assert isinstance(plan, np.ndarray)
    assert sorted(set(plan.flat)) == [default, 5]


def test_what_changes_is_a_path_and_what_does_not_is_a_constant(loaded: Loaded) -> None:
    inputs = resolved(
        loaded(
            "levers: {effort: {research.ocean_space: {2020: 1, 2030: 5}},"
            " district_share_of_effort: {2020: 0.5, 2030: 0.5}}\n"
            "external: {salmon_price_factor: {2026: 1, 2027: 0.6, interp: step}}"
        )
    )
    assert dict(inputs.constants) == {"district_share_of_effort": 0.5}
    plan, price = inputs.paths["effort_plan"], inputs.paths["salmon_price_factor"]
    assert plan.values.shape == (2, 5, 9)
    assert not plan.step
    assert plan.at(np.array([2025.0]))[0, 0, 4] == 3
    assert price.step
    assert price.values.shape == (2,)


def test_the_digest_is_of_the_content(loaded: Loaded) -> None:
    def digest(body: str) -> str:
        return resolved(loaded(body)).digest

    flat = digest("levers: {district_share_of_effort: 0.5}")
    assert flat == digest("story: {en: Same}\nlevers: {district_share_of_effort: {2030: 0.5}}")
    assert flat != digest("levers: {district_share_of_effort: 0.25}")
    path = "external: {salmon_price_factor: {2026: 1, 2027: 0.6, interp: %s}}"
    assert digest(path % "step") != digest(path % "linear")
    zero = "external: {salmon_price_factor: 1}\nlevers: {district_share_of_effort: %s}"
    assert digest(zero % "0.0") == digest(zero % "-0.0")


def test_what_does_not_fit_the_model_is_told_at_once(loaded: Loaded) -> None:
    scenario = loaded(
        "levers: {effort: {'*.*': 1}, district_share_of_effort: 0.5, sea_area_factor: 1}\n"
        "external: {salmon_price_factor: 0.8}"
    )
    variables = {
        "effort_plan": replace(VARIABLES["effort_plan"], dims=("Area",)),
        "district_share_of_effort": replace(VARIABLES["district_share_of_effort"], units="percent"),
        "sea_area_factors": Fake("sea area factors"),
        "salmon_price_factor": replace(
            VARIABLES["salmon_price_factor"], low=np.array(0.9), high=np.array(1.1)
        ),
    }
    with pytest.raises(InputError) as error:
        resolved(scenario, variables)
    assert {p.code: p.hint for p in error.value.problems} == {
        "other-ranges": "",
        "other-units": "",
        "unknown-variable": "did you mean 'sea_area_factors'?",
        "out-of-range": "",
    }


def test_the_models_own_limits_hold_too_and_name_the_line(loaded: Loaded) -> None:
    with pytest.raises(InputError) as error:
        resolved(loaded("levers:\n  district_share_of_effort: {2018: 0.3, 2030: 0.95}"))
    [problem] = error.value.problems
    assert (problem.line, problem.code) == (5, "out-of-range")
    assert "0.95, above the model's limit of 0.9" in problem.sentence


def test_a_range_with_other_elements_is_told(loaded: Loaded) -> None:
    subscripts = {**SUBSCRIPTS, "Area": ("ocean space", "bioeconomy")}
    with pytest.raises(InputError) as error:
        resolve(loaded("levers: {effort: {'*.*': 1}}"), VARIABLES, subscripts)
    assert "circular_economy" in error.value.problems[0].sentence


def test_every_bundled_path_is_flat_before_the_strategy() -> None:
    variables = {**VARIABLES, "district_share_of_effort": Fake("district share of effort")}
    for id_ in ("ocean_push", "bioeconomy_push", "districts_first"):
        paths = resolved(load(id_), variables).paths
        assert paths
        assert {path.times[0] for path in paths.values()} == {2018}
