import numpy as np
import pandas as pd
import pytest
import xarray as xr

import sim
from sim.errors import InputError
from sim.path import Path as Course
from sim.run.single import answer


def codes(ask) -> list[str]:
    with pytest.raises(InputError) as caught:
        ask()
    return [each.code for each in caught.value.problems]


@pytest.mark.parametrize("engine", ["pysd", "fast"])
def test_a_run_is_labelled_with_names_units_and_what_it_depends_on(model, engine):
    run = model.run(engine=engine)
    assert run["people"].dims == ("time", "region")
    assert run["region"].values.tolist() == ["Trondheim region", "Fosen ø"]
    assert run["time"].values.tolist() == [2008, 2009, 2010, 2011, 2012]
    assert run["people"].attrs == {
        "units": "person",
        "long_name": "People",
        "vensim_name": "people",
        "description": "All who live here.",
    }
    np.testing.assert_allclose(run["people"].values[-1], 100 * np.array([1.05, 1.1]) ** 8)
    assert run.attrs["engine"] == engine
    assert run.attrs["step"] == 0.5
    assert run.attrs["scenario"] == ""
    assert "birth_rate" not in run


def test_only_what_is_asked_for_is_saved_constants_too(model):
    run = model.run(outputs=["all people", "birth_rate"])
    assert list(run.data_vars) == ["all_people", "birth_rate"]
    assert run["birth_rate"].dims == ("time", "region")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"birth rate": 0.5}, [[0.5, 0.5]] * 5),
        ({"birth_rate": [0.5, 0.25]}, [[0.5, 0.25]] * 5),
        ({"birth rate[Fosen ø]": 0.5}, [[0.1, 0.5]] * 5),
        ({"birth_rate[fosen_ø]": 0.5, "birth_rate[trondheim_region]": 0}, [[0, 0.5]] * 5),
        ({"birth_rate": 0.3, "birth_rate[fosen_ø]": 0.5}, [[0.3, 0.5]] * 5),
        ({"birth_rate[fosen_ø]": 0.5, "birth_rate": 0.3}, [[0.3, 0.3]] * 5),
        ({"birth_rate": {2009: 0.2, 2011: 0.4}}, [[v, v] for v in (0.2, 0.2, 0.3, 0.4, 0.4)]),
        (
            {"birth_rate[fosen_ø]": pd.Series([0.2, 0.4], index=[2009, 2011])},
            [[0.1, v] for v in (0.2, 0.2, 0.3, 0.4, 0.4)],
        ),
        (
            {"birth_rate": Course(np.array([2008.0, 2010.0]), np.array([[1.0, 2], [3, 4]]), True)},
            [[1, 2], [1, 2], [3, 4], [3, 4], [3, 4]],
        ),
        (
            {"birth_rate": {2008: [1, 2], 2010: [3, 4]}, "birth_rate[fosen_ø]": 9},
            [[1, 9], [2, 9], [3, 9], [3, 9], [3, 9]],
        ),
    ],
)
@pytest.mark.parametrize("engine", ["pysd", "fast"])
def test_settings_are_numbers_arrays_elements_and_paths(model, engine, settings, expected):
    run = model.run(engine=engine, settings=settings, outputs=["birth_rate"])
    np.testing.assert_allclose(run["birth_rate"].values, expected, rtol=1e-14)


def test_an_element_of_a_two_dimensional_array_is_found(model):
    run = model.run(settings={"effort[ocean_space, Trondheim region]": 30}, outputs=["spent"])
    assert run["spent"].values.tolist() == [37] * 5


def test_time_bounds_are_settings_too(model):
    run = model.run(settings={"time_step": 0.25, "FINAL TIME": 2010, "saveper": 0.5})
    assert run["time"].values.tolist() == [2008, 2008.5, 2009, 2009.5, 2010]
    assert run.attrs["step"] == 0.25


