"""Many members at once: what is refused, what is told of each, and that they are alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError
from sim.kernel import Reducer
from sim.run.model import Model, load_model

TEXT = """{UTF-8}
Place: here, there ~~|
people[Place] = INTEG(growth[Place] - leaving[Place], start[Place]) ~ person ~|
growth[Place] = people[Place] * rate ~~|
leaving[Place] = DELAY FIXED(people[Place] * share[Place], wait, 0) ~~|
start[Place] = 100, 50 ~~|
rate = 0.125 ~ 1/Year ~|
share[Place] = 0.02, 0.05 ~~|
wait = 2 ~ Year ~|
weakness = 1 ~~|
gap = 0.25 ~~|
left = weakness * (Time - 12) ~~|
strained = 1 / (left + gap) ~ ~ Divides by zero in year 12 where gap is 0. |
total = SUM(people[Place!]) + strained ~~|
noise = RANDOM UNIFORM(0, 1, 0) ~~|

INITIAL TIME = 0 ~~|
FINAL TIME = 20 ~ Year ~|
TIME STEP = 0.5 ~ Year ~|
SAVEPER = 1 ~ Year ~|
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("model") / "places.mdl"
    path.write_text(TEXT)
    return load_model(path)


@pytest.mark.parametrize("engine", ["fast", "numpy"])
def test_members_equal_single_runs(model: Model, engine: str) -> None:
    table = pd.DataFrame(
        {"rate": [0.1, 0.2, 0.05], "start[there]": [50.0, 70, 20], "share": [0.02, 0.0, 0.1]}
    )
    many = model.ensemble(table, ["people", "total"], engine=engine)
    assert many["people"].dims == ("time", "member", "place")
    assert many["people"].attrs["units"] == "person"
    for member, row in table.iterrows():
        settings = {str(name): float(value) for name, value in row.items()}
        alone = model.run(None, engine=engine, outputs=["people", "total"], settings=settings)
        one = many.sel(member=member)
        np.testing.assert_array_equal(one["people"], alone["people"])
        np.testing.assert_array_equal(one["total"], alone["total"])
    assert (many["status"] == 0).all()
    assert many["failed_at"].isnull().all()
    assert (many["failed_in"] == "").all()


@pytest.mark.parametrize("engine", ["fast", "numpy"])
def test_a_member_that_divides_by_zero_is_named_and_alone(model: Model, engine: str) -> None:
    """`left + gap` is zero in year 12 where gap is 0; the neighbours do not notice."""
    gaps = np.full(37, 0.25) + np.arange(37) / 64
    sound = model.ensemble(pd.DataFrame({"gap": gaps}), ["people", "total"], engine=engine)
    broken = gaps.copy()
    broken[[5, 20]] = 0.0
    ill = model.ensemble(pd.DataFrame({"gap": broken}), ["people", "total"], engine=engine)
    np.testing.assert_array_equal(np.flatnonzero(ill["status"]), [5, 20])
    np.testing.assert_array_equal(ill["failed_at"][[5, 20]], [12.0, 12.0])
    assert list(ill["failed_in"].to_numpy()[[5, 20]]) == ["strained", "strained"]
    others = np.delete(np.arange(37), [5, 20])
    for name in ("people", "total"):
        mine = ill[name].to_numpy()[:, others]
        assert mine.tobytes() == sound[name].to_numpy()[:, others].tobytes()
    # What the failed members were before, and that it is written as it is.
    assert np.isfinite(ill["total"].sel(time=11)).all()
    assert np.isinf(ill["total"].sel(time=12, member=5))


def test_order_threads_and_neighbours_change_no_bit(model: Model) -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"rate": rng.uniform(0, 0.2, 203), "gap": rng.uniform(0.1, 1, 203)})
    whole = model.ensemble(table, ["total"], threads=2)["total"].to_numpy()
    turned = model.ensemble(table[::-1], ["total"], threads=1)["total"].to_numpy()[:, ::-1]
    few = model.ensemble(table.iloc[100:103], ["total"])["total"].to_numpy()
    assert whole.tobytes() == np.ascontiguousarray(turned).tobytes()
    assert np.ascontiguousarray(whole[:, 100:103]).tobytes() == few.tobytes()


