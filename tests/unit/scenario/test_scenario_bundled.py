"""What lies in `scenarios/`: sound, told in both languages, and equal where it says so."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.project import SCENARIOS
from sim.scenario import bundled, catalogues, load
from sim.scenario.merge import cells
from sim.scenario.schema_files import texts

YEARS = np.arange(2008.0, 2051)


def test_the_schemas_agree_with_the_classes() -> None:
    """Renewed by `python -m sim.scenario.schema_files`."""
    lying = {path.name: path.read_text("utf-8") for path in (SCENARIOS / "schema").glob("*.json")}
    assert lying == texts()


@pytest.mark.parametrize("id_", bundled())
def test_a_bundled_scenario_is_whole(id_: str) -> None:
    scenario = load(id_)
    assert scenario.id == id_
    assert scenario.limits
    assert scenario.goals is not None
    for text in (scenario.name, scenario.story):
        assert text is not None
        assert text.en
        assert text.nb
    known = scenario.known
    assert {("effort", cell) for cell in cells(known.levers["effort"], known)} <= set(
        scenario.values
    )


def test_the_baseline_goes_on_with_todays_effort() -> None:
    """118 in money of 2024, told in money of 2015 by the price index (see baseline.yaml)."""
    index = 108.3 * 1.022 * 1.013 * 1.035 * 1.058 * 1.055 * 1.031
    spent = load("baseline").spending(YEARS)
    assert set(spent) == {88.4}
    assert round(118 / index * 100, 1) == 88.4


def test_the_pushes_and_districts_first_cost_the_same_in_every_year() -> None:
    spent = [load(id_).spending(YEARS) for id_ in ("ocean_push", "bioeconomy_push")]
    np.testing.assert_array_equal(spent[0], spent[1])
    np.testing.assert_array_equal(spent[0], load("districts_first").spending(YEARS))
    more = spent[0] - load("baseline").spending(YEARS)
    np.testing.assert_allclose(more[YEARS <= 2018], 0)
    np.testing.assert_allclose(more[YEARS >= 2022], 120)


@pytest.mark.parametrize(
    ("push", "area"), [("ocean_push", "ocean_space"), ("bioeconomy_push", "bioeconomy")]
)
def test_a_push_changes_its_own_area_only(push: str, area: str) -> None:
    base, pushed = load("baseline"), load(push)
    changed = {
        key
        for key, value in pushed.values.items()
        if not np.array_equal(value.path.at(YEARS), base.values[key].path.at(YEARS))
    }
    assert changed
    assert {cell[1] for _, cell in changed} == {area}


def test_the_slump_hits_the_push_as_it_hits_the_baseline() -> None:
    price = ("salmon_price_factor", ())
    alone, both = load("salmon_slump"), load("ocean_push_salmon_slump")
    years = np.array([2026.0, 2027, 2030, 2033])
    assert alone.values[price].path.at(years).tolist() == [1, 0.6, 0.6, 1]
    np.testing.assert_array_equal(
        both.values[price].path.at(YEARS), alone.values[price].path.at(YEARS)
    )
    np.testing.assert_array_equal(both.spending(YEARS), load("ocean_push").spending(YEARS))


def test_every_id_means_one_thing() -> None:
    known = catalogues()
    ids = [*bundled(), *known.levers, *known.external, *known.outcomes, *known.goals]
    assert len(ids) == len(set(ids))


def test_catalogues_are_told_in_both_languages() -> None:
    known = catalogues()
    handles = [*known.levers.values(), *known.external.values()]
    texts = [text for handle in handles for text in (handle.name, handle.sentence)]
    texts += [lever.owner for lever in known.levers.values()]
    texts += [text for o in known.outcomes.values() for text in (o.name, o.unit)]
    for goals in known.goals.values():
        for goal in goals.goals.values():
            texts += [goal.sentence, goal.indicator]
            texts += [goal.target.unit, goal.target.set_by] if goal.target else []
    assert all(text.en and text.nb for text in texts)


def test_a_goal_names_an_area_that_exists() -> None:
    areas = {"all", *catalogues().ranges["area"]}
    assert {g.area for s in catalogues().goals.values() for g in s.goals.values()} <= areas


def test_the_words_of_reports_and_catalogues_agree() -> None:
    with (SCENARIOS / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ids = {kind: {row["id"] for row in rows if row["kind"] == kind} for kind in ("tool", "area")}
    assert ids == {kind: set(catalogues().ranges[kind]) for kind in ids}


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(InputError) as error:
        load("ocean_pus")
    assert error.value.problems[0].hint == "did you mean 'ocean_push'?"


def test_the_example_in_the_readme_is_sound(tmp_path: Path) -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", (SCENARIOS / "README.md").read_text("utf-8"), re.S)
    file = tmp_path / "my_push.yaml"
    file.write_text(example, encoding="utf-8")
    assert load(file).layers == ("baseline", "my_push")