def test_everything_wrong_with_settings_is_said_at_once(model):
    settings = {
        "brith rate": 1,
        "birth_rate[Fosn]": 1,
        "birth_rate[a,b]": 1,
        "birth_rate": [1, 2, 3],
        "people": 1,
        "curve": 1,
        "spent[x]": 1,
        "shock": "much",
        "effort": np.nan,
        "all_people": {2010: 1, 2009: 2},
        "time_step": {2010: 1},
    }
    assert codes(lambda: model.run(settings=settings)) == [
        "unknown-name",
        "unknown-subscript",
        "subscript-count",
        "shape",
        "not-settable",
        "not-settable",
        "subscript-count",
        "not-a-number",
        "not-finite",
        "path-times",
        "not-settable",
    ]
    with pytest.raises(InputError) as caught:
        model.run(settings=settings)
    hints = [each.hint for each in caught.value.problems[:2]]
    assert hints == ["did you mean 'birth_rate'?", "did you mean 'fosen_ø'?"]


def test_unknown_outputs_and_engines_are_said(model):
    assert codes(lambda: model.run(outputs=["poeple", "nothing"])) == ["unknown-name"] * 2
    assert codes(lambda: model.run(outputs=["curve"])) == ["lookup-output"]
    assert codes(lambda: model.run(engine="psyd")) == ["unknown-engine"]


def test_equal_inputs_have_equal_digests_and_others_have_not(model):
    digests = [
        model.inputs(None, settings)[0].digest
        for settings in (
            {"birth_rate": [0.5, 0.5], "spent": 1},
            {"spent": 1.0, "birth rate": 0.5},
            {"birth_rate": 0.5, "spent": 2},
            {"birth_rate": {2008: 0.5}, "spent": 1},
        )
    ]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_two_runs_are_the_same_bytes(model, tmp_path):
    files = []
    for place in ("one", "two"):
        for engine in ("pysd", "fast"):
            folder = answer(model, engine=engine, runs=tmp_path / place).folder
            files.append((folder / "outputs.nc").read_bytes())
    assert files[:2] == files[2:]


def test_a_question_asked_before_is_answered_from_disk(model, tmp_path):
    said: list[str] = []
    ask = {"settings": {"birth_rate": 0.3}, "runs": tmp_path, "say": said.append}
    first, second = answer(model, **ask), answer(model, **ask)
    assert (first.asked_before, second.asked_before) == (False, True)
    xr.testing.assert_identical(first.dataset, second.dataset)
    assert said == ["text: running"]
    other = answer(model, settings={"birth_rate": 0.4}, runs=tmp_path)
    assert other.folder != first.folder


def test_a_damaged_run_is_said_and_made_again(model, tmp_path):
    said: list[str] = []
    first = answer(model, runs=tmp_path)
    (first.folder / "outputs.nc").write_bytes(b"damaged")
    again = answer(model, runs=tmp_path, say=said.append)
    assert not again.asked_before
    assert "is damaged" in said[0]
    xr.testing.assert_identical(first.dataset, again.dataset)


def test_the_model_is_loaded_by_its_public_name(path):
    model = sim.load_model(str(path))
    assert isinstance(model, sim.Model)
    assert model.subscripts["Tool"] == ("research", "ocean space")
    assert len(model.hash) == 64
    with pytest.raises(AttributeError):
        _ = sim.nothing_of_the_sort


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"time_step": 0}, "'TIME STEP' is 0; it must be above 0"),
        ({"time_step": -1}, "'TIME STEP' is -1; it must be above 0"),
        ({"saveper": 0}, "'SAVEPER' is 0; it must be above 0"),
        ({"final_time": 2007}, "'FINAL TIME' is 2007, before the initial time 2008"),
        ({"time_step": 1e-9}, "'TIME STEP' is 1e-09, which makes more than 10,000,000 steps"),
    ],
)
def test_bounds_that_would_never_end_are_refused(model, settings, said):
    with pytest.raises(InputError) as caught:
        model.run(settings=settings)
    assert [each.sentence for each in caught.value.problems] == [said]


def test_bounds_of_the_text_are_refused_with_their_line(path, tmp_path):
    other = tmp_path / "other.mdl"
    other.write_text(path.read_text(encoding="utf-8").replace("= 0.5 ~", "= 0 ~"))
    with pytest.raises(InputError) as caught:
        sim.load_model(other).run()
    assert [(each.code, each.line) for each in caught.value.problems] == [("time-bounds", 12)]