def test_every_mistake_in_a_table_is_told_at_once(model: Model) -> None:
    table = pd.DataFrame(
        {
            "raet": [0.1, 0.2],
            "rate": [0.1, np.nan],
            "share[nowhere]": [1, 2],
            "gap": ["a", "b"],
            "wait": [1.0, 2.0],
            "time_step": [0.5, 0.25],
            "people": [1.0, 2.0],
            "total": [1.0, 2.0],
            "start": [1.0, 2.0],
            "start[here]": [1.0, 2.0],
        }
    )
    with pytest.raises(InputError) as caught:
        model.ensemble(table, ["total"])
    codes = [problem.code for problem in caught.value.problems]
    assert codes == [
        "unknown-parameter",
        "not-finite",
        "unknown-subscript",
        "not-a-number",
        "structural",
        "not-a-constant",
        "not-a-constant",
        "not-a-constant",
        "column-twice",
    ]
    assert "did you mean 'rate'" in caught.value.problems[0].hint
    assert "row 1" in caught.value.problems[1].sentence


@pytest.mark.parametrize("table", [pd.DataFrame(), pd.DataFrame({"rate": []})])
def test_an_empty_table_is_refused(model: Model, table: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no members or no columns"):
        model.ensemble(table, ["total"])


def test_moments_and_what_all_members_share(model: Model) -> None:
    table = pd.DataFrame({"rate": [0.1, 0.2]}, index=["low", "high"])
    settings = {"wait": 4, "gap": {0: 1.0, 20: 3.0}, "final_time": 10}
    many = model.ensemble(table, ["total"], times=[0, 7.5, 10], settings=settings)
    assert list(many["time"].to_numpy()) == [0, 7.5, 10]
    assert list(many["member"].to_numpy()) == ["low", "high"]
    alone = model.run(
        None, engine="numpy", outputs=["total"], settings={**settings, "rate": 0.2, "saveper": 0.5}
    )
    np.testing.assert_allclose(
        many["total"].sel(member="high"), alone["total"].sel(time=[0, 7.5, 10]), rtol=1e-12
    )
    with pytest.raises(InputError, match="path"):
        model.ensemble(pd.DataFrame({"gap": [1.0]}), ["total"], settings=settings)
    with pytest.raises(InputError, match=r"7\.3"):
        model.ensemble(table, ["total"], times=[7.3])


def test_random_draws_hang_on_seed_and_row(model: Model) -> None:
    table = pd.DataFrame({"rate": [0.1] * 50})
    first = model.ensemble(table, ["noise"], seed=1)["noise"].to_numpy()
    again = model.ensemble(table.iloc[:20], ["noise"], seed=1)["noise"].to_numpy()
    other = model.ensemble(table, ["noise"], seed=2)["noise"].to_numpy()
    np.testing.assert_array_equal(first[:, :20], again)
    assert len(np.unique(first)) == first.size
    assert not np.isin(first, other).any()


def test_figures_in_place_of_trajectories(model: Model) -> None:
    table = pd.DataFrame({"rate": [0.1, 0.2, 0.15]})
    kept = model.ensemble(table, ["total"])["total"].to_numpy()
    reducers = [Reducer("last", "total"), Reducer("maximum", "total"), Reducer("minimum", "total")]
    few = model.ensemble(table, ["total"], reducers=reducers)
    assert "total" not in few
    want = np.stack([kept[-1], kept.max(axis=0), kept.min(axis=0)], axis=1)
    np.testing.assert_array_equal(few["reduced"], want)


def test_memory_of_the_caller_is_used(model: Model) -> None:
    table = pd.DataFrame({"rate": [0.1, 0.2, 0.15]})
    memory = np.zeros((21, 3, 3))
    many = model.ensemble(table, ["people", "total"], out=memory)
    assert np.shares_memory(many["people"].to_numpy(), memory)
    np.testing.assert_array_equal(many["total"], memory[:, :, 2])


def test_a_dict_of_columns_is_a_table(model: Model) -> None:
    columns = {"rate": [0.1, 0.2]}
    alike = model.ensemble(columns, ["people"])
    assert alike.identical(model.ensemble(pd.DataFrame(columns), ["people"]))
    with pytest.raises(InputError, match="no-table"):
        model.ensemble({"rate": [0.1, 0.2], "gap": [0.25]}, ["people"])
