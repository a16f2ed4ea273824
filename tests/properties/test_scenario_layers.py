"""Laying layers is a fold: how the line is cut does not matter."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.path import added, scaled, through
from sim.scenario.catalogues import catalogues
from sim.scenario.document import parse
from sim.scenario.merge import Layer, Value, Written, applied
from sim.scenario.schema import Change, ScenarioFile

KNOWN = catalogues()
LAYER = Layer(
    parse("levers: 1", "f.yaml"),
    ScenarioFile.model_validate({"schema": "scenario/1", "id": "x", "name": {"en": "x"}}),
)
KEYS = [("sea_area_factor", ()), ("permit_growth_factor", ()), ("effort", ("research", "a"))]
NUMBERS = st.integers(-8, 8).map(float)  # sums and products of these are exact
CHANGES = st.one_of(
    NUMBERS,
    NUMBERS.map(lambda value: Change(set=value)),
    NUMBERS.map(lambda value: Change(add=value)),
    NUMBERS.map(lambda value: Change(scale=value)),
)
LAYERS = st.lists(st.dictionaries(st.sampled_from(KEYS), CHANGES), min_size=1, max_size=6)
YEARS = np.arange(2008.0, 2051)


def laid(
    values: dict[tuple[str, tuple[str, ...]], Value], layers: list[dict[object, object]]
) -> dict[tuple[str, tuple[str, ...]], Value]:
    for changes in layers:
        written = {key: Written(entry, ("levers",)) for key, entry in changes.items()}  # type: ignore[arg-type]
        values, problems = applied(values, written, LAYER, KNOWN)  # type: ignore[arg-type]
        assert not problems
    return values


@settings(deadline=None)
@given(LAYERS, st.integers(0, 6))
def test_a_line_laid_in_two_goes_is_the_line_laid_in_one(
    layers: list[dict[object, object]], cut: int
) -> None:
    whole = laid({}, layers)
    parts = laid(laid({}, layers[:cut]), layers[cut:])
    assert whole.keys() == parts.keys()
    for key, value in whole.items():
        np.testing.assert_array_equal(value.path.at(YEARS), parts[key].path.at(YEARS))


@settings(deadline=None)
@given(LAYERS)
def test_what_is_set_forgets_what_was_before(layers: list[dict[object, object]]) -> None:
    values = laid({}, [*layers, dict.fromkeys(KEYS, 3.0)])
    assert {float(value.path.values[0]) for value in values.values()} == {3.0}
    assert {len(value.origins) for value in values.values()} == {1}


@settings(deadline=None)
@given(LAYERS)
def test_adding_nothing_and_scaling_by_one_change_nothing(
    layers: list[dict[object, object]],
) -> None:
    values = laid({}, layers)
    for same in (Change(add=0.0), Change(scale=1.0)):
        again = laid(values, [dict.fromkeys(values, same)])
        for key, value in values.items():
            np.testing.assert_array_equal(value.path.at(YEARS), again[key].path.at(YEARS))


KNOTS = st.dictionaries(st.integers(2008, 2050), NUMBERS, min_size=1, max_size=6)


@settings(deadline=None)
@given(st.lists(KNOTS, min_size=3, max_size=3), st.booleans())
def test_sums_and_products_hold_in_every_year(knots: list[dict[int, float]], step: bool) -> None:
    one, two, three = (through(sorted(each.items()), step=step) for each in knots)
    first, second = one.at(YEARS), two.at(YEARS)
    np.testing.assert_allclose(added(one, two).at(YEARS), first + second, atol=1e-9)
    np.testing.assert_allclose(scaled(one, two).at(YEARS), first * second, atol=1e-9)
    left, right = added(added(one, two), three), added(one, added(two, three))
    np.testing.assert_allclose(left.at(YEARS), right.at(YEARS), atol=1e-9)
